"""The review queue: what needs a person, by risk."""

from dataclasses import dataclass, field
from itertools import islice

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from service.access import Role, current, needs
from service.store import Scope, Store
from service.store.audit_records import ReviewItem, ReviewState
from service.web.audit_filters import (
    FilterChoices,
    Filters,
    filter_choices,
    is_own_override,
    pages_of,
    queue_items,
    read_filters,
    read_page,
)
from service.web.audit_words import STATE_WORDS, VERDICT_WORDS, risk_words
from service.web.listing import Pages
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

PER_PAGE = 25
SHOWN_CHARACTERS = 240


@dataclass(frozen=True, slots=True)
class QueueLine:
    """One strategy in the queue."""

    href: str
    text: str
    plan_title: str
    plan_href: str
    school: str | None
    district: str | None
    practice: str | None
    tier: int | None
    risk: str
    state: str
    state_words: str
    software: str
    verdict: str
    is_own: bool = field(metadata={"help": "waits for somebody else than the reader"})


@dataclass(frozen=True, slots=True)
class QueuePage:
    """What the queue shows."""

    faults: tuple[str, ...] = field(metadata={"help": "everything wrong with the filters"})
    filters: Filters = field(metadata={"help": "what it is narrowed by"})
    choices: FilterChoices = field(metadata={"help": "what the boxes offer"})
    lines: tuple[QueueLine, ...] = field(metadata={"help": "strategies of this page"})
    total: int = field(metadata={"help": "strategies that pass"})
    waiting: int = field(metadata={"help": "of these, still to decide"})
    pages: Pages = field(metadata={"help": "links to the other pages"})
    is_finished: bool = field(metadata={"help": "the last decision left nothing to read"})


@router.get("/audit/queue")
async def queue(request: Request) -> HTMLResponse:
    """Show a page of the queue."""
    return await run_in_threadpool(_page, request)


def _page(request: Request) -> HTMLResponse:
    store: Store = request.app.state.store
    scope = current(request).scope
    filters, faults = read_filters(request.query_params)
    number = read_page(request.query_params)
    items, total = find_items(store, scope, filters, number)
    page = QueuePage(
        faults=faults,
        filters=filters,
        choices=filter_choices(store, scope),
        lines=tuple(queue_line(item, scope, filters) for item in items),
        total=total,
        waiting=_waiting(store, scope, filters),
        pages=pages_of(filters, "/audit/queue", number, total, PER_PAGE),
        is_finished=bool(request.query_params.get("finished")),
    )
    return render(request, "audit_queue.html", page, 422 if faults else 200)


def find_items(
    store: Store, scope: Scope, filters: Filters, number: int
) -> tuple[tuple[ReviewItem, ...], int]:
    """Return one page of the queue, and how many pass."""
    if not filters.verdict:
        found = store.decisions.queue(
            scope,
            batch_id=filters.batch or None,
            district=filters.district or None,
            state=filters.review_state,
            page=number,
            per_page=PER_PAGE,
        )
        return found.items, found.total
    passing = list(queue_items(store, scope, filters))
    start = (number - 1) * PER_PAGE
    return tuple(islice(passing, start, start + PER_PAGE)), len(passing)


def _waiting(store: Store, scope: Scope, filters: Filters) -> int:
    return store.decisions.queue(
        scope,
        batch_id=filters.batch or None,
        district=filters.district or None,
        state=ReviewState.UNDECIDED,
        per_page=1,
    ).total


def queue_line(item: ReviewItem, scope: Scope, filters: Filters) -> QueueLine:
    """Return one strategy as the queue shows it."""
    text = " ".join(item.text.split())
    if len(text) > SHOWN_CHARACTERS:
        text = text[: SHOWN_CHARACTERS - 1] + "…"
    return QueueLine(
        href=review_href(item, filters),
        text=text or "(no words)",
        plan_title=item.plan_title,
        plan_href=f"/audit/plans/{item.plan_id}",
        school=item.school_name,
        district=item.district,
        practice=item.practice_name,
        tier=item.tier,
        risk=risk_words(item.risk),
        state=item.state.value,
        state_words=STATE_WORDS[item.state],
        software=VERDICT_WORDS[item.software],
        verdict=VERDICT_WORDS[item.verdict],
        is_own=is_own_override(item, scope),
    )


def review_href(item: ReviewItem, filters: Filters, **more: str) -> str:
    """Return the address where a strategy is read and decided."""
    return filters.href("/audit/review", plan=item.plan_id, strategy=item.strategy_id, **more)
