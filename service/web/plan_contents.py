"""A plan as parts of paragraphs, lists and tables: what all three kinds of file hold."""

from collections.abc import Iterable
from dataclasses import dataclass

from service.web.plan_context import PlanView, StrategyView
from service.web.plan_words import DECIDES


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; `widths` are shares of the page."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the file under its heading."""

    heading: str
    sheet: str
    """A short name, for a sheet of a workbook."""
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole file."""

    title: str
    subtitle: str
    parts: tuple[Part, ...]
    ending: str


def make_contents(view: PlanView) -> Contents:
    """Gather what the files hold; parts with nothing in them are left out."""
    parts = (
        _check(view), _strategies(view), _evidence(view), _coverage(view), *_years(view),
        _challenges(view), _measures(view), _calendar(view), _reflection(view),
    )  # fmt: skip
    return Contents(
        title=_clean(view.written.title),
        subtitle=_clean(_school(view)),
        parts=tuple(part for part in parts if part.paragraphs or part.points or part.table),
        ending=DECIDES,
    )


def _school(view: PlanView) -> str:
    said = (view.written.school_name, view.written.district, view.school.in_words())
    return ". ".join(part for part in said if part) or "School not described"


def _check(view: PlanView) -> Part:
    check = view.check
    if check is None:
        words: tuple[str, ...] = ("The plan has not been checked yet.",)
        return Part("The check", "Check", words)
    counts = "; ".join(f"{label.words}: {count}" for label, count in check.counts if count)
    stale = "" if check.is_current else " The plan or the evidence has changed since."
    return _part("The check", "Check", (
        f"{check.label.words}. {check.flag}",
        f"Rule: {check.rule}, which {check.asks}.",
        f"Strategies. {counts}.",
        f"Checked on {check.checked_on} with evidence of {check.evidence_date} "
        f"(index {check.build_id}).{stale}",
        DECIDES,
    ))  # fmt: skip


def _strategies(view: PlanView) -> Part:
    rows = (
        (str(one.number), one.text, one.label.words if one.label else "Not checked", one.tier or "",
         _practice(one))
        for one in view.strategies
    )  # fmt: skip
    heads = ("No.", "Strategy", "What the check says", "Tier in this school", "Practice")
    return _part("Strategies", "Strategies", table=_table(heads, rows, (6, 40, 20, 14, 20)))


def _practice(one: StrategyView) -> str:
    if one.practice:
        return f"nearest: {one.practice}" if one.is_candidate else one.practice
    return one.added_from or ""


def _evidence(view: PlanView) -> Part:
    rows = (
        (str(one.number), " ".join(one.reasons), one.question or "", _behind(one),
         "; ".join(f"{s.name} ({s.tier})" for s in one.suggestions))
        for one in view.strategies
        if one.label
    )  # fmt: skip
    heads = ("No.", "Why", "Question for a person", "Deciding evidence", "Could serve the same aim")
    table = _table(heads, rows, (6, 28, 22, 24, 20))
    return _part("Reasons and evidence", "Evidence", table=table)


def _behind(one: StrategyView) -> str:
    if one.citation:
        return f"{one.outcome}: {one.citation}"
    return one.guide_url or ""


def _coverage(view: PlanView) -> Part:
    points = []
    if view.check:
        points += [f"Served: {p.number} {p.name}" for p in view.check.covered]
        points += [f"Not served by any strategy: {p.number} {p.name}" for p in view.check.missing]
    for section in view.sections:
        where = f"found ({section.place})" if section.found else "not found"
        points.append(f"Section “{section.name}”: {where}")
    return _part("What the plan covers", "Coverage", points=points)


def _years(view: PlanView) -> Iterable[Part]:
    for year in view.outline.years:
        points = [f"{part.practice}. {' '.join(part.points)}" for part in year.parts]
        own = view.note(f"year-{year.number}")
        heading = f"Year {year.number}: {year.title}"
        yield _part(heading, f"Year {year.number}", (year.aim, *own.splitlines()), points)


def _challenges(view: PlanView) -> Part:
    points = [
        f"{one.practice}: {said}" for one in view.outline.challenges for said in one.watch_for
    ]
    return _part(
        "Anticipated challenges", "Challenges", view.note("challenges").splitlines(), points
    )


def _measures(view: PlanView) -> Part:
    rows = (
        (one.practice, domain.domain, "; ".join(name for name, _ in domain.used))
        for one in view.outline.measures
        for domain in one.domains
    )
    table = _table(("Practice", "Outcome", "Measures used in its studies"), rows, (26, 26, 48))
    return _part("Measures", "Measures", view.note("measures").splitlines(), table=table)


def _calendar(view: PlanView) -> Part:
    rows = (
        (line.beat.period.capitalize(), line.beat.who, line.beat.what,
         view.note(f"calendar-{line.beat.period}"), line.source)
        for line in view.calendar
    )  # fmt: skip
    heads = ("How often", "Who", "What", "In our school", "Source")
    return _part("Monitoring calendar", "Calendar", table=_table(heads, rows, (12, 22, 28, 22, 16)))


def _reflection(view: PlanView) -> Part:
    answers = [
        f"{one.ask} {view.note(f'reflection-{one.id}')}"
        for one in view.reflection
        if view.note(f"reflection-{one.id}")
    ]
    decided = [
        f"Strategy {one.number}: {view.note(f'decision-{one.strategy_id}')}"
        for one in view.strategies
        if view.note(f"decision-{one.strategy_id}")
    ]
    return _part("Yearly reflection", "Reflection", answers, decided)


def _part(
    heading: str,
    sheet: str,
    paragraphs: Iterable[str] = (),
    points: Iterable[str] = (),
    table: Table | None = None,
) -> Part:
    return Part(
        heading,
        sheet,
        tuple(_clean(text) for text in paragraphs if text.strip()),
        tuple(_clean(text) for text in points),
        table,
    )


def _table(
    heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], widths: tuple[int, ...]
) -> Table | None:
    cells = [[_clean(cell) for cell in row] for row in rows]
    # A column that says nothing in this plan only takes room from the others.
    used = [at for at in range(len(heads)) if any(row[at] for row in cells)]
    if not used:
        return None
    return Table(
        tuple(heads[at] for at in used),
        tuple(tuple(row[at] for at in used) for row in cells),
        tuple(widths[at] for at in used),
    )


def _clean(text: str) -> str:
    """Leave out what no file format can hold; line ends stay."""
    return "".join(char for char in text if char == "\n" or _is_text(char))


def _is_text(char: str) -> bool:
    return char.isprintable() or char in "\u00a0\u200c\u200d\u00ad"
