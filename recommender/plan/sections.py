"""What the words of a plan announce: its headings, columns and labels, and its statements.

Only words are read, never quality: a section is found where a heading or label names it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from recommender.plan.readers import Block, BlockKind
from recommender.records import GRADES
from recommender.search.query import mentioned_grades

# A text longer than this is no heading that somebody typed as a paragraph.
_HEADING_WORDS = 4
# "Challenges: ..." opens a section in a plan of bullets; only the words before the colon count.
_LABEL = re.compile(r"^\W*([^:\n]{2,60}):")


class Trust(IntEnum):
    """How much a place says that its statements are strategies."""

    NONE = 0
    ACTING = 1
    """Only what plainly acts is kept: "We will adopt ..."."""
    CUED = 2
    """Running text: what acts, or says how often."""
    LISTED = 3
    """Lists, and text under a heading for strategies: all but what is plainly something else."""
    COLUMN = 4
    """A column or field for strategies: all but goals and filler."""


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
        r"|what (?:we will|will we) do|road ?map|^\W*year [1-3]\b")),
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

_GRADES_LINE = cue_pattern(
    r"^\W*(?:school )?grades?\s*:|\b(?:school|plan)\b[^.;|]*[.;|] grades?\s*:|\bschool \(grades? "
    r"|\bgrades?(?: levels?)? served|\bgrade (?:span|levels?)\s*:"
    r"|^\W*grades? .{1,24},\s*[\d,]+ stud"
    r"|\bserv(?:es?|ing) (?:[\w,]+ ){0,3}(?:in )?(?:grades?|kindergarten|pre-?k|k)\b"
    r"|\b(?:pre-?k|pk|k|\d{1,2})\s?[-–]\s?\d{1,2} (?:(?:elementary|middle|high|public) )*school\b"
)
# The head of a plan also says it so; further down the words may speak of one strategy.
_GRADES_HEAD = cue_pattern(
    r"^(?!.*\b(?:for|at|with|in|from|to) (?:the|a|our)\b)[^.;|]*"
    r"\b(?:school|academy|center|plan)[\s,:|(–—-]{1,4}(?:serving )?grades? [^.;|]{1,24}$"
)
_HEAD_STYLES = (BlockKind.HEADING, BlockKind.PARAGRAPH)
HEAD_BLOCKS = 8
# A colon or a further word parts the grades from the word that says they are grades.
_GRADES_WORDS = cue_pattern(r"\bgrades?(?: levels?)?(?: served| span)?\s*:?\s*")
_GRADES_LABEL = cue_pattern(r"^\W*grades?(?: levels?)?(?: served| span)?\W*$|^\W*grade span\W*$")


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


def stated_grades(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Return the grades of lines that say which grades the school serves, in school order."""
    found = {grade for block in blocks for grade in _grades_line(block)}
    if not found:
        head = [b.text for b in blocks[:HEAD_BLOCKS] if b.style in _HEAD_STYLES]
        found = {g for text in head if _GRADES_HEAD.search(text) for g in mentioned_grades(text)}
    return tuple(grade for grade in GRADES if grade in found)


def _grades_line(block: Block) -> Iterable[str]:
    place = block.place
    labelled = any(_GRADES_LABEL.search(name) for name in (place.label, place.header) if name)
    if labelled or _GRADES_LINE.search(block.text):
        text = _GRADES_WORDS.sub("grades ", block.text)
        yield from mentioned_grades(f"grades {text}" if labelled else text)


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
