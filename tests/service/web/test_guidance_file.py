"""The guidance file: facts in our own words, each with a known page; faults are named at once."""

import shutil
from datetime import date

import pytest

from recommender.errors import BadCorpus, WorkFailed
from recommender.guidance import CALENDAR, SOURCES, TOPICS, Outcome, Period, read_guidance
from service.web import editorial
from tests.conftest import ROOT

FOLDER = ROOT / "corpus" / "guidance"


@pytest.fixture(scope="module")
def guidance():
    return read_guidance(FOLDER)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER, tmp_path / "guidance")


def test_the_topics_asked_for_are_there(guidance):
    assert [topic.id for topic in guidance.topics] == [
        "who-plans", "form", "strategies", "choosing", "capacity", "curriculum", "deeper-learning",
        "culturally-responsive", "vision", "monitoring", "renewal",
    ]  # fmt: skip


def test_the_rhythm_and_the_reflection(guidance):
    assert [beat.period for beat in guidance.rhythm] == list(Period)
    assert [question.id for question in guidance.reflection] == [
        "worked", "did-not-work", "people", "district", "decision",
    ]  # fmt: skip
    last = guidance.reflection[-1].ask
    assert all(outcome.value in last for outcome in Outcome)


def test_dates_are_those_of_the_pages(guidance):
    dated = {source.id: source.dated for source in guidance.sources}
    assert dated["overview"] == date(2022, 6, 22)
    assert dated["strategies"] == date(2025, 3, 3)
    assert dated["monitoring"] == date(2024, 2, 29)
    assert dated["choosing"] is None


def test_who_must_plan_says_for_which_year(guidance):
    assert "2019–20" in guidance.topic("who-plans").note


def test_the_rule_on_evidence_is_told(guidance):
    texts = [point.text for point in guidance.topic("strategies").points]
    assert any("At least one strategy" in text and "top three tiers" in text for text in texts)


def test_every_source_is_used(guidance):
    cited = {point.source for topic in guidance.topics for point in topic.points}
    cited |= {beat.source for beat in guidance.rhythm}
    assert cited == {source.id for source in guidance.sources}


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            TOPICS,
            "source: overview",
            "source: nowhere",
            "topic who-plans, point 1: source 'nowhere'",
        ),
        (TOPICS, "- id: form", "- id: who-plans", "topic who-plans comes twice"),
        (SOURCES, "- id: vision", "- id: overview", "source overview comes twice"),
        (SOURCES, "https://www.doe", "http://www.doe", "is no https address"),
        (SOURCES, "dated: 2022-06-22", "dated: last summer", "sources.yaml"),
        (SOURCES, "dated: null", "colour: red", "sources.yaml"),
        (CALENDAR, "period: weekly", "period: daily", "each once and in this order"),
        (CALENDAR, "period: weekly", "period: hourly", "calendar.yaml"),
        (CALENDAR, "id: worked", "id: people", "reflection question people comes twice"),
        (CALENDAR, "what: Go deeper into the same benchmarks.", "what: ' '", "an empty text"),
        (TOPICS, "- id: who-plans", "- id: [", "topics.yaml"),
    ],
)
def test_faults_are_named(folder, name, old, new, message):
    text = (folder / name).read_text("utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadCorpus, match=message.replace("[", r"\[")):
        read_guidance(folder)


def test_all_faults_at_once(folder):
    text = (folder / TOPICS).read_text("utf-8")
    (folder / TOPICS).write_text(text.replace("source: overview", "source: nowhere"), "utf-8")
    with pytest.raises(BadCorpus) as found:
        read_guidance(folder)
    assert str(found.value).count("nowhere") == text.count("source: overview")


@pytest.mark.parametrize("name", [SOURCES, TOPICS, CALENDAR])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BadCorpus, match=name):
        read_guidance(folder)


def test_a_fault_of_ours_is_no_bad_input_of_the_visitor(tmp_path, monkeypatch):
    monkeypatch.setenv("RECOMMENDER_CORPUS", str(tmp_path))
    for read in (editorial.guidance, editorial.turnaround_practices):
        with pytest.raises(WorkFailed, match="missing"):
            read()
