"""Plans: drafts with a version number, every version kept."""

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from service.store.audit_records import ReviewState
from service.store.database import Database
from service.store.drafts import draft_text, read_draft, tidy
from service.store.errors import Conflict, NotFound
from service.store.models import BatchFileRow, CheckRow, PlanRow, PlanVersionRow, StandingRow
from service.store.paging import OneRow, Rows, page_of
from service.store.records import Page, PlanDraft, PlanSummary, Scope, StoredPlan, district_key
from service.store.visible import plan_row, require_district, visible

OPEN_STATES = (ReviewState.UNDECIDED.value, ReviewState.SECOND_READER.value)
# A chain of plans longer than this is a mistake, not a history.
MAX_YEARS_BACK = 50


class Plans:
    """The plans that a caller may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, scope: Scope, draft: PlanDraft) -> StoredPlan:
        """Keep a new plan as its version 1.

        Raises:
            BadInput: every fault of the draft in one line.
            OutOfScope: the district is not the caller's.
            NotFound: last year's plan is not there.
        """
        with self._database.writing() as session:
            return self.add(session, scope, draft)

    def add(self, session: Session, scope: Scope, draft: PlanDraft) -> StoredPlan:
        """Do the work of `create` within a transaction that holds more."""
        draft = tidy(draft)
        require_district(scope, draft.district)
        now = self._database.now()
        row = PlanRow(plan_id=self._database.new_id(), key_id=scope.key_id, created_at=now)
        _require_previous(session, scope, row.plan_id, draft)
        _fill(row, draft, 1, now)
        session.add(row)
        session.flush()
        return _add_version(session, row, draft, scope, now)

    def update(self, scope: Scope, plan_id: str, version: int, draft: PlanDraft) -> StoredPlan:
        """Keep a new version; `version` is the one that the caller read.

        An unchanged draft makes no new version.

        Raises:
            BadInput, OutOfScope, NotFound: as for `create`.
            Conflict: somebody else has saved since.
        """
        draft = tidy(draft)
        with self._database.writing() as session:
            row = plan_row(session, scope, plan_id, lock=True)
            if row.version != version:
                raise Conflict(
                    f"plan {plan_id!r}: version {row.version} was saved after version {version}; "
                    "read it and save again"
                )
            now = stored(session, row)
            if now.draft == draft:
                return now
            if draft.district != row.district:
                require_district(scope, draft.district)
            _require_previous(session, scope, plan_id, draft)
            moment = self._database.now()
            _fill(row, draft, version + 1, moment)
            return _add_version(session, row, draft, scope, moment)

    def get(self, scope: Scope, plan_id: str, version: int | None = None) -> StoredPlan:
        """Return a version of a plan, by default the latest.

        Raises:
            NotFound: no such plan or version that the caller may see.
        """
        with self._database.reading() as session:
            return stored(session, plan_row(session, scope, plan_id), version)

    def versions(self, scope: Scope, plan_id: str) -> tuple[StoredPlan, ...]:
        """Return all versions, the first one first.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        with self._database.reading() as session:
            row = plan_row(session, scope, plan_id)
            return tuple(stored(session, row, n) for n in range(1, row.version + 1))

    def summary(self, scope: Scope, plan_id: str) -> PlanSummary:
        """Return one plan as lists show it.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        with self._database.reading() as session:
            plan_row(session, scope, plan_id)
            return page_of(session, _summaries(scope).where(PlanRow.plan_id == plan_id), 1, 1,
                           _summary).items[0]  # fmt: skip

    def list(
        self,
        scope: Scope,
        *,
        own: bool = False,
        batch_id: str | None = None,
        district: str | None = None,
        text: str | None = None,
        page: int = 1,
        per_page: int = 20,
    ) -> Page[PlanSummary]:
        """Return plans, the latest changed first; `text` is looked for in title and school."""
        query = _summaries(scope)
        if own:
            query = query.where(PlanRow.key_id == scope.key_id)
        if batch_id is not None:
            files = select(BatchFileRow.plan_id).where(BatchFileRow.batch_id == batch_id)
            query = query.where(PlanRow.plan_id.in_(files))
        if district is not None:
            query = query.where(PlanRow.district_key == district_key(district))
        for word in (text or "").split():
            query = query.where(
                or_(
                    PlanRow.title.icontains(word, autoescape=True),
                    PlanRow.school_name.icontains(word, autoescape=True),
                )
            )
        query = query.order_by(PlanRow.updated_at.desc(), PlanRow.plan_id)
        with self._database.reading() as session:
            return page_of(session, query, page, per_page, _summary)


def _summaries(scope: Scope) -> Rows:
    counts = (
        select(
            StandingRow.plan_id,
            func.count().label("strategies"),
            func.sum(case((StandingRow.verdict == Verdict.MEETS.value, 1), else_=0)).label("meets"),
            func.sum(case((StandingRow.state.in_(OPEN_STATES), 1), else_=0)).label("open"),
        )
        .group_by(StandingRow.plan_id)
        .subquery()
    )
    return (
        select(PlanRow, CheckRow.version, counts.c.strategies, counts.c.meets, counts.c.open)
        .outerjoin(CheckRow, CheckRow.check_id == PlanRow.check_id)
        .outerjoin(counts, counts.c.plan_id == PlanRow.plan_id)
        .where(visible(PlanRow, scope))
    )


def _summary(row: OneRow) -> PlanSummary:
    plan, checked_version, strategies, meets, still_open = row
    answer = None if plan.check_id is None else has_tier(meets or 0, still_open or 0)
    return PlanSummary(
        plan_id=plan.plan_id,
        version=plan.version,
        title=plan.title,
        school_name=plan.school_name,
        district=plan.district,
        previous_plan_id=plan.previous_plan_id,
        updated_at=plan.updated_at,
        check_id=plan.check_id,
        checked_version=checked_version,
        strategies=strategies or 0,
        meets=meets or 0,
        undecided=still_open or 0,
        has_tier_1_3=answer,
    )


def has_tier(meets: int, still_open: int) -> bool | None:
    """Tell whether a plan has a tier 1-3 strategy; `None` while a person may yet find one."""
    if meets:
        return True
    return None if still_open else False


def _fill(row: PlanRow, draft: PlanDraft, version: int, now: str) -> None:
    row.version = version
    row.title = draft.title
    row.school_name = draft.school_name
    row.district = draft.district
    row.district_key = district_key(draft.district) if draft.district else None
    row.previous_plan_id = draft.previous_plan_id
    row.updated_at = now


def _add_version(
    session: Session, row: PlanRow, draft: PlanDraft, scope: Scope, now: str
) -> StoredPlan:
    session.add(
        PlanVersionRow(
            plan_id=row.plan_id,
            version=row.version,
            draft=draft_text(draft),
            written_by=scope.name,
            saved_at=now,
        )
    )
    session.flush()
    return StoredPlan(row.plan_id, row.version, draft, row.key_id, scope.name, row.created_at, now)


def stored(session: Session, row: PlanRow, version: int | None = None) -> StoredPlan:
    """Return a version of a plan, by default the latest."""
    kept = session.get(PlanVersionRow, (row.plan_id, version or row.version))
    if kept is None:
        raise NotFound(f"plan {row.plan_id!r}: no version {version}")
    return StoredPlan(
        row.plan_id,
        kept.version,
        read_draft(kept.draft),
        row.key_id,
        kept.written_by,
        row.created_at,
        kept.saved_at,
    )


def _require_previous(session: Session, scope: Scope, plan_id: str, draft: PlanDraft) -> None:
    """Refuse a chain of last years' plans that is not there or comes back to this plan."""
    link = draft.previous_plan_id
    if link is None:
        return
    plan_row(session, scope, link)
    for _ in range(MAX_YEARS_BACK):
        if link is None:
            return
        if link == plan_id:
            break
        link = session.scalar(select(PlanRow.previous_plan_id).where(PlanRow.plan_id == link))
    raise BadInput(f"last year's plan: {draft.previous_plan_id!r} leads back to this plan")
