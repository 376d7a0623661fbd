"""No text that somebody types, or that the corpus holds, becomes markup."""

from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from service.problems import FieldError
from service.web.find import _ask, answer_page
from service.web.listing import list_page
from service.web.practice import practice_page
from service.web.problem_page import problem_page
from service.web.question import Question
from service.web.school import School
from service.web.templating import ENVIRONMENT, make_shell

NASTY = st.lists(
    st.sampled_from(
        ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "</textarea>", "</title>",
         "</svg>", "&lt;b&gt;", "<!--", "]]>", "{{7*7}}", "{% raw %}", "javascript:alert(1)", "a b",
         "\u2028", "\x00", "'", '"', "`", "é", "𝒳"]
    )
    | st.text(max_size=8),
    min_size=1, max_size=5,
).map(" ".join)  # fmt: skip


class _Shape(HTMLParser):
    """Tags and attribute names of a page, without its text."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))

    def handle_endtag(self, tag):
        self.tags.append((f"/{tag}", ()))


def shape(text):
    reader = _Shape()
    reader.feed(text)
    reader.close()
    return reader.tags


def request(path="/", query=""):
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
        "headers": [], "server": ("localhost", 80), "scheme": "http", "root_path": "",
        "app": FastAPI(),
    }  # fmt: skip
    return Request(scope)


def rendered(template, page):
    return ENVIRONMENT.get_template(template).render(page=page, shell=make_shell(request()))


@given(NASTY)
def test_the_cause_and_its_faults(cause):
    plain = _ask(request(), Question("plain words"), ("a fault",)).body.decode()
    text = _ask(request(), Question(cause), (cause,)).body.decode()
    assert shape(text) == shape(plain)
    assert f">\n{cause}</textarea>".replace("\r\n", "\n") in unescape(text) or "\x00" in cause


@given(NASTY)
def test_an_answer_to_any_cause(web_engine, cause):
    """Hypothesis finds no cause whose page has other tags than the same answer for plain words."""
    if not cause.strip():
        return
    question = Question(cause)
    recommender = web_engine.recommender
    answer = recommender.recommend(question.as_request())
    page = answer_page(question, answer, recommender)
    plain = replace(page, question=replace(question, cause="plain words"))
    assert shape(rendered("find.html", page)) == shape(rendered("find.html", plain))


@given(NASTY.filter(str.strip))
def test_a_practice_whose_every_text_is_nasty(web_engine, text):
    page = practice_page("wwc-intervention:209", web_engine.recommender, School(("1",)))
    other = replace(
        page,
        name=text,
        family=text,
        cautions=tuple(text for _ in page.cautions),
        profile=replace(
            page.profile, summary=text, causes=tuple(text for _ in page.profile.causes)
        ),
        takes=tuple((label, text) for label, _ in page.takes),
        studies=tuple(replace(study, citation=text) for study in page.studies),
        domains=tuple(
            replace(
                domain,
                name=text,
                rows=tuple(replace(row, outcome_measure=text, study=text) for row in domain.rows),
                plot=domain.plot
                and replace(
                    domain.plot,
                    bars=tuple(replace(b, label=text, words=text) for b in domain.plot.bars),
                ),
            )
            for domain in page.domains[:2]
        ),
    )
    same = replace(page, domains=page.domains[:2])
    assert shape(rendered("practice.html", other)) == shape(rendered("practice.html", same))


@given(NASTY)
def test_a_list_asked_with_anything(web_engine, text):
    page = list_page({"q": text, "tier": text, "page": text}, web_engine.recommender)
    plain = replace(
        page,
        narrowing=replace(page.narrowing, q="plain" if page.narrowing.q else ""),
        faults=tuple("a fault" for _ in page.faults),
    )
    assert shape(rendered("practices.html", page)) == shape(rendered("practices.html", plain))


@given(NASTY)
def test_a_problem_that_quotes_its_input(text):
    errors = (FieldError(text, text),)
    found = problem_page(request(), 404, text, errors).body.decode()
    plain = problem_page(request(), 404, "x", (FieldError("a", "b"),)).body.decode()
    assert shape(found) == shape(plain)


def test_the_shape_sees_a_hole(monkeypatch):
    """The check itself: without escaping it fails."""
    monkeypatch.setattr(ENVIRONMENT, "autoescape", False)
    ENVIRONMENT.cache.clear()
    try:
        text = _ask(request(), Question("</textarea><b onclick=x>"), ()).body.decode()
    finally:
        monkeypatch.undo()
        ENVIRONMENT.cache.clear()
    assert ("b", ("onclick",)) in shape(text)
