"""What a plan says an abbreviation stands for: `TIPS (Teachers Involve Parents ...)`."""

import re
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"[A-Za-z][\w'’]*")
_SMALL = frozenset("a an and by for in of on or the to with".split())  # noqa: SIM905
MIN_LETTERS = 3
# Letters of text on either side in which a plan spells an abbreviation out.
REACH = 80
# Two words with the same first letters count as one: Asset and Assets.
BEGINNING = 4
# One word in so many may be another one: Achievement for Advancement Via Individual Determination.
WORDS_A_FAULT = 3


def expansion(text: str, start: int, end: int) -> str | None:
    """Return the words near `text[start:end]`, in capitals, whose first letters spell it."""
    letters = re.sub(r"[^a-z]", "", text[start:end].lower())
    if len(letters) < MIN_LETTERS:
        return None
    low, high = max(0, start - REACH), end + REACH
    words = [m.span() for m in _WORD.finditer(text, low, high) if not start <= m.start() < end]
    for number in range(len(words)):
        last = _spelt(text, words[number:], letters)
        if last is not None:
            return text[words[number][0] : last]
    return None


def is_known(said: str, names: Iterable[str]) -> bool:
    """Tell whether an expansion is one of a programme's names, but for a letter or an ending."""
    wanted = set(_beginnings(said))
    return any(
        len(wanted - set(_beginnings(name))) <= len(wanted) // WORDS_A_FAULT for name in names
    )


def _beginnings(name: str) -> list[str]:
    return [w.lower()[:BEGINNING] for w in _WORD.findall(name) if w.lower() not in _SMALL]


def _spelt(text: str, words: Sequence[tuple[int, int]], letters: str) -> int | None:
    """Return where the words end that spell the letters; small words may stand between."""
    left = letters
    for start, end in words:
        word = text[start:end]
        if word[0].lower() == left[0] and (word[0].isupper() or word in _SMALL):
            left = left[1:]
            if not left:
                return end
        elif left == letters or word not in _SMALL:
            return None
    return None
