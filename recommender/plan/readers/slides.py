"""PowerPoint presentations: titles, text and tables slide by slide, from top to bottom."""

import warnings
from collections.abc import Iterator
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import TextFrame

from recommender.plan.readers.blocks import BlockKind
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.grid import Cell, place_table
from recommender.plan.readers.package import Package
from recommender.plan.readers.wording import clean, without_bullet

_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
# What stands on every slide.
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
_BODY = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"


def read_slides(content: bytes, draft: Draft) -> None:
    """Add the text of a PowerPoint presentation to the draft."""
    package = Package(content, draft.name, draft.limits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        presentation = Presentation(package.cleaned("pptx"))
    for number, slide in enumerate(presentation.slides, start=1):
        draft.turn_to(number)
        if slide._element.get("show") in ("0", "false"):
            draft.note(f"page {number}: hidden slide, not read")
        else:
            _read_slide(slide, number, draft)


def _read_slide(slide: Slide, number: int, draft: Draft) -> None:
    before = len(draft.blocks)
    shapes = sorted(_shapes(slide.shapes, draft, 0), key=_reading_order)
    for shape in shapes:
        if isinstance(shape, GraphicFrame):
            if shape.has_table:
                _read_table(shape.table, draft)
            elif shape._element.xpath(f".//a:graphicData[@uri='{_DIAGRAM}']"):
                draft.note(f"page {number}: a diagram was not read")
        elif shape.has_text_frame and _placeholder(shape) not in _FURNITURE:
            _read_frame(shape.text_frame, _placeholder(shape), draft)  # type: ignore[attr-defined]
    has_picture = bool(slide._element.xpath(".//p:pic"))
    if len(draft.blocks) == before and has_picture:
        draft.note(f"page {number}: no text, only pictures")


def _shapes(shapes: Any, draft: Draft, depth: int) -> Iterator[BaseShape]:
    if depth > draft.limits.depth:
        found = f"groups nested more than {draft.limits.depth} deep"
        raise draft.over(found, "save the presentation anew in a simpler layout")
    for shape in shapes:
        if isinstance(shape, GroupShape):
            yield from _shapes(shape.shapes, draft, depth + 1)
        else:
            yield shape


def _reading_order(shape: BaseShape) -> tuple[bool, int, int, int]:
    # A place inherited from the layout is not in the slide; only the title's matters.
    return (_placeholder(shape) not in _TITLES, shape.top or 0, shape.left or 0, shape.shape_id)


def _placeholder(shape: BaseShape) -> PP_PLACEHOLDER | None:
    return shape.placeholder_format.type if shape.is_placeholder else None


def _read_frame(frame: TextFrame, placeholder: PP_PLACEHOLDER | None, draft: Draft) -> None:
    for paragraph in frame.paragraphs:
        text, bulleted = without_bullet(clean(_seen(paragraph, draft)))
        if placeholder in _TITLES:
            draft.paragraph(text, BlockKind.HEADING)
        elif bulleted or (placeholder in _BODY and len(frame.paragraphs) > 1):
            draft.paragraph(text, BlockKind.LIST_ITEM)
        else:
            draft.paragraph(text)


def _seen(paragraph: Any, draft: Draft) -> str:
    parts = []
    for child in paragraph._p:
        tag = str(child.tag).rpartition("}")[2]
        text = "".join(child.xpath("./a:t/text()")) if tag in ("r", "fld") else ""
        if text.strip() and child.xpath("./a:rPr[@strike='sngStrike' or @strike='dblStrike']"):
            draft.note(f"struck-through text left out: '{' '.join(text.split())[:60]}'")
        else:
            parts.append("\n" if tag == "br" else text)
    return "".join(parts)


def _read_table(table: Table, draft: Draft) -> None:
    cells = []
    rows, columns = len(table.rows), len(table.columns)
    if rows * columns > draft.limits.cells:
        raise draft.over(f"more than {draft.limits.cells} table cells", "give the plan alone")
    for row in range(rows):
        for column, cell in enumerate(table.rows[row].cells):
            lines = [_seen(paragraph, draft) for paragraph in cell.text_frame.paragraphs]
            text = clean("\n".join(without_bullet(clean(line))[0] for line in lines))
            if text and not cell.is_spanned:
                width, height = (
                    (cell.span_width, cell.span_height) if cell.is_merge_origin else (1, 1)
                )
                cells.append(Cell(row + 1, column + 1, text, width, height))
    if cells:
        place_table(draft, cells, draft.start_table())
