"""Vectors of plan lines that follow a guide's recommendation, or only come close to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recommender.errors import BadIndex
from recommender.index.encoder import Encoder, Vectors
from recommender.ingest.profiles import GuideLines


@dataclass(frozen=True, slots=True)
class GuideLineVectors:
    """One row a line, in the order of the corpus file."""

    vectors: Vectors
    practice_ids: npt.NDArray[np.str_]
    """Empty for a line that carries no recommendation."""
    follows: npt.NDArray[np.bool_]

    def save(self, path: Path) -> None:
        """Write the three arrays to a file."""
        np.savez(path, vectors=self.vectors, practice_ids=self.practice_ids, follows=self.follows)

    @classmethod
    def load(cls, path: Path) -> "GuideLineVectors":
        """Read what `save` wrote.

        Raises:
            BadIndex: missing, damaged, or arrays of other lengths.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                found = cls(stored["vectors"], stored["practice_ids"], stored["follows"])
        except (OSError, ValueError, KeyError) as error:
            raise BadIndex(f"{path}: {error}; run `recommender build`") from None
        lengths = {len(found.vectors), len(found.practice_ids), len(found.follows)}
        if len(lengths) != 1:
            raise BadIndex(f"{path}: arrays of {sorted(lengths)} rows; run `recommender build`")
        return found


def encode_guide_lines(
    lines: Sequence[GuideLines], generic: Sequence[str], encoder: Encoder
) -> GuideLineVectors:
    """Encode every line of every recommendation, and those that carry none."""
    rows = [
        (entry.practice_id, text, follows)
        for entry in lines
        for follows, texts in ((True, entry.follows), (False, entry.close))
        for text in texts
    ] + [("", text, False) for text in generic]
    return GuideLineVectors(
        vectors=encoder.encode([text for _, text, _ in rows]),
        practice_ids=np.array([practice_id for practice_id, _, _ in rows]),
        follows=np.array([follows for _, _, follows in rows]),
    )
