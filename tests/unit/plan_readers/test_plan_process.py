"""The child process: same answer as here, killed when late, contained when it breaks."""

import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest

from recommender.plan.readers import Limits, UnreadablePlan, process, read_plan, read_plan_here
from recommender.plan.readers.child import Answer, Request
from recommender.plan.readers.failures import one_line

PLANS = Path(__file__).parents[2] / "fixtures" / "plans"


@pytest.mark.parametrize(
    "name", ["awkward.docx", "grid.xlsx", "slides.pptx", "table.pdf", "plain.txt", "body.json"]
)
def test_child_reads_the_same(name):
    assert read_plan(PLANS / name) == read_plan_here(PLANS / name)


@pytest.mark.parametrize("name", ["scanned.pdf", "encrypted.docx", "empty.txt", "absent.pdf"])
def test_child_fails_the_same(name):
    with pytest.raises(UnreadablePlan) as there:
        read_plan(PLANS / name)
    with pytest.raises(UnreadablePlan) as here:
        read_plan_here(PLANS / name)
    assert str(there.value) == str(here.value)


def test_child_is_killed_when_late(monkeypatch):
    sleeper = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr(process, "_COMMAND", sleeper)
    start = time.monotonic()
    with pytest.raises(UnreadablePlan) as caught:
        read_plan(PLANS / "table.pdf", Limits(seconds=0.2))
    assert time.monotonic() - start < 20
    assert str(caught.value) == (
        "table.pdf: not read within 0.2 seconds; give the part with the plan, or save it anew"
    )


def test_what_a_library_prints_is_no_answer(monkeypatch):
    code = (
        "from recommender.plan.readers import child; parse = child.parse_plan\n"
        "child.parse_plan = lambda *given: (print('noise', flush=True), parse(*given))[1]\n"
        "child.main()"
    )
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-B", "-c", code))
    assert read_plan(PLANS / "plain.txt") == read_plan_here(PLANS / "plain.txt")


def test_child_without_memory_is_one_message():
    with pytest.raises(UnreadablePlan, match=r"^table\.pdf: .* memory.*; "):
        read_plan(PLANS / "table.pdf", Limits(memory_bytes=16 * 2**20))


def test_child_that_dies_is_one_message(monkeypatch):
    monkeypatch.setattr(process, "_COMMAND", (sys.executable, "-c", "import os; os.abort()"))
    with pytest.raises(UnreadablePlan) as caught:
        read_plan(PLANS / "plain.txt")
    assert str(caught.value) == (
        "plain.txt: its reader broke down or needed more than 1073741824 bytes of memory; "
        "save it again from the program it was written in"
    )


def test_child_serves_several_files_in_a_row():
    requests = b""
    for name in ("plain.txt", "empty.txt", "grid.csv"):
        content = (PLANS / name).read_bytes()
        requests += msgspec.json.encode(Request(name, Limits(), len(content))) + b"\n" + content
    child = subprocess.run(
        process._COMMAND,
        input=requests,
        capture_output=True,
        env=process._environment(),
        check=True,
    )
    answers = [msgspec.json.decode(line, type=Answer) for line in child.stdout.splitlines()]
    assert [answer.plan.kind if answer.plan else answer.failure[:9] for answer in answers] == [
        "txt", "empty.txt", "csv",
    ]  # fmt: skip


def test_reading_loads_no_model_library():
    code = (
        "import sys; from pathlib import Path\n"
        "from recommender.plan.readers import read_plan_here\n"
        f"read_plan_here(Path({str(PLANS / 'table.pdf')!r}))\n"
        "print(sorted({'torch', 'faiss', 'pandas', 'sklearn', 'transformers'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[3]
    answer = subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert answer.stdout == "[]\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a\nb\x1b[31m", "a b [31m"), ("x" * 400, "x" * 299 + "…"), ("\u202egnp.exe", "gnp.exe")],
)
def test_messages_stay_on_one_line(text, expected):
    assert one_line(text) == expected
