"""An audit of the sample plans: every file has a line, in order, the same with any workers."""

import json
from collections import Counter
from datetime import UTC, datetime
from functools import partial

import openpyxl
import pytest

from recommender.audit import workbook
from recommender.audit.desk import AuditSettings
from recommender.audit.files import find_plans
from recommender.audit.journal import Journal
from recommender.audit.lines import write_lines
from recommender.audit.overview import final_records, look_over
from recommender.audit.replay import Replay, open_for, replay
from recommender.audit.results import ResultFile, read_results, stored_document
from recommender.audit.run import read_basis, run_audit
from recommender.errors import BadInput
from tests.conftest import ROOT
from tests.unit.audit.doubles import word_desk

PLANS = ROOT / "tests" / "fixtures" / "plans"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(word_indexes):
    return AuditSettings(word_indexes, ROOT / "corpus")


@pytest.fixture(scope="module")
def desk(settings):
    return word_desk(settings)


@pytest.fixture(scope="module")
def files():
    return [file for file in find_plans(PLANS) if file.path.suffix != ".pyc"]


@pytest.fixture(scope="module")
def audited(tmp_path_factory, settings, files):
    """The audit by two workers, with all it leaves behind."""
    folder = tmp_path_factory.mktemp("audit")
    basis = read_basis(settings)
    with Journal(folder / "journal", basis.run) as journal:
        run_audit(files, journal, settings, 2, open_desk=partial(word_desk, settings))
        overview = look_over((file.name for file in files), journal)
        write_lines(folder / "report.jsonl", final_records(overview, journal))
        workbook.write_workbook(folder / "report.xlsx", overview, journal, basis, NOW, [])
    return folder


@pytest.fixture(scope="module")
def records(audited):
    return {record["file"]: record for record in read_results(audited / "report.jsonl")}


def test_there_are_forty_plans_and_every_one_has_a_line_in_order(records, files):
    assert len([file for file in files if file.is_plan_by_name]) >= 40
    assert list(records) == [file.name for file in files] == sorted(records)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("empty.txt", "unreadable", "the file is empty"),
        ("encrypted.pdf", "unreadable", "locked with a password"),
        ("locked.xlsx", "unreadable", "locked with a password"),
        ("huge.docx", "unreadable", "huge.docx: "),
        ("scanned.pdf", "unreadable", "looks scanned"),
        ("photo.png", "unreadable", "the content is a picture"),
        ("blank.pdf", "unreadable", "blank.pdf: "),
        ("truncated.docx", "unreadable", "cut off or damaged"),
        ("cut_off.json", "unreadable", "not whole JSON"),
        ("too_deep.json", "unreadable", "too_deep.json: "),
        ("old.xls", "unreadable", "an old Excel file"),
        ("page.html", "unreadable", "a web page or XML"),
        ("rich.rtf", "unreadable", "rich text (RTF)"),
        ("binary.txt", "unreadable", "the content is no text"),
        ("goals_only.docx", "not_checkable", "no strategies found"),
        ("header_only.xlsx", "not_checkable", "no strategies found"),
        ("unknown_rule.json", "not_checkable", "expected one of any-tier, ma-plan"),
        ("unknown_grade.json", "not_checkable", "school grade: found '14'"),
        ("make_plans.py", "no_plan", "no plan's name ends in .py"),
    ],
)
def test_each_bad_file_has_one_clear_error(records, name, kind, words):
    error = records[name]["error"]
    assert error["kind"] == kind
    assert words in error["detail"]
    assert error["detail"].startswith(f"{name}: ") or kind == "not_checkable"
    assert "\n" not in error["detail"]


def test_no_file_broke_the_check(records):
    kinds = Counter(r["error"]["kind"] for r in records.values() if "error" in r)
    assert kinds["fault"] == 0


@pytest.mark.parametrize(
    "name",
    ["turnaround.docx", "macro.docm", "macro.xlsm", "grid.csv", "table.pdf", "table.pptx",
     "wide.txt", "one_page.pdf", "part_scanned.pdf", "body.json", "two_sheets.xlsx"],
)  # fmt: skip
def test_each_format_gives_the_contract(records, name):
    record = records[name]
    assert {"has_tier_1_3", "verdict", "strategies", "turnaround_practices", "index"} <= set(record)
    for one in record["strategies"]:
        assert one["text"]
        assert one["place"]
        assert {"id", "verdict", "tier", "practice", "confidence", "quote", "finding"} <= set(one)
        assert one["reasons"]


def test_sections_found_and_not_found(records):
    found = {s["name"]: s["found"] for s in records["all_sections.docx"]["sections"]}
    assert set(found.values()) == {True}
    assert "three-year roadmap" in found
    assert not any(s["found"] for s in records["bullets.txt"]["sections"])
    assert records["named.json"]["sections"] == []


def test_a_long_plan_is_checked_whole(records):
    assert len(records["long_list.csv"]["strategies"]) == 60


def test_rule_of_the_body_counts(records):
    assert records["section_1003.json"]["rule"]["id"] == "section-1003"
    assert records["named.json"]["rule"]["id"] == "ma-plan"


def test_copies_are_recognised(records):
    same, near = records["same_bytes.docx"], records["nearly_the_same.docx"]
    assert same["duplicates"] == records["all_sections.docx"]["duplicates"]
    assert near["duplicates"]["first"] == "all_sections.docx"
    assert near["duplicates"]["likeness"] == "nearly the same strategies"
    assert records["dropped.txt"]["duplicates"] is None


def test_suggestions_only_where_something_lacks(records):
    for record in records.values():
        verdicts = {one["id"]: one["verdict"] for one in record.get("strategies", ())}
        for one in record.get("suggestions", ()):
            assert verdicts[one["strategy_id"]] != "meets"
            assert len(one["practices"]) <= 3
            assert all(practice["tier"] in (1, 2, 3) for practice in one["practices"])
    assert any(one["practices"] for r in records.values() for one in r.get("suggestions", ()))
    assert records["no_grades.json"]["suggestions"] == []


def test_one_worker_gives_the_same_bytes_and_does_nothing_twice(
    audited, tmp_path, settings, desk, files
):
    chosen = files[::3]
    with Journal(tmp_path / "j", read_basis(settings).run) as journal:
        assert run_audit(chosen, journal, settings, 1, open_desk=lambda: desk) == len(chosen)
        alone = {file.name: journal.record(file.name) for file in chosen}
        assert run_audit(chosen, journal, settings, 1, open_desk=lambda: desk) == 0
    with Journal(audited / "journal", read_basis(settings).run) as journal:
        assert alone == {file.name: journal.record(file.name) for file in chosen}


def test_another_rule_is_another_run(settings):
    other = AuditSettings(settings.indexes, settings.corpus, "section-1003")
    graded = AuditSettings(settings.indexes, settings.corpus, None, ("3",))
    default = AuditSettings(settings.indexes, settings.corpus, "ma-plan")
    runs = {read_basis(one).run for one in (settings, other, graded, default)}
    assert len(runs) == 4


def sheet(book, name):
    rows = list(book[name].iter_rows(values_only=True))
    return [dict(zip(rows[0], row)) for row in rows[1:]]


@pytest.fixture(scope="module")
def book(audited):
    return openpyxl.load_workbook(audited / "report.xlsx")


def test_sheets(book, records):
    assert book.sheetnames == [
        *("Summary", "Plans", "Strategies", "Review queue", "Errors", "Duplicates", "Changes"),
        "Method",
    ]
    checked = [name for name, record in records.items() if "error" not in record]
    assert [row["File"] for row in sheet(book, "Plans")] == checked
    count = sum(len(records[name]["strategies"]) for name in checked)
    assert len(sheet(book, "Strategies")) == count
    assert len(sheet(book, "Errors")) == len(records) - len(checked)
    summary = {row["What"]: row["Count"] for row in sheet(book, "Summary")}
    assert summary["Files"] == len(records)
    method = {row["What"]: row["Value"] for row in sheet(book, "Method")}
    assert method["Index build"] == records["body.json"]["index"]["build_id"]
    assert method["Lists SHA-256"] == records["body.json"]["check"]["lists_sha256"]


def test_queue_holds_every_strategy_in_review_by_risk(book, records):
    queue = sheet(book, "Review queue")
    wanted = {
        (name, one["id"])
        for name, record in records.items()
        for one in record.get("strategies", ())
        if one["verdict"] == "needs_review"
    }
    assert wanted <= {(row["File"], row["Strategy"]) for row in queue}
    assert [row["Order"] for row in queue] == list(range(1, len(queue) + 1))
    alone = [row["Why it is here"].endswith("alone") for row in queue]
    assert alone == sorted(alone, reverse=True)


def test_nothing_in_the_workbook_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    texts = [c for c in cells if isinstance(c.value, str) and c.value[:1] in tuple("=+-@")]
    assert any(c.value.startswith("=HYPERLINK") for c in texts)
    assert all(cell.quotePrefix for cell in texts)


def test_a_failure_leaves_the_old_workbook(audited, tmp_path, settings, files, monkeypatch):
    out = tmp_path / "report.xlsx"
    out.write_bytes(b"old")
    basis = read_basis(settings)

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(workbook.sheets, "method_rows", fail)
    with Journal(audited / "journal", basis.run) as journal:
        overview = look_over([file.name for file in files], journal)
        with pytest.raises(OSError, match="disk full"):
            workbook.write_workbook(out, overview, journal, basis, NOW)
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.xlsx"]


def test_replay_gives_the_same_bytes(audited, records, desk, tmp_path):
    again = []
    for record in records.values():
        found = replay(record, desk) if "error" not in record else Replay("", record, True, ())
        assert found.is_same, found.differs_in
        again.append(found.again)
    write_lines(tmp_path / "again.jsonl", again)
    assert (tmp_path / "again.jsonl").read_bytes() == (audited / "report.jsonl").read_bytes()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda r: r["strategies"][0].update(verdict="meets"), "strategies[0].verdict"),
        (lambda r: r["strategies"][0].update(tier=1), "strategies[0].tier"),
        (lambda r: r.update(has_tier_1_3=True), "has_tier_1_3"),
        (lambda r: r["check"].update(lists_sha256="0"), "check.lists_sha256"),
    ],
)
def test_a_forged_result_does_not_replay(records, desk, change, field):
    forged = json.loads(json.dumps(records["dropped.txt"]))
    change(forged)
    found = replay(forged, desk)
    assert not found.is_same
    assert field in found.differs_in


def test_replay_refuses_another_index(records, desk, settings):
    old = records["body.json"] | {"index": records["body.json"]["index"] | {"build_id": "ffff"}}
    with pytest.raises(BadInput, match="made with index ffff, the current one is"):
        replay(old, desk)
    assert callable(open_for(settings.indexes, settings.corpus))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"nonsense\n", "r.jsonl, line 1: not whole JSON"),
        (b"[]\n", "r.jsonl, line 1: found no object"),
        (b'{"file":"a"}\n', "line 1: found no result"),
        (b"\xff\xfe\n", "line 1: not whole JSON"),
    ],
)
def test_files_that_are_no_results(tmp_path, content, message):
    path = tmp_path / "r.jsonl"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        ResultFile(path)
    with pytest.raises(BadInput, match="cannot be opened"):
        ResultFile(tmp_path / "absent.jsonl")
    with pytest.raises(BadInput, match="expected a result of `recommender check --json`"):
        stored_document({"file": "a", "strategies": "x"})
