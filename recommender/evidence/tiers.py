"""Which ESSA tier do our rules give a finding, test by test?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from recommender.evidence.rules import (
    FIRST_CURRENT_STANDARDS,
    GATES,
    LARGE_SAMPLE,
    LARGE_STUDY,
    UNTIERED_STANDARDS,
    TierTest,
)
from recommender.records import Direction, Finding, Review, StandardsRating


@dataclass(frozen=True, slots=True)
class TierTestResult:
    """One named test on one finding; `seen` is the value of the source that decided."""

    test: TierTest
    passed: bool
    seen: str


@dataclass(frozen=True, slots=True)
class FindingDecision:
    """The tier that our rules derive for a finding, or `None`, with every test made."""

    finding_id: int
    tier: int | None
    tests: tuple[TierTestResult, ...]

    @property
    def failed(self) -> tuple[TierTest, ...]:
        """Names of the tests that failed, in order."""
        return tuple(result.test for result in self.tests if not result.passed)


def direction(finding: Finding, standards: float) -> int:
    """Return 1 where the effect favours the intervention, -1 where not, 0 where unclear.

    Raw means are unsigned (lower may be better), so only effect size, improvement index and the
    WWC's own designation count.
    """
    for value in (finding.effect_size_wwc, finding.improvement_index):
        if value:
            return 1 if value > 0 else -1
    if finding.designation is Direction.FAVORABLE:
        return 1
    if finding.designation is Direction.UNFAVORABLE:
        return -1
    study = finding.effect_size_study
    if study and finding.effect_size_wwc is None and standards >= FIRST_CURRENT_STANDARDS:
        return 1 if study > 0 else -1
    return 0


def is_negative(finding: Finding, standards: float) -> bool:
    """Tell whether this is a significant negative main finding."""
    return (
        not finding.is_subgroup
        and finding.is_significant is True
        and direction(finding, standards) < 0
    )


def is_positive(finding: Finding, standards: float) -> bool:
    """Tell whether this is a significant positive main finding."""
    return (
        not finding.is_subgroup
        and finding.is_significant is True
        and direction(finding, standards) > 0
    )


def is_quantified(finding: Finding) -> bool:
    """Tell whether any form of effect size is reported."""
    return any(
        value is not None
        for value in (finding.effect_size_wwc, finding.improvement_index, finding.effect_size_study)
    )


_MEETS = (StandardsRating.WITHOUT_RESERVATIONS, StandardsRating.WITH_RESERVATIONS)


def decide_finding(finding: Finding, review: Review, peers: Sequence[Finding]) -> FindingDecision:
    """Decide one finding; `peers` are all findings of its review and outcome domain."""
    results = {result.test: result for result in _tests(finding, review, peers)}
    if not all(results[test].passed for test in GATES):
        tier = None
    elif not all(results[test].passed for test in LARGE_STUDY):
        tier = 3
    else:
        tier = 1 if results[TierTest.WITHOUT_RESERVATIONS].passed else 2
    return FindingDecision(finding.finding_id, tier, tuple(results.values()))


def _tests(finding: Finding, review: Review, peers: Sequence[Finding]) -> Iterable[TierTestResult]:
    standards = float(review.standards_version)
    current = standards >= FIRST_CURRENT_STANDARDS
    sign = direction(finding, standards)
    negatives = [peer.finding_id for peer in peers if is_negative(peer, standards)]
    sample = largest_sample(peers, standards)
    version = f"standards {review.standards_version}"
    kind = "subgroup" if finding.is_subgroup else "main"
    rated = not current or finding.rating in _MEETS
    yield TierTestResult(TierTest.STANDARDS_TIERED, standards != UNTIERED_STANDARDS, version)
    yield TierTestResult(TierTest.MAIN_FINDING, not finding.is_subgroup, kind)
    significant = finding.is_significant
    yield TierTestResult(TierTest.SIGNIFICANT, significant is True, _said(significant))
    yield TierTestResult(TierTest.EFFECT_QUANTIFIED, is_quantified(finding), _effect(finding))
    yield TierTestResult(TierTest.FAVORABLE, sign > 0, _DIRECTION_WORDS[sign])
    yield TierTestResult(TierTest.MEETS_STANDARDS, rated, _rating(finding, current))
    overridden = current and bool(negatives)
    named = f"findings {', '.join(map(str, negatives))}" if negatives else "none"
    yield TierTestResult(TierTest.NO_OVERRIDING_NEGATIVE, not overridden, named)
    yield TierTestResult(TierTest.CURRENT_STANDARDS, current, version)
    yield TierTestResult(TierTest.MULTISITE, review.multisite is True, _said(review.multisite))
    large = sample is not None and sample >= LARGE_SAMPLE
    people = "not reported" if sample is None else f"{sample} people"
    yield TierTestResult(TierTest.LARGE_SAMPLE, large, people)
    without = finding.rating is StandardsRating.WITHOUT_RESERVATIONS
    yield TierTestResult(TierTest.WITHOUT_RESERVATIONS, without, _rating(finding, current))


def largest_sample(peers: Sequence[Finding], standards: float) -> int | None:
    """Return the largest sample among the domain's significant positive main findings."""
    sizes = [
        peer.sample_size
        for peer in peers
        if peer.sample_size is not None and is_positive(peer, standards) and is_quantified(peer)
    ]
    return max(sizes, default=None)


def decide_findings(
    findings: Iterable[Finding], reviews: Mapping[int, Review]
) -> dict[int, FindingDecision]:
    """Decide every finding; the order of the findings never matters."""
    peers: dict[tuple[int, str], list[Finding]] = defaultdict(list)
    findings = sorted(findings, key=lambda finding: finding.finding_id)
    for finding in findings:
        peers[finding.review_id, finding.outcome_domain].append(finding)
    return {
        finding.finding_id: decide_finding(
            finding, reviews[finding.review_id], peers[finding.review_id, finding.outcome_domain]
        )
        for finding in findings
    }


_DIRECTION_WORDS = {1: "favourable", -1: "unfavourable", 0: "unclear"}


def _said(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not reported"}[value]


def _rating(finding: Finding, current: bool) -> str:
    if finding.rating is not None:
        return finding.rating.value
    return "no finding rating" if current else "findings were not rated before version 2.1"


def _effect(finding: Finding) -> str:
    if finding.effect_size_wwc is not None:
        return f"effect size {finding.effect_size_wwc:+.2f}"
    if finding.improvement_index is not None:
        return f"improvement index {finding.improvement_index:+.0f}"
    if finding.effect_size_study is not None:
        return f"effect size {finding.effect_size_study:+.2f} reported by the study"
    return "not reported"
