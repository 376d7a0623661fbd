"""What reading a plan gives: pieces of text, each with its place and in its own words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

# A header can be a whole sentence; a place is read at a glance.
_SHOWN_HEADER = 60


class BlockKind(StrEnum):
    """What a piece of text is in the layout of its document."""

    HEADING = "heading"
    """Also a column's header, a banner across a table, and the label of a form's field."""
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_CELL = "table_cell"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of text stands; numbers start at 1, `None` where it has none or is unknown."""

    page: int | None = None
    """Also the slide of a presentation. Word files do not say where their pages break."""
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    sheet: str | None = None
    header: str | None = None
    """The column's header above the cell."""
    section: str | None = None
    """The nearest heading above."""
    label: str | None = None
    """In a form, the label of this cell or field."""

    def __str__(self) -> str:
        """Say the place in plain words, such as `page 3, table 1, row 4, column 'Strategy'`."""
        named = f"sheet {_quote(self.sheet)}" if self.sheet is not None else None
        words = [named, _numbered("page", self.page), _numbered("table", self.table)]
        words += [_numbered("paragraph", self.paragraph), self._row(), self._column()]
        return ", ".join(word for word in words if word) or "somewhere in the file"

    def _row(self) -> str | None:
        row = _numbered("row", self.row)
        if self.label is None:
            return row
        return f"{row or 'field'} {_quote(self.label)}"

    def _column(self) -> str | None:
        if self.header is not None:
            return f"column {_quote(self.header)}"
        return None if self.label is not None else _numbered("column", self.column)


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item or a table cell; lines inside it end in a newline."""

    text: str
    place: Place
    style: BlockKind


@dataclass(frozen=True, slots=True)
class PlanText:
    """All text of one plan in reading order, with what could not be read."""

    file: str
    kind: str
    """docx, xlsx, pptx, pdf, csv, txt or json, by content."""
    blocks: tuple[Block, ...]
    unreadable: tuple[str, ...]
    school: dict[str, Any] | None = None
    rule: str | None = None
    strategies: tuple[tuple[str, str], ...] = ()
    """Id and text of each strategy; only a JSON body tells them apart by itself."""


def _numbered(word: str, number: int | None) -> str | None:
    return None if number is None else f"{word} {number}"


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return f"'{line if len(line) <= _SHOWN_HEADER else line[: _SHOWN_HEADER - 1] + '…'}'"
