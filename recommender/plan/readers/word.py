"""Word documents: paragraphs, lists, tables, text boxes and form fields in reading order.

Only what a person sees in the body counts: deleted, struck and hidden text, placeholders, page
headers and footers are left out.
"""

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from docx import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

from recommender.plan.readers.blocks import BlockKind
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.grid import Cell, place_table
from recommender.plan.readers.package import Package
from recommender.plan.readers.word_styles import Styles
from recommender.plan.readers.word_text import MARKUP_CHOICE, ParagraphText, read_text
from recommender.plan.readers.wording import clean, without_bullet

# Containers that hold paragraphs and tables without being one.
_WRAPPERS = {qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")}
_ANY_LETTER = re.compile(r"\w")
# A bold line longer than this is emphasis, not a heading.
_HEADING_WORDS = 14


def read_word(content: bytes, draft: Draft) -> None:
    """Add the text of a Word document to the draft."""
    package = Package(content, draft.name, draft.limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        document = Document(package.cleaned("docx"))
    _Reader(draft, Styles(document)).read(document.element.body, 0)


@dataclass(slots=True)
class _Paragraph:
    text: ParagraphText
    style: BlockKind


class _Reader:
    def __init__(self, draft: Draft, styles: Styles) -> None:
        self._draft, self._styles = draft, styles
        self._cells = 0

    def read(self, container: _Element, depth: int) -> None:
        """Add everything in the container, in order."""
        for element in self._content(container, depth):
            if element.tag == qn("w:tbl"):
                self._read_table(element, depth + 1)
            elif paragraph := self._paragraph(element):
                self._draft.paragraph(paragraph.text.words, paragraph.style)
                for box in paragraph.text.boxes:
                    self.read(box, depth + 1)

    def _content(self, container: _Element, depth: int) -> Iterator[_Element]:
        if depth > self._draft.limits.depth:
            found = f"tables or fields nested more than {self._draft.limits.depth} deep"
            raise self._draft.over(found, "save the document anew in a simpler layout")
        for child in container:
            if child.tag in (qn("w:p"), qn("w:tbl")):
                yield child
            elif child.tag == qn("w:sdt"):
                yield from self._field(child, depth)
            elif child.tag in _WRAPPERS:
                yield from self._content(child, depth + 1)
            elif child.tag == MARKUP_CHOICE and len(child):
                yield from self._content(child[0], depth + 1)
            elif child.tag == qn("w:altChunk"):
                self._draft.note("a file inserted into the document was not read")

    def _field(self, field: _Element, depth: int) -> Iterator[_Element]:
        shown = field.find(qn("w:sdtContent"))
        placeholder = field.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
        contents = field.find(f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}")
        is_list_of_contents = contents is not None and "Contents" in contents.get(qn("w:val"), "")
        if shown is not None and placeholder is None and not is_list_of_contents:
            yield from self._content(shown, depth + 1)

    def _paragraph(self, element: _Element) -> _Paragraph | None:
        looks = self._styles.of(element)
        if looks.in_contents:
            return None
        text = read_text(element)
        for what in text.left_out:
            self._draft.note(what)
        words, bulleted = without_bullet(text.words)
        text.words = words
        if looks.heading:
            return _Paragraph(text, BlockKind.HEADING)
        if looks.listed or bulleted:
            return _Paragraph(text, BlockKind.LIST_ITEM)
        return _Paragraph(text, BlockKind.HEADING if _is_bold_line(text) else BlockKind.PARAGRAPH)

    def _read_table(self, table: _Element, depth: int) -> None:
        place = self._draft.start_table()
        cells: list[Cell] = []
        nested: list[_Element] = []
        header_row: int | None = None
        open_cells: dict[int, int] = {}
        for number, row in enumerate(self._rows(table, depth), start=1):
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None and number == 1:
                header_row = number
            self._read_row(row, number, depth, cells, nested, open_cells)
        filled = [cell for cell in cells if cell.text]
        # A banner can be marked as the header that repeats; then the row below is the real one.
        if sum(cell.row == header_row for cell in filled) < 2 or len({c.row for c in filled}) < 2:
            header_row = None
        if filled:
            place_table(self._draft, filled, place, header_row=header_row)
        for inner in nested:
            self._read_table(inner, depth + 1)

    def _rows(self, table: _Element, depth: int) -> Iterator[_Element]:
        for row in self._wrapped(table, qn("w:tr"), depth):
            # A tracked deletion of a row keeps its words as they were.
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                yield row

    def _wrapped(self, element: _Element, wanted: str, depth: int) -> Iterator[_Element]:
        if depth > self._draft.limits.depth:
            found = f"tables or fields nested more than {self._draft.limits.depth} deep"
            raise self._draft.over(found, "save the document anew in a simpler layout")
        for child in element:
            if child.tag == wanted:
                yield child
            elif child.tag == qn("w:sdt"):
                shown = child.find(qn("w:sdtContent"))
                yield from () if shown is None else self._wrapped(shown, wanted, depth + 1)
            elif child.tag in _WRAPPERS:
                yield from self._wrapped(child, wanted, depth + 1)

    def _read_row(
        self,
        row: _Element,
        number: int,
        depth: int,
        cells: list[Cell],
        nested: list[_Element],
        open_cells: dict[int, int],
    ) -> None:
        column = 1 + _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for element in self._wrapped(row, qn("w:tc"), depth):
            self._count_cell()
            width = _number(element.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
            merge = element.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merge is not None and merge.get(qn("w:val")) != "restart" and column in open_cells:
                above = cells[open_cells[column]]
                cells[open_cells[column]] = Cell(
                    above.row, above.column, above.text, above.width, number - above.row + 1
                )
            else:
                text = self._cell_text(element, depth, nested)
                open_cells[column] = len(cells)
                cells.append(Cell(number, column, text, width))
            column += width

    def _cell_text(self, cell: _Element, depth: int, nested: list[_Element]) -> str:
        lines = []
        for element in self._content(cell, depth + 1):
            if element.tag == qn("w:tbl"):
                nested.append(element)
            elif paragraph := self._paragraph(element):
                lines.append(paragraph.text.words)
                for box in paragraph.text.boxes:
                    lines.append(self._cell_text(box, depth + 1, nested))
        return clean("\n".join(lines))

    def _count_cell(self) -> None:
        self._cells += 1
        if self._cells > self._draft.limits.cells:
            limit = self._draft.limits.cells
            raise self._draft.over(f"more than {limit} table cells", "give the plan alone")


def _is_bold_line(text: ParagraphText) -> bool:
    words = text.words.split()
    return (
        text.is_bold
        and 0 < len(words) <= _HEADING_WORDS
        and not text.words.endswith((".", ",", ";"))
        and bool(_ANY_LETTER.search(text.words))
    )


def _number(element: _Element | None, default: int) -> int:
    value = "" if element is None else element.get(qn("w:val"), "")
    # Word itself stops at 63 columns.
    return min(int(value), 63) if value.isascii() and value.isdigit() else default
