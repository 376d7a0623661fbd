"""Plain text and CSV: encodings, dialects, paragraphs, lists and headings without any markup."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from recommender.plan.readers.blocks import BlockKind, Place
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.failures import refuse
from recommender.plan.readers.grid import Cell, place_table
from recommender.plan.readers.wording import clean, without_bullet

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters that text files do hold: tab, line feed, line and page break.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_DELIMITERS = ",;\t|"
# Enough rows to tell a dialect by.
_SAMPLE_LINES = 100
# A line this long was broken by its program, so the next one goes on with the sentence.
_WRAPPED_FROM = 60
_HEADING_WORDS = 12
_UNDERLINE = re.compile(r"^(?:={3,}|-{3,}|_{3,}|\*{3,})$")
_MARKED = re.compile(r"^#{1,6}\s+(?=\S)")
_NAMED = re.compile(r"^(?:turnaround practice|goal|section|part|objective)\s+\d", re.IGNORECASE)


def decode(content: bytes, name: str) -> str:
    """Decode text by its byte order mark, else as UTF-8, else as Windows-1252.

    Raises:
        UnreadablePlan: neither, or not text at all.
    """
    try:
        text = _decode(content)
    except UnicodeDecodeError:
        text = "\0"
    if _CONTROLS.search(text):
        raise refuse(
            name, "the content is no text", "expected a plan as docx, pdf, xlsx, pptx, csv or txt"
        )
    return text


def _decode(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def read_text(content: bytes, draft: Draft) -> None:
    """Add the paragraphs of a text file to the draft."""
    lines = decode(content, draft.name).splitlines()
    waiting: list[str] = []
    for number, line in enumerate(lines):
        plain = clean(line)
        following = lines[number + 1].strip() if number + 1 < len(lines) else ""
        underlined = bool(_UNDERLINE.match(following)) and len(following) <= len(plain) + 3
        starts_anew = without_bullet(plain)[1] or _is_heading(plain) or underlined
        if waiting and (not plain or starts_anew or len(waiting[-1]) < _WRAPPED_FROM):
            _flush(waiting, draft)
        if underlined and plain:
            draft.paragraph(plain, BlockKind.HEADING)
        elif _is_heading(plain):
            draft.paragraph(_MARKED.sub("", plain), BlockKind.HEADING)
        elif plain and not _UNDERLINE.match(plain):
            waiting.append(plain)
    _flush(waiting, draft)


def _flush(waiting: list[str], draft: Draft) -> None:
    if waiting:
        text, listed = without_bullet(" ".join(waiting))
        draft.paragraph(text, BlockKind.LIST_ITEM if listed else BlockKind.PARAGRAPH)
        waiting.clear()


def _is_heading(line: str) -> bool:
    if _MARKED.match(line):
        return True
    if without_bullet(line)[1] or len(line.split()) > _HEADING_WORDS or line.endswith("."):
        return False
    letters = [char for char in line if char.isalpha()]
    shouts = len(letters) >= 4 and all(char.isupper() for char in letters)
    return shouts or (bool(_NAMED.match(line)) and len(line) <= _WRAPPED_FROM)


def read_csv(content: bytes, draft: Draft) -> None:
    """Add the cells of a CSV file to the draft."""
    text = decode(content, draft.name)
    delimiter = find_delimiter(text)
    cells: list[Cell] = []
    count = 0
    try:
        for row, fields in enumerate(_rows(text, delimiter), start=1):
            count += len(fields)
            if count > draft.limits.cells:
                raise draft.over(
                    f"more than {draft.limits.cells} cells", "give the rows of the plan"
                )
            filled = ((column, clean(field)) for column, field in enumerate(fields, start=1))
            cells += [Cell(row, column, words) for column, words in filled if words]
    except csv.Error as error:
        raise refuse(
            draft.name, f"not a CSV file ({error})", "save it as CSV UTF-8 or as .xlsx"
        ) from None
    if cells:
        place_table(draft, cells, Place())


def find_delimiter(text: str) -> str:
    """Return the delimiter that cuts most rows into the same number of columns."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    return max(_DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter))


def _regularity(sample: str, delimiter: str) -> int:
    try:
        widths = Counter(len(fields) for fields in _rows(sample, delimiter) if len(fields) > 1)
    except csv.Error:
        return 0
    return max((width * count for width, count in widths.items()), default=0)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
