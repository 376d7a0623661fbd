"""The Plan page in process: begin, add, edit, check, outline, share, next year."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.plan.verdicts import Verdict
from service.store import PlanDraft, SavedStrategy, Scope
from service.web.plan_forms import lines_of
from service.web.plan_words import DECIDES, PLAN_LABELS, STRATEGY_LABELS
from tests.conftest import ROOT
from tests.service.web.conftest import soup

FIXTURES = ROOT / "tests" / "fixtures" / "plans"
READ_180 = "Use READ 180 in grades 6-8 every day for students two years behind"
VAGUE = "Strengthen core reading instruction in all classrooms"
NASTY = "</textarea><script>alert(1)</script> =1+1 & \"both\" 'quotes'"
WORDED = "wwc-intervention:742"
STATE = Scope.state()


def token_of(pages):
    return re.search(r'name="csrf_token" value="([0-9a-f]+)"', pages.get("/plan").text)[1]


def post(pages, path, **fields):
    return pages.post(path, data={"csrf_token": token_of(pages), **fields})


def begin(pages, *lines, title="Plan of a school"):
    answer = post(pages, "/plan", title=title, new="\n".join(lines))
    assert answer.status_code == 303, answer.text[:500]
    return answer.headers["location"]


def save(pages, path, **fields):
    version = soup(pages.get(path)).one("input", name="version")["value"]
    answer = post(pages, path, **{"version": version, **fields})
    assert answer.status_code == 303, answer.text[:2000]
    return soup(pages.get(path))


def store(pages):
    return pages.app.state.store


def plan_id(path):
    return path.split("/")[2].split("?")[0]


def labels(page):
    return [p.words for p in page.all("span", cls="verdict") if p.parent.tag == "p"]


def texts(page):
    return [
        area.words for area in page.all("textarea") if (area.get("name") or "").startswith("text-")
    ]


def test_words_never_say_that_a_plan_complies():
    said = [label.words for label in (*STRATEGY_LABELS.values(), *PLAN_LABELS.values())]
    assert "complian" not in " ".join([*said, DECIDES]).lower()
    assert set(STRATEGY_LABELS) == set(Verdict)
    assert "DESE decides" in DECIDES
    assert len({label.sign for label in STRATEGY_LABELS.values()}) == len(Verdict)


def test_begin_from_pasted_lines(pages):
    path = begin(pages, f"1. {READ_180}", "", f"• {VAGUE}")
    page = soup(pages.get(path))
    assert texts(page) == [READ_180, VAGUE]
    assert page.one("h1").words == "Plan of a school"
    assert len(labels(page)) == 2
    assert "A person has to decide" in labels(page)[1]
    assert "Say which grades" in page.words


def test_grades_make_the_difference(pages):
    path = begin(pages, READ_180)
    page = save(pages, path, title="T", grade=["6", "7", "8"], rule="ma-plan")
    assert labels(page) == ["✓ Meets the stated evidence condition in our reading"]
    flag = page.one("div", cls="check-flag")
    assert "The plan meets the stated evidence condition in our reading" in flag.words
    assert re.search(r"Tier [123]: (strong|moderate|promising) evidence", page.words)
    assert "DESE decides" in page.words


def test_each_save_is_a_version_and_each_check_is_kept(pages):
    path = begin(pages, READ_180)
    save(pages, path, grade=["6"])
    save(pages, path, grade=["6"], rule="section-1003")
    kept = store(pages).checks.list(STATE, plan_id(path))
    assert [(one.version, one.rule) for one in kept] == [
        (1, "ma-plan"), (2, "ma-plan"), (3, "section-1003"),
    ]  # fmt: skip
    build = pages.app.state.engine.snapshot.build_id
    assert {one.build_id for one in kept} == {build}
    assert json.loads(kept[-1].body)["strategies"][0]["text"] == READ_180


def test_saving_nothing_new_checks_nothing_again(pages):
    path = begin(pages, READ_180)
    save(pages, path, title="Plan of a school", urbanicity="")
    assert store(pages).plans.get(STATE, plan_id(path)).version == 1
    assert len(store(pages).checks.list(STATE, plan_id(path))) == 1


def test_a_result_is_added_to_the_plan_of_this_browser(pages):
    first = post(pages, "/plan/strategies", practice_id=WORDED, text="Use READ 180 in grade 6.")
    assert first.status_code == 303
    second = pages.post(
        "/plan/strategies",
        data={"csrf_token": token_of(pages), "practice_id": WORDED, "text": "Use it in grade 7."},
        headers={"referer": "http://127.0.0.1/?cause=readers"},
    )
    where = second.headers["location"]
    assert plan_id(where) == plan_id(first.headers["location"])
    page = soup(pages.get(where))
    assert texts(page) == ["Use READ 180 in grade 6.", "Use it in grade 7."]
    back = next(a for a in page.all("a") if a.words == "go back to where you were")
    assert back["href"] == "/?cause=readers"
    kept = store(pages).plans.get(STATE, plan_id(where)).draft
    assert {one.practice_id for one in kept.strategies} == {WORDED}


@pytest.mark.parametrize("back", ["//evil.example/", "https://evil.example/", "/sign-out", "x"])
def test_the_way_back_leads_to_our_results_only(pages, back):
    path = begin(pages, READ_180)
    page = soup(pages.get(path, params={"added": "s1", "back": back}))
    assert "go back to where you were" not in page.words


def test_a_foreign_referer_is_no_way_back(pages):
    answer = pages.post(
        "/plan/strategies",
        data={"csrf_token": token_of(pages), "text": "x"},
        headers={"referer": "https://evil.example/?cause=y"},
    )
    assert "back" not in answer.headers["location"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"text": "   "}, 422), ({"practice_id": "wwc-intervention:0", "text": "Use it"}, 404)],
)
def test_what_cannot_be_added(pages, fields, status):
    assert post(pages, "/plan/strategies", **fields).status_code == status
    assert store(pages).plans.list(STATE).total == 0


def test_edit_remove_and_add(pages):
    path = begin(pages, READ_180, VAGUE)
    page = save(pages, path, **{"text-s1": READ_180 + ".", "text-s2": VAGUE, "remove": "s2"})
    assert texts(page) == [READ_180 + "."]
    page = save(pages, path, **{"text-s1": "", "new": "- Mentors meet students weekly"})
    assert texts(page) == ["Mentors meet students weekly"]
    page = save(pages, path, add=WORDED)
    assert texts(page)[-1].startswith("Use READ 180")


def test_a_new_strategy_never_takes_the_id_of_a_note(pages):
    path = begin(pages, READ_180, VAGUE)
    save(pages, path, **{"note-decision-s2": "abandon"})
    save(pages, path, remove="s2", new="Mentors meet students weekly")
    kept = store(pages).plans.get(STATE, plan_id(path)).draft
    assert [one.strategy_id for one in kept.strategies] == ["s1", "s3"]


def test_suggestions_can_be_added(pages):
    path = begin(pages, "Expand advisory so each student has an adult who checks in weekly")
    page = save(pages, path, grade=["6", "7", "8"])
    buttons = list(page.all("button", name="add"))
    if not buttons:
        pytest.fail("the word index finds nothing near this aim")
    page = save(pages, path, grade=["6", "7", "8"], add=buttons[0]["value"])
    assert len(texts(page)) == 2


def test_the_teams_words_are_kept_with_the_version(pages):
    path = begin(pages, READ_180)
    page = save(pages, path, grade=["6"], **{"note-year-2": "Two groups\r\nfrom October"})
    area = page.one("textarea", name="note-year-2")
    assert "".join(area.children) == "Two groups\nfrom October"
    page = save(pages, path, grade=["6"], **{"note-calendar-weekly": "Mondays"})
    assert page.one("textarea", name="note-calendar-weekly").words == "Mondays"
    assert "Two groups" in page.one("textarea", name="note-year-2").words


def test_an_unknown_note_is_not_kept(pages):
    path = begin(pages, READ_180)
    save(pages, path, **{"note-anything": "x", "note-decision-s1": "destroy", "note-year-4": "y"})
    assert "destroy" not in pages.get(path).text
    assert store(pages).plans.get(STATE, plan_id(path)).version == 1


def test_the_outline_comes_from_the_practices_that_are_adopted(pages):
    path = begin(pages, READ_180, VAGUE)
    page = save(pages, path, grade=["6", "7", "8"])
    years = page.one("div", cls="years")
    heads = {head.words for head in years.all("h4")}
    assert heads == {"READ 180®"}
    assert "publisher training plus coaching" in years.words
    assert "Ninety minutes is often shortened" in page.words
    assert "its tier rests on this" in page.words


def test_the_calendar_and_the_reflection_come_from_the_guidance(pages):
    page = soup(pages.get(begin(pages, READ_180)))
    assert {"note-calendar-daily", "note-calendar-yearly", "note-reflection-worked",
            "note-decision-s1"} <= {e.get("name") for e in page.all()}  # fmt: skip


def test_two_windows_do_not_overwrite_each_other(pages):
    path = begin(pages, READ_180)
    save(pages, path, new=VAGUE)
    late = post(pages, path, version="1", title="Late")
    assert late.status_code == 409
    assert "somebody saved this plan" in late.text.lower()
    assert store(pages).plans.get(STATE, plan_id(path)).version == 2


FAULTS = {
    "rule": ({"rule": "none-such"}, "rule: not one of the choices"),
    "grade": ({"grade": "13"}, "grade"),
    "note": ({"note-year-1": "x" * 5001}, "year 1: 5,001 characters"),
    "strategy": ({"text-s1": "x" * 5001}, "strategy 1: 5,001 characters"),
    "title": ({"title": "x" * 301}, "title: 301 characters"),
    "too many": ({"new": "\n".join(f"do {n}" for n in range(201))}, "at most 200"),
}


@pytest.mark.parametrize(("fields", "words"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named_and_nothing_typed_is_lost(pages, fields, words):
    path = begin(pages, READ_180)
    typed = {"note-challenges": "Staff turnover", **fields}
    page = soup(post(pages, path, version="1", **typed), 422)
    assert words in page.one("div", id="faults").words
    assert page.one("textarea", name="note-challenges").words == "Staff turnover"
    assert store(pages).plans.get(STATE, plan_id(path)).version == 1


def test_a_form_without_its_token_is_refused(pages):
    path = begin(pages, READ_180)
    for where in ("/plan", "/plan/strategies", path, f"{path}/shares", f"{path}/next-year"):
        answer = pages.post(where, data={"text": "x"}, headers={"origin": "http://127.0.0.1"})
        assert answer.status_code == 403, where


def test_nothing_typed_becomes_markup(pages):
    path = begin(pages, NASTY, title=NASTY)
    page = save(pages, path, school_name=NASTY, district=NASTY, **{"note-year-1": NASTY})
    assert texts(page)[0] == " ".join(NASTY.split())
    assert "alert(1)" not in "".join(s.words for s in page.all("script"))
    pages.get("/plan")


def test_share_read_and_revoke(pages):
    path = begin(pages, READ_180)
    save(pages, path, **{"note-year-1": "We begin with grade 6"})
    made = soup(post(pages, f"{path}/shares"))
    link = made.one("input", id="link")["value"]
    assert re.fullmatch(r"http://127\.0\.0\.1/shared/[A-Za-z0-9_-]{43}", link)
    assert link not in pages.get(path).text
    answer = pages.get(link.removeprefix("http://127.0.0.1"))
    shared = soup(answer)
    assert READ_180 in shared.words
    assert "We begin with grade 6" in shared.words
    assert not [form for form in shared.all("form") if form.get("action") != "/sign-out"]
    assert not list(shared.all("textarea"))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    share = store(pages).shares.list(STATE, plan_id(path))[0]
    assert post(pages, f"{path}/shares/{share.share_id}/revoke").status_code == 303
    assert pages.get(link.removeprefix("http://127.0.0.1")).status_code == 404
    assert "End link" not in pages.get(path).text.replace("\n", " ")


def test_a_guessed_link_leads_nowhere(pages):
    assert pages.get("/shared/" + "a" * 43).status_code == 404
    assert pages.get("/shared/x").status_code == 404


def test_next_year_drops_what_was_abandoned(pages):
    path = begin(pages, READ_180, VAGUE)
    save(pages, path, **{"note-decision-s2": "abandon", "note-reflection-worked": "Much",
                         "note-year-2": "Go on"})  # fmt: skip
    answer = post(pages, f"{path}/next-year")
    page = soup(pages.get(answer.headers["location"]))
    assert texts(page) == [READ_180]
    assert page.one("textarea", name="note-reflection-worked").words == ""
    assert page.one("textarea", name="note-year-2").words == "Go on"
    fresh = store(pages).plans.get(STATE, plan_id(answer.headers["location"]))
    assert fresh.draft.previous_plan_id == plan_id(path)


def test_the_list_of_plans(pages):
    page = soup(pages.get("/plan"))
    assert "There are none yet" in page.words
    begin(pages, READ_180, title="First")
    begin(pages, title="Second")
    rows = [row.words for row in soup(pages.get("/plan")).all("tr")][1:]
    assert len(rows) == 2
    assert rows[0].startswith("Second")
    assert "Not checked yet" in rows[0]
    assert pages.get("/plan?page=9").status_code == 200
    assert pages.get("/plan?page=x").status_code == 200


def test_a_plan_that_is_not_there(pages):
    assert pages.get("/plan/none").status_code == 404


def test_a_plan_kept_by_others_can_be_opened_and_checked(pages):
    """A plan from an audit holds no words of this page, and perhaps no check."""
    draft = PlanDraft("From a batch", strategies=(SavedStrategy("p1", READ_180),))
    kept = store(pages).plans.create(Scope("local", "local", None), draft)
    page = soup(pages.get(f"/plan/{kept.plan_id}"))
    assert "Nothing is checked yet" in page.words
    page = save(pages, f"/plan/{kept.plan_id}", title="From a batch")
    assert len(labels(page)) == 1


UPLOADS = ["turnaround.docx", "form.pdf", "grid.xlsx", "grid.csv", "slides.pptx", "bullets.txt",
           "body.json", "all_sections.docx"]  # fmt: skip


def upload(pages, name):
    with (FIXTURES / name).open("rb") as file:
        return pages.post(
            "/plan/upload", data={"csrf_token": token_of(pages)}, files={"file": (name, file)}
        )


@pytest.mark.parametrize("name", UPLOADS)
def test_upload(pages, name):
    answer = upload(pages, name)
    assert answer.status_code == 303, answer.text[:1500]
    page = soup(pages.get(answer.headers["location"]))
    assert texts(page)
    assert len(labels(page)) == len(texts(page))


def test_the_sections_of_an_uploaded_plan_outlive_an_edit(pages):
    path = upload(pages, "all_sections.docx").headers["location"]
    before = soup(pages.get(path))
    assert "Three-year roadmap" in before.words
    after = save(pages, path, new=VAGUE)
    assert "Three-year roadmap" in after.words
    assert "Anticipated challenges (" in after.words


@pytest.mark.parametrize(
    "name", ["photo.png", "empty.txt", "encrypted.docx", "truncated.pdf", "scanned.pdf"]
)
def test_a_document_that_cannot_be_read(pages, name):
    page = soup(upload(pages, name), 422)
    assert page.one("div", id="faults").words.startswith("Please check this document:")
    assert store(pages).plans.list(STATE).total == 0


def test_upload_without_a_file(pages):
    answer = pages.post("/plan/upload", data={"csrf_token": token_of(pages)})
    assert answer.status_code == 422


@given(st.lists(st.text(alphabet="ab •-1.)\n\t", max_size=12), max_size=6))
def test_lines_hold_no_blanks_around_and_none_is_empty(lines):
    found = lines_of("\n".join(lines))
    assert all(line == line.strip() and line for line in found)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("1. Use X", "Use X"), ("12) Use X", "Use X"), ("• Use X", "Use X"), ("- Use X", "Use X"),
        ("8-week course", "8-week course"), ("100 minutes a day", "100 minutes a day"),
        ("o Use X", "Use X"), ("open doors", "open doors"), ("(3) Use X", "Use X"),
    ],
)  # fmt: skip
def test_bullets_and_numbers_of_a_pasted_list(line, wanted):
    assert lines_of(line) == [wanted]
