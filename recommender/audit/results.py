"""Stored results read back: one document of `check --json`, or the lines of an audit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from recommender.errors import BadInput
from recommender.plan.document import PlanDocument, Stated
from recommender.plan.sections import SectionFound
from recommender.plan.verdicts import Plan, Strategy
from recommender.records import Context

Record = dict[str, Any]
_WANTED = "expected a result of `recommender check --json` or of `recommender audit`"


class _Strategy(msgspec.Struct):
    id: str
    text: str
    verdict: str
    place: str | None = None
    heading_practice: int | None = None


class _School(msgspec.Struct):
    grades: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    student_groups: tuple[str, ...] = ()
    urbanicity: str | None = None
    state: str | None = None
    name: str | None = None


class _Rule(msgspec.Struct):
    id: str


class _Index(msgspec.Struct):
    build_id: str


class _Result(msgspec.Struct):
    """What checking again needs of a stored result."""

    file: str
    sha256: str
    kind: str
    rule: _Rule
    school: _School
    strategies: tuple[_Strategy, ...]
    index: _Index
    check: dict[str, Any]
    sections: tuple[SectionFound, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredLine:
    """Where a line of a result file begins, and whose it is."""

    file: str
    offset: int
    length: int


class ResultFile:
    """The lines of an audit's JSON Lines, read one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lines = {line.file: line for line in self._find()}

    def record(self, file: str) -> Record:
        """Return one plan's stored result."""
        line = self.lines[file]
        with self._path.open("rb") as stream:
            stream.seek(line.offset)
            return _parse(stream.read(line.length), self._path.name)

    def _find(self) -> Iterator[StoredLine]:
        offset = 0
        for number, content, record in _lines(self._path):
            file = record.get("file")
            if not isinstance(file, str) or not {"error", "strategies"} & record.keys():
                raise BadInput(f"{self._path}, line {number}: found no result; {_WANTED}")
            yield StoredLine(file, offset, len(content))
            offset += len(content)


def read_results(path: Path) -> Iterator[Record]:
    """Yield the stored results of a file, one document or JSON Lines."""
    if path.suffix.lower() == ".json":
        yield _parse(_content(path), path.name)
        return
    for _, _, record in _lines(path):
        yield record


def stored_build(record: Record) -> str:
    """Return the id of the index that a result was made with.

    Raises:
        BadInput: the record is no result.
    """
    return _converted(record).index.build_id


def stored_document(record: Record) -> PlanDocument:
    """Return what was checked, out of the result.

    Raises:
        BadInput: the record lacks what checking again needs.
    """
    found = _converted(record)
    school = found.school
    context = Context(
        school.grades, school.subjects, school.student_groups, school.urbanicity, school.state
    )
    return PlanDocument(
        file=found.file,
        sha256=found.sha256,
        kind=found.kind,
        rule_id=found.rule.id,
        plan=Plan(context, tuple(Strategy(s.id, s.text) for s in found.strategies), school.name),
        stated=tuple(Stated(s.place, s.heading_practice) for s in found.strategies),
        sections=found.sections,
        notes=found.notes,
    )


def _converted(record: Record) -> _Result:
    try:
        return msgspec.convert(record, _Result)
    except msgspec.ValidationError as error:
        named = str(record.get("file", "a result"))
        raise BadInput(f"{named}: {str(error).replace('`', chr(39))}; {_WANTED}") from None


def _lines(path: Path) -> Iterator[tuple[int, bytes, Record]]:
    try:
        with path.open("rb") as stream:
            for number, content in enumerate(stream, start=1):
                yield number, content, _parse(content, f"{path.name}, line {number}")
    except OSError as error:
        raise BadInput(f"{path}: cannot be opened ({error.strerror}); {_WANTED}") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be opened ({error.strerror}); {_WANTED}") from None


def _parse(content: bytes, where: str) -> Record:
    try:
        record = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"{where}: not whole JSON ({error}); {_WANTED}") from None
    if not isinstance(record, Mapping):
        raise BadInput(f"{where}: found no object; {_WANTED}")
    return dict(record)
