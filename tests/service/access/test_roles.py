"""Every role on every route; nobody on any; keys that are none; rates."""

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from service import access
from service.access import Role, needs, routes_of, unguarded
from service.access.principal import Principal
from tests.service.access.conftest import HOST, bearer

ORDER = list(Role)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("wanted", Role)
@pytest.mark.parametrize("role", Role)
def test_each_role_on_each_route(client, keys, role, wanted, method):
    response = client.request(method, f"/v1/{wanted}", headers=bearer(keys[role]))
    allowed = ORDER.index(role) >= ORDER.index(wanted)
    assert response.status_code == (200 if allowed else 403)
    if not allowed:
        problem = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert problem["status"] == 403
        assert problem["detail"] == f"this needs the role {wanted}; the key has {role}"


@pytest.mark.parametrize("path", ["/v1/reader", "/inner/desk", "/nowhere", "/metrics", "/v1/"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer er_" + "a" * 52},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer é".encode()},
    ],
)
def test_nobody_gets_nothing(client, path, headers):
    response = client.get(path, headers=headers)
    assert response.status_code == 401
    assert response.json()["status"] == 401
    assert response.headers["www-authenticate"] == "Bearer"


def test_nobody_s_body_is_not_even_read(app):
    def body():
        pytest.fail("the body was read")
        yield b""

    client = TestClient(app, base_url=HOST)
    assert client.post("/inner/desk/form", content=body()).status_code == 401


def test_public_paths_need_no_key(client):
    assert client.get("/healthz").status_code == 200
    assert client.get("/openapi.json").status_code == 200
    assert client.get("/sign-in").status_code == 200


def test_a_revoked_key_ends_at_once(client, store):
    made, plain = store.keys.create("Reader", Role.READER)
    assert client.get("/v1/reader", headers=bearer(plain)).status_code == 200
    store.keys.revoke(made.key_id)
    assert client.get("/v1/reader", headers=bearer(plain)).status_code == 401


def test_use_is_noted(client, keys, store):
    client.get("/v1/reader", headers=bearer(keys[Role.READER]))
    used = {key.role: key.last_used_at for key in store.keys.list()}
    assert used[Role.READER] is not None
    assert used[Role.AUDITOR] is None


@pytest.mark.parametrize(
    ("role", "districts", "own_only"),
    [
        (Role.READER, ("North",), True),
        (Role.PORTAL, None, True),
        (Role.AUDITOR, ("North",), False),
        (Role.AUDITOR, None, False),
        (Role.ADMINISTRATOR, None, False),
    ],
)
def test_the_scope_of_a_key(role, districts, own_only):
    scope = Principal("k", "n", role, districts).scope
    assert (scope.key_id, scope.name) == ("k", "n")
    assert (scope.districts, scope.own_only) == (districts, own_only)


def test_the_scope_comes_from_the_key(client, store):
    _, plain = store.keys.create("North auditor", Role.AUDITOR, ["North", "West"])
    body = client.get("/inner/desk", headers=bearer(plain)).json()
    assert body == {"name": "North auditor", "scope": ["North", "West"]}


def test_the_rate_of_a_key(client, keys, seconds):
    reader, auditor = bearer(keys[Role.READER]), bearer(keys[Role.AUDITOR])
    codes = [client.get("/v1/reader", headers=reader).status_code for _ in range(62)]
    assert codes == [200] * 60 + [429] * 2
    refused = client.get("/v1/reader", headers=reader)
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["status"] == 429
    assert client.get("/v1/reader", headers=auditor).status_code == 200
    seconds.now += 2.0
    codes = [client.get("/v1/reader", headers=reader).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert client.get("/healthz").status_code == 200


def test_guessing_keys_is_slowed_down(client, keys, seconds):
    wrong = bearer("er_" + "a" * 52)
    codes = [client.get("/v1/reader", headers=wrong).status_code for _ in range(22)]
    assert codes == [401] * 20 + [429] * 2
    seconds.now += 60.0
    assert client.get("/v1/reader", headers=bearer(keys[Role.READER])).status_code == 200


def test_the_walk_finds_every_route_s_role(app):
    found = {(each.path, method): each.role for each in routes_of(app) for method in each.methods}
    for role in Role:
        assert found[f"/v1/{role}", "GET"] is found[f"/v1/{role}", "POST"] is role
    # The router asks for more than the route.
    assert found["/inner/desk", "GET"] is Role.AUDITOR
    assert found["/inner/desk/form", "POST"] is Role.AUDITOR
    assert unguarded(app) == ()


def test_the_walk_finds_what_nobody_guards():
    app = FastAPI(docs_url=None, redoc_url=None)
    inner = APIRouter()

    @inner.get("/open")
    def open_to_all():
        return {}

    @app.get("/healthz")
    def healthz():
        return {}

    @app.get("/closed", dependencies=[needs(Role.READER)])
    def closed():
        return {}

    outer = APIRouter()
    outer.include_router(inner, prefix="/deep")
    app.include_router(outer)
    app.mount("/files", FastAPI())
    app.mount("/static", FastAPI())
    assert unguarded(app) == ("/deep/open", "/files")


def test_a_web_socket_is_closed(client):
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/v1/reader"):
        pass


def test_the_names_of_the_package():
    assert set(access.__all__) >= {"install", "needs", "current", "csrf_token", "Role"}
