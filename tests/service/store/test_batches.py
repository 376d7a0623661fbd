"""Audit batches: every file is worked on once, whatever becomes of the workers."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from recommender.errors import BadInput
from service.store import Conflict, NotFound, Scope
from service.store.audit_records import FileState, NewFile
from service.store.batches import LEASE
from service.store.ids import digest
from tests.service.store.conftest import STATE

NORTH = Scope("north", "North auditor", ("North District",))
SOUTH = Scope("south", "South auditor", ("South District",))


def files(count):
    return [NewFile(f"plan {n}.docx", f"content {n}".encode()) for n in range(1, count + 1)]


def test_a_batch_from_upload_to_the_end(store, draft, answer):
    batch = store.batches.create(NORTH, "Fall  plans", "ma-plan", files(3), "North District")
    assert (batch.name, batch.files, batch.waiting) == ("Fall plans", 3, 3)
    listed = store.batches.files(NORTH, batch.batch_id)
    assert [file.name for file in listed] == ["plan 1.docx", "plan 2.docx", "plan 3.docx"]
    assert listed[0].sha256 == digest("content 1")
    claim = store.batches.claim()
    assert (claim.file, claim.content, claim.rule) == (listed[0], b"content 1", "ma-plan")
    done = store.batches.finish(
        claim, draft("one", district="North District"), answer("needs_review")
    )
    assert (done.state, done.error) == (FileState.DONE, None)
    assert store.plans.get(NORTH, done.plan_id).key_id == "north"
    assert store.checks.latest(NORTH, done.plan_id).has_tier_1_3 is None
    failed = store.batches.fail(store.batches.claim(batch.batch_id), "not\na document\0")
    assert (failed.state, failed.error) == (FileState.FAILED, "not a document")
    now = store.batches.get(NORTH, batch.batch_id)
    assert (now.waiting, now.done, now.failed) == (1, 1, 1)
    again = store.batches.retry(NORTH, batch.batch_id, failed.file_id)
    assert (again.state, again.error) == (FileState.WAITING, None)
    assert store.batches.claim().content == b"content 2"
    assert store.batches.claim().content == b"content 3"
    assert store.batches.claim() is None
    (item,) = store.decisions.queue(NORTH, batch_id=batch.batch_id).items
    assert item.plan_id == done.plan_id
    assert store.plans.list(NORTH, batch_id=batch.batch_id).total == 1
    assert store.statistics.figures(NORTH, batch_id=batch.batch_id).plans == 1


def test_a_dead_worker_s_file_is_taken_by_another(store, clock, draft, answer):
    store.batches.create(STATE, "Fall", "ma-plan", files(1))
    dead = store.batches.claim()
    assert store.batches.claim() is None
    clock.forward(seconds=LEASE.total_seconds() + 1)
    other = store.batches.claim()
    assert other.file.file_id == dead.file.file_id
    store.batches.finish(other, draft("one"), answer("meets"))
    with pytest.raises(Conflict):  # the dead one was only slow
        store.batches.finish(dead, draft("one"), answer("meets"))
    with pytest.raises(Conflict):
        store.batches.fail(dead, "late")
    assert store.plans.list(STATE).total == 1


def test_a_file_whose_plan_cannot_be_kept_still_waits(store, draft, answer):
    batch = store.batches.create(STATE, "Fall", "ma-plan", files(1))
    claim = store.batches.claim()
    with pytest.raises(BadInput):
        store.batches.finish(claim, draft(title=""), answer("meets"))
    with pytest.raises(BadInput):
        store.batches.finish(claim, draft("one"), answer("meets", "meets"))
    assert store.plans.list(STATE).total == 0
    assert store.batches.get(STATE, batch.batch_id).waiting == 1


def test_contents_are_dropped_when_done(store, draft, answer, whole_database):
    store.batches.create(STATE, "Fall", "ma-plan", [NewFile("a", b"secret-content-xyz")])
    store.batches.finish(store.batches.claim(), draft("one"), answer("meets"))
    with store.database.reading() as session:
        from service.store.models import BatchContentRow

        assert session.query(BatchContentRow).count() == 0


def test_many_workers_share_the_files(store):
    store.batches.create(STATE, "Fall", "ma-plan", files(40))

    def work(_):
        taken = []
        while (claim := store.batches.claim()) is not None:
            taken.append(claim.file.position)
        return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [position for part in pool.map(work, range(6)) for position in part]
    assert sorted(taken) == list(range(1, 41))


def test_files_can_be_added_one_by_one(store):
    batch = store.batches.create(STATE, "Fall", "ma-plan")
    for file in files(3):
        store.batches.add_file(STATE, batch.batch_id, file)
    listed = store.batches.files(STATE, batch.batch_id)
    assert [(file.position, file.name) for file in listed] == [
        (1, "plan 1.docx"), (2, "plan 2.docx"), (3, "plan 3.docx")]  # fmt: skip


def test_batches_are_seen_in_scope(store):
    north = store.batches.create(STATE, "North", "ma-plan", files(1), "NORTH district")
    own = store.batches.create(SOUTH, "Own", "ma-plan", files(1))
    assert {one.name for one in store.batches.list(STATE).items} == {"North", "Own"}
    assert [one.name for one in store.batches.list(NORTH).items] == ["North"]
    assert [one.name for one in store.batches.list(SOUTH).items] == ["Own"]
    for scope, batch in ((SOUTH, north), (NORTH, own)):
        for ask in (store.batches.get, store.batches.files):
            with pytest.raises(NotFound):
                ask(scope, batch.batch_id)
        with pytest.raises(NotFound):
            store.batches.add_file(scope, batch.batch_id, files(1)[0])
        with pytest.raises(NotFound):
            store.batches.retry(scope, batch.batch_id, "any")


@pytest.mark.parametrize(
    ("name", "uploaded", "message"),
    [
        (" ", [], "name: 0 characters, expected 1 to 300"),
        ("x", [NewFile("", b"")], "file 1: name of 1 to 300 characters"),
        ("x", [NewFile("a\0", b"")], "file 1: name of 1 to 300 characters"),
        ("x", [NewFile("a", b"")] * 2001, "files: found 2001, at most 2000 in a batch"),
    ],
)
def test_faults_of_a_batch(store, name, uploaded, message):
    with pytest.raises(BadInput) as error:
        store.batches.create(STATE, name, "ma-plan", uploaded)
    assert str(error.value) == message
    assert store.batches.list(STATE).total == 0
