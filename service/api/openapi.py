"""The OpenAPI document: what FastAPI makes of the routes, and the key that they ask for."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from service.access.public import is_public
from service.api.answers import ProblemAnswer

SCHEME = "key"
_KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key as `Authorization: Bearer er_...`; not needed in single-user mode.",
}


def document_of(app: FastAPI, single_user: bool) -> Callable[[], dict[str, Any]]:
    """Return what makes the document, once."""
    plain = app.openapi

    def make() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            document.setdefault("components", {}).setdefault("schemas", {}).update(_problem())
            if not single_user:
                _ask_for_key(document)
            app.openapi_schema = document
        return app.openapi_schema

    return make


def _problem() -> dict[str, Any]:
    # FastAPI takes up only what it documents as plain JSON itself.
    whole = ProblemAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: dict[str, Any] = whole.pop("$defs")
    return {**parts, ProblemAnswer.__name__: whole}


def _ask_for_key(document: dict[str, Any]) -> None:
    document["components"]["securitySchemes"] = {SCHEME: _KEY}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            operation["security"] = [] if is_public(path) else [{SCHEME: []}]
