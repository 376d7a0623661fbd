"""A route that takes JSON and says so to whoever sends something else."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute


class JsonRoute(APIRoute):
    """Answers 415 to a body that is not called JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler behind the question of the media type."""
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if self.body_field is not None:
                require_media_type(request, "application/json")
            return await handler(request)

        return guarded


def require_media_type(request: Request, wanted: str) -> None:
    """Refuse a body of another kind.

    Raises:
        HTTPException: 415.
    """
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != wanted:
        shown = "nothing" if not found else "another kind"
        detail = f"Content-Type: found {shown}, expected {wanted}"
        raise HTTPException(415, detail, {"Accept": wanted})
