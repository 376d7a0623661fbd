"""Sessions of browsers: a signed cookie with an expiry, and the token that guards its forms.

The cookie holds a random session id and the id of a key, never the key. Nothing about a session
is kept in memory, so any process can answer the next request.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import time

from itsdangerous import BadData, URLSafeSerializer

from service.settings import Settings

COOKIE = "er_session"
SALT = "service.access.session"
TOKEN_SALT = b"service.access.csrf:"
# A clock of another process may run a little ahead.
CLOCK_SKEW_SECONDS = 60


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """What a cookie says; `key_id` is `None` before signing in."""

    session_id: str
    key_id: str | None
    started: int
    """Seconds since 1970."""


class Sessions:
    """Makes and reads the cookies."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time) -> None:
        self._secret = settings.secret.encode()
        self._seconds = settings.session_hours * 3600
        self._https = settings.https
        self._clock = clock
        self._signer = URLSafeSerializer(
            settings.secret, SALT, signer_kwargs={"digest_method": sha256}
        )

    def start(self, key_id: str | None = None) -> BrowserSession:
        """Return a new session; signing in always starts one, so no id of before is kept."""
        return BrowserSession(secrets.token_urlsafe(24), key_id, int(self._clock()))

    def read(self, cookie: str | None) -> BrowserSession | None:
        """Return the session of a cookie; `None` if it is missing, forged or expired."""
        if not cookie or len(cookie) > 1000:
            return None
        try:
            content = self._signer.loads(cookie)
        except BadData:
            return None
        match content:
            case [str(session_id), str() | None as key_id, int(started)]:
                age = self._clock() - started
                if -CLOCK_SKEW_SECONDS <= age < self._seconds:
                    return BrowserSession(session_id, key_id, started)
        return None

    def cookie(self, session: BrowserSession, https: bool) -> str:
        """Return the `Set-Cookie` line that keeps a session."""
        value = self._signer.dumps([session.session_id, session.key_id, session.started])
        left = max(0, int(session.started + self._seconds - self._clock()))
        text = value if isinstance(value, str) else value.decode()
        return f"{COOKIE}={text}; Max-Age={left}{self._attributes(https)}"

    def ended_cookie(self, https: bool) -> str:
        """Return the `Set-Cookie` line that ends the browser's session."""
        return f"{COOKIE}=; Max-Age=0{self._attributes(https)}"

    def _attributes(self, https: bool) -> str:
        return "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if https or self._https else "")

    def token(self, session: BrowserSession) -> str:
        """Return the token that a form of this session has to send back."""
        text = TOKEN_SALT + session.session_id.encode()
        return hmac.new(self._secret, text, sha256).hexdigest()

    def token_is_right(self, session: BrowserSession | None, token: str | None) -> bool:
        """Tell whether a form's token is the one of its session."""
        if session is None or not token or not token.isascii():
            return False
        return hmac.compare_digest(self.token(session), token)
