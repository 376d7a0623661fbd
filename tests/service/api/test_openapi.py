"""Generated requests against the whole OpenAPI document: whatever comes, the answer keeps to it."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from service.access import Role
from service.api import answers, plan_answers
from service.settings import AccessMode
from tests.service.api.conftest import PLANS
from tests.service.api.live import serving

EXAMPLES = 15
# What a schema cannot say: that ids differ and rules exist, and that a file holds a plan.
CONFIG = """
[[operations]]
include-name = ["POST /v1/plan-checks", "POST /v1/plan-checks/document"]
checks.positive_data_acceptance.enabled = false
"""


def test_schemathesis_finds_no_failure(make_app, tmp_path):
    app = make_app(access=AccessMode.KEYS, secret="s" * 32, rate_per_minute=0)
    key = app.state.store.keys.create("fuzzer", Role.ADMINISTRATOR)[1]
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    with serving(app) as address:
        command = [
            Path(sys.executable).parent / "schemathesis",
            "run",
            f"{address}/openapi.json",
            f"--header=Authorization: Bearer {key}",
            f"--max-examples={EXAMPLES}",
            "--generation-deterministic",
            "--no-color",
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:]
    assert "Selected: 11/11" in done.stdout
    assert "Tested: 11" in done.stdout
    assert "unresolvable reference" not in done.stdout


PLAN = {"strategies": [{"id": "s1", "text": "Reading Recovery in grade 1"}]}


@pytest.mark.parametrize(
    ("method", "path", "body", "shape"),
    [
        ("POST", "/v1/recommendations", {"root_cause": "phonics"}, answers.RecommendationsAnswer),
        ("GET", "/v1/practices?per_page=100", None, answers.PracticesAnswer),
        ("GET", "/v1/practices/wwc-intervention:209", None, answers.PracticeAnswer),
        ("GET", "/v1/practices/wwc-practice-guide:24/2", None, answers.PracticeAnswer),
        ("GET", "/v1/evidence-map", None, answers.MapAnswer),
        ("POST", "/v1/plan-checks", PLAN, plan_answers.PlanCheckAnswer),
        ("GET", "/v1/rules", None, plan_answers.RulesAnswer),
        ("GET", "/healthz", None, answers.StatusAnswer),
        ("GET", "/readyz", None, answers.ReadyAnswer),
        ("GET", "/v1/practices/none", None, answers.ProblemAnswer),
    ],
)
def test_the_document_names_every_field_of_an_answer(client, method, path, body, shape):
    response = client.request(method, path, json=body)
    TypeAdapter(shape).validate_json(response.content, extra="forbid")


def test_the_document_names_every_field_of_a_document_s_check(client):
    files = {"file": ("plan.docx", (PLANS / "turnaround.docx").read_bytes())}
    response = client.post("/v1/plan-checks/document", files=files)
    shape = TypeAdapter(plan_answers.DocumentCheckAnswer)
    shape.validate_json(response.content, extra="forbid")


def test_the_key_is_documented_where_it_is_needed(make_app, app):
    keyed = make_app(access=AccessMode.KEYS, secret="s" * 32).openapi()
    security = {path: one["security"] for path, each in keyed["paths"].items()
                for one in each.values()}  # fmt: skip
    assert security["/healthz"] == security["/readyz"] == []
    assert security["/v1/recommendations"] == security["/metrics"] == [{"key": []}]
    assert "securitySchemes" not in app.openapi()["components"]
