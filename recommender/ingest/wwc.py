"""Rows of the WWC export -> records, with an account of what was kept, merged and refused.

A row of the export repeats its study, review and intervention on every finding, so those are
parsed once and every later row must say the same. A row that cannot be read is refused whole and
listed; the others go on.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from recommender.errors import BadArchive
from recommender.ingest import columns
from recommender.ingest.archive import ExportArchive, read_export
from recommender.ingest.columns import Column, Flag
from recommender.ingest.row_parts import RowError, RowPart, record_parser
from recommender.records import (
    Evidence,
    Finding,
    Intervention,
    ReportRating,
    Review,
    Sample,
    Study,
)

T = TypeVar("T")

FINDINGS_MEMBER = "Interventions_Studies_And_Findings.csv"
# The longest cell of the 2025-08-25 export has 535 characters.
MAX_CELL_CHARACTERS = 131_072
# Listing more than this helps nobody; the count is always exact.
MAX_LISTED = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or cell that was not taken: where, what was found and what was expected."""

    line: int
    column: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: found {self.found!r}, expected {self.expected}"


@dataclass(slots=True)
class Account:
    """What an ingest kept, merged and refused."""

    rows: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    set_aside: list[Refusal] = field(default_factory=list)
    """Cells that cannot be true, now unknown; listed at the first row that holds them."""
    merged: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Ingest:
    """The records of one export, with the archive they came from and the account."""

    archive: ExportArchive
    evidence: Evidence
    account: Account


def read_wwc_export(path: Path) -> Ingest:
    """Read the official export archive.

    Raises:
        BadArchive: the archive is damaged or of another shape; nothing is returned then.
    """
    archive = read_export(path, FINDINGS_MEMBER)
    where = f"{path}: {archive.member}"
    account = Account()
    header, rows = _rows(archive.text, where)
    reader = _RowReader(header, where, account)
    try:
        for line, row in rows:
            account.rows += 1
            reader.take(line, row)
    except csv.Error as error:
        raise BadArchive(f"{where} line {account.rows + 2}: {error}") from None
    if not reader.findings:
        raise BadArchive(f"{where}: no readable finding among {account.rows} rows")
    return Ingest(archive, reader.evidence(), account)


def _rows(text: str, where: str) -> tuple[list[str], Iterable[tuple[int, list[str]]]]:
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = next(reader)
    except (StopIteration, csv.Error):
        raise BadArchive(f"{where} line 1: found no header row") from None
    missing = [name for name in columns.ALL_SOURCES if name not in header]
    if missing:
        raise BadArchive(
            f"{where} line 1: {len(missing)} missing column(s): {', '.join(missing[:10])}; "
            "is this the WWC's merged findings export?"
        )
    return header, ((reader.line_num, row) for row in reader)


class _RowReader:
    """Parses rows into records, each repeated part once."""

    def __init__(self, header: Sequence[str], where: str, account: Account) -> None:
        self._position = {name: i for i, name in enumerate(header)}
        self._width = len(header)
        self._where = where
        self._account = account
        self.findings: dict[int, Finding] = {}
        self._interventions = self._part(columns.INTERVENTION, (), Intervention, 1)
        self._studies = self._part(columns.STUDY, (), Study, 1)
        self._samples = self._part(columns.STUDY_SHARES, columns.STUDY_FLAGS, Sample, 0)
        self._reports = self._part(columns.REPORT_SHARES, columns.REPORT_FLAGS, Sample, 0)
        self._ratings = self._part(columns.REPORT_RATING, (), ReportRating, 4)
        self._reviews: RowPart[dict[str, Any]] = self._part(columns.REVIEW, columns.TOPICS, dict, 1)
        self._finding = record_parser(columns.FINDING, (), self._position, self._set_aside)
        self._review_samples: dict[int, tuple[Sample, Sample]] = {}
        repeated = [n for n in columns.ALL_SOURCES if not n.startswith("f_")]
        self._repeated = itemgetter(*(self._position[name] for name in repeated))
        self._accepted: dict[tuple[str, ...], int] = {}
        self._line = 1
        self._has_report = self._position["i_InterventionID"]

    def _part(
        self, table: tuple[Column, ...], flags: tuple[Flag, ...], make: Callable[..., T], keys: int
    ) -> RowPart[T]:
        return RowPart(table, flags, make, keys, self._position, self._set_aside)

    def take(self, line: int, row: list[str]) -> None:
        """Take one row, or list it as refused."""
        self._line = line
        try:
            self._take(row)
        except RowError as error:
            self._account.refusals.append(Refusal(line, error.column, error.found, error.expected))

    def _set_aside(self, column: str, found: str, expected: str) -> None:
        self._account.set_aside.append(Refusal(self._line, column, found, expected))

    def _take(self, row: list[str]) -> None:
        if len(row) != self._width:
            raise RowError("row", f"{len(row)} cells", f"{self._width} cells")
        finding = Finding(**self._finding(row))
        if finding.finding_id in self.findings:
            raise RowError("f_FindingID", str(finding.finding_id), "an id not used before")
        # Most rows repeat the study and review of another row word for word.
        repeated = self._repeated(row)
        intervention_id = self._accepted.get(repeated)
        if intervention_id is None:
            intervention_id = self._reviews.parse(row)["intervention_id"]
        if intervention_id != finding.intervention_id:
            raise RowError(
                "f_InterventionID",
                str(finding.intervention_id),
                f"the intervention of its review, {intervention_id}",
            )
        if repeated not in self._accepted:
            self._accept(row, finding.review_id)
            self._accepted[repeated] = intervention_id
        self.findings[finding.finding_id] = finding

    def _accept(self, row: list[str], review_id: int) -> None:
        """Take what the row says of study, review, intervention and report: all or nothing."""
        report = Sample()
        parts: list[RowPart[Any]] = [self._interventions, self._studies, self._reviews]
        if row[self._has_report].strip():
            parts.append(self._ratings)
            report = self._reports.parse(row)
        sample = self._samples.parse(row)
        values = [part.parse(row) for part in parts]
        for part, value in zip(parts, values):
            part.check(row, value)
        for part, value in zip(parts, values):
            part.keep(row, value)
        self._review_samples.setdefault(review_id, (sample, report))

    def evidence(self) -> Evidence:
        """Return all records, sorted by id, with report samples lent to studies that lack them."""
        reviews = []
        for values in self._reviews.kept():
            sample = self._fill(*self._review_samples[values["review_id"]])
            reviews.append(Review(**values, sample=sample))
        self._account.merged["repeated study reviews"] = len(reviews) - len(
            {review.study_id for review in reviews}
        )
        return Evidence(
            interventions=_sorted(self._interventions.kept(), "intervention_id"),
            studies=_sorted(self._studies.kept(), "study_id"),
            reviews=_sorted(reviews, "review_id"),
            report_ratings=_sorted(
                self._ratings.kept(),
                "intervention_id", "protocol", "protocol_version", "outcome_domain",
            ),
            findings=_sorted(self.findings.values(), "finding_id"),
        )  # fmt: skip

    def _fill(self, sample: Sample, report: Sample) -> Sample:
        lent = {
            f.name: getattr(report, f.name)
            for f in fields(Sample)
            if f.name != "borrowed"
            and getattr(sample, f.name) in (None, ())
            and getattr(report, f.name) not in (None, ())
        }
        if not lent:
            return sample
        self._account.merged["reviews filled from their intervention report"] += 1
        return replace(sample, **lent, borrowed=tuple(sorted(lent)))


def _sorted(records: Iterable[T], *keys: str) -> tuple[T, ...]:
    return tuple(sorted(records, key=lambda record: tuple(getattr(record, k) for k in keys)))
