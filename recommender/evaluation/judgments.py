"""Root causes and graded answers, read from JSON Lines and TREC qrels."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from recommender.errors import BadInput
from recommender.records import Context, normal_grade

GRADES = {3: "acts on the very cause", 2: "clearly relevant", 1: "marginal", 0: "not relevant"}
"""What a judgment's grade means; corpus/judgments/README.md has the full instruction."""


class QueryContext(msgspec.Struct, frozen=True):
    """The school's context of a batch query; unknown keys are allowed and ignored."""

    grades: tuple[str | int, ...] = ()
    subjects: tuple[str, ...] = ()
    student_groups: tuple[str, ...] = ()
    urbanicity: str | None = None
    state: str | None = "MA"

    def as_context(self) -> Context:
        """Return the library's own record."""
        return Context(
            tuple(normal_grade(str(grade)) for grade in self.grades),
            self.subjects,
            self.student_groups,
            self.urbanicity.lower() if self.urbanicity else None,
            self.state,
        )


class BatchQuery(msgspec.Struct, frozen=True):
    """One line of a batch or of a judged set; unknown keys are allowed and ignored."""

    qid: str
    root_cause: str
    context: QueryContext = QueryContext()
    theme: str | None = None


Qrels = Mapping[str, Mapping[str, int]]
"""qid -> practice id -> grade."""


def read_queries(path: Path) -> tuple[BatchQuery, ...]:
    """Read root causes, one JSON object a line.

    Raises:
        BadInput: every bad line is named; so is an id that comes twice.
    """
    queries: dict[str, BatchQuery] = {}
    faults = []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            query = msgspec.json.decode(line, type=BatchQuery)
        except msgspec.MsgspecError as error:
            faults.append(f"line {number}: {error}")
            continue
        if query.qid in queries:
            faults.append(f"line {number}: qid {query.qid!r} comes twice")
        queries[query.qid] = query
    if faults:
        raise BadInput(f"{path}: " + "; ".join(faults[:10]))
    return tuple(queries.values())


def read_qrels(path: Path) -> Qrels:
    """Read TREC qrels: `qid 0 practice_id grade` a line.

    Raises:
        BadInput: every bad line is named.
    """
    qrels: dict[str, dict[str, int]] = {}
    faults = []
    for number, line in enumerate(_lines(path), 1):
        parts = line.split()
        if not parts:
            continue
        if len(parts) != 4 or not parts[3].isdecimal():
            faults.append(f"line {number}: found {line[:60]!r}, expected 'qid 0 practice_id grade'")
            continue
        qrels.setdefault(parts[0], {})[parts[2]] = int(parts[3])
    if faults:
        raise BadInput(f"{path}: " + "; ".join(faults[:10]))
    return qrels


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise BadInput(f"{path}: no such file")
    try:
        return path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise BadInput(f"{path}: not UTF-8 text") from None
