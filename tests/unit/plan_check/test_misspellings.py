"""Which words of a misspelt name may be meant as they stand."""

import pytest

from recommender.plan.misspellings import wrong_words


@pytest.mark.parametrize(
    ("said", "name", "wrong"),
    [
        ("fast forward", "fast forword", ["forward"]),
        ("levelled literacy intervention", "leveled literacy intervention", []),
        ("first steps to success", "first step to success", []),
        ("behaviour education program", "behavior education program", []),
        ("math tutoring", "match tutoring", ["math"]),
        ("teacher child interaction planning", "teacher child interaction training", []),
        ("from hear to there", "from here to there", ["hear"]),
    ],
)
def test_words_that_are_no_slip(said, name, wrong):
    assert wrong_words(said.split(), name.split()) == wrong
