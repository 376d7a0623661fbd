"""How sure is it that a strategy adopts a practice? Two small logistic models in plain numbers.

Fitted by `python -m recommender.plan.quality --fit` on the labelled strategies; the figures, out of
fold, are in docs/results/plan_check.md.
"""

from collections.abc import Mapping
from math import exp

from recommender.plan.guides import GuideMatch
from recommender.plan.mentions import Mention

# Probability above which a named programme counts as adopted, and a recommendation as followed.
# Chosen in folds, then kept at or above every fold's choice: docs/results/plan_check.md.
NAME_THRESHOLD = 0.45
GUIDE_THRESHOLD = 0.80

NAME_WEIGHTS: Mapping[str, float] = {
    "constant": -3.731,
    "weak_name": -0.339,
    "wrong_letters": 0.086,
    "other_word": -0.685,
    "longer_name": -1.26,
    "blocking_cue": -4.232,
    "doubt_cue": -3.285,
    "content": 1.021,
    "weak_name_content": -0.394,
    "other_names": -0.509,
}
GUIDE_WEIGHTS: Mapping[str, float] = {
    "constant": -21.511,
    "mean_cosine": 2.363,
    "best_cosine": 0.46,
    "margin": 1.352,
    "content_words": 1.767,
    "blocking_cue": -0.093,
    "doubt_cue": -0.306,
}

# A statement with more content words than this says no more about its likeness to a guide.
MOST_CONTENT_WORDS = 20


def name_features(
    mention: Mention, cosine: float, blocked: bool, doubtful: bool, other_names: int
) -> dict[str, float]:
    """Return what speaks for and against a named programme being adopted."""
    return {
        "weak_name": float(mention.is_weak),
        "wrong_letters": mention.faults / max(1, len(mention.name)) * 10,
        "other_word": float(mention.is_real_word),
        "longer_name": float(mention.extension is not None),
        "blocking_cue": float(blocked),
        "doubt_cue": float(doubtful),
        "content": cosine * 10,
        "weak_name_content": cosine * 10 * mention.is_weak,
        "other_names": float(min(other_names, 2)),
    }


def guide_features(match: GuideMatch, blocked: bool, doubtful: bool) -> dict[str, float]:
    """Return what speaks for and against a recommendation being followed."""
    return {
        "mean_cosine": match.mean_cosine * 10,
        "best_cosine": match.best_cosine * 10,
        "margin": match.margin * 10,
        "content_words": min(match.content_words, MOST_CONTENT_WORDS) / 10,
        "blocking_cue": float(blocked),
        "doubt_cue": float(doubtful),
    }


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return 1 / (1 + exp(-(constant + sum of weight x feature)))."""
    total = weights["constant"] + sum(weights.get(k, 0.0) * v for k, v in features.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
