"""Encoding for audits: many plans in one batch, and no text twice."""

from collections.abc import Callable, Iterable, Sequence

from recommender.index.encoder import Encoder, Vectors
from recommender.index.placed import Placed, PlacedText


class RememberingEncoder:
    """An encoder that keeps vectors until told to forget, so that many plans share a batch."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[PlacedText, Placed] = {}
        self._vectors: dict[str, Vectors] = {}

    @property
    def name(self) -> str:
        """Name that an index remembers."""
        return self._encoder.name

    def remember(self, texts: Iterable[PlacedText]) -> None:
        """Encode texts in one batch and keep what was found."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        for asked, found in zip(new, self._encoder.encode_places(new)):
            self._known[asked] = found
            self._vectors[asked.text] = found.vector

    def forget(self) -> None:
        """Let go of all that was kept."""
        self._known.clear()
        self._vectors.clear()

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        """Return one unit vector a text, in order."""
        return self._encoder.encode(texts, progress)

    def encode_with_parts(self, parts: Sequence[str]) -> Vectors:
        """Return the unit vector of the joined parts, then of each part if several."""
        known = self._vectors.get(parts[0]) if len(parts) == 1 else None
        return self._encoder.encode_with_parts(parts) if known is None else known[None, :]

    def encode_places(self, texts: Sequence[PlacedText]) -> list[Placed]:
        """Return for each text its unit vector and what stands around its places."""
        self.remember(texts)
        return [self._known[text] for text in texts]
