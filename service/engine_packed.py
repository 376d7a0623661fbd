"""Many texts through a BERT encoder in one pass, each with exactly the vector it has alone.

The usual batch pads its texts to one length and, on this model, changes the last bits of four
vectors in five. Here the texts of a batch stand one after the other without padding: each row goes
through the linear layers by itself, and attention is computed text by text. With one thread a
pass no bit depends on the batch (tests/service/test_engine_packed.py), and it is faster.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from recommender.index.encoder import SentenceEncoder, Vectors
from service.engine_encoder import Parts

# Below four rows the linear algebra library takes another way through a matrix, whose last bits
# differ; a batch of fewer rows than this gets rows that nobody reads.
LEAST_ROWS = 16


class PackedEncoder(SentenceEncoder):
    """The sentence-transformers encoder with a batch that changes no vector."""

    def __init__(self, model: str) -> None:
        super().__init__(model)
        import torch

        # Several batches run side by side instead, one a core: more texts a second, and the split
        # of a matrix over threads would change the last bits of short texts.
        torch.set_num_threads(1)
        self._bert: Any = _plain_bert(self._model)

    def encode_each(self, texts: Sequence[Parts]) -> list[Vectors]:
        """Return for each text the vector of the whole, then of its parts if several."""
        if self._bert is None:
            return [self.encode_with_parts(parts) for parts in texts]
        encoded = self._tokenize([" ".join(parts) for parts in texts])
        tokens = _pass(self._bert, encoded["input_ids"])
        return [
            _rows(parts, own, offsets)
            for parts, own, offsets in zip(texts, tokens, encoded["offset_mapping"])
        ]

    def _tokenize(self, texts: Sequence[str]) -> Any:
        return self._model.tokenizer(
            list(texts),
            return_offsets_mapping=True,
            return_attention_mask=False,
            truncation=True,
            max_length=self._model.max_seq_length,
        )


def _plain_bert(model: Any) -> Any:
    """Return the BERT in a model that takes the mean of its tokens; `None` for any other model."""
    kinds = [type(module).__name__ for module in model]
    if kinds != ["Transformer", "Pooling", "Normalize"] or model[1].pooling_mode != "mean":
        return None
    bert = model[0].auto_model
    return bert if type(bert).__name__ == "BertModel" else None


def _pass(bert: Any, ids: Sequence[Sequence[int]]) -> list[Any]:
    """Return the token vectors of each text."""
    import torch

    lengths = [len(each) for each in ids]
    spare = max(0, LEAST_ROWS - sum(lengths))
    rows = torch.tensor([token for each in (*ids, [0] * spare) for token in each])
    places = torch.cat([torch.arange(length) for length in (*lengths, spare)])
    with torch.inference_mode():
        x = _embed(bert.embeddings, rows, places)
        for layer in bert.encoder.layer:
            x = _layer(layer, x, [*lengths, spare] if spare else lengths)
    return list(x.split([*lengths, spare]))[: len(lengths)]


def _embed(embeddings: Any, rows: Any, places: Any) -> Any:
    import torch

    words = embeddings.word_embeddings(rows)
    kinds = embeddings.token_type_embeddings(torch.zeros_like(rows))
    return embeddings.LayerNorm(words + kinds + embeddings.position_embeddings(places))


def _layer(layer: Any, x: Any, lengths: Sequence[int]) -> Any:
    attended = layer.attention.output.dense(_attend(layer.attention.self, x, lengths))
    y = layer.attention.output.LayerNorm(attended + x)
    return layer.output.LayerNorm(layer.output.dense(layer.intermediate(y)) + y)


def _attend(attention: Any, x: Any, lengths: Sequence[int]) -> Any:
    import torch
    from torch.nn.functional import scaled_dot_product_attention

    heads, size = attention.num_attention_heads, attention.attention_head_size
    split = [
        [part.view(1, -1, heads, size).transpose(1, 2) for part in make(x).split(lengths)]
        for make in (attention.query, attention.key, attention.value)
    ]
    found = [scaled_dot_product_attention(q, k, v) for q, k, v in zip(*split)]
    return torch.cat([each.transpose(1, 2).reshape(-1, heads * size) for each in found])


def _rows(parts: Parts, tokens: Any, offsets: Sequence[tuple[int, int]]) -> Vectors:
    """Do what `SentenceEncoder.encode_with_parts` does, bit for bit."""
    from torch.nn.functional import normalize

    mean = normalize(tokens.unsqueeze(0).sum(1) / len(tokens), p=2, dim=1)
    if len(parts) < 2:
        # The library scales a lone vector a second time.
        return np.asarray(normalize(mean, p=2, dim=1).numpy(), np.float32)
    whole = mean.numpy()[0]
    values = tokens.numpy()
    rows, start = [whole], 0
    for part in parts:
        end = start + len(part)
        own = [i for i, (a, b) in enumerate(offsets) if start <= a < b <= end]
        rows.append(values[own].mean(axis=0) if own else whole)
        start = end + 1
    vectors = np.stack(rows).astype(np.float32)
    result: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result
