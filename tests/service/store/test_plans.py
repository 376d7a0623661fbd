"""Plans: what is kept, versions, and who may see them."""

from dataclasses import replace

import pytest

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from recommender.records import Context
from service.store import Conflict, NotFound, OutOfScope, SavedStrategy, Scope
from tests.service.store.conftest import STATE

REVIEW = Verdict.NEEDS_REVIEW

NORTH = Scope("north-key", "North auditor", ("North District",))
SOUTH = Scope("south-key", "South auditor", ("South District",))
TEAM = Scope("team-key", "Team", None, own_only=True)
OTHER_TEAM = Scope("other-key", "Other team", None, own_only=True)


def test_a_plan_comes_back_as_it_was_written(store, draft):
    written = draft(
        "Tutor first graders — “daily”", "Ünïcode 漢字 \U0001f600", district="North  District "
    )
    kept = store.plans.create(TEAM, written)
    found = store.plans.get(TEAM, kept.plan_id)
    assert found == kept
    assert found.draft == replace(written, district="North District")
    assert (found.version, found.key_id, found.written_by) == (1, "team-key", "Team")
    assert found.created_at == found.saved_at
    assert found.created_at.endswith("Z")


def test_every_version_is_kept(store, draft):
    first = store.plans.create(STATE, draft("one"))
    second = store.plans.update(STATE, first.plan_id, 1, draft("one", "two", title="Better"))
    assert second.version == 2
    assert store.plans.get(STATE, first.plan_id) == second
    assert store.plans.get(STATE, first.plan_id, 1) == first
    assert store.plans.versions(STATE, first.plan_id) == (first, second)
    assert second.created_at == first.created_at < second.saved_at


def test_saving_over_somebody_else_s_version_is_refused(store, draft):
    plan = store.plans.create(STATE, draft("one"))
    store.plans.update(STATE, plan.plan_id, 1, draft("two"))
    with pytest.raises(Conflict, match="version 2 was saved after version 1"):
        store.plans.update(STATE, plan.plan_id, 1, draft("three"))
    assert store.plans.get(STATE, plan.plan_id).draft.strategies[0].text == "two"


def test_an_unchanged_draft_is_no_new_version(store, draft):
    plan = store.plans.create(STATE, draft("one"))
    assert store.plans.update(STATE, plan.plan_id, 1, draft("one")) == plan


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": "  "}, "title: 0 characters, expected 1 to 300"),
        ({"title": "x" * 301}, "title: 301 characters, expected 1 to 300"),
        ({"title": "a\0b"}, "text: holds a character that cannot be kept (NUL)"),
        ({"school_name": "x" * 201}, "school name: 201 characters, at most 200"),
        ({"district": "x" * 201}, "district: 201 characters, at most 200"),
        ({"school": Context(("13",))}, "school grade: found '13', expected one of PK, K, 1, 2, 3, "
         "4, 5, 6, 7, 8, 9, 10, 11, 12, PS"),
        ({"school": Context(urbanicity="town")}, "school urbanicity: found 'town', expected "
         "urban, suburban, rural"),
        ({"school": Context(subjects=("x",) * 21)}, "school subjects: at most 20, each 200 "
         "characters"),
        ({"strategies": (SavedStrategy("s1", "a"),) * 2}, "strategies: id 's1' comes twice"),
        ({"strategies": (SavedStrategy("", "a"),)}, "strategy: id of 0 characters, expected 1 to "
         "200"),
        ({"strategies": (SavedStrategy("s1", "a" * 5001),)}, "strategy 's1': 5001 characters, "
         "at most 5000"),
        ({"strategies": tuple(SavedStrategy(str(n), "a") for n in range(201))}, "strategies: found "
         "201, at most 200"),
    ],
)  # fmt: skip
def test_faults_of_a_draft(store, draft, fields, message):
    with pytest.raises(BadInput) as error:
        store.plans.create(STATE, draft(**fields))
    assert str(error.value) == message


def test_all_faults_come_at_once(store, draft):
    with pytest.raises(BadInput, match=r"title.*; school grade"):
        store.plans.create(STATE, draft(title="", school=Context(("13",))))


def test_an_escaped_zero_is_not_a_nul(store, draft):
    """The text backslash, u, 0000 is only text."""
    kept = store.plans.create(STATE, draft(r"a \u0000 b", "c\\\\u0000"))
    assert store.plans.get(STATE, kept.plan_id).draft.strategies[0].text == r"a \u0000 b"


SEES = [
    # owner, district, who sees it
    (TEAM, None, {"STATE", "TEAM"}),
    (TEAM, "North District", {"STATE", "TEAM", "NORTH"}),
    (TEAM, "north  DISTRICT", {"STATE", "TEAM", "NORTH"}),  # one district in another spelling
    (TEAM, "South District", {"STATE", "TEAM", "SOUTH"}),
    (TEAM, "Northern District", {"STATE", "TEAM"}),
    (NORTH, None, {"STATE", "NORTH"}),  # its own upload, before a district is known
    (NORTH, "North District", {"STATE", "NORTH"}),
    (STATE, "North District", {"STATE", "NORTH"}),
    (STATE, None, {"STATE"}),
]
WHO = {"STATE": STATE, "NORTH": NORTH, "SOUTH": SOUTH, "TEAM": TEAM, "OTHER_TEAM": OTHER_TEAM,
       "NOBODY": Scope("nobody", "No district")}  # fmt: skip


@pytest.mark.parametrize(("owner", "district", "seen_by"), SEES)
def test_who_sees_a_plan(store, draft, answer, owner, district, seen_by):
    plan_id = store.plans.create(owner, draft("one", district=district)).plan_id
    store.checks.save(STATE, plan_id, 1, answer("needs_review"))
    check_id = store.checks.latest(STATE, plan_id).check_id
    share_id = store.shares.create(STATE, plan_id)[0].share_id
    asks = {
        "get": lambda scope: store.plans.get(scope, plan_id),
        "versions": lambda scope: store.plans.versions(scope, plan_id),
        "summary": lambda scope: store.plans.summary(scope, plan_id),
        "list": lambda scope: store.plans.list(scope).items[0],
        "check": lambda scope: store.checks.get(scope, check_id),
        "checks": lambda scope: store.checks.list(scope, plan_id),
        "save check": lambda scope: store.checks.save(scope, plan_id, 1, answer("needs_review")),
        "item": lambda scope: store.decisions.item(scope, plan_id, "s1"),
        "of plan": lambda scope: store.decisions.of_plan(scope, plan_id),
        "history": lambda scope: store.decisions.history(scope, plan_id, "s1"),
        "queue": lambda scope: store.decisions.queue(scope).items[0],
        "figures": lambda scope: 1 // store.statistics.figures(scope).plans,
        "decide": lambda scope: store.decisions.decide(scope, plan_id, "s1", REVIEW, "x"),
        "shares": lambda scope: store.shares.list(scope, plan_id),
        "share": lambda scope: store.shares.create(scope, plan_id),
        "update": lambda scope: store.plans.update(
            scope, plan_id, 1, draft("one", district=district)
        ),
        "previous": lambda scope: store.plans.create(scope, draft(previous_plan_id=plan_id)),
        "revoke": lambda scope: store.shares.revoke(scope, share_id),
    }  # fmt: skip
    for name, ask in asks.items():
        saw = {who for who, scope in WHO.items() if _sees(ask, scope)}
        assert saw == seen_by, name


def _sees(ask, scope):
    try:
        ask(scope)
    except (NotFound, IndexError, ZeroDivisionError):
        return False
    return True


def test_a_key_of_one_district_writes_no_other(store, draft):
    with pytest.raises(OutOfScope):
        store.plans.create(NORTH, draft(district="South District"))
    plan = store.plans.create(NORTH, draft(district="NORTH district"))
    with pytest.raises(OutOfScope):
        store.plans.update(NORTH, plan.plan_id, 1, draft(district="South District"))
    with pytest.raises(OutOfScope):
        store.batches.create(NORTH, "Fall", "ma-plan", district="South District")


def test_a_hidden_plan_and_none_are_told_apart_by_nothing(store, draft):
    plan = store.plans.create(TEAM, draft("one"))
    with pytest.raises(NotFound) as hidden:
        store.plans.get(OTHER_TEAM, plan.plan_id)
    with pytest.raises(NotFound) as absent:
        store.plans.get(OTHER_TEAM, "0")
    assert str(hidden.value).replace(plan.plan_id, "0") == str(absent.value)


def test_lists_are_filtered_and_paged(store, draft):
    for n in range(5):
        store.plans.create(
            TEAM if n % 2 else STATE, draft(title=f"Plan {n}", school_name="100% Pine")
        )
    store.plans.create(STATE, draft(title="Other", district="North District"))
    first = store.plans.list(STATE, page=1, per_page=4)
    second = store.plans.list(STATE, page=2, per_page=4)
    assert (first.total, len(first.items), len(second.items)) == (6, 4, 2)
    titles = [one.title for one in (*first.items, *second.items)]
    assert titles == ["Other", "Plan 4", "Plan 3", "Plan 2", "Plan 1", "Plan 0"]
    assert store.plans.list(STATE, text="PINE plan").total == 5
    assert store.plans.list(STATE, text="100%").total == 5
    assert store.plans.list(STATE, text="1_0").total == 0
    assert store.plans.list(STATE, district="north district").total == 1
    assert store.plans.list(STATE, own=True).total == 4
    assert store.plans.list(TEAM).total == 2
    with pytest.raises(BadInput):
        store.plans.list(STATE, page=0)
    with pytest.raises(BadInput):
        store.plans.list(STATE, per_page=201)


def test_last_year_s_plan_is_linked_and_never_in_a_circle(store, draft):
    old = store.plans.create(STATE, draft("one", title="Last year"))
    new = store.plans.create(STATE, draft("one", previous_plan_id=old.plan_id))
    assert store.plans.summary(STATE, new.plan_id).previous_plan_id == old.plan_id
    for plan, link in ((old, new), (old, old)):
        with pytest.raises(BadInput, match="leads back"):
            store.plans.update(STATE, plan.plan_id, 1, draft(previous_plan_id=link.plan_id))
    with pytest.raises(NotFound):
        store.plans.create(STATE, draft(previous_plan_id="none"))


@pytest.mark.parametrize(
    ("verdicts", "meets", "undecided", "answer_"),
    [
        (("meets", "needs_review"), 1, 1, True),
        (("does_not_meet", "needs_review"), 0, 1, None),
        (("does_not_meet", "no_evidence_found"), 0, 0, False),
    ],
)
def test_a_summary_counts_the_latest_check(store, checked, verdicts, meets, undecided, answer_):
    summary = store.plans.summary(STATE, checked(*verdicts))
    assert (summary.strategies, summary.meets, summary.undecided) == (2, meets, undecided)
    assert summary.has_tier_1_3 is answer_
    assert summary.checked_version == summary.version == 1


def test_a_plan_never_checked_has_no_answer(store, draft):
    summary = store.plans.summary(STATE, store.plans.create(STATE, draft("one")).plan_id)
    assert (summary.check_id, summary.has_tier_1_3, summary.strategies) == (None, None, 0)


def test_a_plan_that_moves_to_another_district_is_no_longer_seen(store, draft):
    """Whose it is does not matter then: a key of one district reads no other."""
    plan = store.plans.create(NORTH, draft("one"))
    store.plans.update(STATE, plan.plan_id, 1, draft("one", district="South District"))
    with pytest.raises(NotFound):
        store.plans.get(NORTH, plan.plan_id)
    assert store.plans.get(SOUTH, plan.plan_id).version == 2
