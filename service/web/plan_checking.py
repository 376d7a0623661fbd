"""The check of a plan on its page: made when the plan is saved, and kept as it was answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from recommender.plan.document import DEFAULT_STATE, PlanDocument, Stated, document_json
from recommender.plan.verdicts import Plan, Strategy
from service.engine import Snapshot
from service.store import Scope, Store
from service.store.drafts import draft_text
from service.store.ids import digest
from service.store.records import CheckResult
from service.web.plan_draft import OpenPlan, WrittenPlan

TYPED = "typed"


@dataclass(frozen=True, slots=True)
class KeptCheck:
    """A check as it was kept, with its answer read."""

    result: CheckResult
    answer: Mapping[str, Any]


def read_check(result: CheckResult | None) -> KeptCheck | None:
    """Read the answer of a kept check."""
    return None if result is None else KeptCheck(result, json.loads(result.body))


def latest_check(store: Store, scope: Scope, found: OpenPlan) -> KeptCheck | None:
    """Return the latest check of this version, else that of an earlier one."""
    of_version = store.checks.latest(scope, found.plan_id, found.version)
    return read_check(of_version or store.checks.latest(scope, found.plan_id))


def is_current(check: KeptCheck | None, found: OpenPlan, build_id: str) -> bool:
    """Tell whether a check is of this version, its rule and this build."""
    if check is None:
        return False
    kept = check.result
    same = (kept.version, kept.rule) == (found.version, found.written.rule_id)
    return same and kept.build_id == build_id


def answer_of(snapshot: Snapshot, written: WrittenPlan) -> Mapping[str, Any] | None:
    """Check a plan; `None` while it holds no strategy.

    Raises:
        BadInput: every fault of the plan in one line.
    """
    if not written.strategies:
        return None
    return document_json(snapshot.documents.check(document_of(written)))


def document_of(written: WrittenPlan) -> PlanDocument:
    """Return the plan as the check takes it."""
    read = written.read
    places = read.places if read else {}
    school = replace(written.school, state=written.school.state or DEFAULT_STATE)
    strategies = tuple(Strategy(one.strategy_id, one.text) for one in written.strategies)
    return PlanDocument(
        file=read.file if read else written.title,
        sha256=read.sha256 if read else digest(draft_text(written)),
        kind=read.kind if read else TYPED,
        rule_id=written.rule_id,
        plan=Plan(school, strategies, written.school_name),
        stated=tuple(Stated(places.get(one.strategy_id), None) for one in strategies),
        sections=read.sections if read else (),
        notes=read.notes if read else (),
    )
