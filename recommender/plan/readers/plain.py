"""Plain text and CSV: encodings, dialects, paragraphs, lists and headings without any markup."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from recommender.plan.readers.blocks import BlockKind, Place
from recommender.plan.readers.draft import Draft
from recommender.plan.readers.failures import refuse
from recommender.plan.readers.grid import Cell, place_table
from recommender.plan.readers.wording import clean, without_bullet
from recommender.plan.readers.wrapping import breaks_sentences, goes_on

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
# A line this long may have been broken by its program, so the next one goes on with the sentence.
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
    lines = [clean(line) for line in decode(content, draft.name).splitlines()]
    is_wrapped = breaks_sentences(_below_long_lines(lines))
    widths = _widths(lines)
    waiting: list[str] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        underlined = bool(_UNDERLINE.match(following)) and len(following) <= len(line) + 3
        starts_anew = _is_own(line) or underlined
        if waiting and (starts_anew or not _goes_on(waiting[-1], line, widths[number], is_wrapped)):
            _flush(waiting, draft)
        if (underlined and line) or _is_heading(line):
            draft.paragraph(_MARKED.sub("", line), BlockKind.HEADING)
        elif line and not _UNDERLINE.match(line):
            waiting.append(line)
    _flush(waiting, draft)


def _is_own(line: str) -> bool:
    return without_bullet(line)[1] or _is_heading(line)


def _below_long_lines(lines: Sequence[str]) -> Iterator[str]:
    for before, line in pairwise(lines):
        if len(before) >= _WRAPPED_FROM and line and not _is_own(line):
            yield line


def _widths(lines: Sequence[str]) -> list[int]:
    """Return for each line the length of the longest one between the empty lines around it."""
    widths: list[int] = []
    for _, block in groupby(lines, key=bool):
        lengths = [len(line) for line in block]
        widths += [max(lengths)] * len(lengths)
    return widths


def _goes_on(before: str, line: str, width: int, is_wrapped: bool) -> bool:
    if len(before) < _WRAPPED_FROM or not line:
        return False
    had_room = len(before) + 1 + len(line.split()[0]) <= width
    return goes_on(before, line, had_room, is_wrapped)


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
