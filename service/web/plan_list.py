"""The caller's plans, and the ways to begin one."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from service.access import Role, needs
from service.store.records import PlanSummary
from service.web.plan_desk import UNTITLED, Desk, to_plan
from service.web.plan_draft import OpenPlan, with_strategies
from service.web.plan_forms import lines_of, text_of
from service.web.plan_words import FLAG_WORDS
from service.web.school import remembered_school
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.PORTAL)])
LISTED = 20


@dataclass(frozen=True, slots=True)
class PlansPage:
    """The caller's plans, and the ways to begin one."""

    plans: tuple[tuple[PlanSummary, str], ...] = field(metadata={"help": "each with its flag"})
    total: int = field(metadata={"help": "how many there are in all"})
    page: int = field(metadata={"help": "which page of them"})
    last: int = field(metadata={"help": "the last page"})
    current: OpenPlan | None = field(metadata={"help": "the plan this browser worked on last"})
    faults: tuple[str, ...] = field(metadata={"help": "everything wrong with what was sent"})
    max_mb: int = field(metadata={"help": "largest document"})
    previous_href: str | None = None
    next_href: str | None = None


@router.get("/plan")
async def list_plans(request: Request) -> Response:
    """Show the caller's plans."""
    return await plans_page(request)


async def plans_page(request: Request, faults: tuple[str, ...] = ()) -> HTMLResponse:
    """Show the caller's plans, with what was wrong if anything was."""
    desk = Desk.of(request)
    number = request.query_params.get("page", "1")
    at = int(number) if number.isascii() and number.isdecimal() and 0 < len(number) < 6 else 1
    found = await desk.engine.wait_for(
        lambda: desk.store.plans.list(desk.scope, own=True, page=max(at, 1), per_page=LISTED)
    )
    remembered = await desk.engine.wait_for(desk.remembered, request)
    last = max(1, -(-found.total // LISTED))
    page = PlansPage(
        plans=tuple((one, _flag(one)) for one in found.items),
        total=found.total,
        page=found.page,
        last=last,
        current=remembered,
        faults=faults,
        max_mb=request.app.state.settings.max_upload_mb,
        previous_href=f"/plan?page={at - 1}" if at > 1 else None,
        next_href=f"/plan?page={at + 1}" if at < last else None,
    )
    return await desk.engine.run(render, request, "plan.html", page, 422 if faults else 200)


def _flag(one: PlanSummary) -> str:
    return FLAG_WORDS[one.has_tier_1_3] if one.check_id else "Not checked yet."


@router.post("/plan")
async def begin_plan(request: Request) -> Response:
    """Begin a plan, with strategies pasted one a line if there are any."""
    desk = Desk.of(request)
    form = await request.form()
    blank = desk.blank(remembered_school(request), text_of(form, "title") or UNTITLED)
    found = await desk.create(with_strategies(blank, lines_of(text_of(form, "new"))))
    return to_plan(request, found)
