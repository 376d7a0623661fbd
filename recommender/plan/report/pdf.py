"""A report as a PDF of one page; strategies that do not fit are counted."""

import io
from collections.abc import Iterator, Sequence
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, Spacer, Table, TableStyle
from reportlab.platypus.doctemplate import SimpleDocTemplate

from recommender.plan.report.page import CAVEAT, ReportPage, StrategyRow

# Fonts inside reportlab itself; the standard PDF fonts have no accents beyond Western Europe.
_FONT, _BOLD = "Vera", "VeraBd"
_MARGIN = 14 * mm
_WIDTH = letter[0] - 2 * _MARGIN
_HEIGHT = letter[1] - 2 * _MARGIN - 12
_COLUMNS = (0.33 * _WIDTH, 0.13 * _WIDTH, 0.54 * _WIDTH)
_MOST_ROWS = 20
_UNKNOWN = "¤"
_TABLE_STYLE = TableStyle(
    [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
)


def report_pdf(page: ReportPage) -> bytes:
    """Return the PDF; the same result gives the same bytes."""
    styles = _styles()
    count = min(len(page.strategies), _MOST_ROWS)
    flowables = _flowables(page, count, styles)
    while count > 0 and _height(flowables) > _HEIGHT:
        count -= 1
        flowables = _flowables(page, count, styles)
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=letter,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"{page.file}: {page.verdict_words}",
        author="",
        invariant=1,
    )
    document.build(flowables)
    return stream.getvalue()


def _styles() -> dict[str, ParagraphStyle]:
    for name in (_FONT, _BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    body = ParagraphStyle("body", fontName=_FONT, fontSize=8, leading=10, splitLongWords=1)
    return {
        "body": body,
        "small": ParagraphStyle("small", body, fontSize=6.5, leading=8),
        "bold": ParagraphStyle("bold", body, fontName=_BOLD),
        "title": ParagraphStyle("title", body, fontName=_BOLD, fontSize=12, leading=15),
        "verdict": ParagraphStyle("verdict", body, fontName=_BOLD, fontSize=10, leading=14),
    }


def _flowables(page: ReportPage, count: int, styles: dict[str, ParagraphStyle]) -> list[Flowable]:
    def text(words: str, style: str = "body", most: int = 400) -> Paragraph:
        return Paragraph(_printable(words, most), styles[style])

    left_out = len(page.strategies) - count
    found: list[Flowable] = [
        text(page.file, "title", 120),
        text(f"{page.school}. Rule: {page.rule}."),
    ]
    found += [text(page.verdict_words, "verdict"), text(page.answer), Spacer(0, 5)]
    found += [text(", ".join(f"{n} {words}" for words, n in page.counts) + ".")]
    if count:
        found.append(_table(page.most_telling[:count], styles))
    if left_out:
        found.append(text(f"And {left_out} more, which the full result lists."))
    found += [Spacer(0, 5), *(text(line, "small", 500) for line in _ending(page))]
    return found


def _ending(page: ReportPage) -> Iterator[str]:
    yield f"Turnaround practices covered: {'; '.join(page.covered) or 'none'}."
    yield f"Turnaround practices missing: {'; '.join(page.missing) or 'none'}."
    if page.sections_found or page.sections_missing:
        yield f"Sections not found: {'; '.join(page.sections_missing) or 'none'}."
    yield from (f"Note: {note}" for note in page.notes[:4])
    yield f"{page.basis}. {CAVEAT}"


def _table(rows: Sequence[StrategyRow], styles: dict[str, ParagraphStyle]) -> Table:
    heads = ("Strategy, in the plan's words", "Verdict", "Why")
    cells: list[list[object]] = [[Paragraph(head, styles["bold"]) for head in heads]]
    for row in rows:
        verdict = [Paragraph(_printable(row.words), styles["bold"])]
        if row.tier:
            verdict.append(Paragraph(_printable(row.tier), styles["small"]))
        words = Paragraph(_printable(f"{row.strategy_id}: {row.text}", 220), styles["body"])
        why = [Paragraph(_printable(w, 240), styles["small"]) for w in _why(row)]
        cells.append([words, verdict, why])
    return Table(cells, _COLUMNS, style=_TABLE_STYLE)


def _why(row: StrategyRow) -> Iterator[str]:
    if row.practice:
        yield row.practice
    yield from row.reasons[:3]
    if row.citation:
        yield row.citation
    if row.question:
        yield row.question
    if row.suggestions:
        yield f"Could serve the same aim: {'; '.join(row.suggestions)}"


def _height(flowables: Sequence[Flowable]) -> float:
    # What stands between paragraphs counts once more; a line of reserve stands for it.
    return sum(float(flowable.wrap(_WIDTH, _HEIGHT * 50)[1]) for flowable in flowables) + 10


def _printable(words: str, most: int = 400) -> str:
    """Shorten, escape, and put a mark for what the font has not, so that nothing vanishes."""
    known = _known_characters()
    cut = words if len(words) <= most else words[: most - 1] + "…"
    return escape("".join(char if ord(char) in known else _UNKNOWN for char in cut))


@cache
def _known_characters() -> frozenset[int]:
    return frozenset(TTFont(_FONT, f"{_FONT}.ttf").face.charToGlyph)
