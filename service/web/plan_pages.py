"""The Plan page: strategies with the check beside them, and what carrying them out takes."""

from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData

from service.access import Role, needs
from service.store.records import Share
from service.web.plan_checking import KeptCheck
from service.web.plan_context import PlanPage, make_view, rule_words
from service.web.plan_desk import Desk, remember_plan, to_plan
from service.web.plan_draft import OpenPlan, require_version, with_strategies
from service.web.plan_forms import read_plan_form, text_of
from service.web.plan_list import plans_page
from service.web.school import remembered_school
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.PORTAL)])


@router.post("/plan/strategies")
async def add_strategy(request: Request) -> Response:
    """Add a strategy from a result to the plan this browser works on, or to a new one."""
    desk = Desk.of(request)
    form = await request.form()
    text = " ".join(text_of(form, "text").split())
    practice_id = text_of(form, "practice_id") or None
    if practice_id:
        desk.snapshot.recommender.card(practice_id)
    if not text:
        return await plans_page(request, ("strategy: write what you are going to do",))
    before = await desk.engine.wait_for(desk.remembered, request)
    school = remembered_school(request)
    written = with_strategies(before.written if before else desk.blank(school), [text], practice_id)
    if before and before.written.school.grades == () and not school.is_empty:
        written = replace(written, school=school.as_context())
    found = await (desk.save(before, written) if before else desk.create(written))
    query = {"added": found.written.strategies[-1].strategy_id, "back": _came_from(request)}
    return to_plan(request, found, "?" + urlencode({k: v for k, v in query.items() if v}))


def _came_from(request: Request) -> str | None:
    """The page of ours that sent the form, so that the way back is one click."""
    found = urlsplit(request.headers.get("referer", "")[:2000])
    ours = found.netloc == request.url.netloc and is_own_page(found.path)
    return f"{found.path}?{found.query}" if ours else None


def is_own_page(path: str) -> bool:
    """Tell whether an address leads to the Find or a Practice page and nowhere else."""
    return path.partition("?")[0] == "/" or path.startswith("/practices/")


@router.get("/plan/{plan_id}")
async def show_plan(request: Request, plan_id: str) -> Response:
    """Show a plan with its latest check."""
    desk = Desk.of(request)
    found = await desk.engine.wait_for(desk.open, plan_id)
    kept = await desk.latest(found)
    response = await plan_page(request, desk, found, kept)
    remember_plan(request, response, plan_id)
    return response


async def plan_page(
    request: Request,
    desk: Desk,
    found: OpenPlan,
    kept: KeptCheck | None,
    faults: tuple[str, ...] = (),
    new_link: str | None = None,
) -> HTMLResponse:
    """Show a plan to those who write it."""
    shares = await desk.engine.wait_for(desk.store.shares.list, desk.scope, found.plan_id)
    back = request.query_params.get("back", "")[:2000]

    def page() -> HTMLResponse:
        shown = PlanPage(
            view=make_view(found, kept, desk.snapshot),
            rules=rule_words(desk.snapshot.rules.values()),
            faults=faults,
            shares=_open_shares(shares),
            new_link=new_link,
            added=request.query_params.get("added", "")[:100] or None,
            back=back if is_own_page(back) else None,
        )
        manifest = desk.snapshot.recommender.index.manifest
        return render(request, "plan_page.html", shown, 422 if faults else 200, manifest)

    return await desk.engine.run(page)


def _open_shares(shares: tuple[Share, ...]) -> tuple[Share, ...]:
    return tuple(share for share in shares if share.revoked_at is None)


@router.post("/plan/{plan_id}")
async def save_plan(request: Request, plan_id: str) -> Response:
    """Save the whole form, and check what it holds."""
    desk = Desk.of(request)
    form = await request.form()
    before = await desk.engine.wait_for(desk.open, plan_id)
    sent = read_plan_form(form, before.written, desk.snapshot.rules, desk.snapshot.recommender)
    if sent.faults:
        shown = replace(before, written=sent.written)
        return await plan_page(request, desk, shown, await desk.latest(before), sent.faults)
    require_version(before, sent.version)
    found = await desk.save(before, sent.written)
    return to_plan(request, found, _place(form, found))


def _place(form: FormData, found: OpenPlan) -> str:
    """Where to go on reading: at what was added, else at the part whose button was pressed."""
    if text_of(form, "new") or text_of(form, "add"):
        last = found.written.strategies[-1].strategy_id if found.written.strategies else ""
        return f"?added={last}#strategies"
    part = text_of(form, "save")
    return f"?saved=1#{part}" if part in ("outline", "monitoring", "reflection") else "?saved=1"


@router.post("/plan/{plan_id}/next-year")
async def begin_next_year(request: Request, plan_id: str) -> Response:
    """Begin next year's plan from this one."""
    desk = Desk.of(request)
    before = await desk.engine.wait_for(desk.open, plan_id)
    return to_plan(request, await desk.next_year(before))
