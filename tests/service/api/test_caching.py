"""What does not change within a build is not sent twice; what people send is never kept."""

import pytest

from service.api.caching import etag_of, is_known

KEPT = [
    "/v1/practices",
    "/v1/practices?tier=1&page=2",
    "/v1/practices/wwc-intervention:209",
    "/v1/practices/wwc-practice-guide:24/2",
    "/v1/practices/wwc-intervention:209/findings",
    "/v1/evidence-map",
]


@pytest.mark.parametrize("path", KEPT)
def test_the_second_time_only_the_tag_comes(client, path):
    first = client.get(path)
    assert first.headers["cache-control"] == "private, no-cache"
    second = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert second.status_code == 304
    assert second.content == b""
    assert second.headers["etag"] == first.headers["etag"]
    assert second.headers["cache-control"] == "private, no-cache"


def test_another_build_has_another_tag(client, word_engine, monkeypatch):
    path, old = "/v1/evidence-map", etag_of(word_engine.snapshot)
    snapshot = type(word_engine.snapshot)
    monkeypatch.setattr(snapshot, "build_id", "another")
    response = client.get(path, headers={"if-none-match": old})
    assert response.status_code == 200
    assert response.headers["etag"] != old


@pytest.mark.parametrize("path", ["/v1/practices/none", "/v1/practices?tier=9"])
def test_a_problem_is_never_kept(client, path):
    response = client.get(path, headers={"if-none-match": "*"})
    assert response.status_code in (404, 422)
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/recommendations", {"root_cause": "x"}),
        ("/v1/plan-checks", {"strategies": [{"id": "s", "text": "x"}]}),
    ],
)
def test_answers_to_what_people_write_are_never_kept(client, path, body):
    response = client.post(path, json=body)
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, False),
        ("", False),
        ('"a"', True),
        ('W/"a"', True),  # weak comparison, as RFC 9110 asks for here
        ('"b", "a"', True),
        ("*", True),
        ('"ab"', False),
        ("a", False),
    ],
)
def test_tags_are_compared(header, known):
    assert is_known(header, '"a"') is known
