"""The packed encoder against the library's own, on the real model: the same bits in any batch."""

import random

import numpy as np
import pytest

from recommender.evaluation.judgments import read_queries
from recommender.index.encoder import DEFAULT_MODEL, SentenceEncoder
from recommender.search.query import QueryReader
from service.engine_packed import PackedEncoder
from tests.conftest import ROOT

ODD = [
    ("a",),
    ("",),
    ("?", "!"),
    ("word " * 600,),  # past the longest input
    ("word " * 600, "and a part that falls behind its end"),
    ("naïve ﬁancé 漢字 \u0301", "İstanbul ß", "b"),
]


@pytest.fixture(scope="module")
def encoder():
    return PackedEncoder(DEFAULT_MODEL)


@pytest.fixture(scope="module")
def texts(corpus):
    reader = QueryReader(corpus.vocabulary, corpus.areas)
    asked = read_queries(ROOT / "corpus" / "judgments" / "development.jsonl")
    queries = [reader.read(query.root_cause) for query in asked]
    return [tuple(query.clauses or (query.text,)) for query in queries] + ODD


@pytest.fixture(scope="module")
def alone(encoder, texts):
    return [encoder.encode_each([parts])[0] for parts in texts]


@pytest.mark.parametrize("size", [2, 3, 7, 16, 100])
def test_no_bit_of_a_vector_depends_on_its_batch(encoder, texts, alone, size):
    order = list(range(len(texts)))
    random.Random(size).shuffle(order)
    for start in range(0, len(order), size):
        numbers = order[start : start + size]
        for number, rows in zip(numbers, encoder.encode_each([texts[n] for n in numbers])):
            assert np.array_equal(rows, alone[number]), texts[number]


def test_vectors_are_those_of_the_library(encoder, texts, alone):
    """Bit for bit, but for texts of under four tokens, which it multiplies in another order."""
    for parts, rows in zip(texts, alone):
        wanted = SentenceEncoder.encode_with_parts(encoder, parts)
        assert rows.shape == wanted.shape
        assert np.allclose(rows, wanted, atol=1e-6)
        if len(" ".join(parts)) > 10:
            assert np.array_equal(rows, wanted), parts


def test_the_usual_batch_does_change_bits(encoder, texts, alone):
    """Why the packed one exists; if this fails, the usual one will do."""
    whole = [" ".join(parts) for parts in texts if len(parts) == 1][:20]
    padded = encoder.encode(whole)
    single = np.concatenate([encoder.encode([text]) for text in whole])
    assert not np.array_equal(padded, single)


def test_another_kind_of_model_is_encoded_one_by_one(encoder, texts, alone, monkeypatch):
    monkeypatch.setattr(encoder, "_bert", None)
    for parts, rows in zip(texts[:5], encoder.encode_each(texts[:5])):
        assert np.allclose(rows, SentenceEncoder.encode_with_parts(encoder, parts))
