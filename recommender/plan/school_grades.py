"""The grades that a plan says its school serves: what is labelled goes before what is described."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from recommender.plan.readers import Block, BlockKind
from recommender.records import GRADES
from recommender.search.query import mentioned_grades

# Title, address, table of facts, "who we are"; below it words may speak of other schools.
HEAD_BLOCKS = 15
# Lines that stand above everything else of a plan are its title.
_TITLE_BLOCKS = 4
_TITLE_WORDS = 16

_ONES = "one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()  # noqa: SIM905
)
_NUMBERS = {word: str(n) for words in (_ONES, _ORDINALS) for n, word in enumerate(words, start=1)}
_GRADE = (
    r"(?:pre-?\s?k(?:indergarten)?|p-?k|preschool|kindergarten|k|(?:1[0-2]|0?[1-9])(?:st|nd|rd|th)?"
    rf"|{'|'.join(_NUMBERS)})(?![\w%])"
)
_GRADE_WORD = r"(?:grades?|grs?\b\.?|grade levels?)"
_TO = r"(?:[-–—]|to\b|through\b|thru\b)"
_SEPARATOR = rf"(?:\s*(?:{_TO}|[,/&+]|(?:,\s*)?and\b)\s*)"
_SPAN = re.compile(
    rf"(?<![\w/.$-])(?:{_GRADE_WORD}\s*:?\s*)?{_GRADE}(?:\s+grades?\b)?"
    rf"(?:{_SEPARATOR}(?:{_GRADE_WORD}\s*)?{_GRADE}(?:\s+grades?\b)?)*"
    r"(?:\s+grad(?:es?|ers?)\b)?(?![\w%]|-\w|\.\d)",
    re.IGNORECASE,
)
_ONE = re.compile(rf"({_TO})?\s*(?:{_GRADE_WORD}\s*)?\b({_GRADE})", re.IGNORECASE)
_IS_NAMED = re.compile(r"\bgr|\b(?:pre|p?k|kinder)", re.IGNORECASE)

_LABEL = re.compile(
    r"^(?:\W*\w{0,2}\d[.)])?\W*(?:school )?grade(?:s|\(s\))?"
    r"(?: (?:levels?|span|range|configuration))?"
    r"(?: (?:served|taught|at (?:the|our) school))?(?: ?[/&,] ?\w+){0,2}\W*$|^\W*configuration\W*$",
    re.IGNORECASE,
)
# A column of grades beside strategies is not headed so.
_SERVED = re.compile(r"\b(?:served|taught|span|range|configuration)\b", re.IGNORECASE)
_COLUMN = re.compile(r"^\W*gr(?:ades?|s)?\W*(?:levels?|span)?\W*$", re.IGNORECASE)
_LABELLED_LINE = re.compile(
    r"^\W*(?:school )?grades?\s*:|\b(?:school|plan)\b[^.;|]*[.;|] grades?\s*:"
    r"|\bgrades?(?: levels?)? served\W|\bgrade (?:span|levels?|range|configuration)\s*:"
    r"|\bconfiguration\s*:",
    re.IGNORECASE,
)
_LOWEST_HIGHEST = re.compile(r"lowest grade\b.*\bhighest grade\b", re.IGNORECASE | re.DOTALL)
_SCHOOL = r"(?:school|academy|center|campus|building|charter)"
_SCHOOL_BEFORE = re.compile(rf"\b{_SCHOOL}[\s,:|(–—-]{{1,4}}(?:serving\s+)?$", re.IGNORECASE)
_SCHOOL_AFTER = re.compile(
    rf"[\s,-]+(?:(?!at\b|in\b|of\b|from\b|for\b|to\b|and\b|with\b|the\b|our\b)\w+[\s,-]+){{0,4}}"
    rf"{_SCHOOL}\b",
    re.IGNORECASE,
)
_SERVES = re.compile(
    r"\b(?:serv(?:es?|ing)|enrol+s?|educat(?:es?|ing)|houses?|home to|we are|we have"
    r"|school of)\b(?:\s+[\w,.]+){0,6}?\s+(?:(?:in|of)\s+)?$",
    re.IGNORECASE,
)
_COUNT = (
    r"(?:about |around |some |roughly )?\d[\d,]* (?:students|kids|children|pupils|scholars|on the)"
)
_COUNT_AFTER = re.compile(rf"[\s,;:|(–—-]+{_COUNT}", re.IGNORECASE)
_COUNT_BEFORE = re.compile(rf"{_COUNT}[\s,(]+(?:in\s+)?$", re.IGNORECASE)
# Words of another school, or of a result: they describe no school's grades.
_ELSEWHERE = re.compile(
    r"\b(?:for|at|with|in|to|by) (?:the|a|an|our|its|other|two|three)\b[^.;|]*$"
    r"|\b(?:from|sending|feeder|neighbou?ring|other|partner|until|become|district)\b[^.;|]*$",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"\([^()]*\)")
# What a mention of grades needs to be taken for the school's own, and what speaks for and against
# it (docs/results/plan_reading.md).
LEAST_SCORE = 2.0
WEIGHTS = {
    "school": 2.0,
    "serves": 2.0,
    "counted": 1.5,
    "alone": 1.0,
    "named": 1.0,
    "range": 0.5,
    "title": 0.5,
    "item": -0.5,
    "elsewhere": -3.0,
    "result": -2.0,
    "low": -1.0,
}
COVERAGE, LEAST_COVERAGE = 2.0, 0.7
_SEGMENT = re.compile(r"\s*[|*•·;.\n]\s*|\s+[–—-]\s+|\t| {2,}")
_RESULT = re.compile(
    r"\b(?:will|by (?:june|may|spring)|percent|met|meeting|scored|proficient|benchmark"
    r"|expectations)\b|\bgoal\b|%",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(?:plan|schools?|academy|SIP)\b", re.IGNORECASE)
_SCHOOL_LABEL = re.compile(r"\b(?:school|site|building|campus)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    grades: tuple[str, ...]
    is_named: bool
    """A word says that they are grades; `6-8` alone may be a date."""
    is_range: bool


def stated_grades(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the grades a plan says its school serves, in school order; empty where it does not.

    A label (`Grades served`) goes before words of the head (`a K-8 charter school`), and both
    before a column of grades beside the strategies.
    """
    found = next((grades for grades in _labelled(blocks) if grades), ()) or _likeliest(blocks)
    found = found or tuple({grade for grades in _columns(blocks) for grade in grades})
    return tuple(grade for grade in GRADES if grade in found)


def _labelled(blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    for before, block, following in zip([None, *blocks], blocks, [*blocks[1:], None]):
        if _LABELLED_LINE.search(block.text):
            yield _first(block.text[_label_end(block.text) :])
        if _is_labelled(block) or _is_beside_label(block, before):
            yield _all(block.text)
        if _LOWEST_HIGHEST.search(block.text) and following is not None:
            yield _range_of(following.text)


def _is_labelled(block: Block) -> bool:
    place = block.place
    names = (place.label, place.header if place.header and _SERVED.search(place.header) else None)
    return any(name is not None and _LABEL.match(name) for name in names)


def _is_beside_label(block: Block, before: Block | None) -> bool:
    """Tell whether a cell is the value of a label on its left, and no cell of a data column."""
    if before is None or not _LABEL.match(before.text) or block.place.header is not None:
        return False
    here, there = block.place, before.place
    return (here.sheet, here.table, here.row) == (there.sheet, there.table, there.row) and (
        here.row is not None and (here.column or 0) == (there.column or 0) + 1
    )


def _label_end(text: str) -> int:
    match = _LABELLED_LINE.search(text)
    return match.end() if match else 0


def _likeliest(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the grades of the mention in the head that most looks like the school's own."""
    named = Counter(grade for block in blocks for grade in mentioned_grades(block.text))
    scored = [
        (_score(block, number, span, named), span.grades)
        for number, block in enumerate(blocks)
        if _may_describe(block, number)
        for span in _spans(block.text)
    ]
    # Of equals the first one.
    score, grades = max(scored, key=lambda pair: pair[0], default=(0.0, ()))
    return grades if score >= LEAST_SCORE else ()


def _score(block: Block, number: int, span: _Span, named: Counter[str]) -> float:
    before, after = block.text[: span.start], block.text[span.end :]
    sentence = _sentence(before)
    signs = {
        "school": bool(_SCHOOL_BEFORE.search(before) or _SCHOOL_AFTER.match(after)),
        "serves": bool(_SERVES.search(before)),
        "counted": bool(_COUNT_AFTER.match(after) or _COUNT_BEFORE.search(before)),
        "alone": _is_alone(block.text, span),
        "named": span.is_named,
        "range": span.is_range,
        "title": number < _TITLE_BLOCKS,
        "item": block.style is BlockKind.LIST_ITEM,
        "elsewhere": bool(_ELSEWHERE.search(sentence)),
        "result": bool(_RESULT.search(sentence + span_sentence(after))),
        "low": number >= HEAD_BLOCKS,
    }
    score = sum(weight for sign, weight in WEIGHTS.items() if signs[sign])
    return score + COVERAGE * (_coverage(span.grades, named) - LEAST_COVERAGE)


def span_sentence(after: str) -> str:
    """Return the rest of a sentence."""
    return re.split(r"[.!?;|·]\s", after)[0]


def _coverage(grades: Sequence[str], named: Counter[str]) -> float:
    """Return which share of the plan's mentions of grades lies among these."""
    return sum(named[grade] for grade in grades) / max(1, sum(named.values()))


def _is_alone(text: str, span: _Span) -> bool:
    """Tell whether a part of a line holds nothing but these grades."""
    before = _SEGMENT.split(text[: span.start])[-1].strip(" ,()")
    after = _SEGMENT.split(text[span.end :])[0].strip(" ,()")
    return not before and not after


def _columns(blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    for block in blocks:
        if block.place.header is not None and _COLUMN.match(block.place.header):
            yield _all(block.text)


def _may_describe(block: Block, number: int) -> bool:
    if block.style is BlockKind.TABLE_CELL:
        named = block.place.header or block.place.label
        return bool(named and _SCHOOL_LABEL.search(named)) or (number < HEAD_BLOCKS and not named)
    return number < HEAD_BLOCKS or block.style is BlockKind.HEADING


def _sentence(before: str) -> str:
    return re.split(r"[.!?]\s", before)[-1]


def _spans(text: str) -> Iterator[_Span]:
    """Yield mentions of two grades or more."""
    for match in _SPAN.finditer(text):
        grades = _parse(match[0])
        if len(grades) > 1:
            is_range = bool(re.search(_TO, match[0], re.IGNORECASE))
            is_named = bool(_IS_NAMED.search(match[0]))
            yield _Span(match.start(), match.end(), grades, is_named, is_range)


def _first(text: str) -> tuple[str, ...]:
    match = _SPAN.match(text.lstrip(" :\t\n|"))
    return _parse(match[0]) if match else ()


def _all(text: str) -> tuple[str, ...]:
    text = _ASIDE.sub(" ", text)
    return tuple({grade for match in _SPAN.finditer(text) for grade in _parse(match[0])})


def _range_of(text: str) -> tuple[str, ...]:
    """Read the lowest and the highest grade, the first two words of a line of values."""
    words = text.split()[:2]
    return _parse(" - ".join(words)) if len(words) == 2 else ()


def _parse(text: str) -> tuple[str, ...]:
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
