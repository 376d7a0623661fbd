"""Every test of the store runs on SQLite and on a real PostgreSQL; neither may be left out."""

import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from recommender.records import Context
from service.store import PlanDraft, SavedStrategy, Scope, Store
from service.store.models import Base

STATE = Scope.state("state-key", "State office")


class Clock:
    """A clock that moves only when it is told, and a little at every look."""

    def __init__(self):
        self.time = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

    def __call__(self):
        self.time += timedelta(milliseconds=1)
        return self.time

    def forward(self, **span):
        self.time += timedelta(**span)


@pytest.fixture(scope="session")
def postgresql_server():
    """A PostgreSQL of the package pgserver; without the package the tests fail."""
    with warnings.catch_warnings():
        # It looks for a folder of the desktop session, which a server has not.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        import pgserver
    # Not in pytest's folder: as root, the server runs as another user, and the next pytest that
    # starts anywhere on the machine closes that folder to all others.
    server = pgserver.get_server(mkdtemp(prefix="store-tests-"), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'service.sqlite3'}"
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield server.get_uri(database=name)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def store(url, clock):
    opened = Store.open(url, clock)
    yield opened
    opened.close()


@pytest.fixture
def draft():
    """Make a draft: each word is a strategy."""

    def make(*texts, **fields):
        strategies = tuple(
            SavedStrategy(f"s{n}", text, f"wwc-intervention:{n}" if n == 1 else None)
            for n, text in enumerate(texts or ("Use a tested program",), 1)
        )
        school = Context(("K", "1"), ("literacy",), ("English learners",), "urban", "MA")
        return PlanDraft(**{"title": "A plan", "school": school, "strategies": strategies} | fields)

    return make


@pytest.fixture
def answer():
    """Make the answer of a plan check: each word is the verdict of one strategy."""

    def make(*verdicts, rule="ma-plan", build="build-1", **of_all):
        top = "meets" in verdicts
        still_open = "needs_review" in verdicts
        return {
            "has_tier_1_3": True if top else None if still_open else False,
            "verdict": "meets" if top else "needs_review" if still_open else "does_not_meet",
            "rule": {"id": rule, "name": "A rule", "asks": "at least one strategy in tiers 1-3"},
            "strategies": [
                {
                    "id": f"s{n}",
                    "verdict": verdict,
                    "tier": 1,
                    "practice": {"practice_id": f"wwc-intervention:{n}", "name": f"Program {n}"},
                    "confidence": 0.5,
                    "turnaround_practices": [3],
                    **of_all,
                }
                for n, verdict in enumerate(verdicts, 1)
            ],
            "turnaround_practices": {"covered": [3], "missing": [1, 2, 4]},
            "index": {"build_id": build},
        }

    return make


@pytest.fixture
def checked(store, draft, answer):
    """Keep a plan with its check; return the plan's id."""

    def make(*verdicts, scope=STATE, **fields):
        plan = store.plans.create(scope, draft(*(f"Text of {v}" for v in verdicts), **fields))
        store.checks.save(scope, plan.plan_id, 1, answer(*verdicts))
        return plan.plan_id

    return make


@pytest.fixture
def whole_database():
    """Return every byte that a database holds."""

    def read(store):
        if store.database.is_sqlite:
            with store.database.engine.connect() as connection:
                connection.exec_driver_sql("rollback")
                connection.exec_driver_sql("pragma wal_checkpoint(full)")
                connection.exec_driver_sql("begin")
            file = Path(store.database.engine.url.database)
            return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
        with store.database.reading() as session:
            return b"\n".join(
                repr(session.execute(select(table)).all()).encode()
                for table in Base.metadata.sorted_tables
            )

    return read
