"""Shared fixtures: the corpus read once, and an index of it by an encoder that knows only words."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from recommender import paths
from recommender.corpus import Corpus, load_corpus
from recommender.index.build import Build
from recommender.index.catalogue import make_cards
from recommender.index.placed import ROWS_A_PLACE, Placed, PlacedText
from recommender.plan.meaning import MeaningModel
from recommender.search.recommender import Recommender
from recommender.text import tokens

settings.register_profile("steady", derandomize=True, max_examples=60, deadline=None)
settings.load_profile("steady")

ROOT = Path(__file__).resolve().parent.parent


class WordEncoder:
    """A double: a text's vector is made of its words, so similarity has a meaning."""

    name = "words"

    def encode(self, texts: Sequence[str], progress=None):
        vectors = np.zeros((len(texts), 512), np.float32)
        for row, text in zip(vectors, texts):
            for token in tokens(text) or ["-"]:
                row[zlib.crc32(token.encode()) % 512] += 1.0
        if progress:
            progress(len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def encode_with_parts(self, parts: Sequence[str]):
        return self.encode([" ".join(parts), *(parts if len(parts) > 1 else ())])

    def encode_places(self, texts: Sequence[PlacedText]):
        vectors = self.encode([each.text for each in texts])
        around = [np.repeat(_neutral(), len(each.places), axis=0) for each in texts]
        return [Placed(*each) for each in zip(vectors, around)]


@cache
def _neutral():
    """Surroundings that the shipped model of meaning finds neither for nor against adoption."""
    model = MeaningModel.read(ROOT / "corpus")
    weights = np.array(model.weights)
    found = -model.constant * weights / (weights @ weights)
    return found.reshape(1, ROWS_A_PLACE, -1).astype(np.float32)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return load_corpus(ROOT / "corpus")


@pytest.fixture(scope="session")
def cards(corpus):
    return {card.practice.practice_id: card for card in make_cards(corpus)[0]}


@pytest.fixture(scope="session")
def word_indexes(corpus, tmp_path_factory) -> Path:
    """An index of the whole corpus by words."""
    root = tmp_path_factory.mktemp("indexes")
    now = datetime(2026, 1, 2, tzinfo=UTC)
    Build(corpus, WordEncoder.name).run(root, WordEncoder(), now)
    return root


@pytest.fixture(scope="session")
def word_search(word_indexes) -> Recommender:
    return Recommender.open(word_indexes, WordEncoder())


@pytest.fixture(scope="session")
def search() -> Recommender:
    """The real index; `make test` builds it before the tests run."""
    return Recommender.open(paths.indexes_folder())


def pytest_collection_modifyitems(items):
    """Browser tests go last: Playwright leaves an event loop running in this thread."""
    items.sort(key=lambda item: "browser" in item.path.parts)
