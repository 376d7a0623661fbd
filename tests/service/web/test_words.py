import pytest

from recommender.evidence.fit import judge_fit
from recommender.records import Context, Sample, TierSource
from service.web.effects import span_of
from service.web.fit_lines import fit_lines
from service.web.marking import mark_words
from service.web.practice_studies import sample_facts
from service.web.words import (
    counted,
    grade_phrase,
    grade_words,
    listed,
    signed,
    tier_label,
    tier_words,
)


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        ((), ""),
        (("3",), "3"),
        (("3", "4"), "3, 4"),
        (("K", "1", "2"), "K–2"),
        (("PK", "K", "2", "3", "4"), "PK, K, 2–4"),
        (("12", "9", "11", "10"), "9–12"),
        (("11", "12", "PS"), "11, 12, college or adult"),  # college is no grade of a run
        (("PS",), "college or adult"),
    ],
)
def test_grades_as_runs(grades, words):
    assert grade_words(grades) == words


def test_a_single_grade_is_no_plural():
    assert grade_phrase(("1",)) == "grade 1"
    assert grade_phrase(("1", "2", "3")) == "grades 1–3"


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(12.4, 0, "+12"), (-3, 0, "−3"), (0, 0, "0"), (-0.3, 0, "0"), (0.456, 2, "+0.46"),
     (-0.001, 2, "0.00"), (0.004, 2, "0.00")],
)  # fmt: skip
def test_signed_numbers(value, digits, text):
    assert signed(value, digits) == text


@pytest.mark.parametrize(
    ("items", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), ("abc", "a, b and c")]
)
def test_lists_in_prose(items, text):
    assert listed(items) == text


def test_counts_with_their_noun():
    found = [counted(1, "study", "studies"), counted(0, "study", "studies"), counted(1200, "row")]
    assert found == ["1 study", "0 studies", "1,200 rows"]


@pytest.mark.parametrize("tier", [1, 2, 3, None])
def test_a_tier_is_told_in_words_and_number(tier):
    assert str(tier or "1 to 3") in tier_words(tier)
    assert tier_label(tier, TierSource.WWC).css == f"tier-{tier or 'none'}"


def test_who_gave_a_tier_is_said_and_nobody_gave_none():
    assert "our rules only" in tier_label(2, TierSource.DERIVED).source
    assert "no page" in tier_label(2, TierSource.GUIDE, confirmed=False).source
    assert "no page" not in tier_label(2, TierSource.GUIDE, confirmed=True).source
    assert tier_label(None, TierSource.NONE).source == ""


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], None),
        ([None], None),  # not reported is no zero
        ([5.0], (5, 5, 5, 1, 0)),
        ([9.0, None, -1.0, 4.0], (4, -1, 9, 3, 1)),
    ],
)
def test_spans(values, expected):
    found = span_of(values)
    if expected is None:
        assert found is None
    else:
        shown = (found.middle, found.low, found.high, found.reported, found.unreported)
        assert shown == expected


def test_marked_words_share_a_stem_with_the_cause():
    pieces = mark_words("Teachers read, reading aloud; the reader’s list", ["readers", "reading"])
    assert "".join(piece.text for piece in pieces).startswith("Teachers read, reading aloud")
    assert [p.text for p in pieces if p.is_marked] == ["read", "reading", "reader’s"]


STUDIED = Sample(grades=("K", "1"), urbanicity=("urban",), english_learners_percent=40.0)


@pytest.mark.parametrize(
    ("context", "aspect", "state", "words"),
    [
        (Context(grades=("1", "2")), "Grades", "overlaps", "Studied in grades K, 1; of yours: 1."),
        (Context(grades=("8",)), "Grades", "does_not_overlap", "not in yours (8)"),
        (Context(), "Grades", "not_asked", "You did not say yours."),
        (Context(student_groups=("English learners",)), "Student groups", "overlaps", "up to 40%"),
        (Context(student_groups=("low-income",)), "Student groups", "not_reported",
         "share not reported"),
        (Context(urbanicity="rural"), "Setting", "does_not_overlap", "Studied in urban schools."),
        (Context(state="MA"), "State", "not_reported", "The studies report no states."),
    ],
)  # fmt: skip
def test_fit_in_words(context, aspect, state, words):
    lines = {line.aspect: line for line in fit_lines(judge_fit(STUDIED, context), STUDIED, context)}
    assert lines[aspect].state == state
    assert words in lines[aspect].words


def test_a_guide_is_written_for_grades_and_not_studied_in_them():
    context = Context(grades=("1",), urbanicity="urban")
    sample = Sample(grades=("1", "2", "3"))
    grades, _, setting, _ = fit_lines(judge_fit(sample, context), sample, context, is_guide=True)
    assert grades.words.startswith("Written for grades 1–3")
    assert setting.words == "The guide does not state any."


def test_a_share_of_zero_is_told_apart_from_none_reported():
    context = Context(student_groups=("low-income", "English learners"))
    sample = Sample(low_income_percent=0.0)
    groups = fit_lines(judge_fit(sample, context), sample, context)[1]
    assert groups.words == "Low-income: none in the samples. English learners: share not reported."
    assert groups.state == "does_not_overlap"


def test_facts_of_samples_are_the_largest_share_and_blanks_are_left_out():
    facts = dict(
        sample_facts(Sample(low_income_percent=0.0, black_percent=34.6, delivery=("a", "b")))
    )
    assert facts == {
        "Delivered to": "a and b",
        "Low-income students": "up to 0% of a sample",
        "Black students": "up to 35% of a sample",
    }
