"""Names keep their place and their letters while the text around them is cleaned."""

from hypothesis import given
from hypothesis import strategies as st

from recommender.plan.places import cleaned


def shout(text):
    return " ".join(text.upper().split())


def test_names_stay_as_they_are_and_where_they_stand():
    text = "use  PALS daily, and System 44 weekly"
    names = [(5, 9), (21, 30)]
    found = cleaned(shout, text, names)
    assert found.text == "USE PALS DAILY, AND System 44 WEEKLY"
    assert [found.text[a:b] for a, b in found.places] == ["PALS", "System 44"]


def test_a_cleaner_that_eats_a_name_leaves_the_text_alone():
    found = cleaned(lambda text: "nothing", "use PALS daily", [(4, 8)])
    assert found.text == "use PALS daily"
    assert found.places == ((4, 8),)


def test_what_is_cleaned_away_is_given_as_it_was():
    assert cleaned(lambda text: "", "3 2 1", []).text == "3 2 1"


@given(st.text(), st.data())
def test_every_place_holds_its_name(text, data):
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    names = [(a, b) for a, b in zip(cuts[::2], cuts[1::2]) if a < b and "\ue000" not in text]
    found = cleaned(shout, text, names)
    assert [found.text[a:b] for a, b in found.places] == [text[a:b] for a, b in names]
