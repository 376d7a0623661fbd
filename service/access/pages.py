"""Signing in and out. The form sends a key once; from then on the browser has a session."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool

from service.access.answers import safe_next
from service.access.guard import csrf_token, gate_of, identity_of, is_https, needs, require_token
from service.access.identity import Identity
from service.access.sessions import BrowserSession
from service.store.records import Role

MAX_KEY_CHARACTERS = 200
MAX_NEXT_CHARACTERS = 2000
WRONG_KEY = "This key is not known, or was revoked. Keys begin with er_."

router = APIRouter(include_in_schema=False)
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What the page for signing in shows."""

    csrf_token: str = field(metadata={"help": "goes back with the form"})
    next: str = field(metadata={"help": "where to go after signing in"})
    error: str | None = field(metadata={"help": "why the last try failed"})
    signed_in_as: str | None = field(metadata={"help": "name of the key in use"})
    single_user: bool = field(metadata={"help": "no key is needed here"})


@router.get("/sign-in")
def show_sign_in(request: Request, next: str | None = None) -> Response:
    """Show the form for a key."""
    return _page(request, safe_next(next), None, 200)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    key: Annotated[str, Form(max_length=MAX_KEY_CHARACTERS)] = "",
    next: Annotated[str, Form(max_length=MAX_NEXT_CHARACTERS)] = "/",
) -> Response:
    """Start a session for a key."""
    await require_token(request)
    gate, identity = gate_of(request), identity_of(request)
    if gate.settings.single_user:
        return RedirectResponse(safe_next(next), 303)
    principal = await gate.principal_for(request, key.strip())
    if principal is None:
        return _page(request, safe_next(next), WRONG_KEY, 401)
    _start(request, identity, gate.sessions.start(principal.key_id))
    return RedirectResponse(safe_next(next), 303)


@router.post("/sign-out", dependencies=[needs(Role.READER)])
async def sign_out(request: Request) -> Response:
    """End the session, here and for whoever may have copied the cookie."""
    gate, identity = gate_of(request), identity_of(request)
    if identity.session is not None and identity.session.key_id is not None:
        hours = gate.settings.session_hours
        await run_in_threadpool(gate.store.keys.end_session, identity.session.session_id, hours)
    identity.set_cookie = gate.sessions.ended_cookie(is_https(request))
    return RedirectResponse("/sign-in", 303)


def _start(request: Request, identity: Identity, session: BrowserSession) -> None:
    identity.session = session
    identity.set_cookie = gate_of(request).sessions.cookie(session, is_https(request))


def _page(request: Request, target: str, error: str | None, status: int) -> Response:
    identity = identity_of(request)
    page = SignInPage(
        csrf_token(request),
        target,
        error,
        identity.principal.name if identity.principal else None,
        gate_of(request).settings.single_user,
    )
    text = _TEMPLATES.get_template("sign_in.html").render(page=page)
    return HTMLResponse(text, status)
