"""BM25 over stemmed texts (bm25s); the index holds one text a practice."""

from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt

from recommender.text import tokens

Scores = npt.NDArray[np.float32]
"""Shape (texts,)."""

# The usual constants of Robertson and Zaragoza (2009); others were not compared.
K1, B = 1.2, 0.75


class LexicalIndex:
    """Scores every text for a query."""

    def __init__(self, engine: bm25s.BM25, size: int) -> None:
        self._engine = engine
        self.size = size

    @classmethod
    def build(cls, texts: Sequence[str]) -> "LexicalIndex":
        """Index the texts in order."""
        engine = bm25s.BM25(k1=K1, b=B)
        engine.index([tokens(text) or ["-"] for text in texts], show_progress=False)
        return cls(engine, len(texts))

    @property
    def vocabulary(self) -> frozenset[str]:
        """All stems of the texts."""
        return frozenset(self._engine.vocab_dict)

    def scores(self, query_tokens: Sequence[str]) -> Scores:
        """Return one score a text; 0 where no query token occurs."""
        known = [token for token in query_tokens if token in self._engine.vocab_dict]
        if not known:
            return np.zeros(self.size, np.float32)
        return np.asarray(self._engine.get_scores(known), np.float32)

    def save(self, folder: Path) -> None:
        """Write the index into a folder."""
        self._engine.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, size: int) -> "LexicalIndex":
        """Read an index, memory-mapped."""
        return cls(bm25s.BM25.load(str(folder), mmap=True), size)
