"""The audit as a workbook, written row by row so that thousands of plans take no more memory."""

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from recommender.atomic import replacing
from recommender.audit import sheets
from recommender.audit.compare import Change
from recommender.audit.journal import Journal
from recommender.audit.overview import Overview, final_records
from recommender.audit.run import Basis
from recommender.audit.sheets import Row, Value

# Excel's own limits; a longer text is cut, rows past the last are counted in a line of their own.
MOST_CHARACTERS = 32_767
MOST_ROWS = 1_048_576
_WIDE = {"Text", "Reasons", "Notes", "Question", "Question for a person", "Why", "Citation"}
_NAMES = {"File", "Practice", "Deciding words", "Could serve the same aim", "Why it is here"}
_DETAIL = "What was found, and what to do"


class _Sheet:
    """One sheet that rows are added to, never changed."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, header: Sequence[str]) -> None:
        self._sheet: Worksheet = book.add_worksheet(name)
        # A leading = + - or @ stays text when a person edits the cell, too.
        self._text: Format = book.add_format({"quote_prefix": True, "valign": "top"})
        self._plain: Format = book.add_format({"valign": "top"})
        self._row = 0
        for column, title in enumerate(header):
            self._sheet.set_column(column, column, _width(title))
        self._sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True, "bottom": 1})
        for column, title in enumerate(header):
            self._sheet.write_string(0, column, title, bold)
        self._columns = len(header)

    def add(self, row: Row) -> None:
        """Add a row; what starts like a formula is text."""
        self._row += 1
        if self._row >= MOST_ROWS:
            return
        for column, value in enumerate(row):
            self._write(column, value)

    def widen(self, column: int, width: int) -> None:
        """Give a column another width."""
        self._sheet.set_column(column, column, width)

    def close(self) -> None:
        """Finish the sheet."""
        self._sheet.autofilter(0, 0, min(self._row, MOST_ROWS - 1), self._columns - 1)

    @property
    def left_out(self) -> int:
        """Rows that Excel has no place for."""
        return max(0, self._row - MOST_ROWS + 1)

    def _write(self, column: int, value: Value) -> None:
        if value is None:
            return
        if isinstance(value, str):
            cut = value if len(value) <= MOST_CHARACTERS else value[: MOST_CHARACTERS - 1] + "…"
            style = self._text if cut.startswith(("=", "+", "-", "@", "\t", "\r")) else self._plain
            self._sheet.write_string(self._row, column, cut, style)
        else:
            self._sheet.write_number(self._row, column, value, self._plain)


def _width(title: str) -> int:
    return 60 if title in _WIDE or title == _DETAIL else 32 if title in _NAMES else 14


def write_workbook(
    path: Path,
    overview: Overview,
    journal: Journal,
    basis: Basis,
    made_at: datetime,
    changes: Sequence[Change] | None = None,
) -> None:
    """Write the workbook in one step; a failure leaves the old file.

    The rows of each sheet wait in a temporary folder until the workbook is closed.
    """
    with tempfile.TemporaryDirectory() as scratch, replacing(path) as stream:
        made = Path(scratch) / "audit.xlsx"
        options = {"constant_memory": True, "tmpdir": scratch, "strings_to_urls": False}
        with xlsxwriter.Workbook(os.fspath(made), options) as book:
            book.set_properties({"title": "Audit of plans", "created": made_at})
            _fill(book, overview, journal, basis, made_at, changes)
        with made.open("rb") as content:
            while part := content.read(2**20):
                stream.write(part)


def _fill(
    book: xlsxwriter.Workbook,
    overview: Overview,
    journal: Journal,
    basis: Basis,
    made_at: datetime,
    changes: Sequence[Change] | None,
) -> None:
    count = None if changes is None else len(changes)
    _add(book, "Summary", ("What", "Count"), sheets.summary_rows(overview, count), (70, 12))
    plans = _Sheet(book, "Plans", sheets.PLANS)
    strategies = _Sheet(book, "Strategies", sheets.STRATEGIES)
    queue = _Sheet(book, "Review queue", sheets.QUEUE)
    errors = _Sheet(book, "Errors", sheets.ERRORS)
    for record in final_records(overview, journal):
        if "error" in record:
            errors.add(sheets.error_row(record))
            continue
        plans.add(sheets.plan_row(record))
        for row in sheets.strategy_rows(record):
            strategies.add(row)
    for order, item in enumerate(overview.queue, start=1):
        group = overview.group_of.get(item.file)
        copies = len(group.files) - 1 if group else 0
        queue.add(sheets.queue_row(order, item, journal.record_json(item.file), copies))
    for sheet in (plans, strategies, queue, errors):
        sheet.close()
    _add(book, "Duplicates", sheets.DUPLICATES, sheets.duplicate_rows(overview))
    if changes is not None:
        _add(book, "Changes", sheets.CHANGES, sheets.change_rows(changes))
    method = [*sheets.method_rows(basis, overview, made_at)]
    method += [("Rows left out, past Excel's last", s.left_out) for s in (strategies, queue)]
    _add(book, "Method", ("What", "Value"), method, (34, 100))


def _add(
    book: xlsxwriter.Workbook,
    name: str,
    header: Sequence[str],
    rows: Iterable[Row],
    widths: Sequence[int] = (),
) -> None:
    sheet = _Sheet(book, name, header)
    for column, width in enumerate(widths):
        sheet.widen(column, width)
    for row in rows:
        sheet.add(row)
    sheet.close()
