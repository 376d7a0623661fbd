"""All that the evidence says about one practice, ready for the catalogue.

A practice's own sample is the union of its reviews; a tier is judged on the sample of the very
finding that carries it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from recommender.evidence.flags import Flag
from recommender.evidence.guide_tiers import guide_tier
from recommender.evidence.rollup import DomainDecision, FindingCounts, roll_up
from recommender.evidence.tiers import FindingDecision, decide_findings
from recommender.records import (
    GRADES,
    Evidence,
    Finding,
    GuideRecommendation,
    Kind,
    ReportRating,
    Review,
    Sample,
    TierSource,
    intervention_practice_id,
)

POSTSECONDARY = "PS"
T = TypeVar("T", Finding, Review, ReportRating)


@dataclass(frozen=True, slots=True)
class PracticeEvidence:
    """A practice with its domains decided and the headline tier.

    `tier` is the best tier of any domain that nothing contradicts; a practice guide's comes from
    its level. It says how far a positive effect can be trusted, not how big it is.
    """

    practice_id: str
    name: str
    kind: Kind
    tier: int | None
    tier_source: TierSource
    tier_confirmed: bool
    """False for a guide level that no page was seen to state."""
    published_tier: int | None
    """Best tier that the WWC published for any finding, whatever speaks against it."""
    domains: tuple[DomainDecision, ...]
    counts: FindingCounts
    studies: int
    sample: Sample
    samples: tuple[tuple[int, Sample], ...]
    """(review id, sample) of each review."""
    postsecondary_only: bool
    is_umbrella: bool
    flags: tuple[Flag, ...]
    url: str
    siblings: tuple[str, ...] = ()
    guide: GuideRecommendation | None = None


def decide_interventions(
    evidence: Evidence,
    umbrella_labels: Iterable[int] = (),
    siblings: Iterable[Iterable[int]] = (),
) -> tuple[tuple[PracticeEvidence, ...], dict[int, FindingDecision]]:
    """Decide every intervention, sorted by id; also return the decision of every finding."""
    reviews = {review.review_id: review for review in evidence.reviews}
    decisions = decide_findings(evidence.findings, reviews)
    umbrellas = set(umbrella_labels)
    kin = {i: sorted(set(group) - {i}) for group in map(list, siblings) for i in group}
    by_intervention = _groups(evidence.findings)
    ratings = _groups(evidence.report_ratings)
    reviewed = _groups(evidence.reviews)
    urls = {rating.intervention_id: rating.url for rating in evidence.report_ratings}
    study_urls = {study.study_id: study.url for study in evidence.studies}
    practices = []
    for intervention in evidence.interventions:
        key = intervention.intervention_id
        samples = tuple((r.review_id, r.sample) for r in reviewed[key])
        sample = merge_samples(s for _, s in samples)
        postsecondary = sample.grades == (POSTSECONDARY,)
        domains = roll_up(by_intervention[key], reviews, decisions, ratings[key], key in umbrellas)
        tier, source = headline(domains, postsecondary)
        studies = sorted({r.study_id for r in reviewed[key]})
        practices.append(
            PracticeEvidence(
                practice_id=intervention_practice_id(key),
                name=intervention.name,
                kind=Kind.INTERVENTION,
                tier=tier,
                tier_source=source,
                tier_confirmed=source is not TierSource.DERIVED,
                published_tier=min(
                    (d.published_tier for d in domains if d.published_tier), default=None
                ),
                domains=domains,
                counts=sum((d.counts for d in domains), FindingCounts()),
                studies=len(studies),
                sample=sample,
                samples=samples,
                postsecondary_only=postsecondary,
                is_umbrella=key in umbrellas,
                flags=_practice_flags(domains, tier, source),
                url=urls.get(key) or study_urls[studies[0]],
                siblings=tuple(intervention_practice_id(i) for i in kin.get(key, ())),
            )
        )
    return tuple(practices), decisions


def decide_guides(
    recommendations: Iterable[GuideRecommendation],
) -> tuple[PracticeEvidence, ...]:
    """Give every guide recommendation its tier by level."""
    practices = []
    for item in recommendations:
        tier = guide_tier(item)
        practices.append(
            PracticeEvidence(
                practice_id=item.practice_id,
                name=item.recommendation.rstrip("."),
                kind=Kind.GUIDE_RECOMMENDATION,
                tier=tier,
                tier_source=TierSource.GUIDE if tier else TierSource.NONE,
                tier_confirmed=item.level_verified,
                published_tier=None,
                domains=(),
                counts=FindingCounts(),
                studies=0,
                sample=Sample(grades=item.grades),
                samples=(),
                postsecondary_only=False,
                is_umbrella=False,
                flags=(),
                url=item.url,
                guide=item,
            )
        )
    return tuple(practices)


def headline(
    domains: Iterable[DomainDecision], postsecondary_only: bool = False
) -> tuple[int | None, TierSource]:
    """Return the best tier of any domain, the WWC's before derived ones.

    A domain studied only with college students or adults does not speak for a school.
    """
    found = [
        (d.source is not TierSource.WWC, d.tier, d.source)
        for d in domains
        if d.tier is not None and (postsecondary_only or Flag.POSTSECONDARY_ONLY not in d.flags)
    ]
    if not found:
        return None, TierSource.NONE
    _, tier, source = min(found)
    return tier, source


def merge_samples(samples: Iterable[Sample]) -> Sample:
    """Return the union of places and grades; a share is the largest reported one."""
    values: dict[str, object] = {}
    samples = list(samples)
    for field in fields(Sample):
        found = [getattr(sample, field.name) for sample in samples]
        if field.name.endswith("_percent"):
            values[field.name] = max((v for v in found if v is not None), default=None)
        else:
            union = {entry for value in found for entry in value}
            order = GRADES.index if field.name == "grades" else str
            values[field.name] = tuple(sorted(union, key=order))
    return Sample(**values)  # type: ignore[arg-type]


def _practice_flags(
    domains: tuple[DomainDecision, ...], tier: int | None, source: TierSource
) -> tuple[Flag, ...]:
    """Return the flags of the domains behind the headline, and what speaks against any domain."""
    behind = [d for d in domains if d.tier == tier and d.source is source] if tier else domains
    shared = set.intersection(*(set(d.flags) for d in behind)) if behind else set()
    against: set[Flag] = {
        flag
        for d in domains
        for flag in d.flags
        if flag
        in (
            Flag.NEGATIVE_SAME_DOMAIN,
            Flag.REPORT_MIXED,
            Flag.REPORT_NEGATIVE,
            Flag.CONTRADICTED,
            Flag.UMBRELLA,
        )
    }
    if any(d.negative for d in domains):
        against.add(Flag.NEGATIVE_OTHER_DOMAIN)
    if Flag.NEGATIVE_SAME_DOMAIN in against:
        against.discard(Flag.NEGATIVE_OTHER_DOMAIN)
    return tuple(flag for flag in Flag if flag in shared | against)


def _groups(records: Iterable[T]) -> Mapping[int, list[T]]:
    groups: dict[int, list[T]] = defaultdict(list)
    for record in records:
        groups[record.intervention_id].append(record)
    return groups
