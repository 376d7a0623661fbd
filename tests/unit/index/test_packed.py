"""The encoder against the library's own, on the real model: the same bits in any company."""

import multiprocessing
import random

import numpy as np
import pytest
import torch

from recommender.evaluation.judgments import read_queries
from recommender.index.encoder import PACK, SentenceEncoder
from recommender.index.packed import pass_tokens
from recommender.index.placed import LAYERS, ROWS_A_PLACE, PlacedText
from recommender.index.threads import cores
from recommender.search.query import QueryReader
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
    return SentenceEncoder(threads=2)


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


def of_library(encoder, texts, **options):
    return encoder._model.encode(texts, show_progress_bar=False, **options)


def test_vectors_are_those_of_the_library(encoder, texts, alone):
    """Bit for bit, but for texts of under four tokens, which it multiplies in another order."""
    for parts, rows in zip(texts, alone):
        text = " ".join(parts)
        wanted = of_library(encoder, [text], normalize_embeddings=True)
        assert len(rows) == (1 if len(parts) == 1 else 1 + len(parts))
        assert np.allclose(rows[0], wanted[0], atol=1e-6)
        if len(text) > 10 and len(parts) == 1:
            assert np.array_equal(rows, wanted), parts


def test_vectors_of_parts_are_those_of_the_librarys_tokens(encoder, texts, alone):
    for parts, rows in zip(texts, alone):
        if len(parts) > 1:
            assert np.allclose(rows, encoder._encode_alone(parts), atol=1e-6), parts


def test_the_usual_batch_does_change_bits(encoder, texts):
    """Why the packed one exists; if this fails, the usual one will do."""
    whole = [" ".join(parts) for parts in texts if len(parts) == 1][:20]
    padded = of_library(encoder, whole)
    single = np.concatenate([of_library(encoder, [text]) for text in whole])
    assert not np.array_equal(padded, single)


@pytest.mark.parametrize("count", [1, 2, PACK, PACK + 1, 3 * PACK, 100])
@pytest.mark.parametrize("threads", [1, 2, 3])
def test_order_count_and_threads_change_no_bit(encoder, texts, alone, count, threads, monkeypatch):
    """What the command line, an audit's worker and the service each ask is the same."""
    monkeypatch.setattr(encoder, "_threads", threads)
    numbers = [i for i, parts in enumerate(texts) if len(parts) == 1] * 3
    random.Random(count).shuffle(numbers)
    numbers, done = numbers[:count], []
    found = encoder.encode([texts[i][0] for i in numbers], done.append)
    assert np.array_equal(found, np.concatenate([alone[i] for i in numbers]))
    assert sum(done) == len(numbers)
    assert np.array_equal(encoder.encode_with_parts(texts[numbers[0]]), alone[numbers[0]])


def test_no_texts_give_no_vectors(encoder):
    assert encoder.encode([]).shape == (0, 384)


def test_tokens_have_the_bits_they_have_alone(encoder):
    """For whoever passes another model's tokens."""
    ids = encoder._tokenize(["phonics", "a word " * 40, "two small words"])["input_ids"]
    together = pass_tokens(encoder._bert, ids, LAYERS)
    assert [len(last) for last, *_ in together] == [len(each) for each in ids]
    for found, each in zip(together, ids):
        (alone,) = pass_tokens(encoder._bert, [each], LAYERS)
        assert len(found) == 1 + len(LAYERS)
        assert all(np.array_equal(a.numpy(), b.numpy()) for a, b in zip(found, alone))


def test_hidden_layers_are_those_of_the_library(encoder):
    text = "Two trained Reading Recovery teachers give daily lessons to first graders."
    ids = encoder._tokenize([text])["input_ids"]
    ((_, *hidden),) = pass_tokens(encoder._bert, ids, LAYERS)
    with torch.inference_mode():
        library = encoder._bert(torch.tensor(ids), output_hidden_states=True).hidden_states
    for layer, found in zip(LAYERS, hidden):
        assert np.allclose(found.numpy(), library[layer][0].numpy(), atol=1e-5)


def test_what_stands_around_a_place(encoder):
    text = "Daily Sound Partners lessons"
    place = (text.index("Sound"), text.index("Sound") + len("Sound Partners"))
    (found,) = encoder.encode_places([PlacedText(text, (place,))])
    encoded = encoder._tokenize([text])
    ((_, *hidden),) = pass_tokens(encoder._bert, encoded["input_ids"], LAYERS)
    tokens = [text[a:b] for a, b in encoded["offset_mapping"][0]]
    assert tokens == ["", "Daily", "Sound", "Partners", "lessons", ""]
    for layer, rows in zip(hidden, np.split(found.around[0], len(LAYERS))):
        values = layer.numpy()
        expected = [values.mean(0), values[2:4].mean(0), values[1], values[4:].mean(0)]
        assert np.allclose(rows, expected, atol=1e-5)
    assert np.array_equal(found.vector, encoder.encode([text])[0])
    assert found.around.shape == (1, ROWS_A_PLACE, len(found.vector))


def test_a_place_beyond_the_longest_input_says_nothing_false(encoder):
    text = "word " * 600 + "Sound Partners"
    (found,) = encoder.encode_places([PlacedText(text, ((3000, 3014),))])
    assert np.isfinite(found.around).all()


def test_another_kind_of_model_is_encoded_one_by_one(encoder, texts, alone, monkeypatch):
    monkeypatch.setattr(encoder, "_bert", None)
    some = [*texts[:5], *ODD]
    found = encoder.encode_each(some)
    for rows, packed in zip(found, [*alone[:5], *alone[-len(ODD) :]]):
        assert np.allclose(rows, packed, atol=1e-6)
    singles = [parts[0] for parts in texts if len(parts) == 1][:20]
    one_by_one = np.concatenate([encoder.encode([text]) for text in singles])
    assert np.array_equal(encoder.encode(singles), one_by_one)


def test_a_process_of_a_pool_keeps_to_one_core():
    assert cores() >= 1
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(cores) == 1
