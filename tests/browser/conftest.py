"""A real server on a free loopback port, and Debian's Chromium. Without them the tests fail."""

import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from service.app import create_app
from service.engine import Engine
from service.settings import Settings
from service.store import Store
from tests.conftest import ROOT, WordEncoder

CHROMIUM = Path("/usr/bin/chromium")
READY_SECONDS = 30
# axe's rules for WCAG 2.0 to 2.2, levels A and AA, and its best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def site(word_indexes, tmp_path_factory):
    """The address of the whole service in single-user mode, over an index made by words."""
    data = tmp_path_factory.mktemp("site")
    engine = Engine.open(word_indexes, ROOT / "corpus", WordEncoder())
    store = Store.open(f"sqlite:///{data}/site.sqlite3")
    app = create_app(Settings(data=data, rate_per_minute=0), engine, store)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        _wait_until_started(server)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(READY_SECONDS)
    engine.close()
    store.close()


def _wait_until_started(server):
    until = time.monotonic() + READY_SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def chromium():
    assert CHROMIUM.is_file(), f"{CHROMIUM} is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


def _page(chromium, site, **options):
    context = chromium.new_context(base_url=site, accept_downloads=True, **options)
    page = context.new_page()
    faults = []
    page.on("console", lambda line: _note(faults, line))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("response", lambda answer: _note_missing(faults, answer))
    yield page
    context.close()
    assert not faults


def _note(faults, line):
    """A refused inline style or script shows on the console; a page may answer 404 or 422."""
    if line.type == "error" and not line.text.startswith("Failed to load resource"):
        faults.append(line.text)


def _note_missing(faults, answer):
    if answer.status >= 400 and answer.request.resource_type != "document":
        faults.append(f"{answer.status} {answer.url}")


@pytest.fixture
def browser_page(chromium, site):
    """A page on a desktop screen."""
    yield from _page(chromium, site, viewport={"width": 1280, "height": 900})


@pytest.fixture
def phone_page(chromium, site):
    """A page on a narrow phone: 320 CSS pixels, where WCAG 1.4.10 asks for reflow."""
    yield from _page(
        chromium, site, viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True
    )


@pytest.fixture
def plain_page(chromium, site):
    """A page in a browser without script."""
    yield from _page(chromium, site, java_script_enabled=False)


@pytest.fixture(scope="session")
def axe_violations():
    """Return what axe-core finds on a page, a line each."""
    axe = Axe()

    def find(page):
        options = {"runOnly": {"type": "tag", "values": RULES}}
        found = axe.run(page, options=options).response["violations"]
        return [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]}"
            for rule in found
            for node in rule["nodes"]
        ]

    return find
