"""Statewide figures as charts drawn by the server, each with its table."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from recommender.plan.verdicts import Verdict
from service.access import Role, current, needs
from service.store import Store
from service.store.audit_records import Figures, VerdictCounts
from service.web.audit_filters import FilterChoices, Filters, filter_choices, read_filters
from service.web.audit_words import VERDICT_WORDS
from service.web.cards import turnaround_labels
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

# Bars of one chart; the table has all.
MOST_BARS = 25
# Geometry in the units of the drawing.
BAR_WIDTH = 420
ROW = 52
MARGIN = 4
# Narrower segments have no room for their number.
ROOM = 22
CHARACTERS = 70


@dataclass(frozen=True, slots=True)
class Segment:
    """One verdict's share of a bar."""

    verdict: str
    words: str
    count: int
    x: float
    width: float
    middle: float
    has_room: bool = field(metadata={"help": "wide enough for its number"})


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart."""

    label: str
    short: str
    y: int
    total: int
    end: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a chart's table."""

    label: str
    plans: int
    strategies: int
    counts: tuple[int, ...] = field(metadata={"help": "by verdict"})


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its table."""

    name: str
    title: str
    height: int
    width: int
    bars: tuple[Bar, ...]
    rows: tuple[TableRow, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """What the figures show."""

    filters: Filters = field(metadata={"help": "what they are narrowed by"})
    choices: FilterChoices = field(metadata={"help": "what the boxes offer"})
    figures: Figures = field(metadata={"help": "the counts"})
    charts: tuple[Chart, ...] = field(metadata={"help": "charts with their tables"})
    verdicts: tuple[tuple[str, str], ...] = field(metadata={"help": "the legend"})


@router.get("/audit/figures")
async def figures(request: Request) -> HTMLResponse:
    """Show the figures."""
    return await run_in_threadpool(_page, request)


def _page(request: Request) -> HTMLResponse:
    store: Store = request.app.state.store
    scope, query = current(request).scope, request.query_params
    filters, _ = read_filters({k: query.get(k, "") for k in ("batch", "district")})
    found = store.statistics.figures(
        scope, batch_id=filters.batch or None, district=filters.district or None
    )
    page = FiguresPage(
        filters=filters,
        choices=filter_choices(store, scope),
        figures=found,
        charts=charts_of(found),
        verdicts=tuple((verdict.value, words) for verdict, words in VERDICT_WORDS.items()),
    )
    return render(request, "audit_figures.html", page)


def charts_of(found: Figures) -> tuple[Chart, ...]:
    """Return the charts: all strategies, by district, by turnaround practice."""
    names = {str(each.number): each.name for each in turnaround_labels((1, 2, 3, 4))}
    served = [(f"{row.label} · {names[row.label]}", row) for row in found.by_turnaround_practice]
    districts = [(row.label or "No district stated", row) for row in found.by_district]
    return (
        make_chart("verdicts", "Strategies by verdict", [("All strategies", found.all)]),
        make_chart("districts", "By district", districts),
        make_chart("practices", "By turnaround practice", served),
    )


def make_chart(name: str, title: str, rows: Sequence[tuple[str, VerdictCounts]]) -> Chart:
    """Return one chart; the longest bars are drawn, the table has every row."""
    most = max((row.strategies for _, row in rows), default=0)
    drawn = sorted(rows, key=lambda each: -each[1].strategies)[:MOST_BARS]
    drawn = [each for each in rows if each in drawn]
    bars = tuple(_bar(n, label, row, most) for n, (label, row) in enumerate(drawn))
    return Chart(
        name=name,
        title=title,
        height=ROW * len(bars) + 2 * MARGIN,
        width=BAR_WIDTH + 50,
        bars=bars,
        rows=tuple(
            TableRow(label, row.plans, row.strategies, tuple(_counts(row).values()))
            for label, row in rows
        ),
        left_out=len(rows) - len(drawn),
    )


def _counts(row: VerdictCounts) -> dict[Verdict, int]:
    return {
        Verdict.MEETS: row.meets,
        Verdict.DOES_NOT_MEET: row.does_not_meet,
        Verdict.NO_EVIDENCE_FOUND: row.no_evidence_found,
        Verdict.NEEDS_REVIEW: row.needs_review,
    }


def _bar(place: int, label: str, row: VerdictCounts, most: int) -> Bar:
    segments: list[Segment] = []
    x = 0.0
    for verdict, count in _counts(row).items():
        width = round(BAR_WIDTH * count / most, 2) if most else 0.0
        if count:
            middle = round(x + width / 2, 2)
            words = VERDICT_WORDS[verdict]
            segments.append(
                Segment(verdict.value, words, count, round(x, 2), width, middle, width >= ROOM)
            )
        x += width
    short = label if len(label) <= CHARACTERS else label[: CHARACTERS - 1].rstrip() + "…"
    return Bar(label, short, MARGIN + place * ROW, row.strategies, round(x + 8, 2), tuple(segments))
