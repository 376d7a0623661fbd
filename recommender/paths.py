"""Where the corpus and the indexes lie; the environment may say otherwise."""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent


def corpus_folder() -> Path:
    """`RECOMMENDER_CORPUS`, else the repository's `corpus/`."""
    return Path(os.environ.get("RECOMMENDER_CORPUS") or _ROOT / "corpus")


def indexes_folder() -> Path:
    """`RECOMMENDER_INDEXES`, else the repository's `indexes/`."""
    return Path(os.environ.get("RECOMMENDER_INDEXES") or _ROOT / "indexes")
