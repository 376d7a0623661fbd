"""The Find page by its meaning: question, cards, filters, memory, empty state."""

from time import perf_counter
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.records import Kind
from service.web.find import EXAMPLES, FindPage, answer_page
from service.web.question import Question, Sort, read_question
from service.web.school import School, read_school
from service.web.templating import ENVIRONMENT, Shell
from tests.service.web.conftest import parse, soup

CAUSE = "Gr. 1 readers cannot blend sounds"


def ask(pages, query="", cause=CAUSE, status=200):
    return soup(pages.get(f"/?cause={cause.replace(' ', '+')}{query}"), status)


def test_the_start_has_one_box_examples_and_the_school(pages):
    page = soup(pages.get("/"))
    assert page.one("textarea")["name"] == "cause"
    assert not list(page.all("article"))
    assert len(list(page.one("section", cls="examples").all("a"))) == len(EXAMPLES)
    assert {e["name"] for e in page.all("input", type="checkbox")} == {"grade", "subject", "group"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.cause[:20])
def test_every_example_is_answered(pages, example):
    page = soup(pages.get(example.href))
    assert page.one("textarea").words == example.cause
    assert len(list(page.all("article"))) == 10


def test_a_card_says_everything_the_reader_needs(pages):
    query = "&grade=1&grade=2&group=English+learners&urbanicity=urban"
    cards = list(ask(pages, query).all("article"))
    assert len(cards) == 10
    for card in cards:
        headings = [heading.words for heading in card.all("h4")]
        assert {"Why it is here", "Fit to your school", "Effect"} <= set(headings)
        tier = next(card.all("span", cls="tier"))
        assert "evidence" in tier.words
        assert len(list(card.one("ul", cls="fit").all("li"))) == 4
        assert all(line.one("span", cls="fit-state").words for line in card.all("li", cls="fit"))
    assert any(list(card.all("mark")) for card in cards)
    assert any("percentile points" in card.words and "from" in card.words for card in cards)
    assert any(list(card.all("ul", cls="counts")) for card in cards)
    assert any("Turnaround practices" in card.words for card in cards)
    assert any("What it takes" in card.words for card in cards)


def test_cards_lead_to_their_practice_with_the_school(pages):
    card = next(ask(pages, "&grade=1&urbanicity=rural").all("article"))
    target = urlsplit(next(card.one("h3").all("a"))["href"])
    assert target.path.startswith("/practices/wwc-")
    assert parse_qs(target.query) == {"grade": ["1"], "urbanicity": ["rural"]}


def test_add_to_plan_posts_what_the_plan_page_reads(pages):
    form = next(next(ask(pages, "&grade=1").all("article")).all("form"))
    assert (form["method"], form["action"]) == ("post", "/plan/strategies")
    fields = {field["name"]: field["value"] for field in form.all("input")}
    assert set(fields) == {"csrf_token", "practice_id", "text"}
    assert all(fields.values())
    assert "grade 1" in fields["text"]


def test_the_page_says_what_the_library_answered(pages, web_engine):
    question, _ = read_question((("cause", CAUSE), ("grade", "1"), ("group", "English learners")))
    answer = web_engine.recommender.recommend(question.as_request())
    page = answer_page(question, answer, web_engine.recommender)
    assert isinstance(page, FindPage)
    cards = [card for group in page.groups for card in group.cards]
    assert [card.practice_id for card in cards] == [r.practice_id for r in answer.results]
    for card, result in zip(cards, answer.results):
        assert card.cautions == result.cautions
        assert card.counts == result.findings
        assert ["".join(p.text for p in pieces) for pieces in card.why] == list(result.why)
        assert card.tier.number == result.tier
    shown = ask(pages, "&grade=1&group=English+learners")
    names = [next(a.one("h3").all("a")).words for a in shown.all("article")]
    assert names == [" ".join(card.name.split()) for card in cards]


def test_the_effect_is_the_counted_findings_own(web_engine):
    """Worked out again from the catalogue, without the code under test."""
    question, _ = read_question((("cause", CAUSE),))
    recommender = web_engine.recommender
    page = answer_page(question, recommender.recommend(question.as_request()), recommender)
    checked = 0
    for card in page.groups[0].cards:
        if card.effect is None or card.effect.counted is None:
            continue
        domains = recommender.card(card.practice_id).practice.domains
        ids = {
            c.finding_id
            for d in domains
            if d.outcome_domain in card.effect.outcomes
            for c in d.counted
        }
        values = [
            d.finding.improvement_index
            for d in recommender.evidence_file(card.practice_id).findings
            if d.finding.finding_id in ids and d.finding.improvement_index is not None
        ]
        assert (card.effect.counted.low, card.effect.counted.high) == (min(values), max(values))
        assert card.effect.main.low <= card.effect.counted.low
        checked += 1
    assert checked


@pytest.mark.parametrize(
    ("query", "passes"),
    [
        ("&tier=1", lambda card: card.tier.number == 1),
        ("&tier=2&tier=3", lambda card: card.tier.number in (2, 3)),
        ("&tp=4", lambda card: 4 in [label.number for label in card.turnaround]),
        ("&kind=guide_recommendation", lambda card: card.kind == "Practice-guide recommendation"),
    ],
)
def test_filters(web_engine, query, passes):
    pairs = (("cause", CAUSE), *(tuple(p.split("=")) for p in query[1:].split("&")))
    question, faults = read_question(pairs)
    assert not faults
    recommender = web_engine.recommender
    page = answer_page(question, recommender.recommend(question.as_request()), recommender)
    cards = page.groups[0].cards
    assert cards
    assert all(passes(card) for card in cards)


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (Sort.RELEVANCE, lambda card: card.rank),
        (Sort.TIER, lambda card: (card.tier.number or 9, card.rank)),
        (Sort.NAME, lambda card: (card.name.lower(), card.rank)),
    ],
)
def test_sorting(web_engine, sort, key):
    recommender = web_engine.recommender
    question = Question(CAUSE, sort=sort)
    page = answer_page(question, recommender.recommend(question.as_request()), recommender)
    cards = list(page.groups[0].cards)
    assert cards == sorted(cards, key=key)


def test_grouping_keeps_every_card_once_under_its_family(pages, web_engine):
    recommender = web_engine.recommender
    question = Question(CAUSE, by_family=True)
    page = answer_page(question, recommender.recommend(question.as_request()), recommender)
    assert sorted(c.rank for g in page.groups for c in g.cards) == list(range(1, 11))
    assert all(card.family == group.heading for group in page.groups for card in group.cards)
    shown = ask(pages, "&family=1")
    assert len(list(shown.all("h2", cls="family"))) == len(page.groups)


def test_more_cards_on_request(pages):
    page = ask(pages)
    more = next(page.one("p", cls="more").all("a"))["href"]
    cards = list(soup(pages.get(more)).all("article"))
    assert len(cards) == 20


@pytest.mark.parametrize("cause", ["The boiler failed and the roof leaks", "zxqv bnmw plok"])
def test_an_honest_empty_state(pages, cause):
    page = ask(pages, cause=cause)
    notice = page.one("div", cls="notice")
    assert "No good match" in notice.words
    assert "Do not take them for a match" in notice.words
    assert "nearest first" in page.one("p", cls="result-line").words


def test_filters_that_nothing_passes_say_so(pages):
    page = ask(pages, "&tier=1&kind=guide_recommendation&tp=1")
    if not list(page.all("article")):
        assert "Remove filters" in page.one("p", cls="result-line").words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("/?cause=", "root cause"),
        ("/?cause=+++", "root cause"),
        ("/?cause=x&grade=13", "grade"),
        ("/?cause=x&tier=4&kind=cheese", "kind"),
        ("/?cause=x&show=11", "show"),
        ("/?cause=x&urbanicity=town", "urbanicity"),
        ("/?cause=x&urbanicity=urban&urbanicity=rural", "setting"),
        ("/?cause=" + "x" * 5001, "5,001 characters"),
    ],
)
def test_a_form_that_cannot_be_read_is_shown_again_with_every_fault(pages, query, said):
    page = soup(pages.get(query), 422)
    assert said in page.one("div", role="alert").words
    assert not list(page.all("article"))


def test_all_faults_at_once():
    pairs = (("cause", "x"), ("grade", "13"), ("tier", "9"), ("sort", "size"), ("subject", "golf"))
    _, faults = read_question(pairs)
    assert len(faults) == 4


schools = st.builds(
    School,
    st.sets(st.sampled_from(("PK", "K", "1", "5", "12"))).map(
        lambda g: tuple(x for x in ("PK", "K", "1", "5", "12") if x in g)
    ),
    st.sampled_from(((), ("math",), ("literacy", "math"))),
    st.sampled_from(((), ("English learners",))),
    st.none() | st.sampled_from(("urban", "rural")),
)
questions = st.builds(
    Question,
    st.text(min_size=1, max_size=50).filter(str.strip),
    schools,
    st.sampled_from(((), (1,), (1, 3))),
    st.sampled_from(((), (2, 4))),
    st.sampled_from(((), (Kind.INTERVENTION,))),
    st.sampled_from(Sort),
    st.booleans(),
    st.sampled_from((10, 30, 100)),
)


@given(questions)
def test_an_address_holds_the_whole_question(question):
    query = urlsplit(question.href()).query
    pairs = tuple((k, v) for k, vs in parse_qs(query).items() for v in vs)
    assert read_question(pairs) == (question, ())


@given(schools)
def test_a_school_survives_its_query(school):
    pairs = tuple((k, v) for k, vs in school.query.items() for v in vs)
    assert read_school(pairs) == (school, ())


def test_the_school_is_remembered_and_forgotten(pages):
    ask(pages, "&grade=3&group=English+learners&urbanicity=rural")
    page = soup(pages.get("/"))
    checked = {e["value"] for e in page.all("input") if "checked" in e.attributes}
    assert checked == {"3", "English learners", "rural"}
    assert not page.one("textarea").words  # the cause is nobody's but the question's
    assert pages.get("/?forget=1").headers["location"] == "/"
    page = soup(pages.get("/"))
    assert {e["value"] for e in page.all("input") if "checked" in e.attributes} == {""}


def test_the_cookie_is_closed_to_scripts_and_other_sites(pages):
    response = pages.get("/?cause=x&grade=3")
    cookie = next(c for c in response.headers.get_list("set-cookie") if c.startswith("school="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


@pytest.mark.parametrize("value", ["grade=13", "<script>", "grade=1&grade=", "%%%", "x" * 5000])
def test_a_cookie_that_makes_no_sense_is_ignored(pages, value):
    pages.cookies.set("school", value)
    assert soup(pages.get("/")).one("textarea")["name"] == "cause"


def test_a_question_in_the_address_beats_the_cookie(pages):
    pages.cookies.set("school", "grade=3")
    page = ask(pages, "&grade=7")
    assert [e["value"] for e in page.all("input", name="grade") if "checked" in e.attributes] == [
        "7"
    ]


def test_a_page_is_rendered_within_50_ms_of_its_answer(web_engine):
    """The best of several, so that a busy machine does not fail it."""
    recommender = web_engine.recommender
    question, _ = read_question((("cause", CAUSE), ("grade", "1"), ("urbanicity", "urban")))
    answer = recommender.recommend(question.as_request())
    shell = Shell((), "2025-08-25", "x", 1, None, "token")
    seconds = []
    for _ in range(8):
        start = perf_counter()
        page = answer_page(question, answer, recommender)
        text = ENVIRONMENT.get_template("find.html").render(page=page, shell=shell)
        seconds.append(perf_counter() - start)
    assert text.count("<article") == 10
    assert min(seconds) < 0.050


def test_the_footer_names_the_evidence_and_the_index(pages, web_engine):
    manifest = web_engine.recommender.index.manifest
    footer = parse(pages.get("/").text).one("footer", cls="site").words
    assert manifest.evidence_date in footer
    assert manifest.build_id in footer
