"""Mentions of grades as plans write them -> grades: `K-5`, `Gr. 6/7/8`, `ninth through twelfth`.

With their places, and without a word for grades: `(6-8)` beside a school's name is a span, and in a
statement or a cause, which `search.query.mentioned_grades` reads, it may be a date.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recommender.records import GRADES

_ONES = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()  # noqa: SIM905
)
_NUMBERS = {word: str(n) for words in (_ONES, _ORDINALS) for n, word in enumerate(words, start=1)}
GRADE = (
    r"(?:pre-?\s?k(?:indergarten)?|p-?k|preschool(?:ers)?|kindergart(?:en|ners|eners)|kdg\.?|kg?"
    rf"|(?:1[0-2]|0?[1-9])(?:st|nd|rd|th)?|{'|'.join(_NUMBERS)})(?![\w%])"
)
_WORD = r"(?:grades?|grs?\b\.?|grade levels?)"
_TO = r"(?:[-–—]|(?:up )?to\b|through\b|thru\b)"
_SEPARATOR = rf"(?:\s*(?:{_TO}|[,/+]|,?\s*(?:and\b|&))\s*)"
SPAN = re.compile(
    rf"(?<![\w/.$-])(?:{_WORD}\s*:?\s*)?{GRADE}(?:\s+grades?\b)?"
    rf"(?:{_SEPARATOR}(?:{_WORD}\s*)?{GRADE}(?:\s+grades?\b)?)*"
    r"(?:\s+grad(?:es?|ers?)\b)?(?![\w%]|-\w|\.\d)",
    re.IGNORECASE,
)
_ONE = re.compile(rf"({_TO})?\s*(?:{_WORD}\s*)?\b({GRADE})", re.IGNORECASE)
_IS_NAMED = re.compile(r"\bgr|\b(?:pre|p?k|kinder)|\d(?:st|nd|rd|th)\b", re.IGNORECASE)
_ASIDE = re.compile(r"\([^()]*\)")
# The value of a label: grades, and what stands between them.
_VALUE = re.compile(
    rf"[\s:|(]*((?:{_WORD}\s*)?{GRADE}(?:(?:{_SEPARATOR}|\s+)(?:{_WORD}\s*)?{GRADE})*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Grades that a text names together, with their place in it."""

    start: int
    end: int
    grades: tuple[str, ...]
    is_named: bool
    """A word says that they are grades; `6-8` alone may be a date."""
    is_range: bool


def spans(text: str) -> Iterator[Span]:
    """Yield the mentions of a text, single grades too."""
    for match in SPAN.finditer(text):
        if grades := parse(match[0]):
            is_range = bool(re.search(_TO, match[0], re.IGNORECASE)) and len(grades) > 1
            is_named = bool(_IS_NAMED.search(match[0]))
            yield Span(match.start(), match.end(), grades, is_named, is_range)


def value(text: str) -> tuple[str, ...]:
    """Read what stands beside a label; its grades may be parted by blanks alone."""
    plain = re.sub(r"\bP\b(?!-?K)", "PK", _ASIDE.sub(" ", text))
    match = _VALUE.match(" ".join(plain.split()))
    return parse(match[1]) if match else ()


def single(text: str) -> str | None:
    """Return the grade that is all of a text."""
    match = re.fullmatch(rf"\W*(?:{_WORD}\s*)?({GRADE})\W*", text, re.IGNORECASE)
    return _normal(match[1]) if match else None


def parse(text: str) -> tuple[str, ...]:
    """Read `K-2 and 4` as K, 1, 2 and 4; a range that falls says nothing."""
    found: list[str] = []
    for to, word in _ONE.findall(text):
        grade = _normal(word)
        if to and found:
            low, high = GRADES.index(found[-1]), GRADES.index(grade)
            found += GRADES[low + 1 : high + 1]
            if low >= high:
                return ()
        else:
            found.append(grade)
    return tuple(dict.fromkeys(found))


def _normal(word: str) -> str:
    word = word.lower()
    if word[0] == "p":
        return "PK"
    if word[0] == "k":
        return "K"
    return _NUMBERS.get(word) or str(int(re.sub(r"\D", "", word)))
