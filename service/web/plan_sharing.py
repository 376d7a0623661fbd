"""Links by which a plan can be read without a key, until they are revoked."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.access import Role, needs
from service.engine import Engine
from service.store import Store
from service.web.plan_checking import read_check
from service.web.plan_context import PlanView, make_view
from service.web.plan_desk import Desk, to_plan
from service.web.plan_draft import with_words
from service.web.plan_pages import plan_page
from service.web.templating import render

router = APIRouter(include_in_schema=False)
WRITERS = [needs(Role.PORTAL)]
# The address is the secret: nobody keeps the page, finds it by search, or is told its address.
SECRET_ADDRESS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A plan as a link shows it."""

    view: PlanView


@router.post("/plan/{plan_id}/shares", dependencies=WRITERS)
async def share_plan(request: Request, plan_id: str) -> Response:
    """Make a link; it is shown now and never again, for only its hash is kept."""
    desk = Desk.of(request)
    found = await desk.engine.wait_for(desk.open, plan_id)
    _, token = await desk.engine.wait_for(desk.store.shares.create, desk.scope, plan_id)
    scheme = "https" if request.app.state.settings.https else request.url.scheme
    link = f"{scheme}://{request.url.netloc}/shared/{token}"
    kept = await desk.latest(found)
    response = await plan_page(request, desk, found, kept, new_link=link)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.post("/plan/{plan_id}/shares/{share_id}/revoke", dependencies=WRITERS)
async def revoke_link(request: Request, plan_id: str, share_id: str) -> Response:
    """End a link from this moment."""
    desk = Desk.of(request)
    found = await desk.engine.wait_for(desk.open, plan_id)
    await desk.engine.wait_for(desk.store.shares.revoke, desk.scope, share_id)
    return to_plan(request, found, "?revoked=1#share")


@router.get("/shared/{token}")
async def show_shared(request: Request, token: str) -> Response:
    """Show a plan to whoever has its link, to read only."""
    engine: Engine = request.app.state.engine
    store: Store = request.app.state.store
    snapshot = engine.snapshot
    shared = await engine.wait_for(store.shares.open, token)
    found = await engine.wait_for(with_words, store, shared.plan)
    kept = read_check(shared.check) if found.written.strategies else None

    def page() -> Response:
        shown = SharedPage(make_view(found, kept, snapshot))
        return render(request, "plan_shared.html", shown)

    response = await engine.run(page)
    response.headers.update(SECRET_ADDRESS)
    return response
