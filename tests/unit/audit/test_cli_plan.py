"""The commands on plans: exit statuses, what is printed, what is written."""

import json

import pytest
from typer.testing import CliRunner

from recommender.audit.desk import AuditSettings
from recommender.cli import app
from recommender.errors import BadInput, RecommenderError
from tests.conftest import ROOT
from tests.unit.audit import doubles

PLANS = ROOT / "tests" / "fixtures" / "plans"


@pytest.fixture(autouse=True)
def by_words(word_indexes, monkeypatch):
    """The commands with an index and an encoder that know only words."""
    monkeypatch.setenv("RECOMMENDER_INDEXES", str(word_indexes))
    made = {}

    def desk(settings: AuditSettings):
        return made.setdefault(settings.rule_id, doubles.word_desk(settings))

    monkeypatch.setattr("recommender.audit.desk.Desk", desk)
    monkeypatch.setattr("recommender.audit.run.Desk", desk)
    monkeypatch.setattr("recommender.audit.replay.Desk", desk)


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    plans = tmp_path_factory.mktemp("plans")
    for name in ("body.json", "bullets.txt", "dropped.txt", "empty.txt", "named.json"):
        (plans / name).write_bytes((PLANS / name).read_bytes())
    return plans


@pytest.mark.parametrize("name", ["named.json", "dropped.txt", "bullets.txt"])
def test_check_ends_with_0_whatever_the_verdict(name):
    done = run("check", PLANS / name)
    assert done.exit_code == 0, done.output
    assert "Rule: Plan of a Massachusetts school" in done.output
    assert "the state decides" in done.output


def test_check_as_json_is_the_contract_and_replays(tmp_path):
    done = run("check", PLANS / "bullets.txt", "--json", "--grade", "3", "--grade", "K")
    body = json.loads(done.stdout)
    assert {"has_tier_1_3", "verdict", "strategies", "turnaround_practices", "index"} <= set(body)
    assert body["school"]["grades"] == ["3", "K"]
    stored, again = tmp_path / "result.json", tmp_path / "again.json"
    stored.write_text(done.stdout)
    replayed = run("replay", stored, "--output", again)
    assert replayed.exit_code == 0, replayed.output
    assert again.read_bytes() == stored.read_bytes()


@pytest.mark.parametrize(("option", "expected"), [
    ((), "section-1003"), (("--rule", "any-tier"), "any-tier"),
])  # fmt: skip
def test_rule_of_the_command_goes_before_the_plans_own(option, expected):
    done = run("check", PLANS / "section_1003.json", "--json", *option)
    assert json.loads(done.stdout)["rule"]["id"] == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "absent.docx"], "absent.docx: no such file"),
        (["check", PLANS / "scanned.pdf"], "looks scanned"),
        (["check", PLANS / "goals_only.docx"], "no strategies found"),
        (["check", PLANS / "body.json", "--rule", "none"], "rule: found 'none', expected one of"),
        (["check", PLANS / "body.json", "--grade", "14"], "--grade: found '14'"),
        (["check", PLANS / "body.json", "--report", "r.docx"], "ends in .html or .pdf"),
        (["check", PLANS / "unknown_grade.json"], "school grade: found '14'"),
        (["audit", "absent", "--output", "r.xlsx"], "absent: no such folder"),
        (["audit", PLANS, "--output", "r.csv"], "ends in .xlsx or .jsonl"),
        (["audit", PLANS, "--output", "r.xlsx", "--workers", "0"], "--workers: found 0"),
        (["audit", PLANS, "--output", "r.xlsx", "--compare", "no.jsonl"], "no.jsonl: cannot be"),
        (["replay", "absent.json"], "absent.json: cannot be opened"),
    ],
)
def test_bad_input_is_said_in_one_line(words, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*words)
    assert isinstance(done.exception, BadInput), done.output
    assert done.exception.exit_status == 2
    assert message in str(done.exception)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("name", "start"), [("r.html", b"<!doctype"), ("r.PDF", b"%PDF")])
def test_report_is_written(tmp_path, name, start):
    done = run("check", PLANS / "body.json", "--report", tmp_path / name)
    assert done.exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(start)


def test_audit_resumes_compares_and_replays(folder, tmp_path):
    out = tmp_path / "r.jsonl"
    done = run("audit", folder, "--output", out, "--workers", 1)
    assert done.exit_code == 0, done.output
    assert "5 files, 0 of them finished before" in done.output
    first = out.read_bytes()
    lines = [json.loads(line) for line in first.splitlines()]
    assert [line["file"] for line in lines] == sorted(p.name for p in folder.iterdir())
    assert "5 of them finished before" in run("audit", folder, "--output", out).output
    assert out.read_bytes() == first
    again = tmp_path / "again.jsonl"
    assert run("replay", out, "--output", again).exit_code == 0
    assert again.read_bytes() == first

    new = tmp_path / "new.jsonl"
    words = ["audit", folder, "--output", new, "--workers", 1, "--rule", "any-tier"]
    done = run(*words, "--compare", out)
    assert done.exit_code == 0, done.output
    assert "verdicts changed" in done.output
    changes = (tmp_path / "new.changes.jsonl").read_text().splitlines()
    assert changes
    assert all("the rule changed" in json.loads(line)["why"] for line in changes)


def test_an_audit_into_its_own_folder_does_not_read_itself(folder, tmp_path):
    plans = tmp_path / "plans"
    plans.mkdir()
    (plans / "body.json").write_bytes((folder / "body.json").read_bytes())
    for _ in range(2):
        done = run("audit", plans, "--output", plans / "r.xlsx", "--workers", 1)
        assert "1 files, " in done.output
    assert sorted(p.name for p in plans.iterdir()) == ["body.json", "r.xlsx", "r.xlsx.journal"]


def test_a_result_that_was_altered_ends_with_1(tmp_path):
    body = json.loads(run("check", PLANS / "body.json", "--json").stdout)
    body["strategies"][0]["verdict"] = "meets"
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(body))
    done = run("replay", path)
    assert isinstance(done.exception, RecommenderError)
    assert done.exception.exit_status == 1
    assert "strategies[0].verdict" in done.output
