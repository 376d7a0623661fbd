"""The plan check over HTTP: strategies as sent, and documents of every kind."""

import json

import pytest

from service.api.uploads import safe_name
from tests.service.api.conftest import PLANS, fields_of, problem_of

RECOVERY = "Reading Recovery for the lowest readers of grade 1, daily, by a trained teacher"
CONTRACT = {"id", "verdict", "tier", "practice", "confidence", "quote", "finding",
            "turnaround_practices", "reasons"}  # fmt: skip


def check(client, *texts, **more):
    strategies = [{"id": f"s{i}", "text": text} for i, text in enumerate(texts, 1)]
    return client.post("/v1/plan-checks", json={"strategies": strategies, **more})


def send(client, name, content=None, **fields):
    content = (PLANS / name).read_bytes() if content is None else content
    return client.post("/v1/plan-checks/document", files={"file": (name, content)}, data=fields)


def test_a_check_has_the_contract_s_fields(client):
    body = check(client, RECOVERY, "Order chairs", school={"grades": ["1"]}).json()
    assert body["has_tier_1_3"] in (True, False, None)
    assert body["verdict"] in ("meets", "does_not_meet", "needs_review")
    assert [one["id"] for one in body["strategies"]] == ["s1", "s2"]
    assert all(set(one) >= CONTRACT for one in body["strategies"])
    assert body["strategies"][0]["practice"]["practice_id"] == "wwc-intervention:209"
    covered, missing = (body["turnaround_practices"][k] for k in ("covered", "missing"))
    assert sorted(covered + missing) == [1, 2, 3, 4]
    assert {"built_at", "evidence_date", "corpus_sha256"} <= set(body["index"])


def test_the_same_check_twice_gives_the_same_bytes(client):
    assert check(client, RECOVERY).content == check(client, RECOVERY).content


@pytest.mark.parametrize("rule", ["ma-plan", "section-1003", "any-tier"])
def test_each_rule_can_be_asked_for(client, rule):
    assert check(client, RECOVERY, rule=rule).json()["rule"]["id"] == rule


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"body.strategies"}),
        ({"strategies": []}, {"body.strategies"}),
        ({"strategies": [{"id": "a", "text": " "}]}, {"body.strategies.0.text"}),
        ({"strategies": [{"id": "", "text": "x" * 5001}]},
         {"body.strategies.0.id", "body.strategies.0.text"}),
        ({"strategies": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}, {"body.strategies"}),
        ({"strategies": [{"id": str(i), "text": "x"} for i in range(201)]}, {"body.strategies"}),
        ({"strategies": [{"id": "a", "text": "x"}], "rule": "no-such"}, {"body.rule"}),
        ({"strategies": [{"id": "a"}], "school": {"grades": ["13"], "state": "Mass"}},
         {"body.strategies.0.text", "body.school.grades.0", "body.school.state"}),
        ({"strategies": [{"id": "a", "text": "x"}], "scool": {}}, {"body.scool"}),
    ],
)  # fmt: skip
def test_every_bad_field_of_a_check_is_named(client, body, fields):
    assert fields_of(client.post("/v1/plan-checks", json=body)) == fields


@pytest.mark.parametrize(
    "name", ["turnaround.docx", "table.pdf", "grid.xlsx", "grid.csv", "slides.pptx", "plain.txt"]
)
def test_documents_of_every_kind_are_checked(client, name):
    body = send(client, name).json()
    assert body["file"] == name
    assert body["kind"] == name.rsplit(".", 1)[1]
    extracted = body["extracted"]["strategies"]
    assert [one["id"] for one in extracted] == [one["id"] for one in body["strategies"]]
    assert all(one["text"] and one["place"] for one in extracted)
    assert {section["name"] for section in body["extracted"]["sections"]} >= {
        "three-year roadmap", "implementation considerations", "anticipated challenges"
    }  # fmt: skip


def test_a_json_file_is_checked_like_its_body(client):
    content = (PLANS / "body.json").read_bytes()
    sent = client.post("/v1/plan-checks", json=json.loads(content)).json()
    read = send(client, "body.json").json()
    assert read["verdict"] == sent["verdict"]
    shared = set(sent["strategies"][0])
    for one, other in zip(read["strategies"], sent["strategies"], strict=True):
        assert {key: one[key] for key in shared} == other


@pytest.mark.parametrize(
    ("fields", "grades", "source"),
    [
        ({}, ["3", "4", "5"], "document"),
        ({"school": '{"state": "RI"}'}, ["3", "4", "5"], "document"),
        ({"school": '{"grades": ["9"]}'}, ["9"], "request"),
        ({"school": ""}, ["3", "4", "5"], "document"),  # an empty field of a form
    ],
)
def test_grades_of_the_document_count_where_none_are_given(client, fields, grades, source):
    plan = b"The school serves grades 3-5.\n\nStrategies\n- Adopt Reading Recovery in grade 3\n"
    body = send(client, "plan.txt", plan, **fields).json()
    assert body["school"]["grades"] == grades
    assert body["extracted"]["grades_from"] == source


def test_no_grades_anywhere_is_said(client):
    plan = b"Strategies\n- Adopt Reading Recovery\n"
    body = send(client, "plan.txt", plan).json()
    assert body["extracted"]["grades_from"] == "nowhere"
    assert any("grades not found" in note for note in body["extracted"]["notes"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("encrypted.docx", "encrypted.docx"),
        ("scanned.pdf", "scanned"),
        ("empty.txt", "is empty"),
        ("truncated.pdf", "truncated.pdf"),
        ("old.doc", "old.doc"),
    ],
)
def test_an_unreadable_document_is_a_problem_with_its_reason(client, name, words):
    (error,) = problem_of(send(client, name), 422)["errors"]
    assert error["field"] == "body.file"
    assert words in error["message"]


@pytest.mark.parametrize(
    ("files", "data", "fields"),
    [
        ({}, {"rule": "ma-plan"}, {"body.file"}),
        ({"other": b"x"}, {}, {"body.file", "body.other"}),
        ({"file": b"x"}, {"school": "{", "more": "1"}, {"body.school", "body.more"}),
        ({"file": b"x"}, {"school": '{"grades":["13"],"x":1}'},
         {"body.school.grades.0", "body.school.x"}),
        ({"file": b"x"}, {"rule": "no-such"}, {"body.rule"}),
        ({"school": b"{}"}, {}, {"body.file", "body.school"}),
    ],
)  # fmt: skip
def test_every_bad_field_of_an_upload_is_named(client, files, data, fields):
    # Without a file the client would not send a form of several parts.
    files = {name: ("plan.txt", content) for name, content in files.items()} or {"x": ("x", b"")}
    response = client.post("/v1/plan-checks/document", files=files, data=data)
    assert fields_of(response) - {"body.x"} == fields


def test_two_files_are_too_many(client):
    files = [("file", ("a.txt", b"x")), ("file", ("b.txt", b"y"))]
    assert "Too many files" in problem_of(
        client.post("/v1/plan-checks/document", files=files), 400
    )["detail"]  # fmt: skip


def test_nothing_of_an_upload_is_left_behind(client, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert send(client, "turnaround.docx").status_code == 200
    assert send(client, "encrypted.docx").status_code == 422
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("plan.docx", "plan.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("..", "plan"),
        ("", "plan"),
        ("a\x00b\n.txt", "a_b_.txt"),
        ("x" * 300 + ".docx", "x" * 95 + ".docx"),  # the ending says what it is
    ],
)
def test_names_of_files_lead_nowhere(given, kept):
    assert safe_name(given) == kept
