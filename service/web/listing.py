"""The list of all practices: narrowed by what was studied, a page at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from recommender.index.catalogue import Card
from recommender.records import Kind
from recommender.search.evidence_map import GRADE_BANDS
from recommender.search.recommender import Recommender
from service.access import Role, needs
from service.engine import Engine
from service.practices import PracticeFilter, find_practices
from service.web.cards import TurnaroundLabel, turnaround_labels
from service.web.school import SCHOOL_GRADES
from service.web.templating import practice_url, render
from service.web.words import KIND_WORDS, TierLabel, grade_phrase, tier_label

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.READER)])

PER_PAGE = 25
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of a select box."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the list is narrowed by; empty means anything."""

    q: str = field(default="", metadata={"help": "words of the name or of another name"})
    tier: str = field(default="", metadata={"help": "headline tier"})
    tp: str = field(default="", metadata={"help": "turnaround practice"})
    kind: str = field(default="", metadata={"help": "program or guide recommendation"})
    grade: str = field(default="", metadata={"help": "a grade studied"})
    area: str = field(default="", metadata={"help": "outcome area"})
    band: str = field(default="", metadata={"help": "grade band of the evidence map"})
    family: str = field(default="", metadata={"help": "family of practices"})

    def said(self) -> dict[str, str]:
        """Return what narrows, as query parameters."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Line:
    """One practice in the list."""

    name: str
    href: str
    kind: str
    tier: TierLabel
    summary: str | None
    grades: str
    positive: int
    main: int


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in the list this page is."""

    page: int
    last: int
    previous_href: str | None
    next_href: str | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """What the list shows."""

    narrowing: Narrowing = field(metadata={"help": "the form as it was sent"})
    faults: tuple[str, ...] = field(metadata={"help": "everything wrong with the form"})
    choices: Mapping[str, tuple[Choice, ...]] = field(metadata={"help": "of each select box"})
    lines: tuple[Line, ...] = field(metadata={"help": "practices of this page"})
    total: int = field(metadata={"help": "practices that pass"})
    pages: Pages = field(metadata={"help": "links to the other pages"})


@router.get("/practices")
async def practices(request: Request) -> HTMLResponse:
    """Show a page of the list."""
    engine: Engine = request.app.state.engine
    return await engine.run(_page, request, engine.recommender)


def _page(request: Request, recommender: Recommender) -> HTMLResponse:
    page = list_page(dict(request.query_params), recommender)
    status = 422 if page.faults else 200
    return render(request, "practices.html", page, status, recommender.index.manifest)


def list_page(query: Mapping[str, str], recommender: Recommender) -> ListPage:
    """Return the page record of a query; with faults the list is not narrowed by them."""
    choices = choices_of(recommender)
    faults: list[str] = []
    given = {name: _text(query.get(name, "")) for name in Narrowing.__dataclass_fields__}
    for name, allowed in choices.items():
        if given[name] and given[name] not in {choice.value for choice in allowed}:
            faults.append(f"{name}: “{given[name][:40]}” is not one of the choices")
            given[name] = ""
    narrowing = Narrowing(**given)
    found = find_narrowed(recommender.index.cards, narrowing)
    last = max(1, ceil(len(found) / PER_PAGE))
    number = _number(query.get("page", ""), last, faults)
    start = (number - 1) * PER_PAGE
    return ListPage(
        narrowing=narrowing,
        faults=tuple(faults),
        choices=choices,
        lines=tuple(_line(card) for card in found[start : start + PER_PAGE]),
        total=len(found),
        pages=_pages(narrowing, number, last),
    )


def find_narrowed(cards: Sequence[Card], wanted: Narrowing) -> list[Card]:
    """Return the practices that pass, sorted by name."""
    plain = PracticeFilter(
        text=wanted.q or None,
        tier=int(wanted.tier) if wanted.tier else None,
        turnaround_practice=int(wanted.tp) if wanted.tp else None,
        grade=wanted.grade or None,
    )
    return [card for card in find_practices(cards, plain) if _passes(card, wanted)]


def _passes(card: Card, wanted: Narrowing) -> bool:
    practice = card.practice
    if wanted.kind and practice.kind != wanted.kind:
        return False
    if wanted.area and wanted.area not in card.areas:
        return False
    if wanted.family and (card.profile is None or card.profile.family != wanted.family):
        return False
    band = GRADE_BANDS[wanted.band] if wanted.band else ()
    return not band or not set(practice.sample.grades).isdisjoint(band)


def choices_of(recommender: Recommender) -> dict[str, tuple[Choice, ...]]:
    """Return what each select box offers."""
    families = {
        card.profile.family: card.family_name or card.profile.family
        for card in recommender.index.cards
        if card.profile
    }
    labels: tuple[TurnaroundLabel, ...] = turnaround_labels((1, 2, 3, 4))
    return {
        "tier": tuple(Choice(str(tier), f"Tier {tier}") for tier in (1, 2, 3)),
        "tp": tuple(Choice(str(t.number), f"{t.number} · {t.name}") for t in labels),
        "kind": tuple(Choice(kind.value, KIND_WORDS[kind]) for kind in Kind),
        "grade": tuple(Choice(grade, grade) for grade in SCHOOL_GRADES),
        "area": tuple(Choice(area.id, area.name) for area in recommender.index.areas),
        "band": tuple(Choice(band, band) for band in GRADE_BANDS),
        "family": tuple(
            Choice(*item) for item in sorted(families.items(), key=lambda item: item[1].lower())
        ),
    }


def _text(value: str) -> str:
    return value.strip()[:MAX_TEXT]


def _number(value: str, last: int, faults: list[str]) -> int:
    if not value:
        return 1
    if not (value.isascii() and value.isdigit() and len(value) <= 4) or not int(value):
        faults.append(f"page: “{value[:40]}” is no page number")
        return 1
    return min(int(value), last)


def _pages(narrowing: Narrowing, number: int, last: int) -> Pages:
    def href(page: int) -> str:
        return "/practices?" + urlencode({**narrowing.said(), "page": page})

    return Pages(
        number,
        last,
        href(number - 1) if number > 1 else None,
        href(number + 1) if number < last else None,
    )


def _line(card: Card) -> Line:
    practice = card.practice
    counts = practice.counts
    return Line(
        name=practice.name,
        href=practice_url(practice.practice_id),
        kind=KIND_WORDS[practice.kind],
        tier=tier_label(practice.tier, practice.tier_source, practice.tier_confirmed),
        summary=card.profile.summary if card.profile else None,
        grades=grade_phrase(practice.sample.grades) if practice.sample.grades else "",
        positive=counts.positive,
        main=counts.positive + counts.null + counts.negative + counts.unknown,
    )
