"""A practice's outcome domains as its page shows them: what counts, why, and every finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from recommender.evidence.flags import MEANING
from recommender.evidence.rollup import DomainDecision, FindingCounts
from recommender.evidence.rules import RULES
from recommender.index.catalogue import Card, DecidedFinding, EvidenceFile
from recommender.records import Finding, Review, Study
from service.web.cards import headline_domains
from service.web.forest import (
    Drawn,
    ForestPlot,
    Interval,
    direction_of,
    draw,
    effect_size,
    interval_of,
)
from service.web.words import STATUS_WORDS, TierLabel, tier_label

_TEST_NAMES = {
    "standards_tiered": "Standards that have tiers",
    "main_finding": "Main finding",
    "significant": "Significant",
    "effect_quantified": "Size reported",
    "favorable": "Favours the practice",
    "meets_standards": "Meets standards",
    "no_overriding_negative": "No overriding negative",
    "current_standards": "Current standards",
    "multisite": "More than one school",
    "large_sample": "Large sample",
    "without_reservations": "Without reservations",
}


@dataclass(frozen=True, slots=True)
class TestRow:
    """One named test of the tier rules on one finding."""

    name: str
    asks: str
    passed: bool
    seen: str
    source: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How one finding got its tier, or what kept it from one."""

    finding_id: int
    outcome_measure: str
    citation: str
    study_url: str
    published_tier: int | None
    derived_tier: int | None
    is_counted: bool = field(metadata={"help": "False: the finding that came nearest"})
    tests: tuple[TestRow, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in the table beside the plot."""

    finding_id: int
    outcome_measure: str
    study: str
    study_url: str
    period: str | None
    sample_size: int | None
    unit: str
    is_subgroup: bool
    effect: float | None
    interval: Interval | None
    improvement_index: float | None
    p_value: float | None
    direction: str
    published_tier: int | None
    derived_tier: int | None
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DomainView:
    """One outcome domain."""

    anchor: str
    name: str
    is_headline: bool
    tier: TierLabel
    status: str
    counts: FindingCounts
    studies: int
    flags: tuple[str, ...]
    report_ratings: tuple[str, ...]
    decision: Decision | None
    plot: ForestPlot | None = field(metadata={"help": "main findings; none without any"})
    rows: tuple[FindingRow, ...] = field(metadata={"help": "every finding, subgroups last"})
    without_interval: int = field(metadata={"help": "main findings drawn as a point or not at all"})


@dataclass(frozen=True, slots=True)
class _Evidence:
    """Findings with what leads from them to their studies."""

    findings: Sequence[DecidedFinding]
    reviews: Mapping[int, Review]
    studies: Mapping[int, Study]

    def review(self, finding: Finding) -> Review:
        return self.reviews[finding.review_id]

    def study(self, finding: Finding) -> Study:
        return self.studies[self.review(finding).study_id]

    def standards(self, finding: Finding) -> float:
        return float(self.review(finding).standards_version)

    def drawn(self, finding: Finding) -> Drawn:
        return Drawn(finding, self.standards(finding), short_name(self.study(finding)))


def domain_views(card: Card, file: EvidenceFile) -> tuple[DomainView, ...]:
    """Return a practice's domains, those behind the headline first, then by tier and name."""
    evidence = _Evidence(
        file.findings,
        {review.review_id: review for review in file.reviews},
        {study.study_id: study for study in file.studies},
    )
    headline = {domain.outcome_domain for domain in headline_domains(card)}
    ordered = sorted(
        card.practice.domains,
        key=lambda d: (d.outcome_domain not in headline, d.tier or 9, d.outcome_domain),
    )
    return tuple(
        _view(domain, number, domain.outcome_domain in headline, evidence)
        for number, domain in enumerate(ordered, 1)
    )


def _view(
    domain: DomainDecision, number: int, is_headline: bool, evidence: _Evidence
) -> DomainView:
    found = [d for d in evidence.findings if d.finding.outcome_domain == domain.outcome_domain]
    found.sort(key=lambda d: _order(d.finding))
    main = [d for d in found if not d.finding.is_subgroup]
    return DomainView(
        anchor=f"domain-{number}",
        name=domain.outcome_domain,
        is_headline=is_headline,
        tier=tier_label(domain.tier, domain.source),
        status=STATUS_WORDS[domain.status],
        counts=domain.counts,
        studies=domain.studies,
        flags=tuple(MEANING[flag] for flag in domain.flags),
        report_ratings=domain.report_ratings,
        decision=_decision(domain, main, evidence),
        plot=draw([evidence.drawn(d.finding) for d in main]) if main else None,
        rows=tuple(_row(d, evidence) for d in found),
        without_interval=sum(interval_of(d.finding) is None for d in main),
    )


def _order(finding: Finding) -> tuple[bool, bool, float, int]:
    """Main findings first, the largest effect on top, those without a size at the end."""
    size = effect_size(finding)
    return finding.is_subgroup, size is None, -(size or 0.0), finding.finding_id


def _decision(
    domain: DomainDecision, main: Sequence[DecidedFinding], evidence: _Evidence
) -> Decision | None:
    """The finding that carries the tier; where none does, the one that failed the fewest tests."""
    if not main:
        return None
    counted = domain.counted[0].finding_id if domain.tier is not None else None
    chosen = min(
        main,
        key=lambda d: (
            d.finding.finding_id != counted,
            len(d.decision.failed),
            d.finding.finding_id,
        ),
    )
    finding, study = chosen.finding, evidence.study(chosen.finding)
    return Decision(
        finding_id=finding.finding_id,
        outcome_measure=finding.outcome_measure,
        citation=study.citation,
        study_url=study.url,
        published_tier=finding.published_tier,
        derived_tier=chosen.decision.tier,
        is_counted=finding.finding_id == counted,
        tests=tuple(
            TestRow(
                _TEST_NAMES[result.test],
                RULES[result.test].asks,
                result.passed,
                result.seen,
                RULES[result.test].source,
            )
            for result in chosen.decision.tests
        ),
    )


def _row(decided: DecidedFinding, evidence: _Evidence) -> FindingRow:
    finding = decided.finding
    study = evidence.study(finding)
    return FindingRow(
        finding_id=finding.finding_id,
        outcome_measure=finding.outcome_measure,
        study=short_name(study),
        study_url=study.url,
        period=finding.period,
        sample_size=finding.sample_size,
        unit=finding.unit.value,
        is_subgroup=finding.is_subgroup,
        effect=effect_size(finding),
        interval=interval_of(finding),
        improvement_index=finding.improvement_index,
        p_value=finding.p_value_wwc,
        direction=_direction(finding, evidence),
        published_tier=finding.published_tier,
        derived_tier=decided.decision.tier,
        failed=tuple(_TEST_NAMES[test].lower() for test in decided.decision.failed),
    )


def _direction(finding: Finding, evidence: _Evidence) -> str:
    return direction_of(finding, evidence.standards(finding))


def short_name(study: Study) -> str:
    """Return a study as a table names it: first author and year."""
    first = study.citation.split("(")[0].split(",")[0].split(";")[0].strip(" .")
    return f"{first[:40]} ({study.year or 'no year'})"
