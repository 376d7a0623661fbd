"""One page of a PDF -> its words, ruled tables and form fields, or why it cannot be read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.utils import decode_text
from pdfplumber.page import Page
from pdfplumber.table import Table

from recommender.plan.readers.draft import Draft
from recommender.plan.readers.grid import Cell
from recommender.plan.readers.pdf_layout import Word, lines_of
from recommender.plan.readers.wording import clean

# Letters a font gives no meaning to come out as (cid:12); some are ornaments, many are a text lost.
_LOST_LETTER = re.compile(r"\(cid:\d+\)")
_LOST_SHARE = 0.2
# A page with less text than this under a picture of its size is a scan with a stamp on it.
_SCAN_WORDS = 8
_SCAN_AREA = 0.5
# Letters that stand at one place only, in shares of all, below which letters are printed twice.
_ONCE_SHARE = 0.98
# Drawn paths from which a page without letters is a text turned into shapes.
_DRAWN_PATHS = 100


@dataclass(slots=True)
class PageContent:
    """What stands on a page; words are those outside the tables."""

    number: int
    words: list[Word]
    tables: list["TableContent"] = field(default_factory=list)
    fields: list[tuple[str | None, str]] = field(default_factory=list)
    height: float = 0


@dataclass(slots=True)
class TableContent:
    """A ruled table: its cells, still without text, with the lines of each."""

    top: float
    cells: list[tuple[Cell, list[str]]]
    columns: int


def read_page(page: Page, draft: Draft) -> PageContent:
    """Read a page; if it is unreadable the draft says why."""
    if _is_printed_twice(page):
        page = page.dedupe_chars()
    words = [_word(word) for word in page.extract_words(extra_attrs=["fontname", "size"])]
    content = PageContent(page.page_number, words, height=float(page.height))
    content.fields = list(_form_fields(page))
    note = _why_unreadable(page, words)
    if note is not None and not content.fields:
        draft.note(f"page {page.page_number}: {note}")
    if note is not None:
        content.words = []
        return content
    for table in page.find_tables():
        if len(table.cells) > draft.limits.cells:
            raise draft.over(f"more than {draft.limits.cells} table cells", "give the plan alone")
        if _is_real(table):
            content.tables.append(_table(table, words))
            content.words = [word for word in content.words if not _inside(word, table.bbox)]
    return content


def _is_printed_twice(page: Page) -> bool:
    # Some programs print bold letters twice. Asked first, because the cure doubles the time.
    places = {(char["text"], round(char["x0"]), round(char["top"])) for char in page.chars}
    return len(places) < _ONCE_SHARE * len(page.chars)


def _word(word: dict[str, Any]) -> Word:
    bold = re.search(r"bold|black|heavy|demi", word["fontname"], re.IGNORECASE) is not None
    # Alone, a letter without meaning is a bullet of a symbol font.
    text = "•" if _LOST_LETTER.fullmatch(word["text"]) else word["text"]
    return Word(text, word["x0"], word["x1"], word["top"], word["bottom"], word["size"], bold)


def _why_unreadable(page: Page, words: Sequence[Word]) -> str | None:
    area = sum(abs(image["width"] * image["height"]) for image in page.images)
    covered = area >= _SCAN_AREA * page.width * page.height
    if not words and page.images:
        return "no text, looks scanned"
    if covered and len(words) < _SCAN_WORDS:
        return f"{len(words)} words on a picture, looks scanned"
    if not words and len(page.curves) >= _DRAWN_PATHS:
        return "no text, only shapes"
    letters = "".join(word.text for word in words)
    lost = sum(len(found) for found in _LOST_LETTER.findall(letters))
    if lost > _LOST_SHARE * max(len(letters), 1):
        return "its font does not say what its letters are"
    return None


def _is_real(table: Table) -> bool:
    # Frames around text, stacked or side by side, are drawn like tables of one column or row.
    return len(table.rows) > 1 and len({cell[0] for cell in table.cells}) > 1


def _table(table: Table, words: Sequence[Word]) -> TableContent:
    lefts = sorted({round(cell[0]) for cell in table.cells})
    tops = sorted({round(cell[1]) for cell in table.cells})
    inside = [word for word in words if _inside(word, table.bbox)]
    cells = []
    for left, top, right, bottom in table.cells:
        box = (left, top, right, bottom)
        lines = lines_of(word for word in inside if _inside(word, box))
        if lines:
            cell = Cell(
                row=tops.index(round(top)) + 1,
                column=lefts.index(round(left)) + 1,
                text="",
                width=max(1, sum(round(left) <= edge < round(right) - 1 for edge in lefts)),
                height=max(1, sum(round(top) <= edge < round(bottom) - 1 for edge in tops)),
            )
            cells.append((cell, [" ".join(word.text for word in line) for line in lines]))
    return TableContent(float(table.bbox[1]), cells, len(lefts))


def _inside(word: Word, box: tuple[float, float, float, float]) -> bool:
    across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return box[0] <= across < box[2] and box[1] <= down < box[3]


def _form_fields(page: Page) -> Iterator[tuple[str | None, str]]:
    for note in page.annots:
        data = note["data"]
        value = data.get("V")
        if isinstance(value, bytes) and clean(decode_text(value)):
            name = data.get("TU") or data.get("T")
            label = clean(decode_text(name)) if isinstance(name, bytes) else None
            yield label, clean(decode_text(value))
