"""What an encoder says of places in a text: means of hidden layers, on the way to the vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Place = tuple[int, int]
"""Start and end in a text."""

# The layers after which the words around a name tell most of what is done with it; 4 to 6 of 6
# did no better (docs/results/plan_check.md).
LAYERS = (2, 3)
# Tokens on either side of a place.
NEAR = 4
ROWS_A_PLACE = 4 * len(LAYERS)


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A text with places that are asked about."""

    text: str
    places: tuple[Place, ...]


class Placed(NamedTuple):
    """The answer to a `PlacedText`."""

    vector: Array
    """Unit vector of the text, shape (dimensions,)."""
    around: Array
    """Shape (places, ROWS_A_PLACE, dimensions): see `look_around`."""


def look_around(
    hidden: Sequence[Array], offsets: Sequence[Place], places: Sequence[Place]
) -> Array:
    """Return for each place and each layer the mean of the text, the place, and its two sides.

    Args:
        hidden: One array a layer of `LAYERS`, shape (tokens, dimensions).
        offsets: Start and end of each token in the text.
        places: A place past the longest input of the model stands at the first token.
    """
    rows = [_rows(hidden, offsets, place) for place in places]
    shape = (len(places), ROWS_A_PLACE, hidden[0].shape[1])
    return np.array(rows, np.float32).reshape(shape)


def _rows(hidden: Sequence[Array], offsets: Sequence[Place], place: Place) -> list[Array]:
    start, end = place
    own = [i for i, (a, b) in enumerate(offsets) if start <= a < b <= end] or [0]
    first, last = own[0], own[-1] + 1
    before, after = slice(max(1, first - NEAR), first), slice(last, last + NEAR)
    parts = slice(None), slice(first, last), before, after
    return [_mean(layer[part]) for layer in hidden for part in parts]


def _mean(rows: Array) -> Array:
    if not len(rows):
        return np.zeros(rows.shape[1], np.float32)
    found: Array = np.add.reduce(rows) / np.float32(len(rows))
    return found
