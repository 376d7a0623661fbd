"""The connection to SQLite or PostgreSQL: a transaction that has returned is on the disk.

SQLite: write-ahead log, `synchronous=FULL`, one writer at a time from the start of the
transaction, so that a reader's snapshot never has to be upgraded half way.
PostgreSQL: `synchronous_commit=on` whatever the server's default, rows locked before they change.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from recommender.errors import BadInput
from service.store.errors import BadStore
from service.store.ids import Clock, as_text, new_id, utc_now

# A writer waits this long for the one before it. A write takes milliseconds, so
# whoever waits longer waits for a process that hangs.
BUSY_MS = 15_000
POOL_SIZE = 8
POOL_OVERFLOW = 24
WRITES = "recommender_writes"


class Database:
    """An engine with the two kinds of transaction that the store uses."""

    def __init__(self, engine: Engine, clock: Clock = utc_now) -> None:
        self.engine = engine
        self.clock = clock

    @classmethod
    def connect(cls, url: str, clock: Clock = utc_now) -> "Database":
        """Prepare connections to `url`; nothing is read yet.

        Raises:
            BadInput: not an address of SQLite or PostgreSQL.
        """
        return cls(make_engine(url), clock)

    @property
    def is_sqlite(self) -> bool:
        """Tell which of the two databases this is."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Read in one snapshot."""
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        with _plain_failures(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options=options)
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Write all or nothing; when the block has been left, the data are on the disk."""
        with _plain_failures(), Session(self.engine, expire_on_commit=False) as session:
            session.connection(execution_options={WRITES: True})
            yield session
            session.commit()

    def now(self) -> str:
        """Return the time as it is written into rows."""
        return as_text(self.clock())

    def new_id(self) -> str:
        """Return a fresh id."""
        return new_id(self.clock())

    def ping(self) -> None:
        """Read one row.

        Raises:
            BadStore: the database does not answer.
        """
        with self.reading() as session:
            session.execute(text("select 1"))

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def make_engine(address: str) -> Engine:
    """Return an engine with the settings above.

    Raises:
        BadInput: not an address of SQLite or PostgreSQL.
    """
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return _postgresql_engine(url)


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError:
        raise BadInput("database address: expected sqlite:///FILE or postgresql://...") from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite":
        raise BadInput(
            f"database address: found {url.drivername!r}, expected sqlite:///FILE or postgresql://"
        )
    if not url.database or ":memory:" in url.database:
        raise BadInput("database address: a database in memory would lose every write")
    return url


def _sqlite_engine(url: URL) -> Engine:
    # What teams write is nobody else's to read on a shared machine.
    Path(str(url.database)).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # The driver's own transactions begin late and commit before DDL; ours begin below.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql_engine(url: URL) -> Engine:
    engine = create_engine(url, pool_size=POOL_SIZE, max_overflow=POOL_OVERFLOW, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.execute("SET synchronous_commit = on")
        connection.execute(f"SET lock_timeout = {BUSY_MS}")
        connection.commit()

    return engine


@contextmanager
def _plain_failures() -> Iterator[None]:
    """Say that the database cannot be used without repeating its address or its rows."""
    try:
        yield
    except OperationalError as error:
        raise BadStore(f"the database cannot be used: {_first_line(error)}") from None


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
