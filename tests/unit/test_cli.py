"""The command line: exit statuses, one line for a failure, JSON for machines."""

import csv
import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import msgspec
import pytest

from recommender.evaluation.judgments import BatchQuery
from recommender.index.build import Build
from tests.conftest import WordEncoder
from tests.unit.export_maker import export, row


def run(*words, env=None, cwd=None):
    command = [sys.executable, "-c", "from recommender.cli import main; main()", *words]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **(env or {})}, cwd=cwd
    )


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["ingest", "wwc", "none.zip"], 2, "none.zip: no such file; give the path"),
        (["tiers", "none.zip"], 2, "none.zip: no such file"),
        (["recommend"], 2, "expected a root cause in quotes, or --batch"),
        (["recommend", "x", "--grade", "13"], 2, "grade: found '13', expected one of PK, K"),
        (["recommend", "x", "--limit", "0"], 2, "limit: found 0, expected 1 to 100"),
        (["recommend", "--batch", "none.jsonl"], 2, "--batch needs --output"),
        (["evaluate", "--queries", "none.jsonl"], 2, "--queries and --qrels go together"),
        (["ingest", "guides", "x", "--dated", "soon"], 2, "expected a date such as 2025-08-25"),
    ],
)
def test_bad_input_is_one_line_and_status_2(words, status, message, tmp_path):
    done = run(*words, cwd=tmp_path)
    assert done.returncode == status
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_usage_errors_have_status_2(tmp_path):
    assert run("nothing", cwd=tmp_path).returncode == 2
    assert run("show", cwd=tmp_path).returncode == 2


def test_no_index_has_status_1(tmp_path):
    done = run("show", "wwc-intervention:209", env={"RECOMMENDER_INDEXES": str(tmp_path)})
    assert done.returncode == 1
    assert "no index yet; run `recommender build`" in done.stderr


def test_ingest_and_tiers_end_to_end(tmp_path):
    archive = export(tmp_path / "e.zip", row(), row(f_FindingID="2", f_ESSA_Rating=""))
    corpus = {"RECOMMENDER_CORPUS": str(tmp_path / "corpus")}
    body = json.loads(run("ingest", "wwc", str(archive), "--json", env=corpus).stdout)
    assert body["rows"] == 2
    assert "2 rows read" in run("ingest", "wwc", str(archive), env=corpus).stdout
    out = tmp_path / "findings.csv"
    done = run("tiers", str(archive), "--json", "--findings", str(out))
    assert json.loads(done.stdout)["agreement"] == 0.5
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert list(rows[0]) == ["finding_id", "published", "derived", "cause"]
    assert [(r["published"], r["derived"], bool(r["cause"])) for r in rows] == [
        ("1", "1", False),
        ("", "1", True),
    ]


def test_show_prints_every_test(word_indexes):
    env = {"RECOMMENDER_INDEXES": str(word_indexes)}
    body = json.loads(run("show", "wwc-intervention:209", "--json", env=env).stdout)
    assert body["practice_id"] == "wwc-intervention:209"
    assert body["evidence"][0]["tests"]
    text = run("show", "wwc-intervention:209", env=env).stdout
    assert "passed  A main finding of the study, not a subgroup" in text
    done = run("show", "wwc-intervention:0", env=env)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_build_that_is_up_to_date_does_nothing(corpus, tmp_path):
    now = datetime(2026, 1, 2, tzinfo=UTC)
    Build(corpus, "all-MiniLM-L6-v2").run(tmp_path, WordEncoder(), now)
    done = run("build", env={"RECOMMENDER_INDEXES": str(tmp_path)})
    assert "is up to date" in done.stdout


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"qid": "q1"}\n', "line 1: Object missing required field `root_cause`"),
        ('{"qid": "q1", "root_cause": "x"}\n' * 2, "line 2: qid 'q1' comes twice"),
        ("nonsense\n", "line 1: JSON is malformed"),
        ('{"qid": "q1", "root_cause": " "}\n', "q1: root_cause: found nothing"),
    ],
)
def test_bad_batches_name_the_line(text, message, tmp_path):
    (tmp_path / "q.jsonl").write_text(text)
    done = run("recommend", "--batch", "q.jsonl", "--output", "r.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert not (tmp_path / "r.jsonl").exists()


def test_batch_contexts_are_read_kindly():
    line = (
        b'{"qid": "q", "root_cause": "x", "context": {"grades": ["Pre-K", "kindergarten", 3, "04"],'
        b' "urbanicity": "Urban", "school_type": "public"}, "note": 1}'
    )
    context = msgspec.json.decode(line, type=BatchQuery).context.as_context()
    assert context.grades == ("PK", "K", "3", "4")
    assert (context.urbanicity, context.state) == ("urban", "MA")
