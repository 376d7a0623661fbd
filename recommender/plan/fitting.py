"""Fit the models of the plan check on labelled statements: adoption, names, guides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.plan.adoption import WordModel, feature_values
from recommender.plan.judge import Thresholds, judge
from recommender.plan.labelled import Labelled, Study
from recommender.plan.link import Candidate, Reading, WordModels
from recommender.plan.meaning import MeaningModel
from recommender.plan.probability import probability, with_doing, with_logits
from recommender.plan.verdicts import Strategy, StrategyVerdict, Verdict

FOLDS = 5
# Of scikit-learn's C: 3, 10 and 30 gave the same area under the curve within 0.004 on the
# examiner's statements; 10 had the fewest wrong at equal recall (docs/results/plan_check.md).
ADOPTION_INVERSE_PENALTY = 10.0
DOING_INVERSE_PENALTY = 10.0
# 3,072 weights on some 3,000 names want a strong penalty.
MEANING_INVERSE_PENALTY = 0.002
INVERSE_PENALTY = 1.0
# Words seen with a weight below this change nothing that shows.
LEAST_WEIGHT = 0.05
# The same words of adoption with another product's name: nothing in the words tells them apart.
NOT_ABOUT_WORDS = ("sibling_product", "sibling")
# What a school does of its own, tested by nobody: it does something, and its label says no.
LOCAL = "local"
# Kinds whose words do not say that the school does something, whatever their verdict.
NOT_DONE = ("conditional", "explored", "dropped", "dropped_or_conditional", "mention")


@dataclass(frozen=True, slots=True)
class Models:
    """Weights of one fold, and the thresholds."""

    words: WordModels
    names: Mapping[str, float]
    guides: Mapping[str, float]
    thresholds: Thresholds


def verdicts(study: Study, numbers: Sequence[int], models: Models) -> list[StrategyVerdict]:
    """Judge statements with given models."""
    return [
        judge(
            Strategy(study.items[i].id, study.items[i].text),
            with_models(study.readings[i], models),
            study.items[i].school,
            study.recommender.cards,
            models.thresholds,
        )
        for i in numbers
    ]


def cross_validate(study: Study) -> tuple[list[StrategyVerdict], list[Models]]:
    """Judge every statement by models that never saw it; kinds are spread over the folds."""
    folds = deal([item.kind for item in study.items])
    models = [
        fit_models(study, [i for i, f in enumerate(folds) if f != fold]) for fold in range(FOLDS)
    ]
    return in_folds(study, models), models


def in_folds(study: Study, models: Sequence[Models]) -> list[StrategyVerdict]:
    """Judge each statement by the model of its fold, which did not see it."""
    folds = deal([item.kind for item in study.items])
    found: dict[int, StrategyVerdict] = {}
    for fold, model in enumerate(models):
        held = [i for i, f in enumerate(folds) if f == fold]
        found.update(zip(held, verdicts(study, held, model)))
    return [found[i] for i in range(len(study.items))]


def deal(kinds: Sequence[str]) -> list[int]:
    """Deal each kind over the folds in turn; no chance is involved."""
    seen: dict[str, int] = {}
    folds = []
    for kind in kinds:
        seen[kind] = seen.get(kind, -1) + 1
        folds.append(seen[kind] % FOLDS)
    return folds


def fit_models(study: Study, numbers: Sequence[int]) -> Models:
    """Fit the models; those of links see the words as judged by models without that line."""
    folds = dict(zip(numbers, deal([study.items[i].kind for i in numbers])))
    names, guides = [], []
    for fold in range(FOLDS):
        words = fit_words(study, [i for i in numbers if folds[i] != fold])
        for i in (number for number in numbers if folds[number] == fold):
            item, reading = study.items[i], study.readings[i]
            for c in reading.named:
                names.append((_features(c, words), is_adopted(study, item, c)))
            if not reading.named:  # where a programme is named, its name decides
                guide = with_doing(reading.guide.features, words.doing.logit(reading.words))
                guides.append((guide, is_adopted(study, item, reading.guide)))
    return Models(fit_words(study, numbers), _fit(names), _fit(guides), Thresholds())


def _features(candidate: Candidate, words: WordModels) -> dict[str, float]:
    assert candidate.around is not None
    logits = words.adoption.logit(candidate.words), words.meaning.logit(candidate.around)
    return with_logits(candidate.features, *logits)


def fit_words(study: Study, numbers: Sequence[int]) -> WordModels:
    """Fit the models of words on these statements."""
    rows = [
        (candidate, is_adopted(study, study.items[i], candidate))
        for i in numbers
        if study.items[i].kind not in NOT_ABOUT_WORDS
        for candidate in study.readings[i].named
    ]
    adopted = np.array([is_right for _, is_right in rows])
    plain = [i for i in numbers if study.items[i].kind != LOCAL]
    done = np.array([says_doing(study.items[i]) for i in plain])
    return WordModels(
        words_of([c.words for c, _ in rows], adopted, ADOPTION_INVERSE_PENALTY),
        _meaning_of([c for c, _ in rows], adopted),
        words_of([study.readings[i].words for i in plain], done, DOING_INVERSE_PENALTY),
    )


def says_doing(item: Labelled) -> bool:
    """Tell whether the label says that the school does something, tested or not."""
    return item.verdict is not Verdict.NO_EVIDENCE_FOUND and item.kind not in NOT_DONE


def words_of(
    words: Sequence[Sequence[str]],
    labels: npt.NDArray[np.bool_],
    inverse_penalty: float,
    weights: npt.NDArray[np.float64] | None = None,
) -> WordModel:
    """Fit a linear model of words; words that change little are left out."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer(dtype=np.float64)
    x = vectorizer.fit_transform([feature_values(each) for each in words])
    fitted = LogisticRegression(C=inverse_penalty, max_iter=3000).fit(x, labels, weights)
    named = zip(vectorizer.get_feature_names_out(), fitted.coef_[0].round(2).tolist())
    kept = {str(name): w for name, w in named if abs(w) >= LEAST_WEIGHT}
    return WordModel(round(float(fitted.intercept_[0]), 3), kept)


def _meaning_of(candidates: Sequence[Candidate], adopted: npt.NDArray[np.bool_]) -> MeaningModel:
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    x = np.stack([c.around.reshape(-1) for c in candidates if c.around is not None])
    scaler = StandardScaler().fit(x)
    fitted = LogisticRegression(C=MEANING_INVERSE_PENALTY, max_iter=1000)
    fitted.fit(scaler.transform(x), adopted)
    weights = fitted.coef_[0] / scaler.scale_
    constant = float(fitted.intercept_[0] - weights @ scaler.mean_)
    return MeaningModel(round(constant, 4), tuple(weights.round(5).tolist()))


def is_adopted(study: Study, item: Labelled, candidate: Candidate) -> bool:
    """Tell whether the label says that the statement adopts this candidate."""
    return item.adopted and study.is_right(item, candidate.practice_ids)


def _fit(rows: Sequence[tuple[Mapping[str, float], bool]]) -> dict[str, float]:
    from sklearn.linear_model import LogisticRegression

    keys = list(rows[0][0])
    x: npt.NDArray[np.float64] = np.array([[f[key] for key in keys] for f, _ in rows])
    y = np.array([adopted for _, adopted in rows])
    fitted = LogisticRegression(C=INVERSE_PENALTY, max_iter=5000).fit(x, y)
    weights = dict(zip(keys, fitted.coef_[0].round(3).tolist()))
    return {"constant": round(float(fitted.intercept_[0]), 3), **weights}


def with_models(reading: Reading, models: Models) -> Reading:
    """Return a reading with the probabilities of other models."""
    named = []
    for candidate in reading.named:
        features = _features(candidate, models.words)
        chance = probability(features, models.names)
        named.append(replace(candidate, features=features, probability=chance))
    doing = models.words.doing.logit(reading.words)
    features = with_doing(reading.guide.features, doing)
    guide = replace(
        reading.guide, features=features, probability=probability(features, models.guides)
    )
    return replace(reading, named=tuple(named), guide=guide, doing=doing)
