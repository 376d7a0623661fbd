"""Does a line go on with the sentence of the line above, or does a new one begin?"""

import re
from collections.abc import Iterable

# Sentences break before small letters mostly; lists of sentences begin with capitals.
_WRAPPED_SHARE = 0.5
OPEN_END = re.compile(
    r"(?:[,&/-]|\b(?:a|an|the|and|or|of|to|in|for|with|by|on|from|at|as|use))$", re.IGNORECASE
)
"""The end of a line that its sentence cannot end with."""


def breaks_sentences(lines_below: Iterable[str]) -> bool:
    """Tell whether lines go on with a small letter, as text that is broken at a width does."""
    below = [line for line in lines_below if line]
    small = sum(line[0].islower() for line in below)
    return bool(below) and small >= _WRAPPED_SHARE * len(below)


def goes_on(before: str, line: str, had_room: bool, is_wrapped: bool) -> bool:
    """Tell whether a line goes on with the sentence of the line above.

    Args:
        before: the line above.
        line: the line, not empty.
        had_room: the first word of the line would have fitted above.
        is_wrapped: the text around breaks sentences at a width.
    """
    if line[0].islower():
        return True
    is_open = not line[0].isupper() or bool(OPEN_END.search(before))
    return not had_room and (is_wrapped or is_open)
