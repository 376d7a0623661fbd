"""`recommender build`: corpus -> one new index folder, swapped in when whole."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import msgspec
import numpy as np

from recommender.corpus import Corpus
from recommender.errors import BadIndex
from recommender.index.catalogue import Card, make_cards, make_evidence_files, write_catalogue
from recommender.index.dense import DenseIndex
from recommender.index.documents import Passage, citations_by_practice, make_passages
from recommender.index.encoder import Encoder, Vectors
from recommender.index.guide_lines import encode_guide_lines
from recommender.index.guide_reader import GuideReader
from recommender.index.lexical import LexicalIndex
from recommender.index.store import (
    FORMAT,
    IndexPaths,
    Manifest,
    current_build,
    publish,
    read_manifest,
)
from recommender.ingest.turnaround import profile_examples, strategy_examples
from recommender.tags import TurnaroundTagger, encode_examples

Progress = Callable[[int], None]


def corpus_passages(corpus: Corpus, cards: Iterable[Card]) -> tuple[Passage, ...]:
    """Return the passages of all practices, sorted by practice id."""
    citations = citations_by_practice(
        ((f"wwc-intervention:{r.intervention_id}", r.study_id) for r in corpus.evidence.reviews),
        {study.study_id: study.citation for study in corpus.evidence.studies},
    )
    found: list[Passage] = []
    for card in cards:
        key = card.practice.practice_id
        found.extend(make_passages(card.practice, card.profile, citations.get(key, ())))
    return tuple(found)


def practice_texts(passages: Iterable[Passage]) -> list[str]:
    """Join the passages of each practice, in the order of the practices."""
    joined: dict[str, list[str]] = {}
    for passage in passages:
        joined.setdefault(passage.practice_id, []).append(passage.text)
    return [" ".join(texts) for texts in joined.values()]


def build_id(corpus_sha256: str, model: str, passages: Iterable[Passage], cards: object) -> str:
    """Name a build by everything that goes into it."""
    digest = hashlib.sha256(f"{FORMAT} {corpus_sha256} {model}\n".encode())
    digest.update(msgspec.json.encode(tuple(passages)))
    digest.update(msgspec.json.encode(cards))
    return digest.hexdigest()[:16]


def is_current(root: Path, name: str) -> bool:
    """Tell whether the pointed build is whole and has this name."""
    try:
        return read_manifest(current_build(root)).build_id == name
    except BadIndex:
        return False


class Build:
    """One build, prepared; `run` does the long work."""

    def __init__(self, corpus: Corpus, model: str) -> None:
        self._corpus = corpus
        self._model = model
        self._cards, self._decisions = make_cards(corpus)
        self.passages = corpus_passages(corpus, self._cards)
        self.build_id = build_id(corpus.sha256, model, self.passages, self._cards)

    def run(
        self, root: Path, encoder: Encoder, now: datetime, progress: Progress | None = None
    ) -> IndexPaths:
        """Build and publish; an interrupted run leaves the old index in place."""
        root.mkdir(parents=True, exist_ok=True)
        staging = IndexPaths(Path(tempfile.mkdtemp(prefix=".building-", dir=root)))
        try:
            return publish(root, staging, self._fill(staging, encoder, now, progress))
        finally:
            shutil.rmtree(staging.folder, ignore_errors=True)

    def _fill(
        self, paths: IndexPaths, encoder: Encoder, now: datetime, progress: Progress | None
    ) -> Manifest:
        corpus = self._corpus
        texts = [passage.text for passage in self.passages]
        files = make_evidence_files(corpus.evidence, self._decisions)
        write_catalogue(paths.catalogue, self._cards, files)
        paths.passages.write_bytes(msgspec.json.encode(self.passages))
        paths.vocabulary.write_bytes(msgspec.json.encode(corpus.vocabulary))
        paths.areas.write_bytes(msgspec.json.encode(corpus.areas))
        LexicalIndex.build(practice_texts(self.passages)).save(paths.lexical)
        np.save(paths.out_of_reach, encoder.encode(corpus.out_of_reach))
        vectors = encoder.encode(texts, progress)
        DenseIndex.build(vectors).save(paths.dense)
        self._fit_tagger(encoder, dict(zip(texts, vectors))).save(paths.tagger)
        lines = encode_guide_lines(corpus.guide_lines, corpus.generic_lines, encoder)
        lines.save(paths.guide_lines)
        GuideReader.fit(lines).save(paths.guide_reader)
        source = corpus.sources.wwc_export
        return Manifest(
            format=FORMAT,
            build_id=self.build_id,
            built_at=now,
            evidence_date=source.date if source else "unknown",
            corpus_sha256=corpus.sha256,
            model=self._model,
            practices=len(self._cards),
            passages=len(texts),
            dimensions=vectors.shape[1],
        )

    def _fit_tagger(self, encoder: Encoder, known: dict[str, Vectors]) -> TurnaroundTagger:
        corpus = self._corpus
        examples = [
            *profile_examples(corpus.profiles, corpus.guides, corpus.out_of_reach),
            *strategy_examples(corpus.strategies, corpus.profiles),
        ]
        return TurnaroundTagger.fit(examples, encode_examples(examples, encoder, known))
