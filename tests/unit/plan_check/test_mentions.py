"""Names as plans write them: a comma more, a short form beside the long one."""

import pytest

from recommender import paths
from recommender.plan.known_names import NameLists
from recommender.plan.mentions import NameTable


@pytest.fixture(scope="module")
def table(cards):
    lists = NameLists.read(paths.corpus_folder())
    return NameTable(list(cards.values()), lists.ambiguous, frozenset(), lists.generic)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Building Assets, Reducing Risks in grade 9", ["Building Assets Reducing Risks"]),
        ("Materials for Reading, Recovery of attendance", []),  # too short for a comma
    ],
)
def test_a_long_name_may_hold_a_comma_more(table, text, names):
    assert [m.name for m in table.find(text) if m.practice_ids] == names


def test_a_short_form_beside_its_own_name_is_no_other_product(table):
    own = table.find("Leveled Literacy Intervention LLI daily")
    assert [(m.name, m.extension) for m in own] == [
        ("Leveled Literacy Intervention", None),
        ("LLI", None),
    ]
    two = table.find("Sound Partners Reading Recovery")
    assert [m.extension for m in two] == ["Reading Recovery", "Sound Partners"]


@pytest.mark.parametrize("short_form", ["SPARK", "PALS", "ACCESS", "RAVE"])
def test_short_forms_of_other_things_in_schools_are_ambiguous(table, short_form):
    (mention,) = table.find(f"{short_form} in grade 3")
    assert mention.is_ambiguous


def test_small_articles_of_a_spanish_name_are_no_small_letters(table):
    (mention,) = table.find("Descubriendo la Lectura in grade 1")
    assert mention.is_capitalised
    (mention,) = table.find("descubriendo la lectura in grade 1")
    assert not mention.is_capitalised


def test_initials_are_written_in_capitals(table):
    assert [m.name for m in table.find("Lessons of the A.D.D. kind")] == ["A.D.D."]
    (word,) = table.find("Add a take-home book bag for each child")
    assert word.is_weak
    assert not word.is_capitalised
