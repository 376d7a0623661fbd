"""What the service knows about each practice, one JSON document a practice in one SQLite file.

Cards are small and loaded at start; the evidence behind a practice is read when asked for.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from recommender.corpus import Corpus
from recommender.errors import UnknownPractice
from recommender.evidence.practices import (
    PracticeEvidence,
    decide_guides,
    decide_interventions,
)
from recommender.evidence.tiers import FindingDecision
from recommender.records import Evidence, Finding, Profile, Review, Study


@dataclass(frozen=True, slots=True)
class Card:
    """A practice's evidence decisions and its profile, if it has one."""

    practice: PracticeEvidence
    profile: Profile | None
    family_name: str | None
    areas: tuple[str, ...]
    """Outcome areas in which it was studied, for guides those of its subjects."""


@dataclass(frozen=True, slots=True)
class DecidedFinding:
    """A finding with the decision of our rules, test by test."""

    finding: Finding
    decision: FindingDecision


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """Everything behind one practice; ids lead from finding to review to study."""

    practice_id: str
    studies: tuple[Study, ...]
    reviews: tuple[Review, ...]
    findings: tuple[DecidedFinding, ...]


def make_cards(corpus: Corpus) -> tuple[tuple[Card, ...], dict[int, FindingDecision]]:
    """Decide every practice and join it with its profile, sorted by practice id."""
    practices, decisions = decide_interventions(
        corpus.evidence, corpus.siblings.umbrella_labels, corpus.siblings.same_programme
    )
    profiles = {profile.practice_id: profile for profile in corpus.profiles}
    families = {family.id: family.name for family in corpus.families}
    cards = []
    for practice in (*practices, *decide_guides(corpus.guides)):
        profile = profiles.get(practice.practice_id)
        family = families[profile.family] if profile else None
        cards.append(Card(practice, profile, family, _areas(practice, corpus)))
    return tuple(sorted(cards, key=lambda card: card.practice.practice_id)), decisions


_GUIDE_SUBJECTS = {
    "mathematics": ("mathematics", "number-mathematics"),
    "literacy": ("general-literacy", "early-reading", "comprehension", "fluency"),
    "writing": ("writing",),
    "science": ("science",),
    "english-learners": ("oral-language",),
    "behavior": ("behavior",),
    "social-emotional": ("social-emotional",),
    "attendance": ("attendance",),
    "graduation": ("progress-graduation",),
    "college-readiness": ("college-career",),
    "leadership": ("teaching",),
    "data-use": ("teaching",),
    "early-childhood": ("cognition",),
}


def _areas(practice: PracticeEvidence, corpus: Corpus) -> tuple[str, ...]:
    if practice.guide is not None:
        found = {a for s in practice.guide.subjects for a in _GUIDE_SUBJECTS.get(s, ())}
    else:
        domains = {domain.outcome_domain for domain in practice.domains}
        found = {area.id for area in corpus.areas if domains & set(area.domains)}
    return tuple(area.id for area in corpus.areas if area.id in found)


def make_evidence_files(
    evidence: Evidence, decisions: Mapping[int, FindingDecision]
) -> Iterable[EvidenceFile]:
    """Yield the evidence behind every intervention."""
    studies = {study.study_id: study for study in evidence.studies}
    reviews: dict[int, list[Review]] = defaultdict(list)
    findings: dict[int, list[Finding]] = defaultdict(list)
    for review in evidence.reviews:
        reviews[review.intervention_id].append(review)
    for finding in evidence.findings:
        findings[finding.intervention_id].append(finding)
    for intervention in evidence.interventions:
        key = intervention.intervention_id
        used = sorted({review.study_id for review in reviews[key]})
        yield EvidenceFile(
            practice_id=f"wwc-intervention:{key}",
            studies=tuple(studies[i] for i in used),
            reviews=tuple(reviews[key]),
            findings=tuple(
                DecidedFinding(finding, decisions[finding.finding_id]) for finding in findings[key]
            ),
        )


def write_catalogue(
    path: Path, cards: Iterable[Card], evidence_files: Iterable[EvidenceFile]
) -> None:
    """Write a new catalogue file; the caller puts it in place."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute("CREATE TABLE card (practice_id TEXT PRIMARY KEY, body BLOB)")
            connection.execute("CREATE TABLE evidence (practice_id TEXT PRIMARY KEY, body BLOB)")
            connection.executemany(
                "INSERT INTO card VALUES (?, ?)",
                ((card.practice.practice_id, msgspec.json.encode(card)) for card in cards),
            )
            connection.executemany(
                "INSERT INTO evidence VALUES (?, ?)",
                ((file.practice_id, msgspec.json.encode(file)) for file in evidence_files),
            )
    finally:
        connection.close()


class Catalogue:
    """Reads cards and evidence files."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def cards(self) -> tuple[Card, ...]:
        """Return every card, sorted by practice id."""
        with self._open() as connection:
            rows = connection.execute("SELECT body FROM card ORDER BY practice_id").fetchall()
        decoder = msgspec.json.Decoder(Card)
        return tuple(decoder.decode(body) for (body,) in rows)

    def evidence_file(self, practice_id: str) -> EvidenceFile:
        """Return the evidence behind an intervention; a guide has none of its own.

        Raises:
            UnknownPractice: no practice has this id.
        """
        with self._open() as connection:
            row = connection.execute(
                "SELECT evidence.body FROM card LEFT JOIN evidence USING (practice_id)"
                " WHERE practice_id = ?",
                (practice_id,),
            ).fetchone()
        if row is None:
            raise UnknownPractice(
                f"{practice_id!r}: no such practice; ids look like wwc-intervention:209 "
                "or wwc-practice-guide:24/2"
            )
        if row[0] is None:
            return EvidenceFile(practice_id, (), (), ())
        return msgspec.json.decode(row[0], type=EvidenceFile)

    def _open(self) -> "_Closing":
        return _Closing(sqlite3.connect(f"file:{self._path}?mode=ro&immutable=1", uri=True))


class _Closing:
    """A connection that its block closes; sqlite3's own block only commits."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
