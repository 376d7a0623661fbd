"""The HTTP contract, in process, over an index made by words."""

import pytest

from recommender.search.recommender import Recommender
from tests.service.api.conftest import fields_of, problem_of


def test_a_recommendation_has_the_contract_s_fields(client):
    body = {
        "root_cause": "Gr. 1 readers cannot blend sounds",
        "context": {"grades": ["1"], "student_groups": ["English learners"], "state": "MA"},
        "filters": {"tiers": [1, 2, 3]},
        "limit": 3,
    }
    answer = client.post("/v1/recommendations", json=body).json()
    assert len(answer["results"]) == 3
    first = answer["results"][0]
    assert {"rank", "practice_id", "name", "kind", "tier", "tier_source", "tier_for_need",
            "turnaround_practices", "family", "score", "why", "fit", "cautions", "findings",
            "url"} <= set(first)  # fmt: skip
    assert first["rank"] == 1
    assert first["kind"] in ("intervention", "guide_recommendation")
    assert first["tier_source"] in ("wwc", "derived", "guide", "none")
    assert set(first["findings"]) >= {"positive", "null", "negative"}
    assert first["fit"]["grades"] in ("overlaps", "does_not_overlap", "not_reported")
    assert first["fit"]["student_groups"]
    assert first["fit"]["urbanicity"] == "not_reported"
    assert answer["no_good_match"] in (True, False)
    assert {"built_at", "evidence_date", "corpus_sha256"} <= set(answer["index"])


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"body.root_cause"}),
        ({"root_cause": ""}, {"body.root_cause"}),
        ({"root_cause": "   "}, {"body.root_cause"}),
        ({"root_cause": "x" * 5001}, {"body.root_cause"}),
        (
            {"root_cause": "x", "limit": 0, "context": {"grades": ["13"], "urbanicity": "town"}},
            {"body.limit", "body.context.grades.0", "body.context.urbanicity"},
        ),
        ({"root_cause": "x", "filters": {"tiers": [4]}}, {"body.filters.tiers.0"}),
        ({"root_cause": "x", "colour": "red"}, {"body.colour"}),
    ],
)
def test_every_bad_field_is_named_at_once(client, body, fields):
    response = client.post("/v1/recommendations", json=body)
    assert fields_of(response) == fields
    assert all(len(error["message"]) > 10 for error in response.json()["errors"])


def test_practices_are_listed_and_paged(client):
    first = client.get("/v1/practices?per_page=5").json()
    second = client.get("/v1/practices?per_page=5&page=2").json()
    assert first["total"] == 1168
    ids = [p["practice_id"] for p in first["practices"] + second["practices"]]
    assert len(set(ids)) == 10


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("q=reading+recovery", lambda p: "reading recovery" in p["name"].lower()),
        ("tier=2", lambda p: p["tier"] == 2),
        ("turnaround_practice=4", lambda p: 4 in p["turnaround_practices"]),
        ("grade=PK", lambda p: "PK" in p["grades"]),
        ("domain=alphabetics", lambda p: "Alphabetics" in p["outcome_domains"]),
        ("tier=1&grade=3", lambda p: p["tier"] == 1 and "3" in p["grades"]),
    ],
)
def test_filters_of_the_list(client, query, holds):
    body = client.get(f"/v1/practices?per_page=100&{query}").json()
    assert body["practices"]
    assert all(holds(practice) for practice in body["practices"])


@pytest.mark.parametrize(
    "query", ["tier=4", "page=0", "per_page=101", "grade=13", "turnaround_practice=5"]
)
def test_bad_filters_are_problems(client, query):
    assert client.get(f"/v1/practices?{query}").json()["status"] == 422


def test_one_practice_with_every_test_of_its_findings(client):
    body = client.get("/v1/practices/wwc-intervention:209").json()
    assert body["tier"] == 1
    assert body["profile"]["family"] == "one-to-one-reading-tutoring"
    assert {"test", "asks", "passed", "seen", "source"} <= set(body["evidence"][0]["tests"][0])
    findings = client.get("/v1/practices/wwc-intervention:209/findings").json()["findings"]
    assert findings == body["evidence"]
    assert findings[0]["study"]["citation"]


def test_a_guide_recommendation_by_its_id(client):
    body = client.get("/v1/practices/wwc-practice-guide:24/2").json()
    assert body["tier"] == 2
    assert body["tier_confirmed"] is False
    assert client.get("/v1/practices/wwc-practice-guide:24/2/findings").json()["findings"] == []


@pytest.mark.parametrize(
    "path", ["/v1/practices/none", "/v1/practices/wwc-intervention:0/findings", "/nowhere"]
)
def test_what_is_not_there_is_a_problem(client, path):
    response = client.get(path)
    assert response.status_code == response.json()["status"] == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_an_unexpected_failure_says_an_id_and_nothing_else(client, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("a secret of the machine")

    monkeypatch.setattr(Recommender, "recommend", fail)
    response = client.post("/v1/recommendations", json={"root_cause": "x"})
    body = problem_of(response, 500)
    assert "secret" not in response.text
    identifier = body["detail"].split("quote ")[1].split(" ")[0]
    assert identifier == response.headers["x-request-id"]
    assert identifier in caplog.text
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/v1/evidence-map", "/v1/rules", "/openapi.json", "/docs"]
)
def test_operations(client, path):
    assert client.get(path).status_code == 200


def test_empty_filters_are_no_filters(client):
    bare = client.get("/v1/practices").json()
    query = "q=&tier=&turnaround_practice=&grade=&domain=&page=&per_page="
    assert client.get(f"/v1/practices?{query}").json() == bare


def test_a_misspelt_filter_is_named(client):
    assert fields_of(client.get("/v1/practices?teir=1&page=x")) == {"query.teir", "query.page"}


@pytest.mark.parametrize(
    ("page", "rels"),
    [
        (1, {"first": 1, "last": 36, "next": 2}),
        (2, {"first": 1, "last": 36, "prev": 1, "next": 3}),
        (36, {"first": 1, "last": 36, "prev": 35}),
        (50, {"first": 1, "last": 36, "prev": 36}),  # back into the list from beyond its end
    ],
)
def test_links_lead_through_the_list(client, page, rels):
    response = client.get(f"/v1/practices?tier=1&per_page=5&page={page}")
    assert {name: link["url"] for name, link in response.links.items()} == {
        name: f"/v1/practices?tier=1&per_page=5&page={number}" for name, number in rels.items()
    }
    assert response.json()["total"] == 177


def test_following_next_gives_every_practice_once(client):
    path, seen = "/v1/practices?grade=PK&per_page=50", []
    while path:
        response = client.get(path)
        seen += [practice["practice_id"] for practice in response.json()["practices"]]
        path = response.links.get("next", {}).get("url")
    assert len(seen) == len(set(seen)) == response.json()["total"]


def test_the_reference_page_shows_every_address(client, app):
    page = client.get("/docs").text
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page


def test_rules_are_those_of_the_corpus(client):
    rules = client.get("/v1/rules").json()["rules"]
    assert {rule["id"] for rule in rules} == {"ma-plan", "section-1003", "any-tier"}
    assert all(rule["name"] and rule["asks"] and rule["source"] for rule in rules)
