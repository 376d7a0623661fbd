"""How sure is it that a strategy adopts a practice? Two small logistic models in plain numbers.

Fitted by `python -m recommender.plan.quality --fit` on the labelled strategies; the figures, out of
fold, are in docs/results/plan_check.md.
"""

from collections.abc import Mapping
from math import exp

from recommender.plan.guides import GuideMatch
from recommender.plan.mentions import Mention

# Probability above which a named programme counts as adopted, and a recommendation as followed.
# docs/results/plan_check.md compares steps: at 0.8 for names nine more in 7,558 labelled lines
# would meet and should not, at 0.7 for recommendations the first of the ordinary ones.
NAME_THRESHOLD = 0.85
GUIDE_THRESHOLD = 0.8
# A name in small letters may be words of every day.
WEAK_NAME_THRESHOLD = 0.93
# Ten times the cosine that a text needs with a programme whose short form stands for several
# things: of the labelled statements that adopt one nine in ten have it, of the others four in ten.
LEAST_CONTENT = 4.5
# A name less likely than this to be adopted is only mentioned; 3 in 100 such names were adopted.
MENTION_ONLY = 0.10
# A statement without a name is taken as no strategy below this logit of doing something, and below
# the second it never meets by its likeness to a guide.
LEAST_DOING, SURE_DOING = -1.5, 0.5
# A recommendation less likely than this is not shown: it would be 2 in 100 times the right one.
LEAST_SHOWN = 0.10
# Words that block and yield are believed below this; above it the words around say otherwise.
EVEN = 0.5

NAME_WEIGHTS: Mapping[str, float] = {
    "constant": -1.735,
    "weak_name": -1.106,
    "wrong_letters": -0.86,
    "other_word": -2.113,
    "longer_name": -1.271,
    "content": 0.347,
    "weak_name_content": 0.001,
    "other_names": -0.505,
    "adoption": 0.835,
    "meaning": 0.541,
}
GUIDE_WEIGHTS: Mapping[str, float] = {
    "constant": -17.494,
    "mean_cosine": 0.399,
    "best_cosine": 0.233,
    "margin": -0.59,
    "follow_cosine": 1.678,
    "close_cosine": -0.881,
    "score": 0.483,
    "score_margin": 0.881,
    "carries": 0.369,
    "content_words": 1.453,
    "blocking_cue": -0.274,
    "doubt_cue": -0.899,
    "doing": 0.332,
}

# Beyond this the adoption model is as sure as it can be.
MOST_LOGIT = 6.0
MOST_MARGIN = 3.0
# A statement with more content words than this says no more about its likeness to a guide.
MOST_CONTENT_WORDS = 20


def name_features(
    mention: Mention, cosine: float, other_names: int, adoption: float, meaning: float
) -> dict[str, float]:
    """Return what speaks for and against a named programme; the last two are logits."""
    features = {
        "weak_name": float(mention.is_weak),
        "wrong_letters": mention.faults / max(1, len(mention.name)) * 10,
        "other_word": float(mention.is_real_word),
        "longer_name": float(mention.extension is not None),
        "content": cosine * 10,
        "weak_name_content": cosine * 10 * mention.is_weak,
        "other_names": float(min(other_names, 2)),
    }
    return with_logits(features, adoption, meaning)


def with_logits(features: Mapping[str, float], adoption: float, meaning: float) -> dict[str, float]:
    """Return the features of a name with the logits of other models of the words around it."""
    return {**features, "adoption": _within(adoption), "meaning": _within(meaning)}


def _within(logit: float) -> float:
    return max(-MOST_LOGIT, min(MOST_LOGIT, logit))


def guide_features(
    match: GuideMatch, doing: float, blocked: bool, doubtful: bool
) -> dict[str, float]:
    """Return what speaks for and against a recommendation being followed."""
    features = {
        "mean_cosine": match.mean_cosine * 10,
        "best_cosine": match.best_cosine * 10,
        "margin": match.margin * 10,
        "follow_cosine": match.follow_cosine * 10,
        "close_cosine": match.close_cosine * 10,
        "score": match.score,
        "score_margin": min(match.score_margin, MOST_MARGIN),
        "carries": match.carries,
        "content_words": min(match.content_words, MOST_CONTENT_WORDS) / 10,
        "blocking_cue": float(blocked),
        "doubt_cue": float(doubtful),
    }
    return with_doing(features, doing)


def with_doing(features: Mapping[str, float], logit: float) -> dict[str, float]:
    """Return the features of a recommendation with the logit that something is done at all."""
    return {**features, "doing": _within(logit)}


def probability(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return 1 / (1 + exp(-(constant + sum of weight x feature)))."""
    total = weights["constant"] + sum(weights.get(k, 0.0) * v for k, v in features.items())
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))
