"""A text's vector is the same in any company; many plans share one batch."""

import numpy as np
import pytest

from recommender.audit.encoding import RememberingEncoder, SteadyDense, SteadyEncoder
from recommender.index.encoder import SentenceEncoder
from tests.conftest import WordEncoder

TEXTS = [
    "Mentors",
    "Peer tutoring in reading, four times a week in grades 2 to 4",
    "Home visits by teachers before the school year starts, with a letter in home languages",
    "Restorative conferences replace suspension",
    "word " * 600,  # longer than the model reads
    "",
]


class CountingEncoder(WordEncoder):
    def __init__(self):
        self.asked = []

    def encode(self, texts, progress=None):
        self.asked.append(list(texts))
        return super().encode(texts, progress)


@pytest.fixture(scope="module")
def steady():
    return SteadyEncoder()


def test_company_and_order_change_no_bit(steady):
    together = steady.encode(TEXTS * 3)
    alone = np.concatenate([steady.encode([text]) for text in TEXTS])
    backwards = steady.encode(TEXTS[::-1])[::-1]
    assert np.array_equal(together[: len(TEXTS)], alone)
    assert np.array_equal(together[len(TEXTS) :], np.concatenate([alone, alone]))
    assert np.array_equal(backwards, alone)


def test_vectors_are_those_of_the_library(steady):
    plain = SentenceEncoder().encode(TEXTS)
    assert np.abs(steady.encode(TEXTS) - plain).max() < 1e-6
    assert steady.encode([]).shape == (0, plain.shape[1])


def test_threads_change_no_bit(steady):
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    one, two = (_with_threads(torch, steady, n) for n in (1, 2))
    torch.set_num_threads(before)
    assert np.array_equal(one, two)


def _with_threads(torch, steady, count):
    torch.set_num_threads(count)
    return steady.encode(TEXTS)


def test_what_is_remembered_is_not_encoded_again():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.remember(["tutoring", "mentors", "tutoring"])
    found = encoder.encode(["mentors", "phonics", "tutoring", "mentors"])
    assert inner.asked == [["tutoring", "mentors"], ["phonics"]]
    assert np.array_equal(
        found, WordEncoder().encode(["mentors", "phonics", "tutoring", "mentors"])
    )
    encoder.forget()
    encoder.encode(["mentors"])
    assert inner.asked[-1] == ["mentors"]


def test_one_part_is_a_text_and_several_are_not():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.remember(["tutoring"])
    assert len(encoder.encode_with_parts(["tutoring"])) == 1
    assert len(encoder.encode_with_parts(["tutoring", "mentors"])) == 3
    assert encoder.name == "words"


def test_cosines_do_not_depend_on_company(word_search):
    dense = word_search.index.dense
    steady = SteadyDense(dense)
    queries = WordEncoder().encode([f"tutoring mentors phonics {word}" for word in "abcdefghijk"])
    alone = np.concatenate([steady.scores(query[None, :]) for query in queries])
    steady.remember(queries[::-1])
    assert np.array_equal(steady.scores(queries), alone)
    assert np.abs(alone - dense.scores(queries)).max() < 1e-6
    assert steady.size == dense.size
    steady.forget()
    assert np.array_equal(steady.scores(queries[3:5]), alone[3:5])


def test_more_than_is_kept_is_the_same(word_search, monkeypatch):
    monkeypatch.setattr("recommender.audit.encoding.MOST_KEPT", 2)
    queries = WordEncoder().encode(["tutoring", "mentors", "phonics", "attendance"])
    steady = SteadyDense(word_search.index.dense)
    expected = steady.scores(queries)
    steady.remember(queries)
    assert np.array_equal(steady.scores(queries), expected)
