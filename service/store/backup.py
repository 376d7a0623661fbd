"""A copy of the whole store in one file, and the way back.

The file is compressed JSON Lines and belongs to no database, so that a store can move from
SQLite to PostgreSQL and back. It is read in one snapshot while the service goes on.
"""

import gzip
import json
import os
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from recommender.errors import BadInput
from service.store.database import Database
from service.store.errors import BadStore, Conflict
from service.store.migrate import connection, downgrade, upgrade, version_of

FORMAT = "recommender store"
VERSION_TABLE = "alembic_version"
ROWS_AT_ONCE = 500
BYTES = "base64"


def backup(database: Database, path: Path) -> dict[str, int]:
    """Write everything to a file that only its owner can read; return the rows by table.

    Raises:
        BadStore: the database is empty or cannot be used.
    """
    revision = version_of(database)
    if revision is None:
        raise BadStore("the database holds no store; there is nothing to back up")
    counts: Counter[str] = Counter()
    with _replacing(path) as file, connection(database, writes=False, snapshot=True) as source:
        _write(file, {"format": FORMAT, "revision": revision, "made_at": database.now()})
        for table in _tables(source):
            counts[table.name] = 0
            for row in source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table)):
                _write(file, [table.name, [_plain(value) for value in row], list(row._fields)])
                counts[table.name] += 1
        _write(file, {"end": counts})
    return dict(counts)


def restore(database: Database, path: Path) -> dict[str, int]:
    """Fill an empty database from a backup, all or nothing, and bring it up to date.

    Raises:
        BadInput: the file is no backup, or not whole.
        Conflict: the database is not empty.
        BadStore: it cannot be used, or the backup is of a newer program.
    """
    with _reading(path) as lines:
        revision = _revision(next(lines, None))
        _make_room(database, revision)
        with connection(database, writes=True) as target:
            counts = _fill(target, lines)
    upgrade(database)
    return counts


def _fill(target: Connection, lines: Iterator[Any]) -> dict[str, int]:
    tables = {table.name: table for table in _tables(target)}
    counts: Counter[str] = Counter(dict.fromkeys(tables, 0))
    links: list[tuple[Table, dict[str, Any]]] = []
    for line in lines:
        if isinstance(line, dict):
            if line.get("end") != dict(counts):
                raise BadInput("backup: its rows are not those that it counts at its end")
            _join(target, links)
            _set_counters(target, tables.values())
            return dict(counts)
        name, values, fields = line
        row = {field: _value(value) for field, value in zip(fields, values, strict=True)}
        links.extend((tables[name], link) for link in _take_links(tables[name], row))
        target.execute(insert(tables[name]), row)
        counts[name] += 1
    raise BadInput("backup: the file ends too early; take another one")


def _take_links(table: Table, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Take out of a row what leads to rows of its own table, which may come later."""
    keys = {column.name: row[column.name] for column in table.primary_key}
    for key in table.foreign_keys:
        if key.column.table is table and row[key.parent.name] is not None:
            yield keys | {key.parent.name: row[key.parent.name]}
            row[key.parent.name] = None


def _join(target: Connection, links: list[tuple[Table, dict[str, Any]]]) -> None:
    for table, link in links:
        keys = [column for column in table.primary_key if column.name in link]
        same = [column == link[column.name] for column in keys]
        values = {k: v for k, v in link.items() if k not in {column.name for column in keys}}
        target.execute(update(table).where(*same).values(values))


def _set_counters(target: Connection, tables: Any) -> None:
    """PostgreSQL counts apart from the rows, so it has to be told where they end."""
    if target.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key:
            if "nextval" in str(getattr(column.server_default, "arg", "")):
                find = text("select pg_get_serial_sequence(:table, :column)")
                names = {"table": table.name, "column": column.name}
                counter = target.scalar(find, names)
                last = target.scalar(select(func.max(column)))
                if counter is not None and last is not None:
                    target.execute(select(func.setval(counter, last)))


def _make_room(database: Database, revision: str) -> None:
    if version_of(database) is not None:
        with connection(database, writes=False) as source:
            for table in _tables(source):
                if source.scalar(select(func.count()).select_from(table)):
                    raise Conflict("the database is not empty; restore into a new one")
        downgrade(database, "base")
    upgrade(database, revision)


def _tables(source: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(source)
    return [table for table in metadata.sorted_tables if table.name != VERSION_TABLE]


def _revision(header: Any) -> str:
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise BadInput("backup: not a file of `recommender store backup`")
    return str(header["revision"])


def _plain(value: Any) -> Any:
    return {BYTES: b64encode(value).decode()} if isinstance(value, bytes) else value


def _value(value: Any) -> Any:
    return b64decode(value[BYTES]) if isinstance(value, dict) else value


def _write(file: IO[bytes], record: Any) -> None:
    file.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")


@contextmanager
def _reading(path: Path) -> Iterator[Iterator[Any]]:
    try:
        with gzip.open(path) as file:
            yield (json.loads(line) for line in file)
    except FileNotFoundError:
        raise BadInput(f"{path}: no such file") from None
    except (gzip.BadGzipFile, EOFError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path}: damaged, or no backup: {error}") from None
    except DBAPIError as error:
        raise BadStore(f"{path}: its rows do not fit together: {error.orig}") from None


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as file:
                yield file  # type: ignore[misc]
            raw.flush()
            os.fsync(raw.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
