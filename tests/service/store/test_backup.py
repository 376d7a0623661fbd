"""A backup holds everything, fits either database, and is whole or refused."""

import gzip
import json
import stat

import pytest
from sqlalchemy import select

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from service.store import Conflict, Role, Scope, Store
from service.store.audit_records import NewFile
from service.store.backup import backup, restore
from service.store.ids import digest
from service.store.migrate import head, upgrade, version_of
from service.store.models import Base
from tests.service.store.conftest import STATE


@pytest.fixture
def full(store, draft, answer, checked):
    """A store with something in every table."""
    plan_id = checked("needs_review", "meets", title="Ünïcode 漢字", district="North District")
    store.decisions.decide(STATE, plan_id, "s1", Verdict.MEETS, "because")
    newer = store.plans.create(STATE, draft("two", previous_plan_id=plan_id))
    # An older plan that names a newer one as last year's: rows then come before what they need.
    store.plans.update(STATE, plan_id, 1, draft("x", previous_plan_id=None))
    other = store.plans.create(STATE, draft("three"))
    store.plans.update(STATE, newer.plan_id, 1, draft("y", previous_plan_id=other.plan_id))
    store.shares.create(STATE, plan_id)
    store.batches.create(STATE, "Fall", "ma-plan", [NewFile("a.pdf", bytes(range(256)))])
    store.exports.log(STATE, "queue", "all", 1, digest("x"))
    store.keys.create("Reader", Role.AUDITOR, ["North District"])
    store.keys.end_session("one", 1)
    return store


def rows(store):
    with store.database.reading() as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table)).all()), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_every_table_is_in_the_example(full):
    assert all(rows(full).values())


@pytest.fixture
def empty(tmp_path, postgresql_server):
    """Open an empty store of either kind, whatever kind the full one is."""
    import psycopg

    opened = []

    def make(kind):
        address = f"sqlite:///{tmp_path / 'other' / 'new.sqlite3'}"
        if kind == "postgresql":
            with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as connection:
                connection.execute("drop database if exists restored with (force)")
                connection.execute("create database restored")
            address = postgresql_server.get_uri(database="restored")
        opened.append(Store.open(address))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_restores_everything_into_either_database(full, empty, kind, tmp_path):
    file = tmp_path / "backup.gz"
    counts = backup(full.database, file)
    target = empty(kind)
    assert restore(target.database, file) == counts
    assert rows(target) == rows(full)
    assert version_of(target.database) == head()
    plan_id = target.decisions.queue(STATE).items[0].plan_id
    done = target.decisions.decide(
        Scope("second", "Second", None), plan_id, "s1", Verdict.MEETS, "because"
    )
    assert done.last_decision == 2  # numbers go on where they ended


def test_a_backup_is_for_its_owner_only(full, tmp_path):
    backup(full.database, tmp_path / "backup.gz")
    assert stat.S_IMODE((tmp_path / "backup.gz").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("*.part")] == []


def test_a_backup_of_an_older_version_is_brought_up_to_date(full, empty, tmp_path):
    file = tmp_path / "backup.gz"
    backup(full.database, file)
    lines = gzip.decompress(file.read_bytes()).splitlines()
    header = json.loads(lines[0]) | {"revision": "0001"}
    file.write_bytes(gzip.compress(b"\n".join([json.dumps(header).encode(), *lines[1:]])))
    target = empty("sqlite")
    restore(target.database, file)
    assert version_of(target.database) == head()
    assert rows(target) == rows(full)


def without_the_end(content):
    return gzip.compress(gzip.decompress(content).rsplit(b"\n", 2)[0] + b"\n")


def without_a_row(content):
    lines = gzip.decompress(content).splitlines()
    at = next(n for n, line in enumerate(lines) if b'["exports"' in line)
    return gzip.compress(b"\n".join(lines[:at] + lines[at + 1 :]))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[: len(content) // 2], "damaged|ends too early"),
        (lambda content: b"no backup", "damaged, or no backup"),
        (lambda content: gzip.compress(b'{"format": "other"}\n'), "not a file of"),
        (lambda content: gzip.compress(b""), "not a file of"),
        (without_the_end, "ends too early"),
        (without_a_row, "not those that it counts"),
    ],
)
def test_a_damaged_backup_leaves_the_database_empty(full, empty, tmp_path, damage, message):
    file = tmp_path / "backup.gz"
    backup(full.database, file)
    file.write_bytes(damage(file.read_bytes()))
    target = empty("sqlite")
    with pytest.raises(BadInput, match=message):
        restore(target.database, file)
    upgrade(target.database)
    assert not any(rows(target).values())


def test_a_database_with_rows_is_never_overwritten(full, tmp_path):
    backup(full.database, tmp_path / "backup.gz")
    before = rows(full)
    with pytest.raises(Conflict, match="not empty"):
        restore(full.database, tmp_path / "backup.gz")
    assert rows(full) == before


def test_a_file_that_is_not_there(empty, tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        restore(empty("sqlite").database, tmp_path / "none")
