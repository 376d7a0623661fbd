"""Evidence records <-> the sorted CSV files of `corpus/evidence/`, one line a record.

A blank cell is unknown; a tuple is joined with `;`. What was written reads back equal.
"""

import csv
import io
import typing
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from recommender.atomic import write_text
from recommender.errors import BadCorpus
from recommender.records import (
    Evidence,
    Finding,
    GuideRecommendation,
    Intervention,
    ReportRating,
    Review,
    Sample,
    Study,
)

T = TypeVar("T")

TABLES: dict[str, type[Any]] = {
    "interventions": Intervention,
    "studies": Study,
    "reviews": Review,
    "report_ratings": ReportRating,
    "findings": Finding,
}
GUIDES_FILE = "guide_recommendations.jsonl"


def encode_table(record_type: type[Any], records: Iterable[Any]) -> str:
    """Return the records as CSV text with a header."""
    names = _columns(record_type)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for record in records:
        writer.writerow([_to_cell(value) for value in _values(record)])
    return out.getvalue()


def decode_table(record_type: type[T], text: str, where: str) -> tuple[T, ...]:
    """Read records from CSV text.

    Raises:
        BadCorpus: wrong header or a cell of the wrong type; the message names the line.
    """
    rows = csv.reader(io.StringIO(text, newline=""))
    names = _columns(record_type)
    header = next(rows, [])
    if header != names:
        raise BadCorpus(f"{where} line 1: found columns {header[:4]}..., expected {names[:4]}...")
    tuples = _tuple_columns(record_type)
    records = []
    for row in rows:
        if len(row) != len(names):
            raise BadCorpus(
                f"{where} line {rows.line_num}: {len(row)} cells, expected {len(names)}"
            )
        cells = {name: _from_cell(cell, name in tuples) for name, cell in zip(names, row)}
        if record_type is Review:
            cells["sample"] = {f.name: cells.pop(f.name) for f in fields(Sample)}
        try:
            records.append(msgspec.convert(cells, record_type, strict=False))
        except msgspec.ValidationError as error:
            raise BadCorpus(f"{where} line {rows.line_num}: {error}") from None
    return tuple(records)


def write_evidence(folder: Path, evidence: Evidence) -> None:
    """Write all tables; each file is replaced in one step, after all were encoded."""
    texts = {name: encode_table(kind, getattr(evidence, name)) for name, kind in TABLES.items()}
    for name, text in texts.items():
        write_text(folder / f"{name}.csv", text)


def read_evidence(folder: Path) -> Evidence:
    """Read all tables.

    Raises:
        BadCorpus: a file is missing or breaks its schema, or ids do not lead to each other.
    """
    tables = {}
    for name, kind in TABLES.items():
        path = folder / f"{name}.csv"
        if not path.is_file():
            raise BadCorpus(f"{path}: missing; run `recommender ingest wwc EXPORT.zip`")
        tables[name] = decode_table(kind, path.read_text("utf-8"), str(path))
    evidence = Evidence(**tables)
    _check_links(folder, evidence)
    return evidence


def _check_links(folder: Path, evidence: Evidence) -> None:
    interventions = {record.intervention_id for record in evidence.interventions}
    studies = {record.study_id for record in evidence.studies}
    reviews = {record.review_id: record.intervention_id for record in evidence.reviews}
    for review in evidence.reviews:
        if review.study_id not in studies or review.intervention_id not in interventions:
            raise BadCorpus(f"{folder}/reviews.csv: review {review.review_id} leads nowhere")
    for finding in evidence.findings:
        if reviews.get(finding.review_id) != finding.intervention_id:
            raise BadCorpus(f"{folder}/findings.csv: finding {finding.finding_id} leads nowhere")


def write_guides(folder: Path, recommendations: Iterable[GuideRecommendation]) -> None:
    """Write the guide recommendations as JSON Lines, keys sorted."""
    lines = [msgspec.json.encode(record, order="sorted").decode() for record in recommendations]
    write_text(folder / GUIDES_FILE, "".join(line + "\n" for line in lines))


def read_guides(folder: Path) -> tuple[GuideRecommendation, ...]:
    """Read the guide recommendations.

    Raises:
        BadCorpus: the file is missing or a line breaks the schema.
    """
    path = folder / GUIDES_FILE
    if not path.is_file():
        raise BadCorpus(f"{path}: missing; run `recommender ingest guides FILE...`")
    records = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            records.append(msgspec.json.decode(line, type=GuideRecommendation))
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            raise BadCorpus(f"{path} line {number}: {error}") from None
    return tuple(records)


def _columns(record_type: type[Any]) -> list[str]:
    names: list[str] = []
    for field in fields(record_type):
        names.extend(_columns(Sample) if field.name == "sample" else [field.name])
    return names


def _tuple_columns(record_type: type[Any]) -> set[str]:
    hints = typing.get_type_hints(record_type)
    own = {name for name, hint in hints.items() if typing.get_origin(hint) is tuple}
    return own | (_tuple_columns(Sample) if "sample" in hints else set())


def _values(record: Any) -> Iterable[Any]:
    for field in fields(record):
        value = getattr(record, field.name)
        if is_dataclass(value):
            yield from _values(value)
        else:
            yield value


def _to_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _from_cell(cell: str, is_tuple: bool) -> Any:
    if is_tuple:
        return cell.split(";") if cell else []
    return cell or None
