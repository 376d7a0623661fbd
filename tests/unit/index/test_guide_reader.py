"""The models that tell recommendations apart, on lines whose answer is plain."""

import numpy as np
import pytest

from recommender.errors import BadIndex
from recommender.index.guide_lines import GuideLineVectors
from recommender.index.guide_reader import GuideReader
from tests.conftest import WordEncoder

LINES = [
    ("a", "blend letter sounds daily", True),
    ("a", "sounds and letters each day", True),
    ("b", "mentors call families about attendance", True),
    ("b", "call home after each absence", True),
    ("c", "students count blocks and rods", True),
    ("a", "buy letter cards", False),
    ("", "repair the roof of the gym", False),
    ("", "order new desks for the gym", False),
]


@pytest.fixture(scope="module")
def reader():
    vectors = WordEncoder().encode([text for _, text, _ in LINES])
    ids, follows = zip(*((i, f) for i, _, f in LINES))
    return GuideReader.fit(GuideLineVectors(vectors, np.array(ids), np.array(follows)))


@pytest.mark.parametrize(
    ("text", "expected"), [("letter sounds each day", "a"), ("call families at home", "b")]
)
def test_a_line_goes_to_its_recommendation(reader, text, expected):
    (vector,) = WordEncoder().encode([text])
    assert list(reader.practice_ids) == ["a", "b", "c"]
    assert reader.practice_ids[int(np.argmax(reader.scores(vector)))] == expected
    (other,) = WordEncoder().encode(["new roof for the gym"])
    assert reader.carries(vector) > reader.carries(other)


def test_what_is_saved_is_what_is_loaded(reader, tmp_path):
    reader.save(tmp_path / "reader.npz")
    loaded = GuideReader.load(tmp_path / "reader.npz")
    (vector,) = WordEncoder().encode(["letter sounds"])
    assert np.array_equal(loaded.scores(vector), reader.scores(vector))
    assert loaded.carries(vector) == reader.carries(vector)


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "reader.npz"
    path.write_bytes(b"no arrays")
    with pytest.raises(BadIndex, match=r"reader\.npz"):
        GuideReader.load(path)
