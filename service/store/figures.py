"""Statewide figures, counted in the database within the caller's scope."""

from typing import Any

from sqlalchemy import ColumnElement, case, distinct, func, select
from sqlalchemy.orm import Session

from recommender.plan.verdicts import Verdict
from service.store.audit_records import Figures, ReviewState, VerdictCounts
from service.store.database import Database
from service.store.models import BatchFileRow, PlanRow, StandingRow
from service.store.plans import OPEN_STATES
from service.store.records import Scope, district_key
from service.store.visible import visible

NO_DISTRICT = ""
TURNAROUND_PRACTICES = (StandingRow.tp1, StandingRow.tp2, StandingRow.tp3, StandingRow.tp4)


class Statistics:
    """Counts over the plans that a caller may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def figures(
        self, scope: Scope, *, batch_id: str | None = None, district: str | None = None
    ) -> Figures:
        """Count plans and strategies by the verdicts that count now."""
        chosen = [visible(PlanRow, scope)]
        if batch_id is not None:
            files = select(BatchFileRow.plan_id).where(BatchFileRow.batch_id == batch_id)
            chosen.append(PlanRow.plan_id.in_(files))
        if district is not None:
            chosen.append(PlanRow.district_key == district_key(district))
        with self._database.reading() as session:
            return _figures(session, chosen)


def _figures(session: Session, chosen: list[ColumnElement[bool]]) -> Figures:
    plans = session.scalar(select(func.count()).select_from(PlanRow).where(*chosen)) or 0
    by_answer = _plans_by_answer(session, chosen)
    checked = select(func.count()).select_from(PlanRow).where(*chosen, PlanRow.check_id.isnot(None))
    unchecked = plans - (session.scalar(checked) or 0)
    served = tuple(
        _counts(session, str(n), [*chosen, mark.is_(True)])
        for n, mark in enumerate(TURNAROUND_PRACTICES, 1)
    )
    overridden = StandingRow.verdict != StandingRow.software
    return Figures(
        all=_counts(session, "all", chosen),
        by_district=_by_district(session, chosen),
        by_turnaround_practice=served,
        plans=plans,
        plans_unchecked=unchecked,
        plans_with_tier_1_3=by_answer["yes"],
        plans_without=plans - unchecked - by_answer["yes"] - by_answer["open"],
        plans_open=by_answer["open"],
        overridden=_strategies(session, [*chosen, overridden]),
        second_reader=_strategies(
            session, [*chosen, StandingRow.state == ReviewState.SECOND_READER.value]
        ),
    )


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _sums() -> list[ColumnElement[Any]]:
    return [
        func.count(distinct(StandingRow.plan_id)),
        func.count(),
        *(
            func.sum(case((StandingRow.verdict == verdict.value, 1), else_=0))
            for verdict in Verdict
        ),
    ]


def _counts(session: Session, label: str, chosen: list[ColumnElement[bool]]) -> VerdictCounts:
    query = select(*_sums()).join(PlanRow, PlanRow.plan_id == StandingRow.plan_id).where(*chosen)
    return VerdictCounts(label, *(number or 0 for number in session.execute(query).one()))


def _strategies(session: Session, chosen: list[ColumnElement[bool]]) -> int:
    query = select(func.count()).select_from(StandingRow)
    query = query.join(PlanRow, PlanRow.plan_id == StandingRow.plan_id).where(*chosen)
    return session.scalar(query) or 0


def _by_district(session: Session, chosen: list[ColumnElement[bool]]) -> tuple[VerdictCounts, ...]:
    query = (
        select(func.min(PlanRow.district), *_sums())
        .join(StandingRow, PlanRow.plan_id == StandingRow.plan_id)
        .where(*chosen)
        .group_by(PlanRow.district_key)
    )
    rows = [
        VerdictCounts(label or NO_DISTRICT, *counts) for label, *counts in session.execute(query)
    ]
    return tuple(sorted(rows, key=lambda row: (row.label == NO_DISTRICT, row.label.casefold())))


def _plans_by_answer(session: Session, chosen: list[ColumnElement[bool]]) -> dict[str, int]:
    meets = _count_if(StandingRow.verdict == Verdict.MEETS.value)
    still_open = _count_if(StandingRow.state.in_(OPEN_STATES))
    answer = case((meets > 0, "yes"), (still_open > 0, "open"), else_="no")
    plans = (
        select(answer.label("answer"))
        .select_from(StandingRow)
        .join(PlanRow, PlanRow.plan_id == StandingRow.plan_id)
        .where(*chosen)
        .group_by(StandingRow.plan_id)
        .subquery()
    )
    query = select(plans.c.answer, func.count()).group_by(plans.c.answer)
    found = {str(name): int(count) for name, count in session.execute(query)}
    return {name: found.get(name, 0) for name in ("yes", "open", "no")}
