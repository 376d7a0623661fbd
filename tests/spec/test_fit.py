"""Does evidence fit a school, and which tier counts there? 34 CFR 77.1."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.evidence.fit import FitJudgement, judge_fit, judge_fits, own_facts, tier_in_school
from recommender.evidence.guide_tiers import guide_tier
from recommender.records import GRADES, Context, EvidenceLevel, Fit, GuideRecommendation, Sample

YES, NO, UNKNOWN = Fit.OVERLAPS, Fit.DOES_NOT_OVERLAP, Fit.NOT_REPORTED


@pytest.mark.parametrize(
    ("sample", "context", "expected"),
    [
        (Sample(grades=("1", "2")), Context(grades=("2", "3")), (YES, UNKNOWN, UNKNOWN, UNKNOWN)),
        (Sample(grades=("1",)), Context(grades=("3",)), (NO, UNKNOWN, UNKNOWN, UNKNOWN)),
        (Sample(), Context(grades=("3",)), (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
        (Sample(grades=("1",)), Context(), (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
        (
            Sample(english_learners_percent=12.0),
            Context(student_groups=("English learners",)),
            (UNKNOWN, YES, UNKNOWN, UNKNOWN),
        ),
        (  # a reported zero is a no, a blank is unknown
            Sample(english_learners_percent=0.0),
            Context(student_groups=("MLL",)),
            (UNKNOWN, NO, UNKNOWN, UNKNOWN),
        ),
        (Sample(), Context(student_groups=("English learners",)), (UNKNOWN,) * 4),
        (Sample(), Context(student_groups=("left-handed students",)), (UNKNOWN,) * 4),
        (
            Sample(urbanicity=("urban",), states=("TX",)),
            Context(urbanicity="rural", state="MA"),
            (UNKNOWN, UNKNOWN, NO, NO),
        ),
        (Sample(regions=("Northeast",)), Context(state="MA"), (UNKNOWN, UNKNOWN, UNKNOWN, YES)),
        (Sample(regions=("South",)), Context(state="MA"), (UNKNOWN, UNKNOWN, UNKNOWN, NO)),
    ],
)
def test_overlap(sample, context, expected):
    fit = judge_fit(sample, context)
    assert (fit.grades, fit.student_groups, fit.urbanicity, fit.state) == expected


def test_one_overlapping_sample_is_enough():
    samples = [Sample(grades=("8",)), Sample(grades=("2",)), Sample()]
    assert judge_fits(samples, Context(grades=("2",))).grades is YES


def test_what_the_report_lent_is_not_the_study_s_own():
    sample = Sample(grades=("1",), urbanicity=("urban",), borrowed=("urbanicity",))
    assert own_facts(sample) == Sample(grades=("1",))
    assert own_facts(Sample(grades=("1",))) == Sample(grades=("1",))


@pytest.mark.parametrize(
    ("tier", "population", "setting", "expected"),
    [
        (1, YES, YES, 1),
        (1, YES, NO, 2),
        (1, YES, UNKNOWN, 2),  # unknown is never a match
        (1, UNKNOWN, YES, 2),
        (1, NO, UNKNOWN, 3),
        (2, YES, NO, 2),
        (2, UNKNOWN, YES, 2),
        (2, NO, NO, 3),
        (3, NO, NO, 3),
        (None, YES, YES, None),
    ],
)
def test_tier_in_a_school(tier, population, setting, expected):
    fit = FitJudgement(population, UNKNOWN, setting, UNKNOWN)
    assert tier_in_school(tier, fit) == expected


def test_a_group_that_is_asked_for_belongs_to_the_population():
    fit = FitJudgement(YES, UNKNOWN, YES, UNKNOWN)
    assert tier_in_school(1, fit, asks_groups=True) == 2


fits = st.sampled_from(list(Fit))


@given(st.sampled_from([None, 1, 2, 3]), fits, fits, fits, fits, st.booleans())
def test_a_school_never_gets_a_better_tier(tier, grades, groups, urban, state, asks):
    local = tier_in_school(tier, FitJudgement(grades, groups, urban, state), asks)
    assert (local is None) == (tier is None)
    assert local is None or local >= tier


@given(st.lists(st.sampled_from(GRADES), unique=True))
def test_what_the_source_does_not_report_never_matches(grades):
    context = Context(tuple(grades), (), ("English learners",), "urban", "MA")
    fit = judge_fit(Sample(), context)
    assert {fit.grades, fit.student_groups, fit.urbanicity, fit.state} == {UNKNOWN}


def _guide(level, recent):
    return GuideRecommendation(
        1, "1", "t", 2007, None, "u", "r", (), level, True, None, recent, (), (), ()
    )


@pytest.mark.parametrize(
    ("level", "recent", "tier"),
    [
        (EvidenceLevel.STRONG, True, 1),
        (EvidenceLevel.MODERATE, True, 2),
        (EvidenceLevel.STRONG, False, 3),  # before standards 2.1
        (EvidenceLevel.MODERATE, False, 3),
        (EvidenceLevel.MINIMAL, True, None),
        (None, True, None),
    ],
)
def test_guide_levels(level, recent, tier):
    assert guide_tier(_guide(level, recent)) == tier
