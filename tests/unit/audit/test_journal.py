"""What was finished stays finished, whenever the process dies."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.audit.journal import Journal, Outcome
from recommender.errors import BadInput

OUTCOMES = [
    Outcome("a.docx", "11", b'{"file":"a.docx","verdict":"meets"}'),
    Outcome("b/c.pdf", None, '{"error":"é “”","file":"b/c.pdf"}'.encode()),
    Outcome("d.txt", "22", b'{"file":"d.txt"}'),
]


def filled(path, run="r1", outcomes=OUTCOMES):
    with Journal(path, run) as journal:
        journal.append(outcomes)
    return path


def test_what_was_appended_is_there_again(tmp_path):
    with Journal(filled(tmp_path / "j"), "r1") as journal:
        assert journal.done == {"a.docx": "11", "b/c.pdf": None, "d.txt": "22"}
        assert [journal.record(o.file) for o in OUTCOMES] == [o.record for o in OUTCOMES]
        assert journal.record_json("a.docx")["verdict"] == "meets"


def test_a_file_done_twice_counts_once_and_the_later_one_counts(tmp_path):
    path = filled(tmp_path / "j")
    with Journal(path, "r1") as journal:
        journal.append([Outcome("a.docx", "33", b'{"file":"a.docx","verdict":"other"}')])
        assert journal.record_json("a.docx")["verdict"] == "other"
    with Journal(path, "r1") as journal:
        assert len(journal.done) == 3
        assert journal.done["a.docx"] == "33"


def test_another_run_starts_anew_and_leaves_the_old_lines(tmp_path):
    path = filled(tmp_path / "j")
    before = path.read_bytes()
    with Journal(path, "r2") as journal:
        assert journal.done == {}
        journal.append(OUTCOMES[:1])
    assert path.read_bytes().startswith(before)
    with Journal(path, "r1") as journal:
        assert len(journal.done) == 3


@given(st.data())
def test_a_kill_at_any_byte_loses_at_most_the_torn_line(tmp_path_factory, data):
    path = filled(tmp_path_factory.mktemp("torn") / "j")
    content = path.read_bytes()
    size = data.draw(st.integers(0, len(content)))
    path.write_bytes(content[:size])
    whole = content[:size].count(b"\n")
    with Journal(path, "r1") as journal:
        assert list(journal.done) == [o.file for o in OUTCOMES[:whole]]
        journal.append(OUTCOMES[whole:])
    lines = path.read_bytes().splitlines()
    assert [json.loads(line)["file"] for line in lines] == [o.file for o in OUTCOMES]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 a workbook",
        b'{"file":"a.docx"}\n',  # an audit's own output
        b"notes without a line end",
    ],
)
def test_another_kind_of_file_is_refused_and_not_touched(tmp_path, content):
    path = tmp_path / "j"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="another kind of file, expected an audit's journal"):
        Journal(path, "r1")
    assert path.read_bytes() == content


def test_a_damaged_line_in_the_middle_is_said(tmp_path):
    path = filled(tmp_path / "j")
    path.write_bytes(path.read_bytes().replace(b'"b/c.pdf"', b'b/c.pdf"'))
    with pytest.raises(BadInput, match="line 2: found no entry of an audit's journal"):
        Journal(path, "r1")


def test_two_audits_cannot_write_one_journal(tmp_path):
    expected = pytest.raises(BadInput, match="another audit is writing this journal")
    with Journal(tmp_path / "j", "r1"), expected:
        Journal(tmp_path / "j", "r1")
    with Journal(tmp_path / "j", "r1") as journal:
        assert journal.done == {}
