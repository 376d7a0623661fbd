"""A limit on the size of every request, kept while it streams in."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# 200 strategies of 5,000 characters, each character up to 4 bytes, is the largest body there is.
MAX_JSON_BYTES = 5 * 2**20
MEGABYTE = 2**20


class BodyLimit:
    """Refuses what is too large: files by the setting, everything else by its own limit."""

    def __init__(self, app: ASGIApp, max_upload_mb: int) -> None:
        self._app = app
        self._upload = max_upload_mb * MEGABYTE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_form = headers.get("content-type", "").startswith("multipart/")
        limit = self._upload if is_form else MAX_JSON_BYTES
        stated = headers.get("content-length", "")
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            # Raised here and not before the route, so that who may not ask learns only that.
            if stated.isdigit() and int(stated) > limit:
                raise too_large(limit)
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise too_large(limit)
            return message

        await self._app(scope, limited, send)


def too_large(limit: int) -> HTTPException:
    """Return the failure of a request over its limit."""
    size = f"{limit // MEGABYTE} MB"
    # The rest of the body is not read, so the connection cannot be used again.
    return HTTPException(
        413, f"the request is larger than {size}; send less", {"Connection": "close"}
    )
