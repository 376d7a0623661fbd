"""Who a request comes from: its key, or the session in its cookie, or the local user.

Every request is identified before it is routed, so that nothing but the public paths ever
answers, or reads the body of, a caller who is nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, time

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection

from service.access.limits import RateLimit
from service.access.principal import Principal, local_principal, principal_of
from service.access.public import is_public
from service.access.sessions import COOKIE, BrowserSession, Sessions
from service.settings import Settings
from service.store.store import Store

BEARER = "bearer "


@dataclass(slots=True)
class Identity:
    """What is known of one request; kept in its state."""

    principal: Principal | None
    session: BrowserSession | None
    by_key: bool
    """The request showed a key itself, as programs do and no foreign page can make a browser."""
    set_cookie: str | None = None


class Refused(Exception):
    """A request that goes no further, with what its caller is told."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}


class Gate:
    """Identifies callers and keeps their rates."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        seconds: Callable[[], float] = time,
        steady: Callable[[], float] = monotonic,
    ) -> None:
        self.settings = settings
        self.store = store
        self.sessions = Sessions(settings, seconds)
        self.rate = RateLimit(settings.rate_per_minute, steady)
        self.tries = RateLimit(settings.sign_ins_per_minute, steady)

    async def identify(self, request: HTTPConnection) -> Identity:
        """Return who asks.

        Raises:
            Refused: a wrong key, too many requests, or nobody on a path that is not public.
        """
        session = self.sessions.read(request.cookies.get(COOKIE))
        if self.settings.single_user:
            return Identity(local_principal(), session, by_key=False)
        plain = _bearer(request)
        public = is_public(request.url.path)
        if plain is not None and not public:
            return Identity(await self._by_key(request, plain), None, by_key=True)
        principal = await run_in_threadpool(self._of_session, session)
        if principal is not None and not public:
            self._keep_rate(principal)
        if principal is None and not public:
            raise Refused(401, "a key is needed", {"WWW-Authenticate": "Bearer"})
        kept = session if principal is not None or not (session and session.key_id) else None
        return Identity(principal, kept, by_key=False)

    async def _by_key(self, request: HTTPConnection, plain: str) -> Principal:
        principal = await self.principal_for(request, plain)
        if principal is None:
            raise Refused(
                401, "this key is not known or was revoked", {"WWW-Authenticate": "Bearer"}
            )
        self._keep_rate(principal)
        return principal

    async def principal_for(self, request: HTTPConnection, plain: str) -> Principal | None:
        """Return who a key stands for; wrong ones are counted against their address.

        Raises:
            Refused: too many wrong keys from this address.
        """
        address = request.client.host if request.client else "unknown"
        if wait := self.tries.exhausted(address):
            raise _too_many(wait)
        principal = await run_in_threadpool(self._of_key, plain)
        if principal is None:
            self.tries.wait(address)
        return principal

    def _keep_rate(self, principal: Principal) -> None:
        if wait := self.rate.wait(principal.key_id):
            raise _too_many(wait)

    def _of_key(self, plain: str) -> Principal | None:
        key = self.store.keys.find(plain)
        if key is None:
            return None
        self.store.keys.note_use(key)
        return principal_of(key)

    def _of_session(self, session: BrowserSession | None) -> Principal | None:
        if session is None or session.key_id is None:
            return None
        key = self.store.keys.get(session.key_id)
        if key is None or self.store.keys.session_ended(session.session_id):
            return None
        self.store.keys.note_use(key)
        return principal_of(key)


def _bearer(request: HTTPConnection) -> str | None:
    header = request.headers.get("authorization", "")
    return header[len(BEARER) :].strip() if header.lower().startswith(BEARER) else None


def _too_many(seconds: float) -> Refused:
    wait = str(max(1, int(seconds + 0.999)))
    return Refused(429, f"too many requests; try again in {wait} seconds", {"Retry-After": wait})
