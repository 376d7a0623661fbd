"""Measures against answers worked out by hand."""

from math import log2

import pytest

from recommender.errors import BadInput
from recommender.evaluation.judgments import read_qrels
from recommender.evaluation.measures import bootstrap_difference, mean, measure

QRELS = {"q1": {"a": 3, "b": 1, "c": 0}, "q2": {"a": 2}}


def test_worked_answers():
    table = measure(QRELS, {"q1": ["c", "a", "x", "b"], "q2": ["a"]})
    ideal = 3 + 1 / log2(3)
    assert table["nDCG@10"]["q1"] == pytest.approx((3 / log2(3) + 1 / log2(5)) / ideal)
    assert table["nDCG@10"]["q2"] == 1
    assert table["MRR"] == {"q1": 0.5, "q2": 1.0}  # a grade of 1 is not relevant
    assert table["recall@50"] == {"q1": 1.0, "q2": 1.0}
    assert table["Judged@10"]["q1"] == pytest.approx(0.75)


def test_a_query_without_a_result_counts_as_zero():
    table = measure(QRELS, {"q1": ["a"]})
    assert table["nDCG@10"]["q2"] == 0
    assert mean(table["MRR"]) == 0.5


def test_bootstrap_of_a_constant_difference_is_that_difference():
    ours = {str(i): 0.5 + i / 100 for i in range(20)}
    theirs = {key: value - 0.1 for key, value in ours.items()}
    assert bootstrap_difference(ours, theirs) == pytest.approx((0.1, 0.1))


def test_bootstrap_pairs_by_query_and_repeats():
    ours = {"b": 1.0, "a": 0.0, "c": 0.5}
    theirs = {"a": 0.0, "c": 0.0, "b": 0.5}
    low, high = bootstrap_difference(ours, theirs)
    assert (low, high) == bootstrap_difference(ours, theirs)
    assert 0 <= low <= 1 / 3 <= high <= 0.5


@pytest.mark.parametrize("line", ["q1 0 a", "q1 0 a x", "q1 0 a -1"])
def test_bad_qrels_name_the_line(tmp_path, line):
    (tmp_path / "q.qrels").write_text("q1 0 a 3\n" + line + "\n")
    with pytest.raises(BadInput, match="line 2: found"):
        read_qrels(tmp_path / "q.qrels")
