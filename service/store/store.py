"""The store: everything that people write, behind plain methods."""

from service.store.batches import Batches
from service.store.checks import Checks
from service.store.database import Database
from service.store.decisions import Decisions
from service.store.exports import Exports
from service.store.figures import Statistics
from service.store.ids import Clock, utc_now
from service.store.keys import Keys
from service.store.migrate import require_current, upgrade
from service.store.plans import Plans
from service.store.shares import Shares


class Store:
    """Plans, checks, decisions, keys and what belongs to them, in SQLite or PostgreSQL.

    A method that returns has its data on the disk. Methods block: a route calls them from a
    thread. Who asks, and what they may see, is a `Scope` that every question about plans takes.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.keys = Keys(database)
        self.plans = Plans(database)
        self.checks = Checks(database)
        self.decisions = Decisions(database)
        self.shares = Shares(database)
        self.batches = Batches(database, self.plans, self.checks)
        self.exports = Exports(database)
        self.statistics = Statistics(database)

    @classmethod
    def open(cls, url: str, clock: Clock = utc_now) -> "Store":
        """Open the database at `url`, made or brought up to date first.

        Raises:
            BadInput: not an address of SQLite or PostgreSQL.
            BadStore: the database cannot be used or is newer than this program.
        """
        database = Database.connect(url, clock)
        try:
            upgrade(database)
        except BaseException:
            database.close()
            raise
        return cls(database)

    def check_ready(self) -> None:
        """Read from the database and compare its version.

        Raises:
            BadStore: the database does not answer, or is of another version.
        """
        require_current(self.database)

    def close(self) -> None:
        """Close all connections."""
        self.database.close()
