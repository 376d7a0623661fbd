"""The text of a plan -> its strategies, in its own words and each with its place.

The line model says how much a statement tells what the school does, rather than a goal, a measure,
data, a cause or boilerplate. The less its place vouches for it, the more it must say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

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
from recommender.plan.statements import ENDS, IMPERATIVE, TITLE, is_kept, trust_in
from recommender.records import GRADES

# Cells of fewer words say too little to judge a column by.
_TELLING_WORDS = 3
# Share of the mean log odds of the other sentences of a paragraph that counts for each.
_CONTEXT = 0.35
# Mean log odds of its cells from which a column without a telling header is one of strategies.
_ACTING = 0.5
# Characters that tell whether a sentence says something new, and in which names are looked for.
_READ_AHEAD = 300


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


def _re(words: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile(words, flags)


_MARK = r"(?:[•●▪■◦○‣⁃∙·➢✓❖*–—-]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s+"
_MARKS = _re(rf"^(?:{_MARK})+")
_GOES_ON = _re(
    r"(?:and |or )?(?:(?:daily|weekly|monthly|quarterly|twice|once|(?:each|every) (?:day|week"
    r"|month|term|year|morning)|led by|(?:grades?|gr\.?) [\dk]|\d+[\s–-]*(?:\d+\s*)?(?:x\b|min|hour"
    r"|times|session|days|weeks|students))|(?-i:for|with|in|by|using|from|to|on|at|during|including"
    r"|such as|which|who|that)\b|\()"
)
_OPEN_END = _re(r"(?:[,&/-]|\b(?:and|or|of|with|for|the|a|to|in|by))$")
_INLINE = _re(r";\s+|(?<=\s)•\s|(?<=\s)\(\d\)\s")
_SENTENCE = _re(r"(?<![ei]\.[ge]\.)(?<!\b[DM][rs]\.)(?<!\bvs\.)(?<=[.!?])\s+(?=[A-Z])", re.NOFLAG)
_DANGLING = _re(r"(?:this|these|they|it|sessions?|groups?|meetings?)\b")

# Subjects, groups, tests, months, places of a school day: capitals that name no programme.
_NOT_NAMES = frozenset(
    """ela math mathematics reading writing science english spanish history social art music iep
    ieps el els ell ells mll mlls swd swds esl sei grade grades tier kindergarten principal
    assistant teacher teachers coach school schools district dese mcas dibels map k pd plc plcs ilt
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday spring fall winter summer black white hispanic latino asian
    i we all""".split()  # noqa: SIM905
)
_WORD = r"(?:[A-Z0-9][\w'’/&+-]*|[a-z]-[A-Z]\w*)"
_NAME = rf"{_WORD}(?: (?:(?:of|for|the|to|in|&) )?{_WORD}){{0,4}}(?: \([^()]{{1,30}}\))?"
_NAMES = re.compile(rf"{_NAME}(?:, {_NAME})*,? and {_NAME}")
_NAME_BREAK = re.compile(r",? and |, ")
# A line that starts with capitals starts with a name only if they are more than its first letter.
_OWN_NAME = re.compile(r"\S*\w[A-Z]|\S+ \S|\S*\d")
_NOT_BEFORE_NAMES = re.compile(r"\b(?:at|from|by|grades?)\s$", re.IGNORECASE)


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
        found = list(_walk(plan.blocks, lines or shipped_lines(), ended))
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
    dropped = {_row(b.place) for b in blocks if b.place.row and says_ended(b.text)}
    acting = _acting_columns(blocks, lines)
    section: str | None = None
    practice: int | None = None
    for block in blocks:
        if block.place.section != section:
            section = block.place.section
            practice = practice_number(section) or _kept_practice(section, practice)
        trust = Trust.COLUMN if _column(block.place) in acting else trust_in(block)
        is_over = _row(block.place) in dropped or is_put_aside(section)
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
    for unit in _units(block.text) if trust else ():
        sentences = _sentences(unit, trust, lines)
        logits = [lines.logit(TITLE.sub("", text)) for text in sentences]
        for text, logit in zip(sentences, logits):
            title = TITLE.match(text)
            bare = text[title.end() :] if title else text
            logit += _around(logit, logits) if trust <= Trust.CUED else 0.0
            if is_kept(bare, Trust.COLUMN if title else trust, logit, is_item):
                yield from _by_name(bare)


def _around(logit: float, logits: Sequence[float]) -> float:
    """Return what the other sentences of a paragraph add: data stands beside data."""
    others = len(logits) - 1
    return _CONTEXT * (sum(logits) - logit) / others if others else 0.0


def _units(text: str) -> Iterator[str]:
    """Cut at lines, bullets and semicolons where something new begins; words stay as they are."""
    lines = [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
    folded, cuts, start = " ".join(lines), {0}, 0
    for before, line in pairwise(["", *lines]):
        if _starts_anew(line, before):
            cuts.add(start)
        start += len(line) + 1
    cuts.update(_inline_cuts(folded))
    for begin, end in pairwise(sorted(cuts | {len(folded)})):
        if unit := _MARKS.sub("", folded[begin:end].strip(" ;•")).strip(" ;•"):
            yield unit.removeprefix("and ")


def _starts_anew(line: str, before: str) -> bool:
    if _MARKS.match(line):
        return True
    return not (line[0].islower() or _GOES_ON.match(line) or _OPEN_END.search(before))


def _inline_cuts(folded: str) -> Iterator[int]:
    depth = end = 0
    for match in _INLINE.finditer(folded):
        depth += folded.count("(", end, match.start()) - folded.count(")", end, match.start())
        end = match.end() if match[0][0] == "(" else match.start()
        if depth <= 0 and match[0][0] != ";":
            yield match.start()
        elif depth <= 0 and _begins(folded[match.end() :]):
            yield match.end()


def _begins(rest: str) -> bool:
    """Tell whether what follows a semicolon is a strategy of its own, not more about the first."""
    return not _GOES_ON.match(rest) and (not rest[:1].islower() or bool(IMPERATIVE.match(rest)))


def _sentences(unit: str, trust: Trust, lines: LineModel) -> list[str]:
    """Cut running text into sentences, and a list item where a further sentence acts as well."""
    begins = [0]
    for match in _SENTENCE.finditer(unit):
        rest = _SENTENCE.split(unit[match.end() : match.end() + _READ_AHEAD])[0]
        goes_on = _GOES_ON.match(rest) or _DANGLING.match(rest)
        if not goes_on and (trust <= Trust.CUED or lines.logit(rest) > 0):
            begins.append(match.end())
    return [unit[begin:end].strip() for begin, end in zip(begins, [*begins[1:], len(unit)])]


def _by_name(text: str) -> Iterator[str]:
    """Cut a line that names several programmes after each name; one strategy stays whole."""
    verb = IMPERATIVE.match(text)
    for match in _NAMES.finditer(text[:_READ_AHEAD], verb.end() if verb else 0):
        names = _NAME_BREAK.split(match[0])
        before, after = text[: match.start()], text[match.end() :]
        own = before or all(map(_OWN_NAME.match, names))
        if own and all(map(_is_name, names)) and not _is_subject(before, after):
            breaks = list(_NAME_BREAK.finditer(text, match.start(), match.end()))
            begins = [0, *(each.end() for each in breaks)]
            ends = [*(each.start() for each in breaks), len(text)]
            yield from (text[begin:end] for begin, end in zip(begins, ends))
            return
    yield text


def _is_name(text: str) -> bool:
    first = re.findall(r"[\w'’-]+", text)[0].lower()
    return first not in _NOT_NAMES and bool(re.search(r"[A-Z]", text))


def _is_subject(before: str, after: str) -> bool:
    return bool(_NOT_BEFORE_NAMES.search(before) or re.match(r"\s+(?:will|shall|staff)\b", after))
