"""Around every request: its id, one line in the log, and its counts."""

import logging
import re
import time
from dataclasses import dataclass
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.logs import FIELDS, request_id
from service.metrics import Metrics

HEADER = "X-Request-ID"
# Wide enough for the usual kinds of ids, and nothing that could break a log line.
ACCEPTED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
UNMATCHED = "unmatched"

log = logging.getLogger("service.requests")


@dataclass(slots=True)
class _Seen:
    """What passed on its way out."""

    status: int = 0
    size: int = 0


class Observing:
    """Outermost of the application's own layers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        identifier = given if ACCEPTED.fullmatch(given) else uuid4().hex
        scope.setdefault("state", {})["request_id"] = identifier
        token = request_id.set(identifier)
        seen, start = _Seen(), time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                MutableHeaders(scope=message)[HEADER] = identifier
            elif message["type"] == "http.response.body":
                seen.size += len(message.get("body", b""))
            await send(message)

        try:
            with self._metrics.in_flight.track_inprogress():
                await self._app(scope, receive, counted)
        finally:
            self._note(scope, seen, time.perf_counter() - start)
            request_id.reset(token)

    def _note(self, scope: Scope, seen: _Seen, seconds: float) -> None:
        route, method = route_of(scope), method_of(scope)
        self._metrics.requests.labels(route, method, seen.status or "closed").inc()
        self._metrics.seconds.labels(route, method).observe(seconds)
        facts = {
            "method": method,
            "route": route,
            "status": seen.status or None,
            "bytes": seen.size,
            "ms": round(seconds * 1000, 1),
        }
        log.info("answered", extra={FIELDS: facts})


def route_of(scope: Scope) -> str:
    """Return the template of the route; the path itself may hold what a person typed."""
    return str(getattr(scope.get("route"), "path", UNMATCHED))


def method_of(scope: Scope) -> str:
    """Return a known method, so that callers cannot make up new counters."""
    method = str(scope["method"])
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
