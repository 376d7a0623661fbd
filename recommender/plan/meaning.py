"""How the words around a name are meant: a linear model over hidden layers of the encoder.

It sees what the words of `recommender.plan.adoption` cannot: two words that mean the same. Both
logits are features of a name's probability. Weights: `corpus/plan_meaning.json`, fitted by
`python -m recommender.plan.quality --fit`; figures in docs/results/plan_check.md.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from recommender.errors import BadCorpus
from recommender.index.placed import Array

FILE = "plan_meaning.json"


class MeaningModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One weight for each number of a place of `Placed.around`, row after row."""

    constant: float
    weights: Sequence[float]

    @classmethod
    def read(cls, corpus: Path) -> "MeaningModel":
        """Read the model of a corpus folder.

        Raises:
            BadCorpus: missing or of another shape.
        """
        path = corpus / FILE
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except OSError as error:
            raise BadCorpus(f"{path}: {error.strerror}") from None
        except msgspec.DecodeError as error:
            raise BadCorpus(f"{path}: {error}") from None

    def logit(self, around: Array) -> float:
        """Return constant + sum of weight x value.

        Args:
            around: What the encoder gives for one place, shape (ROWS_A_PLACE, dimensions).

        Raises:
            BadCorpus: the model was fitted with another encoder.
        """
        if around.size != len(self.weights):
            raise BadCorpus(
                f"{FILE}: found {len(self.weights)} weights, expected {around.size}: "
                "fit it with the encoder of the index (python -m recommender.plan.quality --fit)"
            )
        weights = np.asarray(self.weights)
        return self.constant + float(np.add.reduce(weights * around.reshape(-1)))
