"""Small findings and reviews with only what a rule looks at spelled out."""

from recommender.records import Design, Finding, Review, Sample, StandardsRating, Unit

WITHOUT = StandardsRating.WITHOUT_RESERVATIONS
WITH = StandardsRating.WITH_RESERVATIONS


def finding(finding_id: int = 1, **changes) -> Finding:
    """A finding that passes every test of tier 1."""
    values = {
        "finding_id": finding_id,
        "review_id": 10,
        "intervention_id": 5,
        "outcome_domain": "Alphabetics",
        "outcome_measure": "Word test",
        "period": "0 Days",
        "is_subgroup": False,
        "unit": Unit.STUDENT,
        "sample_size": 400,
        "intervention_size": 200.0,
        "comparison_size": 200.0,
        "intervention_clusters": None,
        "comparison_clusters": None,
        "effect_size_wwc": 0.2,
        "effect_size_study": None,
        "improvement_index": 8.0,
        "p_value_wwc": 0.01,
        "p_value_study": None,
        "is_significant": True,
        "designation": None,
        "rating": WITHOUT,
        "published_tier": 1,
    }
    return Finding(**{**values, **changes})


def review(review_id: int = 10, **changes) -> Review:
    values = {
        "review_id": review_id,
        "study_id": 100 + review_id,
        "intervention_id": 5,
        "protocol": "Study Review Protocol",
        "protocol_version": "4.0",
        "standards_version": "4.0",
        "purpose": "Single Study Review",
        "design": Design.RCT,
        "rating": WITHOUT,
        "multisite": True,
        "posted": None,
        "topics": (),
        "sample": Sample(grades=("1",)),
    }
    return Review(**{**values, **changes})
