"""From findings to a practice: published and derived labels, mixed domains, flags, headline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.evidence.flags import MEANING, Flag
from recommender.evidence.practices import headline, merge_samples
from recommender.evidence.rollup import Status, counted_tier, roll_up
from recommender.evidence.tiers import decide_findings
from recommender.records import ReportRating, Sample, TierSource, Unit
from tests.spec.makers import finding, review

NEGATIVE = {"effect_size_wwc": -0.3, "improvement_index": -12.0, "published_tier": None}


def roll(findings, reviews=None, ratings=(), umbrella=False):
    by_id = {r.review_id: r for r in reviews or [review()]}
    return roll_up(findings, by_id, decide_findings(findings, by_id), ratings, umbrella)


@pytest.mark.parametrize(
    ("published", "derived", "tier", "source"),
    [
        (1, 1, 1, TierSource.WWC),
        (1, 3, 3, TierSource.WWC),  # never better than either label
        (3, 1, 3, TierSource.WWC),
        (2, None, None, TierSource.NONE),  # our rules contradict it
        (None, 3, 3, TierSource.DERIVED),
        (None, None, None, TierSource.NONE),
    ],
)
def test_two_labels_are_weighed(published, derived, tier, source):
    assert counted_tier(published, derived) == (tier, source)


def test_a_negative_in_another_study_makes_the_domain_mixed():
    rows = [finding(1), finding(2, review_id=11, **NEGATIVE)]
    (domain,) = roll(rows, [review(10), review(11)])
    assert (domain.tier, domain.status) == (None, Status.MIXED)
    assert domain.published_tier == 1  # what the WWC shows is kept
    assert domain.negative == (2,)
    assert (domain.counts.positive, domain.counts.negative) == (1, 1)
    assert Flag.NEGATIVE_SAME_DOMAIN in domain.flags


def test_a_negative_in_another_domain_is_a_caution_only():
    rows = [finding(1), finding(2, outcome_domain="Writing", review_id=11, **NEGATIVE)]
    reading, writing = roll(rows, [review(10), review(11)])
    assert reading.tier == 1
    assert Flag.NEGATIVE_OTHER_DOMAIN in reading.flags
    assert Flag.NEGATIVE_OTHER_DOMAIN not in writing.flags


@pytest.mark.parametrize(
    ("word", "flag", "tier"),
    [
        ("mixed effects", Flag.REPORT_MIXED, None),
        ("potentially negative effects", Flag.REPORT_NEGATIVE, None),
        ("positive effects", None, 1),
        ("no discernible effects", None, 1),
    ],
)
def test_report_ratings_count(word, flag, tier):
    rating = ReportRating(5, "p", "1.0", "Alphabetics", word, 1, 100, "url")
    (domain,) = roll([finding()], ratings=[rating])
    assert domain.tier == tier
    assert flag is None or flag in domain.flags


def test_an_umbrella_label_makes_no_claim():
    (domain,) = roll([finding()], umbrella=True)
    assert (domain.tier, domain.status) == (None, Status.NO_CLAIM)
    assert domain.counted  # the study's own tier stays visible


def test_a_contradicted_tier_does_not_count():
    (domain,) = roll([finding(is_significant=False)])
    assert domain.tier is None
    assert Flag.CONTRADICTED in domain.flags
    assert domain.differing == (1,)


def test_a_derived_tier_is_marked():
    (domain,) = roll([finding(published_tier=None)])
    assert (domain.tier, domain.source) == (1, TierSource.DERIVED)
    assert Flag.DERIVED_ONLY in domain.flags


@pytest.mark.parametrize(
    ("changes", "review_changes", "flag"),
    [
        ({}, {}, Flag.SINGLE_STUDY),
        ({"unit": Unit.TEACHER}, {}, Flag.NON_STUDENT_UNIT),
        ({"outcome_domain": "Teacher retention"}, {}, Flag.TEACHER_OUTCOME),
        ({"period": "1 Year"}, {}, Flag.FOLLOWUP_ONLY),
        ({}, {"sample": Sample()}, Flag.GRADES_UNKNOWN),
        ({}, {"sample": Sample(grades=("PS",))}, Flag.POSTSECONDARY_ONLY),
        ({"published_tier": 3}, {"standards_version": "1.0"}, Flag.OLD_STANDARDS),
        ({"published_tier": None}, {"standards_version": "5.0"}, Flag.STANDARDS_5_UNTIERED),
    ],
)
def test_flags(changes, review_changes, flag):
    (domain,) = roll([finding(**changes)], [review(**review_changes)])
    assert flag in domain.flags


def test_every_flag_has_a_meaning():
    assert set(MEANING) == set(Flag)


def test_headline_takes_the_best_clear_domain_and_the_wwc_before_derived():
    rows = [
        finding(1, published_tier=3, sample_size=100),
        finding(2, outcome_domain="Writing", published_tier=None),
    ]
    assert headline(roll(rows)) == (3, TierSource.WWC)


def test_college_findings_do_not_speak_for_a_school():
    domains = roll([finding()], [review(sample=Sample(grades=("PS",)))])
    assert headline(domains) == (None, TierSource.NONE)
    assert headline(domains, postsecondary_only=True) == (1, TierSource.WWC)


@given(st.lists(st.sampled_from(["PK", "K", "3", "12"]), max_size=4), st.randoms())
def test_merged_samples_do_not_depend_on_order(grades, rng):
    samples = [Sample(grades=(g,)) for g in grades]
    assert merge_samples(samples) == merge_samples(rng.sample(samples, len(samples)))


def test_counts_of_flags_agree_with_an_independent_count(corpus):
    """`evidence_rules.md` 5.4 counted these on the same export by other code."""
    evidence = corpus.evidence
    reviews = {r.review_id: r for r in evidence.reviews}
    decisions = decide_findings(evidence.findings, reviews)
    tiered = []
    for item in evidence.interventions:
        key = item.intervention_id
        rows = [f for f in evidence.findings if f.intervention_id == key]
        ratings = [r for r in evidence.report_ratings if r.intervention_id == key]
        tiered += [d for d in roll_up(rows, reviews, decisions, ratings) if d.published_tier]
    assert len(tiered) == 975
    assert sum(Flag.NEGATIVE_SAME_DOMAIN in d.flags for d in tiered) == 22
    assert sum(Flag.REPORT_MIXED in d.flags for d in tiered) == 20
    negative = {Flag.NEGATIVE_SAME_DOMAIN, Flag.NEGATIVE_OTHER_DOMAIN}
    assert sum(bool(negative & set(d.flags)) for d in tiered) == 109
