"""The Evidence map: outcome areas by grade band, and how many practices were studied there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from recommender.ingest.profiles import OutcomeArea
from recommender.records import Kind
from recommender.search.evidence_map import GRADE_BANDS, MapRow
from service.access import Role, needs
from service.engine import Engine, Snapshot
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.READER)])

# Upper ends of the five shades, by practices with a tier; the last is open.
SHADES = (0, 2, 5, 10, 20)


@dataclass(frozen=True, slots=True)
class Cell:
    """One outcome area in one grade band."""

    href: str
    total: int = field(metadata={"help": "practices studied"})
    tiered: int = field(metadata={"help": "of these, with a tier from 1 to 3 there"})
    tier_1: int
    tier_2: int
    tier_3: int

    @property
    def css(self) -> str:
        """Class of the shade; the numbers say the same."""
        return f"heat-{sum(self.tiered > end for end in SHADES)}"


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One outcome area or one of its domains, all grade bands."""

    name: str
    href: str | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AreaView:
    """An outcome area with its outcome domains."""

    area: AreaRow
    domains: tuple[AreaRow, ...]


@dataclass(frozen=True, slots=True)
class MapPage:
    """What the Evidence map shows."""

    bands: tuple[str, ...] = field(metadata={"help": "columns"})
    areas: tuple[AreaView, ...] = field(metadata={"help": "rows"})
    gaps: tuple[str, ...] = field(metadata={"help": "areas and bands where nothing has a tier"})


@router.get("/evidence-map")
async def show_map(request: Request) -> HTMLResponse:
    """Show the map."""
    engine: Engine = request.app.state.engine
    return await engine.run(_page, request, engine.snapshot)


def _page(request: Request, snapshot: Snapshot) -> HTMLResponse:
    index = snapshot.recommender.index
    page = map_page(snapshot.map_rows, index.areas)
    return render(request, "evidence_map.html", page, manifest=index.manifest)


def map_page(rows: Sequence[MapRow], areas: Sequence[OutcomeArea]) -> MapPage:
    """Return the page record."""
    views = tuple(_area(area, [row for row in rows if row.area == area.name]) for area in areas)
    gaps = (
        f"{view.area.name}, {band}"
        for view in views
        for band, cell in zip(GRADE_BANDS, view.area.cells)
        if not cell.tiered
    )
    return MapPage(tuple(GRADE_BANDS), views, tuple(gaps))


def _area(area: OutcomeArea, rows: Sequence[MapRow]) -> AreaView:
    whole = [row for row in rows if row.outcome_domain is None]
    domains = []
    for name in area.domains:
        of_domain = [row for row in rows if row.outcome_domain == name]
        if of_domain:
            domains.append(AreaRow(name, None, _cells(area, of_domain)))
    href = "/practices?" + urlencode({"area": area.id, "kind": Kind.INTERVENTION.value})
    return AreaView(AreaRow(area.name, href, _cells(area, whole)), tuple(domains))


def _cells(area: OutcomeArea, rows: Sequence[MapRow]) -> tuple[Cell, ...]:
    by_band = {row.grade_band: row for row in rows}
    return tuple(_cell(area, band, by_band.get(band)) for band in GRADE_BANDS)


def _cell(area: OutcomeArea, band: str, row: MapRow | None) -> Cell:
    query = {"area": area.id, "band": band, "kind": Kind.INTERVENTION.value}
    href = "/practices?" + urlencode(query)
    if row is None:
        return Cell(href, 0, 0, 0, 0, 0)
    tiered = row.tier_1 + row.tier_2 + row.tier_3
    return Cell(href, row.total, tiered, row.tier_1, row.tier_2, row.tier_3)
