"""A stored index: one folder a build, and a pointer that is moved only when the build is whole.

A stored index is not trusted: `load` checks format, counts and the encoder before it returns.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from recommender.atomic import write_text
from recommender.errors import BadIndex
from recommender.index.catalogue import Card, Catalogue
from recommender.index.dense import DenseIndex
from recommender.index.documents import Passage
from recommender.index.encoder import Vectors
from recommender.index.guide_lines import GuideLineVectors
from recommender.index.guide_reader import GuideReader
from recommender.index.lexical import LexicalIndex
from recommender.ingest.profiles import OutcomeArea, Vocabulary

FORMAT = 5
POINTER = "current"


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an index was made of."""

    format: int
    build_id: str
    built_at: datetime
    evidence_date: str
    corpus_sha256: str
    model: str
    practices: int
    passages: int
    dimensions: int


@dataclass(frozen=True, slots=True)
class IndexPaths:
    """Where the parts of one build lie."""

    folder: Path

    @property
    def manifest(self) -> Path:
        """Written last, so a folder with a manifest is whole."""
        return self.folder / "manifest.json"

    @property
    def passages(self) -> Path:
        """JSON Lines in the order of the vectors."""
        return self.folder / "passages.jsonl"

    @property
    def catalogue(self) -> Path:
        """SQLite file of cards and evidence."""
        return self.folder / "catalogue.sqlite"

    @property
    def dense(self) -> Path:
        """FAISS file."""
        return self.folder / "dense.faiss"

    @property
    def lexical(self) -> Path:
        """Folder of the BM25 index."""
        return self.folder / "lexical"

    @property
    def vocabulary(self) -> Path:
        """Expansion lists as they were at build."""
        return self.folder / "vocabulary.json"

    @property
    def out_of_reach(self) -> Path:
        """Vectors of the kinds of causes that no practice acts on."""
        return self.folder / "out_of_reach.npy"

    @property
    def guide_lines(self) -> Path:
        """Vectors of plan lines that follow guides; read by the plan check."""
        return self.folder / "guide_lines.npz"

    @property
    def guide_reader(self) -> Path:
        """Models that tell the recommendations apart; read by the plan check."""
        return self.folder / "guide_reader.npz"

    @property
    def tagger(self) -> Path:
        """The turnaround-practice tagger; read by what tags, not by the search."""
        return self.folder / "tagger.npz"

    @property
    def areas(self) -> Path:
        """Outcome areas as they were at build."""
        return self.folder / "areas.json"


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """A checked index, ready to search."""

    manifest: Manifest
    passages: tuple[Passage, ...]
    cards: tuple[Card, ...]
    catalogue: Catalogue
    lexical: LexicalIndex
    dense: DenseIndex
    vocabulary: Vocabulary
    areas: tuple[OutcomeArea, ...]
    out_of_reach: Vectors
    guide_lines: GuideLineVectors
    guide_reader: GuideReader


def current_build(root: Path) -> IndexPaths:
    """Return the build that the pointer names.

    Raises:
        BadIndex: nothing was built yet.
    """
    pointer = root / POINTER
    if not pointer.is_file():
        raise BadIndex(f"{root}: no index yet; run `recommender build`")
    return IndexPaths(root / pointer.read_text("utf-8").strip())


def read_manifest(paths: IndexPaths) -> Manifest:
    """Read and check the manifest of a build.

    Raises:
        BadIndex: missing, damaged or of another format.
    """
    try:
        manifest = msgspec.json.decode(paths.manifest.read_bytes(), type=Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise BadIndex(f"{paths.manifest}: {error}; run `recommender build`") from None
    if manifest.format != FORMAT:
        raise BadIndex(
            f"{paths.folder}: format {manifest.format}, this version reads {FORMAT}; "
            "run `recommender build`"
        )
    return manifest


def load_index(root: Path) -> StoredIndex:
    """Load the current build.

    Raises:
        BadIndex: a part is missing, or the parts disagree in their counts.
    """
    paths = current_build(root)
    manifest = read_manifest(paths)
    try:
        passages = msgspec.json.decode(paths.passages.read_bytes(), type=tuple[Passage, ...])
        catalogue = Catalogue(paths.catalogue)
        cards = catalogue.cards()
        dense = DenseIndex.load(paths.dense)
        lexical = LexicalIndex.load(paths.lexical, len(cards))
        vocabulary = msgspec.json.decode(paths.vocabulary.read_bytes(), type=Vocabulary)
        out_of_reach = np.load(paths.out_of_reach)
        guide_lines = GuideLineVectors.load(paths.guide_lines)
        guide_reader = GuideReader.load(paths.guide_reader)
        areas = msgspec.json.decode(paths.areas.read_bytes(), type=tuple[OutcomeArea, ...])
    except Exception as error:
        raise BadIndex(f"{paths.folder}: {error}; run `recommender build --force`") from error
    found = (len(cards), len(passages), dense.size)
    expected = (manifest.practices, manifest.passages, manifest.passages)
    if found != expected:
        raise BadIndex(
            f"{paths.folder}: practices, passages and vectors are {found}, the manifest says "
            f"{expected}; run `recommender build --force`"
        )
    return StoredIndex(
        manifest=manifest,
        passages=passages,
        cards=cards,
        catalogue=catalogue,
        lexical=lexical,
        dense=dense,
        vocabulary=vocabulary,
        areas=areas,
        out_of_reach=out_of_reach,
        guide_lines=guide_lines,
        guide_reader=guide_reader,
    )


def publish(root: Path, staging: IndexPaths, manifest: Manifest) -> IndexPaths:
    """Put a finished build in place, point to it, and remove builds older than the previous one."""
    staging.manifest.write_bytes(msgspec.json.encode(manifest, order="sorted"))
    final = root / manifest.build_id
    previous = _pointed(root)
    if final.exists():
        final.rename(staging.folder.with_name(f"{staging.folder.name}-replaced"))
    staging.folder.rename(final)
    write_text(root / POINTER, manifest.build_id + "\n")
    _remove_builds(root, keep=(manifest.build_id, previous))
    return IndexPaths(final)


def _pointed(root: Path) -> str | None:
    pointer = root / POINTER
    return pointer.read_text("utf-8").strip() if pointer.is_file() else None


def _remove_builds(root: Path, keep: Sequence[str | None]) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder, ignore_errors=True)
