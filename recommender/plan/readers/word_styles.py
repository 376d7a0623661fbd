"""What the styles of a Word document make of a paragraph."""

import re
from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element

_HEADING = re.compile(r"heading \d|title$|subtitle$", re.IGNORECASE)
_CONTENTS = re.compile(r"toc \d|table of figures", re.IGNORECASE)
# Styles can be based on each other in a circle in a damaged file.
_MAX_BASES = 10


@dataclass(frozen=True, slots=True)
class Looks:
    """How a paragraph looks on the page."""

    heading: bool = False
    listed: bool = False
    in_contents: bool = False
    """Part of a table of contents, which repeats headings only."""


class Styles:
    """Looks by style id, each worked out once."""

    def __init__(self, document: Document) -> None:
        elements = document.styles.element.findall(qn("w:style"))
        self._elements = {element.get(qn("w:styleId")): element for element in elements}
        self._looks: dict[str | None, Looks] = {}

    def of(self, paragraph: _Element) -> Looks:
        """Return the looks of a paragraph; its own numbering and outline level come first."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return Looks()
        style_id = _value(properties, "w:pStyle")
        if style_id not in self._looks:
            self._looks[style_id] = self._style_looks(style_id)
        looks = self._looks[style_id]
        own_list = _is_listed(properties)
        return Looks(
            heading=looks.heading or _is_outlined(properties),
            listed=looks.listed if own_list is None else own_list,
            in_contents=looks.in_contents,
        )

    def _style_looks(self, style_id: str | None) -> Looks:
        heading = in_contents = False
        listed: bool | None = None
        for _ in range(_MAX_BASES):
            element = self._elements.get(style_id)
            if element is None:
                break
            name = _value(element, "w:name") or ""
            properties = element.find(qn("w:pPr"))
            heading |= bool(_HEADING.match(name)) or _is_outlined(properties)
            in_contents |= bool(_CONTENTS.match(name))
            listed = _is_listed(properties) if listed is None else listed
            style_id = _value(element, "w:basedOn")
        return Looks(heading, bool(listed), in_contents)


def _is_listed(properties: _Element | None) -> bool | None:
    numbering = None if properties is None else properties.find(qn("w:numPr"))
    if numbering is None:
        return None
    return _value(numbering, "w:numId") not in ("0", None)


def _is_outlined(properties: _Element | None) -> bool:
    level = None if properties is None else _value(properties, "w:outlineLvl")
    return level is not None and level.isdigit() and int(level) < 9


def _value(parent: _Element, tag: str) -> str | None:
    child = parent.find(qn(tag))
    return None if child is None else child.get(qn("w:val"))
