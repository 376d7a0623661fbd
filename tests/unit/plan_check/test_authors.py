"""A practice named by its study's authors is that practice; a teacher of the same name is not."""

from types import SimpleNamespace

import pytest

from recommender.plan.authors import Authors
from recommender.plan.mentions import Mention

NAMES = {
    "a": "Fact retrieval tutoring—Fuchs et al. (2008)",
    "b": "Fact retrieval tutoring—Powell et al. (2009)",
    "c": "Fact retrieval tutoring—Powell et al. (2015)",
    "d": "Supplemental phonics instruction—Vadasy and Sanders (2010)",
    "e": "Sound Partners",
}
CARDS = [
    SimpleNamespace(practice=SimpleNamespace(practice_id=key, name=name))
    for key, name in NAMES.items()
]


def settle(text, *practice_ids):
    mention = Mention(0, 4, "x", practice_ids, is_weak=True, is_ambiguous=True, is_generic=True)
    return Authors(CARDS).settle(text, mention)


@pytest.mark.parametrize(
    ("text", "expected", "is_sure"),
    [
        ("fact retrieval tutoring daily", ("a", "b", "c"), False),
        ("fact retrieval tutoring (Fuchs et al.) daily", ("a",), True),
        ("fact retrieval tutoring of Powell et al.", ("b", "c"), True),
        ("fact retrieval tutoring of Powell (2015)", ("c",), True),
        ("Ms. Powell gives fact retrieval tutoring", ("b", "c"), False),
    ],
)
def test_authors_choose_among_practices_of_one_name(text, expected, is_sure):
    found = settle(text, "a", "b", "c")
    assert found.practice_ids == expected
    assert (not found.is_weak) is is_sure
    assert (not found.is_generic) is is_sure


def test_two_authors_are_a_citation():
    assert not settle("the Vadasy and Sanders lessons", "d").is_weak
    assert settle("Mrs. Sanders gives phonics lessons", "d").is_weak


def test_a_programme_without_authors_stays_as_it_is():
    assert settle("Fuchs et al. (2008) and Sound Partners", "e").is_weak
