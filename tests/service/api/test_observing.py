"""Request ids, log lines and measures; and no word of what people wrote in any of them."""

import io
import json
import logging

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from recommender.plan.check import PlanChecker
from service.logs import FIELDS, JsonLines
from service.observing import ACCEPTED
from tests.service.api.conftest import HERE

SECRET = "Our fourth graders at the Xyzzy school cannot add"


@pytest.fixture
def fresh(make_app):
    with TestClient(make_app(), base_url=HERE) as client:
        yield client


def measures(client):
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("given", ["abc", "A-1_2.3", "0" * 64])
def test_an_id_of_the_caller_is_kept(client, given):
    assert client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "a b", "a" * 65, "-a", 'x"y', "ä".encode()])
def test_any_other_id_is_replaced(client, given):
    found = client.get("/healthz", headers={"x-request-id": given}).headers["x-request-id"]
    assert found != given
    assert ACCEPTED.fullmatch(found)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("DELETE", "/healthz"), ("POST", "/v1/recommendations"), ("GET", "/")],
)
def test_every_answer_has_an_id(client, method, path):
    assert ACCEPTED.fullmatch(client.request(method, path).headers["x-request-id"])


@pytest.fixture
def log_lines():
    """What the service logs, as it is written."""
    written = io.StringIO()
    handler, logger = logging.StreamHandler(written), logging.getLogger("service")
    handler.setFormatter(JsonLines())
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logger.removeHandler(handler)
    logger.setLevel(level)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/recommendations", {"root_cause": SECRET}),
        ("/v1/plan-checks", {"strategies": [{"id": SECRET, "text": SECRET}]}),
        ("/v1/plan-checks", {"strategies": [{"id": SECRET, "text": SECRET}], "rule": SECRET[:40]}),
        ("/v1/recommendations", {SECRET: SECRET}),
    ],
)
def test_logs_hold_facts_and_no_text(client, log_lines, path, body):
    response = client.post(path, json=body, headers={"x-request-id": "id-1"})
    (line,) = (each for each in log_lines() if each["logger"] == "service.requests")
    assert line["request_id"] == "id-1"
    assert (line["method"], line["route"]) == ("POST", path)
    assert line["status"] == response.status_code
    assert line["bytes"] == len(response.content)
    assert line["ms"] > 0
    assert "Xyzzy" not in json.dumps(log_lines())


def test_logs_hold_neither_path_nor_query(client, log_lines):
    client.get("/v1/practices", params={"q": SECRET})
    client.get("/v1/practices/Xyzzy")
    client.get("/Xyzzy")
    text = json.dumps(log_lines())
    assert "Xyzzy" not in text
    assert "/v1/practices/{practice_id:path}" in text
    assert "unmatched" in text


def test_a_failure_is_logged_without_its_message(client, log_lines, monkeypatch):
    def fail(*_):
        raise ValueError(SECRET)

    monkeypatch.setattr(PlanChecker, "check", fail)
    client.post("/v1/plan-checks", json={"strategies": [{"id": "s", "text": "x"}]})
    (line,) = (each for each in log_lines() if each["level"] == "error")
    assert line["error"] == "ValueError"
    assert any("fail" in frame for frame in line["trace"])
    assert "Xyzzy" not in json.dumps(line)


@given(st.text(), st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.none()))
def test_a_log_record_is_one_line_of_json(message, facts):
    record = logging.LogRecord("service", logging.INFO, __file__, 1, message, (), None)
    setattr(record, FIELDS, {"facts": facts})
    line = JsonLines().format(record)
    assert "\n" not in line
    assert json.loads(line)["facts"] == facts


def test_requests_are_counted_by_route_and_status(fresh):
    for _ in range(3):
        fresh.post("/v1/recommendations", json={"root_cause": "x"})
    fresh.post("/v1/recommendations", json={})
    fresh.get("/v1/practices/none")
    fresh.get(f"/{SECRET}")
    found = measures(fresh)

    def counted(route, method, status):
        labels = (("method", method), ("route", route), ("status", status))
        return found[("recommender_requests_total", labels)]

    assert counted("/v1/recommendations", "POST", "200") == 3
    assert counted("/v1/recommendations", "POST", "422") == 1
    assert counted("/v1/practices/{practice_id:path}", "GET", "404") == 1
    assert counted("unmatched", "GET", "404") == 1
    labels = (("method", "POST"), ("route", "/v1/recommendations"))
    assert found[("recommender_request_seconds_count", labels)] == 4
    assert found[("recommender_requests_in_flight", ())] == 1  # the one that asks


def test_the_build_in_use_is_shown(fresh, word_engine):
    manifest = word_engine.recommender.index.manifest
    found = measures(fresh)
    (labels,) = (dict(k[1]) for k in found if k[0] == "recommender_index_info")
    assert labels["build_id"] == manifest.build_id
    assert labels["evidence_date"] == manifest.evidence_date
    assert found[("recommender_encoder_queue_texts", ())] == 0


def test_made_up_methods_make_no_counters(fresh):
    for number in range(5):
        fresh.request(f"M{number}", "/healthz")
    assert not any("M0" in str(key) for key in measures(fresh))
