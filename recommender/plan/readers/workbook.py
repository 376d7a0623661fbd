"""Excel workbooks: every visible sheet as a grid; hidden sheets, rows and columns are named."""

import re
import warnings
from collections.abc import Sequence
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as WorkbookCell
from openpyxl.utils.cell import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from recommender.plan.readers.blocks import Place
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.grid import Cell, place_table
from recommender.plan.readers.package import Package
from recommender.plan.readers.wording import clean

# The library gives every cell of these ranges an object of its own, and a range can be the whole
# sheet; none of them holds text.
_BULKY = re.compile(
    rb"<(?P<tag>(?:\w+:)?(?:hyperlinks|conditionalFormatting|dataValidations|tableParts|extLst"
    rb"|protectedRanges|scenarios|sheetProtection|colBreaks|rowBreaks))\b"
    rb"(?:[^>]*/>|.*?</(?P=tag)\s*>)",
    re.DOTALL,
)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Za-z0-9:$]{1,40})[\"']")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_DRAWING_PART = re.compile(r"xl/drawings/[^/]+\.xml", re.IGNORECASE)
_DRAWN_TEXT = re.compile(rb"<a:t>\s*[^<\s]")

# Enough to find them by; a filter hides hundreds.
_NAMED_HIDDEN = 10


def read_workbook(content: bytes, draft: Draft) -> None:
    """Add the cells of an Excel workbook to the draft."""
    package = Package(content, draft.name, draft.limits)
    if any(_DRAWING_PART.fullmatch(part) and _DRAWN_TEXT.search(package.parts[part])
           for part in package.parts):  # fmt: skip
        draft.note("text in shapes drawn over the sheets was not read")
    _lighten(package, draft)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = load_workbook(package.cleaned("xlsx"), data_only=True, keep_links=False)
    if len(workbook.sheetnames) > draft.limits.pages:
        raise draft.over(f"{len(workbook.sheetnames)} sheets", "give the sheets with the plan")
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            draft.note(f"sheet '{clean(sheet.title)}': hidden, not read")
        else:
            _read_sheet(sheet, draft)


def _lighten(package: Package, draft: Draft) -> None:
    count = 0
    for part in [part for part in package.parts if part.startswith("xl/worksheets/_rels/")]:
        del package.parts[part]
    for part in filter(_SHEET_PART.fullmatch, list(package.parts)):
        light = _BULKY.sub(b"", package.parts[part])
        package.parts[part] = light
        count += sum(1 for _ in _CELL.finditer(light))
        count += sum(_area(found[1].decode()) for found in _MERGED.finditer(light))
        if count > draft.limits.cells:
            raise draft.over(
                f"more than {draft.limits.cells} cells", "give the sheets with the plan"
            )


def _area(reference: str) -> int:
    left, top, right, bottom = range_boundaries(reference)
    if left is None or top is None or right is None or bottom is None:
        return 2**34  # a whole row or column, which no merged cell of a real sheet is
    return (right - left + 1) * (bottom - top + 1)


def _read_sheet(sheet: Worksheet, draft: Draft) -> None:
    draft.section = None
    spans = {
        (merged.min_row, merged.min_col): (
            merged.max_col - merged.min_col + 1,
            merged.max_row - merged.min_row + 1,
        )
        for merged in sheet.merged_cells.ranges
    }
    hidden_rows = {row for row, look in sheet.row_dimensions.items() if look.hidden}
    hidden_columns = _hidden_columns(sheet)
    title = clean(sheet.title)
    cells: list[Cell] = []
    unseen_rows: set[int] = set()
    unseen_columns: set[str] = set()
    # Rows and columns are walked where they are filled: a sheet can end at row 1,048,576.
    for (row, column), cell in sorted(sheet._cells.items()):
        text = _text(cell) if isinstance(cell, WorkbookCell) else ""
        if not text:
            continue
        if row in hidden_rows:
            unseen_rows.add(row)
        elif column in hidden_columns:
            unseen_columns.add(get_column_letter(column))
        elif cell.font is not None and cell.font.strike:
            draft.note(f"sheet '{title}', row {row}: struck-through text left out: '{text[:60]}'")
        else:
            cells.append(Cell(row, column, text, *spans.get((row, column), (1, 1))))
    _note_unseen("rows", sorted(unseen_rows), title, draft)
    _note_unseen("columns", sorted(unseen_columns), title, draft)
    if cells:
        place_table(draft, cells, Place(sheet=title))


def _note_unseen(what: str, which: Sequence[int | str], title: str, draft: Draft) -> None:
    if which:
        first = ", ".join(map(str, which[:_NAMED_HIDDEN]))
        more = ", …" if len(which) > _NAMED_HIDDEN else ""
        draft.note(f"sheet '{title}': hidden {what} {first}{more}, not read")


def _hidden_columns(sheet: Worksheet) -> set[int]:
    hidden: set[int] = set()
    for look in sheet.column_dimensions.values():
        if look.hidden:
            first, last = look.min or 0, look.max or 0
            hidden.update(range(first, min(last, 16_384) + 1))
    return hidden


def _text(cell: WorkbookCell) -> str:
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return clean(str(value))


def _number(value: float, number_format: str) -> str:
    if number_format.endswith("%"):
        return f"{value * 100:.6g}%"
    return f"{value:.10g}"
