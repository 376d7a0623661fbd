"""Which grades a statement works in, and which of several programmes it can mean there."""

from types import SimpleNamespace

import pytest

from recommender.plan.grades import grades_worked_in, meant_in_grades


def read(text, name=""):
    start = text.index(name)
    mention = SimpleNamespace(start=start, end=start + len(name))
    named = (SimpleNamespace(mention=mention),) if name else ()
    return SimpleNamespace(text=text, named=named)


@pytest.mark.parametrize(
    ("text", "name", "grades"),
    [
        ("Kindergarteners who did not attend preschool have PALS", "PALS", ("K",)),
        ("Groups for the 2nd graders who missed kindergarten", "", ("2",)),
        ("K-2 phonics, so that all read by grade 3", "", ("K", "1", "2")),
        ("Growth Mindset for 9th Graders with seniors", "Growth Mindset for 9th Graders", ("12",)),
        ("Sophomores and juniors choose a pathway", "", ("10", "11")),
        ("Reading 6, 7 and English 9", "", ("6", "7", "9")),
    ],
)
def test_grades_in_which_something_is_done(text, name, grades):
    assert grades_worked_in(read(text, name)) == grades


def cards(**names):
    return {key: SimpleNamespace(practice=SimpleNamespace(name=n)) for key, n in names.items()}


TEAMS = cards(any="Teams", middle="Teams for middle schools", two="Teams in grade 2")


@pytest.mark.parametrize(
    ("grades", "left"),
    [
        (("K", "1"), ["any"]),
        (("2",), ["two", "any"]),  # the one that states the grade first
        (("1", "2"), ["any", "two"]),
        (("6", "7"), ["middle", "any"]),
        ((), ["middle", "two", "any"]),
    ],
)
def test_a_name_that_states_other_grades_is_not_meant(grades, left):
    found = meant_in_grades([("middle",), ("any",), ("two",)], TEAMS, grades)
    assert [ids[0] for ids in found] == left


def test_all_stay_where_none_fits():
    assert meant_in_grades([("middle",), ("two",)], TEAMS, ("9",)) == (("middle",), ("two",))
