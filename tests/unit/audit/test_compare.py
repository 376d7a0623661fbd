"""Every verdict that changed is listed with what changed behind it."""

import pytest

from recommender.audit.compare import Cause, compare_records
from tests.unit.audit.records import failed, record, strategy

OLD = record("a", strategy("needs_review", confidence=0.7), verdict="needs_review")
NEW = OLD | {
    "verdict": "meets",
    "strategies": [
        OLD["strategies"][0]
        | {
            "verdict": "meets",
            "tier": 2,
            "confidence": 0.9,
            "practice": {"practice_id": "wwc-intervention:1", "name": "P"},
            "reasons": ["because"],
        }
    ],
}


def changes(old, new):
    return [(c.strategy_id, c.before, c.after) for c in compare_records(old, new)]


def causes(old, new):
    return next(iter(compare_records(old, new))).why


def test_nothing_changed_is_nothing():
    assert changes(OLD, OLD) == []
    assert changes(failed(), failed()) == []


def test_plan_and_strategy_are_both_listed():
    assert changes(OLD, NEW) == [
        (None, "needs_review", "meets"),
        ("s1", "needs_review", "meets"),
    ]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"index": {"build_id": "b2"}}, Cause.INDEX),
        ({"rule": {"id": "section-1003"}}, Cause.RULE),
        ({"school": {"name": None, "grades": ["4"]}}, Cause.SCHOOL),
        ({"sha256": "other"}, Cause.FILE),
        ({"check": OLD["check"] | {"lists_sha256": "x"}}, Cause.LISTS),
        ({"check": OLD["check"] | {"program_sha256": "x"}}, Cause.PROGRAM),
        ({"check": OLD["check"] | {"thresholds": {"name": 0.5}}}, Cause.THRESHOLDS),
        ({}, Cause.UNKNOWN),
    ],
)
def test_every_cause_is_named(fields, expected):
    assert causes(OLD, NEW | fields) == (expected.value,)


def test_index_built_again_with_the_same_content_is_no_cause():
    again = NEW | {"index": OLD["index"] | {"built_at": "2027"}}
    assert causes(OLD, again) == (Cause.UNKNOWN.value,)


def test_a_strategy_says_what_moved():
    *_, change = compare_records(OLD, NEW | {"index": {"build_id": "b2"}})
    assert change.why == (
        "the index changed",
        "practice: none before, wwc-intervention:1 now",
        "tier: none before, 2 now",
        "confidence: 0.7 before, 0.9 now",
        "reason now: because",
    )


def test_strategies_are_matched_by_words_not_by_number():
    one, two = strategy("meets", "Mentors for all"), strategy("needs_review", "Phonics daily")
    old = record("a", one, two)
    new = record("a", strategy("meets", "A new line"), one, two)
    assert changes(old, new) == [("s1", None, "meets")]
    assert changes(new, old) == [("s1", "meets", None)]


def test_the_same_words_twice_are_two_strategies():
    old = record("a", strategy("needs_review"), strategy("meets"))
    new = record("a", strategy("meets"), strategy("meets"))
    assert changes(old, new) == [("s1", "needs_review", "meets")]


@pytest.mark.parametrize(
    ("old", "new", "expected", "words"),
    [
        (None, NEW, (None, None, "meets"), "not in the older audit"),
        (NEW, None, (None, "meets", None), "not in this audit"),
        (failed("a"), NEW, (None, "no verdict", "meets"), "before: x.pdf: damaged PDF"),
        (NEW, failed("a"), (None, "meets", "no verdict"), "now: x.pdf: damaged PDF"),
    ],
)
def test_files_that_came_went_or_broke(old, new, expected, words):
    assert changes(old, new) == [expected]
    assert words in "; ".join(causes(old, new))
