"""The audit desk as state staff use it: send plans, decide with the keyboard, export, compare."""

import io
import re

import openpyxl
import pytest

GRADES = "Grades: K-5"
LAST_YEAR = (
    "Use Reading Recovery with grade 1 readers who fall behind",
    "Hold a family math night every quarter",
    "Teachers meet weekly to look at student work",
)
# A person decides about these two, whatever the encoder.
ASKED_ELSEWHERE = "Start Read Naturally in grade 3 if the district can pay for it"
ASKED = "Start Sound Partners in grade 1 if the grant is awarded"
THIS_YEAR = (
    "Use Reading Recovery with grade 1 readers who fall behind",
    "Hold a family math night every month, with an interpreter",
    ASKED,
)


def plan_file(strategies):
    return "\n".join(["School Improvement Plan", GRADES, "Strategies", *strategies]).encode()


def send(page, files, name="Plans of spring", district="North"):
    page.goto("/audit")
    page.get_by_label("Name of the batch").fill(name)
    page.get_by_label("District of these plans").fill(district)
    page.get_by_label("Plans", exact=True).set_input_files(
        [{"name": n, "mimeType": "text/plain", "buffer": content} for n, content in files]
    )
    page.get_by_role("button", name="Send and check").click()
    page.wait_for_url("**/audit/batches/*")


def wait_until_done(page):
    page.locator("[data-progress=done]").wait_for(timeout=60_000)


@pytest.fixture(scope="session")
def desk(chromium, site):
    """Two batches that were checked, with one decision; the addresses of every page of the desk."""
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    others = [("Lake School.txt", plan_file([ASKED_ELSEWHERE])), ("empty.txt", b"")]
    send(page, [("Hill School 2025.txt", plan_file(LAST_YEAR)), *others], "Last year")
    wait_until_done(page)
    batch = page.url
    send(page, [("Hill School 2026.txt", plan_file(THIS_YEAR))], "This year")
    wait_until_done(page)
    page.get_by_role("link", name="Open the plan").click()
    plan = page.url
    page.goto("/audit/queue?state=undecided")
    review = page.locator(".queue a").first.get_attribute("href")
    page.goto(review)
    page.locator("input[value=meets]").check()
    page.get_by_role("textbox", name="Reason").fill(
        "The plan names the program.\nIt is the one that was studied."
    )
    page.get_by_role("button", name="Keep and go on").click()
    page.goto("/audit/exports")
    with page.expect_download():
        page.get_by_role("button", name="Export to Excel").click()
    context.close()
    return {
        "start": "/audit",
        "batch": batch,
        "queue": "/audit/queue",
        "nothing passes": "/audit/queue?district=Nowhere",
        "waits for a second reader": review,
        "review": "next",
        "plans": "/audit/plans",
        "plan": plan,
        "compare": plan + "/compare",
        "figures": "/audit/figures",
        "exports": "/audit/exports",
    }


PAGES = (
    "start", "batch", "queue", "nothing passes", "waits for a second reader", "review", "plans",
    "plan", "compare", "figures", "exports",
)  # fmt: skip


def go(page, desk, name):
    if desk[name] == "next":
        page.goto("/audit/queue?state=undecided")
        page.locator(".queue a").first.click()
    else:
        page.goto(desk[name])
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(browser_page, axe_violations, desk, name):
    go(browser_page, desk, name)
    assert axe_violations(browser_page) == []


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_phone_and_nothing_is_wider(phone_page, axe_violations, desk, name):
    go(phone_page, desk, name)
    assert axe_violations(phone_page) == []
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 320


def test_decide_with_the_keyboard_alone(browser_page, desk):
    page = browser_page
    send(page, [("Keys.txt", plan_file([ASKED]))], "Keys", "Keys district")
    wait_until_done(page)
    page.goto("/audit/queue?district=Keys+district")
    page.locator(".queue a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit/review*")
    page.keyboard.press("d")
    assert page.locator("input[value=does_not_meet]").is_checked()
    page.keyboard.press("r")
    page.keyboard.type("mdnoq: single keys are letters while a reason is typed")
    assert page.locator("input[value=does_not_meet]").is_checked()
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/audit/queue*")
    assert "Your decision is kept" in page.locator("main").inner_text()
    assert "Decided" in page.locator(".queue").inner_text()


def test_single_keys_can_be_turned_off(browser_page, desk):
    page = browser_page
    page.goto(desk["waits for a second reader"])
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use single keys on this computer").uncheck()
    page.reload()
    page.keyboard.press("d")
    assert not page.locator("input[value=does_not_meet]").is_checked()


def test_send_review_and_decide_without_script(plain_page, site):
    page = plain_page
    send(page, [("Plain.txt", plan_file([ASKED])), ("empty.txt", b"")], "Plain", "Plainton")
    for _ in range(200):
        page.reload()
        if page.locator("[data-progress=done]").count():
            break
        page.wait_for_timeout(100)
    assert "the file is empty" in page.locator("tbody").inner_text()
    page.goto("/audit/queue?district=Plainton")
    page.locator(".queue a").first.click()
    page.get_by_role("button", name="Keep and go on").click()
    assert "/audit/review" in page.url
    page.locator("input[value=no_evidence_found]").check()
    page.get_by_role("textbox", name="Reason").fill("It is no strategy")
    page.get_by_role("button", name="Keep and go on").click()
    assert "Your decision is kept" in page.locator("main").inner_text()


def test_export_and_open_the_workbook(browser_page, desk):
    page = browser_page
    page.goto("/audit/exports")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export to Excel").click()
    download = waiting.value
    assert re.fullmatch(r"audit-\d{4}-\d\d-\d\d\.xlsx", download.suggested_filename)
    book = openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))
    texts = [row[4] for row in book["Verdicts"].values]
    assert set(THIS_YEAR) <= set(texts)
    reasons = [row[6] for row in book["Decisions"].values]
    assert "The plan names the program.\nIt is the one that was studied." in reasons


def test_last_years_plan_is_found_and_laid_beside(browser_page, desk):
    browser_page.goto(desk["compare"])
    fates = browser_page.locator(".queue .state").all_inner_texts()
    assert fates == ["Continued", "Revised", "New", "Dropped"]
    assert "Hill School 2025" in browser_page.locator("main").inner_text()
    assert browser_page.locator(".queue mark").count() > 0
