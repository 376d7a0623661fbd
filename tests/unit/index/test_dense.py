"""Cosines: a row is the same bits alone and among others, and with any number of threads."""

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from recommender.index.dense import BLOCK, DenseIndex


def unit_rows(count, seed):
    rows = np.random.default_rng(seed).standard_normal((count, 384)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(params=[1, 7, BLOCK, 2 * BLOCK + 5])
def passages(request):
    return unit_rows(request.param, request.param)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 8, 33])
def test_a_row_depends_on_its_query_alone(passages, count):
    dense, queries = DenseIndex.build(passages), unit_rows(count, 99)
    found = dense.scores(queries)
    assert found.shape == (count, len(passages))
    assert np.abs(found - queries @ passages.T).max(initial=0) < 1e-6
    for query, row in zip(queries, found):
        assert np.array_equal(dense.scores(query[None, :])[0], row)


def test_an_index_keeps_products_to_one_thread(passages):
    with threadpool_limits(2, "blas"):
        DenseIndex.build(passages)
        blas = [each for each in threadpool_info() if each["user_api"] == "blas"]
        assert {each["num_threads"] for each in blas} == {1}
