"""Many plans share one batch, and no text is encoded twice."""

import numpy as np

from recommender.audit.encoding import RememberingEncoder
from recommender.index.placed import PlacedText
from tests.conftest import WordEncoder


class CountingEncoder(WordEncoder):
    def __init__(self):
        self.asked = []

    def encode(self, texts, progress=None):
        self.asked.append(list(texts))
        return super().encode(texts, progress)


def plain(*texts):
    return [PlacedText(text, ()) for text in texts]


def test_what_is_remembered_is_not_encoded_again():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.remember(plain("tutoring", "mentors", "tutoring"))
    found = encoder.encode_places(plain("mentors", "phonics", "tutoring", "mentors"))
    assert inner.asked == [["tutoring", "mentors"], ["phonics"]]
    expected = WordEncoder().encode(["mentors", "phonics", "tutoring", "mentors"])
    assert np.array_equal([each.vector for each in found], expected)
    encoder.forget()
    encoder.encode_places(plain("mentors"))
    assert inner.asked[-1] == ["mentors"]


def test_a_place_is_part_of_what_is_remembered():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.remember(plain("PALS daily"))
    (found,) = encoder.encode_places([PlacedText("PALS daily", ((0, 4),))])
    assert len(found.around) == 1
    assert len(inner.asked) == 2


def test_one_part_is_a_text_and_several_are_not():
    inner = CountingEncoder()
    encoder = RememberingEncoder(inner)
    encoder.remember(plain("tutoring"))
    assert len(encoder.encode_with_parts(["tutoring"])) == 1
    assert inner.asked == [["tutoring"]]
    assert len(encoder.encode_with_parts(["tutoring", "mentors"])) == 3
    assert encoder.name == "words"
