"""What a person gets without our ranking: BM25, the encoder alone, their fusion, grades moved down.

All read the same passages as ours and the raw root cause, word for word.
"""

from collections.abc import Collection, Mapping

import numpy as np

from recommender.evaluation.judgments import BatchQuery
from recommender.index.documents import PassageKind
from recommender.index.lexical import LexicalIndex
from recommender.search.recommender import Recommender
from recommender.search.signals import (
    Values,
    best_passage,
    grade_overlap,
    reciprocal_rank_fusion,
)
from recommender.text import tokens

BM25, DENSE = "BM25", "encoder alone"
FUSION, GRADE_FILTER = "reciprocal-rank fusion", "fusion, other grades moved down"
NAMES = (BM25, DENSE, FUSION, GRADE_FILTER)


class Baselines:
    """The four baselines over the passages of the given kinds (all kinds by default)."""

    def __init__(
        self, recommender: Recommender, kinds: Collection[PassageKind] = tuple(PassageKind)
    ) -> None:
        self._recommender = recommender
        passages = recommender.index.passages
        self._used = np.array([p.kind in kinds for p in passages])
        self._numbers = np.flatnonzero(self._used)
        self._lexical = LexicalIndex.build([passages[i].text for i in self._numbers])

    def rank(self, query: BatchQuery, limit: int) -> Mapping[str, list[str]]:
        """Return each baseline's practice ids, best first."""
        table = self._recommender.table
        vectors = self._recommender.encoder.encode([query.root_cause])
        cosines = self._recommender.index.dense.scores(vectors)[0]
        dense = best_passage(table, np.where(self._used, cosines, -1).astype(np.float32))
        bm25 = np.zeros(len(cosines), np.float32)
        bm25[self._numbers] = self._lexical.scores(tokens(query.root_cause))
        lexical = best_passage(table, bm25)
        fused = reciprocal_rank_fusion([dense, lexical])
        # A fused score is below 1, so 1 moves a practice below every other.
        other = grade_overlap(table, query.context.as_context().grades) < 0
        scores = {BM25: lexical, DENSE: dense, FUSION: fused, GRADE_FILTER: fused - other}
        return {name: self._top(values, limit) for name, values in scores.items()}

    def _top(self, values: Values, limit: int) -> list[str]:
        table = self._recommender.table
        order = np.argsort(-values, kind="stable")
        return [table.practice_ids[i] for i in order if table.searchable[i]][:limit]
