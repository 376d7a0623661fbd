"""Which turnaround practices a strategy of a plan serves: several, one or none.

One linear model a practice over the encoder's vectors, learnt from the profiles, the practice
guides and labelled strategies. Below its threshold it says nothing. docs/results/turnaround_tags.md
says how far to trust it. Tags speak of what a school does, never of evidence.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recommender.atomic import replacing
from recommender.errors import BadCorpus, BadIndex
from recommender.index.encoder import Encoder, Vectors
from recommender.ingest.turnaround import Example

PRACTICES = (1, 2, 3, 4)
FORMAT = 1

# The least calibrated probability at which a tag is said: by F1 over the out-of-fold strategies of
# plans, the highest step within 0.01 of the best. docs/results/turnaround_tags.md has the steps.
THRESHOLDS = {1: 0.40, 2: 0.40, 3: 0.30, 4: 0.30}
# Inverse strength of the penalty; 0.1 to 10 compared in docs/results/turnaround_tags.md.
INVERSE_PENALTY = 1.0
FOLDS = 5
# Shown and compared at this many digits, so that what is shown is what decided.
DIGITS = 3

_PER_PRACTICE = ("coefficients", "intercepts", "slopes", "offsets", "thresholds")

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Folds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tag:
    """A turnaround practice, 1 to 4, with its calibrated probability."""

    practice: int
    probability: float


class TurnaroundTagger:
    """Vectors -> tags. Tagging needs numpy alone; scikit-learn is loaded to fit."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._arrays = dict(arrays)

    @classmethod
    def fit(cls, examples: Sequence[Example], vectors: Vectors) -> "TurnaroundTagger":
        """Learn from examples and their unit vectors, in any order.

        Raises:
            BadCorpus: a practice has too few examples to be learnt.
        """
        order = sorted(range(len(examples)), key=lambda i: repr(examples[i]))
        examples, vectors = [examples[i] for i in order], vectors[order]
        scores = out_of_fold_scores(examples, vectors, fold_numbers(examples, vectors))
        rows = [i for i, e in enumerate(examples) if e.plan_voice] or list(range(len(examples)))
        arrays = learn(examples, vectors) | calibrate(scores[rows], labels(examples)[rows])
        return cls(arrays | {"thresholds": np.array([THRESHOLDS[p] for p in PRACTICES])})

    def tag(self, vectors: Vectors) -> tuple[tuple[Tag, ...], ...]:
        """Return the tags of each vector, likeliest first; an empty tuple where none is likely."""
        found = probabilities(score(vectors, self._arrays), self._arrays).round(DIGITS)
        return tuple(tuple(self._said(row)) for row in found.tolist())

    def _said(self, row: Sequence[float]) -> Iterable[Tag]:
        for probability, practice in sorted(zip(row, PRACTICES), key=lambda pair: (-pair[0], pair)):
            if probability >= self._arrays["thresholds"][PRACTICES.index(practice)]:
                yield Tag(practice, probability)

    def save(self, path: Path) -> None:
        """Write plain arrays; nothing in the file can run when it is read."""
        with replacing(path) as stream:
            arrays: dict[str, Any] = {name: self._arrays[name] for name in _PER_PRACTICE}
            np.savez(stream, format=np.array(FORMAT), **arrays)

    @classmethod
    def load(cls, path: Path) -> "TurnaroundTagger":
        """Read what `save` wrote.

        Raises:
            BadIndex: missing, damaged or of another format.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            found = int(arrays.pop("format"))
        except Exception as error:
            raise BadIndex(f"{path}: {error}; run `recommender build --force`") from None
        shapes = {name: array.shape[:1] for name, array in arrays.items()}
        if found != FORMAT or shapes != dict.fromkeys(_PER_PRACTICE, (len(PRACTICES),)):
            raise BadIndex(
                f"{path}: format {found} with {sorted(shapes)}, this version reads format {FORMAT} "
                f"with {sorted(_PER_PRACTICE)}; run `recommender build --force`"
            )
        return cls(arrays)


def encode_examples(
    examples: Sequence[Example], encoder: Encoder, known: Mapping[str, Vectors]
) -> Vectors:
    """Return the examples' vectors; a text whose vector is known is not encoded again."""
    new = sorted({example.text for example in examples} - known.keys())
    vectors = dict(known) | dict(zip(new, encoder.encode(new)))
    return np.stack([vectors[example.text] for example in examples])


def labels(examples: Sequence[Example]) -> Mask:
    """Return which practices each example serves, one row an example."""
    return np.array([[p in example.practices for p in PRACTICES] for example in examples])


def fold_numbers(examples: Sequence[Example], vectors: Vectors) -> Folds:
    """Return each example's fold: groups stay whole, so no neighbour is on both sides."""
    from sklearn.model_selection import StratifiedGroupKFold

    grouped = [i for i, example in enumerate(examples) if example.group is not None]
    nearest = np.argmax(vectors @ vectors[grouped].T, axis=1)
    groups = [e.group or examples[grouped[near]].group for e, near in zip(examples, nearest)]
    first = [example.practices[0] if example.practices else 0 for example in examples]
    folds = np.zeros(len(examples), np.int64)
    split = StratifiedGroupKFold(FOLDS).split(vectors, first, groups)
    for fold, (_, held_out) in enumerate(split):
        folds[held_out] = fold
    return folds


def out_of_fold_scores(
    examples: Sequence[Example],
    vectors: Vectors,
    folds: Folds,
    inverse_penalty: float = INVERSE_PENALTY,
) -> Array:
    """Return each example's scores by models that saw no example of its group."""
    scores = np.zeros((len(examples), len(PRACTICES)))
    for fold in range(FOLDS):
        kept = np.flatnonzero(folds != fold).tolist()
        model = learn([examples[i] for i in kept], vectors[kept], inverse_penalty)
        scores[folds == fold] = score(vectors[folds == fold], model)
    return scores


def learn(
    examples: Sequence[Example], vectors: Vectors, inverse_penalty: float = INVERSE_PENALTY
) -> dict[str, Array]:
    """Fit one logistic regression a practice; both classes weigh the same."""
    truth, models = labels(examples), []
    for column, practice in enumerate(PRACTICES):
        sure = [practice not in example.unsure for example in examples]
        models.append(_logistic(vectors[sure], truth[sure, column], inverse_penalty, "balanced"))
    return {
        "coefficients": np.concatenate([model.coef_ for model in models]).astype(float),
        "intercepts": np.concatenate([model.intercept_ for model in models]).astype(float),
    }


def score(vectors: Vectors, model: Mapping[str, Array]) -> Array:
    """Return uncalibrated scores, one row a vector, one column a practice."""
    result: Array = vectors @ model["coefficients"].T + model["intercepts"]
    return result


def calibrate(scores: Array, truth: Mask) -> dict[str, Array]:
    """Fit Platt's line a practice: probability = 1 / (1 + exp(-(slope * score + offset)))."""
    columns = range(len(PRACTICES))
    lines = [_logistic(scores[:, [i]], truth[:, i], 1e6, None) for i in columns]
    return {
        "slopes": np.array([line.coef_[0, 0] for line in lines]),
        "offsets": np.array([line.intercept_[0] for line in lines]),
    }


def probabilities(scores: Array, calibration: Mapping[str, Array]) -> Array:
    """Return calibrated probabilities of scores."""
    result: Array = 1 / (1 + np.exp(-calibration["slopes"] * scores - calibration["offsets"]))
    return result


def _logistic(x: Any, truth: Mask, inverse_penalty: float, class_weight: str | None) -> Any:
    from sklearn.linear_model import LogisticRegression

    if truth.all() or not truth.any():
        raise BadCorpus("turnaround practices: a practice needs examples with it and without it")
    model = LogisticRegression(C=inverse_penalty, class_weight=class_weight, max_iter=1000)
    return model.fit(x, truth)
