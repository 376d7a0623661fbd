"""Every example of docs/api.md runs against a real server, and its output is what stands there."""

import json
import re
import subprocess
import sys

import pytest

from recommender import paths
from service.app import create_app
from service.engine import Engine
from service.settings import Settings
from service.store import Store
from tests.conftest import ROOT
from tests.service.api.live import serving

TEXT = (ROOT / "docs" / "api.md").read_text("utf-8")
ADDRESS = "http://127.0.0.1:8000"
BLOCK = re.compile(r"```(sh|python)\n(.*?)```\n```(json|text)\n(.*?)```", re.S)
HEADING = re.compile(r"^## (.+)$", re.M)


def _examples():
    for section in re.split(r"(?m)^(?=## )", TEXT)[1:]:
        title = HEADING.match(section)[1]
        for kind, code, shape, output in BLOCK.findall(section):
            yield pytest.param(kind, code, shape, output, id=f"{title} {kind}")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The real index: what stands in the document is what a reader gets."""
    folder = tmp_path_factory.mktemp("data")
    store = Store.open(f"sqlite:///{folder}/service.sqlite3")
    engine = Engine.open(paths.indexes_folder(), ROOT / "corpus")
    yield create_app(Settings(data=folder), engine, store)
    engine.close()
    store.close()


@pytest.fixture(scope="module")
def address(app):
    with serving(app) as address:
        yield address


@pytest.mark.parametrize(("kind", "code", "shape", "output"), list(_examples()))
def test_example_runs_and_prints_what_is_shown(kind, code, shape, output, address, tmp_path):
    command = {"sh": ["bash", "-euo", "pipefail", "-c"], "python": [sys.executable, "-c"]}[kind]
    done = subprocess.run(
        [*command, code.replace(ADDRESS, address)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    if shape == "json":
        assert_holds(json.loads(done.stdout), json.loads(output))
    else:
        assert done.stdout.strip() == output.strip()


def assert_holds(found, shown, where="$"):
    """What is shown is in what was found; a text may be cut short with `…`, a list at its end."""
    if isinstance(shown, dict):
        assert isinstance(found, dict), where
        for key, value in shown.items():
            assert key in found, f"{where}.{key}"
            assert_holds(found[key], value, f"{where}.{key}")
    elif isinstance(shown, list):
        assert len(found) >= len(shown), where
        for number, value in enumerate(shown):
            assert_holds(found[number], value, f"{where}[{number}]")
    elif isinstance(shown, str) and shown.endswith("…"):
        assert found.startswith(shown[:-1]), where
    else:
        assert found == shown, where


def test_every_address_has_an_example_in_both_languages(app):
    shown = {}
    for title, body in zip(HEADING.findall(TEXT), re.split(r"(?m)^## .+$", TEXT)[1:]):
        shown[title] = {kind for kind, *_ in BLOCK.findall(body)}
    for path, methods in app.openapi()["paths"].items():
        for method in methods:
            assert shown[f"{method.upper()} {path}"] == {"sh", "python"}


@pytest.mark.parametrize(
    ("found", "shown", "holds"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": 2}, False),
        ({"a": [1, 2]}, {"a": [1]}, True),
        ({"a": [1]}, {"a": [1, 2]}, False),
        ({"a": "long text"}, {"a": "long…"}, True),
        ({"a": "long text"}, {"a": "long"}, False),
        ({}, {"a": None}, False),  # a field that is not there is not null
    ],
)
def test_shortened_output_is_still_compared(found, shown, holds):
    try:
        assert_holds(found, shown)
    except AssertionError:
        assert not holds
    else:
        assert holds
