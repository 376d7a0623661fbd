"""How often our derived tiers agree with those that the WWC published, and why not where not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from recommender.evidence.rules import FIRST_CURRENT_STANDARDS, UNTIERED_STANDARDS, TierTest
from recommender.evidence.tiers import FindingDecision
from recommender.records import Finding, Review, Unit


@dataclass(frozen=True, slots=True)
class Comparison:
    """One finding's published and derived tier; `cause` is blank where they agree."""

    finding_id: int
    review_id: int
    standards_version: str
    published: int | None
    derived: int | None
    cause: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of one set of findings."""

    findings: int
    agree: int

    @property
    def share(self) -> float:
        """Agreeing share, 0 to 1; 1 where there are no findings."""
        return self.agree / self.findings if self.findings else 1.0


def compare_tiers(
    findings: Iterable[Finding],
    reviews: Mapping[int, Review],
    decisions: Mapping[int, FindingDecision],
) -> tuple[Comparison, ...]:
    """Compare every finding, sorted by id."""
    rows = []
    for finding in sorted(findings, key=lambda f: f.finding_id):
        review, decision = reviews[finding.review_id], decisions[finding.finding_id]
        cause = ""
        if decision.tier != finding.published_tier:
            cause = explain_difference(finding, review, decision)
        rows.append(
            Comparison(
                finding.finding_id,
                finding.review_id,
                review.standards_version,
                finding.published_tier,
                decision.tier,
                cause,
            )
        )
    return tuple(rows)


def explain_difference(finding: Finding, review: Review, decision: FindingDecision) -> str:
    """Name the visible cause of a difference between the published and the derived tier."""
    if finding.published_tier is None:
        if float(review.standards_version) < FIRST_CURRENT_STANDARDS:
            return "review under old standards never tagged by the WWC"
        return "the WWC gives no tier; every test of ours is passed"
    if decision.tier is None:
        return _WHY_NOT[decision.failed[0]]
    if finding.unit is not Unit.STUDENT:
        return f"sample counts {finding.unit.value}s, not students"
    return "failed: " + ", ".join(decision.failed)


_WHY_NOT = {
    TierTest.STANDARDS_TIERED: "tier published under standards 5.0",
    TierTest.MAIN_FINDING: "tier published for a subgroup",
    TierTest.SIGNIFICANT: "stale tier: the finding is not marked significant now",
    TierTest.EFFECT_QUANTIFIED: "no effect size of any kind",
    TierTest.FAVORABLE: "direction is not favourable or not stated",
    TierTest.MEETS_STANDARDS: "no finding rating",
    TierTest.NO_OVERRIDING_NEGATIVE: "a significant negative finding in the same review and domain",
}


def cross_table(rows: Iterable[Comparison]) -> dict[tuple[int | None, int | None], int]:
    """Count findings by (published, derived)."""
    return dict(Counter((row.published, row.derived) for row in rows))


def agreement(rows: Iterable[Comparison]) -> Agreement:
    """Count agreeing findings."""
    same = [row.published == row.derived for row in rows]
    return Agreement(len(same), sum(same))


def agreement_by_version(rows: Iterable[Comparison]) -> dict[str, Agreement]:
    """Count agreeing findings by standards version, in order."""
    groups: dict[str, list[Comparison]] = defaultdict(list)
    for row in rows:
        groups[row.standards_version].append(row)
    return {version: agreement(groups[version]) for version in sorted(groups, key=float)}


def is_current(row: Comparison) -> bool:
    """Tell whether the review used standards 2.1 to 4.1, for which the WWC tiers all findings."""
    return FIRST_CURRENT_STANDARDS <= float(row.standards_version) < UNTIERED_STANDARDS
