"""Words of dropping, and the same words where nothing is dropped."""

import pytest

from recommender import paths
from recommender.plan.cues import CueBook


@pytest.fixture(scope="module")
def cues():
    return CueBook.read(paths.corpus_folder())


def blocked(cues, text):
    at = text.index("XX")
    return any(cue.effect == "none" for cue in cues.near(text, at, at + 2))


@pytest.mark.parametrize(
    "text",
    [
        "We will stop using XX in June",
        "The school does not use XX",
        "We will not renew XX",
        "They are not in XX; they take another course",
        "Early Reading, not XX, is what we teach",
        "We are moving away from XX",
        "Instead of XX and Journeys, grade 3 will have the new core",
        "Instead of Journeys, Wonders and XX, a new core",
    ],
)
def test_a_dropped_programme_is_blocked(cues, text):
    assert blocked(cues, text)


@pytest.mark.parametrize(
    "text",
    [
        "We will not stop using XX in grade 3",
        "We did not drop XX when the core arrived",
        "The council voted not to end XX",
        "We won't give up XX in algebra",
        "Students not in special education have XX",
        "We are not walking away from XX",
        "Instead of paper packets, seventh graders do XX problem sets",
        "Four groups instead of two, all of them in XX",
        "Third graders under the cut do XX daily",
        "By the end of the day all have had XX",
    ],
)
def test_what_is_kept_is_not_blocked(cues, text):
    assert not blocked(cues, text)


def of_the_whole(cues, text):
    return {cue.group for cue in cues.whole(text) if cue.effect in ("none", "review")}


@pytest.mark.parametrize(
    "text",
    [
        "Students discuss a text in groups of four every day",
        "Teachers examine student work together on Mondays",
        "Counselors visit each family in August",
        "Students explore fractions on a number line",
        "Friday quiz from memory on what was taught weeks ago",
        "Have the class decide which method fits the problem",
    ],
)
def test_words_about_a_name_say_nothing_where_none_is_named(cues, text):
    assert not of_the_whole(cues, text)


@pytest.mark.parametrize(
    "text",
    [
        "Explore whether peer tutoring would help",
        "The team will consider small groups in math",
        "Decide which program to adopt for word problems",
    ],
)
def test_what_is_only_looked_into_is_no_content_either(cues, text):
    assert of_the_whole(cues, text)


@pytest.mark.parametrize("text", ["Discuss XX at the retreat", "Visit a school that uses XX"])
def test_a_programme_that_is_only_discussed_or_visited_is_blocked(cues, text):
    assert blocked(cues, text)
