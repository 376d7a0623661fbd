"""Bringing a database to the form that this program expects, in one transaction.

Several processes may start at once: the first one takes the lock, the others find nothing to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from service.store.database import WRITES, Database
from service.store.errors import BadStore

FOLDER = Path(__file__).parent / "migrations"
# Any number will do, as long as nothing else in the same database uses it for a lock.
UPGRADE_LOCK = 5_208_771_036


def config(target: Connection | None = None) -> Config:
    """Return Alembic's configuration, without a file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = target
    return made


def head() -> str:
    """Return the version that this program expects."""
    return str(ScriptDirectory.from_config(config()).get_current_head())


def version_of(database: Database) -> str | None:
    """Return the version of a database, `None` if it is empty.

    Raises:
        BadStore: the database cannot be used.
    """
    with connection(database, writes=False) as source:
        return _version(source)


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring a database up to a version.

    Raises:
        BadStore: it cannot be used, or is newer than this program.
    """
    if version_of(database) == (head() if revision == "head" else revision):
        return
    with connection(database, writes=True) as target:
        if not database.is_sqlite:
            target.execute(text(f"select pg_advisory_xact_lock({UPGRADE_LOCK})"))
        _require_known(_version(target))
        command.upgrade(config(target), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take a database back to an earlier version; what the later ones added is lost."""
    with connection(database, writes=True) as target:
        command.downgrade(config(target), revision)


def require_current(database: Database) -> None:
    """Refuse a database of another version.

    Raises:
        BadStore: it cannot be used, or is of another version.
    """
    found = version_of(database)
    if found != head():
        raise BadStore(
            f"the database is of version {found}, expected {head()}; "
            "run `recommender store upgrade`"
        )


def _require_known(found: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
    if found is not None and found not in known:
        raise BadStore(
            f"the database is of version {found}, which this program does not know; "
            "it was made by a newer one"
        )


def _version(source: Connection) -> str | None:
    return MigrationContext.configure(source).get_current_revision()


@contextmanager
def connection(database: Database, writes: bool, snapshot: bool = False) -> Iterator[Connection]:
    """Open a transaction without the models; `snapshot` sees one moment throughout."""
    try:
        with database.engine.connect() as raw:
            prepared = raw.execution_options(**{WRITES: writes})
            if snapshot and not database.is_sqlite:
                prepared = prepared.execution_options(isolation_level="REPEATABLE READ")
            with prepared.begin():
                yield prepared
    except DBAPIError as error:
        line = (str(error.orig).strip().splitlines() or [type(error.orig).__name__])[0]
        raise BadStore(f"the database cannot be used: {line}") from None
