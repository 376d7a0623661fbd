"""The commands for keys and the store, and where `serve` may listen."""

import json

import pytest
from typer.testing import CliRunner

from recommender.cli import app
from recommender.errors import BadInput
from service.settings import Settings
from service.store import PlanDraft, Role, Scope, Store

SCOPE = Scope.state()


@pytest.fixture
def run(url):
    def go(*words, **environment):
        env = {"RECOMMENDER_DATABASE_URL": url} | environment
        return CliRunner().invoke(app, words, env=env, catch_exceptions=True)

    return go


def test_a_key_is_made_listed_and_revoked(run, url):
    made = run("keys", "create", "--name", "North", "--role", "auditor", "--district", "North",
               "--district", "West")  # fmt: skip
    assert made.exit_code == 0, made.output
    plain = made.stdout.strip()
    assert plain.startswith("er_")
    assert "shown this once" in made.stderr
    store = Store.open(url)
    key = store.keys.find(plain)
    assert (key.name, key.role, key.districts) == ("North", Role.AUDITOR, ("North", "West"))
    listed = run("keys", "list").stdout
    assert key.key_id in listed
    assert "never used" in listed
    assert plain not in listed
    assert run("keys", "revoke", key.key_id).exit_code == 0
    assert store.keys.find(plain) is None
    (only,) = json.loads(run("keys", "list", "--json").stdout)["keys"]
    assert only["revoked_at"]
    store.close()


def test_a_key_for_machines(run):
    body = json.loads(run("keys", "create", "--name", "P", "--role", "portal", "--json").stdout)
    assert body["key"].startswith("er_")
    assert (body["role"], body["districts"]) == ("portal", None)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("keys", "create", "--name", "x", "--role", "boss"), "--role: found 'boss'"),
        (("keys", "create", "--name", " ", "--role", "reader"), "name: 0 characters"),
        (("keys", "revoke", "none"), "no such key"),
        (("store", "restore", "none"), "none: no such file"),
        (("serve", "--host", "0.0.0.0"), "listens on this machine only"),
    ],
)
def test_bad_input(run, words, message):
    done = run(*words)
    assert isinstance(done.exception, BadInput)
    assert message in str(done.exception)


def test_bad_settings_stop_every_command(run):
    done = run("keys", "list", RECOMMENDER_ACCESS="open")
    assert isinstance(done.exception, BadInput)


def test_a_store_goes_into_a_file_and_into_another_database(run, url, tmp_path):
    store = Store.open(url)
    plan = store.plans.create(SCOPE, PlanDraft("A plan"))
    store.close()
    file = tmp_path / "backup.gz"
    assert "2 rows of" in run("store", "backup", str(file)).stdout
    other = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    done = run("store", "restore", str(file), RECOMMENDER_DATABASE_URL=other)
    assert done.exit_code == 0, done.exception
    store = Store.open(other)
    assert store.plans.get(SCOPE, plan.plan_id) == plan
    store.close()


def test_upgrade_says_what_it_did(run):
    assert "was empty and is version" in run("store", "upgrade").stdout
    assert "was version" in run("store", "upgrade").stdout


def test_serve_passes_the_settings_on(run, monkeypatch):
    started = {}
    monkeypatch.setattr("service.app.create_app", lambda settings: settings)
    monkeypatch.setattr("service.logs.set_up_logs", lambda level: started.update(level=level))
    monkeypatch.setattr("uvicorn.run", lambda app, **more: started.update(app=app, **more))
    done = run("serve", "--port", "9000", RECOMMENDER_LOG_LEVEL="warning")
    assert done.exit_code == 0, done.exception
    assert isinstance(started["app"], Settings)
    assert (started["host"], started["port"]) == ("127.0.0.1", 9000)
    assert started["level"] == started["app"].log_level == "warning"
    secret = "s" * 40
    done = run("serve", "--host", "0.0.0.0", RECOMMENDER_ACCESS="keys", RECOMMENDER_SECRET=secret)
    assert (done.exit_code, started["host"]) == (0, "0.0.0.0")
