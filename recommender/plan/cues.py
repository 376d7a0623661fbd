"""Words of plans that say whether a named programme is adopted; the words are data."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from recommender.errors import BadCorpus
from recommender.ingest.profiles import read_yaml

FILE = "plan_cues.yaml"
# Words before which a cue speaks of the whole statement: "We will stop ...", "The team may ...".
OPENING = 3
KEPT = 1000
# What students explore is a lesson, not a programme that the school looks into.
_LEARNERS = re.compile(
    r"\b(?:students|children|learners|pupils|kindergart\w+|graders|they)\b", re.I
)
_WORD = re.compile(r"[\w'’&%$-]+")
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)%])[.!?](?=\s+[A-Z0-9(])|[;\n]")


class CueEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of the file; the head of the file says what the fields mean."""

    group: str
    says: str
    effect: Literal["none", "review", "adopts"]
    side: Literal["before", "after", "sentence", "start"]
    phrases: tuple[str, ...]
    reach: int = 0
    yields: bool = False
    case_sensitive: bool = False
    about_name: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found in a text."""

    group: str
    says: str
    effect: str
    words: str
    yields: bool = False
    """Gives way where the words around the name are very sure."""


class CueBook:
    """Finds cues near a name, or about a statement as a whole."""

    def __init__(self, entries: Sequence[CueEntry], where: str = FILE) -> None:
        self._entries = [(entry, _compiled(entry, where)) for entry in entries]
        # A statement of one sentence is asked about as a whole and for each name in it.
        self._sentence = lru_cache(KEPT)(self._find_in_sentence)

    @classmethod
    def read(cls, corpus: Path) -> "CueBook":
        """Read the file of a corpus folder.

        Raises:
            BadCorpus: missing, of another shape, or a phrase that is no regular expression.
        """
        path = corpus / FILE
        return cls(read_yaml(path, tuple[CueEntry, ...]), str(path))

    def about(self, text: str) -> tuple[Cue, ...]:
        """Return the cues that say the statement as a whole is no strategy."""
        stripped = text.lstrip(" \t•-–*")
        return tuple(
            _cue(entry, match[0])
            for entry, pattern in self._entries
            if entry.side == "start" and (match := pattern.match(stripped))
        )

    def within(self, text: str) -> tuple[Cue, ...]:
        """Return the cues that hold anywhere in a statement, name or no name."""
        return self._sentence(text)

    def whole(self, text: str) -> tuple[Cue, ...]:
        """Return the cues about all that a statement does: they open it, or hold anywhere."""
        return (*self._opening(text), *self._sentence(text))

    def _opening(self, text: str) -> Iterable[Cue]:
        for entry, pattern in self._entries:
            may_open = entry.side == "before" and not entry.about_name
            match = pattern.search(text) if may_open else None
            if match is None or not match[0].strip():
                continue
            before = text[: match.start()]
            is_lesson = entry.group == "exploring" and _LEARNERS.search(before)
            if not is_lesson and len(_WORD.findall(before)) <= OPENING:
                yield _cue(entry, match[0])

    def near(self, text: str, start: int, end: int) -> tuple[Cue, ...]:
        """Return the cues about the name at `text[start:end]`."""
        low, high = _sentence_around(text, start, end)
        before, after = text[low:start], text[end:high]
        found = list(self._sentence(text[low:high]))
        for entry, pattern in self._entries:
            if entry.side == "before":
                found.extend(_before(entry, pattern, before))
            elif entry.side == "after":
                found.extend(_after(entry, pattern, after))
        return tuple(found)

    def _find_in_sentence(self, text: str) -> tuple[Cue, ...]:
        return tuple(
            _cue(entry, match[0])
            for entry, pattern in self._entries
            if entry.side == "sentence" and (match := pattern.search(text))
        )


def _before(entry: CueEntry, pattern: re.Pattern[str], text: str) -> Iterable[Cue]:
    for match in pattern.finditer(text):
        if match[0].strip() and len(_WORD.findall(text[match.end() :])) <= entry.reach:
            yield _cue(entry, match[0])
            return


def _after(entry: CueEntry, pattern: re.Pattern[str], text: str) -> Iterable[Cue]:
    match = pattern.search(text)
    if match and len(_WORD.findall(text[: match.start()])) <= entry.reach:
        yield _cue(entry, match[0])


def _cue(entry: CueEntry, words: str) -> Cue:
    return Cue(entry.group, entry.says, entry.effect, " ".join(words.split()), entry.yields)


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    low = max((e for e in ends if e <= start), default=0)
    return low, min((e for e in ends if e >= end), default=len(text))


def _compiled(entry: CueEntry, where: str) -> re.Pattern[str]:
    flags = re.NOFLAG if entry.case_sensitive else re.IGNORECASE
    try:
        return re.compile("|".join(f"(?:{phrase})" for phrase in entry.phrases), flags)
    except re.error as error:
        raise BadCorpus(
            f"{where}, group {entry.group}: not a regular expression: {error}"
        ) from None
