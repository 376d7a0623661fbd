"""Encoding for audits: many plans in one batch, and each text's vector the same in any company.

A library's batch is padded to its longest text, and the last bits of a vector then depend on what
else is in it; a probability at a rounding edge would differ between two runs. Here every batch
has one of few shapes, so that a text's vector depends on the text alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from recommender.index.dense import DenseIndex
from recommender.index.encoder import Encoder, SentenceEncoder, Vectors

# Rows and steps of length of the fixed shapes: of 32/8, 16/4, 16/8 and 8/8 the last wastes least
# on a single plan and costs a tenth more than the library's own batches on a folder.
ROWS = 8
STEP = 8
_FILLER = "-"
# Queries whose cosines are kept: about 60 MB with some 15,000 passages. More are computed when
# they are asked, with the same result.
MOST_KEPT = 1000


class SteadyEncoder(SentenceEncoder):
    """The encoder in batches of fixed shapes; the vectors do not depend on the batch."""

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, in order."""
        if not texts:
            return super().encode(texts)
        vectors: Vectors | None = None
        for length, numbers in sorted(self._by_length(texts).items()):
            for start in range(0, len(numbers), ROWS):
                part = numbers[start : start + ROWS]
                found = self._batch([texts[i] for i in part], length)
                if vectors is None:
                    vectors = np.empty((len(texts), found.shape[1]), np.float32)
                vectors[part] = found
                if progress:
                    progress(len(part))
        assert vectors is not None
        return vectors

    def _by_length(self, texts: Sequence[str]) -> dict[int, list[int]]:
        most = int(self._model.max_seq_length or 256)
        encoded = self._model.tokenizer(list(texts), truncation=True, max_length=most)
        found: dict[int, list[int]] = defaultdict(list)
        for number, ids in enumerate(encoded["input_ids"]):
            found[min(most, -(-len(ids) // STEP) * STEP)].append(number)
        return found

    def _batch(self, texts: list[str], length: int) -> Vectors:
        import torch

        filled = texts + [_FILLER] * (ROWS - len(texts))
        features = self._model.tokenizer(
            filled, padding="max_length", max_length=length, truncation=True, return_tensors="pt"
        )
        with torch.inference_mode():
            found = self._model(dict(features))["sentence_embedding"].numpy()
        rows = found[: len(texts)]
        vectors: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return vectors


class RememberingEncoder:
    """An encoder that keeps vectors until told to forget, so that many plans share a batch."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """Name that an index remembers."""
        return self._encoder.name

    def remember(self, texts: Iterable[str]) -> None:
        """Encode texts in one batch and keep their vectors."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for text, vector in zip(new, self._encoder.encode(new)):
            self._known[text] = vector

    def forget(self) -> None:
        """Let go of all vectors."""
        self._known.clear()

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, in order."""
        self.remember(texts)
        if progress:
            progress(len(texts))
        if not texts:
            return self._encoder.encode(texts)
        return np.stack([self._known[text] for text in texts])

    def encode_with_parts(self, parts: Sequence[str]) -> Vectors:
        """Return the unit vector of the joined parts, then of each part if several."""
        return self.encode(parts) if len(parts) < 2 else self._encoder.encode_with_parts(parts)


class SteadyDense(DenseIndex):
    """Cosines in blocks of one shape, so that a row depends on its query alone; many at a time.

    The product for one query has to read every passage vector; for eight it reads them once.
    """

    def __init__(self, dense: DenseIndex) -> None:
        self.vectors = dense.vectors
        # Keeps the memory alive that the vectors are a view of.
        self._owner = dense
        self._known: dict[bytes, Vectors] = {}

    @property
    def size(self) -> int:
        """Number of vectors."""
        return self._owner.size

    def remember(self, queries: Vectors) -> None:
        """Keep the cosines of queries that will be asked one by one."""
        new = {row.tobytes(): row for row in queries if row.tobytes() not in self._known}
        rows = list(new.items())[: max(0, MOST_KEPT - len(self._known))]
        for start in range(0, len(rows), ROWS):
            part = rows[start : start + ROWS]
            found = self._block([row for _, row in part])
            self._known.update((key, scores) for (key, _), scores in zip(part, found))

    def forget(self) -> None:
        """Let go of all cosines."""
        self._known.clear()

    def scores(self, queries: Vectors) -> Vectors:
        """Return cosines, shape (queries, passages)."""
        known = [self._known.get(row.tobytes()) for row in queries]
        rows = [self._block([q])[0] if k is None else k for q, k in zip(queries, known)]
        return np.stack(rows) if rows else queries @ self.vectors.T

    def _block(self, queries: Sequence[Vectors]) -> Vectors:
        block = np.zeros((ROWS, self.vectors.shape[1]), np.float32)
        block[: len(queries)] = queries
        return block @ self.vectors.T
