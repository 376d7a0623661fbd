"""The interface in process, in single-user mode, over an index made by words."""

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.engine import Engine
from service.settings import Settings
from service.store import Store
from tests.conftest import ROOT, WordEncoder

HERE = "http://127.0.0.1"
PLANS = ROOT / "tests" / "fixtures" / "plans"


@pytest.fixture(scope="session")
def word_engine(word_indexes):
    engine = Engine.open(word_indexes, ROOT / "corpus", WordEncoder())
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def make_app(word_indexes, word_engine, tmp_path_factory):
    """Applications with settings of their own, each with a store of its own."""
    stores = []

    def make(engine=word_engine, **settings):
        folder = tmp_path_factory.mktemp("data")
        stores.append(Store.open(f"sqlite:///{folder}/service.sqlite3"))
        chosen = Settings(data=folder, indexes=word_indexes, corpus=ROOT / "corpus", **settings)
        return create_app(chosen, engine, stores[-1])

    yield make
    for store in stores:
        store.close()


@pytest.fixture(scope="module")
def app(make_app):
    return make_app()


@pytest.fixture(scope="module")
def client(app):
    with TestClient(app, base_url=HERE, raise_server_exceptions=False) as client:
        yield client


def problem_of(response, status):
    """The problem document of a failed request."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    assert body["detail"]
    return body


def fields_of(response):
    """The fields that a 422 names."""
    return {error["field"] for error in problem_of(response, 422)["errors"]}
