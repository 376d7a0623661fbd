"""The words of a line: which features, and what the shipped weights say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.errors import BadCorpus
from recommender.plan.line_model import MOST_WORDS, LineModel, line_features, shipped_lines
from recommender.plan.line_quality import Line, fit_lines, logits_in_folds, report
from recommender.plan.sections import Trust
from recommender.plan.statements import is_kept

# The same subjects in different roles.
PAIRS = [
    ("Teachers meet weekly in grade teams to plan lessons", "Teachers plan alone and rarely meet"),
    ("Students write every day in science", "Students will become confident writers"),
    ("Mentors call each family after two absences", "Absences rose from 14% to 19% last year"),
    ("Kindergartners work in fives with a tutor", "All kindergartners placed by 9/19"),
]


@pytest.mark.parametrize(("done", "told"), PAIRS)
def test_what_is_done_is_told_from_goals_data_and_measures(done, told):
    assert shipped_lines().logit(done) > 0 > shipped_lines().logit(told)


@given(st.text(max_size=200))
def test_features_are_distinct_and_of_any_text(text):
    found = line_features(text)
    assert len(found) == len(set(found)) > 0


def test_a_page_says_no_more_than_its_first_words():
    words = ["word"] * MOST_WORDS
    assert line_features(" ".join(words)) == line_features(" ".join([*words, "adopt", "tutoring"]))


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(BadCorpus, match=r"plan_lines\.json"):
        LineModel.read(tmp_path)


def test_weights_learn_what_lines_hold_and_folds_do_not_see_their_own():
    lines = [Line(f"tutors work with group {n}", "strategy") for n in range(10)]
    lines += [Line(f"scores fell in group {n}", "data") for n in range(10)]
    model = fit_lines(lines, [])
    features = [line_features(text) for text in ("tutors work daily", "scores fell again")]
    assert model.logit(features[0]) > 0 > model.logit(features[1])
    logits = logits_in_folds(lines, [])
    assert (logits[:10] > 0).all()
    assert (logits[10:] < 0).all()
    assert "| data | 10 | 0.0% |" in list(report(lines, logits))


@pytest.mark.parametrize("trust", [t for t in Trust if t])
def test_the_less_a_place_vouches_the_more_a_line_must_say(trust):
    text = "Smaller rooms and longer days for all of the third grade"
    kept = [is_kept(text, trust, logit) for logit in (-9.0, -4.0, -1.0, 0.0, 1.0, 1.5, 9.0)]
    assert kept == sorted(kept)
    assert kept[-1]
    assert not kept[0]


def test_nothing_is_kept_where_a_place_speaks_against_it():
    assert not is_kept("Adopt tutoring in grade 3", Trust.NONE, 9.0)
