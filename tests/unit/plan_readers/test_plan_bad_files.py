"""Every file that cannot be read has one message; this is the list of them."""

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from recommender.errors import BadInput
from recommender.plan.readers import DEFAULT_LIMITS, Limits, UnreadablePlan, read_plan_here

PLANS = Path(__file__).parents[2] / "fixtures" / "plans"
EXPECTED = "expected a plan as docx, pdf, xlsx, pptx, csv, txt or json"
AGAIN = "save it again from the program it was written in"
PICTURE = "the content is a picture; give the document itself, not a picture of it"
BODY = 'expected {"rule": ..., "school": {...}, "strategies": [{"id": ..., "text": ...}]}'


def message(path, limits=DEFAULT_LIMITS):
    with pytest.raises(UnreadablePlan) as caught:
        read_plan_here(path, limits)
    assert isinstance(caught.value, BadInput)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("empty.txt", f"the file is empty; {EXPECTED}"),
        ("wordless.docx", "no text found; expected a plan with words in it"),
        ("encrypted.docx", "the file is locked with a password; give it without the password"),
        ("encrypted.pdf", "the file is locked with a password; give it without the password"),
        ("old.doc", "the file is an old Word file (.doc); save it as .docx"),
        ("truncated.docx", f"an Office file or archive that is cut off or damaged; {AGAIN}"),
        ("truncated.pdf", f"damaged PDF (PSEOF); {AGAIN}"),
        (
            "scanned.pdf",
            "no text on any page, looks scanned (2 pages); "
            "give the original or run text recognition (OCR) first",
        ),
        (
            "wrong_extension.pdf",
            "the content is a Word document but the name ends in .pdf; "
            "check that it is the right file and rename it to .docx",
        ),
        ("absent.pdf", "no such file; check the path"),
        (".", f"not a file; {EXPECTED}"),
    ],
)
def test_fixture_messages(name, expected):
    assert message(PLANS / name) == f"{(PLANS / name).name}: {expected}"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b" \r\n\t", f"the file holds nothing but blanks; {EXPECTED}"),
        ("a.txt", b"abc\0def", "the content is no text; expected a plan as docx, pdf, xlsx, "
         "pptx, csv or txt"),
        ("a.csv", b"\x81\x8d,\xff", "the content is no text; expected a plan as docx, pdf, xlsx, "
         "pptx, csv or txt"),
        ("a.png", b"\x89PNG\r\n\x1a\n", PICTURE),
        ("a.pdf", b"\xff\xd8\xff\xe0", PICTURE),  # content first, then the name
        ("a.rtf", b"{\\rtf1 plan}", "the content is rich text (RTF); save it as .docx"),
        ("a.html", b"\n<!DOCTYPE html><p>plan", f"the content is a web page or XML; {EXPECTED}"),
        ("a.exe", b"MZ\x90\0", f"the content is a program; {EXPECTED}"),
        ("a.pdf", b"a plan", "the content is plain text but the name ends in .pdf; "
         "check that it is the right file and rename it to .txt"),
        ("a.doc", b"a plan", "the content is plain text but the name ends in .doc; "
         "check that it is the right file and rename it to .txt"),
        ("a\n\u202eb.txt", b"", f"the file is empty; {EXPECTED}"),
        ("a.pdf", b"%PDF-1.7 nothing", f"damaged PDF (PDFSyntaxError); {AGAIN}"),
    ],
)  # fmt: skip
def test_content_messages(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_bytes(content)
    shown = name.replace("\n\u202e", " ")
    assert message(path) == f"{shown}: {expected}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{", f"not whole JSON (Input data was truncated); {BODY}"),
        ("[]", f"Expected 'object', got 'array'; {BODY}"),
        ({}, f"Object missing required field 'strategies'; {BODY}"),
        ({"strategies": [{"id": "s1"}]},
         f"Object missing required field 'text' - at '$.strategies[0]'; {BODY}"),
        ({"strategies": [{"id": 1, "text": "x"}]},
         f"Expected 'str', got 'int' - at '$.strategies[0].id'; {BODY}"),
        ({"strategies": [{"id": "s1", "text": " "}]}, f"no words at $.strategies[0].text; {BODY}"),
        ({"strategies": [{"id": "s1", "text": "a"}, {"id": "s1", "text": "b"}]},
         "id 's1' a second time at $.strategies[1]; each strategy has an id of its own"),
        ({"strategies": [{"id": str(n), "text": "a"} for n in range(1001)]},
         "1001 strategies; at most 1000 are read"),
        ({"strategies": []}, f"no strategies; {BODY}"),
        ({"school": {"grades": [3]}, "strategies": [{"id": "s", "text": "a"}]},
         f"Expected 'str', got 'int' - at '$.school.grades[0]'; {BODY}"),
        ('{"x":' + "[" * 100_000, f"the JSON is nested too deep; {BODY}"),
    ],
)  # fmt: skip
def test_json_messages(tmp_path, body, expected):
    path = tmp_path / "plan.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body))
    assert message(path) == f"plan.json: {expected}"


@pytest.mark.parametrize(
    ("name", "limits", "expected"),
    [
        ("plain.txt", Limits(file_bytes=100), "547 bytes; at most 100 bytes are read"),
        ("table.pdf", Limits(pages=2), "more than 2 pages; give the part with the plan"),
        ("slides.pptx", Limits(pages=1), "more than 1 pages; give the part with the plan"),
        ("grid.xlsx", Limits(pages=1), "2 sheets; give the sheets with the plan"),
        ("grid.xlsx", Limits(cells=10), "more than 10 cells; give the sheets with the plan"),
        ("grid.csv", Limits(cells=10), "more than 10 cells; give the rows of the plan"),
        ("form.docx", Limits(cells=3), "more than 3 table cells; give the plan alone"),
        ("slides.pptx", Limits(cells=3), "more than 3 table cells; give the plan alone"),
        ("table.pdf", Limits(cells=3), "more than 3 table cells; give the plan alone"),
        ("plain.txt", Limits(characters=50), "more than 50 characters of text; "
         "give the plan alone"),
        ("form.docx", Limits(archive_entries=3), "7 parts inside; at most 3 are read"),
        ("awkward.docx", Limits(depth=1), "tables or fields nested more than 1 deep; "
         "save the document anew in a simpler layout"),
        ("slides.pptx", Limits(unpacked_bytes=9_000), "its text unpacks to more than 9000 bytes; "
         "give the plan alone"),
        ("body.json", Limits(strategies=1), "2 strategies; at most 1 are read"),
    ],
)  # fmt: skip
def test_limits(name, limits, expected):
    assert message(PLANS / name, limits) == f"{name}: {expected}"


def repacked(name, changes, path):
    with zipfile.ZipFile(PLANS / name) as source:
        parts = {part: source.read(part) for part in source.namelist()} | changes
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    return path


def test_zip_bomb_by_its_own_account(tmp_path):
    path = repacked("form.docx", {"word/media/a.bin": bytes(2**24)}, tmp_path / "bomb.docx")
    found = message(path, Limits(declared_bytes=2**23))
    assert found.startswith("bomb.docx: it unpacks to 168")
    assert found.endswith(" bytes; at most 8388608 are read")


def test_zip_bomb_that_lies_about_its_size(tmp_path):
    path = repacked("form.docx", {"word/extra.xml": bytes(2**24)}, tmp_path / "bomb.docx")
    size, lie = (2**24).to_bytes(4, "little"), (16).to_bytes(4, "little")
    assert path.read_bytes().count(size) == 2  # its own header and the archive's directory
    path.write_bytes(path.read_bytes().replace(size, lie))
    assert message(path, Limits(declared_bytes=2**23)) == (
        f"bomb.docx: an Office file or archive that is cut off or damaged; {AGAIN}"
    )


def test_pdf_without_its_end_says_that_pages_may_be_lost(tmp_path):
    path = tmp_path / "plan.pdf"
    path.write_bytes((PLANS / "columns.pdf").read_bytes()[:-6])
    assert read_plan_here(path).unreadable == (
        "the end of the file is missing, so pages may be too",
    )


def test_entities_are_refused(tmp_path):
    bomb = b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'
    for number, part in enumerate((bomb, bomb.decode().encode("utf-16"))):
        path = repacked("form.docx", {"word/document.xml": part}, tmp_path / f"{number}.docx")
        assert message(path) == (
            f"{number}.docx: word/document.xml declares entities; "
            f"no Office program writes these; {AGAIN}"
        )


@pytest.mark.parametrize("reference", ["A1:XFD1048576", "A1:A1048576", "B2:XFD9"])
def test_huge_merged_cells_are_refused(tmp_path, reference):
    sheet = f"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>
    <mergeCells><mergeCell ref="{reference}"/></mergeCells></worksheet>""".encode()
    path = repacked("grid.xlsx", {"xl/worksheets/sheet1.xml": sheet}, tmp_path / "plan.xlsx")
    assert message(path, Limits(cells=1000)) == (
        "plan.xlsx: more than 1000 cells; give the sheets with the plan"
    )


def test_huge_hyperlink_range_and_last_row_cost_nothing(tmp_path):
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
    <sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>Far away</t></is></c></row>
    </sheetData><hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>
    </worksheet>"""
    path = repacked("grid.xlsx", {"xl/worksheets/sheet1.xml": sheet}, tmp_path / "plan.xlsx")
    assert [(str(b.place), b.text) for b in read_plan_here(path).blocks] == [
        ("sheet 'Action plan', row 1048576, column 16384", "Far away")
    ]


def test_external_and_binary_parts_never_reach_the_library(tmp_path):
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Target="http://192.0.2.1/t.dotx" TargetMode="External" Type="http:'
        b'//schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
        b'<Relationship Id="r2" Target="embeddings/object.bin" Type="http:'
        b'//schemas.openxmlformats.org/officeDocument/2006/relationships/oleObject"/>'
        b"</Relationships>"
    )
    changes = {
        "word/_rels/document.xml.rels": relations,
        "word/embeddings/object.bin": b"\0" * 100,
    }
    path = repacked("form.docx", changes, tmp_path / "plan.docx")
    from recommender.plan.readers.package import Package

    copy = Package(path.read_bytes(), "plan.docx", DEFAULT_LIMITS).cleaned("docx")
    with zipfile.ZipFile(copy) as archive:
        assert "word/embeddings/object.bin" not in archive.namelist()
        assert b"Relationship " not in archive.read("word/_rels/document.xml.rels")
    assert len(read_plan_here(path).blocks) == 9


def test_other_archives(tmp_path):
    for inside, found in (
        ("holiday.jpg", f"the content is a zip archive, not a document; {EXPECTED}"),
        ("content.xml", "the content is an OpenDocument file; save it as .docx, .xlsx or .pptx"),
        ("xl/workbook.bin", "the content is a binary Excel workbook (.xlsb); save it as .xlsx"),
    ):
        path = tmp_path / "plan.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(inside, b"x")
        assert message(path) == f"plan.zip: {found}"


def test_deleted_table_row_is_no_part_of_the_plan(tmp_path):
    with zipfile.ZipFile(PLANS / "form.docx") as source:
        document = source.read("word/document.xml")
    first, second, rest = document.split(b"<w:tr>", 2)
    marked = b'<w:tr><w:trPr><w:del w:id="9" w:author="a"/></w:trPr>'
    changes = {"word/document.xml": first + marked + second + b"<w:tr>" + rest}
    path = repacked("form.docx", changes, tmp_path / "plan.docx")
    assert [b.text for b in read_plan_here(path).blocks][:2] == ["Initiative 2", "Root cause"]


def test_strict_open_xml_is_read(tmp_path):
    with zipfile.ZipFile(PLANS / "form.docx") as source:
        changes = {
            part: source.read(part).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/",
                b"http://purl.oclc.org/ooxml/wordprocessingml/",
            )
            for part in source.namelist()
        }
    path = repacked("form.docx", changes, tmp_path / "strict.docx")
    assert read_plan_here(path).blocks == read_plan_here(PLANS / "form.docx").blocks


def test_workbook_with_hidden_sheets_only_says_so(tmp_path):
    workbook = openpyxl.load_workbook(PLANS / "grid.xlsx")
    del workbook["Action plan"]
    workbook.create_sheet("Blank")
    stream = io.BytesIO()
    workbook.save(stream)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(stream.getvalue())
    assert message(path) == (
        "plan.xlsx: no text found (sheet 'Notes': hidden, not read); "
        "expected a plan with words in it"
    )
