"""Nearest recommendations by one product give what a product for each recommendation gives."""

from types import SimpleNamespace

import numpy as np
import pytest

from recommender.index.dense import DenseIndex
from recommender.index.documents import PassageKind
from recommender.index.guide_lines import GuideLineVectors
from recommender.plan.guides import BEST_LINES, GuideContent
from tests.conftest import WordEncoder

CONTENT = {
    "wwc-practice-guide:1/1": ("teach letter sounds", "phonics each day", "sounds and letters"),
    "wwc-practice-guide:1/2": ("meet families at home",),  # groups need not be of one size
    "wwc-practice-guide:1/3": ("mentors watch attendance", "call home after absence"),
}
FOLLOWS = {
    "wwc-practice-guide:1/1": ("letter sounds daily", "phonics", "blend sounds", "sounds games"),
    "wwc-practice-guide:1/2": ("home visits",),  # fewer than are averaged, and none for the third
}
TEXTS = ["phonics and letter sounds each day", "call families at home", "mentors", "zebra"]


@pytest.fixture(scope="module")
def index():
    encode, rows = WordEncoder().encode, [(i, t) for i, texts in CONTENT.items() for t in texts]
    lines = [(i, t) for i, texts in FOLLOWS.items() for t in texts]
    passages = [SimpleNamespace(practice_id=i, kind=PassageKind.HOW_TO) for i, _ in rows]
    return SimpleNamespace(
        passages=passages,
        dense=DenseIndex.build(encode([t for _, t in rows])),
        guide_lines=GuideLineVectors(
            encode([t for _, t in lines]),
            np.array([i for i, _ in lines]),
            np.ones(len(lines), bool),
        ),
        guide_reader=SimpleNamespace(
            practice_ids=tuple(CONTENT),
            scores=lambda vector: np.array([likeness_of(i, vector) for i in CONTENT]),
            carries=lambda vector: 0.0,
        ),
    )


def likeness_of(practice_id, vector):
    mean, _, follow = plain_cosines(practice_id, vector)
    return (mean + follow) / 2


def plain_cosines(practice_id, vector):
    """Return the mean over the content, and over the best lines, each by a product of its own."""
    content = WordEncoder().encode(CONTENT[practice_id]) @ vector
    follow = np.sort(WordEncoder().encode(FOLLOWS.get(practice_id, ())) @ vector)[-BEST_LINES:]
    return content.mean(), content.max(), follow.mean() if len(follow) else 0.0


@pytest.mark.parametrize("text", TEXTS)
def test_nearest_is_what_plain_products_give(index, text):
    (vector,) = WordEncoder().encode([text])
    found = GuideContent(index).nearest(text, vector)
    likeness = {i: likeness_of(i, vector) for i in CONTENT}
    assert found.practice_id == max(likeness, key=likeness.__getitem__)
    mean, best, follow = plain_cosines(found.practice_id, vector)
    others = [value for i, value in likeness.items() if i != found.practice_id]
    assert found.mean_cosine == pytest.approx(mean, abs=1e-6)
    assert found.best_cosine == pytest.approx(best, abs=1e-6)
    assert found.follow_cosine == pytest.approx(follow, abs=1e-6)
    assert found.margin == pytest.approx(likeness[found.practice_id] - max(others), abs=1e-6)
    assert found.close_cosine == 0.0
