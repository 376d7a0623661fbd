"""A root cause in a team's own words -> what is searched for.

Numbers, test names and MTSS tiers swamp the cause, so they are taken out or put in plain words;
abbreviations are written out; a compound cause is split so that each part can be served.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from recommender.ingest.profiles import OutcomeArea, Vocabulary
from recommender.records import GRADES
from recommender.text import STOPWORDS, stem, tokens, words

# A part of a cause with fewer content words than this says too little to be searched alone;
# chosen by reading the development causes.
MIN_CLAUSE_WORDS = 4
MAX_CLAUSES = 4
# Shorter words are too often abbreviations or names to be respelt.
MIN_RESPELL_LETTERS = 6
# Words whose stems are kept; plans and causes share most of theirs.
MAX_STEMS = 65_536

_TIER_WORDS = {
    "1": "core instruction",
    "2": "small group intervention for struggling students",
    "3": "intensive intervention for struggling students",
}
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_ORDINALS = {word: str(number) for number, word in enumerate(_ORDINAL_WORDS.split(), start=1)}
_ORDINAL = "|".join(_ORDINALS)
# "second language" and "First, ..." name no grade; "first and second grade" names two.
_ORDINAL_GRADES = re.compile(
    rf"\b((?:{_ORDINAL})(?:\s*(?:,|and|or|to|through|-)\s*(?:{_ORDINAL}))*)[\s-]+grad",
    re.IGNORECASE,
)
_NAMED = {"kindergarten": "K", "kindergartner": "K", "kindergartners": "K", "kindergartener": "K",
          "kindergarteners": "K", "preschool": "PK", "prek": "PK", "prekindergarten": "PK",
          "preschooler": "PK", "preschoolers": "PK", "freshman": "9", "freshmen": "9",
          "sophomore": "10", "sophomores": "10", "juniors": "11", "seniors": "12"}  # fmt: skip
_GRADE = r"(?:pre-?k|pk|k\d?|1[0-2]|[1-9])(?!\d)"
_GRADES = re.compile(
    rf"\b(?:grades?|gr\.?|gd\.?)\s*({_GRADE}(?:\s*(?:[-–/,&]|to|and|through)\s*{_GRADE}\b)*)"
    rf"|\b((?:pre-?k|pk|k)\s*[-–]\s*{_GRADE})\b"
    r"|\b([1-9]|1[0-2])(?:st|nd|rd|th)\s+gr(?:ade(?:s|rs?)?)?\b",
    re.IGNORECASE,
)
_TIER = re.compile(
    r"\b(?:MTSS\s+)?(?:tier|T)\s?([123])(?:\s*[/&,+]\s*(?:tier\s*)?([123]))?\b", re.I
)
_NUMBERS = re.compile(
    r"[<>~≈=+-]?\s*\$?\d[\d,]*(?:\.\d+)?\s*(?:%|percent\b|pts?\b|pp\b|ppts?\b|x\s*/\s*\w+|wcpm\b)?"
    r"(?:\s*(?:vs\.?|of|out of|to|->|→|-|–)\s*\d[\d,]*(?:\.\d+)?\s*%?)*",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"(?<=[.!?;])\s+|\s*[;•\n\r]+\s*|\s+[-–—]\s+|,?\s+and also\s+|,?\s+also,?\s+|\s*\(\d\)\s*",
    re.IGNORECASE,
)
_BANDS = (
    (re.compile(r"\bHS\b|\b(?i:high[- ]school(?:s|ers)?)\b"), ("9", "10", "11", "12")),
    (re.compile(r"\bMS\b|\b(?i:middle[- ]school(?:s|ers)?)\b"), ("6", "7", "8")),
    (re.compile(r"\b(?i:elementary)\b"), ("K", "1", "2", "3", "4", "5")),
)


@dataclass(frozen=True)
class Query:
    """A root cause, read. `text` and `clauses` go to the encoder, `tokens` to BM25."""

    raw: str
    text: str
    clauses: tuple[str, ...]
    """Parts of a compound cause as the encoder gets them; empty where there is one cause."""
    parts: tuple[str, ...]
    """The same parts in the team's own words."""
    tokens: tuple[str, ...]
    grades: tuple[str, ...]
    """Grades named in the text; they order results and never count as the school's own."""
    areas: tuple[str, ...]
    """Outcome areas that the words point to, strongest first."""

    known_share: float
    """Share of the content words that the corpus knows; 0 where there are none."""


class QueryReader:
    """Reads root causes with the corpus's vocabulary; build it once."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        areas: Sequence[OutcomeArea],
        known_stems: frozenset[str] = frozenset(),
    ) -> None:
        self._abbreviations = {a.term.lower(): a for a in vocabulary.abbreviations}
        self._expand = _alternatives((a.term for a in vocabulary.abbreviations), plural=True)
        upper = [n for n in vocabulary.test_names if n.upper() == n or not n.islower()]
        self._tests = _alternatives(upper, plural=False, flags=0)
        self._synonyms = {s.term.lower(): s.also for s in vocabulary.synonyms}
        self._synonym = _alternatives(self._synonyms, plural=False)
        self._known = known_stems
        self._by_initial: dict[str, list[str]] = {}
        for known in sorted(known_stems):
            self._by_initial.setdefault(known[:1], []).append(known)
        self._cues = [
            (area.id, [(len(cue), frozenset(cue)) for cue in _stemmed(area.cues)]) for area in areas
        ]
        self._stem_of = lru_cache(MAX_STEMS)(self._respell)

    def read(self, raw: str) -> Query:
        """Read one root cause; any text gives a query, perhaps an empty one."""
        flat = " ".join(raw.split())
        parts = {part: clean for part in self._split(raw) if (clean := self.clean(part))}
        compound = len(parts) > 1
        text = self.clean(flat)
        found = self._tokens(text)
        return Query(
            raw=raw,
            text=text,
            parts=tuple(parts) if compound else (),
            clauses=tuple(parts.values()) if compound else (),
            tokens=found,
            grades=mentioned_grades(flat),
            areas=self._areas(found),
            known_share=self._known_share(found),
        )

    def clean(self, text: str) -> str:
        """Return the text as the encoder gets it."""
        text = self._tests.sub(" ", text)
        text = _TIER.sub(_tier_words, text)
        text = _GRADES.sub(_grade_words, text)
        text = self._expand.sub(self._written_out, text)
        text = _NUMBERS.sub(" ", text)
        text = re.sub(r"\(\s*[,;:/]*\s*\)|\s+(?=[,.;:])", "", text)
        text = re.sub(r"(?:[,.;:/]\s*){2,}", ". ", text)
        return " ".join(text.split()).strip(" ,;:-/")

    def _written_out(self, match: re.Match[str]) -> str:
        found = match[1]
        entry = self._abbreviations[found.lower()]
        if entry.case_sensitive and found != entry.term:
            return match[0]
        return f" {entry.expands_to} " if entry.expands_to else " "

    def _split(self, raw: str) -> list[str]:
        merged: list[str] = []
        for part in filter(str.strip, _BREAK.split(raw)):
            if merged and (
                len(merged) == MAX_CLAUSES
                or min(len(tokens(part)), len(tokens(merged[-1]))) < MIN_CLAUSE_WORDS
            ):
                merged[-1] = f"{merged[-1]} {part}"
            else:
                merged.append(part)
        return merged

    def _tokens(self, text: str) -> tuple[str, ...]:
        found = [self._stem_of(word) for word in words(text) if word not in STOPWORDS]
        for match in self._synonym.finditer(text):
            for term in self._synonyms[match[1].lower()]:
                found.extend(tokens(term))
        return tuple(dict.fromkeys(found))

    def _respell(self, word: str) -> str:
        """Return the stem, or the nearest known stem one edit away where the word is unknown."""
        own = stem(word)
        if not self._known or own in self._known or len(word) < MIN_RESPELL_LETTERS:
            return own
        near = process.extractOne(
            own, self._by_initial.get(own[:1], ()), scorer=OSA.distance, score_cutoff=1
        )
        return str(near[0]) if near else own

    def _known_share(self, found: Sequence[str]) -> float:
        return sum(token in self._known for token in found) / len(found) if found else 0.0

    def _areas(self, found: Sequence[str]) -> tuple[str, ...]:
        text = set(found)
        scores = [
            (sum(length for length, cue in cues if cue <= text), area) for area, cues in self._cues
        ]
        best = max((score for score, _ in scores), default=0)
        return tuple(a for s, a in sorted(scores, key=lambda e: -e[0]) if s and s >= best / 2)


def _stemmed(cues: Iterable[str]) -> set[tuple[str, ...]]:
    return {tuple(found) for cue in cues if (found := tokens(cue))}


def mentioned_grades(text: str) -> tuple[str, ...]:
    """Find the grades that a text names, in school order."""
    found: set[str] = set()
    for match in _GRADES.finditer(text):
        found.update(_grade_span(next(filter(None, match.groups()))))
    if re.search(r"(?<![\w-])K(?![\w-])", text):
        found.add("K")
    for match in _ORDINAL_GRADES.finditer(text):
        found.update(_ORDINALS[w] for w in words(match[1]) if w in _ORDINALS)
    found.update(_NAMED[w] for w in words(text.replace("-", "")) if w in _NAMED)
    if not found:  # a grade says more than a band
        found.update(grade for band, grades in _BANDS if band.search(text) for grade in grades)
    return tuple(sorted(found, key=GRADES.index))


def _grade_span(text: str) -> Iterable[str]:
    parts = re.findall(rf"{_GRADE}|[-–]|to|through", text, re.IGNORECASE)
    grades = [_grade_name(p) if p[0] not in "-–t" else None for p in parts]
    for i, grade in enumerate(grades):
        if grade is not None:
            yield grade
        elif 0 < i < len(grades) - 1:
            low, high = grades[i - 1], grades[i + 1]
            if low is not None and high is not None:
                yield from GRADES[GRADES.index(low) : GRADES.index(high)]


def _grade_name(word: str) -> str:
    lower = word.lower().replace("-", "")
    if lower in ("prek", "pk", "k1") and lower != "k1":
        return "PK"
    return "K" if lower.startswith("k") else lower


def _grade_words(match: re.Match[str]) -> str:
    """Keep what a grade says to the encoder: its band."""
    grades = [GRADES.index(g) for g in _grade_span(next(filter(None, match.groups())))]
    if not grades:
        return " "
    middle = sum(grades) / len(grades)
    for top, band in (
        (0.4, "preschool"),
        (1, "kindergarten"),
        (6.5, "elementary"),
        (9.5, "middle school"),
    ):
        if middle <= top:
            return f" {band} "
    return " high school "


def _tier_words(match: re.Match[str]) -> str:
    return " " + " and ".join(_TIER_WORDS[t] for t in match.groups() if t) + " "


def _alternatives(
    terms: Iterable[str], plural: bool, flags: int = re.IGNORECASE
) -> re.Pattern[str]:
    longest_first = sorted(set(terms), key=lambda term: (-len(term), term))
    inner = "|".join(re.escape(term) for term in longest_first) or r"(?!)"
    return re.compile(rf"(?<![\w])({inner}){'(?:s|’s)?' if plural else ''}(?![\w])", flags)
