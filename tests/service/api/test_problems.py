"""Every failure is a problem document, whatever fails."""

import json

import pytest
from fastapi.testclient import TestClient

from service import limits
from service.access import Role
from service.settings import AccessMode
from tests.service.api.conftest import HERE, fields_of, problem_of

CAUSE = {"root_cause": "weak phonics"}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/practices/none", 404),
        ("GET", "/v1/practices/wwc-intervention:0/findings", 404),
        ("GET", "/v1/practices/" + "x" * 101, 422),
        ("GET", "/nowhere", 404),
        ("GET", "/v1/nowhere", 404),
        ("GET", "/v1/recommendations", 405),
        ("PUT", "/v1/recommendations", 405),
        ("DELETE", "/v1/practices", 405),
        ("POST", "/healthz", 405),
    ],
)
def test_what_is_not_there(client, method, path, status):
    response = client.request(method, path)
    problem_of(response, status)
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("path", ["/v1/recommendations", "/v1/plan-checks"])
def test_a_body_of_another_kind(client, path, kind):
    headers = {"content-type": kind} if kind else {}
    response = client.post(path, content=json.dumps(CAUSE), headers=headers)
    problem_of(response, 415)
    assert response.headers["accept"] == "application/json"


def test_a_document_must_come_as_a_form(client):
    response = client.post("/v1/plan-checks/document", json=CAUSE)
    problem_of(response, 415)
    assert response.headers["accept"] == "multipart/form-data"


@pytest.mark.parametrize(
    "content", ["", "{", '{"root_cause": "x",}', "nonsense", '"text"', "[1]", "null"]
)
def test_a_body_that_is_not_the_json_expected(client, content):
    response = client.post(
        "/v1/recommendations", content=content, headers={"content-type": "application/json"}
    )
    assert fields_of(response) <= {"body", "body.root_cause"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_cannot_be_read(client, content):
    response = client.post(
        "/v1/recommendations", content=content, headers={"content-type": "application/json"}
    )
    problem_of(response, 400 if response.status_code == 400 else 422)


def test_a_form_that_breaks_off(client):
    response = client.post(
        "/v1/plan-checks/document",
        content=b"--x\r\nContent-Disposition: form-data",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    problem_of(response, 400 if response.status_code == 400 else 422)


def test_a_value_never_comes_back_in_a_problem(client):
    secret = "Our pupils of the class 4b"
    body = {"root_cause": 5, secret[:20]: 1, "context": {"grades": [secret]}, "limit": secret}
    response = client.post("/v1/recommendations", json=body)
    assert len(fields_of(response)) == 4
    assert secret not in response.text


def test_thousands_of_faults_are_cut_off(client):
    body = {"root_cause": "x"} | {f"field{i}": 1 for i in range(5000)}
    assert len(problem_of(client.post("/v1/recommendations", json=body), 422)["errors"]) == 100


def _pieces(size):
    yield from (b" " * 65536 for _ in range(size // 65536 + 1))


@pytest.mark.parametrize("streamed", [False, True])
def test_too_large_a_body_is_refused_however_it_comes(client, streamed):
    size = limits.MAX_JSON_BYTES + 1
    content = _pieces(size) if streamed else b" " * size
    response = client.post(
        "/v1/plan-checks", content=content, headers={"content-type": "application/json"}
    )
    assert "5 MB" in problem_of(response, 413)["detail"]


def test_files_have_the_limit_of_the_setting(make_app):
    with TestClient(make_app(max_upload_mb=1), base_url=HERE) as client:
        files = {"file": ("plan.txt", b"x" * 2**20)}
        response = client.post("/v1/plan-checks/document", files=files)
        assert "1 MB" in problem_of(response, 413)["detail"]


@pytest.fixture(scope="module")
def keyed(make_app):
    """A service that asks for keys, with one key of each role."""
    app = make_app(access=AccessMode.KEYS, secret="s" * 32, rate_per_minute=30)
    keys = {role: app.state.store.keys.create(f"a {role}", role)[1] for role in Role}
    with TestClient(app, base_url=HERE) as client:
        yield client, keys


def bearer(key):
    return {"authorization": f"Bearer {key}"}


@pytest.mark.parametrize("path", ["/v1/recommendations", "/v1/plan-checks"])
def test_without_a_key(keyed, path):
    response = keyed[0].post(path, json=CAUSE)
    problem_of(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


def test_a_reader_searches_and_a_portal_checks(keyed):
    client, keys = keyed
    body = {"strategies": [{"id": "s1", "text": "Reading Recovery"}]}
    reader, portal = bearer(keys[Role.READER]), bearer(keys[Role.PORTAL])
    assert client.post("/v1/recommendations", json=CAUSE, headers=reader).status_code == 200
    problem_of(client.post("/v1/plan-checks", json=body, headers=reader), 403)
    assert client.post("/v1/plan-checks", json=body, headers=portal).status_code == 200
    problem_of(client.get("/metrics", headers=portal), 403)


def test_who_may_not_check_learns_nothing_about_the_body(keyed):
    client, keys = keyed
    response = client.post("/v1/plan-checks", json={}, headers=bearer(keys[Role.READER]))
    problem_of(response, 403)


def test_too_many_requests(keyed):
    client, keys = keyed
    headers = bearer(keys[Role.AUDITOR])
    answers = [client.get("/v1/rules", headers=headers) for _ in range(40)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 5 <= len(refused) <= 10
    problem_of(refused[0], 429)
    assert int(refused[0].headers["retry-after"]) >= 1


def test_browsers_get_a_page(client):
    response = client.get("/nowhere", headers={"accept": "text/html"})
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    problem_of(client.get("/v1/nowhere", headers={"accept": "text/html"}), 404)
