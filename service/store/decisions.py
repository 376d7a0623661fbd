"""Reviewers' decisions, and the queue of what waits for them. Decisions are only ever added."""

from collections.abc import Sequence

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from service.store.audit_records import Decision, ReviewItem, ReviewState
from service.store.database import Database
from service.store.errors import Conflict, NotFound
from service.store.models import BatchFileRow, DecisionRow, PlanRow, StandingRow
from service.store.paging import OneRow, Rows, page_of
from service.store.records import Page, Scope, district_key
from service.store.review import fold
from service.store.visible import plan_row, visible

MAX_REASON_CHARACTERS = 5000
# Nobody has looked at the first; the second needs another person; the rest is done.
QUEUE_ORDER = {
    ReviewState.UNDECIDED.value: 0,
    ReviewState.SECOND_READER.value: 1,
    ReviewState.DECIDED.value: 2,
    ReviewState.CHECKED.value: 2,
}


class Decisions:
    """What reviewers decided, and what they still have to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def decide(
        self,
        scope: Scope,
        plan_id: str,
        strategy_id: str,
        verdict: Verdict,
        reason: str,
        seen: int | None = None,
    ) -> ReviewItem:
        """Add a decision and return where the strategy now stands.

        `needs_review` opens a strategy again. `seen` is the number of the latest decision that
        the reviewer had before them, 0 for none; without it nothing is compared.

        Raises:
            NotFound: no such plan or checked strategy that the caller may see.
            BadInput: no reason.
            Conflict: somebody else has decided since.
        """
        reason = _reason(reason)
        with self._database.writing() as session:
            plan_row(session, scope, plan_id, lock=True)
            standing = session.get(StandingRow, (plan_id, strategy_id), with_for_update=True)
            if standing is None:
                raise NotFound(f"strategy {strategy_id!r}: not in the latest check of its plan")
            if seen is not None and seen != (standing.last_decision or 0):
                raise Conflict(f"strategy {strategy_id!r}: somebody else has decided; read again")
            session.add(self._row(scope, standing, verdict, reason))
            session.flush()
            refresh(standing, history(session, plan_id, strategy_id)[strategy_id])
            session.flush()
            return _one_item(session, scope, plan_id, strategy_id)

    def _row(
        self, scope: Scope, standing: StandingRow, verdict: Verdict, reason: str
    ) -> DecisionRow:
        return DecisionRow(
            decision_id=self._database.new_id(),
            plan_id=standing.plan_id,
            strategy_id=standing.strategy_id,
            check_id=standing.check_id,
            subject=standing.subject,
            verdict=verdict.value,
            reason=reason,
            reviewer_id=scope.key_id,
            reviewer=scope.name,
            created_at=self._database.now(),
        )

    def history(self, scope: Scope, plan_id: str, strategy_id: str) -> tuple[Decision, ...]:
        """Return all decisions on a strategy, the first one first.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        with self._database.reading() as session:
            plan_row(session, scope, plan_id)
            standing = session.get(StandingRow, (plan_id, strategy_id))
            rows = history(session, plan_id, strategy_id).get(strategy_id, [])
            subject = standing.subject if standing is not None else None
            return tuple(_decision(row, subject) for row in rows)

    def item(self, scope: Scope, plan_id: str, strategy_id: str) -> ReviewItem:
        """Return one strategy as the queue shows it, whatever its state.

        Raises:
            NotFound: no such plan or checked strategy that the caller may see.
        """
        with self._database.reading() as session:
            return _one_item(session, scope, plan_id, strategy_id)

    def of_plan(self, scope: Scope, plan_id: str) -> tuple[ReviewItem, ...]:
        """Return all strategies of a plan's latest check, in the plan's order.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        with self._database.reading() as session:
            plan_row(session, scope, plan_id)
            query = _items(scope).where(StandingRow.plan_id == plan_id)
            rows = session.execute(query.order_by(StandingRow.position))
            return tuple(_item(row) for row in rows)

    def queue(
        self,
        scope: Scope,
        *,
        batch_id: str | None = None,
        district: str | None = None,
        state: ReviewState | None = None,
        page: int = 1,
        per_page: int = 20,
    ) -> Page[ReviewItem]:
        """Return what needs a person: undecided first, then by risk.

        It holds what the software sent to review and what a reviewer has touched; `state`
        narrows it.
        """
        query = _items(scope).where(
            (StandingRow.software == Verdict.NEEDS_REVIEW.value)
            | (StandingRow.state != ReviewState.CHECKED.value)
        )
        if batch_id is not None:
            files = select(BatchFileRow.plan_id).where(BatchFileRow.batch_id == batch_id)
            query = query.where(PlanRow.plan_id.in_(files))
        if district is not None:
            query = query.where(PlanRow.district_key == district_key(district))
        if state is not None:
            query = query.where(StandingRow.state == state.value)
        query = query.order_by(
            case(QUEUE_ORDER, value=StandingRow.state, else_=len(QUEUE_ORDER)),
            StandingRow.risk.desc(),
            StandingRow.plan_id,
            StandingRow.position,
        )
        with self._database.reading() as session:
            return page_of(session, query, page, per_page, _item)


def history(
    session: Session, plan_id: str, strategy_id: str | None = None
) -> dict[str, list[DecisionRow]]:
    """Return the decisions on a plan by strategy, each list in the order they were taken."""
    query = select(DecisionRow).where(DecisionRow.plan_id == plan_id)
    if strategy_id is not None:
        query = query.where(DecisionRow.strategy_id == strategy_id)
    found: dict[str, list[DecisionRow]] = {}
    for row in session.scalars(query.order_by(DecisionRow.number)):
        found.setdefault(row.strategy_id, []).append(row)
    return found


def refresh(row: StandingRow, past: Sequence[DecisionRow]) -> None:
    """Write into a standing what the history says."""
    standing = fold(Verdict(row.software), [_decision(one, row.subject) for one in past])
    row.state = standing.state.value
    row.verdict = standing.verdict.value
    row.first_reader = standing.first_reader
    row.second_reader = standing.second_reader
    row.last_decision = past[-1].number if past else None


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON_CHARACTERS:
        raise BadInput(f"reason: {len(reason)} characters, expected 1 to {MAX_REASON_CHARACTERS}")
    if "\0" in reason:
        raise BadInput("reason: holds a character that cannot be kept (NUL)")
    return reason


def _items(scope: Scope) -> Rows:
    return (
        select(StandingRow, PlanRow)
        .join(PlanRow, PlanRow.plan_id == StandingRow.plan_id)
        .where(visible(PlanRow, scope))
    )


def _one_item(session: Session, scope: Scope, plan_id: str, strategy_id: str) -> ReviewItem:
    query = _items(scope).where(
        StandingRow.plan_id == plan_id, StandingRow.strategy_id == strategy_id
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"strategy {strategy_id!r}: not in the latest check of its plan")
    return _item(row)


def _item(row: OneRow) -> ReviewItem:
    standing, plan = row
    marks = (standing.tp1, standing.tp2, standing.tp3, standing.tp4)
    return ReviewItem(
        plan_id=plan.plan_id,
        plan_title=plan.title,
        school_name=plan.school_name,
        district=plan.district,
        strategy_id=standing.strategy_id,
        check_id=standing.check_id,
        text=standing.text,
        software=Verdict(standing.software),
        verdict=Verdict(standing.verdict),
        state=ReviewState(standing.state),
        risk=standing.risk,
        practice_id=standing.practice_id,
        practice_name=standing.practice_name,
        tier=standing.tier,
        first_reader=standing.first_reader,
        turnaround_practices=tuple(n for n, mark in enumerate(marks, 1) if mark),
        last_decision=standing.last_decision,
    )


def _decision(row: DecisionRow, subject: str | None) -> Decision:
    return Decision(
        row.number,
        row.decision_id,
        row.plan_id,
        row.strategy_id,
        row.check_id,
        Verdict(row.verdict),
        row.reason,
        row.reviewer_id,
        row.reviewer,
        row.created_at,
        counts=row.subject == subject,
    )
