"""What the Plan pages do with plans, one step after the other; every function blocks.

A plan is saved first and checked then, so that a check that fails loses nothing that was written.
"""

from dataclasses import dataclass, replace

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from recommender.errors import BadInput
from service.access import current
from service.engine import Engine, Snapshot
from service.store import NotFound, Scope, Store
from service.web.plan_checking import KeptCheck, answer_of, is_current, latest_check, read_check
from service.web.plan_draft import OpenPlan, WrittenPlan, create_plan, open_plan, save_plan
from service.web.school import School

COOKIE = "plan"
COOKIE_SECONDS = 365 * 24 * 3600
UNTITLED = "Our plan"


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, and what answers: the store and one build."""

    store: Store
    scope: Scope
    engine: Engine
    snapshot: Snapshot
    district: str | None

    @classmethod
    def of(cls, request: Request) -> "Desk":
        """Return the desk of one request; it keeps its build to the end."""
        principal = current(request)
        engine: Engine = request.app.state.engine
        names = principal.districts or ()
        store: Store = request.app.state.store
        own = names[0] if len(names) == 1 else None
        return cls(store, principal.scope, engine, engine.snapshot, own)

    def open(self, plan_id: str) -> OpenPlan:
        """Return a plan."""
        return open_plan(self.store, self.scope, plan_id)

    def remembered(self, request: Request) -> OpenPlan | None:
        """Return the plan that this browser worked on last, if the caller may see it."""
        plan_id = request.cookies.get(COOKIE, "")[:100]
        try:
            return self.open(plan_id) if plan_id else None
        except NotFound:
            return None

    def blank(self, school: School, title: str = UNTITLED) -> WrittenPlan:
        """Return a plan with nothing written in it yet."""
        return WrittenPlan(title=title, school=school.as_context(), district=self.district)

    async def create(self, written: WrittenPlan) -> OpenPlan:
        """Keep a new plan and check it."""
        found = await self.engine.wait_for(create_plan, self.store, self.scope, written)
        await self.check(found)
        return found

    async def save(self, before: OpenPlan, written: WrittenPlan) -> OpenPlan:
        """Keep a new version and check it."""
        found = await self.engine.wait_for(save_plan, self.store, self.scope, before, written)
        await self.check(found)
        return found

    async def check(self, found: OpenPlan) -> KeptCheck | None:
        """Check a plan and keep the answer, unless this build has answered already.

        Raises:
            BadInput: the plan cannot be checked.
        """
        kept = await self.engine.wait_for(latest_check, self.store, self.scope, found)
        if is_current(kept, found, self.snapshot.build_id):
            return kept
        written = found.written
        if written.rule_id not in self.snapshot.rules:
            raise BadInput(f"rule: there is no rule {written.rule_id!r} any more; choose another")
        answer = await self.engine.run(answer_of, self.snapshot, written)
        if answer is None:
            return None
        saved = await self.engine.wait_for(
            self.store.checks.save, self.scope, found.plan_id, found.version, answer
        )
        return read_check(saved)

    async def latest(self, found: OpenPlan) -> KeptCheck | None:
        """Return the latest kept check of a plan that still holds strategies."""
        if not found.written.strategies:
            return None
        return await self.engine.wait_for(latest_check, self.store, self.scope, found)

    async def next_year(self, before: OpenPlan) -> OpenPlan:
        """Begin next year's plan from this one, without the strategies that are abandoned."""
        written = before.written
        kept = tuple(
            one
            for one in written.strategies
            if written.notes.get(f"decision-{one.strategy_id}") != "abandon"
        )
        # What was said of the year that ends stays with its plan.
        notes = {k: v for k, v in written.notes.items() if not k.startswith(("refl", "decision"))}
        title = f"{written.title[:280]} (next year)"
        fresh = replace(
            written, title=title, strategies=kept, notes=notes, previous_plan_id=before.plan_id,
            read=None,
        )  # fmt: skip
        return await self.create(fresh)


def to_plan(request: Request, found: OpenPlan, rest: str = "") -> RedirectResponse:
    """Lead the browser to a plan and let it remember it."""
    response = RedirectResponse(f"/plan/{found.plan_id}{rest}", 303)
    remember_plan(request, response, found.plan_id)
    return response


def remember_plan(request: Request, response: Response, plan_id: str) -> None:
    """Let the browser remember which plan it works on."""
    response.set_cookie(
        COOKIE,
        plan_id,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
