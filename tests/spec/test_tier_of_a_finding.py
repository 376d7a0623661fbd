"""What makes a finding tier 1, 2, 3 or none; `docs/tiers.md` tells the same in prose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.evidence.rules import RULES, TierTest
from recommender.evidence.tiers import decide_finding, decide_findings
from recommender.records import Direction, StandardsRating
from tests.spec.makers import WITH, finding, review


def decide(changes=None, review_changes=None, peers=()):
    subject = finding(**(changes or {}))
    return decide_finding(subject, review(**(review_changes or {})), [subject, *peers])


NO_WWC_EFFECT = {"effect_size_wwc": None, "improvement_index": None}
NEGATIVE = finding(2, effect_size_wwc=-0.3, improvement_index=-12.0)


@pytest.mark.parametrize(
    ("changes", "review_changes", "peers", "tier", "failed"),
    [
        ({}, {}, [], 1, ()),
        ({"rating": WITH}, {}, [], 2, (TierTest.WITHOUT_RESERVATIONS,)),
        ({}, {"multisite": False}, [], 3, (TierTest.MULTISITE,)),
        ({}, {"multisite": None}, [], 3, (TierTest.MULTISITE,)),  # unknown is not a yes
        ({"sample_size": 349}, {}, [], 3, (TierTest.LARGE_SAMPLE,)),
        ({"sample_size": 350}, {}, [], 1, ()),  # the edge is inside
        ({"sample_size": None}, {}, [], 3, (TierTest.LARGE_SAMPLE,)),
        # A larger significant finding of the same review and domain lends its sample.
        ({"sample_size": 100}, {}, [finding(2, sample_size=500)], 1, ()),
        (
            {"sample_size": 100},
            {},
            [finding(2, sample_size=500, is_significant=False)],
            3,
            (TierTest.LARGE_SAMPLE,),
        ),
        (
            {"sample_size": 100},
            {},
            [finding(2, sample_size=500, is_subgroup=True)],
            3,
            (TierTest.LARGE_SAMPLE,),
        ),
        ({"is_significant": False}, {}, [], None, (TierTest.SIGNIFICANT, TierTest.LARGE_SAMPLE)),
        ({"is_significant": None}, {}, [], None, (TierTest.SIGNIFICANT, TierTest.LARGE_SAMPLE)),
        ({"is_subgroup": True}, {}, [], None, (TierTest.MAIN_FINDING, TierTest.LARGE_SAMPLE)),
        ({}, {}, [NEGATIVE], None, (TierTest.NO_OVERRIDING_NEGATIVE,)),
        ({}, {}, [finding(2, effect_size_wwc=-0.3, is_subgroup=True)], 1, ()),
        (
            {"effect_size_wwc": None, "improvement_index": None},
            {},
            [],
            None,
            (TierTest.EFFECT_QUANTIFIED, TierTest.FAVORABLE, TierTest.LARGE_SAMPLE),
        ),
        # Only the study's own effect size: enough since version 2.1.
        ({**NO_WWC_EFFECT, "effect_size_study": 0.3}, {}, [], 1, ()),
        (
            {"effect_size_wwc": 0.0, "improvement_index": 0.0},
            {},
            [],
            None,
            (TierTest.FAVORABLE, TierTest.LARGE_SAMPLE),
        ),
        (
            {"effect_size_wwc": 0.0, "improvement_index": None, "designation": Direction.FAVORABLE},
            {},
            [],
            1,
            (),
        ),
        ({"rating": None}, {}, [], None, (TierTest.MEETS_STANDARDS, TierTest.WITHOUT_RESERVATIONS)),
        (
            {"rating": StandardsRating.DOES_NOT_MEET},
            {},
            [],
            None,
            (TierTest.MEETS_STANDARDS, TierTest.WITHOUT_RESERVATIONS),
        ),
        # Old standards: no finding rating is needed, tier 3 is the most there is.
        (
            {"rating": None},
            {"standards_version": "2.0"},
            [],
            3,
            (TierTest.CURRENT_STANDARDS, TierTest.WITHOUT_RESERVATIONS),
        ),
        ({}, {"standards_version": "2.1"}, [], 1, ()),
        ({}, {"standards_version": "5.0"}, [], None, (TierTest.STANDARDS_TIERED,)),
    ],
)  # fmt: skip
def test_tier_and_failed_tests(changes, review_changes, peers, tier, failed):
    decision = decide(changes, review_changes, peers)
    assert decision.tier == tier
    assert decision.failed == failed


def test_every_test_is_made_and_has_a_rule():
    assert [result.test for result in decide().tests] == list(TierTest)
    assert set(RULES) == set(TierTest)
    assert all(rule.asks and rule.source for rule in RULES.values())


@pytest.mark.parametrize(
    ("finding_id", "published", "derived", "shows"),
    [
        (11745, 1, 1, "n=346 but 518 in the same study and domain"),
        (2260, 1, 1, "n=148, the domain's largest is 460"),
        (75610, None, None, "positive, n=1,294; significant negative in the same domain"),
        (13893, None, None, "math has a significant negative finding"),
        (13894, 2, 2, "literacy of the same study has none"),
        (78077, None, None, "favourable, n=11,272, no effect size of any kind"),
        (68964, 1, 1, "only a study effect size"),
        (60394, 2, 2, "sign only from the study effect size"),
        (2786, 3, 3, "old standards cap"),
        (2787, 3, 3, "old standards cap"),
        (80039, None, None, "version 5.0"),
        (5588, None, None, "negative 5590 in the same domain"),
        (62623, 1, 3, "known residual, school units"),
        (14155, 1, None, "known residual, stale tier"),
        (1362, None, 3, "known residual, version 1.0 never tagged"),
    ],
)
def test_vectors_from_the_real_export(corpus, finding_id, published, derived, shows):
    evidence = corpus.evidence
    subject = next(f for f in evidence.findings if f.finding_id == finding_id)
    peers = [f for f in evidence.findings if f.review_id == subject.review_id]
    reviews = {r.review_id: r for r in evidence.reviews if r.review_id == subject.review_id}
    assert subject.published_tier == published, shows
    assert decide_findings(peers, reviews)[finding_id].tier == derived, shows


findings = st.builds(
    finding,
    finding_id=st.integers(1, 10_000),
    sample_size=st.none() | st.integers(0, 1000),
    effect_size_wwc=st.none() | st.floats(-1, 1),
    improvement_index=st.none() | st.floats(-50, 50),
    is_significant=st.sampled_from([None, True, False]),
    is_subgroup=st.booleans(),
)
many = st.lists(findings, min_size=1, max_size=8, unique_by=lambda f: f.finding_id)
reviews = st.builds(
    review,
    standards_version=st.sampled_from(["1.0", "2.0", "2.1", "3.0", "4.1", "5.0"]),
    multisite=st.sampled_from([None, True, False]),
)


@given(many, reviews, st.randoms())
def test_order_of_findings_never_matters(rows, subject, rng):
    shuffled = rng.sample(rows, len(rows))
    by_id = {subject.review_id: subject}
    assert decide_findings(rows, by_id) == decide_findings(shuffled, by_id)


@given(many, reviews)
def test_a_significant_negative_finding_never_raises_a_tier(rows, subject):
    by_id = {subject.review_id: subject}
    negative = finding(20_000, effect_size_wwc=-0.4, improvement_index=-16.0, sample_size=9999)
    before = decide_findings(rows, by_id)
    after = decide_findings([*rows, negative], by_id)
    for row in rows:
        old, new = before[row.finding_id].tier, after[row.finding_id].tier
        assert (new or 9) >= (old or 9)


@given(findings, reviews)
def test_unknown_never_helps(row, subject):
    """Taking a fact away never gives a better tier."""
    by_id = {subject.review_id: subject}
    known = decide_findings([row], by_id)[row.finding_id].tier
    for blank in ({"is_significant": None}, {"sample_size": None}, {"rating": None}):
        poorer = finding(**{**{f: getattr(row, f) for f in row.__slots__}, **blank})
        if blank == {"rating": None} and float(subject.standards_version) < 2.1:
            continue
        got = decide_findings([poorer], by_id)[row.finding_id].tier
        assert (got or 9) >= (known or 9)
