"""What the documents show runs, and what the code names is explained."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recommender.cli import app
from recommender.evidence.flags import Flag
from recommender.evidence.rules import TierTest

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [p for p in ROOT.rglob("*.md") if not {".venv", "indexes"} & set(p.parts)]


def _commands():
    text = (ROOT / "README.md").read_text("utf-8")
    for block in re.findall(r"```sh\n(.*?)```", text, re.S):
        for line in block.splitlines():
            if line.startswith("recommender ") and "EXPORT.zip" not in line:
                yield line


@pytest.mark.parametrize("command", list(_commands()))
def test_readme_commands_run(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries.jsonl").write_text('{"qid": "q1", "root_cause": "weak phonics"}\n')
    monkeypatch.setenv("RECOMMENDER_DATA", str(tmp_path / "data"))
    (tmp_path / "PLANS").mkdir()
    for target in ("PLAN.docx", "PLANS/one.docx"):
        shutil.copy(ROOT / "tests" / "fixtures" / "plans" / "turnaround.docx", tmp_path / target)
    words = shlex.split(command, comments=True)[1:]
    if words[0] == "replay":
        made = CliRunner().invoke(app, ["audit", "PLANS", "--output", "REPORT.jsonl"])
        assert made.exit_code == 0, made.output
    if words[0] == "serve":
        words.append("--help")
    if words[0] == "evaluate":
        words = ["evaluate", "--help"]
    result = CliRunner().invoke(app, words, catch_exceptions=False)
    assert result.exit_code == 0, result.output


def test_readme_has_commands():
    assert len(list(_commands())) >= 4


@pytest.mark.parametrize("make", ["make serve", "make test"])
def test_readme_names_the_two_commands(make):
    assert make in (ROOT / "README.md").read_text("utf-8")


def test_tier_document_lists_every_test_and_flag():
    text = (ROOT / "docs" / "tiers.md").read_text("utf-8")
    missing = [name for name in (*TierTest, *Flag) if f"`{name}`" not in text]
    assert not missing


@pytest.mark.parametrize(
    "term",
    ["practice", "profile", "family", "study", "finding", "evidence tier", "turnaround practice",
     "root cause", "context", "strategy", "verdict", "outcome domain", "passage", "headline tier"],
)  # fmt: skip
def test_glossary_has_the_terms(term):
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8").lower()
    assert f"**{term}**" in text


@pytest.mark.parametrize("path", TRACKED, ids=lambda p: str(p.relative_to(ROOT)))
def test_relative_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_readme_shows_the_real_output():
    """Rewrite the block by hand when ranking or wording moves; it is read in review."""
    text = (ROOT / "README.md").read_text("utf-8")
    block = re.compile(r"```sh\n(recommender recommend .*?)\n```\n\n```\n(.*?)```", re.S)
    command, shown = block.search(text).groups()
    result = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    printed = [" ".join(line.split()) for line in result.output.splitlines()]
    assert [" ".join(line.split()) for line in shown.splitlines()] == printed[:-1]
