"""Answers that change only with the index: a caller who has one is told so without its body."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import msgspec
from fastapi import Request
from fastapi.responses import Response

from service.api.guard import engine_of
from service.engine import Snapshot

# Kept by the caller, for itself, and asked about each time: a new build shows at once.
CACHE_CONTROL = "private, no-cache"
VERSION = version("evidence-recommender")


def json_response(body: Any, headers: Mapping[str, str] | None = None) -> Response:
    """Return plain values as JSON."""
    return Response(msgspec.json.encode(body), headers=headers, media_type="application/json")


def etag_of(snapshot: Snapshot) -> str:
    """Return the tag of every answer from this build by this version."""
    return f'"{snapshot.build_id}-{VERSION}"'


async def cacheable(
    request: Request,
    make: Callable[[Snapshot], Any],
    headers: Callable[[Any], Mapping[str, str]] = lambda body: {},
) -> Response:
    """Answer with what `make` returns, or with 304 where the caller has it already.

    Whether the thing exists is settled before this is called.
    """
    engine = engine_of(request)
    snapshot = engine.snapshot
    kept = {"ETag": etag_of(snapshot), "Cache-Control": CACHE_CONTROL}
    if is_known(request.headers.get("if-none-match"), kept["ETag"]):
        return Response(status_code=304, headers=kept)

    def answer() -> Response:
        body = make(snapshot)
        return json_response(body, {**kept, **headers(body)})

    return await engine.run(answer)


def is_known(header: str | None, etag: str) -> bool:
    """Tell whether an If-None-Match header names the tag."""
    if header is None:
        return False
    tags = [tag.strip().removeprefix("W/") for tag in header.split(",")]
    return "*" in tags or etag in tags
