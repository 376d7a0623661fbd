"""The text of a plan -> its strategies, in its own words and each with its place.

The line model says how much a statement tells what the school does, rather than a goal, a measure,
data, a cause or boilerplate. The less its place vouches for it, the more it must say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from recommender.plan.boxes import without_unticked
from recommender.plan.cutting import by_name, sentences, units
from recommender.plan.line_model import LineModel, shipped_lines
from recommender.plan.readers import Block, BlockKind, Place, PlanText
from recommender.plan.school_grades import stated_grades
from recommender.plan.sections import (
    Role,
    SectionFound,
    Trust,
    find_sections,
    is_put_aside,
    practice_number,
    role_of_column,
    role_of_heading,
    says_ended,
)
from recommender.plan.statements import (
    ENDS,
    TITLE,
    is_kept,
    is_long,
    is_title,
    trust_in,
)
from recommender.records import GRADES

# Cells of fewer words say too little to judge a column by.
_TELLING_WORDS = 3
# Share of the mean log odds of the other sentences of a paragraph that counts for each.
_CONTEXT = 0.35
# Mean log odds of its cells from which a column without a telling header is one of strategies.
_ACTING = 0.5


@dataclass(frozen=True, slots=True)
class Strategy:
    """One thing that a plan says the school will do, in the plan's own words."""

    id: str
    text: str
    place: str
    """In plain words, such as `page 3, table 1, row 4, column 'Strategy'`."""
    turnaround_practice: int | None
    """1 to 4 where the heading above, or the table row, names the practice."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in a plan, and what was not."""

    strategies: tuple[Strategy, ...]
    sections: tuple[SectionFound, ...]
    notes: tuple[str, ...]
    """What could not be read, was not found or was left out, a line each."""
    grades: tuple[str, ...]
    """Grades the plan says the school serves; empty where it does not say."""


def extract(plan: PlanText, lines: LineModel | None = None) -> Extracted:
    """Find the strategies of a plan, the sections it has and the grades it says it serves.

    Args:
        plan: its text.
        lines: judges lines; by default with the weights of the configured corpus.
    """
    ended: list[str] = []
    if plan.strategies:
        places = [*(block.place for block in plan.blocks), *([Place()] * len(plan.strategies))]
        strategies = tuple(
            Strategy(name, text, str(place), None)
            for (name, text), place in zip(plan.strategies, places)
        )
    else:
        chosen = without_unticked(plan.blocks, ended)
        found = list(_walk(chosen, lines or shipped_lines(), ended))
        strategies = tuple(
            Strategy(f"s{number}", text, str(place), practice)
            for number, (text, place, practice) in enumerate(found, start=1)
        )
    sections = find_sections(plan.blocks)
    stated = set((plan.school or {}).get("grades") or stated_grades(plan.blocks))
    grades = tuple(grade for grade in GRADES if grade in stated)
    return Extracted(strategies, sections, _notes(plan, strategies, sections, ended), grades)


def _notes(
    plan: PlanText,
    strategies: Sequence[Strategy],
    sections: Sequence[SectionFound],
    ended: Sequence[str],
) -> tuple[str, ...]:
    notes = [*plan.unreadable, *ended]
    missing = ", ".join(section.name for section in sections if not section.found)
    if not strategies:
        notes.append("no strategies found: no column, heading or sentence says what will be done")
    if missing:
        notes.append(f"sections not found: {missing}")
    return tuple(notes)


def _walk(
    blocks: Sequence[Block], lines: LineModel, ended: list[str]
) -> Iterator[tuple[str, Place, int | None]]:
    rows = {_row(b.place): n for b in blocks if b.place.row and (n := _row_practice(b))}
    dropped = {_row(b.place) for b in blocks if b.place.row and says_ended(b.text, b.place.header)}
    acting = _acting_columns(blocks, lines)
    titled = {_row(b.place) for b in blocks if b.place.header and is_long(b.text, trust_in(b))}
    section: str | None = None
    practice: int | None = None
    for block in blocks:
        if block.place.section != section:
            section = block.place.section
            practice = practice_number(section) or _kept_practice(section, practice)
        trust = Trust.COLUMN if _column(block.place) in acting else trust_in(block)
        is_over = _row(block.place) in dropped or is_put_aside(section)
        if _row(block.place) in titled and is_title(block.text):
            continue
        for text in _statements(block, trust, lines):
            if is_over or ENDS.search(text):
                ended.append(f"{block.place}: says what ends, not read as a strategy: '{text}'")
            else:
                yield text, block.place, rows.get(_row(block.place), practice)


def _acting_columns(blocks: Sequence[Block], lines: LineModel) -> set[tuple[object, ...]]:
    """Return the columns whose header says nothing and whose cells say what the school does."""
    cells: dict[tuple[object, ...], list[float]] = {}
    for block in blocks:
        header = block.place.header
        if header and role_of_column(header) is None and len(block.text.split()) >= _TELLING_WORDS:
            cells.setdefault(_column(block.place), []).append(lines.logit(block.text))
    acting = (c for c, logits in cells.items() if len(logits) > 1 and fmean(logits) > _ACTING)
    return set(acting)


def _column(place: Place) -> tuple[object, ...]:
    return place.sheet, place.header


def _row(place: Place) -> tuple[object, ...]:
    return place.sheet, place.page, place.table, place.row


def _row_practice(block: Block) -> int | None:
    """Read a cell such as `TP 2` or `2` under `Turnaround Practice`."""
    if block.style is not BlockKind.TABLE_CELL or "turnaround" not in (
        f"{block.place.header} {block.place.label}".lower()
    ):
        return None
    number = re.match(r"\W*([1-4])\b", block.text)
    return int(number[1]) if number else practice_number(block.text)


def _kept_practice(section: str | None, practice: int | None) -> int | None:
    # Headings come without levels: one about the whole plan ends a practice, others stand in it.
    ends = (Role.SUMMARY, Role.OTHER)
    return None if section is None or role_of_heading(section) in ends else practice


def _statements(block: Block, trust: Trust, lines: LineModel) -> Iterator[str]:
    is_item = block.style is BlockKind.LIST_ITEM
    for unit in units(block.text) if trust else ():
        parts = sentences(unit, trust, lines)
        logits = [lines.logit(TITLE.sub("", text)) for text in parts]
        for text, logit in zip(parts, logits):
            title = TITLE.match(text)
            bare = text[title.end() :] if title else text
            logit += _around(logit, logits) if trust <= Trust.CUED else 0.0
            if is_kept(bare, Trust.COLUMN if title else trust, logit, is_item):
                yield from by_name(bare)


def _around(logit: float, logits: Sequence[float]) -> float:
    """Return what the other sentences of a paragraph add: data stands beside data."""
    others = len(logits) - 1
    return _CONTEXT * (sum(logits) - logit) / others if others else 0.0
