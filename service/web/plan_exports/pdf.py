"""A plan as a PDF with bookmarks and table heads that repeat."""

import io
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle
from reportlab.platypus.doctemplate import BaseDocTemplate, SimpleDocTemplate

from service.web import plan_contents
from service.web.plan_contents import Contents, Part

# Fonts inside reportlab itself; the standard PDF fonts have no accents beyond Western Europe.
_FONT, _BOLD = "Vera", "VeraBd"
_MARGIN = 16 * mm
_WIDTH = letter[0] - 2 * _MARGIN - 12
_UNKNOWN = "¤"
# A cell cannot run over two pages, so a long one is cut into several rows.
_CELL_CHARACTERS = 900


def to_pdf(contents: Contents) -> bytes:
    """Return the PDF; the same contents give the same bytes."""
    styles = _styles()
    flowables: list[Flowable] = [
        Paragraph(_printable(contents.title), styles["title"]),
        Paragraph(_printable(contents.subtitle), styles["body"]),
    ]
    for part in contents.parts:
        flowables += _part(part, styles)
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream, pagesize=letter, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN,
        bottomMargin=_MARGIN, title=contents.title[:255], author="", invariant=1, lang="en",
    )  # fmt: skip
    document.build(flowables, onFirstPage=_number, onLaterPages=_number)
    return stream.getvalue()


def _styles() -> dict[str, ParagraphStyle]:
    for name in (_FONT, _BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    body = ParagraphStyle(
        "body", fontName=_FONT, fontSize=9, leading=12.5, splitLongWords=1, spaceAfter=4
    )
    return {
        "body": body,
        "point": ParagraphStyle("point", body, leftIndent=12, bulletIndent=2),
        "cell": ParagraphStyle("cell", body, fontSize=7.5, leading=10, spaceAfter=0),
        "head": ParagraphStyle("head", body, fontName=_BOLD, fontSize=7.5, leading=10),
        "heading": ParagraphStyle(
            "heading",
            body,
            fontName=_BOLD,
            fontSize=11.5,
            leading=15,
            spaceBefore=10,
            keepWithNext=1,
        ),
        "title": ParagraphStyle("title", body, fontName=_BOLD, fontSize=16, leading=21),
    }


def _part(part: Part, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    found: list[Flowable] = [Paragraph(_printable(part.heading), styles["heading"])]
    found += [Paragraph(_printable(text), styles["body"]) for text in part.paragraphs]
    found += [Paragraph(_printable(text), styles["point"], bulletText="•") for text in part.points]
    if part.table:
        found += [_table(part.table, styles), Spacer(0, 4)]
    return found


def _table(table: plan_contents.Table, styles: dict[str, ParagraphStyle]) -> Table:
    cells: list[list[Paragraph]] = [[Paragraph(_printable(h), styles["head"]) for h in table.heads]]
    for row in table.rows:
        for pieces in _rows(row):
            cells.append([Paragraph(_printable(text), styles["cell"]) for text in pieces])
    widths = [_WIDTH * share / sum(table.widths) for share in table.widths]
    look = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
            ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e4eff2")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ]
    )
    return Table(cells, widths, style=look, repeatRows=1)


def _rows(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    most = max(1, -(-max(map(len, row)) // _CELL_CHARACTERS))
    step = _CELL_CHARACTERS
    return [tuple(text[at * step : (at + 1) * step] for text in row) for at in range(most)]


def _number(canvas: Canvas, document: BaseDocTemplate) -> None:
    canvas.setFont(_FONT, 7)
    canvas.drawRightString(letter[0] - _MARGIN, 9 * mm, f"{document.page}")


def _printable(text: str) -> str:
    """Escape, and put a mark for what the font has not, so that nothing vanishes."""
    known = _known_characters()
    shown = "".join(char if char == "\n" or ord(char) in known else _UNKNOWN for char in text)
    return escape(shown).replace("\n", "<br/>")


@cache
def _known_characters() -> frozenset[int]:
    return frozenset(TTFont(_FONT, f"{_FONT}.ttf").face.charToGlyph)
