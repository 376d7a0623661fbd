"""Editorial files that pages show: the names of the turnaround practices, the state's guidance.

They are read once. A fault in them is ours, not the visitor's, so it is no bad input here.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from recommender import paths
from recommender.errors import BadCorpus, WorkFailed
from recommender.guidance import Guidance, read_guidance
from recommender.ingest.turnaround import TurnaroundPractice, read_turnaround_practices


def turnaround_practices() -> Mapping[int, TurnaroundPractice]:
    """Return the four turnaround practices by number."""
    return _practices(paths.corpus_folder())


def guidance() -> Guidance:
    """Return the state's planning guidance."""
    return _guidance(paths.corpus_folder())


@lru_cache(maxsize=4)
def _practices(folder: Path) -> Mapping[int, TurnaroundPractice]:
    try:
        found = read_turnaround_practices(folder / "turnaround_practices.yaml")
    except BadCorpus as error:
        raise WorkFailed(str(error)) from None
    return {entry.practice: entry for entry in found}


@lru_cache(maxsize=4)
def _guidance(folder: Path) -> Guidance:
    try:
        return read_guidance(folder / "guidance")
    except BadCorpus as error:
        raise WorkFailed(str(error)) from None
