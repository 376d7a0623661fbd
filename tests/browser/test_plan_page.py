"""The Plan page as a person with a browser: add, write, check, outline, download, share."""

import io

import docx
import openpyxl
import pytest
from playwright.sync_api import expect

ANSWER = "/?cause=Gr.+6+readers+are+two+years+behind&grade=6&grade=7&grade=8&urbanicity=urban"
LINES = (
    "1. Use READ 180 every day in grades 6-8 for students two years behind\n"
    "• Improve school culture for everyone\n"
    "- Teachers will meet weekly to look at student work"
)


def begin(page, lines=LINES, grades=("6", "7", "8")):
    page.goto("/plan")
    page.get_by_label("Name of the plan").fill("Plan of a middle school")
    page.get_by_label("Strategies, one a line").fill(lines)
    page.get_by_role("button", name="Begin and check").click()
    page.wait_for_url("**/plan/*-*")
    for grade in grades:
        page.get_by_role("checkbox", name=grade, exact=True).check()
    if grades:
        page.locator("button[name=save][value=about]").click()
        page.wait_for_url("**?saved=1*")
    return page.url.partition("?")[0]


def open_all(page):
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")


def test_axe_finds_nothing(browser_page, axe_violations):
    page = browser_page
    address = begin(page)
    open_all(page)
    assert axe_violations(page) == []
    page.goto("/plan")
    assert axe_violations(page) == []
    page.goto(address)
    page.get_by_role("button", name="Make a link").click()
    open_all(page)
    assert axe_violations(page) == []
    page.goto(page.get_by_label("Address to copy").input_value())
    assert axe_violations(page) == []


def test_axe_finds_nothing_in_an_empty_plan(browser_page, axe_violations):
    begin(browser_page, "", ())
    assert axe_violations(browser_page) == []


def test_axe_finds_nothing_on_a_phone_and_nothing_is_wider(phone_page, axe_violations):
    page = phone_page
    begin(page)
    open_all(page)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Make a link").click()
    page.goto(page.get_by_label("Address to copy").input_value())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/plan")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_from_a_result_to_a_checked_plan_and_back(browser_page):
    page = browser_page
    page.goto(ANSWER)
    page.get_by_role("button", name="Add to plan").first.click()
    page.wait_for_url("**/plan/*")
    expect(page.locator(".strategy-card")).to_have_count(1)
    expect(page.locator(".strategy-card .verdict")).to_have_count(1)
    page.get_by_role("link", name="go back to where you were").click()
    page.wait_for_url("**/?cause=Gr*")
    page.get_by_role("button", name="Add to plan").nth(1).click()
    expect(page.locator(".strategy-card")).to_have_count(2)
    page.get_by_role("button", name="Remove strategy 2").click()
    expect(page.locator(".strategy-card")).to_have_count(1)


def test_write_the_outline_and_find_it_again(browser_page):
    page = browser_page
    address = begin(page)
    page.goto(address)
    assert "READ 180" in page.locator(".years").inner_text()
    page.get_by_label("Our year 1").fill("We begin with grade 6.\nTwo teachers are trained.")
    page.get_by_label("In our school, weekly").fill("Mondays, grade teams")
    page.get_by_role("button", name="Save the outline").click()
    page.wait_for_url("**?saved=1*")
    page.goto(address)
    assert page.get_by_label("Our year 1").input_value().startswith("We begin with grade 6.\nTwo")
    assert page.get_by_label("In our school, weekly").input_value() == "Mondays, grade teams"


def test_the_rule_decides(browser_page):
    page = browser_page
    begin(page)
    assert "The plan meets" in page.locator(".check-flag").inner_text()
    page.get_by_text("Plan, school and rule").click()
    page.get_by_label("Rule of the money").select_option("section-1003")
    page.locator("button[name=save][value=about]").click()
    expect(page.locator(".check-flag")).not_to_contain_text("The plan meets")


@pytest.mark.parametrize("name", ["Word", "Excel", "PDF"])
def test_a_download_opens(browser_page, name):
    begin(browser_page)
    with browser_page.expect_download() as found:
        browser_page.get_by_role("link", name=name, exact=True).click()
    content = found.value.path().read_bytes()
    if name == "Word":
        assert docx.Document(io.BytesIO(content)).tables
    elif name == "Excel":
        assert "Strategies" in openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    else:
        assert content.startswith(b"%PDF")


def test_share_and_end(browser_page):
    page = browser_page
    address = begin(page)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("Address to copy").input_value()
    page.goto(link)
    assert page.get_by_text("A team shares this plan").is_visible()
    expect(page.locator("form")).to_have_count(0)
    page.goto(address)
    page.get_by_role("button", name="End link 1").click()
    page.wait_for_url("**?revoked=1*")
    page.goto(link)
    assert "Nothing is here" in page.locator("h1").inner_text()


def test_without_script(plain_page, tmp_path):
    page = plain_page
    file = tmp_path / "plan.txt"
    file.write_text("Strategies\n\n- We will use READ 180 every day in grades 6-8\n", "utf-8")
    page.goto("/plan")
    page.get_by_label("Document").set_input_files(file)
    page.get_by_role("button", name="Upload and check").click()
    expect(page.locator(".strategy-card .verdict")).to_have_count(1)
    page.get_by_label("One a line").fill("Mentors meet students weekly")
    page.get_by_role("button", name="Add, save and check").click()
    expect(page.locator(".strategy-card")).to_have_count(2)


def test_with_the_keyboard_alone(browser_page):
    """From the list to a checked plan; focus is always seen."""
    page = browser_page
    page.goto("/plan")
    page.locator("#title").focus()
    page.keyboard.type("Keyboard plan")
    page.keyboard.press("Tab")
    page.keyboard.type("Use READ 180 in grade 6")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plan/*-*")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none"
        seen.append(page.evaluate("document.activeElement.name || ''"))
        if seen[-1] == "text-s1":
            break
    assert "title" in seen
    page.keyboard.type("Every day: ")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**?saved=1*")
    assert "Every day: " in page.locator("[name=text-s1]").input_value()


def test_a_printed_plan_shows_words_and_no_boxes(browser_page):
    page = browser_page
    begin(page)
    page.emulate_media(media="print")
    assert not page.locator("textarea").first.is_visible()
    assert not page.get_by_role("button", name="Save and check").first.is_visible()
    assert page.locator(".strategy-card .own-words").first.is_visible()
    assert page.locator(".check-flag").is_visible()
