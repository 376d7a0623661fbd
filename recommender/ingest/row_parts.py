"""Parts of an export row -> records: each repeated part is parsed once and must not change."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Generic, TypeVar

from recommender.ingest.cells import BadCell
from recommender.ingest.cells import flag as parse_flag
from recommender.ingest.columns import Column, Flag

T = TypeVar("T")

SetAside = Callable[[str, str, str], None]
"""Called with column, cell found and what was expected."""


class RowError(Exception):
    """A row cannot be taken."""

    def __init__(self, column: str, found: str, expected: str) -> None:
        self.column, self.found, self.expected = column, found[:60], expected


class RowPart(Generic[T]):
    """One repeated part of a row: parsed once per distinct text, one value per key."""

    def __init__(
        self,
        table: tuple[Column, ...],
        flags: tuple[Flag, ...],
        make: Callable[..., T],
        keys: int,
        position: dict[str, int],
        set_aside: SetAside,
    ) -> None:
        sources = [c.source for c in table] + [f.source for f in flags]
        self._cut = itemgetter(*(position[source] for source in sources))
        local = {source: i for i, source in enumerate(sources)}
        self._parse = record_parser(table, flags, local, set_aside)
        self._make = make
        self._keys = keys
        self._column = sources[0]
        self._seen: dict[tuple[str, ...], T] = {}
        self._kept: dict[tuple[str, ...], T] = {}

    def parse(self, row: list[str]) -> T:
        """Parse the part of a row, once per distinct text."""
        cells = self._cut(row)
        if cells not in self._seen:
            self._seen[cells] = self._make(**self._parse(cells))
        return self._seen[cells]

    def check(self, row: list[str], value: T) -> None:
        """Refuse a row whose part differs from what its key had before."""
        key = self._key(row)
        if self._kept.get(key, value) != value:
            raise RowError(self._column, " ".join(key), "the same facts as in its earlier rows")

    def keep(self, row: list[str], value: T) -> None:
        """Keep the value of the row's key; the first one stays."""
        self._kept.setdefault(self._key(row), value)

    def kept(self) -> list[T]:
        """Return one value a key, in the order of the file."""
        return list(self._kept.values())

    def _key(self, row: list[str]) -> tuple[str, ...]:
        cells: tuple[str, ...] = self._cut(row)
        return cells[: self._keys]


def record_parser(
    table: tuple[Column, ...],
    flags: tuple[Flag, ...],
    position: dict[str, int],
    set_aside: SetAside,
) -> Callable[[Sequence[str]], dict[str, Any]]:
    """Build the function that reads one record's cells, by column position."""
    # Most columns hold few distinct texts; a text that was read once is looked up.
    plan: list[tuple[int, Column, dict[str, Any]]] = [(position[c.source], c, {}) for c in table]
    flag_plan = [(position[f.source], f) for f in flags]
    tuples = tuple(dict.fromkeys(f.field for f in flags))

    def parse(cells: Sequence[str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for i, column, known in plan:
            cell = cells[i]
            if cell in known:
                values[column.field] = known[cell]
            else:
                values[column.field] = _read_cell(column, cell, set_aside, known)
        if flag_plan:
            raised: dict[str, list[str]] = {name: [] for name in tuples}
            for i, flag in flag_plan:
                if cells[i] and _read_flag(flag, cells[i]):
                    raised[flag.field].append(flag.value)
            values.update({name: tuple(found) for name, found in raised.items()})
        return values

    return parse


def _read_cell(column: Column, cell: str, set_aside: SetAside, known: dict[str, Any]) -> Any:
    try:
        value = column.parse(cell)
    except BadCell as error:
        if column.doubtful:
            set_aside(column.source, cell, str(error))
            return None
        raise RowError(column.source, cell, str(error)) from None
    if value is None and column.required:
        raise RowError(column.source, cell, "a value")
    known[cell] = value
    return value


def _read_flag(flag: Flag, cell: str) -> bool:
    try:
        return parse_flag(cell)
    except BadCell as error:
        raise RowError(flag.source, cell, str(error)) from None
