"""How a request that may not pass is answered: a problem document, or a page in a browser."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from service.access.identity import Refused
from service.problems import respond, wants_page

SIGN_IN = "/sign-in"


def refusal(request: Request, refused: Refused) -> Response:
    """Return the answer; a person without a session is led to sign in."""
    if refused.status == 401 and request.method in ("GET", "HEAD") and wants_page(request):
        query = f"?{request.url.query}" if request.url.query else ""
        target = quote(f"{request.url.path}{query}", safe="/")
        return RedirectResponse(f"{SIGN_IN}?next={target}", 303)
    return respond(request, refused.status, refused.detail, headers=refused.headers)


def safe_next(target: str | None) -> str:
    """Return where to go after signing in: a path of this service, never another site."""
    if not target or not target.startswith("/") or target.startswith(("//", SIGN_IN)):
        return "/"
    if "\\" in target or any(ord(letter) < 33 for letter in target):
        return "/"
    return target
