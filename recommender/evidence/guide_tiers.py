"""Which tier does a practice guide's level of evidence give? 34 CFR 77.1, route (i).

Strong under standards 2.1 or later can count as tier 1, moderate as tier 2; strong or moderate
under older standards as tier 3 at most; minimal gives no tier by this route.
"""

from recommender.records import EvidenceLevel, GuideRecommendation


def guide_tier(recommendation: GuideRecommendation) -> int | None:
    """Return the best tier that the level allows, `None` where minimal or unknown."""
    if recommendation.level not in (EvidenceLevel.STRONG, EvidenceLevel.MODERATE):
        return None
    if not recommendation.standards_2_1_or_later:
        return 3
    return 1 if recommendation.level is EvidenceLevel.STRONG else 2
