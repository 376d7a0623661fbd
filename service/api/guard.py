"""What every route of the interface declares: who may ask, and how it may fail."""

from typing import Any

from fastapi import Request

from service.access import Role, needs
from service.api.answers import ProblemAnswer
from service.engine import Engine

SEARCH = [needs(Role.READER)]
CHECK = [needs(Role.PORTAL)]

_MEANINGS = {
    304: "Nothing has changed since the answer whose ETag was sent",
    400: "The request cannot be read",
    401: "No key, or one that is not known",
    403: "The key's role may not ask this",
    404: "Not there",
    413: "The request is too large",
    415: "The body is of another kind",
    422: "Some fields cannot be accepted; all of them are named",
    429: "Too many requests; Retry-After says when to come back",
    503: "Not ready",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Document the failures of a route."""
    content = {
        "application/problem+json": {
            "schema": {"$ref": f"#/components/schemas/{ProblemAnswer.__name__}"}
        }
    }
    return {
        status: {"description": _MEANINGS[status]} | ({"content": content} if status > 399 else {})
        for status in sorted({401, 403, 429, *statuses})
    }


def answers(*more: dict[int | str, dict[str, Any]]) -> dict[int | str, dict[str, Any]]:
    """Join the documented answers of a route."""
    return {status: meaning for each in more for status, meaning in each.items()}


def engine_of(request: Request) -> Engine:
    """Return the engine of the application."""
    engine: Engine = request.app.state.engine
    return engine
