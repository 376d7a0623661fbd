"""Find, Practice, Evidence map, Guidance, About and the list, as a person with a browser."""

import json
import re

import pytest

CAUSE = "Gr. 1 readers cannot blend sounds"
ANSWER = "/?cause=Gr.+1+readers+cannot+blend+sounds&grade=1&group=English+learners&urbanicity=urban"
PAGES = {
    "start": "/",
    "answer": ANSWER,
    "answer by family": ANSWER + "&family=1&tier=1",
    "no good match": "/?cause=The+boiler+failed+and+the+roof+leaks",
    "fault": "/?cause=x&grade=13",
    "program": "/practices/wwc-intervention:209?grade=1",
    "guide": "/practices/wwc-practice-guide:24/2",
    "many findings": "/practices/wwc-intervention:1048",
    "list": "/practices?tier=1",
    "evidence map": "/evidence-map",
    "guidance": "/guidance",
    "about": "/about",
    "nothing here": "/nowhere",
}


def open_all(page):
    """Unfold everything, so that nothing hides from a check."""
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing(browser_page, axe_violations, path):
    browser_page.goto(path)
    open_all(browser_page)
    assert axe_violations(browser_page) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_on_a_phone(phone_page, axe_violations, path):
    phone_page.goto(path)
    assert axe_violations(phone_page) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_nothing_is_wider_than_a_phone(phone_page, path):
    phone_page.goto(path)
    open_all(phone_page)
    width = phone_page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320


def test_ask_narrow_and_open(browser_page):
    page = browser_page
    page.goto("/")
    page.get_by_label("The root cause").fill(CAUSE)
    page.get_by_role("checkbox", name="1", exact=True).check()
    page.get_by_label("Urban", exact=True).check()
    page.get_by_role("button", name="Find strategies").click()
    assert page.locator("article").count() == 10
    assert page.locator("mark").count() > 0
    page.get_by_text("Narrow and sort").click()
    page.get_by_label("Tier 1: strong evidence").check()
    page.get_by_label("Sort by").select_option("name")
    page.get_by_role("button", name="Find strategies").click()
    assert set(page.locator("article .tier").all_inner_texts()) == {"1\nTier 1: strong evidence"}
    names = page.locator("article h3").all_inner_texts()
    assert names == sorted(names, key=str.lower)
    page.locator("article h3 a").first.click()
    assert page.locator("h1").inner_text() == names[0]
    assert "grade=1" in page.url


def test_ctrl_and_enter_asks(browser_page):
    browser_page.goto("/")
    browser_page.get_by_label("The root cause").fill(CAUSE)
    browser_page.keyboard.press("Control+Enter")
    browser_page.wait_for_url("**/?cause=*")
    assert browser_page.locator("article").count() == 10


def test_with_the_keyboard_alone(browser_page):
    """Skip link, box, button, first result: focus is always seen."""
    page = browser_page
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "cause"
    page.keyboard.type(CAUSE)
    for _ in range(60):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none"
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/?cause=*")
    assert page.locator("article").count() == 10


def test_without_script(plain_page):
    page = plain_page
    page.goto("/")
    page.get_by_label("The root cause").fill(CAUSE)
    page.get_by_label("Rural", exact=True).check()
    page.get_by_role("button", name="Find strategies").click()
    assert page.locator("article").count() == 10
    page.get_by_text("Narrow and sort").click()
    page.get_by_label("Practice-guide recommendation").check()
    page.get_by_role("button", name="Find strategies").click()
    assert set(page.locator("article .kind").all_inner_texts()) != set()
    page.locator("article h3 a").first.click()
    assert page.locator("h1").count() == 1
    assert not page.get_by_role("button", name="Print").is_visible()
    page.goto("/")
    assert page.get_by_label("Rural", exact=True).is_checked()


def test_an_example_is_one_click(browser_page):
    browser_page.goto("/")
    browser_page.locator(".examples a").first.click()
    assert browser_page.locator("article").count() == 10


def test_a_download_opens(browser_page):
    browser_page.goto("/practices/wwc-intervention:209")
    with browser_page.expect_download() as found:
        browser_page.get_by_role("link", name="CSL-JSON").click()
    assert found.value.suggested_filename == "wwc-intervention-209.json"
    entries = json.loads(found.value.path().read_text("utf-8"))
    assert len(entries) == 9


def test_the_map_leads_into_the_list(browser_page):
    browser_page.goto("/evidence-map")
    cell = browser_page.locator("table.map").first.locator("td a").first
    total = re.search(r"of (\d+)", cell.inner_text())[1]
    cell.click()
    assert browser_page.locator(".result-line").inner_text().startswith(f"{total} practices")


def test_a_printed_practice_leaves_forms_out_and_unfolds(browser_page):
    browser_page.goto("/practices/wwc-intervention:209")
    browser_page.emulate_media(media="print")
    browser_page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not browser_page.get_by_role("button", name="Add to plan").is_visible()
    assert browser_page.locator("details[data-print-open]:not([open])").count() == 0


def test_little_moves_for_those_who_ask(chromium, site):
    context = chromium.new_context(base_url=site, reduced_motion="reduce")
    page = context.new_page()
    page.goto("/")
    behaviour = page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    assert behaviour == "auto"
    context.close()
