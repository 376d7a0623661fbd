"""The Practice page: every finding, the tier test by test, the school beside the sample."""

import pytest

from recommender.evidence.rules import TierTest
from service.web.practice import practice_page
from service.web.school import School
from tests.service.web.conftest import soup

READING_RECOVERY = "wwc-intervention:209"
SCHOOL = "?grade=1&group=English+learners&urbanicity=urban"


@pytest.fixture(scope="module")
def busiest(web_engine):
    """Practices with null and negative findings, with many findings, guides, single-case ones."""
    cards = [card.practice for card in web_engine.recommender.index.cards]
    most = sorted(cards, key=lambda p: (-p.counts.negative, p.practice_id))[:3]
    most += sorted(cards, key=lambda p: (-p.counts.null, p.practice_id))[:3]
    most += [p for p in cards if p.guide][:2] + [p for p in cards if not p.domains][:2]
    return [p.practice_id for p in most]


def test_every_finding_is_in_a_table_and_every_main_one_in_a_plot(web_engine, busiest):
    for practice_id in busiest:
        file = web_engine.recommender.evidence_file(practice_id)
        page = practice_page(practice_id, web_engine.recommender, School())
        rows = [row.finding_id for domain in page.domains for row in domain.rows]
        assert sorted(rows) == sorted(d.finding.finding_id for d in file.findings)
        drawn = [bar.finding_id for domain in page.domains if domain.plot
                 for bar in domain.plot.bars]  # fmt: skip
        main = [d.finding.finding_id for d in file.findings if not d.finding.is_subgroup]
        assert sorted(drawn) == sorted(main)


def test_the_plot_counts_as_the_evidence_does(web_engine, busiest):
    for practice_id in (READING_RECOVERY, *busiest):
        page = practice_page(practice_id, web_engine.recommender, School())
        for domain in page.domains:
            bars = [bar.direction for bar in domain.plot.bars] if domain.plot else []
            counts = domain.counts
            assert bars.count("positive") == counts.positive, (practice_id, domain.name)
            assert bars.count("negative") == counts.negative
            assert bars.count("null") + bars.count("unknown") == counts.null + counts.unknown


def test_the_deciding_finding_is_the_domain_s_best(web_engine):
    card = web_engine.recommender.card(READING_RECOVERY)
    page = practice_page(READING_RECOVERY, web_engine.recommender, School())
    by_name = {domain.outcome_domain: domain for domain in card.practice.domains}
    for domain in page.domains:
        decided = by_name[domain.name]
        assert domain.tier.number == decided.tier
        if decided.tier is not None:
            assert domain.decision.is_counted
            assert domain.decision.finding_id == decided.counted[0].finding_id
        elif domain.decision:
            assert not domain.decision.is_counted
    assert page.domains[0].is_headline


def test_the_tier_is_decided_test_by_test_with_rule_and_source(pages):
    page = soup(pages.get(f"/practices/{READING_RECOVERY}{SCHOOL}"))
    tests = [t for t in page.all("table") if "What the source says" in t.words]
    assert tests
    rows = list(tests[0].all("tr"))[1:]
    assert len(rows) == len(TierTest)
    assert all("passed" in row.words for row in rows)
    assert "34 CFR 77.1" in tests[0].words


def test_plots_have_a_title_a_description_and_a_table(pages):
    page = soup(pages.get(f"/practices/{READING_RECOVERY}"))
    plots = list(page.all("svg"))
    assert plots
    for plot in plots:
        assert plot["role"] == "img"
        named = plot["aria-labelledby"].split()
        assert [e["id"] for e in plot.children if not isinstance(e, str) and e.get("id")] == named
        assert "effect size" in plot.one("desc").words
    assert sum("as a table" in s.words for s in page.all("summary")) >= len(plots)


def test_negative_and_null_findings_are_told(pages, busiest):
    page = soup(pages.get(f"/practices/{busiest[0]}"))
    assert any("negative" in d.words for d in page.all("desc"))
    assert next(page.all("li", cls="negative")).words.split()[0].isdigit()


def test_the_sample_stands_beside_the_school(pages):
    page = soup(pages.get(f"/practices/{READING_RECOVERY}{SCHOOL}"))
    table = next(t for t in page.all("table") if "Your school" in t.words)
    rows = {r.one("th").words: [c.words for c in r.all("td")] for r in list(table.all("tr"))[1:]}
    assert set(rows) == {"Grades", "Student groups", "Setting", "State"}
    assert rows["Grades"][1:] == ["grade 1", "Overlaps"]
    assert rows["Setting"][1] == "urban"
    assert rows["State"][1] == "MA"


def test_without_a_school_nothing_is_a_match(pages):
    page = soup(pages.get(f"/practices/{READING_RECOVERY}"))
    table = next(t for t in page.all("table") if "Your school" in t.words)
    rows = {r.one("th").words: [c.words for c in r.all("td")] for r in list(table.all("tr"))[1:]}
    assert {rows[a][2] for a in ("Grades", "Student groups", "Setting")} == {"Not asked"}


def test_the_school_of_the_cookie_is_used_where_the_address_names_none(pages):
    pages.cookies.set("school", "grade=1")
    page = soup(pages.get(f"/practices/{READING_RECOVERY}"))
    assert "grade 1" in next(t for t in page.all("table") if "Your school" in t.words).words


def test_studies_lead_to_their_page_and_to_eric(pages, web_engine):
    page = soup(pages.get(f"/practices/{READING_RECOVERY}"))
    links = {link["href"] for link in page.all("a")}
    for study in web_engine.recommender.evidence_file(READING_RECOVERY).studies:
        assert study.url in links
        assert study.eric_id is None or f"https://eric.ed.gov/?id={study.eric_id}" in links


def test_related_practices_are_of_the_family_and_never_itself(web_engine):
    page = practice_page(READING_RECOVERY, web_engine.recommender, School())
    cards = web_engine.recommender.index.cards
    family = [c.practice.name for c in cards if c.profile
              and c.profile.family == "one-to-one-reading-tutoring"]  # fmt: skip
    assert {related.name for related in page.relatives} <= set(family) - {page.name}
    assert page.family_size == len(family)


def test_a_guide_s_page_says_where_its_tier_comes_from(pages):
    page = soup(pages.get("/practices/wwc-practice-guide:24/2"))
    assert "The guide's panel rated" in page.words
    assert "34 CFR 77.1" in page.words
    assert not list(page.all("svg"))
    assert "no page stating it was read" in page.words


@pytest.mark.parametrize("path", ["none", "wwc-intervention:0", "wwc-practice-guide:24", "a/b/c"])
def test_what_is_no_practice_is_a_page_that_says_so(pages, path):
    page = soup(pages.get(f"/practices/{path}"), 404)
    assert "Nothing is here" in page.one("h1").words


def test_every_practice_can_be_shown(web_engine):
    """The record of each page is made without fault; rendering is tested on a sample of them."""
    recommender = web_engine.recommender
    for card in recommender.index.cards[::7]:
        page = practice_page(card.practice.practice_id, recommender, School(("3",)))
        assert page.name == card.practice.name


def test_a_sample_of_practices_renders(pages, web_engine, busiest):
    ids = [card.practice.practice_id for card in web_engine.recommender.index.cards[::60]]
    for practice_id in (*ids, *busiest):
        page = soup(pages.get(f"/practices/{practice_id}{SCHOOL}"))
        identifiers = [e["id"] for e in page.all() if e.get("id")]
        assert len(identifiers) == len(set(identifiers)), practice_id
