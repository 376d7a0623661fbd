"""Where evidence is and where there is none: practices by outcome, grade band and tier."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.evidence.rollup import DomainDecision
from recommender.index.catalogue import Card
from recommender.ingest.profiles import OutcomeArea

GRADE_BANDS: dict[str, tuple[str, ...]] = {
    "PK": ("PK",),
    "K-2": ("K", "1", "2"),
    "3-5": ("3", "4", "5"),
    "6-8": ("6", "7", "8"),
    "9-12": ("9", "10", "11", "12"),
}


@dataclass(frozen=True, slots=True)
class MapRow:
    """One outcome area, or one of its outcome domains, in one grade band.

    A practice counts once, by the best tier that its findings on samples of that grade band carry.
    """

    area: str
    outcome_domain: str | None
    """`None` in the row of the whole area."""
    grade_band: str
    tier_1: int
    tier_2: int
    tier_3: int
    studied_without_tier: int

    @property
    def total(self) -> int:
        """Practices studied."""
        return self.tier_1 + self.tier_2 + self.tier_3 + self.studied_without_tier


def evidence_map(cards: Sequence[Card], areas: Sequence[OutcomeArea]) -> tuple[MapRow, ...]:
    """Count interventions by area, outcome domain and grade band, empty cells included."""
    studied = [card for card in cards if not card.practice.postsecondary_only]
    rows = []
    for area in areas:
        for band, grades in GRADE_BANDS.items():
            rows.append(_row(studied, area.name, None, frozenset(area.domains), band, grades))
            for domain in area.domains:
                rows.append(_row(studied, area.name, domain, frozenset((domain,)), band, grades))
    return tuple(row for row in rows if row.outcome_domain is None or row.total)


def _row(
    cards: Sequence[Card],
    area: str,
    domain: str | None,
    domains: frozenset[str],
    band: str,
    grades: tuple[str, ...],
) -> MapRow:
    counts = {1: 0, 2: 0, 3: 0, None: 0}
    for card in cards:
        here = [d for d in card.practice.domains if d.outcome_domain in domains]
        if here and set(card.practice.sample.grades) & set(grades):
            counts[_best_tier(card, here, grades)] += 1
    return MapRow(area, domain, band, counts[1], counts[2], counts[3], counts[None])


def _best_tier(
    card: Card, domains: Sequence[DomainDecision], grades: tuple[str, ...]
) -> int | None:
    samples = dict(card.practice.samples)
    tiers = [
        counted.tier
        for domain in domains
        if domain.tier is not None
        for counted in domain.counted
        if set(samples[counted.review_id].grades) & set(grades)
    ]
    return min(tiers, default=None)
