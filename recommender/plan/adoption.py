"""Does a statement say that the school adopts what it names, or does anything? Linear word models.

Cues block what their list holds; these models have seen many ways of not adopting a programme and
read the whole statement, with names hidden so that no programme is favoured. Weights:
`corpus/plan_adoption.json` (a name) and `corpus/plan_doing.json` (a statement), fitted by
`python -m recommender.plan.quality --fit`; figures in docs/results/plan_check.md.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import msgspec
from Stemmer import Stemmer

from recommender.errors import BadCorpus
from recommender.plan.cues import Cue

ADOPTION, DOING = "plan_adoption.json", "plan_doing.json"
# Words on either side of the name that are read with their side.
NEAR, WIDE = 4, 12

_TOKEN = re.compile(
    r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:[.,:/]\d+)*|[$%&+?!;:()“”\"—–-]|[.,](?=\s|$)"
)
_MARKS = frozenset('.,;:()“”"—–-!')
_STOP = re.compile(r"[.!?;]")
CUE = "cue:"
# A cue weighs like a word of a statement whose words make four features.
CUE_VALUE = 0.5
NAME, OTHER_NAME, NUMBER = "<name>", "<other>", "<n>"


class WordModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Weights of words and their places; a word without a weight says nothing."""

    constant: float
    weights: Mapping[str, float]

    @classmethod
    def read(cls, corpus: Path, file: str) -> "WordModel":
        """Read a model of a corpus folder.

        Raises:
            BadCorpus: missing or of another shape.
        """
        path = corpus / file
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except OSError as error:
            raise BadCorpus(f"{path}: {error.strerror}") from None
        except msgspec.DecodeError as error:
            raise BadCorpus(f"{path}: {error}") from None

    def logit(self, features: Sequence[str]) -> float:
        """Return constant + sum of weight x value, values as in `feature_values`."""
        values = feature_values(features)
        return self.constant + sum(self.weights.get(f, 0.0) * v for f, v in values.items())


def feature_values(features: Sequence[str]) -> dict[str, float]:
    """Return 1 / sqrt(n) for each of n words, so length is no merit; cues have one value."""
    words = sum(not feature.startswith(CUE) for feature in features)
    share = 1 / max(1, words) ** 0.5
    return {f: CUE_VALUE if f.startswith(CUE) else share for f in features}


def adoption_features(
    text: str,
    name: tuple[int, int],
    others: Sequence[tuple[int, int]] = (),
    cues: Sequence[Cue] = (),
) -> tuple[str, ...]:
    """Return what is said around the name at this place; `others` are the places of other names."""
    tokens = _tokens(text, [(*name, NAME), *((*other, OTHER_NAME) for other in others)])
    at = tokens.index(NAME)
    before, after = tokens[:at], tokens[at + 1 :]
    here_before = before[_last_stop(before) :]
    here_after = after[: _first_stop(after)]
    before, after = _telling(before), _telling(after)
    here_before, here_after = _telling(here_before), _telling(here_after)
    tokens = [*before, NAME, *after]
    found = [f"t:{t}" for t in tokens if t != NAME]
    found += _side("b", here_before[::-1])
    found += _side("a", here_after)
    found += [f"p:{t}" for t in before[: len(before) - len(here_before)]]
    found += [f"n:{t}" for t in after[len(here_after) :]]
    found += [f"s:{t}" for t in tokens[:1]] + ["s2:" + " ".join(tokens[:2])]
    opening = [*here_before, NAME, *here_after][:2]
    found += [f"o:{t}" for t in opening[:1]] + ["o2:" + " ".join(opening)]
    found += [f"t2:{a} {b}" for a, b in pairwise(tokens)]
    found += [f"{CUE}{cue.group}:{cue.effect}" for cue in cues]
    return tuple(dict.fromkeys(found))


def statement_features(
    text: str, names: Sequence[tuple[int, int]], cues: Sequence[Cue] = ()
) -> tuple[str, ...]:
    """Return what a statement says as a whole, with the names at these places hidden."""
    tokens = _telling(_tokens(text, [(*place, NAME) for place in names]))
    found = [f"t:{t}" for t in tokens] + [f"t2:{a} {b}" for a, b in pairwise(tokens)]
    found += [f"s:{t}" for t in tokens[:1]] + ["s2:" + " ".join(tokens[:2])]
    found += [f"e:{t}" for t in tokens[-1:]]
    found += [f"{CUE}{cue.group}:{cue.effect}" for cue in cues]
    return tuple(dict.fromkeys(found))


def _side(side: str, tokens: Sequence[str]) -> Iterable[str]:
    """Words of one side of the name, nearest first."""
    near = tokens[:NEAR]
    yield from (f"{side}:{t}" for t in near)
    yield from (f"{side}{i}:{t}" for i, t in enumerate(near[:2], start=1))
    yield from (f"{side}w:{t}" for t in tokens[:WIDE])
    yield from (f"{side}b:{x} {y}" for x, y in pairwise(near))
    if not tokens:
        yield f"{side}:<edge>"


def _tokens(text: str, spans: Sequence[tuple[int, int, str]]) -> list[str]:
    """Return the words; those at a place, with its mark, are hidden behind the mark."""
    found: list[str] = []
    low = 0
    for start, end, mark in sorted(spans):
        found += _words(text[low:start])
        found.append(mark)
        low = end
    return found + _words(text[low:])


def _words(text: str) -> list[str]:
    return [_normal(token) for token in _TOKEN.findall(text)]


def _normal(token: str) -> str:
    if token[0].isdigit():
        return NUMBER
    return _stem(token.lower().replace("’", "'"))


@cache
def _stem(word: str) -> str:
    stemmed: str = Stemmer("english").stemWord(word)
    return stemmed


def _telling(tokens: Sequence[str]) -> list[str]:
    """Leave out marks: how a writer points a line says nothing of what is done."""
    return [token for token in tokens if token not in _MARKS]


def _last_stop(tokens: Sequence[str]) -> int:
    return max((i + 1 for i, t in enumerate(tokens) if _STOP.fullmatch(t)), default=0)


def _first_stop(tokens: Sequence[str]) -> int:
    return next((i for i, t in enumerate(tokens) if _STOP.fullmatch(t)), len(tokens))
