"""Which tier a practice has in this school for this statement, and which finding carries it.

Only tiers that the WWC published count: none derived, contradicted, mixed, or of an umbrella label.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from recommender.evidence.fit import judge_fit, judge_fits, own_facts, tier_in_school
from recommender.evidence.flags import Flag
from recommender.evidence.rollup import CountedFinding, DomainDecision, Status
from recommender.index.catalogue import Card
from recommender.records import GRADES, Context, TierSource


class Standing(StrEnum):
    """What the evidence of a practice allows to say in a school."""

    COUNTS = "counts"
    NO_TIER = "no_tier"
    SCHOOL_GRADES_UNKNOWN = "school_grades_unknown"
    OTHER_GRADES = "other_grades"
    STUDIED_GRADES_UNKNOWN = "studied_grades_unknown"
    MIXED = "mixed"
    UMBRELLA = "umbrella"
    CONTRADICTED = "contradicted"
    DERIVED = "derived"
    UNVERIFIED_GUIDE = "unverified_guide"


@dataclass(frozen=True, slots=True)
class Local:
    """The tier in the school with what carries it, or why there is none."""

    standing: Standing
    practice_id: str
    tier: int | None = None
    finding: CountedFinding | None = None
    outcome_domain: str | None = None
    studied: tuple[str, ...] = ()
    """Where the grades differ: those in which its findings with a tier were made."""


def judge_locally(cards: Sequence[Card], school: Context, said: tuple[str, ...]) -> Local:
    """Judge a programme (a card and its siblings) in a school; `said`: the statement's grades."""
    if cards[0].practice.guide is not None:
        return _judge_guide(cards[0], school, said)
    found = list(_usable(cards))
    here = [local for card, d, c in found if (local := _in_school(card, d, c, school, said))]
    if here:
        return min(here, key=_best_first)
    standing, studied = _why_not(cards, [(card, c) for card, _, c in found], school)
    return Local(standing, _first_id(cards), studied=studied)


def _judge_guide(card: Card, school: Context, said: tuple[str, ...]) -> Local:
    practice, guide = card.practice, card.practice.guide
    assert guide is not None
    if guide.level is None or not guide.level_verified:
        return Local(Standing.UNVERIFIED_GUIDE, practice.practice_id)
    if practice.tier is None:
        return Local(Standing.NO_TIER, practice.practice_id)
    if not school.grades:
        return Local(Standing.SCHOOL_GRADES_UNKNOWN, practice.practice_id)
    if not _overlaps(practice.sample.grades, school, said):
        unknown = not practice.sample.grades
        standing = Standing.STUDIED_GRADES_UNKNOWN if unknown else Standing.OTHER_GRADES
        return Local(standing, practice.practice_id, studied=practice.sample.grades)
    tier = tier_in_school(practice.tier, judge_fits([practice.sample], school))
    return Local(Standing.COUNTS, practice.practice_id, tier)


def _usable(cards: Sequence[Card]) -> Iterable[tuple[Card, DomainDecision, CountedFinding]]:
    """Yield findings with a WWC tier in domains that nothing speaks against, in any sibling."""
    if any(card.practice.is_umbrella for card in cards):
        return
    mixed = {d.outcome_domain for card in cards for d in card.practice.domains if _is_mixed(d)}
    for card in cards:
        for domain in card.practice.domains:
            if domain.tier is None or domain.outcome_domain in mixed:
                continue
            for counted in domain.counted:
                if counted.source is TierSource.WWC and counted.finding_id not in domain.differing:
                    yield card, domain, counted


def _in_school(
    card: Card,
    domain: DomainDecision,
    counted: CountedFinding,
    school: Context,
    said: Sequence[str],
) -> Local | None:
    sample = own_facts(dict(card.practice.samples)[counted.review_id])
    if not _overlaps(sample.grades, school, said):
        return None
    tier = tier_in_school(counted.tier, judge_fit(sample, school), bool(school.student_groups))
    return Local(Standing.COUNTS, card.practice.practice_id, tier, counted, domain.outcome_domain)


def _overlaps(studied: Sequence[str], school: Context, said: Sequence[str]) -> bool:
    """Grades must overlap the school's, and the statement's own within the school where it says."""
    if said and not set(said) & set(school.grades):
        return False
    grades = set(school.grades) & set(said) if said else set(school.grades)
    return bool(grades & set(studied))


def _why_not(
    cards: Sequence[Card], usable: Sequence[tuple[Card, CountedFinding]], school: Context
) -> tuple[Standing, tuple[str, ...]]:
    """Say why nothing counts, with the grades of what would count elsewhere."""
    if any(card.practice.is_umbrella for card in cards):
        return Standing.UMBRELLA, ()
    if usable and not school.grades:
        return Standing.SCHOOL_GRADES_UNKNOWN, ()
    if usable:
        samples = [own_facts(dict(card.practice.samples)[c.review_id]) for card, c in usable]
        known = {grade for sample in samples for grade in sample.grades}
        studied = tuple(grade for grade in GRADES if grade in known)
        return (Standing.OTHER_GRADES if studied else Standing.STUDIED_GRADES_UNKNOWN), studied
    return _without_usable([domain for card in cards for domain in card.practice.domains]), ()


def _without_usable(domains: Sequence[DomainDecision]) -> Standing:
    tiered = [d for d in domains if d.published_tier is not None or d.derived_tier is not None]
    if any(_is_mixed(domain) for domain in tiered):
        return Standing.MIXED
    if any(d.published_tier is not None for d in tiered):
        return Standing.CONTRADICTED
    return Standing.DERIVED if tiered else Standing.NO_TIER


def _is_mixed(domain: DomainDecision) -> bool:
    return domain.status is Status.MIXED or Flag.NEGATIVE_SAME_DOMAIN in domain.flags


def _best_first(local: Local) -> tuple[int, int, int]:
    """Best tier first, then the larger sample, then the id."""
    assert local.finding is not None
    size = local.finding.sample_size or 0
    return (local.tier or 9, -size, local.finding.finding_id)


def _first_id(cards: Sequence[Card]) -> str:
    return cards[0].practice.practice_id
