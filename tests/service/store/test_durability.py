"""Killing a process at any moment loses no write that it had acknowledged."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
from sqlalchemy import text

from recommender.plan.verdicts import Verdict
from service.store import Conflict, PlanDraft, SavedStrategy, Scope, Store
from service.store.ids import digest
from service.store.review import fold
from tests.service.store import writer

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 6
THREADS = 8


def write_until_killed(url, seconds):
    """Start a writer, kill it `seconds` after its first write, return what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.service.store.writer", url],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    lines = [process.stdout.readline()]
    lines.append(process.stdout.readline())
    timer = threading.Timer(seconds, os.kill, (process.pid, signal.SIGKILL))
    timer.start()
    lines.extend(process.stdout)
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    assert lines[0] == "ready\n"
    # The last line may have been cut by the kill; then it was not acknowledged.
    return [line.split() for line in lines[1:] if line.endswith("\n")]


def is_there(store, kind, key, mark):
    scope = writer.SCOPE
    if kind == "plan":
        return store.plans.get(scope, key, int(mark)).version == int(mark)
    if kind == "check":
        found = store.checks.get(scope, key)
        return found.sha256 == mark == digest(found.body)
    if kind == "decision":
        (decision,) = store.decisions.history(scope, key, "s1")
        return decision.verdict is Verdict.DOES_NOT_MEET
    (file,) = store.batches.files(scope, key)
    return file.sha256 == mark


def test_every_acknowledged_write_is_there_after_a_kill(url):
    Store.open(url).close()
    chance = random.Random(1)
    acknowledged = []
    for _ in range(ROUNDS):
        acknowledged.extend(write_until_killed(url, chance.uniform(0.0, 0.5)))
    store = Store.open(url)
    assert {kind for kind, *_ in acknowledged} == {"plan", "check", "decision", "batch"}
    assert all(is_there(store, *written) for written in acknowledged)
    assert_nothing_is_half_written(store)
    store.close()


def assert_nothing_is_half_written(store):
    """Every plan has all its versions, every check its standings, every waiting file its bytes."""
    holes = [
        "select plan_id from plans p where version <> (select count(*) from plan_versions v "
        "where v.plan_id = p.plan_id)",
        "select check_id from plans p where check_id is not null and not exists "
        "(select 1 from standings s where s.check_id = p.check_id)",
        "select file_id from batch_files f where not exists "
        "(select 1 from batch_contents c where c.file_id = f.file_id)",
    ]
    with store.database.reading() as session:
        for hole in holes:
            assert session.execute(text(hole)).all() == []
        if store.database.is_sqlite:
            assert session.execute(text("pragma integrity_check")).scalar() == "ok"
            assert session.execute(text("pragma foreign_key_check")).all() == []


def test_the_database_is_told_to_wait_for_the_disk(store):
    with store.database.reading() as session:
        if store.database.is_sqlite:
            asked = {
                name: session.execute(text(f"pragma {name}")).scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            assert asked == {
                "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000,
            }  # fmt: skip
        else:
            assert session.execute(text("show synchronous_commit")).scalar() == "on"
            assert session.execute(text("show fsync")).scalar() == "on"


def test_postgresql_waits_for_the_disk_even_if_it_is_set_not_to(postgresql_server):
    with psycopg.connect(postgresql_server.get_uri(), autocommit=True) as connection:
        connection.execute("create database hasty")
        connection.execute("alter database hasty set synchronous_commit = off")
    store = Store.open(postgresql_server.get_uri(database="hasty"))
    with store.database.reading() as session:
        assert session.execute(text("show synchronous_commit")).scalar() == "on"
    store.close()


def test_decisions_of_many_threads_are_all_kept(url):
    store = Store.open(url)
    plan = store.plans.create(writer.SCOPE, PlanDraft(
        "Plan", strategies=(SavedStrategy("s1", "text"),)))  # fmt: skip
    store.checks.save(writer.SCOPE, plan.plan_id, 1, writer.answer())
    failures = []

    def decide(number):
        scope = Scope(f"reader-{number}", f"Reader {number}", None)
        try:
            for step in range(12):
                verdict = Verdict.MEETS if step % 2 else Verdict.DOES_NOT_MEET
                store.decisions.decide(scope, plan.plan_id, "s1", verdict, f"{number}/{step}")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    history = store.decisions.history(writer.SCOPE, plan.plan_id, "s1")
    expected = {f"{n}/{step}" for n in range(THREADS) for step in range(12)}
    assert {one.reason for one in history} == expected
    assert len(history) == len(expected)
    # What the queue shows is what the whole history says, not what one thread saw of it.
    item = store.decisions.item(writer.SCOPE, plan.plan_id, "s1")
    standing = fold(item.software, history)
    assert (item.state, item.verdict) == (standing.state, standing.verdict)
    assert item.last_decision == history[-1].number
    store.close()


def test_only_one_of_many_writers_saves_a_version(url):
    store = Store.open(url)
    plan = store.plans.create(writer.SCOPE, PlanDraft("Plan"))
    saved, refused = [], []

    def save(number):
        try:
            draft = PlanDraft(f"Plan {number}")
            saved.append(store.plans.update(writer.SCOPE, plan.plan_id, 1, draft))
        except Conflict:
            refused.append(number)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(saved), len(refused)) == (1, 7)
    assert len(store.plans.versions(writer.SCOPE, plan.plan_id)) == 2
    store.close()
