"""A plan as a Word document with real headings, lists and table heads that repeat."""

import io

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Inches, Pt
from docx.table import _Row

from service.web.plan_contents import Contents, Part, Table

MARGIN = Inches(0.8)


def to_word(contents: Contents) -> bytes:
    """Return the document."""
    document = docx.Document()
    document.core_properties.title = contents.title[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    section = document.sections[0]
    section.left_margin = section.right_margin = MARGIN
    document.add_heading(contents.title, 0)
    document.add_paragraph(contents.subtitle)
    for part in contents.parts:
        _add_part(document, part)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _add_part(document: Document, part: Part) -> None:
    document.add_heading(part.heading, 1)
    for text in part.paragraphs:
        document.add_paragraph(text)
    for text in part.points:
        document.add_paragraph(text, "List Bullet")
    if part.table:
        _add_table(document, part.table)


def _add_table(document: Document, table: Table) -> None:
    section = document.sections[0]
    width = (section.page_width or 0) - 2 * MARGIN
    made = document.add_table(1, len(table.heads), "Table Grid")
    made.autofit = False
    _fill(made.rows[0], table.heads, is_bold=True)
    _repeat_on_each_page(made.rows[0])
    for row in table.rows:
        _fill(made.add_row(), row)
    for column, share in zip(made.columns, table.widths):
        for cell in column.cells:
            cell.width = Emu(int(width * share / sum(table.widths)))


def _fill(row: _Row, texts: tuple[str, ...], is_bold: bool = False) -> None:
    for cell, text in zip(row.cells, texts):
        run = cell.paragraphs[0].add_run(text)
        run.font.size = Pt(9)
        run.bold = is_bold


def _repeat_on_each_page(row: _Row) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
