"""Words of a text as the lexical index sees them."""

import re
from functools import lru_cache

import Stemmer

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+[a-z]*")
_STEMMER = Stemmer.Stemmer("english")

STOPWORDS = frozenset(
    """a about after all also although am an and any are as at be because been before being both
    but by can cannot could did do does doing don't down during each etc even few for from further
    get gets getting go goes got had has have having he her here hers him his how however i if in
    into is it its it's itself just let like lot made make makes many may me might more most much
    must my need needs no nor not now of off on once one only or other our ours out over own per
    same she should so some such than that the their theirs them themselves then there these they
    this those through to too two under until up us use used uses using very was way we were what
    when where which while who whom why will with within without would yet you your yours
    student students school schools kids pupils child children year years grade grades gr
    percent data area areas still""".split()  # noqa: SIM905
)
"""Function words, and words that every root cause holds."""


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the Porter2 stem of a lower-case word."""
    return str(_STEMMER.stemWord(word))


def words(text: str) -> list[str]:
    """Split into lower-case words; apostrophes of any kind are one."""
    return _WORD.findall(text.lower().replace("’", "'"))


def tokens(text: str) -> list[str]:
    """Return the stems of the content words, in order, repeats kept."""
    return [stem(word) for word in words(text) if word not in STOPWORDS]
