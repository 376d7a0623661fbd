"""Where a text names a programme: exactly, by an alias, or misspelt.

The longest name wins, so `Read Well Kindergarten` is not `Read Well`; names that profiles list as
not to be confused with are known too, and lead to no practice.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from recommender.index.catalogue import Card
from recommender.index.documents import plain_name
from recommender.plan.extensions import extension
from recommender.plan.misspellings import NearNames

# Shorter names are too often other words with a letter changed.
MIN_MISSPELT_LETTERS = 9
# Abbreviations up to this length stand for several things in schools (RR, TRI, CIS).
SHORT_ABBREVIATION = 3
# An ordinary word in capitals of at least this many letters is a name, such as ROOTS.
MIN_CAPITALS = 5

_TOKEN = re.compile(r"[A-Za-z0-9]+")
_MARKS = re.compile(r"[®™©]|['’](?=s\b)|(?<=\w)['’](?=\w)")
_SPLIT_NAME = re.compile(
    r"^(?P<long>.{4,}?)\s*\((?P<short>[^()]{2,30})\)\s*(?:program|model)?$", re.I
)
_TRIVIAL = frozenset("a an the of for in on to and at by with program programme model".split())  # noqa: SIM905


_Token = tuple[str, int, int]  # with its start and end in the text


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
    """Never enough: the words around may speak of something else just as well."""
    is_capitalised: bool = True
    is_real_word: bool = False
    """A misspelling that is a word of its own, such as `Forward` for `ForWord`."""
    extension: str | None = None
    """A capitalised word that goes on with the name, as in `X Observation Survey`."""


@dataclass(frozen=True, slots=True)
class _Name:
    words: tuple[str, ...]
    shown: str
    practice_ids: tuple[str, ...]
    is_abbreviation: bool
    is_listed: bool


class NameTable:
    """All names of interventions, their aliases, and the names confused with them."""

    def __init__(
        self, cards: Sequence[Card], ambiguous: Collection[str], known_words: Collection[str]
    ) -> None:
        self._known_words = known_words
        named: dict[tuple[str, ...], list[tuple[str, str | None]]] = defaultdict(list)
        for card in cards:
            for shown in dict.fromkeys(_names(card)):
                named[_words(shown)].append((shown, card.practice.practice_id))
        _prefer_own_names(named, cards)
        for shown in sorted({n for c in cards for n in _confused(c)}):
            if _words(shown) not in named:
                named[_words(shown)].append((shown, None))
        self._names = {
            words: _name(words, entries, ambiguous)
            for words, entries in named.items()
            if not "".join(words).isdecimal()
        }
        self._compact = {"".join(words): name for words, name in self._names.items()}
        self._beginnings = {key[:n] for key in self._compact for n in range(1, len(key) + 1)}
        self._near = NearNames(
            [
                words
                for words, name in self._names.items()
                if len("".join(words)) >= MIN_MISSPELT_LETTERS and not name.is_abbreviation
            ]
        )
        self._variants = _variants(self._names, known_words)
        self._longest = max(map(len, self._names), default=0)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the names in a text, in order, none inside another."""
        tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(_unmarked(text))]
        found = [*self._exact(text, tokens), *self._misspelt(text, tokens)]
        found.sort(key=lambda m: (m.is_weak, m.start - m.end, m.faults, m.start, m.name))
        kept: list[Mention] = []
        for mention in found:
            if all(mention.end <= k.start or mention.start >= k.end for k in kept):
                kept.append(mention)
        kept.sort(key=lambda m: m.start)
        return tuple(_with_neighbour(text, kept, i) for i in range(len(kept)))

    def _exact(self, text: str, tokens: Sequence[_Token]) -> Iterable[Mention]:
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
        self, text: str, tokens: Sequence[_Token], first: int, last: int, name: _Name
    ) -> Mention | None:
        start, end = tokens[first][1], tokens[last][2]
        said = text[start:end]
        capitals = _is_capitalised(said, name.shown)
        if (len(name.words) == 1 and not capitals) or _is_broken(said, name.shown):
            return None
        ambiguous = (
            name.is_listed
            or (name.is_abbreviation and len("".join(name.words)) <= SHORT_ABBREVIATION)
            or self._is_plain_word(name)
            or name.words in self._variants
        )
        return Mention(
            start=start,
            end=end,
            name=name.shown,
            practice_ids=name.practice_ids,
            is_weak=ambiguous or not capitals,
            is_ambiguous=ambiguous,
            is_capitalised=capitals,
            extension=extension(text, start, end),
        )

    def _is_plain_word(self, name: _Name) -> bool:
        """One word that texts also use in small letters, such as MORE or Add."""
        if len(name.words) > 1 or name.words[0] not in self._known_words:
            return False
        return name.shown != name.shown.upper() or len(name.shown) < MIN_CAPITALS

    def _misspelt(self, text: str, tokens: Sequence[_Token]) -> Iterable[Mention]:
        for near in self._near.find([token[0].lower() for token in tokens]):
            part = tokens[near.first : near.first + len(near.words)]
            name = self._names[near.words]
            if not _is_broken(text[part[0][1] : part[-1][2]], name.shown):
                yield self._misspelling(text, part, name, near.faults)

    def _misspelling(self, text: str, part: Sequence[_Token], name: _Name, faults: int) -> Mention:
        wrong = [t[0].lower() for t, right in zip(part, name.words) if t[0].lower() != right]
        said = text[part[0][1] : part[-1][2]]
        return Mention(
            start=part[0][1],
            end=part[-1][2],
            name=name.shown,
            practice_ids=name.practice_ids,
            faults=faults,
            is_weak=name.is_listed,
            is_ambiguous=name.is_listed,
            is_capitalised=said[:1].isupper(),
            is_real_word=any(word in self._known_words for word in wrong)
            and not _is_other_number(wrong, name.words),
            extension=extension(text, part[0][1], part[-1][2]),
        )


def _is_other_number(wrong: Sequence[str], name: Sequence[str]) -> bool:
    """Tell whether all that differs is the s of a plural."""
    return all(any(w + "s" == right or w == right + "s" for right in name) for w in wrong)


def _variants(
    names: Mapping[tuple[str, ...], _Name], known_words: Collection[str]
) -> frozenset[tuple[str, ...]]:
    """Return abbreviations and single words that another programme's name goes on from."""
    longer: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for words, name in names.items():
        for length in range(1, len(words)):
            longer[words[:length]].update(name.practice_ids)
    return frozenset(
        words
        for words, name in names.items()
        if (name.is_abbreviation or (len(words) == 1 and words[0] in known_words))
        and longer[words] - set(name.practice_ids)
    )


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
        whole[_words(name)].add(card.practice.practice_id)
        if split := _SPLIT_NAME.match(name):
            long[_words(split["long"])].add(card.practice.practice_id)
    for words, entries in named.items():
        if owners := whole.get(words) or long.get(words):
            named[words] = [entry for entry in entries if entry[1] in owners]


def _confused(card: Card) -> Iterable[str]:
    """Names of other products that are written like names: more than half begin with a capital."""
    for entry in card.profile.not_to_be_confused_with if card.profile else ():
        plain = re.sub(r"\s*\([^)]*\)", "", entry)
        parts = [w for w in plain.split() if w.lower() not in _TRIVIAL]
        if parts and all(not w[0].islower() for w in parts) and len(plain) > 5:
            yield plain


def _name(
    words: tuple[str, ...], entries: Sequence[tuple[str, str | None]], ambiguous: Collection[str]
) -> _Name:
    shown = entries[0][0]
    ids = tuple(sorted({practice for _, practice in entries if practice is not None}))
    is_abbreviation = len(words) <= 2 and len("".join(words)) <= 6 and shown == shown.upper()
    return _Name(words, shown, ids, is_abbreviation, " ".join(words) in ambiguous)


def _is_capitalised(said: str, shown: str) -> bool:
    """Capitals where the name has them; a heading's capitals are as good."""
    said_words, name_words = _TOKEN.findall(said), _TOKEN.findall(_unmarked(shown))
    if len(name_words) == 1 and shown.upper() == shown:
        return said.upper() == said
    if said == shown and any(w[1:] != w[1:].lower() for w in shown.split()):
        return True  # i-Ready, eMINTS
    capitals = sum(w[0].isupper() for w in name_words)
    free = _TRIVIAL
    if capitals > 1 and len(said_words) == len(name_words):
        free = _TRIVIAL | {w for w in name_words if w.islower()}
    needed = [w for w in said_words if w.lower() not in free]
    return bool(needed) and all(not w[0].islower() for w in needed)


def _is_broken(said: str, shown: str) -> bool:
    """Tell whether a sign that the name does not hold parts its words."""
    return any(sign in said and sign not in shown for sign in ",;:.()/\n")


def _with_neighbour(text: str, kept: Sequence[Mention], number: int) -> Mention:
    """Two names in one breath are perhaps a third product."""
    mention = kept[number]
    for other in kept:
        if other is mention:
            continue
        gap = text[mention.end : other.start] or text[other.end : mention.start]
        if gap == " " and not mention.extension:
            return replace(mention, extension=other.name)
    return mention


def _words(name: str) -> tuple[str, ...]:
    return tuple(_TOKEN.findall(_unmarked(name).lower()))


def _unmarked(text: str) -> str:
    """Blank marks and apostrophes; the length stays, so places in the text stay right."""
    return _MARKS.sub(" ", text).replace("’", "'")


def read_ambiguous(text: str) -> frozenset[str]:
    """Read the list of aliases that are never enough alone."""
    return frozenset(
        " ".join(_words(line)) for line in text.splitlines() if line and not line.startswith("#")
    )
