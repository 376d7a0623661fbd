"""Check results, exports and decisions never change, whoever asks the database."""

import json

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from service.store import NotFound, Scope
from service.store.ids import digest
from service.store.models import NEVER_CHANGED, Base
from tests.service.store.conftest import STATE


def test_a_check_is_kept_to_the_byte(store, draft, answer):
    plan = store.plans.create(STATE, draft("one", "two"))
    given = answer("meets", "needs_review") | {"note": "“quoted” 漢字"}
    kept = store.checks.save(STATE, plan.plan_id, 1, given)
    found = store.checks.get(STATE, kept.check_id)
    assert found == kept
    assert json.loads(found.body) == given
    assert digest(found.body) == found.sha256
    assert (found.rule, found.build_id, found.version) == ("ma-plan", "build-1", 1)
    assert (found.verdict, found.has_tier_1_3) == (Verdict.MEETS, True)
    assert found.checked_by == "State office"


def test_checks_of_a_plan_in_their_order(store, draft, answer):
    plan_id = store.plans.create(STATE, draft("one")).plan_id
    assert store.checks.latest(STATE, plan_id) is None
    first = store.checks.save(STATE, plan_id, 1, answer("needs_review"))
    store.plans.update(STATE, plan_id, 1, draft("changed"))
    second = store.checks.save(STATE, plan_id, 2, answer("meets"))
    assert store.checks.list(STATE, plan_id) == (first, second)
    assert store.checks.latest(STATE, plan_id) == second
    assert store.checks.latest(STATE, plan_id, 1) == first


@pytest.mark.parametrize(
    ("version", "verdicts", "error"),
    [
        (2, ("meets",), NotFound),
        (1, ("meets", "meets"), BadInput),  # a strategy that the plan has not
    ],
)
def test_a_check_belongs_to_its_version(store, draft, answer, version, verdicts, error):
    plan = store.plans.create(STATE, draft("one"))
    with pytest.raises(error):
        store.checks.save(STATE, plan.plan_id, version, answer(*verdicts))
    assert store.checks.list(STATE, plan.plan_id) == ()


def test_a_text_that_cannot_be_kept_is_named(store, draft, answer):
    plan = store.plans.create(STATE, draft("one"))
    with pytest.raises(BadInput, match="NUL"):
        store.checks.save(STATE, plan.plan_id, 1, answer("meets") | {"note": "a\0"})


@pytest.mark.parametrize("table", NEVER_CHANGED)
@pytest.mark.parametrize("change", ["update {} set {} = {}", "delete from {}"])
def test_the_database_refuses_to_change_them(store, checked, table, change):
    plan_id = checked("needs_review")
    store.decisions.decide(STATE, plan_id, "s1", Verdict.DOES_NOT_MEET, "because")
    store.exports.log(STATE, "queue", "all", 1, digest("x"))
    column = Base.metadata.tables[table].columns.keys()[-1]
    with store.database.reading() as session:
        before = session.execute(text(f"select * from {table}")).all()
    assert before
    with (
        pytest.raises(DBAPIError, match="never change"),
        store.database.writing() as session,
    ):
        session.execute(text(change.format(table, column, column)))
    with store.database.reading() as session:
        assert session.execute(text(f"select * from {table}")).all() == before


def test_exports_are_logged_and_seen_in_scope(store):
    north = Scope("north", "North auditor", ("North District",))
    first = store.exports.log(north, "queue", "district=North", 12, digest("a"))
    second = store.exports.log(STATE, "figures", "all", 3, digest("b"))
    assert store.exports.list(STATE).items == (second, first)
    assert store.exports.list(north).items == (first,)
    assert (first.exported_by, first.rows, first.kind) == ("North auditor", 12, "queue")
    with pytest.raises(BadInput):
        store.exports.log(STATE, "x" * 51, "", 0, digest(""))
