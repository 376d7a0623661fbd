"""Editorial files of the corpus: families, profiles, siblings, vocabulary, outcome areas.

Read strictly: an unknown key, a missing field or a broken limit names the file and the entry.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import yaml

from recommender.errors import BadCorpus
from recommender.records import Profile

T = TypeVar("T")

MAX_SUMMARY_WORDS = 60
MIN_CAUSES, MAX_CAUSES = 3, 6
_FORBIDDEN = re.compile(r"https?:|www\.|\S@\S|[$€£]\s?\d", re.IGNORECASE)


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of practice with a one-line definition."""

    id: str
    name: str
    definition: str


class Siblings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ids of one programme, and labels that are no single programme."""

    same_programme: tuple[tuple[int, ...], ...]
    umbrella_labels: tuple[int, ...]


class Abbreviation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An abbreviation of school planning; an empty expansion carries no topic."""

    term: str
    expands_to: str
    sense: str = ""
    case_sensitive: bool = False


class Synonym(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A plain phrase and the field's terms for it."""

    term: str
    also: tuple[str, ...]


class Vocabulary(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What planning teams' words stand for."""

    abbreviations: tuple[Abbreviation, ...]
    synonyms: tuple[Synonym, ...]
    test_names: tuple[str, ...]


class GuideLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Plan lines that carry a recommendation's content, and some that only come close."""

    practice_id: str
    follows: tuple[str, ...]
    close: tuple[str, ...]


class OutcomeArea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A need in plain words, the words that point to it and the outcome domains that measure it."""

    id: str
    name: str
    cues: tuple[str, ...]
    subjects: tuple[str, ...]
    domains: tuple[str, ...]


class _Turnaround(msgspec.Struct, forbid_unknown_fields=True):
    primary: Literal[1, 2, 3, 4]
    secondary: tuple[Literal[1, 2, 3, 4], ...]
    reason: str


class _Delivery(msgspec.Struct, forbid_unknown_fields=True):
    who: str | None = None
    to_whom: str | None = None
    how_often: str | None = None
    how_long: str | None = None


class _Takes(msgspec.Struct, forbid_unknown_fields=True):
    staff: str
    training: str
    materials: str
    schedule: str
    money: Literal["low", "moderate", "high", "not reported"]


class _ProfileEntry(msgspec.Struct, forbid_unknown_fields=True):
    practice_id: str
    name: str
    family: str
    basis: Literal["known programme", "study record only"]
    summary: str
    causes: tuple[str, ...]
    aliases: tuple[str, ...]
    not_to_be_confused_with: tuple[str, ...]
    turnaround_practices: _Turnaround
    delivery: _Delivery
    takes: _Takes
    watch_for: tuple[str, ...]


def read_yaml(path: Path, shape: type[T]) -> T:
    """Read one YAML file of the given shape.

    Raises:
        BadCorpus: no such file, not YAML, or another shape.
    """
    if not path.is_file():
        raise BadCorpus(f"{path}: missing from the corpus")
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        content: Any = yaml.load(path.read_text("utf-8"), Loader=loader)
        return msgspec.convert(content, shape)
    except yaml.YAMLError as error:
        raise BadCorpus(f"{path}: not valid YAML: {' '.join(str(error).split())}") from None
    except msgspec.ValidationError as error:
        raise BadCorpus(f"{path}: {error}") from None


def read_families(path: Path) -> tuple[Family, ...]:
    """Read the list of families; ids must be unique."""
    families = read_yaml(path, tuple[Family, ...])
    ids = [family.id for family in families]
    for twice in sorted({i for i in ids if ids.count(i) > 1}):
        raise BadCorpus(f"{path}: family {twice} comes twice")
    return families


def read_profiles(folder: Path, families: Iterable[Family]) -> tuple[Profile, ...]:
    """Read all profiles of a folder, sorted by practice id.

    Raises:
        BadCorpus: every broken limit of every file is listed, not only the first.
    """
    known = {family.id for family in families}
    profiles: dict[str, Profile] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        for entry in read_yaml(path, tuple[_ProfileEntry, ...]):
            where = f"{path.name}, {entry.practice_id}"
            problems.extend(f"{where}: {problem}" for problem in _problems(entry, known))
            if entry.practice_id in profiles:
                problems.append(f"{where}: comes twice")
            profiles[entry.practice_id] = _profile(entry)
    if problems:
        raise BadCorpus(f"{folder}: {len(problems)} problem(s): " + "; ".join(problems[:20]))
    return tuple(profiles[key] for key in sorted(profiles))


def _problems(entry: _ProfileEntry, families: set[str]) -> Iterable[str]:
    words = len(entry.summary.split())
    if words > MAX_SUMMARY_WORDS:
        yield f"summary has {words} words, at most {MAX_SUMMARY_WORDS}"
    if not MIN_CAUSES <= len(entry.causes) <= MAX_CAUSES:
        yield f"{len(entry.causes)} causes, expected {MIN_CAUSES} to {MAX_CAUSES}"
    if entry.family not in families:
        yield f"family {entry.family!r} is not in families.yaml"
    if entry.turnaround_practices.primary in entry.turnaround_practices.secondary:
        yield "primary turnaround practice repeated as secondary"
    for text in _texts(entry):
        if _FORBIDDEN.search(text):
            yield f"a web address, mail address or price in {text[:40]!r}"
        if not text.strip():
            yield "an empty text"


def _texts(entry: _ProfileEntry) -> Iterable[str]:
    yield from (entry.summary, entry.name, entry.turnaround_practices.reason)
    yield from (*entry.causes, *entry.aliases, *entry.not_to_be_confused_with, *entry.watch_for)
    yield from (value for value in msgspec.structs.astuple(entry.delivery) if value is not None)
    yield from msgspec.structs.astuple(entry.takes)


def _profile(entry: _ProfileEntry) -> Profile:
    said = {k: v for k, v in msgspec.structs.asdict(entry.delivery).items() if v is not None}
    return Profile(
        practice_id=entry.practice_id,
        name=entry.name,
        family=entry.family,
        basis=entry.basis,
        summary=entry.summary,
        causes=entry.causes,
        aliases=entry.aliases,
        not_to_be_confused_with=entry.not_to_be_confused_with,
        turnaround_primary=entry.turnaround_practices.primary,
        turnaround_secondary=entry.turnaround_practices.secondary,
        turnaround_reason=entry.turnaround_practices.reason,
        delivery=said,
        takes=msgspec.structs.asdict(entry.takes),
        watch_for=entry.watch_for,
    )
