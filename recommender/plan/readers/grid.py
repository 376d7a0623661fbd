"""Tables of any source -> blocks: header row found, merged cells once, banners open sections."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recommender.plan.readers.blocks import BlockKind, Place
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.wording import is_short

# A sheet's title, school and date stand above its header row; more than this is no preamble.
_HEADER_WITHIN = 25
_HEADER_WORDS = frozenset(
    [
        "action",
        "actions",
        "activity",
        "activities",
        "benchmark",
        "benchmarks",
        "budget",
        "cause",
        "causes",
        "challenge",
        "cost",
        "date",
        "deadline",
        "description",
        "due",
        "end",
        "evidence",
        "focus",
        "frequency",
        "funding",
        "goal",
        "goals",
        "indicator",
        "indicators",
        "initiative",
        "initiatives",
        "intervention",
        "interventions",
        "lead",
        "leader",
        "leads",
        "measure",
        "measures",
        "milestone",
        "milestones",
        "monitoring",
        "need",
        "needs",
        "objective",
        "objectives",
        "outcome",
        "outcomes",
        "owner",
        "person",
        "persons",
        "practice",
        "practices",
        "priority",
        "progress",
        "rationale",
        "research",
        "resource",
        "resources",
        "responsible",
        "root",
        "start",
        "status",
        "step",
        "steps",
        "strategies",
        "strategy",
        "success",
        "target",
        "targets",
        "task",
        "tasks",
        "team",
        "tier",
        "timeframe",
        "timeline",
        "when",
        "who",
        "what",
    ]
)
# A banner across a table is a heading; a long merged cell is a paragraph of the plan.
_BANNER_WORDS = 20
# Columns beside a field's label: with more, the left column holds data as well.
_FORM_COLUMNS = 2
_FORM_SHARE = 0.6

Row = Sequence["Cell"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A filled cell at its top left corner, with the columns and rows it spans."""

    row: int
    column: int
    text: str
    width: int = 1
    height: int = 1


def place_table(
    draft: Draft,
    cells: Sequence[Cell],
    place: Place,
    *,
    header_row: int | None = None,
    carried: Mapping[int, str] | None = None,
) -> dict[int, str]:
    """Add a table's cells to the draft and return the header of each column.

    Args:
        draft: takes the blocks.
        cells: filled cells with clean text, in any order.
        place: of the table; row, column and header are set here.
        header_row: where the source itself marks a header row.
        carried: headers of the table that this one continues, used if it has none.
    """
    table = _Table(draft, place, _rows(cells), dict(carried or {}))
    table.add_all(header_row)
    return table.headers


class _Table:
    def __init__(
        self, draft: Draft, place: Place, rows: Sequence[Row], headers: dict[int, str]
    ) -> None:
        self.headers = headers
        self._draft, self._place, self._rows = draft, place, rows
        self._header_until = 0

    def add_all(self, header_row: int | None) -> None:
        form = header_row is None and _is_form(self._rows)
        found = header_row
        if not form and header_row is None:
            found = find_header(self._rows, by_words=bool(self.headers))
        for row in self._rows:
            number = row[0].row
            if number == found or self._is_header_again(row):
                self.headers.clear()
                self._add_header(row)
            elif number <= self._header_until:
                self._add_header(row)
            elif _is_banner(row, before_header=found is not None and number < found):
                self._add(row[0], BlockKind.HEADING, opens=True)
            elif form or (found is not None and number < found):
                self._add_fields(row)
            else:
                self._add_data(row)

    def _is_header_again(self, row: Row) -> bool:
        if len(row) < 2:
            return False
        if all(self.headers.get(cell.column) == _line(cell.text) for cell in row):
            return True
        return bool(self.headers) and all(_is_label(cell.text) for cell in row) and len(row) > 2

    def _add_header(self, row: Row) -> None:
        for cell in row:
            self._header_until = max(self._header_until, cell.row + cell.height - 1)
            for column in range(cell.column, cell.column + cell.width):
                above = self.headers.get(column)
                self.headers[column] = (
                    f"{above} / {_line(cell.text)}" if above else _line(cell.text)
                )
            self._add(cell, BlockKind.HEADING, opens=False)

    def _add_fields(self, row: Row) -> None:
        label: str | None = None
        for cell in row:
            if label is None and (_is_label(cell.text) or cell.text.endswith(":")):
                label = _line(cell.text).rstrip(":").strip()
                self._add(cell, BlockKind.HEADING, opens=False)
            else:
                self._add(cell, BlockKind.TABLE_CELL, label=label)
                label = None

    def _add_data(self, row: Row) -> None:
        for cell in row:
            header = (
                self.headers.get(cell.column) if cell.width < max(2, len(self.headers)) else None
            )
            self._add(cell, BlockKind.TABLE_CELL, header=header)

    def _add(
        self,
        cell: Cell,
        style: BlockKind,
        *,
        opens: bool = False,
        header: str | None = None,
        label: str | None = None,
    ) -> None:
        place = replace(self._place, row=cell.row, column=cell.column, header=header, label=label)
        self._draft.add(cell.text, place, style, opens=opens)


def find_header(rows: Sequence[Row], *, by_words: bool = False) -> int | None:
    """Return the number of the first row that looks most like a header, or `None`.

    With `by_words` short cells alone are not enough: a table that goes on has no header of its own.
    """
    best, best_score = None, 0
    for row in rows[:_HEADER_WITHIN]:
        score = _header_score(row, by_words)
        if score > best_score:
            best, best_score = row[0].row, score
    return best if best is not None and best < rows[-1][0].row else None


def _header_score(row: Row, by_words: bool) -> int:
    short = [cell for cell in row if is_short(cell.text) and not cell.text.endswith(":")]
    labels = sum(_is_label(cell.text) for cell in short)
    # Two short cells alone can be any two; three, or two with a header's words, make a header.
    # Templates put a sentence of instruction into some of their headers.
    if len(short) < 2 or 2 * len(short) <= len(row) or len(short) + labels < 3:
        return 0
    if by_words and labels < 2:
        return 0
    return len(short) + 2 * labels


def _is_form(rows: Sequence[Row]) -> bool:
    columns = {cell.column for row in rows for cell in row}
    if len(columns) != _FORM_COLUMNS:
        return False
    pairs = [row for row in rows if len(row) == _FORM_COLUMNS]
    if not pairs or all(_is_label(cell.text) for cell in pairs[0]):
        return False
    labelled = [row for row in pairs if _is_label(row[0].text) or row[0].text.endswith(":")]
    return len(labelled) >= _FORM_SHARE * len(pairs)


def _is_banner(row: Row, *, before_header: bool) -> bool:
    words = len(row[0].text.split())
    return len(row) == 1 and words <= _BANNER_WORDS and (row[0].width > 1 or before_header)


def _is_label(text: str) -> bool:
    words = re.findall(r"[a-z]+", text.lower())
    return is_short(text) and not _HEADER_WORDS.isdisjoint(words)


def _rows(cells: Sequence[Cell]) -> list[Row]:
    rows: dict[int, list[Cell]] = {}
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        rows.setdefault(cell.row, []).append(cell)
    return list(rows.values())


def _line(text: str) -> str:
    return " ".join(text.split())
