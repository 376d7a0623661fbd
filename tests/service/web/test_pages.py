"""Frame, map, list, guidance, About and problems; what holds for every page."""

import re
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from jinja2 import UndefinedError

from recommender.records import Kind
from recommender.search.evidence_map import GRADE_BANDS
from service.web import editorial
from service.web.about import about_page
from service.web.listing import Narrowing, find_narrowed, list_page
from service.web.map_page import map_page
from service.web.templating import ENVIRONMENT, HERE, asset
from tests.service.web.conftest import soup

PAGES = [
    "/",
    "/?cause=phonics&grade=1",
    "/practices",
    "/practices/wwc-intervention:209",
    "/practices/wwc-practice-guide:24/2",
    "/evidence-map",
    "/guidance",
    "/about",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_frame(pages, path):
    page = soup(pages.get(path))
    assert page.one("html")["lang"] == "en"
    assert next(page.all("title")).words.endswith("Evidence recommender")
    assert len(list(page.all("h1"))) == 1
    assert next(page.all("a"))["href"] == "#main"
    assert page.one("main")["id"] == "main"
    nav = next(page.all("nav", aria_label="Main"), None) or next(page.all("nav"))
    labels = [link.words for link in nav.all("a")]
    assert labels == ["Find", "Plan", "Evidence map", "Guidance", "Audit desk", "About"]
    assert list(page.all("footer", cls="site"))


@pytest.mark.parametrize("path", PAGES)
def test_headings_leave_no_level_out(pages, path):
    levels = [int(e.tag[1]) for e in soup(pages.get(path)).all() if re.fullmatch("h[1-6]", e.tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(pages, path):
    page = soup(pages.get(path))
    for element in page.all():
        assert "style" not in element.attributes
        assert not [name for name in element.attributes if name.startswith("on")]
        assert element.tag != "style"
        source = element.get("src") or (element.get("href") if element.tag == "link" else None)
        assert source is None or source.startswith("/static/")
        assert element.tag != "script" or not element.words


@pytest.mark.parametrize("path", PAGES)
def test_fields_have_labels_and_forms_that_change_have_a_token(pages, path):
    page = soup(pages.get(path))
    for element in page.all():
        if element.tag in ("input", "select", "textarea") and element.get("type") != "hidden":
            inside = element
            while inside.parent is not None and inside.tag != "label":
                inside = inside.parent
            named = [e for e in page.all("label") if e.get("for") and e["for"] == element.get("id")]
            assert inside.tag == "label" or named, element.attributes
    for form in page.all("form", method="post"):
        assert form.one("input", name="csrf_token")["value"]


@pytest.mark.parametrize("path", PAGES)
def test_links_of_the_site_lead_somewhere(pages, path):
    page = soup(pages.get(path))
    identifiers = {e["id"] for e in page.all() if e.get("id")}
    targets = set()
    for link in page.all("a"):
        target = urlsplit(link["href"])
        if link["href"].startswith("#"):
            assert link["href"][1:] in identifiers
        elif not target.netloc and target.path not in ("/plan", "/audit", "/docs"):
            targets.add(link["href"])
    for href in sorted(targets)[:: max(1, len(targets) // 25)]:
        assert pages.get(href).status_code in (200, 303), href


def test_the_current_part_is_marked(pages):
    for path, label in [("/", "Find"), ("/practices", "Find"), ("/guidance", "Guidance")]:
        current = list(soup(pages.get(path)).all("a", **{"aria-current": "page"}))
        assert [link.words for link in current] == [label]


@pytest.mark.parametrize("path", [p for p in PAGES if "?" not in p])
def test_pages_are_private_and_asked_for_again(pages, path):
    assert pages.get(path).headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["site.css", "site.js", "icon.svg"])
def test_assets_are_kept_for_their_content(pages, name):
    response = pages.get(asset(name))
    assert response.status_code == 200
    assert "immutable" in response.headers["cache-control"]
    assert "immutable" not in pages.get(f"/static/{name}").headers["cache-control"]


def test_a_missing_field_is_an_error_and_not_a_blank():
    with pytest.raises(UndefinedError):
        ENVIRONMENT.get_template("problem.html").render(page=object(), shell=object())


@pytest.mark.parametrize("path", sorted((HERE / "templates").glob("*.html")), ids=lambda p: p.name)
def test_templates_never_switch_escaping_off(path):
    text = path.read_text("utf-8")
    assert not re.search(r"\|\s*safe\b|autoescape|Markup", text)


def test_no_markup_is_made_in_python():
    for path in HERE.glob("*.py"):
        assert not re.search(r"[\"']\s*</?[a-z]+[ >]", path.read_text("utf-8")), path.name


# The map and the list


@pytest.fixture(scope="module")
def shown_map(web_engine):
    snapshot = web_engine.snapshot
    return map_page(snapshot.map_rows, snapshot.recommender.index.areas)


def test_a_field_leads_to_as_many_practices_as_it_counts(web_engine, shown_map):
    cards = web_engine.recommender.index.cards
    for area, view in zip(web_engine.recommender.index.areas, shown_map.areas):
        for band, cell in zip(GRADE_BANDS, view.area.cells):
            wanted = Narrowing(area=area.id, band=band, kind=Kind.INTERVENTION)
            assert len(find_narrowed(cards, wanted)) == cell.total, (area.id, band)


def test_the_map_shows_its_gaps(pages, shown_map):
    page = soup(pages.get("/evidence-map"))
    table = next(page.all("table"))
    assert len(list(table.all("tr"))) == len(shown_map.areas) + 1
    empty = sum(not cell.tiered for view in shown_map.areas for cell in view.area.cells)
    assert len(shown_map.gaps) == empty > 0
    assert len(list(table.all("td", cls="heat-0"))) == empty


def test_darker_means_more(shown_map):
    cells = [cell for view in shown_map.areas for cell in view.area.cells]
    ordered = sorted(cells, key=lambda cell: cell.tiered)
    shades = [cell.css for cell in ordered]
    assert shades == sorted(shades)
    assert {"heat-0", "heat-1", "heat-5"} <= set(shades)


def test_pages_of_the_list_hold_everything_once(web_engine):
    recommender = web_engine.recommender
    first = list_page({}, recommender)
    names = []
    for number in range(1, first.pages.last + 1):
        names += [line.href for line in list_page({"page": str(number)}, recommender).lines]
    assert len(names) == len(set(names)) == first.total == len(recommender.index.cards)


def test_the_list_is_narrowed_and_keeps_it_over_pages(pages):
    page = soup(pages.get("/practices?tier=3&q=reading"))
    lines = list(page.one("ul", cls="plain-list").all("li"))
    assert lines
    assert all("Tier 3" in line.words for line in lines)
    page = soup(pages.get("/practices?kind=intervention"))
    following = next(a for a in page.all("a") if a.get("rel") == "next")
    assert "kind=intervention" in following["href"]


def test_pages_beyond_the_last_are_the_last(pages):
    assert "Page 47 of 47" in soup(pages.get("/practices?page=9999")).words


@pytest.mark.parametrize("query", ["tier=4", "grade=13", "area=x", "page=0", "page=-1", "page=٣"])
def test_faults_of_the_list_are_said(pages, query):
    page = soup(pages.get(f"/practices?{query}"), 422)
    assert query.split("=")[0] in page.one("div", role="alert").words


def test_a_list_that_nothing_passes(pages):
    page = soup(pages.get("/practices?q=zzzz"))
    assert "Nothing passes" in page.one("div", cls="notice").words


# Guidance and About


def test_every_point_of_the_guidance_is_shown_with_its_date(pages):
    page = soup(pages.get("/guidance"))
    found = editorial.guidance()
    for topic in found.topics:
        section = next(s for s in page.all("section") if s.get("aria-labelledby") == topic.id)
        points = list(section.one("ul").all("li"))
        assert len(points) == len(topic.points)
        for point, shown in zip(topic.points, points):
            assert " ".join(point.text.split()) in shown.words
            dated = found.source(point.source).dated
            assert (str(dated.year) if dated else "no date seen") in shown.one("a").words
    words = page.words
    assert "2019–20" in words
    assert all(source.title in words for source in found.sources)
    assert all(beat.what in words for beat in found.rhythm)
    assert all(question.ask in words for question in found.reflection)


def test_about_names_every_term_and_every_test(pages, web_engine):
    recommender = web_engine.recommender
    page = about_page(recommender)
    assert len(page.terms) == len(recommender.weights.__dataclass_fields__)
    words = soup(pages.get("/about")).words
    assert all(view.rule.asks in words for view in page.rules)
    assert recommender.index.manifest.evidence_date in words


# Problems


def test_a_failure_is_a_page_for_people_and_a_document_for_programs(pages):
    page = soup(pages.get("/nowhere"), 404)
    assert page.one("h1").words == "Nothing is here"
    response = pages.get("/nowhere", headers={"accept": "application/json"})
    assert response.headers["content-type"] == "application/problem+json"


def test_an_unexpected_failure_shows_an_id_and_nothing_else(web_engine, tmp_path, monkeypatch):
    from fastapi.testclient import TestClient

    from service.app import create_app
    from service.settings import Settings
    from service.store import Store

    store = Store.open(f"sqlite:///{tmp_path}/x.sqlite3")
    app = create_app(Settings(data=tmp_path), web_engine, store)
    monkeypatch.setattr("service.web.find._ask", lambda *_: 1 / 0)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        page = soup(client.get("/", headers={"accept": "text/html"}), 500)
    store.close()
    assert "quote" in page.words
    assert "division" not in page.words
