"""Many texts through a BERT in one pass, each with exactly the token vectors it has alone.

The usual batch pads its texts to one length and, on the default model, changes the last bits of
four vectors in five. Here the texts of a pack stand one after the other without padding: each row
goes through the linear layers by itself, and attention is computed text by text. With one thread
a pass no bit depends on the pack (tests/unit/index/test_packed.py), and it is faster.
"""

from collections.abc import Sequence
from typing import Any

# Below four rows the linear algebra library takes another way through a matrix, whose last bits
# differ; a pack of fewer rows than this gets rows that nobody reads.
LEAST_ROWS = 16


def plain_bert(model: Any) -> Any:
    """Return the BERT in a model that takes the mean of its tokens; `None` for any other model."""
    kinds = [type(module).__name__ for module in model]
    if kinds != ["Transformer", "Pooling", "Normalize"] or model[1].pooling_mode != "mean":
        return None
    bert = model[0].auto_model
    return bert if type(bert).__name__ == "BertModel" else None


def pass_tokens(
    bert: Any, ids: Sequence[Sequence[int]], hidden: Sequence[int] = ()
) -> list[tuple[Any, ...]]:
    """Return for each text its token vectors after the last layer, then after the hidden layers.

    Args:
        bert: A `BertModel`.
        ids: The token numbers of each text, with whatever marks the model wants at both ends.
        hidden: Numbers of layers, in order; 1 is the first.

    Returns:
        Tensors of shape (tokens, dimensions).
    """
    import torch

    lengths = [len(each) for each in ids]
    spare = max(0, LEAST_ROWS - sum(lengths))
    rows = torch.tensor([token for each in (*ids, [0] * spare) for token in each])
    places = torch.cat([torch.arange(length) for length in (*lengths, spare)])
    with torch.inference_mode():
        x = _embed(bert.embeddings, rows, places)
        kept = []
        for number, layer in enumerate(bert.encoder.layer, start=1):
            x = _layer(layer, x, [*lengths, spare] if spare else lengths)
            if number in hidden:
                kept.append(x)
    split = [each.split([*lengths, spare])[: len(lengths)] for each in (x, *kept)]
    return list(zip(*split))


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
