"""Single-user mode answers this machine only, and headers that are on every answer."""

import pytest
from fastapi.testclient import TestClient

from recommender.errors import BadInput
from service.access import refuse_open_listening
from service.access.hosts import is_loopback
from service.settings import AccessMode, Settings
from tests.service.access.conftest import HOST, SECRET, make_app

LOOPBACK = ["127.0.0.1", "localhost", "::1", "[::1]", "127.9.9.9", "LOCALHOST"]
ELSEWHERE = ["0.0.0.0", "::", "192.0.2.1", "example.org", "", "localhost.example.org", "10.0.0.1"]
KEYS = Settings(access=AccessMode.KEYS, secret=SECRET)


@pytest.mark.parametrize("host", LOOPBACK)
def test_loopback_needs_no_keys(host):
    assert is_loopback(host)
    refuse_open_listening(host, Settings())


@pytest.mark.parametrize("host", ELSEWHERE)
def test_listening_elsewhere_needs_keys(host):
    with pytest.raises(BadInput, match="RECOMMENDER_ACCESS=keys"):
        refuse_open_listening(host, Settings())
    refuse_open_listening(host, KEYS)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("LocalHost.:8000", 200),
        ("evil.example", 400),  # a name that was pointed here
        ("evil.example:8000", 400),
        ("localhost.evil.example", 400),
        ("127.0.0.1.evil.example", 400),
        ("", 400),
    ],
)
def test_names_in_single_user_mode(single, host, status):
    response = single.get("/healthz", headers={"Host": host})
    assert response.status_code == status


@pytest.mark.parametrize(
    ("hosts", "host", "status"),
    [
        ((), "anything.example", 200),
        (("plans.example",), "plans.example:443", 200),
        (("plans.example",), "other.example", 400),
        (("plans.example",), "localhost", 400),
    ],
)
def test_names_with_keys(store, seconds, hosts, host, status):
    settings = Settings(access=AccessMode.KEYS, secret=SECRET, hosts=hosts)
    client = TestClient(make_app(settings, store, seconds), base_url=HOST)
    assert client.get("/healthz", headers={"Host": host}).status_code == status


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403), ("::ffff:192.0.2.7", 403)],
)
def test_callers_in_single_user_mode(store, seconds, address, status):
    app = make_app(Settings(secret=SECRET), store, seconds)
    client = TestClient(app, base_url=HOST, client=(address, 50000))
    assert client.get("/healthz").status_code == status


def test_the_local_user_may_do_everything(single):
    assert single.get("/v1/administrator").status_code == 200
    assert single.get("/inner/desk").json() == {"name": "local", "scope": None}
    assert single.get("/inner/desk/form").json()["name"] is None


def test_no_rate_in_single_user_mode(store, seconds):
    settings = Settings(secret=SECRET, rate_per_minute=1)
    client = TestClient(make_app(settings, store, seconds), base_url=HOST)
    assert {client.get("/v1/reader").status_code for _ in range(5)} == {200}


def test_forms_need_their_token_in_single_user_mode_too(single):
    assert single.post("/inner/desk/form", data={"note": "x"}).status_code == 403
    token = single.get("/inner/desk/form").json()["token"]
    form = {"note": "x", "csrf_token": token}
    assert single.post("/inner/desk/form", data=form).json() == {"note": "x"}
    elsewhere = {"Origin": "http://evil.example"}
    assert single.post("/inner/desk/form", data=form, headers=elsewhere).status_code == 403


@pytest.mark.parametrize(
    ("sent", "headers", "status"),
    [
        ({"json": {}}, {}, 200),  # curl with JSON
        ({"files": {"file": b"x"}}, {}, 200),  # curl with a document
        ({}, {}, 200),
        # what a page elsewhere can make a browser send without asking
        ({"files": {"file": b"x"}}, {"Origin": "http://evil.example"}, 403),
        ({"files": {"file": b"x"}}, {"Origin": "null"}, 403),
        ({"files": {"file": b"x"}}, {"Sec-Fetch-Site": "cross-site"}, 403),
        ({"json": {}}, {"Origin": "http://evil.example"}, 403),
        ({"content": b"{}"}, {"Content-Type": "text/plain", "Referer": "http://e.example/"}, 403),
        ({"files": {"file": b"x"}}, {"Cookie": "a=b"}, 403),
        ({"files": {"file": b"x"}}, {"Origin": "http://localhost"}, 403),  # our page, no token
    ],
)
def test_programs_of_this_machine_may_post_to_the_api(single, sent, headers, status):
    response = single.post("/v1/portal", headers=headers, **sent)
    assert response.status_code == status


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/healthz", {}),
        ("/nowhere", {}),
        ("/v1/reader", {}),
        ("/sign-in", {}),
        ("/healthz", {"Host": "evil.example"}),
    ],
)
def test_every_answer_has_the_headers(single, path, headers):
    given = single.get(path, headers=headers).headers
    policy = given["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "unsafe" not in given["content-security-policy"]
    assert {"object-src 'none'", "base-uri 'none'", "form-action 'self'",
            "frame-ancestors 'none'"} <= set(policy)  # fmt: skip
    assert given["x-content-type-options"] == "nosniff"
    assert given["x-frame-options"] == "DENY"
    assert given["referrer-policy"] == "same-origin"
    assert "private" in given["cache-control"] or "no-store" in given["cache-control"]


def test_an_answer_with_a_session_is_kept_by_nobody_else(single):
    given = single.get("/inner/desk/form").headers
    assert "set-cookie" in given
    assert given["cache-control"] == "private, no-cache"
    assert "cookie" in given["vary"].lower()
