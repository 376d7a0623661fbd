"""PDFs: ruled tables cell by cell, the rest by columns and paragraphs, form fields by name.

A page without text is said to be unreadable, never passed over as empty.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfplumber.page import Page
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from recommender.plan.readers.blocks import BlockKind, Place
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.failures import refuse
from recommender.plan.readers.grid import Cell, place_table
from recommender.plan.readers.pdf_layout import Word, join_lines, lines_of, paragraphs_of
from recommender.plan.readers.pdf_page import PageContent, TableContent, read_page
from recommender.plan.readers.wording import clean, without_bullet

_BROKEN = "save it again from the program it was written in"
# The library says much about fonts, none of it for the reader of a plan.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
# The mark at the end of a PDF; some programs write a few bytes after it.
_END_WITHIN = 2048
# Page headers and footers stand in these shares of the page.
_EDGE = 0.1
_PAGE_NUMBER = re.compile(r"^(?:page )?#(?: ?(?:of|/) ?#)?$", re.IGNORECASE)


def read_pdf(content: bytes, draft: Draft) -> None:
    """Add the text of a PDF to the draft."""
    if b"%%EOF" not in content[-_END_WITHIN:]:
        draft.note("the end of the file is missing, so pages may be too")
    try:
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = [read_page(page, draft) for page in _pages(document, draft)]
    except PdfminerException as error:
        raise _failure(error, draft.name) from None
    except PDFException as error:
        raise refuse(draft.name, f"damaged PDF ({type(error).__name__})", _BROKEN) from None
    if not pages:
        raise refuse(draft.name, "a PDF without pages, or damaged", _BROKEN)
    _drop_edges(pages)
    _emit(pages, draft)


def _failure(error: Exception, name: str) -> Exception:
    cause = error.args[0] if error.args else error
    if isinstance(cause, PDFPasswordIncorrect):
        return refuse(name, "the file is locked with a password", "give it without the password")
    return refuse(name, f"damaged PDF ({type(cause).__name__})", _BROKEN)


def _pages(document: PDF, draft: Draft) -> Iterator[Page]:
    for page in document.pages:
        if page.page_number > draft.limits.pages:
            found = f"more than {draft.limits.pages} pages"
            raise draft.over(found, "give the part with the plan")
        yield page
        page.close()


def _drop_edges(pages: Sequence[PageContent]) -> None:
    edges = [list(_edge_lines(page)) for page in pages]
    counts = Counter(key for page in edges for key in {key for key, _ in page})
    for page, lines in zip(pages, edges, strict=True):
        drop = {
            id(word)
            for key, line in lines
            for word in line
            if _PAGE_NUMBER.match(key) or (counts[key] >= 2 and 2 * counts[key] >= len(pages))
        }
        page.words = [word for word in page.words if id(word) not in drop]


def _edge_lines(page: PageContent) -> Iterator[tuple[str, list[Word]]]:
    for line in lines_of(page.words):
        top, bottom = line[0].top, line[0].bottom
        if bottom < _EDGE * page.height or top > (1 - _EDGE) * page.height:
            yield re.sub(r"\d+", "#", " ".join(word.text for word in line)), line


def _emit(pages: Sequence[PageContent], draft: Draft) -> None:
    words = [word for page in pages for word in page.words]
    known = frozenset(word.text.lower().strip(".,;:()") for word in words)
    sizes = Counter[float]()
    for word in words:
        sizes[round(word.size, 1)] += len(word.text)
    body_size = max(sizes, key=lambda size: (sizes[size], -size)) if sizes else 0
    carried: dict[int, str] = {}
    columns = 0
    for page in pages:
        draft.turn_to(page.number)
        for table in sorted(page.tables, key=lambda table: table.top):
            above = [word for word in page.words if word.top < table.top]
            page.words = [word for word in page.words if word.top >= table.top]
            goes_on = not above and table.columns == columns
            _emit_words(above, known, body_size, draft)
            carried = _emit_table(table, known, carried if goes_on else {}, draft)
            columns = table.columns
        if page.words:
            columns = 0
        _emit_words(page.words, known, body_size, draft)
        for label, value in page.fields:
            draft.add(value, Place(page=page.number, label=label), BlockKind.PARAGRAPH)


def _emit_words(
    words: Sequence[Word], known: frozenset[str], body_size: float, draft: Draft
) -> None:
    for paragraph in paragraphs_of(words, known):
        text, listed = without_bullet(clean(paragraph.text))
        if paragraph.is_heading(body_size):
            draft.paragraph(text, BlockKind.HEADING)
        else:
            draft.paragraph(text, BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH)


def _emit_table(
    table: TableContent, known: frozenset[str], carried: dict[int, str], draft: Draft
) -> dict[int, str]:
    place = draft.start_table()
    cells = []
    for cell, lines in table.cells:
        text = _cell_text(lines, known)
        if text:
            cells.append(Cell(cell.row, cell.column, text, cell.width, cell.height))
    return place_table(draft, cells, place, carried=carried) if cells else carried


def _cell_text(lines: Sequence[str], known: frozenset[str]) -> str:
    items: list[list[str]] = []
    for line in lines:
        bare, starts = without_bullet(line)
        if starts or not items:
            items.append([bare])
        else:
            items[-1].append(bare)
    return clean("\n".join(join_lines(item, known) for item in items))
