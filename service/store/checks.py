"""Results of the plan check: kept as they were answered, and never changed."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from service.store.database import Database
from service.store.decisions import history, refresh
from service.store.drafts import has_nul, read_draft
from service.store.errors import NotFound
from service.store.ids import digest
from service.store.models import CheckRow, PlanRow, PlanVersionRow, StandingRow
from service.store.records import CheckResult, PlanDraft, Scope
from service.store.risk import risk_of
from service.store.visible import plan_row


class Checks:
    """The check results of the plans that a caller may see."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, scope: Scope, plan_id: str, version: int, answer: Mapping[str, Any]
    ) -> CheckResult:
        """Keep the answer of a plan check (`plan_json`) for one version of a plan.

        If the version is the latest one, the answer becomes the plan's current check, from
        which the review queue and the figures are made.

        Raises:
            NotFound: no such plan or version that the caller may see.
            BadInput: the answer is not one of a plan check of this version.
        """
        with self._database.writing() as session:
            return self.add(session, scope, plan_id, version, answer)

    def add(
        self, session: Session, scope: Scope, plan_id: str, version: int, answer: Mapping[str, Any]
    ) -> CheckResult:
        """Do the work of `save` within a transaction that holds more."""
        plan = plan_row(session, scope, plan_id, lock=True)
        kept = session.get(PlanVersionRow, (plan_id, version))
        if kept is None:
            raise NotFound(f"plan {plan_id!r}: no version {version}")
        draft = read_draft(kept.draft)
        _require_same_strategies(draft, answer)
        row = self._row(scope, plan_id, version, answer)
        session.add(row)
        session.flush()
        if version == plan.version:
            _stand(session, plan, row, draft, answer)
        return result(row)

    def _row(self, scope: Scope, plan_id: str, version: int, answer: Mapping[str, Any]) -> CheckRow:
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        if has_nul(json.dumps(answer)):
            raise BadInput("check: holds a character that cannot be kept (NUL)")
        body = text.encode()
        return CheckRow(
            check_id=self._database.new_id(),
            plan_id=plan_id,
            version=version,
            rule=answer["rule"]["id"],
            build_id=answer["index"]["build_id"],
            verdict=Verdict(answer["verdict"]).value,
            has_tier_1_3=answer["has_tier_1_3"],
            body=body,
            sha256=digest(body),
            checked_by=scope.name,
            created_at=self._database.now(),
        )

    def get(self, scope: Scope, check_id: str) -> CheckResult:
        """Return one check result.

        Raises:
            NotFound: no such check that the caller may see.
        """
        with self._database.reading() as session:
            row = session.get(CheckRow, check_id)
            if row is None:
                raise NotFound(f"check {check_id!r}: no such check")
            plan_row(session, scope, row.plan_id)
            return result(row)

    def latest(self, scope: Scope, plan_id: str, version: int | None = None) -> CheckResult | None:
        """Return the latest check of a plan, or of one version of it.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        found = self.list(scope, plan_id)
        return next((one for one in reversed(found) if version in (None, one.version)), None)

    def list(self, scope: Scope, plan_id: str) -> tuple[CheckResult, ...]:
        """Return all checks of a plan, the first one first.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        with self._database.reading() as session:
            plan_row(session, scope, plan_id)
            query = select(CheckRow).where(CheckRow.plan_id == plan_id)
            rows = session.scalars(query.order_by(CheckRow.created_at, CheckRow.check_id))
            return tuple(result(row) for row in rows)


def _require_same_strategies(draft: PlanDraft, answer: Mapping[str, Any]) -> None:
    written = [strategy.strategy_id for strategy in draft.strategies]
    checked = [one["id"] for one in answer["strategies"]]
    if not set(checked) <= set(written) or len(set(checked)) != len(checked):
        raise BadInput("check: its strategies are not those of this version of the plan")


def _stand(
    session: Session, plan: PlanRow, check: CheckRow, draft: PlanDraft, answer: Mapping[str, Any]
) -> None:
    """Make the plan's standings anew from its latest check, with the decisions that still count."""
    session.execute(delete(StandingRow).where(StandingRow.plan_id == plan.plan_id))
    plan.check_id = check.check_id
    texts = {strategy.strategy_id: strategy.text for strategy in draft.strategies}
    past = history(session, plan.plan_id)
    for position, one in enumerate(answer["strategies"]):
        row = _standing(plan.plan_id, check, position, one, answer)
        row.text = texts[one["id"]]
        row.subject = subject_of(check.rule, draft, row)
        refresh(row, past.get(row.strategy_id, ()))
        session.add(row)
    session.flush()


def _standing(
    plan_id: str, check: CheckRow, position: int, one: Mapping[str, Any], answer: Mapping[str, Any]
) -> StandingRow:
    practice = one.get("practice") or {}
    served = one.get("turnaround_practices") or ()
    return StandingRow(
        plan_id=plan_id,
        strategy_id=one["id"],
        check_id=check.check_id,
        position=position,
        software=Verdict(one["verdict"]).value,
        risk=risk_of(one, answer),
        practice_id=practice.get("practice_id"),
        practice_name=practice.get("name"),
        tier=one.get("tier"),
        tp1=1 in served,
        tp2=2 in served,
        tp3=3 in served,
        tp4=4 in served,
    )


def subject_of(rule: str, draft: PlanDraft, row: StandingRow) -> str:
    """Return what a decision is about; a decision counts only while this stays the same.

    The software's own finding is part of it: a reviewer who agreed with yesterday's tier has
    not agreed with today's.
    """
    school = draft.school
    parts = [
        rule,
        row.text,
        [school.grades, school.student_groups, school.urbanicity, school.state],
        [row.software, row.practice_id, row.tier],
    ]
    return digest(json.dumps(parts, ensure_ascii=True))


def result(row: CheckRow) -> CheckResult:
    """Return a row as its record."""
    return CheckResult(
        row.check_id,
        row.plan_id,
        row.version,
        row.rule,
        row.build_id,
        Verdict(row.verdict),
        row.has_tier_1_3,
        row.body,
        row.sha256,
        row.checked_by,
        row.created_at,
    )
