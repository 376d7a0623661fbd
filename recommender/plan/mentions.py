"""Where a text names a programme: exactly, by an alias, or misspelt.

The longest name wins, so `Read Well Kindergarten` is not `Read Well`; names that profiles list as
not to be confused with are known too, and lead to no practice.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recommender.index.catalogue import Card
from recommender.plan.expansions import expansion, is_known
from recommender.plan.extensions import extension
from recommender.plan.known_names import (
    TOKEN,
    TRIVIAL,
    KnownName,
    Token,
    joined,
    known_names,
    spelt_words,
    tokens_of,
    unmarked,
    variants,
)
from recommender.plan.misspellings import NearNames, wrong_words

# Shorter names are too often other words with a letter changed.
MIN_MISSPELT_LETTERS = 9
# Abbreviations up to this length stand for several things in schools (RR, TRI, CIS).
SHORT_ABBREVIATION = 3
# An ordinary word in capitals of at least this many letters is a name, such as ROOTS.
MIN_CAPITALS = 5
# A word in small letters of at least this many, used nowhere as a word, is a name: emints.
MIN_SMALL = 6
# A name of so many words is itself with a comma too: Building Assets, Reducing Risks.
MIN_WORDS_WITH_COMMA = 4
_SIGNS = ",;:.()/\n"
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]?")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names something known."""

    start: int
    end: int
    name: str
    """The name as the WWC or the profile has it."""
    practice_ids: tuple[str, ...]
    """Empty for a name that is known to be another product."""
    faults: int = 0
    """Wrong letters."""
    is_weak: bool = False
    """Not enough alone: a short or ambiguous abbreviation, or words of every day."""
    is_ambiguous: bool = False
    """It stands for several things; the text around must be about the programme."""
    is_generic: bool = False
    """Never enough: words of every day, whoever uses them."""
    is_capitalised: bool = True
    is_real_word: bool = False
    """A misspelling that is a word of its own, such as `Forward` for `ForWord`."""
    extension: str | None = None
    """A capitalised word that goes on with the name, as in `X Observation Survey`."""


class NameTable:
    """All names of interventions, their aliases, and the names confused with them."""

    def __init__(
        self,
        cards: Sequence[Card],
        ambiguous: Collection[str],
        known_words: Collection[str],
        generic: Collection[str] = (),
    ) -> None:
        self._known_words = known_words
        self._generic = generic
        self._names = known_names(cards, ambiguous)
        self._compact = {"".join(words): name for words, name in self._names.items()}
        self._beginnings = {key[:n] for key in self._compact for n in range(1, len(key) + 1)}
        self._long = {
            spelt_words(name): name
            for words, name in self._names.items()
            if len("".join(words)) >= MIN_MISSPELT_LETTERS and not name.is_abbreviation
        }
        self._near = NearNames(self._long)
        self._shown = _names_by_practice(self._names.values())
        self._variants = variants(self._names, known_words)
        self._longest = max(map(len, self._names), default=0)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the names in a text, in order, none inside another."""
        tokens = tokens_of(text)
        found = [*self._exact(text, tokens), *self._misspelt(text, tokens)]
        found.sort(key=lambda m: (m.is_weak, m.start - m.end, m.faults, m.start, m.name))
        kept: list[Mention] = []
        for mention in found:
            if all(mention.end <= k.start or mention.start >= k.end for k in kept):
                kept.append(mention)
        kept.sort(key=lambda m: m.start)
        return tuple(_with_neighbour(text, kept, i) for i in range(len(kept)))

    def _exact(self, text: str, tokens: Sequence[Token]) -> Iterable[Mention]:
        lower = [token[0].lower() for token in tokens]
        for first in range(len(tokens)):
            said = ""
            for last in range(first, min(len(tokens), first + self._longest + 2)):
                said += lower[last]
                if said not in self._beginnings:
                    break
                name = self._names.get(tuple(lower[first : last + 1])) or self._compact.get(said)
                if name and (mention := self._judge(text, tokens, first, last, name)):
                    yield mention

    def _judge(
        self, text: str, tokens: Sequence[Token], first: int, last: int, name: KnownName
    ) -> Mention | None:
        start, end = tokens[first][1], tokens[last][2]
        said = text[start:end]
        capitals = _is_capitalised(said, name.shown)
        if _is_broken(said, name.shown) or not (capitals or self._may_be_small(name)):
            return None
        ambiguous = (
            name.is_listed
            or (name.is_abbreviation and len("".join(name.words)) <= SHORT_ABBREVIATION)
            or self._is_plain_word(name)
            or self._is_generic(name)
        )
        return Mention(
            start=start,
            end=end,
            name=name.shown,
            practice_ids=self._practices(name),
            is_weak=ambiguous or not capitals,
            is_ambiguous=ambiguous,
            is_generic=self._is_generic(name),
            is_capitalised=capitals,
            extension=self._other(text, start, end, name),
        )

    def _is_generic(self, name: KnownName) -> bool:
        return " ".join(name.words) in self._generic

    def _practices(self, name: KnownName) -> tuple[str, ...]:
        """Return whose name it is, with those whose longer names it may stand for."""
        if not name.practice_ids:
            return ()
        return tuple(sorted({*name.practice_ids, *self._variants.get(name.words, ())}))

    def _other(self, text: str, start: int, end: int, name: KnownName) -> str | None:
        """Return the words that make it another product's name, beside it or spelling it out."""
        said = expansion(text, start, end) if name.is_abbreviation else None
        own = [shown for i in name.practice_ids for shown in self._shown[i]]
        if said and own and not is_known(said, own):
            return said
        return extension(text, start, end)

    def _may_be_small(self, name: KnownName) -> bool:
        """Tell whether the name may stand in small letters: not if it is one word of every day."""
        word = name.words[0]
        return len(name.words) > 1 or (len(word) >= MIN_SMALL and word not in self._known_words)

    def _is_plain_word(self, name: KnownName) -> bool:
        """One word that texts also use in small letters, such as MORE or Add."""
        if len(name.words) > 1 or name.words[0] not in self._known_words:
            return False
        return name.shown != name.shown.upper() or len(name.shown) < MIN_CAPITALS

    def _misspelt(self, text: str, tokens: Sequence[Token]) -> Iterable[Mention]:
        spelt = joined(text, tokens)
        for near in self._near.find([token[0].lower() for token in spelt]):
            part = spelt[near.first : near.first + len(near.words)]
            name = self._long[near.words]
            if not _is_broken(text[part[0][1] : part[-1][2]], name.shown):
                yield self._misspelling(text, part, name, near.faults)

    def _misspelling(
        self, text: str, part: Sequence[Token], name: KnownName, faults: int
    ) -> Mention:
        wrong = wrong_words([token[0].lower() for token in part], spelt_words(name))
        said = text[part[0][1] : part[-1][2]]
        return Mention(
            start=part[0][1],
            end=part[-1][2],
            name=name.shown,
            practice_ids=self._practices(name),
            faults=faults,
            is_weak=name.is_listed or self._is_generic(name),
            is_ambiguous=name.is_listed,
            is_generic=self._is_generic(name),
            is_capitalised=said[:1].isupper(),
            is_real_word=any(word in self._known_words for word in wrong),
            extension=extension(text, part[0][1], part[-1][2]),
        )


def _names_by_practice(names: Iterable[KnownName]) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        for practice_id in name.practice_ids:
            found[practice_id].append(name.shown)
    return found


def _is_capitalised(said: str, shown: str) -> bool:
    """Capitals where the name has them; a heading's capitals are as good."""
    said_words, name_words = TOKEN.findall(said), TOKEN.findall(unmarked(shown))
    telling = [w for w in name_words if w.lower() not in TRIVIAL] or name_words
    initials = "".join(telling)
    # A.D.D., ADD program: "Add" is a word.
    if initials.isupper() and (len(telling) == 1 or max(map(len, telling)) == 1):
        return initials in "".join(said_words)
    if said == shown and any(w[1:] != w[1:].lower() for w in shown.split()):
        return True  # i-Ready, eMINTS
    capitals = sum(w[0].isupper() for w in name_words)
    free = TRIVIAL
    if capitals > 1 and len(said_words) == len(name_words):
        free = TRIVIAL | {w for w in name_words if w.islower()}
    needed = [w for w in said_words if w.lower() not in free]
    return bool(needed) and all(not w[0].islower() for w in needed)


def _is_broken(said: str, shown: str) -> bool:
    """Tell whether a sign that the name does not hold parts its words."""
    if _INITIALS.fullmatch(said):
        return False
    signs = _SIGNS if len(TOKEN.findall(shown)) < MIN_WORDS_WITH_COMMA else _SIGNS.replace(",", "")
    return any(sign in said and sign not in shown for sign in signs)


def _with_neighbour(text: str, kept: Sequence[Mention], number: int) -> Mention:
    """Two names in one breath are perhaps a third product; two names of one programme are not."""
    mention = kept[number]
    for other in kept:
        gap = text[mention.end : other.start] or text[other.end : mention.start]
        if other is mention or gap != " ":
            continue
        if set(other.practice_ids) & set(mention.practice_ids):
            return replace(mention, extension=None)
        if not mention.extension:
            return replace(mention, extension=other.name)
    return mention
