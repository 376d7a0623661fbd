"""What surrounds every request: security headers, the host rule, and who asks."""

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.access.answers import refusal
from service.access.hosts import client_is_right, host_is_right
from service.access.identity import Gate, Identity, Refused

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # A shared plan's address is its secret, so no other site may learn it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Said only where HTTPS is set; half a year.
STRICT_TRANSPORT = "max-age=15552000"


class AccessMiddleware:
    """Lets a request pass, with its `Identity` in its state, or answers it here."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Identify the caller, then pass the request on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            # There are no web sockets; one that came by mistake would have no guard.
            await send({"type": "websocket.close", "code": 1008})
            return
        request = Request(scope, receive)
        identity = Identity(None, None, by_key=False)
        scope.setdefault("state", {})["identity"] = identity

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._dress(request, message)
            await send(message)

        try:
            self._require_place(request)
            scope["state"]["identity"] = await self._gate.identify(request)
        except Refused as refused:
            await refusal(request, refused)(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)

    def _require_place(self, request: Request) -> None:
        if not host_is_right(request, self._gate.settings):
            raise Refused(400, "the service is not reached under this name")
        if not client_is_right(request, self._gate.settings):
            raise Refused(403, "without keys the service answers this machine only")

    def _dress(self, request: Request, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._gate.settings.https:
            headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        identity: Identity = request.scope["state"]["identity"]
        if identity.set_cookie is not None:
            headers.append("Set-Cookie", identity.set_cookie)
            # The answer carries a session, so nobody else may be given it.
            headers["Cache-Control"] = "private, no-cache"
        headers.setdefault("Cache-Control", "private, no-cache")
        if headers["Cache-Control"] == "private, no-cache":
            headers.add_vary_header("Cookie")
