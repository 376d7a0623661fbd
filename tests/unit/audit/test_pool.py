"""Files over processes: nothing lost, nothing twice, whatever dies when."""

import signal
import subprocess
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

import pytest

from recommender.audit.files import find_plans
from recommender.audit.journal import Journal
from recommender.audit.pool import FILES_A_CHUNK, check_files
from recommender.audit.run import unfinished
from recommender.errors import BadIndex, WorkFailed
from tests.unit.audit.doubles import RUN, DyingDesk, SlowDesk

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path):
    plans = tmp_path / "plans"
    plans.mkdir()
    for number in range(60):
        (plans / f"p{number:02}.txt").write_text(f"plan {number}")
    return plans


def logged(log):
    return Counter(log.read_text().split()) if log.exists() else Counter()


def children_of(pid):
    """Return the workers that a process has."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            is_child = entry.name.isdigit() and f"PPid:\t{pid}\n" in (entry / "status").read_text()
            if is_child and "spawn_main" in (entry / "cmdline").read_text():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def is_alive(pid):
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("waited in vain")


@pytest.mark.parametrize("workers", [1, 2])
def test_every_file_once(folder, tmp_path, workers):
    log = tmp_path / "log"
    found = check_files(find_plans(folder), partial(SlowDesk, log, 0), workers)
    files = [outcome.file for outcomes in found for outcome in outcomes]
    assert sorted(files) == [f"p{n:02}.txt" for n in range(60)]
    assert set(logged(log).values()) == {1}


def test_killed_audit_goes_on_where_it_was(folder, tmp_path):
    log, path = tmp_path / "log", tmp_path / "journal"
    words = ["-m", "tests.unit.audit.doubles", str(folder), str(path), str(log), "0.02"]
    audit = subprocess.Popen([sys.executable, *words], cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_until(lambda: path.exists() and path.read_bytes().count(b"\n") >= FILES_A_CHUNK)
    workers = children_of(audit.pid)
    audit.send_signal(signal.SIGKILL)
    audit.wait()
    assert len(workers) == 2
    wait_until(lambda: not any(map(is_alive, workers)))

    with Journal(path, RUN) as journal:
        before = dict(journal.done)
        assert FILES_A_CHUNK <= len(before) < 60
        log.unlink()
        todo = list(unfinished(find_plans(folder), journal))
        for outcomes in check_files(todo, partial(SlowDesk, log, 0), 2):
            journal.append(outcomes)
        assert sorted(journal.done) == [f"p{n:02}.txt" for n in range(60)]
    assert not before.keys() & logged(log).keys()
    assert set(logged(log).values()) == {1}


def test_a_changed_file_is_done_again(folder, tmp_path):
    with Journal(tmp_path / "j", RUN) as journal:
        for outcomes in check_files(find_plans(folder), partial(SlowDesk, tmp_path / "l", 0), 1):
            journal.append(outcomes)
        (folder / "p05.txt").write_text("another plan")
        assert [file.name for file in unfinished(find_plans(folder), journal)] == ["p05.txt"]


def test_a_worker_that_dies_once_costs_nothing(folder, tmp_path):
    opened = partial(DyingDesk, tmp_path / "log", 1)
    found = [o.file for outcomes in check_files(find_plans(folder), opened, 2) for o in outcomes]
    assert sorted(found) == [f"p{n:02}.txt" for n in range(60)]


def test_a_worker_that_dies_again_and_again_is_said(folder, tmp_path):
    opened = partial(DyingDesk, tmp_path / "log", 99)
    with pytest.raises(WorkFailed, match=r"3 times a worker died, .*what is finished is kept"):
        list(check_files(find_plans(folder), opened, 2))


def fail_to_open():
    raise BadIndex("no index yet; run `recommender build`")


@pytest.mark.parametrize("workers", [1, 2])
def test_an_index_that_does_not_open_is_said_as_such(folder, workers):
    with pytest.raises(BadIndex, match="no index yet"):
        list(check_files(find_plans(folder), fail_to_open, workers))
