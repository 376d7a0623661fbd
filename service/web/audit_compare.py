"""This year's plan beside last year's: strategies continued, revised, dropped, new.

Two strategies belong together by the likeness of their words, or because the software linked them
to the same practice. A pair of nearly the same words is continued, any other pair revised.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz import fuzz, process

from service.store.audit_records import ReviewItem
from service.web.audit_words import VERDICT_WORDS
from service.web.marking import Piece

# Likeness of words, 0 to 100. A changed number or comma leaves about 97. Of 20,000 random pairs of
# the made-up strategies in corpus/judgments, two had more than 55; rewritten ones had 59 to 77.
SAME = 95.0
ALIKE = 58.0
# With the same practice behind both, words may differ as much as any two strategies do.
ALIKE_WITH_PRACTICE = 30.0
PRACTICE_BONUS = 20.0
_PART = re.compile(r"\s*\S+\s*")


class Fate(StrEnum):
    """What became of a strategy."""

    CONTINUED = "continued"
    REVISED = "revised"
    DROPPED = "dropped"
    NEW = "new"


FATE_WORDS = {
    Fate.CONTINUED: "Continued",
    Fate.REVISED: "Revised",
    Fate.DROPPED: "Dropped",
    Fate.NEW: "New",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One year's strategy."""

    strategy_id: str
    pieces: tuple[Piece, ...] = field(metadata={"help": "words, those of one year only marked"})
    verdict: str
    practice: str | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A strategy of last year, of this year, or both."""

    fate: Fate
    words: str = field(metadata={"help": "its fate in words"})
    why: str = field(metadata={"help": "why the two belong together"})
    last: Side | None
    this: Side | None


def compare(last: Sequence[ReviewItem], this: Sequence[ReviewItem]) -> tuple[Pair, ...]:
    """Return every strategy of both years once, in this year's order, dropped ones last."""
    partner = dict(_match(last, this))
    pairs = [
        _pair(last[partner[n]], item) if n in partner else _new(item) for n, item in enumerate(this)
    ]
    kept = set(partner.values())
    return (*pairs, *(_dropped(item) for n, item in enumerate(last) if n not in kept))


def _match(last: Sequence[ReviewItem], this: Sequence[ReviewItem]) -> Iterator[tuple[int, int]]:
    """Yield pairs of places, the likest first; each place once."""
    if not last or not this:
        return
    likeness = process.cdist(
        [plain(one.text) for one in this], [plain(one.text) for one in last],
        scorer=fuzz.ratio,
    )  # fmt: skip
    candidates = []
    for n, mine in enumerate(this):
        for m, other in enumerate(last):
            value = float(likeness[n, m])
            same = _same_practice(mine, other)
            if value >= (ALIKE_WITH_PRACTICE if same else ALIKE):
                candidates.append((-value - PRACTICE_BONUS * same, n, m))
    free_this, free_last = set(range(len(this))), set(range(len(last)))
    for _, n, m in sorted(candidates):
        if n in free_this and m in free_last:
            free_this.discard(n)
            free_last.discard(m)
            yield n, m


def plain(text: str) -> str:
    """Return the words of a text as they are compared: small letters, no marks."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _same_practice(one: ReviewItem, other: ReviewItem) -> bool:
    return one.practice_id is not None and one.practice_id == other.practice_id


def _pair(last: ReviewItem, this: ReviewItem) -> Pair:
    value = fuzz.ratio(plain(last.text), plain(this.text))
    fate = Fate.CONTINUED if value >= SAME else Fate.REVISED
    before, after = _differences(last.text, this.text)
    why = "the same words" if value == 100 else f"{value:.0f} of 100 alike in words"
    if _same_practice(last, this):
        why += ", linked to the same practice"
    return Pair(fate, FATE_WORDS[fate], why, _side(last, before), _side(this, after))


def _new(item: ReviewItem) -> Pair:
    return Pair(Fate.NEW, FATE_WORDS[Fate.NEW], "nothing like it last year", None, _side(item))


def _dropped(item: ReviewItem) -> Pair:
    words = FATE_WORDS[Fate.DROPPED]
    return Pair(Fate.DROPPED, words, "nothing like it this year", _side(item), None)


def _side(item: ReviewItem, pieces: tuple[Piece, ...] | None = None) -> Side:
    return Side(
        item.strategy_id,
        pieces or (Piece(item.text, False),),
        VERDICT_WORDS[item.verdict],
        item.practice_name,
    )


def _differences(before: str, after: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Split both texts into words of both years and words of one year only."""
    old, new = _PART.findall(before), _PART.findall(after)
    matcher = SequenceMatcher(
        None, [plain(word) for word in old], [plain(word) for word in new], autojunk=False
    )
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        is_marked = tag != "equal"
        if b > a:
            left.append(Piece("".join(old[a:b]), is_marked))
        if d > c:
            right.append(Piece("".join(new[c:d]), is_marked))
    return tuple(left), tuple(right)
