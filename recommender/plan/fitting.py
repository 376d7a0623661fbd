"""Fit the models of the plan check on labelled statements: adoption, names, guides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from recommender.plan.adoption import AdoptionModel, feature_values
from recommender.plan.judge import Thresholds, judge
from recommender.plan.labelled import Labelled, Study
from recommender.plan.link import Candidate, Reading
from recommender.plan.probability import probability, with_adoption
from recommender.plan.verdicts import Strategy, StrategyVerdict

FOLDS = 5
# Of scikit-learn's C: 3, 10 and 30 gave the same area under the curve within 0.004 on the
# examiner's statements; 10 had the fewest wrong at equal recall (docs/results/plan_check.md).
ADOPTION_INVERSE_PENALTY = 10.0
INVERSE_PENALTY = 1.0
# Words seen with a weight below this change nothing that shows.
LEAST_WEIGHT = 0.05
# The same words of adoption with another product's name: nothing in the words tells them apart.
NOT_ABOUT_WORDS = ("sibling_product", "sibling")


@dataclass(frozen=True, slots=True)
class Models:
    """Weights of one fold, and the thresholds."""

    adoption: AdoptionModel
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
    """Fit the models; that of names sees adoption as judged by models without that line."""
    adoption, logits = _fit_adoption(study, numbers)
    names, guides = [], []
    for i in numbers:
        item, reading = study.items[i], study.readings[i]
        for place, candidate in enumerate(reading.named):
            features = with_adoption(candidate.features, logits[i, place])
            names.append((features, is_adopted(study, item, candidate)))
        guides.append((reading.guide.features, is_adopted(study, item, reading.guide)))
    return Models(adoption, _fit(names), _fit(guides), Thresholds())


def _fit_adoption(
    study: Study, numbers: Sequence[int]
) -> tuple[AdoptionModel, dict[tuple[int, int], float]]:
    """Return the model, and for every name the logit of a model that did not see its statement."""
    rows = [(i, p, c) for i in numbers for p, c in enumerate(study.readings[i].named)]
    usable = [r for r in rows if study.items[r[0]].kind not in NOT_ABOUT_WORDS]
    folds = dict(zip(numbers, deal([study.items[i].kind for i in numbers])))
    logits: dict[tuple[int, int], float] = {}
    for fold in range(FOLDS):
        model = _adoption_of(study, [r for r in usable if folds[r[0]] != fold])
        logits |= {(i, p): model.logit(c.words) for i, p, c in rows if folds[i] == fold}
    return _adoption_of(study, usable), logits


def _adoption_of(study: Study, rows: Sequence[tuple[int, int, Candidate]]) -> AdoptionModel:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer(dtype=np.float64)
    x = vectorizer.fit_transform([feature_values(c.words) for _, _, c in rows])
    y = np.array([is_adopted(study, study.items[i], c) for i, _, c in rows])
    fitted = LogisticRegression(C=ADOPTION_INVERSE_PENALTY, max_iter=3000).fit(x, y)
    weights = zip(vectorizer.get_feature_names_out(), fitted.coef_[0].round(2).tolist())
    kept = {str(name): w for name, w in weights if abs(w) >= LEAST_WEIGHT}
    return AdoptionModel(round(float(fitted.intercept_[0]), 3), kept)


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
        features = candidate.features
        if candidate.words:
            features = with_adoption(features, models.adoption.logit(candidate.words))
        chance = probability(features, models.names)
        named.append(replace(candidate, features=features, probability=chance))
    guide = probability(reading.guide.features, models.guides)
    return replace(reading, named=tuple(named), guide=replace(reading.guide, probability=guide))
