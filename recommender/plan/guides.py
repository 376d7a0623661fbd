"""Does a strategy do what a practice guide recommends? By meaning, with a margin over the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from recommender.index.documents import PassageKind
from recommender.index.encoder import Vectors
from recommender.index.guide_lines import GuideLineVectors
from recommender.index.store import StoredIndex
from recommender.text import tokens

CONTENT = (PassageKind.RECOMMENDATION, PassageKind.HOW_TO, PassageKind.SUMMARY)
# One line may be near by chance.
BEST_LINES = 3
# Two recommendations this near in cosine say the same thing, so neither needs a margin over the
# other: the guides of 2009 and 2021 on mathematics intervention share three.
NEAR_DUPLICATE = 0.80


@dataclass(frozen=True, slots=True)
class GuideMatch:
    """The recommendation nearest to a strategy."""

    practice_id: str
    mean_cosine: float
    """Mean cosine with the recommendation, its how-to and its summary."""
    best_cosine: float
    margin: float
    """Likeness over that of the next recommendation that says something else."""
    follow_cosine: float
    """Mean of the three best cosines with lines that follow the recommendation."""
    close_cosine: float
    """Best cosine with a line that only comes close to this recommendation."""
    content_words: int


class GuideContent:
    """Vectors of all recommendations, ready to compare."""

    def __init__(self, index: StoredIndex) -> None:
        numbers: dict[str, list[int]] = {}
        for number, passage in enumerate(index.passages):
            if passage.practice_id.startswith("wwc-practice-guide:") and passage.kind in CONTENT:
                numbers.setdefault(passage.practice_id, []).append(number)
        self._ids = tuple(sorted(numbers))
        self._rows = [index.dense.vectors[numbers[i]] for i in self._ids]
        centres = np.stack([_unit(rows.mean(axis=0)) for rows in self._rows])
        lines = index.guide_lines
        self._follow = [_rows(lines, i, True) for i in self._ids]
        self._close = [_rows(lines, i, False) for i in self._ids]
        self._alike: npt.NDArray[np.bool_] = centres @ centres.T >= NEAR_DUPLICATE

    def nearest(self, text: str, vector: npt.NDArray[np.float32]) -> GuideMatch:
        """Return the nearest recommendation; ties fall to the first id."""
        cosines = [rows @ vector for rows in self._rows]
        means = np.array([np.add.reduce(c) / np.float32(len(c)) for c in cosines])
        follow = np.array([_best_of(rows @ vector) for rows in self._follow])
        likeness = (means + follow) / 2
        best = int(np.argmax(likeness))
        others = likeness[~self._alike[best]]
        return GuideMatch(
            practice_id=self._ids[best],
            mean_cosine=float(means[best]),
            best_cosine=float(cosines[best].max()),
            margin=float(likeness[best] - others.max(initial=0.0)),
            follow_cosine=float(follow[best]),
            close_cosine=float((self._close[best] @ vector).max(initial=0.0)),
            content_words=len(set(tokens(text))),
        )


class NamedContent:
    """How far a text is about a programme apart from its name."""

    def __init__(self, index: StoredIndex) -> None:
        self._rows: dict[str, list[int]] = {}
        for number, passage in enumerate(index.passages):
            if passage.kind in (PassageKind.SUMMARY, PassageKind.CAUSE, PassageKind.OUTCOMES):
                self._rows.setdefault(passage.practice_id, []).append(number)
        self._vectors = index.dense.vectors

    def cosine(self, vector: npt.NDArray[np.float32], practice_ids: Sequence[str]) -> float:
        """Return the best cosine with any passage of the practices, 0 without passages."""
        rows = [row for i in practice_ids for row in self._rows.get(i, ())]
        return float((self._vectors[rows] @ vector).max()) if rows else 0.0


def _rows(lines: GuideLineVectors, practice_id: str, follows: bool) -> Vectors:
    found: Vectors = lines.vectors[(lines.practice_ids == practice_id) & (lines.follows == follows)]
    return found


def _best_of(cosines: npt.NDArray[np.float32]) -> float:
    best = np.sort(cosines)[-BEST_LINES:]
    return float(np.add.reduce(best) / np.float32(len(best))) if len(best) else 0.0


def _unit(vector: Vectors) -> Vectors:
    result: Vectors = vector / np.linalg.norm(vector)
    return result
