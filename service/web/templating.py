"""Templates with escaping always on, and the frame that every page shares.

A handler parses, asks the library once, builds one frozen page record and calls `render`. The
template sees that record as `page` and the frame as `shell`, nothing else.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from recommender.index.store import Manifest
from service import access
from service.web import words

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static"

# What a browser may keep: nothing that depends on who asks. The page is asked for again each time.
PRIVATE = {"Cache-Control": "private, no-cache"}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the navigation."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    """What the frame around every page shows."""

    nav: tuple[NavItem, ...] = field(metadata={"help": "the six parts of the site"})
    evidence_date: str | None = field(metadata={"help": "date of the evidence behind the page"})
    index_id: str | None = field(metadata={"help": "build id of the index behind the page"})
    practices: int = field(metadata={"help": "how many practices the index holds"})
    signed_in_as: str | None = field(metadata={"help": "name of the key, when one is needed"})
    csrf_token: str = field(metadata={"help": "goes into the field csrf_token of every form"})


_NAV = (
    ("Find", "/"),
    ("Plan", "/plan"),
    ("Evidence map", "/evidence-map"),
    ("Guidance", "/guidance"),
    ("Audit desk", "/audit"),
    ("About", "/about"),
)


def make_environment() -> Environment:
    """Return the Jinja environment of all pages."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(asset=asset, practice_url=practice_url)
    environment.filters.update(
        signed=words.signed,
        grades=words.grade_words,
        grade_phrase=words.grade_phrase,
        listed=words.listed,
        counted=words.counted,
        tier_words=words.tier_words,
    )
    return environment


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """Return the address of a static file; it changes when the file does."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def practice_url(practice_id: str, school: Mapping[str, Any] | None = None) -> str:
    """Return the address of a practice's page, with the school's context if any."""
    query = urlencode(list((school or {}).items()), doseq=True)
    return f"/practices/{quote(practice_id, safe=':/')}" + (f"?{query}" if query else "")


ENVIRONMENT = make_environment()


def compile_templates() -> None:
    """Compile every template now, so that the first visitor does not wait for it."""
    for name in ENVIRONMENT.list_templates():
        ENVIRONMENT.get_template(name)


def manifest_of(request: Request) -> Manifest | None:
    """Return what identifies the index that serves now; `None` while none is loaded."""
    engine = getattr(request.app.state, "engine", None)
    return engine.recommender.index.manifest if engine is not None else None


def make_shell(request: Request, manifest: Manifest | None = None) -> Shell:
    """Return the frame for one request; `manifest` is the index behind the page's answer."""
    manifest = manifest or manifest_of(request)
    path = request.url.path
    is_known = getattr(request.state, "identity", None) is not None
    return Shell(
        nav=tuple(NavItem(label, href, _is_current(path, href)) for label, href in _NAV),
        evidence_date=manifest.evidence_date if manifest else None,
        index_id=manifest.build_id if manifest else None,
        practices=manifest.practices if manifest else 0,
        signed_in_as=access.signed_in_as(request) if is_known else None,
        csrf_token=access.csrf_token(request) if is_known else "",
    )


def _is_current(path: str, href: str) -> bool:
    if href == "/":
        return path == "/" or path.startswith("/practices")
    return path == href or path.startswith(f"{href}/")


def render(
    request: Request,
    template: str,
    page: object,
    status: int = 200,
    manifest: Manifest | None = None,
) -> HTMLResponse:
    """Render one page record in its template."""
    shell = make_shell(request, manifest)
    text = ENVIRONMENT.get_template(template).render(page=page, shell=shell)
    return HTMLResponse(text, status, headers=dict(PRIVATE))
