"""One official source -> the corpus folder: all of it, or nothing."""

from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import msgspec

from recommender.errors import BadCorpus, BadInput
from recommender.ingest.changes import TableChange, compare_evidence
from recommender.ingest.corpus_files import (
    TABLES,
    read_evidence,
    write_evidence,
    write_guides,
)
from recommender.ingest.guides import read_guide_facts
from recommender.ingest.sources import Source, read_sources, write_sources
from recommender.ingest.wwc import Account, read_wwc_export
from recommender.records import Evidence, GuideRecommendation

WWC_LICENCE = "Work of the US government, public domain"
WWC_HOW = (
    "Download the data export from the What Works Clearinghouse site (ies.ed.gov/ncee/wwc, "
    "study findings), then run `recommender ingest wwc EXPORT.zip`"
)
GUIDES_HOW = (
    "Facts of WWC practice guides (ies.ed.gov/ncee/wwc/practiceguides), written down by this "
    "project in its own words; `recommender ingest guides FILE...` reads them again"
)


@dataclass(frozen=True, slots=True)
class Update:
    """What an ingest did to the corpus."""

    source: Source
    account: Account
    changes: tuple[TableChange, ...]


def ingest_wwc(archive: Path, corpus: Path) -> Update:
    """Read the export and replace the corpus's evidence tables.

    Raises:
        BadArchive: the archive cannot be used; the corpus is left as it was.
    """
    ingest = read_wwc_export(archive)
    changes = compare_evidence(_existing(corpus), ingest.evidence)
    source = Source(
        name="What Works Clearinghouse data export",
        date=ingest.archive.dated,
        sha256=ingest.archive.sha256,
        bytes=ingest.archive.size,
        licence=WWC_LICENCE,
        how_to_obtain=WWC_HOW,
        counts={name: len(getattr(ingest.evidence, name)) for name in TABLES},
    )
    sources = read_sources(corpus / "sources.json")
    write_evidence(corpus / "evidence", ingest.evidence)
    write_sources(corpus / "sources.json", msgspec.structs.replace(sources, wwc_export=source))
    return Update(source, ingest.account, changes)


def ingest_guides(
    paths: tuple[Path, ...], corpus: Path, dated: date
) -> tuple[GuideRecommendation, ...]:
    """Read practice-guide facts and replace the corpus's recommendations.

    Raises:
        BadInput: a file cannot be used; the corpus is left as it was.
    """
    if not paths:
        raise BadInput("expected at least one file of practice-guide facts")
    recommendations = read_guide_facts(paths)
    content = b"".join(path.read_bytes() for path in paths)
    source = Source(
        name="WWC practice guides, facts in our own words",
        date=dated.isoformat(),
        sha256=sha256(content).hexdigest(),
        bytes=len(content),
        licence="Facts of a US government work; wording ours, Apache-2.0",
        how_to_obtain=GUIDES_HOW,
        counts={
            "guides": len({r.guide_id for r in recommendations}),
            "recommendations": len(recommendations),
            "levels_verified": sum(r.level_verified for r in recommendations),
            "levels_unknown": sum(r.level is None for r in recommendations),
        },
    )
    sources = read_sources(corpus / "sources.json")
    write_guides(corpus / "evidence", recommendations)
    write_sources(corpus / "sources.json", msgspec.structs.replace(sources, practice_guides=source))
    return recommendations


def _existing(corpus: Path) -> Evidence | None:
    """Return the evidence there is; a damaged one is replaced as if there were none."""
    try:
        return read_evidence(corpus / "evidence")
    except BadCorpus:
        return None
