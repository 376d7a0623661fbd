"""Marking, in a sentence shown to the reader, the words that the root cause shares with it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from recommender.text import stem, words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; the template puts a mark around the marked ones."""

    text: str
    is_marked: bool


def mark_words(sentence: str, matched: Iterable[str]) -> tuple[Piece, ...]:
    """Split a sentence so that words with the stem of a matched word can be marked.

    The pieces joined are the sentence.
    """
    stems = {stem(word) for word in matched}
    pieces: list[Piece] = []
    end = 0
    for found in _WORD.finditer(sentence):
        if stems.isdisjoint(stem(word) for word in words(found.group())):
            continue
        if found.start() > end:
            pieces.append(Piece(sentence[end : found.start()], False))
        pieces.append(Piece(found.group(), True))
        end = found.end()
    if end < len(sentence):
        pieces.append(Piece(sentence[end:], False))
    return tuple(pieces)
