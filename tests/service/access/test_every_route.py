"""Every route of the real service, by every role. A new route has to be put into the table."""

import re

import pytest
from fastapi.testclient import TestClient

from service.access import Role, routes_of, unguarded
from service.app import create_app
from service.engine import Engine
from service.settings import AccessMode, Settings
from service.store import Store
from tests.conftest import ROOT, WordEncoder
from tests.service.access.conftest import HOST, SECRET, bearer

PUBLIC = None
READER, PORTAL, AUDITOR, ADMINISTRATOR = Role

TABLE = {
    # path: method -> the lowest role
    "/openapi.json": {"GET": PUBLIC},
    "/v1/recommendations": {"POST": READER},
    "/v1/practices": {"GET": READER},
    "/v1/practices/{practice_id:path}/findings": {"GET": READER},
    "/v1/practices/{practice_id:path}": {"GET": READER},
    "/v1/evidence-map": {"GET": READER},
    "/v1/rules": {"GET": READER},
    "/v1/plan-checks": {"POST": PORTAL},
    "/v1/plan-checks/document": {"POST": PORTAL},
    "/healthz": {"GET": PUBLIC},
    "/readyz": {"GET": PUBLIC},
    "/metrics": {"GET": ADMINISTRATOR},
    "/docs": {"GET": PUBLIC},
    "/about": {"GET": READER},
    "/": {"GET": READER},
    "/guidance": {"GET": READER},
    "/practices": {"GET": READER},
    "/evidence-map": {"GET": READER},
    "/practices/{practice_id:path}/citations.{form}": {"GET": READER},
    "/practices/{practice_id:path}": {"GET": READER},
    "/plan": {"GET": PORTAL, "POST": PORTAL},
    "/plan/upload": {"POST": PORTAL},
    "/plan/strategies": {"POST": PORTAL},
    "/plan/{plan_id}": {"GET": PORTAL, "POST": PORTAL},
    "/plan/{plan_id}/download.{form}": {"GET": PORTAL},
    "/plan/{plan_id}/next-year": {"POST": PORTAL},
    "/plan/{plan_id}/shares": {"POST": PORTAL},
    "/plan/{plan_id}/shares/{share_id}/revoke": {"POST": PORTAL},
    "/shared/{token}": {"GET": PUBLIC},
    "/audit": {"GET": AUDITOR},
    "/audit/batches": {"POST": AUDITOR},
    "/audit/batches/{batch_id}": {"GET": AUDITOR},
    "/audit/batches/{batch_id}/files": {"POST": AUDITOR},
    "/audit/batches/{batch_id}/files/{file_id}/retry": {"POST": AUDITOR},
    "/audit/queue": {"GET": AUDITOR},
    "/audit/review": {"GET": AUDITOR},
    "/audit/decisions": {"POST": AUDITOR},
    "/audit/plans": {"GET": AUDITOR},
    "/audit/plans/{plan_id}": {"GET": AUDITOR},
    "/audit/plans/{plan_id}/compare": {"GET": AUDITOR},
    "/audit/figures": {"GET": AUDITOR},
    "/audit/exports": {"GET": AUDITOR, "POST": AUDITOR},
    "/sign-in": {"GET": PUBLIC, "POST": PUBLIC},
    "/sign-out": {"POST": READER},
}


@pytest.fixture(scope="module")
def whole(word_indexes, tmp_path_factory):
    """The real application, with keys."""
    folder = tmp_path_factory.mktemp("data")
    settings = Settings(
        data=folder, indexes=word_indexes, corpus=ROOT / "corpus",
        access=AccessMode.KEYS, secret=SECRET, rate_per_minute=0, sign_ins_per_minute=10_000,
    )  # fmt: skip
    store = Store.open(settings.store_url)
    engine = Engine.open(word_indexes, ROOT / "corpus", WordEncoder())
    yield create_app(settings, engine, store)
    engine.close()
    store.close()


@pytest.fixture(scope="module")
def callers(whole):
    """A client, and the header of a key for each role."""
    store = whole.state.store
    keys = {role: bearer(store.keys.create(f"The {role}", role)[1]) for role in Role}
    client = TestClient(whole, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)
    return client, keys


def declared(app):
    found = {}
    for route in routes_of(app):
        for method in set(route.methods) - {"HEAD"}:
            found[method, route.path] = route.role
    return found


def test_no_route_is_without_a_guard(whole):
    assert unguarded(whole) == ()


def test_the_table_has_every_route(whole):
    table = {(m, path): role for path, methods in TABLE.items() for m, role in methods.items()}
    assert declared(whole) == table


def addresses():
    return [
        pytest.param(method, re.sub(r"\{.*?\}", "none", path), role, id=f"{method} {path}")
        for path, methods in TABLE.items()
        for method, role in methods.items()
    ]


@pytest.mark.parametrize(("method", "path", "wanted"), addresses())
def test_every_route_by_every_role(callers, method, path, wanted):
    client, keys = callers
    # A body of the wrong kind altogether may be told so before anything else.
    body = {} if method == "GET" else {"json": {}}
    codes = {
        role: client.request(method, path, headers=keys[role], **body).status_code for role in Role
    }
    nobody = client.request(method, path, **body).status_code
    if wanted is PUBLIC:
        assert 401 not in codes.values()
        assert nobody != 401
        return
    assert nobody == 401
    allowed = {role for role, code in codes.items() if code not in (401, 403)}
    assert allowed == {role for role in Role if role.includes(wanted)}
    assert not [code for code in codes.values() if code >= 500 and code != 503]
