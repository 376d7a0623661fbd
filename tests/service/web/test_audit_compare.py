"""What became of last year's strategies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.plan.verdicts import Verdict
from service.store.audit_records import ReviewItem, ReviewState
from service.web.audit_compare import compare

TUTORING = "Tutors work with small groups of grade 3 readers four times a week"


def item(text, practice_id=None, strategy_id="s1"):
    return ReviewItem(
        "p", "A plan", None, None, strategy_id, "c", text, Verdict.MEETS, Verdict.MEETS,
        ReviewState.CHECKED, 0.0, practice_id, practice_id and "A program", None, None, (), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("last", "this", "fates"),
    [
        ([TUTORING], [TUTORING], ["continued"]),
        ([TUTORING], [TUTORING.upper() + "!"], ["continued"]),
        ([TUTORING], [TUTORING.replace("four", "five")], ["continued"]),
        ([TUTORING], [TUTORING + ", with a teacher who checks progress"], ["revised"]),
        ([TUTORING], ["Hold a family math night every quarter"], ["new", "dropped"]),
        ([TUTORING], [], ["dropped"]),
        ([], [TUTORING], ["new"]),
        ([], [], []),
        ([TUTORING, TUTORING], [TUTORING], ["continued", "dropped"]),
    ],
)
def test_fates(last, this, fates):
    pairs = compare([item(text) for text in last], [item(text) for text in this])
    assert [pair.fate.value for pair in pairs] == fates


def test_the_same_practice_makes_other_words_a_revision():
    last = item("First graders get a lesson of half an hour each day", "program-1")
    this = item("Continue Reading Recovery with two certified teachers", "program-1")
    (pair,) = compare([last], [this])
    assert pair.fate == "revised"
    assert "linked to the same practice" in pair.why
    other = item(this.text, "program-2")
    assert [pair.fate.value for pair in compare([last], [other])] == ["new", "dropped"]


def test_the_likest_belong_together_whatever_their_order():
    last = [item("Hold a family math night", strategy_id="a"), item(TUTORING, strategy_id="b")]
    this = [item(TUTORING + " in the library"), item("Hold a family math night")]
    pairs = compare(last, this)
    assert [(pair.last.strategy_id, pair.fate.value) for pair in pairs] == [
        ("b", "revised"), ("a", "continued"),
    ]  # fmt: skip


words = st.lists(st.text(max_size=60), max_size=6)


@given(words, words)
def test_every_strategy_of_both_years_stands_once_and_no_word_is_lost(last, this):
    olds = [item(text, strategy_id=f"o{n}") for n, text in enumerate(last)]
    news = [item(text, strategy_id=f"n{n}") for n, text in enumerate(this)]
    pairs = compare(olds, news)
    for items, side in ((olds, "last"), (news, "this")):
        shown = [getattr(pair, side) for pair in pairs if getattr(pair, side)]
        texts = {one.strategy_id: "".join(p.text for p in one.pieces) for one in shown}
        assert texts == {one.strategy_id: one.text for one in items}
        assert len(shown) == len(items)
