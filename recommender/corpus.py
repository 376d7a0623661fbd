"""The whole corpus folder read once: evidence, guides, profiles and the editorial lists."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from recommender.errors import BadCorpus
from recommender.ingest.corpus_files import read_evidence, read_guides
from recommender.ingest.profiles import (
    Family,
    GuideLines,
    OutcomeArea,
    Siblings,
    Vocabulary,
    read_families,
    read_profiles,
    read_yaml,
)
from recommender.ingest.sources import Sources, read_sources
from recommender.ingest.turnaround import LabelledStrategy, read_strategies
from recommender.records import Evidence, GuideRecommendation, Profile

STRATEGIES = "judgments/strategies.jsonl"


@dataclass(frozen=True, slots=True)
class Corpus:
    """Facts and editorial text, checked against each other."""

    folder: Path
    sha256: str
    sources: Sources
    evidence: Evidence
    guides: tuple[GuideRecommendation, ...]
    families: tuple[Family, ...]
    profiles: tuple[Profile, ...]
    siblings: Siblings
    vocabulary: Vocabulary
    areas: tuple[OutcomeArea, ...]
    out_of_reach: tuple[str, ...]
    """Kinds of causes that no practice acts on."""
    guide_lines: tuple[GuideLines, ...]
    """Plan lines that follow a guide's recommendation, or only come close."""
    generic_lines: tuple[str, ...]
    """Plan lines that carry no recommendation."""
    strategies: tuple[LabelledStrategy, ...]
    """Plan lines labelled with turnaround practices, for the tagger."""


def load_corpus(folder: Path) -> Corpus:
    """Read and check everything that an index is built from.

    Raises:
        BadCorpus: a file is missing, breaks its schema, or disagrees with another.
    """
    families = read_families(folder / "families.yaml")
    corpus = Corpus(
        folder=folder,
        sha256=corpus_digest(folder),
        sources=read_sources(folder / "sources.json"),
        evidence=read_evidence(folder / "evidence"),
        guides=read_guides(folder / "evidence"),
        families=families,
        profiles=read_profiles(folder / "profiles", families),
        siblings=read_yaml(folder / "siblings.yaml", Siblings),
        vocabulary=read_yaml(folder / "vocabulary.yaml", Vocabulary),
        areas=read_yaml(folder / "outcome_areas.yaml", tuple[OutcomeArea, ...]),
        out_of_reach=read_yaml(folder / "out_of_reach.yaml", tuple[str, ...]),
        guide_lines=read_yaml(folder / "guide_lines.yaml", tuple[GuideLines, ...]),
        generic_lines=read_yaml(folder / "generic_lines.yaml", tuple[str, ...]),
        strategies=read_strategies(folder / STRATEGIES),
    )
    _check(corpus)
    return corpus


def corpus_digest(folder: Path) -> str:
    """Digest every file that an index is built from, by name and content."""
    digest = hashlib.sha256()
    patterns = ("*.yaml", "sources.json", "evidence/*", "profiles/*.yaml", STRATEGIES)
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _check(corpus: Corpus) -> None:
    ids = {f"wwc-intervention:{i.intervention_id}" for i in corpus.evidence.interventions}
    ids |= {guide.practice_id for guide in corpus.guides}
    for profile in corpus.profiles:
        if profile.practice_id not in ids:
            raise BadCorpus(f"{corpus.folder}/profiles: {profile.practice_id} is no practice")
    for lines in corpus.guide_lines:
        if lines.practice_id not in ids:
            raise BadCorpus(f"{corpus.folder}/guide_lines.yaml: {lines.practice_id} is no practice")
    domains = {finding.outcome_domain for finding in corpus.evidence.findings}
    placed = [domain for area in corpus.areas for domain in area.domains]
    if missing := sorted(domains - set(placed)):
        raise BadCorpus(
            f"{corpus.folder}/outcome_areas.yaml: {len(missing)} outcome domain(s) without an "
            f"area: {', '.join(missing[:5])}"
        )
    if twice := sorted({domain for domain in placed if placed.count(domain) > 1}):
        raise BadCorpus(f"{corpus.folder}/outcome_areas.yaml: under two areas: {twice}")
