"""The pages in process, over an index made by words."""

from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from service.app import create_app
from service.engine import Engine
from service.settings import Settings
from service.store import Store
from tests.conftest import ROOT, WordEncoder

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Element:
    """A parsed element: tag, attributes, children; text by `words`."""

    def __init__(self, tag, attributes, parent):
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children = []

    def __getitem__(self, name):
        return self.attributes[name]

    def get(self, name):
        return self.attributes.get(name)

    @property
    def words(self):
        parts = [c if isinstance(c, str) else c.words for c in self.children]
        return " ".join(" ".join(parts).split())

    def all(self, tag=None, **wanted):
        """Every descendant with this tag and these attributes; `cls` is one class."""
        for child in self.children:
            if isinstance(child, str):
                continue
            if child._is(tag, wanted):
                yield child
            yield from child.all(tag, **wanted)

    def one(self, tag=None, **wanted):
        found = list(self.all(tag, **wanted))
        assert len(found) == 1, (tag, wanted, len(found))
        return found[0]

    def _is(self, tag, wanted):
        wanted = dict(wanted)
        cls = wanted.pop("cls", None)
        return (
            tag in (None, self.tag)
            and (cls is None or cls in (self.get("class") or "").split())
            and all(self.get(k.rstrip("_")) == v for k, v in wanted.items())
        )


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = self.at = Element("", {}, None)

    def handle_starttag(self, tag, attrs):
        element = Element(tag, dict(attrs), self.at)
        self.at.children.append(element)
        if tag not in VOID:
            self.at = element

    def handle_startendtag(self, tag, attrs):
        self.at.children.append(Element(tag, dict(attrs), self.at))

    def handle_endtag(self, tag):
        assert tag == self.at.tag, f"</{tag}> closes <{self.at.tag}>"
        self.at = self.at.parent

    def handle_data(self, data):
        self.at.children.append(data)


def parse(text):
    """Return the document; a tag that does not close is a failure."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.at is reader.root, f"<{reader.at.tag}> never closes"
    return reader.root


def soup(response, status=200):
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return parse(response.text)


@pytest.fixture(scope="session")
def web_engine(word_indexes):
    engine = Engine.open(word_indexes, ROOT / "corpus", WordEncoder())
    yield engine
    engine.close()


@pytest.fixture
def pages(web_engine, tmp_path):
    """A browser without script in single-user mode."""
    settings = Settings.from_environment({"RECOMMENDER_DATA": str(tmp_path)})
    store = Store.open(f"sqlite:///{tmp_path}/pages.sqlite3")
    app = create_app(settings, web_engine, store)
    with TestClient(
        app, base_url="http://127.0.0.1", headers={"accept": "text/html"}, follow_redirects=False
    ) as client:
        yield client
    store.close()
