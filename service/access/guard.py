"""What routes declare: `needs(Role.READER)`. And what pages ask: who is this, and its form token.

A request that changes something must come from our own pages. Programs that show a key are
exempt, for no foreign page can make a browser send one.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Depends, FastAPI, Request
from fastapi.routing import iter_route_contexts

from service.access.identity import Gate, Identity, Refused
from service.access.principal import Principal
from service.access.public import is_public
from service.store.records import Role

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOKEN_FIELD = "csrf_token"
TOKEN_HEADER = "x-csrf-token"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
STALE_FORM = "this form is too old or not ours; load the page again and send it once more"


@dataclass(frozen=True, slots=True)
class Guard:
    """The dependency behind `needs`: lets a request pass if its caller has the role."""

    role: Role

    async def __call__(self, request: Request) -> AsyncIterator[Principal]:
        """Give the caller to the route; close what was uploaded when it is done.

        Raises:
            Refused: nobody, too low a role, or a form that is not ours.
        """
        principal = current(request)
        if not principal.may(self.role):
            raise Refused(403, f"this needs the role {self.role}; the key has {principal.role}")
        try:
            await require_token(request)
            yield principal
        finally:
            await request.close()


def needs(role: Role) -> Any:
    """Declare the lowest role that may use a route.

    Use it as `dependencies=[needs(Role.READER)]`, or on a parameter that takes the caller:
    `principal: Annotated[Principal, needs(Role.AUDITOR)]`.
    """
    return Depends(_GUARDS[role])


_GUARDS = {role: Guard(role) for role in Role}


def current(request: Request) -> Principal:
    """Return who makes the request.

    Raises:
        Refused: nobody, on a path that is public.
    """
    principal = identity_of(request).principal
    if principal is None:
        raise Refused(401, "a key is needed", {"WWW-Authenticate": "Bearer"})
    return principal


def signed_in_as(request: Request) -> str | None:
    """Return the name of the key that signed in, `None` for nobody and in single-user mode."""
    principal = identity_of(request).principal
    if principal is None or gate_of(request).settings.single_user:
        return None
    return principal.name


def csrf_token(request: Request) -> str:
    """Return the token for the field `csrf_token` of a form; a session starts if there is none."""
    identity, gate = identity_of(request), gate_of(request)
    if identity.session is None:
        identity.session = gate.sessions.start()
        identity.set_cookie = gate.sessions.cookie(identity.session, is_https(request))
    return gate.sessions.token(identity.session)


async def require_token(request: Request) -> None:
    """Refuse a change that a foreign page may have sent.

    Raises:
        Refused: the token is missing or wrong, or the request says that it is from elsewhere.
    """
    identity, gate = identity_of(request), gate_of(request)
    if request.method in SAFE_METHODS or identity.by_key:
        return
    if _is_foreign(request):
        raise Refused(403, STALE_FORM)
    if gate.settings.single_user and _is_program(request):
        return
    if not gate.sessions.token_is_right(identity.session, await _token(request)):
        raise Refused(403, STALE_FORM)


def _is_foreign(request: Request) -> bool:
    """Tell whether a browser says that another site sent this request."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")


def _is_program(request: Request) -> bool:
    """Tell whether this is a program on this machine asking the API, without keys.

    Browsers name the origin of every such request; JSON from elsewhere they do not send without
    leave, which this service never gives.
    """
    if not request.url.path.startswith("/v1/"):
        return False
    is_json = request.headers.get("content-type", "").startswith("application/json")
    from_browser = {"origin", "sec-fetch-site", "cookie", "referer"} & set(request.headers)
    return is_json or not from_browser


async def _token(request: Request) -> str | None:
    if (header := request.headers.get(TOKEN_HEADER)) is not None:
        return header
    if not request.headers.get("content-type", "").startswith(FORMS):
        return None
    field = (await request.form()).get(TOKEN_FIELD)
    return field if isinstance(field, str) else None


def identity_of(request: Request) -> Identity:
    """Return what the middleware found out about a request."""
    identity: Identity = request.scope["state"]["identity"]
    return identity


def gate_of(request: Request) -> Gate:
    """Return the gate of the application."""
    gate: Gate = request.app.state.gate
    return gate


def is_https(request: Request) -> bool:
    """Tell whether the request came by https."""
    return request.url.scheme == "https"


@dataclass(frozen=True, slots=True)
class RouteAccess:
    """Who may use one route; `role` is `None` if everybody may, or nobody said."""

    path: str
    methods: tuple[str, ...]
    role: Role | None
    public: bool


def routes_of(app: FastAPI) -> tuple[RouteAccess, ...]:
    """Return every route with its lowest role, those of included routers too."""
    return tuple(_route_access(route) for route in iter_route_contexts(app.routes))


def _route_access(route: Any) -> RouteAccess:
    path, methods = route.path or "", tuple(sorted(route.methods or ()))
    # A mount has no methods; what is public about it is what lies below its path.
    return RouteAccess(path, methods, _role(route), is_public(path if methods else f"{path}/"))


def unguarded(app: FastAPI) -> tuple[str, ...]:
    """Return the routes that neither declare a role nor are public: there must be none."""
    return tuple(each.path for each in routes_of(app) if each.role is None and not each.public)


def _role(route: Any) -> Role | None:
    try:
        pending = [route.dependant]
    except AttributeError:
        return None
    roles = []
    while pending:
        dependant = pending.pop()
        pending.extend(dependant.dependencies)
        if isinstance(dependant.call, Guard):
            roles.append(dependant.call.role)
    return max(roles, key=list(Role).index, default=None)
