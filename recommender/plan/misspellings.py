"""Names in a row of words where letters are wrong, at the cost of the few names that come near.

A plain comparison of every window of words with every name gives the same answer; the tests do it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

LETTERS_A_FAULT, MAX_FAULTS = 6, 3  # one wrong letter in six, and never more than three
# Shorter words are too often another word with a letter changed.
MIN_WORD_LETTERS = 5
MAX_LENGTH_DIFFERENCE = 2
# Shorter words change their meaning with an s: as, is, it.
MIN_PLURAL_LETTERS = 4
# With this many words of the name right, another word in it is taken for a slip.
ENOUGH_RIGHT = 3
# British and American spellings of one word: organisation, levelled, behaviour.
_SPELLINGS = ((re.compile("ll"), "l"), (re.compile("is(?=[aei])"), "iz"), (re.compile("our"), "or"))
# Plans have few words, and have them often.
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class NearName:
    """A name with wrong letters, from one word on."""

    first: int
    words: tuple[str, ...]
    """As the name has them."""
    faults: int


class NearNames:
    """Finds names with wrong letters; the words of a name are known by their first letter."""

    def __init__(self, names: Collection[tuple[str, ...]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], int]]] = defaultdict(list)
        for words in sorted(names):
            allowed = min(MAX_FAULTS, len("".join(words)) // LETTERS_A_FAULT)
            self._by_first[words[0]].append((words, allowed))
        self._by_shape = _by_shape({word for words in names for word in words})
        self._near = lru_cache(KEPT)(self._words_near)

    def find(self, said: Sequence[str]) -> Iterator[NearName]:
        """Yield every name with wrong letters in the lower-case words of a text."""
        near = [self._near(word) for word in said]
        for first, starts in enumerate(near):
            for start in starts:
                for words, allowed in self._by_first.get(start, ()):
                    faults = _faults(near[first : first + len(words)], words, allowed)
                    if faults:
                        yield NearName(first, words, faults)

    def _words_near(self, said: str) -> Mapping[str, int]:
        """Return the words of names that this may stand for, each with the wrong letters."""
        alike = self._by_shape.get((said[0], len(said)), ())
        found = process.extract_iter(said, alike, scorer=OSA.distance, score_cutoff=MAX_FAULTS)
        near = {word: int(faults) for word, faults, _ in found}
        if len(said) >= MIN_PLURAL_LETTERS:
            near |= dict.fromkeys((said + "s", said.removesuffix("s")), 1)
        return near | {said: 0}


def _by_shape(words: Iterable[str]) -> dict[tuple[str, int], list[str]]:
    """Return, for a first letter and a length, the words that such a word may stand for."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in sorted(words):
        if len(word) >= MIN_WORD_LETTERS:
            for length in range(
                len(word) - MAX_LENGTH_DIFFERENCE, len(word) + MAX_LENGTH_DIFFERENCE + 1
            ):
                found[word[0], length].append(word)
    return found


def _faults(near: Sequence[Mapping[str, int]], name: Sequence[str], allowed: int) -> int:
    """Return the wrong letters, 0 where the name is right, too far or longer than the text."""
    if len(near) < len(name):
        return 0
    total = 0
    for options, right in zip(near, name):
        faults = options.get(right)
        if faults is None:
            return 0
        total += faults
    return total if total <= allowed else 0


def wrong_words(said: Sequence[str], name: Sequence[str]) -> list[str]:
    """Return the words that may be meant as they stand, not as a slip in the name's words.

    None where most of a long name is right; a plural and the other side's spelling are no slips.
    """
    pairs = [(word, right) for word, right in zip(said, name) if word != right]
    right_words = [r for word, r in zip(said, name) if word == r and len(r) >= MIN_PLURAL_LETTERS]
    if len(right_words) >= ENOUGH_RIGHT:
        return []
    return [word for word, right in pairs if _american(word) != _american(right)]


def _american(word: str) -> str:
    """Return one spelling for both sides of the sea, without the s of a plural."""
    for spelling, other in _SPELLINGS:
        word = spelling.sub(other, word)
    return word.removesuffix("s")
