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
    score: float
    """Of the model that tells the recommendations apart."""
    score_margin: float
    """Over the next recommendation that says something else."""
    carries: float
    """Logit that the text carries the content of any recommendation."""
    content_words: int


class GuideContent:
    """Vectors of all recommendations, ready to compare."""

    def __init__(self, index: StoredIndex) -> None:
        numbers: dict[str, list[int]] = {}
        for number, passage in enumerate(index.passages):
            if passage.practice_id.startswith("wwc-practice-guide:") and passage.kind in CONTENT:
                numbers.setdefault(passage.practice_id, []).append(number)
        self._reader = index.guide_reader
        self._ids = tuple(str(i) for i in self._reader.practice_ids)
        content = [index.dense.vectors[numbers[i]] for i in self._ids]
        centres = np.stack([_unit(rows.mean(axis=0)) for rows in content])
        lines = index.guide_lines
        self._content = _Groups(content)
        self._follow = _Groups([_rows(lines, i, True) for i in self._ids])
        self._close = [_rows(lines, i, False) for i in self._ids]
        self._alike: npt.NDArray[np.bool_] = centres @ centres.T >= NEAR_DUPLICATE

    def nearest(self, text: str, vector: npt.NDArray[np.float32]) -> GuideMatch:
        """Return the nearest recommendation; ties fall to the first id."""
        scores = self._reader.scores(vector)
        best = int(np.argmax(scores))
        cosines = self._content.cosines(vector)
        means = _mean_of_best(cosines, cosines.shape[1])
        follow = _mean_of_best(self._follow.cosines(vector), BEST_LINES)
        likeness = (means + follow) / 2
        others = ~self._alike[best]
        return GuideMatch(
            practice_id=self._ids[best],
            mean_cosine=float(means[best]),
            best_cosine=float(cosines[best].max()),
            margin=float(likeness[best] - likeness[others].max(initial=0.0)),
            follow_cosine=float(follow[best]),
            close_cosine=float((self._close[best] @ vector).max(initial=0.0)),
            score=float(scores[best]),
            score_margin=float(scores[best] - scores[others].max(initial=-np.inf)),
            carries=self._reader.carries(vector),
            content_words=len(set(tokens(text))),
        )


class _Groups:
    """Vectors of all recommendations in one matrix: one product instead of one for each."""

    def __init__(self, groups: Sequence[Vectors]) -> None:
        self._vectors = np.concatenate(groups)
        self._places = np.full((len(groups), max(map(len, groups))), len(self._vectors))
        start = 0
        for places, group in zip(self._places, groups):
            places[: len(group)] = range(start, start + len(group))
            start += len(group)

    def cosines(self, vector: npt.NDArray[np.float32]) -> Vectors:
        """Return one row a group, filled up with minus infinity."""
        found: Vectors = np.append(self._vectors @ vector, np.float32(-np.inf))[self._places]
        return found


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


def _mean_of_best(cosines: Vectors, most: int) -> npt.NDArray[np.float32]:
    """Return the mean of each row's `most` highest cosines, 0 for a row without any."""
    best = np.sort(cosines, axis=1)[:, -most:]
    known = best > -np.inf
    counts = np.maximum(known.sum(axis=1), 1).astype(np.float32)
    result: npt.NDArray[np.float32] = np.where(known, best, 0).sum(axis=1) / counts
    return result


def _unit(vector: Vectors) -> Vectors:
    result: Vectors = vector / np.linalg.norm(vector)
    return result
