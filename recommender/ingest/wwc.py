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
from typing import Any, Generic, TypeVar

from recommender.errors import BadArchive
from recommender.ingest import columns
from recommender.ingest.archive import ExportArchive, read_export
from recommender.ingest.cells import BadCell
from recommender.ingest.cells import flag as parse_flag
from recommender.ingest.columns import Column, Flag
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

SetAside = Callable[[str, str, str], None]
"""Called with column, cell found and what was expected."""

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
        self._reviews = self._part(columns.REVIEW, columns.TOPICS, dict, 1)
        self._finding = _record_parser(
            columns.FINDING, (), self._position, self._set_aside
        )
        self._review_samples: dict[int, tuple[Sample, Sample]] = {}
        self._line = 1
        self._has_report = self._position["i_InterventionID"]

    def _part(
        self, table: tuple[Column, ...], flags: tuple[Flag, ...], make: Callable[..., T], keys: int
    ) -> "_Part[T]":
        return _Part(table, flags, make, keys, self._position, self._set_aside)

    def take(self, line: int, row: list[str]) -> None:
        """Take one row, or list it as refused."""
        self._line = line
        try:
            self._take(row)
        except _RowError as error:
            self._account.refusals.append(Refusal(line, error.column, error.found, error.expected))

    def _set_aside(self, column: str, found: str, expected: str) -> None:
        self._account.set_aside.append(Refusal(self._line, column, found, expected))

    def _take(self, row: list[str]) -> None:
        if len(row) != self._width:
            raise _RowError("row", f"{len(row)} cells", f"{self._width} cells")
        finding = Finding(**self._finding(row))
        if finding.finding_id in self.findings:
            raise _RowError("f_FindingID", str(finding.finding_id), "an id not used before")
        review = self._reviews.parse(row)
        if review["intervention_id"] != finding.intervention_id:
            raise _RowError(
                "f_InterventionID",
                str(finding.intervention_id),
                f"the intervention of its review, {review['intervention_id']}",
            )
        parts = [(self._interventions, self._interventions.parse(row)),
                 (self._studies, self._studies.parse(row)), (self._reviews, review)]  # fmt: skip
        report = Sample()
        if row[self._has_report].strip():
            parts.append((self._ratings, self._ratings.parse(row)))
            report = self._reports.parse(row)
        sample = self._samples.parse(row)
        for part, value in parts:
            part.check(row, value)
        for part, value in parts:
            part.keep(row, value)
        self.findings[finding.finding_id] = finding
        self._review_samples.setdefault(finding.review_id, (sample, report))

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


class _RowError(Exception):
    """A row cannot be taken."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        self.column, self.found, self.expected = column, found[:60], expected


class _Part(Generic[T]):
    """One repeated part of a row: parsed once per distinct text, one value per key."""

    def __init__(
        self,
        table: tuple[Column, ...],
        flags: tuple[Flag, ...],
        make: Callable[..., T],
        keys: int,
        position: dict[str, int],
        set_aside: SetAside,
    ) -> None:
        sources = [entry.source for entry in (*table, *flags)]
        self._cut = itemgetter(*(position[source] for source in sources))
        local = {source: i for i, source in enumerate(sources)}
        self._parse = _record_parser(table, flags, local, set_aside)
        self._make = make
        self._keys = keys
        self._column = sources[0]
        self._seen: dict[tuple[str, ...], T] = {}
        self._kept: dict[tuple[str, ...], T] = {}

    def parse(self, row: list[str]) -> T:
        cells = self._cut(row)
        if cells not in self._seen:
            self._seen[cells] = self._make(**self._parse(cells))
        return self._seen[cells]

    def check(self, row: list[str], value: T) -> None:
        key = self._key(row)
        if self._kept.get(key, value) != value:
            raise _RowError(self._column, " ".join(key), "the same facts as in its earlier rows")

    def keep(self, row: list[str], value: T) -> None:
        self._kept.setdefault(self._key(row), value)

    def kept(self) -> list[T]:
        return list(self._kept.values())

    def _key(self, row: list[str]) -> tuple[str, ...]:
        cells: tuple[str, ...] = self._cut(row)
        return cells[: self._keys]


def _record_parser(
    table: tuple[Column, ...],
    flags: tuple[Flag, ...],
    position: dict[str, int],
    set_aside: SetAside,
) -> Callable[[Sequence[str]], dict[str, Any]]:
    """Build the function that reads one record's cells, by column position."""
    plan = [(position[c.source], c) for c in table]
    flag_plan = [(position[f.source], f) for f in flags]
    tuples = tuple(dict.fromkeys(f.field for f in flags))

    def parse(cells: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for i, column in plan:
            values[column.field] = _read_cell(column, cells[i], set_aside)
        if flag_plan:
            raised: dict[str, list[str]] = {name: [] for name in tuples}
            for i, flag in flag_plan:
                if cells[i] and _read_flag(flag, cells[i]):
                    raised[flag.field].append(flag.value)
            values.update({name: tuple(found) for name, found in raised.items()})
        return values

    return parse


def _read_cell(column: Column, cell: str, set_aside: SetAside) -> Any:
    try:
        value = column.parse(cell)
    except BadCell as error:
        if column.doubtful:
            set_aside(column.source, cell, str(error))
            return None
        raise _RowError(column.source, cell, str(error)) from None
    if value is None and column.required:
        raise _RowError(column.source, cell, "a value")
    return value


def _read_flag(flag: Flag, cell: str) -> bool:
    try:
        return parse_flag(cell)
    except BadCell as error:
        raise _RowError(flag.source, cell, str(error)) from None


def _sorted(records: Iterable[T], *keys: str) -> tuple[T, ...]:
    return tuple(sorted(records, key=lambda record: tuple(getattr(record, k) for k in keys)))
