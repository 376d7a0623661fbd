"""Practice-guide facts (JSON Lines) -> guide recommendations.

`level` stays unknown where the source gives none. Guides up to 2010 came before version 2.1 of
the WWC standards; the source file says so per guide in `standards`.
"""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from recommender.errors import BadInput
from recommender.records import EvidenceLevel, GuideRecommendation


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    guide_id: int
    guide_title: str
    year: int
    revised: int | None
    url: str
    rec: int | str
    recommendation: str
    how_to: tuple[str, ...]
    evidence_level: EvidenceLevel | None
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    student_groups: tuple[str, ...]
    verified: bool
    source_seen: str | None
    standards: str


def read_guide_facts(paths: Iterable[Path]) -> tuple[GuideRecommendation, ...]:
    """Read recommendations from one or more files, sorted by guide and recommendation.

    Raises:
        BadInput: a file is missing, a line breaks the shape, or an id comes twice.
    """
    found: dict[str, GuideRecommendation] = {}
    for path in paths:
        if not path.is_file():
            raise BadInput(f"{path}: no such file; expected practice-guide facts in JSON Lines")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            record = _read_line(line, f"{path} line {number}")
            if record.practice_id in found:
                raise BadInput(f"{path} line {number}: {record.practice_id} comes twice")
            found[record.practice_id] = record
    return tuple(sorted(found.values(), key=lambda r: (r.guide_id, _natural(r.recommendation_id))))


def _read_line(line: str, where: str) -> GuideRecommendation:
    try:
        raw = msgspec.json.decode(line, type=_Line)
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise BadInput(f"{where}: {error}") from None
    return GuideRecommendation(
        guide_id=raw.guide_id,
        recommendation_id=str(raw.rec),
        guide_title=raw.guide_title,
        year=raw.year,
        revised=raw.revised,
        url=raw.url,
        recommendation=raw.recommendation,
        how_to=raw.how_to,
        level=raw.evidence_level,
        level_verified=raw.verified and raw.evidence_level is not None,
        source_seen=raw.source_seen,
        standards_2_1_or_later=raw.standards == "2.1 or later",
        grades=raw.grades,
        subjects=raw.subjects,
        student_groups=raw.student_groups,
    )


def _natural(recommendation_id: str) -> tuple[int, str]:
    digits = "".join(c for c in recommendation_id if c.isdecimal())
    return int(digits or 0), recommendation_id
