"""The names by which programmes are known, and those of products confused with them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import BadCorpus
from recommender.index.catalogue import Card
from recommender.index.documents import plain_name

AMBIGUOUS, GENERIC = "ambiguous_aliases.txt", "generic_names.txt"

TOKEN = re.compile(r"[A-Za-z0-9]+")
_MARKS = re.compile(r"[®™©]|['’](?=s\b)|(?<=\w)['’](?=\w)")
_SPLIT_NAME = re.compile(
    r"^(?P<long>.{4,}?)\s*\((?P<short>[^()]{2,30})\)\s*(?:program|model)?$", re.I
)
TRIVIAL = frozenset(
    "a an the of for in on to and at by with program programme model la el los las de y".split()  # noqa: SIM905
)

Token = tuple[str, int, int]  # with its start and end in the text


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name with the practices it leads to; none for another product's name."""

    words: tuple[str, ...]
    shown: str
    practice_ids: tuple[str, ...]
    is_abbreviation: bool
    is_listed: bool


def known_names(
    cards: Sequence[Card], ambiguous: Collection[str]
) -> dict[tuple[str, ...], KnownName]:
    """Return all names by their words."""
    named: dict[tuple[str, ...], list[tuple[str, str | None]]] = defaultdict(list)
    for card in cards:
        for shown in dict.fromkeys(_names(card)):
            named[words_of(shown)].append((shown, card.practice.practice_id))
    _prefer_own_names(named, cards)
    for shown in sorted({n for c in cards for n in _confused(c)}):
        if words_of(shown) not in named:
            named[words_of(shown)].append((shown, None))
    return {
        words: _name(words, entries, ambiguous)
        for words, entries in named.items()
        if not "".join(words).isdecimal()
    }


def _names(card: Card) -> Iterable[str]:
    if card.practice.guide is not None:
        return
    aliases = card.profile.aliases if card.profile else ()
    own = (card.profile.name,) if card.profile else ()
    for name in (plain_name(card.practice.name), *own, *aliases):
        yield name
        if split := _SPLIT_NAME.match(name):
            yield from (split["long"], split["short"])


def _prefer_own_names(
    named: dict[tuple[str, ...], list[tuple[str, str | None]]], cards: Sequence[Card]
) -> None:
    """A name goes to the practice that has it whole, then without its bracket, then as an alias."""
    whole: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
    long: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
    for card in cards:
        name = plain_name(card.practice.name)
        whole[words_of(name)].add(card.practice.practice_id)
        if split := _SPLIT_NAME.match(name):
            long[words_of(split["long"])].add(card.practice.practice_id)
    for words, entries in named.items():
        if owners := whole.get(words) or long.get(words):
            named[words] = [entry for entry in entries if entry[1] in owners]


def _confused(card: Card) -> Iterable[str]:
    """Names of other products that are written like names: more than half begin with a capital."""
    for entry in card.profile.not_to_be_confused_with if card.profile else ():
        plain = re.sub(r"\s*\([^)]*\)", "", entry)
        parts = [w for w in plain.split() if w.lower() not in TRIVIAL]
        if parts and all(not w[0].islower() for w in parts) and len(plain) > 5:
            yield plain


def _name(
    words: tuple[str, ...], entries: Sequence[tuple[str, str | None]], ambiguous: Collection[str]
) -> KnownName:
    shown = entries[0][0]
    ids = tuple(sorted({practice for _, practice in entries if practice is not None}))
    is_abbreviation = len(words) <= 2 and len("".join(words)) <= 6 and shown == shown.upper()
    return KnownName(words, shown, ids, is_abbreviation, " ".join(words) in ambiguous)


def variants(
    names: Mapping[tuple[str, ...], KnownName], known_words: Collection[str]
) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return listed names, abbreviations and single words that other programmes' names go on from.

    With each the practices of those others: a plan may mean any of them.
    """
    longer: dict[tuple[str, ...], list[KnownName]] = defaultdict(list)
    for words, name in names.items():
        for length in range(1, len(words)):
            longer[words[:length]].append(name)
    return {
        words: tuple(sorted(others))
        for words, name in names.items()
        if (name.is_abbreviation or name.is_listed or _is_word(words, known_words))
        and (others := _going_on(name, longer[words]))
    }


def _going_on(name: KnownName, longer: Iterable[KnownName]) -> set[str]:
    """Return the other practices; `Self-monitoring` does not go on from `SELF`."""
    written = [other for other in longer if other.shown.startswith(name.shown)]
    own = longer if not name.is_abbreviation else written
    return {i for other in own for i in other.practice_ids} - set(name.practice_ids)


def _is_word(words: tuple[str, ...], known_words: Collection[str]) -> bool:
    return len(words) == 1 and words[0] in known_words


def tokens_of(text: str) -> list[Token]:
    """Return the words of a text with their places; `and` is as often written `&`."""
    found = [(m[0], m.start(), m.end()) for m in TOKEN.finditer(unmarked(text))]
    return [token for token in found if token[0].lower() != "and"]


def joined(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Return tokens with an s after an apostrophe joined to its word: writers forget the sign."""
    found: list[Token] = []
    for word, start, end in tokens:
        if found and word == "s" and text[found[-1][2] : start] in ("'", "’"):
            before, low, _ = found.pop()
            word, start = before + word, low
        found.append((word, start, end))
    return found


def spelt_words(name: KnownName) -> tuple[str, ...]:
    """Return the words of a name in small letters, each with its s after an apostrophe."""
    return tuple(t[0].lower() for t in joined(name.shown, tokens_of(name.shown)))


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in small letters."""
    return tuple(token[0].lower() for token in tokens_of(name))


def unmarked(text: str) -> str:
    """Blank marks and apostrophes; the length stays, so places in the text stay right."""
    return _MARKS.sub(" ", text).replace("’", "'")


@dataclass(frozen=True, slots=True)
class NameLists:
    """Names that say less than others, in small letters without marks."""

    ambiguous: frozenset[str]
    """They stand for several things in schools."""
    generic: frozenset[str]
    """They are words of every day."""

    @classmethod
    def read(cls, corpus: Path) -> "NameLists":
        """Read the lists of a corpus folder.

        Raises:
            BadCorpus: a list is missing.
        """
        return cls(_read_list(corpus / AMBIGUOUS), _read_list(corpus / GENERIC))


def _read_list(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise BadCorpus(f"{path}: {error.strerror}") from None
    return frozenset(" ".join(words_of(n)) for n in lines if n and not n.startswith("#"))
