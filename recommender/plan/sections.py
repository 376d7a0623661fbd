"""What the words of a plan announce: its headings, columns and labels, and its statements.

Only words are read, never quality: a section is found where a heading or label names it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from recommender.plan.readers import Block, BlockKind

# A text longer than this is no heading that somebody typed as a paragraph.
_HEADING_WORDS = 4
# "Challenges: ..." opens a section in a plan of bullets; only the words before the colon count.
_LABEL = re.compile(r"^\W*([^:\n]{2,60}):")


class Trust(IntEnum):
    """How much a place says that its statements are strategies."""

    NONE = 0
    DOUBTED = 1
    """Under a heading for persons, dates or costs."""
    ACTING = 2
    """Under a heading for goals, causes or challenges, or in a column that says nothing."""
    CUED = 3
    """Running text."""
    LISTED = 4
    """Lists, and text under a heading for strategies."""
    COLUMN = 5
    """A column or field for strategies."""


class Role(StrEnum):
    """What stands under a heading, in a column or after a label."""

    STRATEGY = "strategy"
    GOALS = "goals"
    """Goals in a column, after a label, or under a heading in the plural."""
    ONE_GOAL = "one goal"
    """A heading such as `Goal 1: Reading`, under which its strategies often stand."""
    CAUSES = "root causes and data"
    SUMMARY = "summary, considerations and challenges"
    OTHER = "measures, persons, dates, costs, mission, signatures"


@dataclass(frozen=True, slots=True)
class SectionFound:
    """Whether a plan has a section that the state's guidance names, and where."""

    name: str
    found: bool
    place: str | None


def cue_pattern(words: str) -> re.Pattern[str]:
    """Compile cue words, capitals ignored."""
    return re.compile(words, re.IGNORECASE)


# The first match decides, so "Evidence-based strategy" is a strategy and "Evidence of the
# strategy" is not.
_ROLES = (
    (Role.OTHER, cue_pattern(
        r"^\W*(?:who\b|stakeholders?\b|members\b|when\b|evidence\b(?!-)|measur|benchmark|indicator"
        r"|metric|persons?\b|people|lead\b|leads\b|owner|staff\b|responsib|time|due\b|start\b|end\b|date|deadline"
        r"|budget|cost|fund|resource|status|progress|monitor|how will we (?:know|measure)"
        r"|strateg(?:y|ies) (?:lead|owner|timeline|budget|cost|status)|action (?:lead|owner)"
        r"|success criteria|outcome|expected|target|baseline)")),
    (Role.CAUSES, cue_pattern(
        r"root[- ]cause|needs? assessment|\bneeds\b|data (?:analysis|summary|review|statement)"
        r"|^\W*(?:data|problem|rationale|why\b|current (?:state|reality|performance))"
        r"|problem statement|areas? of (?:concern|need)|^\W*strengths?\b")),
    (Role.SUMMARY, cue_pattern(
        r"executive summary|at a glance|implementation (?:considerations?|conditions)"
        r"|conditions for|\bchallenges?\b|\bbarriers?\b|\bobstacles?\b|\brisks?\b")),
    (Role.STRATEGY, cue_pattern(
        r"\bstrateg(?:y|ies)\b|\binitiatives?\b|\binterventions?\b|\bactivit(?:y|ies)\b"
        r"|\bactions?\b(?! plan)|\baction plan\b|\bsteps\b|\bturnaround practice"
        r"|what (?:\w+ ){1,5}?(?:do|doing|try|start|change)\b|road ?map|^\W*year [1-3]\b")),
    (Role.ONE_GOAL, cue_pattern(
        r"^\W*(?:smart )?(?:goal|(?:strategic )?objective|priority|focus area)\s*#?\d")),
    (Role.GOALS, cue_pattern(r"\bgoals?\b|\bobjectives?\b|\bbenchmarks?\b|\btargets?\b")),
    (Role.OTHER, cue_pattern(
        r"\bmission\b|\bvision\b|core values|signature|approv|contact|school council"
        r"|(?:planning|leadership|improvement) team\b|committee|table of contents|appendix"
        r"|monitor|responsible|timeline|evidence of|measure|budget|funding|school profile"
        r"|demographic|enrol+ment|school code")),
)  # fmt: skip
_COLUMN_GOAL = cue_pattern(r"^\W*(?:smart )?(?:goal|(?:strategic )?objective)s?\b(?!.*\b(?:strateg"
                        r"(?:y|ies)\b|initiative|action))")  # fmt: skip

# Under these stands what a school does not do, or does no longer.
_PUT_ASIDE = cue_pattern(
    r"\b(?:discontinued?|dropped(?! out)|retired|no longer|phas(?:ed|ing) out|abandoned|set aside"
    r"|parking lot|not (?:adopted|chosen|selected|pursued|continu\w+|doing|moving)"
    r"|considered|tried before"
    r"|what we (?:have )?(?:tried|stopped|dropped|used to|will not|won't|are not)|letting go"
    r"|(?:past|prior|previous|earlier) (?:efforts|initiatives|strategies|programs|actions|plans?)"
    r")\b"
)
# A cell under another header says it of its row only where it says nothing else: "Dropped 5
# points" is data.
_STATUS = cue_pattern(r"\b(?:status|state|notes?|progress|update|comments?|decision|y/n)\b")
_ENDED_WORDS = 3
_ENDED_CELL = cue_pattern(
    r"^\W*(?:dropped|discontinued|cancel+ed|abandoned|ended|withdrawn|removed|scrapped|no longer"
    r"|not (?:funded|approved|adopted|continu\w+|renewed|happening|doing))\b"
)

# Names as in corpus/turnaround_practices.yaml, cut to what a heading keeps of them.
_PRACTICES = (
    (1, cue_pattern(r"leadership,? shared responsibility")),
    (2, cue_pattern(r"intentional practices")),
    (3, cue_pattern(r"student[- ]specific supports?")),
    (4, cue_pattern(r"school climate (?:and|&) culture|^\W*climate (?:and|&) culture")),
)
_NUMBERED_PRACTICE = cue_pattern(r"\b(?:turnaround practice|TP)(?: area)?\s*#?\s*([1-4])\b")

_SECTIONS = (
    ("three-year roadmap", cue_pattern(
        r"road ?map|(?:three|3|multi)[- ]year (?:plan\b|overview|outlook|timeline|imple)")),
    ("implementation considerations", cue_pattern(
        r"implementation (?:considerations?|conditions)|^\W*considerations\b|conditions for ")),
    ("anticipated challenges", cue_pattern(
        r"(?:anticipated|potential|possible|expected|likely) (?:challenge|barrier|obstacle|risk)"
        r"|^\W*(?:challenges?|barriers?|obstacles?|risks?)\b")),
    ("goals and benchmarks", cue_pattern(r"\bgoals?\b|\bbenchmarks?\b")),
    ("executive summary", cue_pattern(r"executive summary|^\W*(?:plan )?summary\b|at a glance")),
    ("monitoring", cue_pattern(r"\bmonitor|progress (?:check|review)")),
)  # fmt: skip
_YEAR = cue_pattern(r"\byear\s*(?:(1|one)|(2|two)|(3|three))\b")


def role_of_heading(text: str | None) -> Role | None:
    """Tell what a heading announces; `None` where its words do not say."""
    if not text:
        return None
    if practice_number(text):
        return Role.STRATEGY
    return next((role for role, pattern in _ROLES if pattern.search(text)), None)


def role_of_column(text: str | None) -> Role | None:
    """Tell what stands under a column's header or after a label; a goal there is never a title."""
    if text and _COLUMN_GOAL.search(text):
        return Role.GOALS
    role = role_of_heading(text)
    return Role.GOALS if role is Role.ONE_GOAL else role


def is_put_aside(heading: str | None) -> bool:
    """Tell whether a heading says that the school does not do what stands under it."""
    return bool(heading and _PUT_ASIDE.search(heading))


def says_ended(cell: str, header: str | None) -> bool:
    """Tell whether a cell such as a status says that its row was dropped."""
    is_status = bool(header and _STATUS.search(header))
    is_short = len(cell.split()) <= _ENDED_WORDS and not re.search(r"%|\bpoints?\b", cell)
    return (is_status or is_short) and bool(_ENDED_CELL.search(cell))


def practice_number(text: str | None) -> int | None:
    """Return the turnaround practice that a heading names by number or by name."""
    if not text:
        return None
    if match := _NUMBERED_PRACTICE.search(text):
        return int(match[1])
    return next((number for number, pattern in _PRACTICES if pattern.search(text)), None)


def find_sections(blocks: Sequence[Block]) -> tuple[SectionFound, ...]:
    """List the sections of the state's guidance, each found or not found."""
    titles = [(title, str(block.place)) for block in blocks for title in _titles(block)]
    return tuple(_find_section(name, pattern, titles) for name, pattern in _SECTIONS)


def _find_section(
    name: str, pattern: re.Pattern[str], titles: Sequence[tuple[str, str]]
) -> SectionFound:
    place = next((place for title, place in titles if pattern.search(title)), None)
    if place is None and name == "three-year roadmap":
        place = _three_years(titles)
    return SectionFound(name, place is not None, place)


def _three_years(titles: Sequence[tuple[str, str]]) -> str | None:
    years: dict[int | None, str] = {}
    for title, place in titles:
        for match in _YEAR.finditer(title):
            years.setdefault(match.lastindex, place)
    return years[1] if len(years) == 3 else None


def _titles(block: Block) -> Iterator[str]:
    """Yield the words of a block that can name a section."""
    text = " ".join(block.text.split())
    if block.style is BlockKind.HEADING:
        yield text
    elif match := _LABEL.match(text):
        yield match[1]
    elif block.style is not BlockKind.TABLE_CELL and len(text.split()) <= _HEADING_WORDS:
        yield text
    if block.place.label:
        yield block.place.label
