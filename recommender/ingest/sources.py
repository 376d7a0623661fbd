"""`corpus/sources.json`: what each source is, its date, digest, licence and counts."""

from pathlib import Path

import msgspec

from recommender.atomic import write_bytes
from recommender.errors import BadCorpus


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One official source, as obtained."""

    name: str
    date: str
    sha256: str
    bytes: int
    licence: str
    how_to_obtain: str
    counts: dict[str, int]


class Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All sources of the evidence corpus."""

    wwc_export: Source | None = None
    practice_guides: Source | None = None


def read_sources(path: Path) -> Sources:
    """Read the file; a corpus without one has no sources yet.

    Raises:
        BadCorpus: the file breaks its shape.
    """
    if not path.is_file():
        return Sources()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Sources)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadCorpus(f"{path}: {error}") from None


def write_sources(path: Path, sources: Sources) -> None:
    """Replace the file in one step, with sorted keys."""
    content = msgspec.json.format(msgspec.json.encode(sources, order="sorted"), indent=2)
    write_bytes(path, content + b"\n")
