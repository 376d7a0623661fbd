"""From findings to a practice: per outcome domain first, then the headline.

Show what the WWC published; never raise it; lower or flag it on stated grounds
(`docs/tiers.md`; rules 5.1 to 5.4 of the evidence specification).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from recommender.evidence.flags import SUSPECT_REVIEWS, Flag, is_followup, is_teacher_domain
from recommender.evidence.rules import FIRST_CURRENT_STANDARDS, LARGE_SAMPLE, UNTIERED_STANDARDS
from recommender.evidence.tiers import FindingDecision, is_negative, is_positive
from recommender.records import Design, Finding, ReportRating, Review, TierSource, Unit

# More than this share of the main findings without a tier: the cell is mostly null.
MOSTLY_NULL_SHARE = 0.5


class Status(StrEnum):
    """What may be claimed about a practice in one outcome domain."""

    CLEAR = "clear"
    CAUTION = "caution"
    MIXED = "mixed"
    NO_CLAIM = "no_claim"


@dataclass(frozen=True, slots=True)
class FindingCounts:
    """Main findings (no subgroups) by significance and direction."""

    positive: int = 0
    null: int = 0
    negative: int = 0
    unknown: int = 0

    def __add__(self, other: "FindingCounts") -> "FindingCounts":
        return FindingCounts(
            self.positive + other.positive,
            self.null + other.null,
            self.negative + other.negative,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class CountedFinding:
    """A finding that carries a tier after both labels were weighed."""

    finding_id: int
    review_id: int
    study_id: int
    tier: int
    source: TierSource
    sample_size: int | None


@dataclass(frozen=True, slots=True)
class DomainDecision:
    """What the findings of one practice say about one outcome domain."""

    outcome_domain: str
    tier: int | None
    """The tier that counts; `None` where mixed, an umbrella label, or nothing carries a tier."""
    source: TierSource
    status: Status
    published_tier: int | None
    derived_tier: int | None
    counted: tuple[CountedFinding, ...]
    """Findings with a tier, best first; kept also where the domain is mixed."""
    differing: tuple[int, ...]
    """Findings whose published and derived tiers differ."""
    negative: tuple[int, ...]
    counts: FindingCounts
    studies: int
    flags: tuple[Flag, ...]
    report_ratings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """One practice in one outcome domain, with what is needed to decide it."""

    domain: str
    findings: Sequence[Finding]
    reviews: Mapping[int, Review]
    decisions: Mapping[int, FindingDecision]

    def standards(self, finding: Finding) -> float:
        return float(self.reviews[finding.review_id].standards_version)


def roll_up(
    findings: Iterable[Finding],
    reviews: Mapping[int, Review],
    decisions: Mapping[int, FindingDecision],
    ratings: Iterable[ReportRating] = (),
    is_umbrella: bool = False,
) -> tuple[DomainDecision, ...]:
    """Decide every outcome domain of one practice, sorted by domain name."""
    groups: dict[str, list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda f: f.finding_id):
        groups[finding.outcome_domain].append(finding)
    words: dict[str, set[str]] = defaultdict(set)
    for rating in ratings:
        if rating.rating:
            words[rating.outcome_domain].add(rating.rating)
    cells = [_Cell(name, groups[name], reviews, decisions) for name in sorted(groups)]
    negatives = {cell.domain: _negatives(cell) for cell in cells}
    elsewhere = {name for name, found in negatives.items() if found}
    return tuple(
        _decide(cell, negatives[cell.domain], elsewhere, sorted(words[cell.domain]), is_umbrella)
        for cell in cells
    )


def counted_tier(published: int | None, derived: int | None) -> tuple[int | None, TierSource]:
    """Weigh the two labels of a finding: never better than either where the WWC published one."""
    if published is None:
        return derived, TierSource.NONE if derived is None else TierSource.DERIVED
    if derived is None:
        return None, TierSource.NONE
    return max(published, derived), TierSource.WWC


def _decide(
    cell: _Cell, negative: tuple[int, ...], elsewhere: set[str], words: list[str], umbrella: bool
) -> DomainDecision:
    counted = _counted(cell)
    flags = tuple(_flags(cell, counted, negative, elsewhere, words, umbrella))
    published = [f.published_tier for f in cell.findings if f.published_tier is not None]
    derived = [d.tier for d in _decisions(cell) if d.tier is not None]
    mixed = {Flag.NEGATIVE_SAME_DOMAIN, Flag.REPORT_MIXED, Flag.REPORT_NEGATIVE} & set(flags)
    counts_here = counted and not mixed and not umbrella
    return DomainDecision(
        outcome_domain=cell.domain,
        tier=counted[0].tier if counts_here else None,
        source=counted[0].source if counts_here else TierSource.NONE,
        status=_status(bool(counted), bool(mixed), umbrella, flags),
        published_tier=min(published, default=None),
        derived_tier=min(derived, default=None),
        counted=counted,
        differing=tuple(
            f.finding_id
            for f in cell.findings
            if f.published_tier != cell.decisions[f.finding_id].tier
        ),
        negative=negative,
        counts=_counts(cell),
        studies=len({cell.reviews[f.review_id].study_id for f in cell.findings}),
        flags=flags,
        report_ratings=tuple(words),
    )


def _status(has_tier: bool, mixed: bool, umbrella: bool, flags: tuple[Flag, ...]) -> Status:
    if mixed:
        return Status.MIXED
    if umbrella or not has_tier:
        return Status.NO_CLAIM
    return Status.CAUTION if flags else Status.CLEAR


def _decisions(cell: _Cell) -> list[FindingDecision]:
    return [cell.decisions[f.finding_id] for f in cell.findings]


def _negatives(cell: _Cell) -> tuple[int, ...]:
    return tuple(f.finding_id for f in cell.findings if is_negative(f, cell.standards(f)))


def _counted(cell: _Cell) -> tuple[CountedFinding, ...]:
    """Return findings with a tier: the WWC's first, then by tier and sample size."""
    found = []
    for finding in cell.findings:
        tier, source = counted_tier(finding.published_tier, cell.decisions[finding.finding_id].tier)
        if tier is not None:
            study = cell.reviews[finding.review_id].study_id
            found.append(
                CountedFinding(
                    finding.finding_id, finding.review_id, study, tier, source, finding.sample_size
                )
            )
    published_first = {TierSource.WWC: 0, TierSource.DERIVED: 1}
    found.sort(
        key=lambda c: (published_first[c.source], c.tier, -(c.sample_size or 0), c.finding_id)
    )
    return tuple(found)


def _counts(cell: _Cell) -> FindingCounts:
    total = FindingCounts()
    for finding in cell.findings:
        if finding.is_subgroup:
            continue
        standards = cell.standards(finding)
        if finding.is_significant is None:
            total += FindingCounts(unknown=1)
        elif is_positive(finding, standards):
            total += FindingCounts(positive=1)
        elif is_negative(finding, standards):
            total += FindingCounts(negative=1)
        else:
            total += FindingCounts(null=1)
    return total


def _flags(
    cell: _Cell,
    counted: tuple[CountedFinding, ...],
    negative: tuple[int, ...],
    elsewhere: set[str],
    words: list[str],
    umbrella: bool,
) -> Iterable[Flag]:
    by_id = {finding.finding_id: finding for finding in cell.findings}
    tiered = [by_id[c.finding_id] for c in counted]
    reviews = [cell.reviews[f.review_id] for f in tiered]
    main = [f for f in cell.findings if not f.is_subgroup]
    contradicted = any(
        f.published_tier is not None
        and (
            cell.decisions[f.finding_id].tier is None
            or cell.decisions[f.finding_id].tier != f.published_tier
        )
        for f in cell.findings
    )
    untiered = sum(f not in tiered for f in main)
    all_reviews = [cell.reviews[f.review_id] for f in cell.findings]
    old = [float(r.standards_version) < FIRST_CURRENT_STANDARDS for r in all_reviews]
    tests = {
        Flag.NEGATIVE_SAME_DOMAIN: bool(negative),
        Flag.REPORT_MIXED: any("mixed" in word for word in words),
        Flag.REPORT_NEGATIVE: any("negative" in word for word in words),
        Flag.UMBRELLA: umbrella,
        Flag.CONTRADICTED: contradicted,
        Flag.DERIVED_ONLY: bool(counted) and counted[0].source is TierSource.DERIVED,
        Flag.NEGATIVE_OTHER_DOMAIN: bool(elsewhere - {cell.domain}),
        Flag.SUSPECT_SIGNIFICANCE: any(f.review_id in SUSPECT_REVIEWS for f in tiered),
        Flag.MOSTLY_NULL: bool(tiered) and untiered > MOSTLY_NULL_SHARE * len(main),
        Flag.SINGLE_STUDY: len({c.study_id for c in counted}) == 1,
        Flag.SINGLE_CASE: bool(reviews) and all(r.design is Design.SINGLE_CASE for r in reviews),
        Flag.NON_STUDENT_UNIT: bool(tiered) and all(f.unit is not Unit.STUDENT for f in tiered),
        Flag.TEACHER_OUTCOME: is_teacher_domain(cell.domain),
        Flag.FOLLOWUP_ONLY: bool(tiered) and all(is_followup(f) for f in tiered),
        Flag.POOLED_SAMPLE: any(
            c.tier < 3 and (c.sample_size or 0) < LARGE_SAMPLE for c in counted
        ),
        Flag.OLD_STANDARDS: bool(tiered) and all(old),
        Flag.GRADES_UNKNOWN: bool(tiered) and not any(r.sample.grades for r in reviews),
        Flag.POSTSECONDARY_ONLY: bool(tiered) and all(r.sample.grades == ("PS",) for r in reviews),
        Flag.STANDARDS_5_UNTIERED: not tiered
        and any(float(r.standards_version) == UNTIERED_STANDARDS for r in all_reviews),
    }
    return [flag for flag, raised in tests.items() if raised]
