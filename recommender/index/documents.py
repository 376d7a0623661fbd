"""Passages of each practice: what the search reads, from the record and from the profile."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from recommender.evidence.practices import PracticeEvidence
from recommender.records import Profile

# Titles of a practice with dozens of studies repeat themselves; more add build time, not recall.
MAX_TITLES = 6


class PassageKind(StrEnum):
    """Where a passage comes from; explanations quote it and ablations leave kinds out."""

    NAME = "name"
    OUTCOMES = "outcomes"
    TITLE = "study title"
    RECOMMENDATION = "recommendation"
    HOW_TO = "how to"
    SUMMARY = "summary"
    CAUSE = "cause"


RECORD_KINDS = frozenset(
    {
        PassageKind.NAME,
        PassageKind.OUTCOMES,
        PassageKind.TITLE,
        PassageKind.RECOMMENDATION,
        PassageKind.HOW_TO,
    }
)
PROFILE_KINDS = frozenset({PassageKind.SUMMARY, PassageKind.CAUSE})


@dataclass(frozen=True, slots=True)
class Passage:
    """One short text about one practice."""

    practice_id: str
    kind: PassageKind
    text: str


def make_passages(
    practice: PracticeEvidence, profile: Profile | None, citations: Sequence[str]
) -> tuple[Passage, ...]:
    """Return the practice's passages, record first, without repeats."""
    found = dict.fromkeys((*_record(practice, citations), *_profile(profile)))
    return tuple(Passage(practice.practice_id, kind, text) for kind, text in found if text)


_CITED = re.compile(
    r"\s*[-–—]\s*[A-Z][^-–—]*?,?\s*\(?(?:19|20)\d\d[a-z]?\)?\s*$"
    r"|\s*\((?=[^)]*(?:19|20)\d\d)(?:[^()]|\([^()]*\))*\)\s*$"
)


def plain_name(name: str) -> str:
    """Return a name without marks and without a citation such as `- Fyfe et al. (2016)`."""
    return " ".join(_CITED.sub("", re.sub("[®™©]", "", name)).split())


def study_title(citation: str) -> str | None:
    """Find the title in a citation of the usual form: authors (year). Title. Source."""
    found = re.search(r"\((?:[^()]*\d{4}[^()]*|n\.d\.|in press)\)[.,]?\s*(.+)", citation, re.I)
    if not found:
        return None
    title = re.split(r"(?<=[a-z\)\"?!])[.?!](?=\s+[A-Z(\[])|\s\[", found[1], maxsplit=1)[0]
    return title.strip(' ."') or None


def _record(
    practice: PracticeEvidence, citations: Sequence[str]
) -> Iterable[tuple[PassageKind, str]]:
    if practice.guide is not None:
        yield PassageKind.RECOMMENDATION, practice.guide.recommendation
        yield PassageKind.HOW_TO, "; ".join(practice.guide.how_to)
        yield PassageKind.NAME, practice.guide.guide_title
        return
    name = plain_name(practice.name)
    yield PassageKind.NAME, name
    yield PassageKind.OUTCOMES, _outcomes(name, practice)
    titles = dict.fromkeys(title for c in citations if (title := study_title(c)))
    for title in list(titles)[:MAX_TITLES]:
        yield PassageKind.TITLE, title


def _outcomes(name: str, practice: PracticeEvidence) -> str:
    domains = sorted(practice.domains, key=lambda d: (-d.studies, d.outcome_domain))
    parts = [f"{name}. Outcomes: " + ", ".join(d.outcome_domain for d in domains[:8]).lower()]
    sample = practice.sample
    if sample.grades:
        parts.append("grades " + " ".join(sample.grades))
    parts.extend(", ".join(v) for v in (sample.delivery, sample.program_types) if v)
    return "; ".join(parts)


def _profile(profile: Profile | None) -> Iterable[tuple[PassageKind, str]]:
    if profile is None:
        return
    if profile.aliases:
        yield PassageKind.NAME, ", ".join(profile.aliases)
    yield PassageKind.SUMMARY, profile.summary
    for cause in profile.causes:
        yield PassageKind.CAUSE, cause


def citations_by_practice(
    links: Iterable[tuple[str, int]], citations: Mapping[int, str]
) -> dict[str, list[str]]:
    """Group citations by practice, in the order of study ids."""
    grouped: dict[str, list[str]] = {}
    for practice_id, study_id in sorted(set(links)):
        grouped.setdefault(practice_id, []).append(citations[study_id])
    return grouped
