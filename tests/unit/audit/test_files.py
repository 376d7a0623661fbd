"""Which files an audit takes, and what it calls them."""

import os
from pathlib import Path

import pytest

from recommender.audit.files import PlanFile, find_plans, readable_sha256
from recommender.errors import BadInput


def names(folder, leave_out=()):
    return [file.name for file in find_plans(folder, leave_out)]


def write(folder, *files):
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def test_files_below_come_by_name_and_leftovers_do_not(tmp_path):
    write(tmp_path, "b.docx", "a/z.pdf", "a/b/c.txt", "B.csv", ".hidden.txt", ".git/x.txt")
    write(tmp_path, "~$b.docx", "Thumbs.db", "a/desktop.ini", "out.xlsx")
    assert names(tmp_path, [tmp_path / "out.xlsx"]) == ["B.csv", "a/b/c.txt", "a/z.pdf", "b.docx"]


def test_links_to_folders_are_not_followed(tmp_path):
    write(tmp_path, "plans/a.txt")
    (tmp_path / "plans" / "round").symlink_to(tmp_path / "plans")
    assert names(tmp_path / "plans") == ["a.txt"]


def test_names_that_are_no_text_stay_apart(tmp_path):
    for raw in (b"\xff.txt", b"\xfe.txt"):
        with open(os.path.join(os.fsencode(tmp_path), raw), "wb"):
            pass
    assert names(tmp_path) == ["\\xfe.txt", "\\xff.txt"]


@pytest.mark.parametrize(
    ("name", "is_plan"),
    [("a.DOCX", True), ("plan", True), ("a.jpg", True), ("make.py", False), ("a.exe", False)],
)
def test_a_script_is_no_plan(name, is_plan):
    assert PlanFile(name, Path(name)).is_plan_by_name is is_plan


def test_no_folder_and_an_empty_folder_are_said(tmp_path):
    with pytest.raises(BadInput, match="no such folder"):
        find_plans(tmp_path / "absent")
    with pytest.raises(BadInput, match="no files in it"):
        find_plans(tmp_path)


def test_what_cannot_be_hashed_has_no_hash(tmp_path):
    write(tmp_path, "a.txt")
    assert len(readable_sha256(tmp_path / "a.txt")) == 64
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large.docx").open("wb") as stream:
        stream.truncate(2**40)  # sparse, a terabyte by its size
    for name in ("absent.txt", "pipe", "large.docx"):
        assert readable_sha256(tmp_path / name) is None
