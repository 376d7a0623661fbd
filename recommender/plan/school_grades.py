"""The grades that a plan says its school serves: what is labelled goes before what is described."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from recommender.plan.grade_spans import Span, parse, single, spans, value
from recommender.plan.readers import Block, BlockKind
from recommender.records import GRADES

# Title, address, table of facts, "who we are"; below it words may speak of other schools.
HEAD_BLOCKS = 15
# Lines that stand above everything else of a plan are its title.
TITLE_BLOCKS = 4
# In a column of so many rows a grade that stands once may be of guests from another school.
_TELLING_ROWS = 5

# From which a mention is taken for the school's own; at 0 four more of 208 are right, and two
# more wrong (docs/results/plan_reading.md).
LEAST_SCORE = 0.4


@dataclass(frozen=True, slots=True)
class Weights:
    """What speaks for and against a mention of grades being the school's own, as log odds."""

    constant: float
    covered: float
    """Of the share of the plan's other mentions of grades that lies among these."""
    signs: Mapping[str, float]


# Fitted by `python -m recommender.plan.grade_quality --fit`.
WEIGHTS = Weights(
    -2.49,
    2.37,
    {
        "school": 0.4,
        "serves": 1.04,
        "counted": 0.88,
        "alone": 2.17,
        "cell": 0.27,
        "titled": 0.42,
        "named": 0.47,
        "range": -0.21,
        "title": 0.64,
        "item": -0.7,
        "elsewhere": -1.65,
        "apart": -0.49,
        "result": -1.12,
        "low": -0.09,
    },
)

_I = re.IGNORECASE
_LABEL = re.compile(
    r"^(?:\W*\w{0,2}\d[.)])?\W*(?:school |serving |\w+ ?/ ?)?"
    r"(?:gr(?:ade(?:s|\(s\))?|s)?\.?|configuration)"
    r"(?: (?:levels?|span|range|configuration))?(?: (?:served|taught|offered|housed|enrolled"
    r"|(?:in|at) (?:the |our |this )?(?:school|building)))?(?: ?[/&,] ?\w+){0,2}\W*$",
    _I,
)
# A column of grades beside strategies is not headed so.
_SERVED = re.compile(r"\b(?:served|taught|offered|housed|enrolled|span|range|configuration)\b", _I)
_COLUMN = re.compile(r"^\W*gr(?:ades?|s)?\W*(?:levels?|span)?\W*$", _I)
_LOWEST = re.compile(r"^\W*low(?:est)? grade\W*$", _I)
_HIGHEST = re.compile(r"^\W*high(?:est)? grade\W*$", _I)
_LOWEST_HIGHEST = re.compile(r"lowest grade\b.*\bhighest grade\b", _I | re.DOTALL)
_LABELLED_LINE = re.compile(
    r"^\W*(?:school )?(?:grades?|grs?\.?)\s*:|\b(?:school|plan)\b[^.;|]*[.;|] grades?\s*:"
    r"|\bgrades?(?: levels?)? served\W"
    r"|\bgrade (?:span|levels?|range|configuration)\s*(?::|(?=\s(?:PK|K|\d)))"
    r"|\b(?:configuration|span|serves)\s*:",
    _I,
)
_TITLE_LABEL = re.compile(r"\bschool\b.*\bgrades?\s*:", _I)
_SCHOOL = r"(?:school|academy|center|campus|building|charter|plan)"
_SCHOOL_BEFORE = re.compile(
    rf"\b(?:{_SCHOOL}|elementary|primary|intermediate|middle|high|[EMH]S)"
    r"(?:[\s,:|(–—-]{1,4}(?:serving\s+)?| (?:for|of|with|in|covering) )$",
    _I,
)
_SCHOOL_AFTER = re.compile(
    rf"[\s,-]+(?:(?!at\b|in\b|of\b|from\b|for\b|to\b|and\b|with\b|the\b|our\b)\w+[\s,-]+){{0,4}}"
    rf"{_SCHOOL}\b",
    _I,
)
_SCHOOL_NEXT = re.compile(r"\s+(?:academy|center|school|campus)\b", _I)
_DISTRICT_AFTER = re.compile(r"[\s,-]+(?:\w+ ){0,2}(?:district|system|union)\b", _I)
_SERVES = re.compile(
    r"\b(?:serv(?:es?|ing)|enrol+s?|educat(?:es?|ing)|houses?|home to|we are|we have|school of"
    r"|welcomes?|brings together|covers|covering|teaches|takes|admits|range"
    r"|for (?:students|children)|has been|is(?: still| now)?)\b"
    r"(?:\s+[\w,.'’-]+){0,8}?\s+(?:(?:in|of|from)\s+)?(?:(?:the|a)\s+)?$",
    _I,
)
_COUNT = r"(?:about |around |some )?\d[\d,]* (?:students|kids|children|pupils|scholars|on the)"
_COUNT_AFTER = re.compile(rf"[\s,;:|(–—-]+{_COUNT}", _I)
_COUNT_BEFORE = re.compile(rf"{_COUNT}[\s,(]+(?:(?:in|from)\s+)?$", _I)
# Words of another school, or of a result: they describe no school's grades.
_ELSEWHERE = re.compile(
    r"\b(?:for|at|with|in|to|by) (?:the|a|an|our|its|other|two|three)\b[^.;|]*$"
    r"|\bfrom\s+\w[^.;|]*$|\b(?:sending|feeder|neighbou?ring|other|partner|until|becom\w+|district"
    r"|companion|includes?|previously|studying|options?|served|each|attend\w*|mov(?:e|es|ing)"
    r"|next|former(?:ly)?|was|were)\b[^.;|]*$",
    _I,
)
_ELSEWHERE_AFTER = re.compile(r"\b(?:next door|its own|their own|separate)\b", _I)
_RESULT = re.compile(
    r"\b(?:will|by (?:june|may|spring)|percent|met|meeting|scored|proficient|benchmark"
    r"|expectations)\b|\bgoal\b|%",
    _I,
)
_SEGMENT = re.compile(r"\s*[|*•·;.\n]\s*|\s+[–—-]\s+|\t| {2,}")
_TITLE = re.compile(r"^(?:\S+ ){0,15}\S*\b(?:plan|schools?|academy|SIP)\b", _I)
_SCHOOL_LABEL = re.compile(r"\b(?:school|site|building|campus)\b", _I)


def stated_grades(
    blocks: Sequence[Block], weights: Weights | None = None, least: float = LEAST_SCORE
) -> tuple[str, ...]:
    """Return the grades a plan says its school serves, in school order; empty where it does not.

    A label (`Grades served`) goes before words of the head (`a K-8 charter school`), both before
    a table of enrolment by grade and a column of grades beside the strategies.

    Args:
        blocks: of the plan.
        weights: of the words of the head; by default those shipped.
        least: score from which a mention of the head counts.
    """
    found = next((grades for grades in _labelled(blocks) if grades), ())
    found = found or _likeliest(blocks, weights or WEIGHTS, least) or _enrolled(blocks)
    found = found or _columned(blocks)
    return tuple(grade for grade in GRADES if grade in found)


def _labelled(blocks: Sequence[Block]) -> Iterator[tuple[str, ...]]:
    for number, block in enumerate(blocks):
        pattern = _TITLE_LABEL if number < TITLE_BLOCKS else _LABELLED_LINE
        if match := _LABELLED_LINE.search(block.text) or pattern.search(block.text):
            yield value(block.text[match.end() :])
        if _is_labelled(block):
            yield value(block.text)
        if _LABEL.match(block.text):
            yield _row_after(blocks, number)
        if _LOWEST_HIGHEST.search(block.text) and number + 1 < len(blocks):
            yield parse(" - ".join(blocks[number + 1].text.split()[:2]))
    yield _lowest_to_highest(blocks)


def _is_labelled(block: Block) -> bool:
    place = block.place
    names = (place.label, place.header if place.header and _SERVED.search(place.header) else None)
    return any(name is not None and _LABEL.match(name) for name in names)


def _row_after(blocks: Sequence[Block], number: int) -> tuple[str, ...]:
    """Return the grades of the cells beside a label, which may be one for each grade."""
    row = [
        block.text
        for block in blocks[number + 1 :]
        if _row(block) == _row(blocks[number]) and block.place.header is None
    ]
    singles = [grade for text in row if (grade := single(text))]
    if blocks[number].place.row is None:
        return ()
    return tuple(singles) if len(singles) > 1 else next((v for t in row if (v := value(t))), ())


def _row(block: Block) -> tuple[object, ...]:
    return block.place.sheet, block.place.table, block.place.row


def _lowest_to_highest(blocks: Sequence[Block]) -> tuple[str, ...]:
    named = [(block.place.label or block.place.header or "", block.text) for block in blocks]
    low = next((text for name, text in named if _LOWEST.match(name)), None)
    high = next((text for name, text in named if _HIGHEST.match(name)), None)
    return parse(f"{low} - {high}") if low and high else ()


def _enrolled(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the grades that head the cells of a table with a number of students each."""
    named = [
        grade
        for block in blocks[: 2 * HEAD_BLOCKS]
        if block.text.replace(",", "").isdecimal()
        and (grade := single(block.place.header or block.place.label or ""))
    ]
    return tuple(named) if len(set(named)) > 1 else ()


def _columned(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the grades of a column beside the strategies, without one that stands there once."""
    cells = [b for b in blocks if b.place.header is not None and _COLUMN.match(b.place.header)]
    named = Counter(
        grade for cell in cells for grade in {g for span in spans(cell.text) for g in span.grades}
    )
    least = 1 if len(cells) < _TELLING_ROWS else 2
    return tuple(grade for grade, count in named.items() if count >= least)


def _likeliest(blocks: Sequence[Block], weights: Weights, least: float) -> tuple[str, ...]:
    """Return the grades of the mention in the head that most looks like the school's own."""
    scored = (
        (_score(weights, signs, covered), span.grades)
        for span, signs, covered in candidates(blocks)
    )
    # Of equals the first one.
    score, grades = max(scored, key=lambda pair: pair[0], default=(least - 1, ()))
    return grades if score >= least else ()


def candidates(blocks: Sequence[Block]) -> Iterator[tuple[Span, dict[str, bool], float]]:
    """Yield mentions of grades, what speaks for and against each, and what it covers of others."""
    mentions = [
        span.grades
        for block in blocks
        for span in spans(block.text)
        if span.is_named and not _ELSEWHERE.search(_sentence(block.text[: span.start]))
    ]
    for number, block in enumerate(blocks):
        if not _may_describe(block, number):
            continue
        for span in spans(block.text):
            after = block.text[span.end :]
            is_district = _DISTRICT_AFTER.match(after)
            if (len(span.grades) > 1 or _SCHOOL_NEXT.match(after)) and not is_district:
                yield span, _signs(block, number, span), _covered(span.grades, mentions)


def _score(weights: Weights, signs: Mapping[str, bool], covered: float) -> float:
    said = sum(weight for sign, weight in weights.signs.items() if signs[sign])
    return weights.constant + said + weights.covered * covered


def _signs(block: Block, number: int, span: Span) -> dict[str, bool]:
    before, after = block.text[: span.start], block.text[span.end :]
    sentence, rest = _sentence(before), re.split(r"[.!?;|·]\s", after)[0]
    return {
        "school": bool(_SCHOOL_BEFORE.search(before) or _SCHOOL_AFTER.match(after)),
        "serves": bool(_SERVES.search(before)),
        "counted": bool(_COUNT_AFTER.match(after) or _COUNT_BEFORE.search(before)),
        "alone": _is_alone(before, after) and ":" not in block.text[span.start : span.end],
        "cell": _is_about_school(block),
        "titled": number < TITLE_BLOCKS and bool(_TITLE.search(block.text)),
        "named": span.is_named,
        "range": span.is_range,
        "title": number < TITLE_BLOCKS,
        "item": block.style is BlockKind.LIST_ITEM,
        "elsewhere": bool(_ELSEWHERE.search(sentence)),
        "apart": bool(_ELSEWHERE_AFTER.search(rest)),
        "result": bool(_RESULT.search(sentence + rest)),
        "low": number >= HEAD_BLOCKS,
    }


def _sentence(before: str) -> str:
    return re.split(r"[.!?]\s", before)[-1]


def _covered(grades: Sequence[str], mentions: Sequence[Sequence[str]]) -> float:
    """Return which share of the plan's other mentions of grades lies among these."""
    shares = [len(set(grades) & set(mention)) / len(mention) for mention in mentions]
    return sum(shares) / len(shares) if shares else 1.0


def _is_alone(before: str, after: str) -> bool:
    """Tell whether a part of a line holds nothing else."""
    parts = (_SEGMENT.split(before)[-1], _SEGMENT.split(after)[0])
    return not any(part.strip(" ,()") for part in parts)


def _is_about_school(block: Block) -> bool:
    named = block.place.header or block.place.label
    return bool(named and _SCHOOL_LABEL.search(named))


def _may_describe(block: Block, number: int) -> bool:
    if block.style is BlockKind.TABLE_CELL:
        named = block.place.header or block.place.label
        return _is_about_school(block) or (number < HEAD_BLOCKS and not named)
    return number < HEAD_BLOCKS or block.style is BlockKind.HEADING
