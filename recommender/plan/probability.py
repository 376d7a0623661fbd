"""How sure is it that a strategy adopts a practice? Two small logistic models in plain numbers.

Fitted by `python -m recommender.plan.quality --fit` on the labelled strategies; the figures, out of
fold, are in docs/results/plan_check.md.
"""

from collections.abc import Mapping
from math import exp

from recommender.plan.guides import GuideMatch
from recommender.plan.mentions import Mention

# Probability above which a named programme counts as adopted, and a recommendation as followed.
# docs/results/plan_check.md compares steps: above 0.85 nothing more is gained among names, and
# below 0.45 the first wrong recommendation passes.
NAME_THRESHOLD = 0.85
GUIDE_THRESHOLD = 0.45
# A name in small letters may be words of every day.
WEAK_NAME_THRESHOLD = 0.93
# A name less likely than this to be adopted is only mentioned; 3 in 100 such names were adopted.
MENTION_ONLY = 0.10

NAME_WEIGHTS: Mapping[str, float] = {
    "constant": -2.706,
    "adoption": 1.142,
    "weak_name": -1.034,
    "wrong_letters": -1.283,
    "other_word": -0.391,
    "longer_name": -0.767,
    "content": 0.512,
    "weak_name_content": -0.027,
    "other_names": -0.507,
}
GUIDE_WEIGHTS: Mapping[str, float] = {
    "constant": -23.799,
    "mean_cosine": 2.425,
    "best_cosine": -0.203,
    "margin": 1.483,
    "follow_cosine": 1.298,
    "close_cosine": -0.525,
    "content_words": 1.96,
    "blocking_cue": -0.297,
    "doubt_cue": -0.654,
}

# Beyond this the adoption model is as sure as it can be.
MOST_LOGIT = 6.0
# A statement with more content words than this says no more about its likeness to a guide.
MOST_CONTENT_WORDS = 20


def name_features(
    mention: Mention, cosine: float, adoption_logit: float, other_names: int
) -> dict[str, float]:
    """Return what speaks for and against a named programme being adopted."""
    return {
        "adoption": _within(adoption_logit),
        "weak_name": float(mention.is_weak),
        "wrong_letters": mention.faults / max(1, len(mention.name)) * 10,
        "other_word": float(mention.is_real_word),
        "longer_name": float(mention.extension is not None),
        "content": cosine * 10,
        "weak_name_content": cosine * 10 * mention.is_weak,
        "other_names": float(min(other_names, 2)),
    }


def with_adoption(features: Mapping[str, float], logit: float) -> dict[str, float]:
    """Return the features of a name with another adoption model's logit."""
    return {**features, "adoption": _within(logit)}


def _within(logit: float) -> float:
    return max(-MOST_LOGIT, min(MOST_LOGIT, logit))


def guide_features(match: GuideMatch, blocked: bool, doubtful: bool) -> dict[str, float]:
    """Return what speaks for and against a recommendation being followed."""
    return {
        "mean_cosine": match.mean_cosine * 10,
        "best_cosine": match.best_cosine * 10,
        "margin": match.margin * 10,
        "follow_cosine": match.follow_cosine * 10,
        "close_cosine": match.close_cosine * 10,
        "content_words": min(match.content_words, MOST_CONTENT_WORDS) / 10,
        "blocking_cue": float(blocked),
        "doubt_cue": float(doubtful),
    }


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return 1 / (1 + exp(-(constant + sum of weight x feature)))."""
    total = weights["constant"] + sum(weights.get(k, 0.0) * v for k, v in features.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
