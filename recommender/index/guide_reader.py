"""Which recommendation a plan line carries, learnt from the lines of `corpus/guide_lines.yaml`.

Cosines alone take every line on a topic for one that follows. Two linear models over the encoder's
vectors tell the recommendations apart, and what follows one from what only comes close.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.errors import BadIndex
from recommender.index.encoder import Vectors
from recommender.index.guide_lines import GuideLineVectors

# Of scikit-learn's C: 1, 10 and 100 named the right recommendation first for 76, 83 and 82 of 100
# lines in other words (docs/results/plan_check.md).
INVERSE_PENALTY = 10.0


@dataclass(frozen=True, slots=True)
class GuideReader:
    """Linear models over unit vectors; the rows of `weights` are recommendations by id."""

    practice_ids: npt.NDArray[np.str_]
    weights: Vectors
    constants: npt.NDArray[np.float32]
    carrying: Vectors
    """One weight a dimension, the constant last."""

    @classmethod
    def fit(cls, lines: GuideLineVectors) -> "GuideReader":
        """Learn from lines that follow three recommendations or more, come close, or do neither."""
        from sklearn.linear_model import LogisticRegression

        follows = lines.follows
        which = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000)
        which.fit(lines.vectors[follows], lines.practice_ids[follows])
        whether = LogisticRegression(C=INVERSE_PENALTY, max_iter=2000)
        whether.fit(lines.vectors, follows)
        carrying = np.append(whether.coef_[0], whether.intercept_)
        rows = np.asarray(which.coef_, np.float32), np.asarray(which.intercept_, np.float32)
        return cls(np.asarray(which.classes_), *rows, np.asarray(carrying, np.float32))

    def save(self, path: Path) -> None:
        """Write the arrays to a file."""
        np.savez(
            path,
            practice_ids=self.practice_ids,
            weights=self.weights,
            constants=self.constants,
            carrying=self.carrying,
        )

    @classmethod
    def load(cls, path: Path) -> "GuideReader":
        """Read what `save` wrote.

        Raises:
            BadIndex: missing or damaged.
        """
        names = ("practice_ids", "weights", "constants", "carrying")
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls(*(stored[name] for name in names))
        except (OSError, ValueError, KeyError) as error:
            raise BadIndex(f"{path}: {error}; run `recommender build`") from None

    def scores(self, vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return one score a recommendation, higher where the line carries it."""
        return np.asarray(self.weights @ vector + self.constants, np.float32)

    def carries(self, vector: npt.NDArray[np.float32]) -> float:
        """Return the logit that the line carries any recommendation's content."""
        return float(self.carrying[:-1] @ vector + self.carrying[-1])
