"""The plans that an auditor may see: the list, and one plan with all its strategies."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from recommender.plan.verdicts import Verdict
from service.access import Role, current, needs
from service.store import Scope, Store
from service.store.audit_records import ReviewItem
from service.store.records import CheckResult, PlanSummary, StoredPlan
from service.web.audit_filters import (
    FilterChoices,
    Filters,
    filter_choices,
    pages_of,
    read_filters,
    read_page,
)
from service.web.audit_queue import QueueLine, queue_line
from service.web.audit_review import PastDecision, past_decision
from service.web.audit_words import ANSWER_WORDS, VERDICT_WORDS, moment
from service.web.cards import TurnaroundLabel, turnaround_labels
from service.web.listing import Pages
from service.web.templating import render
from service.web.words import grade_phrase

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

PlanId = Annotated[str, Path(max_length=100)]
PER_PAGE = 50
MAX_TEXT = 200


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One plan in the list."""

    href: str
    title: str
    school: str | None
    district: str | None
    strategies: int
    meets: int
    undecided: int
    answer: str


@dataclass(frozen=True, slots=True)
class PlansPage:
    """What the list of plans shows."""

    filters: Filters = field(metadata={"help": "what it is narrowed by"})
    text: str = field(metadata={"help": "words of title and school"})
    choices: FilterChoices = field(metadata={"help": "what the boxes offer"})
    lines: tuple[PlanLine, ...] = field(metadata={"help": "plans of this page"})
    total: int = field(metadata={"help": "plans that pass"})
    pages: Pages = field(metadata={"help": "links to the other pages"})


@dataclass(frozen=True, slots=True)
class StrategyDecision:
    """A decision in a plan's history."""

    strategy_id: str
    past: PastDecision


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What the page of one plan shows."""

    title: str = field(metadata={"help": "title of the plan"})
    facts: tuple[tuple[str, str], ...] = field(metadata={"help": "school, rule, index and so on"})
    answer: str = field(metadata={"help": "does a strategy meet, after the decisions"})
    lines: tuple[tuple[str, QueueLine], ...] = field(metadata={"help": "id and strategy"})
    missing: tuple[TurnaroundLabel, ...] = field(metadata={"help": "practices no strategy serves"})
    sections: tuple[str, ...] = field(metadata={"help": "sections that were not found"})
    notes: tuple[str, ...] = field(metadata={"help": "what the reader of the file noted"})
    decisions: tuple[StrategyDecision, ...] = field(metadata={"help": "first to last"})
    compare_href: str = field(metadata={"help": "beside last year's plan"})


@router.get("/audit/plans")
async def plans(request: Request) -> HTMLResponse:
    """Show a page of the list."""
    return await run_in_threadpool(_plans, request)


def _plans(request: Request) -> HTMLResponse:
    store: Store = request.app.state.store
    scope, query = current(request).scope, request.query_params
    filters, _ = read_filters({k: query.get(k, "") for k in ("batch", "district")})
    text = " ".join(query.get("text", "").replace("\0", "").split())[:MAX_TEXT]
    number = read_page(query)
    found = store.plans.list(
        scope,
        batch_id=filters.batch or None,
        district=filters.district or None,
        text=text or None,
        page=number,
        per_page=PER_PAGE,
    )
    pages = pages_of(filters, "/audit/plans", number, found.total, PER_PAGE)
    page = PlansPage(
        filters=filters,
        text=text,
        choices=filter_choices(store, scope),
        lines=tuple(map(plan_line, found.items)),
        total=found.total,
        pages=_with_text(pages, filters, text),
    )
    return render(request, "audit_plans.html", page)


def _with_text(pages: Pages, filters: Filters, text: str) -> Pages:
    if not text:
        return pages
    before, after = (
        filters.href("/audit/plans", text=text, page=pages.page + step) if href else None
        for step, href in ((-1, pages.previous_href), (1, pages.next_href))
    )
    return Pages(pages.page, pages.last, before, after)


def plan_line(plan: PlanSummary) -> PlanLine:
    """Return a plan as lists show it."""
    answer = ANSWER_WORDS[plan.has_tier_1_3] if plan.check_id else "Not checked yet"
    return PlanLine(
        f"/audit/plans/{plan.plan_id}",
        plan.title,
        plan.school_name,
        plan.district,
        plan.strategies,
        plan.meets,
        plan.undecided,
        answer,
    )


@router.get("/audit/plans/{plan_id}")
async def plan(request: Request, plan_id: PlanId) -> HTMLResponse:
    """Show one plan."""
    return await run_in_threadpool(_plan, request, plan_id)


def _plan(request: Request, plan_id: str) -> HTMLResponse:
    store: Store = request.app.state.store
    page = plan_page(store, current(request).scope, plan_id)
    return render(request, "audit_plan.html", page)


def plan_page(store: Store, scope: Scope, plan_id: str) -> PlanPage:
    """Return the page record of one plan."""
    summary = store.plans.summary(scope, plan_id)
    kept = store.plans.get(scope, plan_id)
    items = store.decisions.of_plan(scope, plan_id)
    check = store.checks.get(scope, summary.check_id) if summary.check_id else None
    body: dict[str, Any] = json.loads(check.body) if check else {}
    covered = {number for item in items for number in _served(item)}
    return PlanPage(
        title=summary.title,
        facts=_facts(kept, check, body),
        answer=plan_line(summary).answer,
        lines=tuple((one.strategy_id, queue_line(one, scope, Filters())) for one in items),
        missing=turnaround_labels([n for n in (1, 2, 3, 4) if n not in covered]) if check else (),
        sections=tuple(s["name"] for s in body.get("sections", ()) if not s["found"]),
        notes=tuple(n for n in body.get("notes", ()) if not n.startswith("sections not found")),
        decisions=_decisions(store, scope, items),
        compare_href=f"/audit/plans/{plan_id}/compare",
    )


def _served(item: ReviewItem) -> tuple[int, ...]:
    return item.turnaround_practices


def _facts(
    kept: StoredPlan, check: CheckResult | None, body: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    draft = kept.draft
    grades = draft.school.grades
    facts = [
        ("School", draft.school_name or "not stated"),
        ("District", draft.district or "not stated"),
        ("Grades", grade_phrase(grades) if grades else "not found in the plan"),
        ("File", body.get("file") or "none; written on the plan page"),
        ("Version", f"{kept.version}, saved {moment(kept.saved_at)} by {kept.written_by}"),
    ]
    if check is not None:
        facts += [
            ("Rule", body["rule"]["name"]),
            ("Software's answer", VERDICT_WORDS[Verdict(check.verdict)]),
            ("Checked", f"{moment(check.created_at)}, index {check.build_id}"),
        ]
        if check.version != kept.version:
            facts.append(("Note", f"The check is of version {check.version}, not of the latest"))
    return tuple(facts)


def _decisions(
    store: Store, scope: Scope, items: tuple[ReviewItem, ...]
) -> tuple[StrategyDecision, ...]:
    found = [
        one
        for item in items
        if item.last_decision is not None
        for one in store.decisions.history(scope, item.plan_id, item.strategy_id)
    ]
    ordered = sorted(found, key=lambda one: one.number)
    return tuple(StrategyDecision(one.strategy_id, past_decision(one)) for one in ordered)
