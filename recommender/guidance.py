"""The state's planning guidance in our own words: `corpus/guidance/*.yaml`, read strictly.

Facts only, each with the page it was read on and that page's date. It is no part of the index: it
says how a plan is made, never which practice to choose.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from recommender.errors import BadCorpus
from recommender.ingest.profiles import read_yaml

SOURCES, TOPICS, CALENDAR = "sources.yaml", "topics.yaml", "calendar.yaml"

_ADDRESS = re.compile(r"https://[^\s]+")


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page of the state, and the date it gives itself."""

    id: str
    title: str
    url: str
    dated: date | None
    """The page's own last change; `None` where the copy read shows none."""


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fact or question, with the source it was read in."""

    text: str
    source: str


class Topic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points about one matter; `note` is ours and warns of what the points cannot tell."""

    id: str
    title: str
    points: tuple[Point, ...]
    note: str | None = None


class Period(StrEnum):
    """How often progress is looked at, the shortest first."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class Beat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One beat of the monitoring rhythm: who looks at what, how often."""

    period: Period
    who: str
    what: str
    source: str


class ReflectionQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One question of the yearly reflection; the id names its field in a form."""

    id: str
    ask: str
    source: str


class Outcome(StrEnum):
    """What a yearly reflection decides about a strategy."""

    CONTINUE = "continue"
    REVISE = "revise"
    ABANDON = "abandon"


class _Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    rhythm: tuple[Beat, ...]
    reflection: tuple[ReflectionQuestion, ...]


class Guidance(msgspec.Struct, frozen=True):
    """All of it, checked: every point's source is known, every period comes once."""

    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    rhythm: tuple[Beat, ...]
    reflection: tuple[ReflectionQuestion, ...]

    def source(self, source_id: str) -> Source:
        """Return the source of a point."""
        return next(source for source in self.sources if source.id == source_id)

    def topic(self, topic_id: str) -> Topic:
        """Return one topic, to be shown where it is needed."""
        return next(topic for topic in self.topics if topic.id == topic_id)


def read_guidance(folder: Path) -> Guidance:
    """Read and check the guidance.

    Raises:
        BadCorpus: a file is missing or breaks its shape, or the files disagree; every fault is
            named.
    """
    calendar = read_yaml(folder / CALENDAR, _Calendar)
    found = Guidance(
        read_yaml(folder / SOURCES, tuple[Source, ...]),
        read_yaml(folder / TOPICS, tuple[Topic, ...]),
        calendar.rhythm,
        calendar.reflection,
    )
    faults = list(_faults(found))
    if faults:
        raise BadCorpus(f"{folder}: {len(faults)} problem(s): " + "; ".join(faults[:20]))
    return found


def _faults(guidance: Guidance) -> Iterable[str]:
    for name, ids in (
        ("source", [source.id for source in guidance.sources]),
        ("topic", [topic.id for topic in guidance.topics]),
        ("reflection question", [question.id for question in guidance.reflection]),
    ):
        yield from (f"{name} {twice} comes twice" for twice in _repeated(ids))
    for source in guidance.sources:
        if not _ADDRESS.fullmatch(source.url):
            yield f"source {source.id}: {source.url!r} is no https address"
    known = {source.id for source in guidance.sources}
    for where, text, cited in _cited(guidance):
        if cited not in known:
            yield f"{where}: source {cited!r} is not in {SOURCES}"
        if not text.strip():
            yield f"{where}: an empty text"
    yield from (f"topic {topic.id} has no points" for topic in guidance.topics if not topic.points)
    if [beat.period for beat in guidance.rhythm] != list(Period):
        yield f"{CALENDAR}: periods are not {', '.join(Period)}, each once and in this order"


def _cited(guidance: Guidance) -> Iterable[tuple[str, str, str]]:
    for topic in guidance.topics:
        for number, point in enumerate(topic.points, 1):
            yield f"topic {topic.id}, point {number}", point.text, point.source
    for beat in guidance.rhythm:
        yield f"{beat.period} beat", beat.what, beat.source
    for question in guidance.reflection:
        yield f"reflection question {question.id}", question.ask, question.source


T = TypeVar("T")


def _repeated(values: Sequence[T]) -> list[T]:
    return [value for value in dict.fromkeys(values) if values.count(value) > 1]
