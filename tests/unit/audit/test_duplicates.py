"""Copies are told from plans that only share a template's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.audit.duplicates import Likeness, find_duplicates, plan_print
from tests.unit.audit.records import failed, record, strategy

LONG = (
    "An early warning system flags ninth graders who miss school or fail a course",
    "Double-dose algebra for ninth graders below the eighth grade benchmark in mathematics",
    "Mentors lead an orientation and monthly check-ins for all students who are new",
    "Teachers of grade 9 share a planning period twice a week to look at student work",
)
OTHER = (
    "Reading coaches model phonics lessons in kindergarten and first grade every week",
    "Families get a text message on each day that their child is absent from school",
    "A garden club and a chess club meet after school with help from the library",
)


def plan(file, *texts, sha256=None):
    made = record(file, *(strategy(text=text) for text in texts))
    return made | {"sha256": sha256 or made["sha256"]}


def groups(*records):
    return [(g.likeness, *g.files) for g in find_duplicates([plan_print(r) for r in records])]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (plan("a", *LONG, sha256="1"), plan("b", *LONG, sha256="1"), Likeness.SAME_FILE),
        (plan("a", *LONG), plan("b", *reversed(LONG)), Likeness.SAME_STRATEGIES),
        # numbers, capitals and marks do not make it another plan
        (plan("a", *LONG), plan("b", *(t.upper().replace("9", "8") for t in LONG)),
         Likeness.SAME_STRATEGIES),
        (plan("a", *LONG), plan("b", *LONG[:3], LONG[3].replace("planning", "common")),
         Likeness.NEARLY_SAME),
        # three of four lines in common is still another plan
        (plan("a", *LONG), plan("b", *LONG[:3], OTHER[0]), None),
        (plan("a", *LONG), plan("b", *LONG[:2], *OTHER[:2]), None),
        (plan("a", *LONG), plan("b", *OTHER), None),
        # one word in a short plan is a quarter of it
        (plan("a", "Daily tutoring in reading"), plan("b", "Daily tutoring in math"), None),
        (plan("a", "Daily tutoring"), plan("b", "Daily tutoring!"), Likeness.SAME_STRATEGIES),
        (failed("a", sha256="1"), failed("b", sha256="1"), Likeness.SAME_FILE),
        # without a hash nothing is known, so nothing is the same
        (failed("a", sha256=None), failed("b", sha256=None), None),
    ],
)  # fmt: skip
def test_likeness(one, other, expected):
    assert groups(one, other) == ([] if expected is None else [(expected, "a", "b")])


@given(st.permutations(range(6)))
def test_the_order_of_files_changes_nothing(order):
    plans = [
        plan("a", *LONG, sha256="1"), plan("b", *OTHER), plan("c", *LONG, sha256="1"),
        plan("d", *LONG[:3], LONG[3] + " again"), plan("e", *OTHER[::-1]), plan("f", "Mentors"),
    ]  # fmt: skip
    expected = [(Likeness.NEARLY_SAME, "a", "c", "d"), (Likeness.SAME_STRATEGIES, "b", "e")]
    assert groups(*(plans[i] for i in order)) == expected


def test_hundreds_of_copies_are_one_group():
    found = groups(*(plan(f"{n:03}", *LONG, f"Version {'x' * n} of it") for n in range(300)))
    assert [len(group) - 1 for group in found] == [300]
