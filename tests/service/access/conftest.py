"""A small application with a route for each role, and a key for each role."""

from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.testclient import TestClient

from service import access
from service.access import Principal, Role, needs
from service.problems import add_problem_handlers
from service.settings import AccessMode, Settings
from service.store import Store

SECRET = "a secret of the tests, long enough for all"
HOST = "http://localhost"


class Seconds:
    """A clock that moves when it is told."""

    def __init__(self):
        self.now = 1_800_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def seconds():
    return Seconds()


@pytest.fixture
def store(tmp_path):
    opened = Store.open(f"sqlite:///{tmp_path / 'service.sqlite3'}")
    yield opened
    opened.close()


def make_app(settings, store, seconds):
    app = FastAPI(docs_url=None, redoc_url=None)
    add_problem_handlers(app)
    router = APIRouter()
    for role in Role:

        @app.get(f"/v1/{role}", dependencies=[needs(role)])
        @app.post(f"/v1/{role}", dependencies=[needs(role)])
        def ask():
            return {"ok": True}

    guarded = APIRouter(dependencies=[needs(Role.AUDITOR)])

    @guarded.get("/desk")
    def desk(request: Request, principal: Annotated[Principal, needs(Role.READER)]):
        return {"name": access.current(request).name, "scope": principal.scope.districts}

    @guarded.get("/desk/form")
    def form(request: Request):
        return {"token": access.csrf_token(request), "name": access.signed_in_as(request)}

    @guarded.post("/desk/form")
    def sent(note: str = Form()):
        return {"note": note}

    @router.get("/healthz")
    def healthz():
        return {"status": "up"}

    app.include_router(guarded, prefix="/inner")
    app.include_router(router)
    access.install(app, settings, store, seconds=seconds, steady=seconds)
    return app


@pytest.fixture
def settings():
    return Settings(access=AccessMode.KEYS, secret=SECRET, rate_per_minute=60)


@pytest.fixture
def app(settings, store, seconds):
    return make_app(settings, store, seconds)


@pytest.fixture
def client(app):
    return TestClient(app, base_url=HOST, follow_redirects=False)


@pytest.fixture
def single(store, seconds):
    """A client of the service in single-user mode."""
    app = make_app(Settings(secret=SECRET), store, seconds)
    return TestClient(app, base_url=HOST, follow_redirects=False)


@pytest.fixture
def keys(store):
    """A key of each role."""
    return {role: store.keys.create(f"The {role}", role)[1] for role in Role}


@pytest.fixture
def sign_in(client, keys):
    """Sign in as a role, as a browser does; return the response."""

    def go(role, **fields):
        page = client.get("/sign-in")
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        form = {"key": keys[role], "csrf_token": token, "next": "/inner/desk"} | fields
        return client.post("/sign-in", data=form)

    return go


def bearer(key):
    return {"Authorization": f"Bearer {key}"}
