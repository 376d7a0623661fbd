"""Words on a PDF page -> lines, columns and paragraphs, by where they stand."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from recommender.plan.readers.wording import without_bullet
from recommender.plan.readers.wrapping import breaks_sentences, goes_on

# White between two columns; between words of justified text it is rarely more than half of this.
_GUTTER = 12.0
# Fewer lines side by side are a label and its value, or a line with a tab in it.
_COLUMN_LINES = 3
_COLUMN_WORDS_A_LINE = 2.5
# Distance from line to line, in line heights, from which a new paragraph starts.
_PARAGRAPH_GAP = 1.65
# A line that ends this far left of its column's edge, in shares of the width, ends a paragraph.
_SHORT_LINE = 0.75
# White between two words, in font sizes.
_SPACE = 0.3
_HEADING_SIZE = 1.15
_HEADING_WORDS = 16
_SENTENCE_END = (".", "!", "?", ":")
_BROKEN_WORD = re.compile(r"(\w+)-$")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its box (points from the page's top left corner) and font."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    text: str
    size: float
    bold: bool

    def is_heading(self, body_size: float) -> bool:
        """Tell whether it is short and larger than the body, or bold all through."""
        if len(self.text.split()) > _HEADING_WORDS or self.text.endswith((".", ",", ";")):
            return False
        has_letters = any(char.isalpha() for char in self.text)
        return has_letters and (self.bold or self.size >= _HEADING_SIZE * body_size)


Line = list[Word]
Interval = tuple[float, float]


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Group words into lines from top to bottom, each from left to right."""
    lines: list[Line] = []
    for word in sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.left)):
        if lines and _same_line(lines[-1][-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [sorted(line, key=lambda word: word.left) for line in lines]


def paragraphs_of(words: Sequence[Word], known: frozenset[str]) -> list[Paragraph]:
    """Return paragraphs in reading order, column by column where there are columns.

    Args:
        words: of the page or of a part of it.
        known: lower-case words of the document, which tell a broken word from one with a hyphen.
    """
    found: list[Paragraph] = []
    for column in _columns(lines_of(words)):
        for lines in _paragraph_lines(lines_of(column)):
            found.append(_paragraph(lines, known))
    return [paragraph for paragraph in found if paragraph.text]


def join_lines(lines: Iterable[str], known: frozenset[str]) -> str:
    """Join wrapped lines into one; a hyphen stays unless the document has the word without."""
    text = ""
    for line in lines:
        broken = _BROKEN_WORD.search(text)
        if text.endswith("\u00ad"):
            text = text[:-1] + line
        elif broken and line[:1].islower():
            whole = broken[1] + line.split()[0].strip(".,;:()")
            text = (text[:-1] if whole.lower() in known else text) + line
        else:
            text = f"{text} {line}" if text else line
    return text


def _same_line(before: Word, word: Word) -> bool:
    middle = (word.top + word.bottom) / 2
    height = min(before.bottom - before.top, word.bottom - word.top)
    return abs(middle - (before.top + before.bottom) / 2) < max(height * 0.4, 1)


def _columns(lines: Sequence[Line]) -> list[Line]:
    """Return the words of column after column; lines without columns stay together as one."""
    columns: list[Line] = []
    plain: Line = []
    start = 0
    while start < len(lines):
        side_by_side, end = _longest_columns(lines, start)
        if side_by_side:
            columns += [plain, *side_by_side]
            plain = []
        else:
            plain.extend(lines[start])
        start = end
    return [column for column in [*columns, plain] if column]


def _longest_columns(lines: Sequence[Line], start: int) -> tuple[list[Line], int]:
    """Return columns that begin at a line, if any do, and the line after them."""
    gutters = [(min(line[0].left for line in lines), max(line[-1].right for line in lines))]
    found: list[Interval] = []
    end = start + 1
    for number in range(start, len(lines)):
        gutters = _intersect(gutters, _free_intervals(lines[number]))
        if not gutters:
            break
        if inner := _inner(gutters, lines[start : number + 1]):
            found, end = inner, number + 1
    columns = _cut(lines[start:end], found) if found else []
    return (columns, end) if columns else ([], start + 1)


def _free_intervals(line: Line) -> list[Interval]:
    edges = [float("-inf")]
    for word in line:
        edges += [word.left, max(word.right, edges[-1])]
    edges.append(float("inf"))
    return [(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]


def _intersect(ours: Sequence[Interval], theirs: Sequence[Interval]) -> list[Interval]:
    both = [(max(a, c), min(b, d)) for a, b in ours for c, d in theirs]
    return [(start, end) for start, end in both if end - start >= _GUTTER]


def _inner(gutters: Sequence[Interval], lines: Sequence[Line]) -> list[Interval]:
    left = min(line[0].left for line in lines)
    right = max(line[-1].right for line in lines)
    return [gutter for gutter in gutters if left < gutter[0] and gutter[1] < right]


def _cut(lines: Sequence[Line], gutters: Sequence[Interval]) -> list[Line]:
    cuts = sorted(end for _, end in gutters)
    columns: list[Line] = [[] for _ in range(len(cuts) + 1)]
    for word in (word for line in lines for word in line):
        columns[sum(word.left >= cut - 0.1 for cut in cuts)].append(word)
    return columns if all(map(_is_column, columns)) else []


def _is_column(words: Line) -> bool:
    lines = len(lines_of(words))
    return lines >= _COLUMN_LINES and len(words) >= _COLUMN_WORDS_A_LINE * lines


def _paragraph_lines(lines: Sequence[Line]) -> list[list[Line]]:
    if not lines:
        return []
    left = min(line[0].left for line in lines)
    right = max(line[-1].right for line in lines)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        if _starts_anew(before, line, left + _SHORT_LINE * (right - left)):
            groups.append([line])
        else:
            groups[-1].append(line)
    is_wrapped = breaks_sentences(_text(line) for group in groups for line in group[1:])
    return [part for group in groups for part in _cut_sentences(group, is_wrapped)]


def _cut_sentences(lines: Sequence[Line], is_wrapped: bool) -> list[list[Line]]:
    """Cut where a line ended although the first word of the next would have fitted."""
    right = max(line[-1].right for line in lines)
    groups = [[lines[0]]]
    for before, line in pairwise(lines):
        first, last = line[0], before[-1]
        had_room = last.right + _SPACE * last.size + first.right - first.left <= right
        if goes_on(_text(before), _text(line), had_room, is_wrapped):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _text(line: Line) -> str:
    return " ".join(word.text for word in line)


def _starts_anew(before: Line, line: Line, short_before: float) -> bool:
    height = median(word.bottom - word.top for word in before)
    pitch = median(word.top for word in line) - median(word.top for word in before)
    ended = before[-1].text.endswith(_SENTENCE_END) and before[-1].right < short_before
    return (
        pitch > _PARAGRAPH_GAP * height
        or abs(_size(line) - _size(before)) > 1
        or _is_bold(line) != _is_bold(before)
        or without_bullet(_text(line))[1]
        or ended
    )


def _paragraph(lines: Sequence[Line], known: frozenset[str]) -> Paragraph:
    text = join_lines(map(_text, lines), known)
    words = [word for line in lines for word in line]
    return Paragraph(text, _size(words), _is_bold(words))


def _size(words: Line) -> float:
    return float(median(word.size for word in words))


def _is_bold(words: Line) -> bool:
    return all(word.bold for word in words if any(char.isalnum() for char in word.text))
