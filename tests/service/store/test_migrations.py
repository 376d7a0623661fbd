"""The steps lead to the tables that the program has, and back."""

import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from recommender.errors import BadInput
from service.store import BadStore, Store
from service.store.database import Database
from service.store.migrate import config, connection, downgrade, head, upgrade, version_of
from service.store.models import Base
from tests.service.store.conftest import STATE


@pytest.fixture
def database(url):
    connected = Database.connect(url)
    yield connected
    connected.close()


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {"alembic_version"}


def triggers(database):
    ask = "select name from sqlite_master where type = 'trigger'"
    if not database.is_sqlite:
        ask = "select tgname from pg_trigger where not tgisinternal"
    with database.reading() as session:
        return set(session.scalars(text(ask)))


def test_the_steps_lead_to_the_models(database):
    assert version_of(database) is None
    upgrade(database)
    assert version_of(database) == head()
    assert tables(database) == set(Base.metadata.tables)
    with connection(database, writes=False) as source:
        context = MigrationContext.configure(source, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    with connection(database, writes=True) as source:
        command.check(config(source))


def test_every_step_goes_back_and_forth(database):
    upgrade(database)
    whole = triggers(database)
    assert whole
    downgrade(database, "-1")
    assert triggers(database) == set()
    upgrade(database)
    assert triggers(database) == whole
    downgrade(database, "base")
    assert tables(database) == set()
    upgrade(database)
    assert (tables(database), triggers(database)) == (set(Base.metadata.tables), whole)


def test_upgrading_twice_changes_nothing(database, draft):
    upgrade(database)
    store = Store(database)
    plan = store.plans.create(STATE, draft("one"))
    upgrade(database)
    assert store.plans.get(STATE, plan.plan_id) == plan
    store.check_ready()


def test_a_step_that_fails_leaves_nothing(database, monkeypatch):
    def fail(*_):
        raise RuntimeError("the power went out")

    monkeypatch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
    with pytest.raises(RuntimeError):
        upgrade(database)
    monkeypatch.undo()
    assert tables(database) == set()
    upgrade(database)


def test_several_processes_may_start_at_once(url):
    program = "import sys; from service.store import Store; Store.open(sys.argv[1]).close()"
    started = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    failures = [process.communicate()[1] for process in started]
    assert failures == [""] * 4


def test_a_database_of_a_newer_program_is_refused(url, database):
    upgrade(database)
    with database.writing() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(BadStore, match="made by a newer one"):
        Store.open(url)
    with pytest.raises(BadStore, match="version 9999"):
        Store(database).check_ready()


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("mysql://localhost/x", "expected sqlite:///FILE or postgresql://"),
        ("nonsense", "expected sqlite:///FILE or postgresql://"),
        ("sqlite://", "would lose every write"),
        ("sqlite:///:memory:", "would lose every write"),
    ],
)
def test_bad_addresses(address, message):
    with pytest.raises(BadInput, match=message):
        Store.open(address)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "x.sqlite3").write_bytes(b"not a database at all" * 100)
    with pytest.raises(BadStore, match="not a database"):
        Store.open(f"sqlite:///{tmp_path / 'x.sqlite3'}")


def test_a_server_that_does_not_answer_is_refused(tmp_path):
    with pytest.raises(BadStore, match="cannot be used"):
        Store.open(f"postgresql://someone:secret@/none?host={tmp_path}")


def test_the_failure_never_repeats_the_password(tmp_path):
    with pytest.raises(BadStore) as error:
        Store.open(
            f"postgresql://someone:hushhush@127.0.0.1:1/none?connect_timeout=1&host={tmp_path}"
        )
    assert "hushhush" not in str(error.value)
