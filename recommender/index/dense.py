"""Exact inner-product search over passage vectors, stored by FAISS."""

from pathlib import Path
from typing import Any

import faiss
import numpy as np

from recommender.index.encoder import Vectors
from recommender.index.threads import compute_in_one_thread

# Passages that stay near the processor while all queries are compared with them (0.8 MB).
BLOCK = 512


class DenseIndex:
    """Cosine similarity of every passage to a query vector; exact, so results never drift."""

    def __init__(self, index: Any) -> None:
        compute_in_one_thread()
        self._index = index
        flat = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d)
        # The mapped vectors do not start at a multiple of four bytes; numpy would copy all of them
        # for every question, so one copy is made here.
        self.vectors: Vectors = np.require(
            flat.reshape(index.ntotal, index.d), requirements=["C", "ALIGNED", "OWNDATA"]
        )

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        """Index unit vectors in order."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, np.float32))
        return cls(index)

    @property
    def size(self) -> int:
        """Number of vectors."""
        return int(self._index.ntotal)

    def scores(self, queries: Vectors) -> Vectors:
        """Return cosines, shape (queries, passages); a row depends on its query alone.

        One product for all queries has other last bits for each number of them.
        """
        rows = np.empty((len(queries), self.size), np.float32)
        for start in range(0, self.size, BLOCK):
            block = self.vectors[start : start + BLOCK]
            for row, query in zip(rows, queries):
                np.dot(block, query, out=row[start : start + BLOCK])
        return rows

    def save(self, path: Path) -> None:
        """Write the index to a file."""
        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        """Read an index, memory-mapped."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
