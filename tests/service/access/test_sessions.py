"""Sessions of browsers: signing in and out, cookies that are none, forms from elsewhere."""

import re

import pytest
from fastapi.testclient import TestClient
from itsdangerous import URLSafeSerializer

from service.access import Role
from service.access.answers import safe_next
from service.access.sessions import COOKIE, SALT, Sessions
from service.settings import AccessMode, Settings
from service.store.ids import digest
from tests.service.access.conftest import HOST, SECRET, make_app

HTML = {"Accept": "text/html"}


def with_cookie(client, cookie):
    """Return another browser with this cookie."""
    return TestClient(client.app, base_url=HOST, cookies={COOKIE: cookie})


def test_signing_in_and_out(client, sign_in):
    response = sign_in(Role.AUDITOR)
    assert (response.status_code, response.headers["location"]) == (303, "/inner/desk")
    assert client.get("/inner/desk").json()["name"] == "The auditor"
    token = client.get("/inner/desk/form").json()["token"]
    out = client.post("/sign-out", data={"csrf_token": token})
    assert (out.status_code, out.headers["location"]) == (303, "/sign-in")
    assert COOKIE not in client.cookies
    assert client.get("/inner/desk").status_code == 401


def test_a_copied_cookie_ends_with_the_session(client, sign_in):
    sign_in(Role.AUDITOR)
    copied = client.cookies[COOKIE]
    token = client.get("/inner/desk/form").json()["token"]
    client.post("/sign-out", data={"csrf_token": token})
    assert with_cookie(client, copied).get("/inner/desk").status_code == 401


def test_the_cookie_s_attributes(client, sign_in):
    line = sign_in(Role.READER).headers["set-cookie"]
    assert re.fullmatch(rf"{COOKIE}=[\w.~-]+; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax", line)


@pytest.mark.parametrize(("https", "base"), [(True, HOST), (False, "https://localhost")])
def test_the_cookie_is_secure_over_https(store, seconds, https, base):
    settings = Settings(access=AccessMode.KEYS, secret=SECRET, https=https)
    client = TestClient(make_app(settings, store, seconds), base_url=base)
    response = client.get("/sign-in")
    assert response.headers["set-cookie"].endswith("; Secure")
    assert ("strict-transport-security" in response.headers) is https


def test_the_session_holds_neither_key_nor_hash(client, sign_in, keys):
    sign_in(Role.READER)
    value = client.cookies[COOKIE]
    told = str(URLSafeSerializer(SECRET, SALT).loads_unsafe(value))
    assert keys[Role.READER] not in told
    assert digest(keys[Role.READER]) not in told


def test_signing_in_begins_a_new_session(client, sign_in):
    client.get("/sign-in")
    before = client.cookies[COOKIE]
    sign_in(Role.READER)
    assert client.cookies[COOKIE] != before
    assert with_cookie(client, client.cookies[COOKIE]).get("/v1/reader").status_code == 200
    assert with_cookie(client, before).get("/v1/reader").status_code == 401


def test_a_session_expires(client, sign_in, seconds):
    sign_in(Role.READER)
    seconds.now += 12 * 3600 - 1
    assert client.get("/v1/reader").status_code == 200
    seconds.now += 1
    assert client.get("/v1/reader").status_code == 401


def test_a_session_ends_with_its_key(client, sign_in, store):
    sign_in(Role.READER)
    (reader,) = [key for key in store.keys.list() if key.role is Role.READER]
    store.keys.revoke(reader.key_id)
    assert client.get("/v1/reader").status_code == 401


def changed_key(value):
    """Keep the signature of a reader's cookie, and put another content before it."""
    content, signature = value.rsplit(".", 1)
    other = URLSafeSerializer(SECRET, SALT).dumps(["x", "y", 1_800_000_000]).rsplit(".", 1)[0]
    assert other != content
    return f"{other}.{signature}"


@pytest.mark.parametrize(
    "forge",
    [
        # not the last letter, some bits of which mean nothing
        lambda value: value[:-5] + ("A" if value[-5] != "A" else "B") + value[-4:],
        changed_key,
        lambda value: value.rsplit(".", 1)[0],
        lambda value: "",
        lambda value: "nonsense",
        lambda value: "x" * 2000,
        lambda value: URLSafeSerializer("another secret", SALT).dumps(["a", "b", 1_800_000_000]),
        # signed with the right secret, but for something else
        lambda value: URLSafeSerializer(SECRET, "other").dumps(["a", "b", 1_800_000_000]),
    ],
)
def test_forged_cookies(client, sign_in, forge):
    sign_in(Role.READER)
    forged = with_cookie(client, forge(client.cookies[COOKIE]))
    assert forged.get("/v1/reader").status_code == 401


@pytest.mark.parametrize(
    "content", [["a"], "text", 5, None, ["a", "b", "c"], [1, "k", 5], [], {"a": 1}]
)
def test_a_signed_cookie_of_another_shape_is_none(seconds, content):
    sessions = Sessions(Settings(secret=SECRET), seconds)
    assert sessions.read(sessions._signer.dumps(content)) is None


def test_a_session_from_the_future_is_none(seconds):
    sessions = Sessions(Settings(secret=SECRET), seconds)
    cookie = sessions.cookie(sessions.start("k"), False).split(";")[0].split("=", 1)[1]
    assert sessions.read(cookie) is not None
    seconds.now -= 61
    assert sessions.read(cookie) is None


def test_a_wrong_key_is_told_without_repeating_it(client, sign_in):
    response = sign_in(Role.READER, key="er_wrong<b>")
    assert response.status_code == 401
    assert "not known" in response.text
    assert "er_wrong" not in response.text
    assert client.get("/v1/reader").status_code == 401


def test_the_key_is_in_no_log_and_no_answer(client, sign_in, keys, caplog):
    with caplog.at_level("DEBUG"):
        response = sign_in(Role.READER)
    assert keys[Role.READER] not in caplog.text
    assert keys[Role.READER] not in str(response.headers) + response.text


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_signing_in_needs_the_form_s_token(client, keys, token):
    client.get("/sign-in")
    form = {"key": keys[Role.READER]} | ({} if token is None else {"csrf_token": token})
    assert client.post("/sign-in", data=form).status_code == 403


def test_a_person_is_led_to_sign_in_and_back(client):
    response = client.get("/inner/desk?a=1&b=2", headers=HTML)
    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?next=/inner/desk%3Fa%3D1%26b%3D2"
    assert 'value="/inner/desk?a=1&amp;b=2"' in client.get(response.headers["location"]).text
    assert client.get("/v1/reader", headers=HTML).status_code == 401  # the API never redirects
    assert client.post("/inner/desk/form", headers=HTML).status_code == 401


@pytest.mark.parametrize(
    ("target", "safe"),
    [
        ("/plan/1?x=1", "/plan/1?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\nb", "/"),
        ("/\t/evil.example", "/"),
        ("/sign-in", "/"),
        ("", "/"),
        (None, "/"),
    ],
)
def test_where_signing_in_leads(target, safe):
    assert safe_next(target) == safe


FORM = {"note": "hello"}


def post(client, token=None, **more):
    data = FORM | ({"csrf_token": token} if token is not None else {})
    return client.post("/inner/desk/form", data=data, **more)


def test_a_form_with_its_token_is_taken(client, sign_in):
    sign_in(Role.AUDITOR)
    token = client.get("/inner/desk/form").json()["token"]
    assert post(client, token).json() == FORM
    assert post(client, headers={"X-CSRF-Token": token}).json() == FORM
    files = {"file": ("a.txt", b"x")}
    assert post(client, token, files=files).json() == FORM


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é"])
def test_a_form_without_its_token_is_refused(client, sign_in, token):
    sign_in(Role.AUDITOR)
    assert post(client, token).status_code == 403


def test_a_token_of_another_session_is_refused(client, sign_in):
    sign_in(Role.AUDITOR)
    old = client.get("/inner/desk/form").json()["token"]
    sign_in(Role.AUDITOR)
    assert post(client, old).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_token(client, sign_in, headers):
    sign_in(Role.AUDITOR)
    token = client.get("/inner/desk/form").json()["token"]
    assert post(client, token, headers=headers).status_code == 403
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert post(client, token, headers=own).status_code == 200


def test_json_by_session_needs_the_token_too(client, sign_in):
    sign_in(Role.READER)
    assert client.post("/v1/reader", json={}).status_code == 403
    sign_in(Role.AUDITOR)
    token = {"X-CSRF-Token": client.get("/inner/desk/form").json()["token"]}
    assert client.post("/v1/reader", json={}, headers=token).status_code == 200


def test_no_cookie_without_a_form(client, keys):
    assert "set-cookie" not in client.get("/healthz").headers
    bearer = {"Authorization": f"Bearer {keys[Role.READER]}"}
    assert "set-cookie" not in client.get("/v1/reader", headers=bearer).headers
