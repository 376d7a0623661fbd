from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from recommender.records import GRADES
from recommender.search.signals import (
    best_passage,
    family_mean,
    grade_overlap,
    match_text,
    match_whole,
    mean_of_best,
    ranks,
    reciprocal_rank_fusion,
)

OWNERS = np.array([0, 0, 0, 0, 1, 2, 2])
TABLE = SimpleNamespace(
    practice_ids=("a", "b", "c"),
    owners=OWNERS,
    starts=np.array([0, 4, 5]),
    families=np.array([0, 0, -1]),
    grades=np.array([[g in row for g in GRADES] for row in (("1", "2"), ("8",), ())]),
)
scores = hnp.arrays(np.int8, 7).map(lambda a: (a / 141).astype(np.float32))


@given(scores)
def test_best_and_mean_of_best_agree_with_plain_sorting(values):
    for practice in range(3):
        own = sorted(values[practice == OWNERS], reverse=True)
        assert best_passage(TABLE, values)[practice] == own[0]
        expected = np.mean(own[:3], dtype=np.float64)
        assert mean_of_best(TABLE, values)[practice] == pytest.approx(expected, abs=1e-5)


def test_family_mean_leaves_practices_without_a_family_alone():
    values = np.array([0.2, 0.4, 0.9], np.float32)
    assert family_mean(TABLE, values) == pytest.approx([0.3, 0.3, 0.9])


def test_equal_values_rank_in_index_order():
    assert list(ranks(np.array([0.5, 0.9, 0.5], np.float32))) == [2, 1, 3]


def test_fusion_gives_nothing_for_no_match():
    fused = reciprocal_rank_fusion([np.array([0.5, 0.0], np.float32)])
    assert fused == pytest.approx([1 / 61, 0])


positive = hnp.arrays(np.uint8, 6).map(lambda a: ((a + 1.0) / 256).astype(np.float32))


@given(positive, positive, st.integers(0, 5))
def test_fusion_never_demotes_what_every_list_moved_up(first, second, item):
    before = reciprocal_rank_fusion([first, second])
    higher_first, higher_second = first.copy(), second.copy()
    higher_first[item] = higher_second[item] = 2.0
    after = reciprocal_rank_fusion([higher_first, higher_second])
    assert after[item] >= before[item]


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (("1",), [1.0, -1.0, 0.0]),
        (("3",), [-1 / 3, -1.0, 0.0]),
        (("7", "2"), [1.0, -1 / 3, 0.0]),
        ((), [0.0, 0.0, 0.0]),  # not stated is no match and no mismatch
    ],
)
def test_grade_overlap(grades, expected):
    assert grade_overlap(TABLE, grades) == pytest.approx(expected)


def test_the_whole_alone_has_the_values_of_the_full_match(word_search):
    index, table, encode = word_search.index, word_search.table, word_search.encoder.encode
    texts = ["weak phonics", "families hear of absences late", "parking", "-"]
    found = match_whole(index, table, encode(texts))
    for text, whole in zip(texts, found, strict=True):
        full = match_text(index, table, word_search.reader.read(text), encode([text]))
        assert np.array_equal(whole.whole, full.whole)
        assert whole.out_of_reach == full.out_of_reach
    assert match_whole(index, table, encode([])) == ()
