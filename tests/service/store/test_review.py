"""The fold of a strategy's history, and the queue that is ordered by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from service.store import Conflict, NotFound, Scope
from service.store.audit_records import Decision, ReviewState
from service.store.review import fold
from service.store.risk import risk_of
from tests.service.store.conftest import STATE

M, D, N, R = Verdict.MEETS, Verdict.DOES_NOT_MEET, Verdict.NO_EVIDENCE_FOUND, Verdict.NEEDS_REVIEW
CHECKED, UNDECIDED = ReviewState.CHECKED, ReviewState.UNDECIDED
SECOND, DECIDED = ReviewState.SECOND_READER, ReviewState.DECIDED


def said(*steps, counts=True):
    return [
        Decision(n, f"d{n}", "p", "s", "c", verdict, "because", who, who, "", counts)
        for n, (who, verdict) in enumerate(steps, 1)
    ]


@pytest.mark.parametrize(
    ("software", "steps", "state", "verdict", "first", "second"),
    [
        (R, [], UNDECIDED, R, None, None),
        (M, [], CHECKED, M, None, None),
        (D, [], CHECKED, D, None, None),
        # one reviewer is enough for anything but an override to "meets"
        (R, [("a", D)], DECIDED, D, None, None),
        (R, [("a", N)], DECIDED, N, None, None),
        (M, [("a", D)], DECIDED, D, None, None),
        (M, [("a", M)], DECIDED, M, None, None),  # agreeing with the software is no override
        # an override waits, and the software's verdict stands meanwhile
        (R, [("a", M)], SECOND, R, "a", None),
        (D, [("a", M)], SECOND, D, "a", None),
        (N, [("a", M)], SECOND, N, "a", None),
        (R, [("a", M), ("a", M)], SECOND, R, "a", None),  # the same reviewer is no second one
        (R, [("a", M), ("b", M)], DECIDED, M, "a", "b"),
        (R, [("a", M), ("a", M), ("b", M)], DECIDED, M, "a", "b"),
        (R, [("a", M), ("b", M), ("c", M)], DECIDED, M, "a", "b"),
        # a second reader who disagrees ends the override; it begins anew
        (R, [("a", M), ("b", D)], DECIDED, D, None, None),
        (R, [("a", M), ("b", D), ("a", M)], SECOND, D, "a", None),
        (R, [("a", M), ("b", D), ("b", M)], SECOND, D, "b", None),
        (R, [("a", M), ("b", R)], UNDECIDED, R, None, None),
        (R, [("a", M), ("b", R), ("b", M)], SECOND, R, "b", None),
        # the first reader may take it back
        (R, [("a", M), ("a", D)], DECIDED, D, None, None),
        # after it counts, one reviewer can take it away
        (R, [("a", M), ("b", M), ("c", D)], DECIDED, D, None, None),
        (M, [("a", D), ("b", M)], DECIDED, M, None, None),
        (D, [("a", R)], UNDECIDED, R, None, None),
    ],
)
def test_fold(software, steps, state, verdict, first, second):
    found = fold(software, said(*steps))
    assert (found.state, found.verdict) == (state, verdict)
    assert (found.first_reader, found.second_reader) == (first, second)


STEPS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([M, D, N, R])), max_size=8)


@given(st.sampled_from([D, N, R]), STEPS)
def test_nobody_makes_it_meet_alone(software, steps):
    alone = [("a", verdict) for _, verdict in steps]
    assert fold(software, said(*alone)).verdict is not M


@given(st.sampled_from([D, N, R]), STEPS)
def test_meets_against_the_software_has_two_readers(software, steps):
    found = fold(software, said(*steps))
    if found.verdict is M:
        assert found.state is DECIDED
        assert found.first_reader != found.second_reader
        assert {found.first_reader, found.second_reader} <= {w for w, v in steps if v is M}


@given(st.sampled_from([M, D, N, R]), STEPS)
def test_what_no_longer_counts_changes_nothing(software, steps):
    assert fold(software, said(*steps, counts=False)) == fold(software, [])


READERS = {who: Scope(who, f"Reader {who}", None) for who in "ab"}


def decide(store, plan_id, who, verdict, **more):
    return store.decisions.decide(READERS[who], plan_id, "s1", verdict, "because", **more)


def test_an_override_counts_after_a_second_reader(store, checked):
    plan_id = checked("needs_review")
    first = decide(store, plan_id, "a", M)
    assert (first.state, first.verdict, first.first_reader) == (SECOND, R, "a")
    assert store.plans.summary(STATE, plan_id).has_tier_1_3 is None
    assert decide(store, plan_id, "a", M).state is SECOND
    second = decide(store, plan_id, "b", M)
    assert (second.state, second.verdict) == (DECIDED, M)
    assert store.plans.summary(STATE, plan_id).has_tier_1_3 is True
    history = store.decisions.history(STATE, plan_id, "s1")
    assert [(one.reviewer_id, one.verdict, one.counts) for one in history] == [
        ("a", M, True), ("a", M, True), ("b", M, True)]  # fmt: skip
    assert [one.reviewer for one in history] == ["Reader a", "Reader a", "Reader b"]
    assert all(one.reason == "because" and one.created_at for one in history)


def test_a_plan_stays_open_while_an_override_of_no_waits(store, checked):
    plan_id = checked("does_not_meet")
    assert store.plans.summary(STATE, plan_id).has_tier_1_3 is False
    decide(store, plan_id, "a", M)
    summary = store.plans.summary(STATE, plan_id)
    assert (summary.has_tier_1_3, summary.undecided) == (None, 1)


def test_deciding_on_what_somebody_else_decided_is_refused(store, checked):
    plan_id = checked("needs_review")
    item = store.decisions.item(STATE, plan_id, "s1")
    assert item.last_decision is None
    done = decide(store, plan_id, "a", D, seen=0)
    with pytest.raises(Conflict):
        decide(store, plan_id, "b", M, seen=0)
    assert decide(store, plan_id, "b", D, seen=done.last_decision).state is DECIDED
    assert len(store.decisions.history(STATE, plan_id, "s1")) == 2


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("  ", "reason: 0 characters, expected 1 to 5000"),
        ("x" * 5001, "reason: 5001 characters, expected 1 to 5000"),
        ("a\0", "reason: holds a character that cannot be kept (NUL)"),
    ],
)
def test_a_decision_has_a_reason(store, checked, reason, message):
    plan_id = checked("needs_review")
    with pytest.raises(BadInput) as error:
        store.decisions.decide(STATE, plan_id, "s1", D, reason)
    assert str(error.value) == message
    assert store.decisions.history(STATE, plan_id, "s1") == ()


def test_what_was_not_checked_cannot_be_decided(store, checked, draft):
    with pytest.raises(NotFound):
        decide(store, store.plans.create(STATE, draft("one")).plan_id, "a", D)
    with pytest.raises(NotFound):
        store.decisions.decide(STATE, checked("needs_review"), "s9", D, "because")


CHANGES = [
    # what is done after a decision, and whether the decision still counts
    ({}, {}, True),  # the same check again, such as after a new build
    ({}, {"build": "build-2"}, True),
    ({"title": "Another title"}, {}, True),
    ({"district": "North District"}, {}, True),
    ({"texts": ("Text of needs_review, changed",)}, {}, False),
    ({"school": "grades"}, {}, False),
    ({}, {"tier": 2}, False),
    ({}, {"practice": {"practice_id": "other", "name": "Other"}}, False),
    ({}, {"practice": None}, False),
    ({}, {"rule": "section-1003"}, False),
    ({}, {"verdict": "does_not_meet"}, False),
]


@pytest.mark.parametrize(("fields", "found", "counts"), CHANGES)
def test_when_a_decision_still_counts(store, checked, draft, answer, fields, found, counts):
    plan_id = checked("needs_review")
    decide(store, plan_id, "a", N)
    fields = dict(fields)
    texts = fields.pop("texts", ("Text of needs_review",))
    if fields.pop("school", None):
        fields["school"] = type(draft().school)(("9",))
    plan = store.plans.update(STATE, plan_id, 1, draft(*texts, **fields))
    verdict = found.get("verdict", "needs_review")
    rest = {name: value for name, value in found.items() if name != "verdict"}
    store.checks.save(STATE, plan_id, plan.version, answer(verdict, **rest))
    (past,) = store.decisions.history(STATE, plan_id, "s1")
    assert past.counts is counts
    expected = N if counts else Verdict(verdict)
    assert store.decisions.item(STATE, plan_id, "s1").verdict is expected


def test_a_check_of_an_old_version_leaves_the_queue_alone(store, checked, draft, answer):
    plan_id = checked("needs_review")
    store.plans.update(STATE, plan_id, 1, draft("new text"))
    late = store.checks.save(STATE, plan_id, 1, answer("meets"))
    assert store.plans.summary(STATE, plan_id).check_id != late.check_id
    assert store.decisions.item(STATE, plan_id, "s1").software is R


def test_the_queue_is_ordered_by_state_then_risk(store, checked):
    calm = checked("needs_review", "meets", title="calm")  # the plan meets without it
    urgent = checked("needs_review", title="urgent")
    checked("meets", title="nobody needed")
    half = checked("needs_review", title="half")
    done = checked("needs_review", title="done")
    decide(store, half, "a", M)
    decide(store, done, "a", D)
    touched = checked("does_not_meet", title="touched")
    decide(store, touched, "a", M)
    queue = store.decisions.queue(STATE)
    titles = [item.plan_title for item in queue.items]
    assert titles == ["urgent", "calm", "half", "touched", "done"]
    assert queue.total == 5
    second = store.decisions.queue(STATE, state=SECOND)
    assert {item.plan_id for item in second.items} == {half, touched}
    paged = [store.decisions.queue(STATE, page=n, per_page=2).items for n in (1, 2, 3, 4)]
    assert [len(items) for items in paged] == [2, 2, 1, 0]
    assert tuple(item for items in paged for item in items) == queue.items
    assert queue.items[0].plan_id == urgent
    assert queue.items[1].plan_id == calm


def test_the_queue_of_a_district(store, checked):
    checked("needs_review", district="North District")
    checked("needs_review", district="South District")
    (only,) = store.decisions.queue(STATE, district="NORTH district").items
    assert only.district == "North District"


def test_the_strategies_of_a_plan_come_in_its_order(store, checked):
    items = store.decisions.of_plan(STATE, checked("meets", "needs_review", "does_not_meet"))
    assert [item.strategy_id for item in items] == ["s1", "s2", "s3"]
    assert [item.text for item in items] == [
        "Text of meets", "Text of needs_review", "Text of does_not_meet"]  # fmt: skip
    assert items[0].turnaround_practices == (3,)
    assert items[0].practice_name == "Program 1"


@pytest.mark.parametrize(
    ("strategy", "others", "risk"),
    [
        ({"confidence": None, "practice": None}, [], 0.65),
        ({"confidence": 1.0, "practice": {"name": "x"}}, [], 1.0),
        ({"confidence": 1.0, "practice": {"name": "x"}}, ["meets"], 0.5),
        ({"confidence": 0.0, "practice": None}, ["meets"], 0.0),
        ({"confidence": 0.0, "practice": None}, ["does_not_meet"], 0.5),
    ],
)
def test_risk(strategy, others, risk):
    strategy = {"verdict": "needs_review", **strategy}
    every = [strategy, *({"verdict": verdict} for verdict in others)]
    assert risk_of(strategy, {"strategies": every}) == risk
