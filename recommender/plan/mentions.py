"""Where a text names a programme: exactly, by an alias, or misspelt.

The longest name wins, so `Read Well Kindergarten` is not `Read Well`; names that profiles list as
not to be confused with are known too, and lead to no practice.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import OSA

from recommender.index.catalogue import Card
from recommender.index.documents import plain_name

# Shorter names are too often other words with a letter changed.
MIN_MISSPELT_LETTERS = 9
LETTERS_A_FAULT, MAX_FAULTS = 6, 3  # one wrong letter in six, and never more than three
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
# Words that may follow a name without making it another product's name.
_PLAIN_FOLLOWERS = frozenset(
    """lessons lesson program programme curriculum model training tutors tutoring groups class
    classes elective course mentors mentor coaching teachers teacher students sessions session
    units unit math mathematics reading literacy ela english science social approach routines
    intervention instruction year grade grades gr k pre prek title tier fall spring summer monday
    tuesday wednesday thursday friday january february march april may june july august september
    october november december for in from with at as by the a an is will to during and or
    on institute institutes level levels i ii iii iv schoolwide mtss universal strategies strategy
    framework system kindergarten all each every daily weekly practice project initiative
    twice three four five two one modules book books""".split()  # noqa: SIM905
)


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
            words: _name(words, entries, ambiguous) for words, entries in named.items() if words
        }
        self._compact = {"".join(words): name for words, name in self._names.items()}
        self._by_length: dict[int, list[_Name]] = defaultdict(list)
        for words, name in sorted(self._names.items()):
            if len("".join(words)) >= MIN_MISSPELT_LETTERS and not name.is_abbreviation:
                self._by_length[len(words)].append(name)
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

    def _exact(self, text: str, tokens: Sequence[tuple[str, int, int]]) -> Iterable[Mention]:
        for first in range(len(tokens)):
            for last in range(first, min(len(tokens), first + self._longest + 2)):
                words = tuple(t[0].lower() for t in tokens[first : last + 1])
                name = self._names.get(words) or self._compact.get("".join(words))
                if name and (mention := self._judge(text, tokens, first, last, name)):
                    yield mention

    def _judge(
        self, text: str, tokens: Sequence[tuple[str, int, int]], first: int, last: int, name: _Name
    ) -> Mention | None:
        start, end = tokens[first][1], tokens[last][2]
        said = text[start:end]
        capitals = _is_capitalised(said, name.shown)
        if (len(name.words) == 1 and not capitals) or _is_broken(said, name.shown):
            return None
        weak = name.is_listed or (
            name.is_abbreviation and len("".join(name.words)) <= SHORT_ABBREVIATION
        )
        return Mention(
            start=start,
            end=end,
            name=name.shown,
            practice_ids=name.practice_ids,
            is_weak=weak or not capitals or self._is_plain_word(name) or self._has_variant(name),
            is_capitalised=capitals,
            extension=_extension(text, start, end),
        )

    def _has_variant(self, name: _Name) -> bool:
        """An abbreviation that another programme's name goes on from, such as CW-FIT."""
        return name.is_abbreviation and any(
            words[: len(name.words)] == name.words
            and set(other.practice_ids) - set(name.practice_ids)
            for words, other in self._names.items()
            if len(words) > len(name.words)
        )

    def _is_plain_word(self, name: _Name) -> bool:
        """One word that texts also use in small letters, such as MORE or Add."""
        if len(name.words) > 1 or name.words[0] not in self._known_words:
            return False
        return name.shown != name.shown.upper() or len(name.shown) < MIN_CAPITALS

    def _misspelt(self, text: str, tokens: Sequence[tuple[str, int, int]]) -> Iterable[Mention]:
        for length, names in self._by_length.items():
            for first in range(len(tokens) - length + 1):
                part = tokens[first : first + length]
                words = [t[0].lower() for t in part]
                for name in names:
                    faults = _faults(words, name.words)
                    if faults and not _is_broken(text[part[0][1] : part[-1][2]], name.shown):
                        yield self._misspelling(text, part, name, faults)

    def _misspelling(
        self, text: str, part: Sequence[tuple[str, int, int]], name: _Name, faults: int
    ) -> Mention:
        wrong = [t[0].lower() for t, right in zip(part, name.words) if t[0].lower() != right]
        said = text[part[0][1] : part[-1][2]]
        return Mention(
            start=part[0][1],
            end=part[-1][2],
            name=name.shown,
            practice_ids=name.practice_ids,
            faults=faults,
            is_weak=name.is_listed,
            is_capitalised=said[:1].isupper(),
            is_real_word=any(word in self._known_words for word in wrong),
            extension=_extension(text, part[0][1], part[-1][2]),
        )


def _faults(words: Sequence[str], name: Sequence[str]) -> int:
    """Return the wrong letters, 0 where the name is right or too far."""
    allowed = min(MAX_FAULTS, len("".join(name)) // LETTERS_A_FAULT)
    total = 0
    for word, right in zip(words, name):
        if word == right:
            continue
        if word[0] != right[0] or len(right) < 5 or abs(len(word) - len(right)) > 2:
            return 0
        total += OSA.distance(word, right, score_cutoff=allowed)
        if total > allowed:
            return 0
    return total


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
    """Where one practice has a name as its own and another as an alias, the first has it."""
    own: dict[tuple[str, ...], set[str | None]] = defaultdict(set)
    for card in cards:
        name = plain_name(card.practice.name)
        split = _SPLIT_NAME.match(name)
        for form in (name, split["long"] if split else name):
            own[_words(form)].add(card.practice.practice_id)
    for words, entries in named.items():
        if own[words]:
            named[words] = [entry for entry in entries if entry[1] in own[words]]


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


def _extension(text: str, start: int, end: int) -> str | None:
    """Return a capitalised word next to the name that makes it another name; plain ones do not."""
    follows = re.match(r"[®™©]?(?: | ?[-–:] ?)([A-Z][A-Za-z0-9]+)", text[end:])
    if follows and follows[1].lower() not in _PLAIN_FOLLOWERS:
        return follows[1]
    before = re.search(r"\b(?:the|a|our) ([A-Z][A-Za-z]+) $", text[:start])
    if before and before[1].lower() not in _PLAIN_FOLLOWERS:
        return before[1]
    return None


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
