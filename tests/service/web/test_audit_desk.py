"""The audit desk, page by page, as a browser without script sees it."""

import hashlib
import io
import time

import openpyxl
import pytest
from fastapi.testclient import TestClient

from recommender.plan.verdicts import Verdict
from recommender.records import Context
from service.access import Role
from service.app import create_app
from service.settings import AccessMode, Settings
from service.store import PlanDraft, SavedStrategy, Scope, Store
from service.store.audit_records import NewFile, ReviewState
from tests.service.web.conftest import soup

STATE = Scope.state("state-key", "State office")
LIMIT = 60


@pytest.fixture
def store(pages):
    return pages.app.state.store


@pytest.fixture
def token(pages):
    return field(soup(pages.get("/audit")), "csrf_token")["value"]


def field(form, name):
    return next(e for e in form.all() if e.get("name") == name)


@pytest.fixture
def post(pages, token):
    def send(path, files=None, **fields):
        sent = [("files", (name, content)) for name, content in files] if files else None
        return pages.post(path, data={"csrf_token": token, **fields}, files=sent)

    return send


@pytest.fixture
def upload(pages, post, store):
    """Send files and wait until none waits; give the batch's id."""

    def send(*files, **fields):
        said = {"name": "A batch", "rule": "ma-plan", "district": "North", **fields}
        answer = post("/audit/batches", files, **said)
        assert answer.status_code == 303, answer.text[:2000]
        batch_id = answer.headers["location"].rsplit("/", 1)[1]
        until = time.monotonic() + LIMIT
        while store.batches.get(STATE, batch_id).waiting:
            assert time.monotonic() < until, "the files still wait"
            time.sleep(0.05)
        return batch_id

    return send


def plan_file(*strategies, grades="Grades: K, 1, 2"):
    return ("\n".join(["School Improvement Plan", grades, "Strategies", *strategies])).encode()


def one(number, verdict, **more):
    return {
        "id": f"s{number}",
        "verdict": verdict,
        "tier": None,
        "practice": {"practice_id": "wwc-intervention:209", "name": "A program"},
        "confidence": 0.5,
        "quote": None,
        "finding": None,
        "guide_url": None,
        "turnaround_practices": [3],
        "reasons": ["close, but not named"],
        "question": "Is this the program that was studied?",
        **more,
    }


@pytest.fixture
def kept(store):
    """Keep a checked plan: pairs of text and verdict; give its id."""

    def make(*strategies, scope=STATE, **fields):
        texts = tuple(SavedStrategy(f"s{n}", t) for n, (t, *_) in enumerate(strategies, 1))
        draft = PlanDraft(**{"title": "A plan", "district": "North"} | fields, strategies=texts)
        plan = store.plans.create(scope, draft)
        found = [
            one(n, verdict, **(more[0] if more else {}))
            for n, (_, verdict, *more) in enumerate(strategies, 1)
        ]
        verdicts = [each["verdict"] for each in found]
        top = "meets" in verdicts
        still_open = "needs_review" in verdicts
        answer = {
            "has_tier_1_3": True if top else None if still_open else False,
            "verdict": "meets" if top else "needs_review" if still_open else "does_not_meet",
            "rule": {"id": "ma-plan", "name": "A rule", "asks": "one"},
            "strategies": found,
            "turnaround_practices": {"covered": [3], "missing": [1, 2, 4]},
            "index": {"build_id": "build-1"},
        }
        store.checks.save(scope, plan.plan_id, 1, answer)
        return plan.plan_id

    return make


def review(plan_id, strategy_id="s1", **filters):
    return {"plan": plan_id, "strategy": strategy_id, **filters}


PAGES = ("/audit", "/audit/queue", "/audit/plans", "/audit/figures", "/audit/exports")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_something_to_say_when_nothing_was_sent(pages, path):
    assert len(list(soup(pages.get(path)).all("h1"))) == 1


def test_upload_check_and_see_each_file(pages, upload):
    batch_id = upload(
        ("good plan.txt", plan_file("Use Reading Recovery with grade 1 readers who fall behind")),
        ("empty.txt", b""),
        ("broken.docx", b"PK\x03\x04 not a document"),
        ("copy.txt", plan_file("Use Reading Recovery with grade 1 readers who fall behind")),
    )
    page = soup(pages.get(f"/audit/batches/{batch_id}"))
    rows = [row.words for row in page.one("table").one("tbody").all("tr")]
    assert len(rows) == 4
    assert "Checked" in rows[0]
    assert "Could not be checked" in rows[1]
    assert "Could not be checked" in rows[2]
    assert "The same bytes as good plan.txt" in rows[3]
    for row in rows[1:3]:
        assert "Traceback" not in row
        assert "Error" not in row
    failed = soup(pages.get(f"/audit/batches/{batch_id}?show=failed"))
    assert len(list(failed.one("table").one("tbody").all("tr"))) == 2
    plan = soup(pages.get(next(page.one("table").all("a"))["href"]))
    assert plan.one("h1").words == "good plan"
    assert "Reading Recovery" in plan.one("table").words


def decide(post, plan_id, strategy_id="s1", **fields):
    said = {"plan": plan_id, "strategy": strategy_id, "choice": "does_not_meet", "reason": "Why",
            "seen": "0"} | fields  # fmt: skip
    return post("/audit/decisions", **said)


def test_a_decision_leads_to_the_next_strategy_and_stands_in_the_history(pages, post, kept):
    plan_id = kept(("First words", "needs_review"), ("Second words", "needs_review"))
    answer = decide(post, plan_id, reason="It is <b>another</b> program")
    assert answer.status_code == 303
    following = soup(pages.get(answer.headers["location"]))
    assert "Strategy s2" in following.one("h1").words
    assert "s1 of A plan, does not meet" in following.one(cls="good").words
    back = soup(pages.get("/audit/review", params=review(plan_id)))
    assert "It is <b>another</b> program" in back.one("ol", cls="history").words
    assert "Decided" in back.one(cls="state").words
    last = decide(post, plan_id, "s2")
    assert last.headers["location"] == "/audit/queue?finished=1"


def test_the_next_strategy_is_of_the_same_batch_or_district(post, kept):
    here = kept(("First words", "needs_review"), ("Second", "needs_review"), district="North")
    kept(("Elsewhere", "needs_review"), district="South")
    kept(("Elsewhere too", "needs_review"), district="South")
    answer = decide(post, here, district="North")
    assert f"plan={here}" in answer.headers["location"]
    assert "district=North" in answer.headers["location"]
    answer = decide(post, here, "s2", district="North")
    assert answer.headers["location"] == "/audit/queue?district=North&finished=1"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("choice", "", "choose one of the answers"),
        ("choice", "maybe", "choose one of the answers"),
        ("reason", "  \n ", "write why"),
        ("reason", "x" * 5001, "at most 5000"),
        ("reason", "a\0b", "cannot be kept"),
        ("seen", "", "load the page again"),
        ("seen", "-1", "load the page again"),
    ],
)
def test_a_decision_with_a_fault_is_not_kept_and_nothing_typed_is_lost(
    store, post, kept, field, value, said
):
    plan_id = kept(("First words", "needs_review"))
    page = soup(decide(post, plan_id, **{field: value}), 422)
    assert said in page.one(id="faults").words
    assert store.decisions.history(STATE, plan_id, "s1") == ()
    if field != "reason":
        assert page.one("textarea").words == "Why"


def test_a_decision_on_an_old_page_is_refused_and_what_happened_is_shown(store, post, kept):
    plan_id = kept(("First words", "needs_review"))
    store.decisions.decide(STATE, plan_id, "s1", Verdict.NO_EVIDENCE_FOUND, "I was first", 0)
    page = soup(decide(post, plan_id), 409)
    assert "Somebody else has decided" in page.one(id="faults").words
    assert "I was first" in page.one("ol", cls="history").words
    assert page.one("textarea").words == "Why"
    seen = field(page, "seen")
    assert decide(post, plan_id, seen=seen["value"]).status_code == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/audit/batches", {"name": "A"}),
        ("/audit/batches/none/files", {}),
        ("/audit/batches/none/files/none/retry", {}),
        ("/audit/decisions", {"plan": "p"}),
        ("/audit/exports", {}),
    ],
)
def test_no_form_is_taken_without_its_token(pages, path, fields):
    assert pages.post(path, data=fields).status_code == 403
    assert pages.post(path, data={"csrf_token": "x", **fields}).status_code == 403


def test_every_form_carries_the_token(pages, kept, upload):
    plan_id = kept(("First words", "needs_review"))
    batch_id = upload(("empty.txt", b""))
    paths = ["/audit", "/audit/exports", f"/audit/batches/{batch_id}"]
    answers = [pages.get(path) for path in paths]
    answers.append(pages.get("/audit/review", params=review(plan_id)))
    for answer in answers:
        forms = [f for f in soup(answer).all("form") if f.get("method") == "post"]
        assert forms
        for form in forms:
            assert field(form, "csrf_token")["value"]


def test_the_queue_is_by_risk_undecided_first_and_can_be_narrowed(pages, store, kept):
    sure = kept(("Low risk", "needs_review"), ("Meets", "meets"), district="South")
    hangs = kept(("High risk", "needs_review"), district="North")
    waits = kept(("Waits", "needs_review"), district="North")
    store.decisions.decide(STATE, waits, "s1", Verdict.MEETS, "Named", 0)

    def shown(**query):
        page = soup(pages.get("/audit/queue", params=query))
        return [item.one("h2").words for item in page.all("li", cls="card")]

    assert shown() == ["High risk", "Low risk", "Waits"]
    assert shown(district="north") == ["High risk", "Waits"]
    assert shown(state="second_reader") == ["Waits"]
    assert shown(state="decided") == []
    store.decisions.decide(STATE, sure, "s1", Verdict.DOES_NOT_MEET, "No", 0)
    assert shown(verdict="does_not_meet") == ["Low risk"]
    assert shown(verdict="needs_review") == ["High risk", "Waits"]
    assert hangs
    soup(pages.get("/audit/queue?state=odd"), 422)
    soup(pages.get("/audit/queue?verdict=odd&page=-3"), 422)


def test_the_queue_comes_a_page_at_a_time(pages, kept):
    for number in range(4):
        kept(*((f"Words {number} {n}", "needs_review") for n in range(20)))
    seen, path = [], "/audit/queue"
    while path:
        page = soup(pages.get(path))
        seen += [item.one("h2").words for item in page.all("li", cls="card")]
        path = next((a["href"] for a in page.all("a", rel="next")), None)
    assert len(seen) == len(set(seen)) == 80


def test_skip_goes_on_without_deciding(pages, store, kept):
    plan_id = kept(*((f"Words {n}", "needs_review") for n in range(3)))
    page = soup(pages.get("/audit/review", params=review(plan_id, "s1")))
    page = soup(pages.get(skip_of(page)))
    assert "Strategy s2" in page.one("h1").words
    page = soup(pages.get(skip_of(page)))
    assert "Strategy s3" in page.one("h1").words
    assert skip_of(page) is None
    assert store.decisions.history(STATE, plan_id, "s1") == ()


def skip_of(page):
    return next((a["href"] for a in page.all("a", accesskey="j")), None)


def test_the_deciding_words_are_marked_and_the_evidence_stands_beside(pages, kept):
    found = {
        "quote": "reading  recovery", "tier": 1,
        "practice": {"practice_id": "wwc-intervention:420", "name": "Reading Recovery"},
        "finding": {"study_id": "1", "finding_id": "2", "outcome_domain": "Reading",
                    "citation": "A study of 1990."},
    }  # fmt: skip
    plan_id = kept(("We use Reading\nRecovery <daily>", "meets", found))
    page = soup(pages.get("/audit/review", params=review(plan_id)))
    assert page.one("mark").words == "Reading Recovery"
    assert "<daily>" in page.one("blockquote").words
    words = page.one("main").words
    for part in ("A study of 1990.", "Is this the program that was studied?",
                 "close, but not named", "50 in 100", "Tier 1: strong evidence"):  # fmt: skip
        assert part in words


def test_a_practice_that_the_index_no_longer_holds_is_named(pages, kept):
    gone = {"practice": {"practice_id": "wwc-intervention:0", "name": "A lost program"}}
    plan_id = kept(("Words", "needs_review", gone))
    words = soup(pages.get("/audit/review", params=review(plan_id))).one("main").words
    assert "A lost program The index that serves now does not hold this practice" in words


@pytest.mark.parametrize("query", ["", "plan=none&strategy=s1", "plan=%00&strategy=%00"])
def test_a_strategy_that_is_not_there_is_said_to_be_missing(pages, query):
    assert pages.get(f"/audit/review?{query}").status_code == 404


def test_a_second_reader_has_to_be_another_one(pages, post, store, kept):
    plan_id = kept(("First words", "needs_review"))
    assert decide(post, plan_id, choice="meets").status_code == 303
    page = soup(pages.get("/audit/review", params=review(plan_id)))
    assert "there is only one reader" in page.one("main").words
    assert "You said that it meets" in page.one("main").words
    seen = field(page, "seen")["value"]
    decide(post, plan_id, choice="meets", seen=seen)
    item = store.decisions.item(STATE, plan_id, "s1")
    assert (item.state, item.verdict) == (ReviewState.SECOND_READER, Verdict.NEEDS_REVIEW)
    store.decisions.decide(STATE, plan_id, "s1", Verdict.MEETS, "Yes", item.last_decision)
    page = soup(pages.get("/audit/review", params=review(plan_id)))
    assert len(list(page.one("ol", cls="history").all("li"))) == 3
    assert "Decided" in page.one(cls="state").words


DANGEROUS = ('=HYPERLINK("x")', "+1", "-1", "@sum", "\t=1", " =1", "https://example.org/")


def test_the_export_holds_verdicts_and_decisions_as_text_and_is_logged(pages, post, store, kept):
    plan_id = kept(*((text, "needs_review") for text in DANGEROUS), title="=1+1")
    decide(post, plan_id, reason="=cmd()")
    answer = post("/audit/exports")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["Verdicts", "Decisions", "Plans", "About"]
    assert [row[4].value for row in list(book["Verdicts"].rows)[1:]] == list(DANGEROUS)
    cells = [cell for sheet in book for row in sheet.rows for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    for row in list(book["Verdicts"].rows)[1:7]:
        assert row[4].quotePrefix, row[4].value
    decision = list(book["Decisions"].values)[1]
    assert "=cmd()" in decision
    assert "local" in decision
    (logged,) = store.exports.list(STATE).items
    assert (logged.kind, logged.exported_by, logged.rows) == ("audit-workbook", "local", 9)
    assert logged.sha256 == hashlib.sha256(answer.content).hexdigest()
    assert logged.sha256 in pages.get("/audit/exports").text


def test_an_export_of_a_district_holds_no_other(post, kept):
    kept(("Here", "needs_review"), district="North")
    kept(("Elsewhere", "needs_review"), district="South")
    book = openpyxl.load_workbook(io.BytesIO(post("/audit/exports", district="North").content))
    assert [row[4] for row in list(book["Verdicts"].values)[1:]] == ["Here"]


def test_the_figures_have_a_table_with_every_number_of_the_charts(pages, kept):
    kept(("A", "needs_review"), ("B", "meets"), ("C", "does_not_meet"), district="North")
    kept(("D", "no_evidence_found"), district="South")
    page = soup(pages.get("/audit/figures"))
    charts = [[t.words for t in svg.all("text")] for svg in page.all("svg")]
    assert charts[0] == ["All strategies", "1", "1", "1", "1", "4"]
    tables = [[[c.words for c in row.children if not isinstance(c, str)]
               for row in table.one("tbody").all("tr")] for table in page.all("table")]  # fmt: skip
    assert tables[0] == [["All strategies", "2", "4", "1", "1", "1", "1"]]
    assert tables[1] == [["North", "1", "3", "1", "1", "0", "1"],
                         ["South", "1", "1", "0", "0", "1", "0"]]  # fmt: skip
    assert [row[2] for row in tables[2]] == ["0", "0", "4", "0"]
    south = soup(pages.get("/audit/figures?district=South"))
    assert [t.words for t in next(south.all("svg")).all("text")] == ["All strategies", "1", "1"]


@pytest.mark.parametrize(
    ("fields", "files", "said"),
    [
        ({"name": " "}, [("a.txt", b"x")], "name:"),
        ({"rule": "none"}, [("a.txt", b"x")], "rule:"),
        ({}, [], "files:"),
        ({"name": "x" * 301}, [("a.txt", b"x")], "name:"),
    ],
)
def test_an_upload_with_a_fault_says_so_and_keeps_nothing(store, post, fields, files, said):
    sent = {"name": "A batch", "rule": "ma-plan", "district": "North", **fields}
    page = soup(post("/audit/batches", files, **sent), 422)
    assert said in page.one(id="faults").words
    assert field(page, "district")["value"] == "North"
    assert store.batches.list(STATE).total == 0


def test_a_failed_file_can_be_tried_again(pages, post, store, upload):
    batch_id = upload(("empty.txt", b""))
    (file,) = store.batches.files(STATE, batch_id)
    assert post(f"/audit/batches/{batch_id}/files/{file.file_id}/retry").status_code == 303
    until = time.monotonic() + LIMIT
    while store.batches.get(STATE, batch_id).waiting:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert store.batches.get(STATE, batch_id).failed == 1


def test_files_can_be_added_to_a_batch(post, store, upload):
    batch_id = upload(("empty.txt", b""))
    answer = post(f"/audit/batches/{batch_id}/files", [("../../two.txt", b"")])
    assert answer.status_code == 303
    assert [f.name for f in store.batches.files(STATE, batch_id)] == ["empty.txt", "two.txt"]


def test_a_waiting_batch_tells_how_to_look_again_without_script(pages, store):
    batch = store.batches.create(STATE, "B", "ma-plan", [NewFile("a.txt", b"")] * 3)
    for _ in range(3):
        store.batches.claim(batch.batch_id)
    path = f"/audit/batches/{batch.batch_id}"
    if store.batches.get(STATE, batch.batch_id).waiting:
        assert "http-equiv" not in pages.get(path).text
        assert 'http-equiv="refresh" content="10"' in pages.get(f"{path}?every=10").text
        assert "http-equiv" not in pages.get(f"{path}?every=1").text


# Two readers of two districts, and one of the whole state.


@pytest.fixture
def readers(web_engine, tmp_path):
    settings = Settings(data=tmp_path, access=AccessMode.KEYS, secret="s" * 40, rate_per_minute=0)
    store = Store.open(f"sqlite:///{tmp_path}/keys.sqlite3")
    client = TestClient(
        create_app(settings, web_engine, store),
        base_url="http://127.0.0.1", headers={"accept": "text/html"}, follow_redirects=False,
    )  # fmt: skip

    def reader(name, districts=None):
        plain = store.keys.create(name, Role.AUDITOR, districts)[1]

        def ask(method, path, **options):
            headers = {"Authorization": f"Bearer {plain}"}
            return client.request(method, path, headers=headers, **options)

        return ask

    yield store, reader
    store.close()


def keep(store, district):
    draft = PlanDraft("A plan of " + district, Context(), (SavedStrategy("s1", "Words"),),
                      district=district)  # fmt: skip
    plan_id = store.plans.create(STATE, draft).plan_id
    answer = {
        "has_tier_1_3": None, "verdict": "needs_review",
        "rule": {"id": "ma-plan", "name": "A rule", "asks": "one"},
        "strategies": [one(1, "needs_review")],
        "turnaround_practices": {"covered": [3], "missing": []},
        "index": {"build_id": "b"},
    }  # fmt: skip
    store.checks.save(STATE, plan_id, 1, answer)
    return plan_id


def test_a_reader_of_one_district_sees_and_decides_nothing_of_another(readers):
    store, reader = readers
    north, south = keep(store, "North"), keep(store, "South")
    ask = reader("Reader of the north", ["North"])
    for path in ("/audit", "/audit/queue", "/audit/plans", "/audit/figures", "/audit/exports"):
        text = ask("GET", path).text
        assert "South" not in text, path
    assert ask("GET", f"/audit/plans/{north}").status_code == 200
    for path in (f"/audit/plans/{south}", f"/audit/plans/{south}/compare",
                 f"/audit/plans/{north}/compare?with={south}",
                 f"/audit/review?plan={south}&strategy=s1"):  # fmt: skip
        assert ask("GET", path).status_code == 404, path
    sent = {"plan": south, "strategy": "s1", "choice": "meets", "reason": "x", "seen": "0"}
    assert ask("POST", "/audit/decisions", data=sent).status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(ask("POST", "/audit/exports").content))
    assert [row[2] for row in list(book["Verdicts"].values)[1:]] == ["North"]
    sent = {"name": "B", "rule": "ma-plan", "district": "South"}
    page = soup(ask("POST", "/audit/batches", data=sent, files=[("files", ("a.txt", b"x"))]), 422)
    assert "may not write plans of that district" in page.one(id="faults").words


def test_two_readers_turn_a_strategy_into_meets(readers):
    store, reader = readers
    plan_id = keep(store, "North")
    first, second = reader("First reader"), reader("Second reader")
    path = f"/audit/review?plan={plan_id}&strategy=s1"
    sent = {"plan": plan_id, "strategy": "s1", "choice": "meets", "reason": "Named", "seen": "0"}
    assert first("POST", "/audit/decisions", data=sent).headers["location"].endswith("finished=1")
    assert "You said that it meets" in soup(first("GET", path)).one("main").words
    page = soup(second("GET", path))
    assert "First reader said that it meets" in page.one("main").words
    assert "Confirms the first reader" in page.one("fieldset", cls="verdicts").words
    sent["seen"] = field(page, "seen")["value"]
    second("POST", "/audit/decisions", data=sent)
    item = store.decisions.item(STATE, plan_id, "s1")
    assert (item.state, item.verdict) == (ReviewState.DECIDED, Verdict.MEETS)


def test_a_file_that_breaks_the_check_does_not_hold_up_the_others(
    pages, upload, monkeypatch, caplog
):
    documents = pages.app.state.engine.snapshot.documents
    check = documents.check

    def break_on_one(document):
        if "boom" in document.file:
            raise ZeroDivisionError("words of the plan")
        return check(document)

    monkeypatch.setattr(documents, "check", break_on_one)
    words = plan_file("Use Reading Recovery with grade 1 readers")
    batch_id = upload(("boom.txt", words), ("fine.txt", words + b"."))
    rows = soup(pages.get(f"/audit/batches/{batch_id}")).one("table").one("tbody").all("tr")
    boom, fine = (row.words for row in rows)
    assert "the check broke down on this file; tell whoever runs the service" in boom
    assert "words of the plan" not in boom + caplog.text
    assert "ZeroDivisionError at test_audit_desk.py" in caplog.text
    assert "Open the plan" in fine


def test_a_plan_with_too_many_strategies_is_refused_in_plain_words(pages, upload):
    many = plan_file(
        *(f"- Use program number {n} with readers who fall behind" for n in range(201))
    )
    batch_id = upload(("long.txt", many))
    (row,) = soup(pages.get(f"/audit/batches/{batch_id}")).one("table").one("tbody").all("tr")
    assert "at most 200 in one plan; send it in parts" in row.words


def test_what_a_stopped_service_had_not_checked_is_checked_by_the_next(web_engine, tmp_path):
    settings = Settings(data=tmp_path)
    store = Store.open(f"sqlite:///{tmp_path}/again.sqlite3")
    words = plan_file("Use Reading Recovery with grade 1 readers")
    batch = store.batches.create(STATE, "B", "ma-plan", [NewFile("a.txt", words)])
    with TestClient(create_app(settings, web_engine, store), base_url="http://127.0.0.1"):
        until = time.monotonic() + LIMIT
        while store.batches.get(STATE, batch.batch_id).waiting:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert store.batches.get(STATE, batch.batch_id).done == 1
    store.close()


def test_the_next_strategy_is_none_that_waits_for_somebody_else(post, kept):
    plan_id = kept(("First words", "needs_review"), ("Second words", "needs_review"))
    assert "strategy=s2" in decide(post, plan_id, choice="meets").headers["location"]
    assert decide(post, plan_id, "s2").headers["location"] == "/audit/queue?finished=1"
