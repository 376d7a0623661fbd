"""The words of one Word paragraph as they show on the page, and the text boxes anchored in it."""

from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element

from recommender.plan.readers.wording import clean

_MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_OFFICE_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
MARKUP_CHOICE = f"{_MARKUP}AlternateContent"
"""Holds the same content twice, for new and for old programs; the first is the one to read."""

_INLINE = {
    qn(tag)
    for tag in ("w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:fldSimple", "w:customXml")
}
_SIGNS = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_OFF = ("0", "false", "none", "off")


@dataclass(slots=True)
class ParagraphText:
    """Words of a paragraph and what was left out of them."""

    words: str = ""
    is_bold: bool = False
    boxes: list[_Element] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


def read_text(paragraph: _Element) -> ParagraphText:
    """Return the visible words of a paragraph."""
    reading = _Reading()
    reading.read_inline(paragraph)
    words = clean("".join(reading.parts))
    is_bold = reading.plain_letters == 0 and reading.bold_letters > 0
    return ParagraphText(words, is_bold, reading.boxes, reading.left_out)


class _Reading:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.boxes: list[_Element] = []
        self.left_out: list[str] = []
        self.bold_letters = self.plain_letters = 0

    # The XML parser itself refuses more than 256 levels, so recursion ends.
    def read_inline(self, element: _Element) -> None:
        for child in element:
            if child.tag == qn("w:r"):
                self._read_run(child)
            elif child.tag in _INLINE:
                self.read_inline(child)
            elif child.tag == qn("w:sdt"):
                shown = child.find(qn("w:sdtContent"))
                hint = child.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
                if shown is not None and hint is None:
                    self.read_inline(shown)
            elif child.tag == MARKUP_CHOICE and len(child):
                self.read_inline(child[0])

    def _read_run(self, run: _Element) -> None:
        properties = run.find(qn("w:rPr"))
        text = "".join(_sign(child) for child in run)
        if text.strip() and (reason := _why_unseen(properties)):
            self.left_out.append(f"{reason} text left out: '{_excerpt(text)}'")
        else:
            self._count_letters(text, _is_on(properties, "w:b"))
            self.parts.append(text)
        self._find_boxes(run)

    def _count_letters(self, text: str, is_bold: bool) -> None:
        letters = len(text.strip())
        self.bold_letters += letters if is_bold else 0
        self.plain_letters += 0 if is_bold else letters

    def _find_boxes(self, element: _Element) -> None:
        for child in element:
            if child.tag == qn("w:txbxContent"):
                self.boxes.append(child)
            elif child.tag == MARKUP_CHOICE and len(child):
                self._find_boxes(child[0])
            elif child.tag in (_DIAGRAM, _OFFICE_OBJECT):
                self.left_out.append("an embedded object or diagram was not read")
            elif len(child):
                self._find_boxes(child)


def _sign(element: _Element) -> str:
    if element.tag == qn("w:t"):
        return element.text or ""
    return _SIGNS.get(str(element.tag), "")


def _why_unseen(properties: _Element | None) -> str | None:
    if _is_on(properties, "w:vanish"):
        return "hidden"
    if _is_on(properties, "w:strike") or _is_on(properties, "w:dstrike"):
        return "struck-through"
    return None


def _is_on(properties: _Element | None, tag: str) -> bool:
    switch = None if properties is None else properties.find(qn(tag))
    return switch is not None and switch.get(qn("w:val"), "1") not in _OFF


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59] + "…"
