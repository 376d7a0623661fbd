"""One trait at a time, in a document made for it."""

import io
import sys
from pathlib import Path

import docx
import pptx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from pptx.util import Inches

from recommender.plan.readers import DEFAULT_LIMITS, BlockKind
from recommender.plan.readers.here import parse_plan

PLANS = Path(__file__).parents[2] / "fixtures" / "plans"


@pytest.fixture
def pdf(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(PLANS), *sys.path])
    from make_plans import Pdf

    return Pdf()


def read(made, kind):
    stream = io.BytesIO()
    made.save(stream)
    return parse_plan(stream.getvalue(), f"plan.{kind}", DEFAULT_LIMITS).blocks


def words(blocks):
    return [block.text for block in blocks]


def test_word_cells_beside_a_wide_cell_keep_their_column():
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    for column, text in enumerate(("Strategy", "Lead", "Due")):
        table.cell(0, column).text = text
    table.cell(1, 0).merge(table.cell(1, 2)).text = "Goal 2: Reading"
    table.cell(2, 0).merge(table.cell(2, 1)).text = "Tutoring by the whole team"
    table.cell(2, 2).text = "May"
    table.cell(3, 0).text = "Coaching"
    blocks = read(document, "docx")
    assert blocks[3].style is BlockKind.HEADING
    assert [(b.place.header, b.place.section, b.text) for b in blocks[4:]] == [
        ("Strategy", "Goal 2: Reading", "Tutoring by the whole team"),
        ("Due", "Goal 2: Reading", "May"),
        ("Strategy", "Goal 2: Reading", "Coaching"),
    ]


def test_word_numbering_switched_off_and_table_of_contents():
    document = docx.Document()
    paragraph = document.add_paragraph("No item", style="List Bullet")
    numbering = OxmlElement("w:numPr")
    number = OxmlElement("w:numId")
    number.set(qn("w:val"), "0")
    numbering.append(number)
    paragraph._p.get_or_add_pPr().append(numbering)
    contents = document.styles.add_style("toc 1", 1)
    contents.base_style = document.styles["Heading 1"]
    document.add_paragraph("Goal 1 ........ 7", style="toc 1")
    assert [(b.style, b.text) for b in read(document, "docx")] == [(BlockKind.PARAGRAPH, "No item")]


def test_slide_footers_and_text_under_merged_cells_do_not_show():
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Goal"
    slide.placeholders[1].text_frame.text = "Page footer"
    slide.placeholders[1]._element.ph.set("type", "ftr")
    grid = slide.shapes.add_table(3, 2, Inches(1), Inches(2), Inches(6), Inches(2)).table
    for row, cells in enumerate((("Strategy", "Lead"), ("Tutoring", "Ann"), ("", "Bob"))):
        for column, text in enumerate(cells):
            grid.cell(row, column).text = text
    grid.cell(1, 0).merge(grid.cell(2, 0))
    grid.cell(2, 0).text = "left over"
    assert words(read(deck, "pptx")) == ["Goal", "Strategy", "Lead", "Tutoring", "Ann", "Bob"]


def test_pdf_frames_around_text_are_no_table(pdf):
    pdf.cell(60, 90, 400, 40, "A framed sentence about", "our goal.")
    pdf.cell(60, 130, 400, 40, "And one about our school.")
    blocks = parse_plan(pdf.bytes(), "plan.pdf", DEFAULT_LIMITS).blocks
    assert [(b.place.table, b.text) for b in blocks] == [
        (None, "A framed sentence about our goal."),
        (None, "And one about our school."),
    ]


def test_pdf_table_below_text_does_not_go_on_from_the_page_before(pdf):
    rows = (("Strategy", "Lead"), ("Tutoring every day of the week.", "Ann"))
    for text in ("", "Who we are"):
        pdf.text(60, 90, text)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                pdf.cell(60 + 200 * column, 120 + 20 * row, 200, 20, cell)
        rows = (("Bob Stone teaches grade 4.", "12"), ("Cy Field teaches grade 5.", "9"))
        pdf.canvas.showPage()
    blocks = parse_plan(pdf.bytes(), "plan.pdf", DEFAULT_LIMITS).blocks
    assert [b.place.header for b in blocks if b.style is BlockKind.TABLE_CELL] == [
        "Strategy", "Lead", None, None, None, None,
    ]  # fmt: skip


def test_pdf_letters_printed_twice_are_read_once(pdf):
    pdf.text(60, 90, "Bold by force")
    pdf.text(60.3, 90, "Bold by force")
    assert words(parse_plan(pdf.bytes(), "plan.pdf", DEFAULT_LIMITS).blocks) == ["Bold by force"]
