"""How much the words of a line say that it tells what a school does: a linear word model.

Weights: `corpus/plan_lines.json`, fitted by `python -m recommender.plan.line_quality --fit` on
labelled lines (`corpus/judgments/plan_lines.jsonl`); figures in docs/results/plan_reading.md.
"""

import re
from functools import lru_cache
from math import log2
from pathlib import Path

from recommender import paths
from recommender.plan.adoption import CUE, WordModel, statement_features
from recommender.plan.statements import CUES

FILE = "plan_lines.json"
# The words of a whole page say no more than its first ones.
MOST_WORDS = 80
_MOST_LENGTH = 6
_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+")
_KEPT = 4096
# Words that look like a name: an acronym, capitals inside a line or inside a word.
_NAME = re.compile(r"(?<=\w )[A-Z][\w&-]+ (?:[&] )?[A-Z]|\b[A-Z]{3,}\b|[a-z][A-Z]")


class LineModel:
    """Judges lines with the weights of a corpus folder; build it once."""

    def __init__(self, words: WordModel) -> None:
        self._words = words
        self._kept = lru_cache(_KEPT)(self._judge)

    @classmethod
    def read(cls, corpus: Path) -> "LineModel":
        """Read the weights of a corpus folder.

        Raises:
            BadCorpus: missing or of another shape.
        """
        return cls(WordModel.read(corpus, FILE))

    def logit(self, text: str) -> float:
        """Return the log odds that the line says what the school does or will do."""
        return self._kept(text)

    def _judge(self, text: str) -> float:
        return self._words.logit(line_features(text))


@lru_cache(1)
def shipped_lines() -> LineModel:
    """Return the model of the configured corpus folder."""
    return LineModel.read(paths.corpus_folder())


def line_features(text: str) -> tuple[str, ...]:
    """Return the words of a line, its form, and which of the known cues it has."""
    words = text.split()[:MOST_WORDS]
    text = " ".join(words)
    plain = [word.lower() for word in _WORD.findall(text)]
    found = list(statement_features(text, []))
    found += [f"w:{word}" for word in plain] + [f"s3:{' '.join(plain[:3])}"]
    found += [f"x:{word[-3:]}" for word in plain if len(word) > 4]
    found += [f"{CUE}{name}" for name, pattern in CUES.items() if pattern.search(text)]
    found += [f"{CUE}name"] if _NAME.search(text) else []
    found.append(f"{CUE}length {min(_MOST_LENGTH, int(log2(len(words) + 1)))}")
    found.append(f"{CUE}end {text[-1:] if text[-1:] in '.:?!' else ''}")
    return tuple(dict.fromkeys(found))
