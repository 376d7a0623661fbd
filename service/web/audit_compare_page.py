"""The page that lays this year's plan beside last year's."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from rapidfuzz import fuzz

from service.access import Role, current, needs
from service.engine import Engine
from service.store import Scope, Store
from service.store.records import PlanSummary, StoredPlan
from service.web.audit_compare import FATE_WORDS, Fate, Pair, compare, plain
from service.web.audit_filters import A_READ
from service.web.audit_plans import PlanId
from service.web.audit_words import moment
from service.web.listing import Choice
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

OFFERED = 30
# Likeness of two names or titles from which a plan is taken for last year's without being asked.
SURE = 75.0


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What the comparison shows."""

    title: str = field(metadata={"help": "this year's plan"})
    href: str = field(metadata={"help": "page of this year's plan"})
    path: str = field(metadata={"help": "address of this page"})
    other: str = field(metadata={"help": "id of last year's plan; empty for none"})
    other_title: str = field(metadata={"help": "title of last year's plan"})
    why: str = field(metadata={"help": "why this plan was taken for last year's"})
    candidates: tuple[Choice, ...] = field(metadata={"help": "plans to compare with"})
    counts: tuple[tuple[str, int], ...] = field(metadata={"help": "strategies by their fate"})
    pairs: tuple[Pair, ...] = field(metadata={"help": "strategies side by side"})


@router.get("/audit/plans/{plan_id}/compare")
async def compare_plans(request: Request, plan_id: PlanId) -> HTMLResponse:
    """Show two plans side by side."""
    engine: Engine = request.app.state.engine
    return await engine.run(_page, request, plan_id)


def _page(request: Request, plan_id: str) -> HTMLResponse:
    store: Store = request.app.state.store
    chosen = request.query_params.get("with", "")[:100].replace("\0", "")
    page = compare_page(store, current(request).scope, plan_id, chosen)
    return render(request, "audit_compare.html", page)


def compare_page(store: Store, scope: Scope, plan_id: str, chosen: str) -> ComparePage:
    """Return the page record; without a choice, the likeliest plan is taken."""
    mine = store.plans.get(scope, plan_id)
    ranked = candidates(store, scope, mine)
    other, why = _other(mine, ranked, chosen)
    pairs: tuple[Pair, ...] = ()
    title = ""
    if other:
        title = store.plans.summary(scope, other).title
        last = store.decisions.of_plan(scope, other)
        pairs = compare(last, store.decisions.of_plan(scope, plan_id))
    return ComparePage(
        title=mine.draft.title,
        href=f"/audit/plans/{plan_id}",
        path=f"/audit/plans/{plan_id}/compare",
        other=other,
        other_title=title,
        why=why,
        candidates=_choices(ranked),
        counts=tuple((FATE_WORDS[f], sum(p.fate is f for p in pairs)) for f in Fate),
        pairs=pairs,
    )


def candidates(store: Store, scope: Scope, mine: StoredPlan) -> list[tuple[float, PlanSummary]]:
    """Return other plans of the same district, the likest by name first."""
    found = store.plans.list(scope, district=mine.draft.district, per_page=A_READ).items
    ranked = [(_likeness(mine, one), one) for one in found if one.plan_id != mine.plan_id]
    return sorted(ranked, key=lambda each: (-each[0], each[1].title, each[1].plan_id))[:OFFERED]


def _likeness(mine: StoredPlan, other: PlanSummary) -> float:
    names = (mine.draft.school_name, other.school_name)
    if names[0] and names[1]:
        return float(fuzz.ratio(plain(names[0]), plain(names[1])))
    return float(fuzz.ratio(_untimed(mine.draft.title), _untimed(other.title)))


def _untimed(title: str) -> str:
    """The title without the year, which is all that may differ."""
    return " ".join(word for word in plain(title).split() if not word.isdigit())


def _other(
    mine: StoredPlan, ranked: list[tuple[float, PlanSummary]], chosen: str
) -> tuple[str, str]:
    if chosen:
        return chosen, "you chose it"
    if mine.draft.previous_plan_id:
        return mine.draft.previous_plan_id, "the plan names it as last year's"
    if ranked and ranked[0][0] >= SURE:
        return ranked[0][1].plan_id, "its name is the likest; choose another one if that is wrong"
    return "", ""


def _choices(ranked: list[tuple[float, PlanSummary]]) -> tuple[Choice, ...]:
    return tuple(
        Choice(one.plan_id, f"{one.title} ({one.school_name or 'no school named'}, "
                            f"{moment(one.updated_at)[:10]})")
        for _, one in ranked
    )  # fmt: skip
