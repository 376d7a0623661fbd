"""A plan as Word, Excel and PDF: opened again, whole, and with nothing that runs."""

import io
import zipfile

import docx
import openpyxl
import pdfplumber
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.store import Scope
from service.web.plan_contents import Contents, Part, Table, _clean
from service.web.plan_exports import to_excel, to_pdf, to_word
from tests.service.web.test_plan_pages import READ_180, VAGUE, begin, plan_id, save, store

FORMULA = '=HYPERLINK("http://evil.example","x")'
KINDS = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF"}


@pytest.fixture
def plan(pages):
    path = begin(pages, READ_180, VAGUE, FORMULA, "+1 adult", "@home", title="=2+2 Plan é 学校")
    save(pages, path, grade=["6", "7", "8"], school_name="-Cedar School",
         **{"note-year-1": "=1+1 in our own words", "note-calendar-weekly": "Mondays",
            "note-reflection-worked": "Reading grew"})  # fmt: skip
    return path


def fetched(pages, path, form):
    answer = pages.get(f"{path}/download.{form}")
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["content-disposition"] == f'attachment; filename="2-2-plan.{form}"'
    return answer.content


@pytest.mark.parametrize("form", KINDS)
def test_each_kind_is_what_it_says_and_is_logged(pages, plan, form):
    content = fetched(pages, plan, form)
    assert content.startswith(KINDS[form])
    log = store(pages).exports.list(Scope.state()).items[0]
    assert (log.kind, log.detail) == (f"plan-{form}", f"plan {plan_id(plan)}")


def test_word_opens_with_headings_and_tables(pages, plan):
    document = docx.Document(io.BytesIO(fetched(pages, plan, "docx")))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[:2] == ["The check", "Strategies"]
    assert "Year 1: Winning support and building capacity" in headings
    assert "Monitoring calendar" in headings
    said = "\n".join(p.text for p in document.paragraphs)
    assert "=1+1 in our own words" in said
    assert "DESE decides" in said
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert READ_180 in cells
    assert "Mondays" in cells
    assert "Meets the stated evidence condition in our reading" in cells


def test_no_cell_of_the_workbook_is_a_formula(pages, plan):
    content = fetched(pages, plan, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert {FORMULA, "+1 adult", "@home"} <= {cell.value for cell in cells}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)
    assert book.sheetnames[:2] == ["Check", "Strategies"]


def test_pdf_has_every_strategy(pages, plan):
    with pdfplumber.open(io.BytesIO(fetched(pages, plan, "pdf"))) as found:
        words = " ".join(" ".join(page.extract_text().split()) for page in found.pages)
    assert "Year 3: Spreading it and keeping it" in words
    assert "+1 adult" in words
    assert "DESE decides" in words
    assert "¤¤" in words  # the font has no Chinese; what is missing is seen to be missing


def test_an_empty_plan_can_be_downloaded(pages):
    path = begin(pages, title="=2+2 Plan")
    for form in KINDS:
        fetched(pages, path, form)


def test_no_other_kind(pages, plan):
    assert pages.get(f"{plan}/download.exe").status_code in (404, 422)


ANYTHING = st.text(max_size=60) | st.sampled_from(
    [FORMULA, "\x00\x0b", "<b>&amp;</b>", "\ud800", "\ufffe", "😀 é", "a\nb", "x" * 6000]
)


@given(ANYTHING, ANYTHING)
def test_no_text_breaks_a_file(one, two):
    one, two = _clean(one), _clean(two)
    table = Table(("A", "B"), ((one, two), (two, one)), (30, 70))
    contents = Contents(one, two, (Part("Heading", "Sheet", (one,), (two,), table),), one)
    docx.Document(io.BytesIO(to_word(contents)))
    book = openpyxl.load_workbook(io.BytesIO(to_excel(contents)))
    kinds = {cell.data_type for row in book["Sheet"].iter_rows() for cell in row if cell.value}
    assert kinds <= {"s"}
    assert to_pdf(contents).startswith(b"%PDF")
