"""Errors as RFC 9457 `application/problem+json`, every bad field at once."""

import logging
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from recommender.errors import BadInput, RecommenderError, UnknownPractice

log = logging.getLogger("service")


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> JSONResponse:
    """Return a problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    return JSONResponse(body, status, media_type="application/problem+json")


def add_problem_handlers(app: FastAPI) -> None:
    """Turn every failure into a problem document."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {"field": ".".join(map(str, e["loc"])) or "body", "message": str(e["msg"])}
            for e in error.errors()
        ]
        count = len(errors)
        return problem(422, f"{count} field{'s' if count > 1 else ''} cannot be accepted", errors)

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail))

    @app.exception_handler(RecommenderError)
    async def known(_: Request, error: RecommenderError) -> JSONResponse:
        if isinstance(error, UnknownPractice):
            return problem(404, str(error))
        if isinstance(error, BadInput):
            return problem(422, str(error))
        return _unexpected(error)

    @app.exception_handler(Exception)
    async def unknown(_: Request, error: Exception) -> JSONResponse:
        return _unexpected(error)


def _unexpected(error: Exception) -> JSONResponse:
    """Say an id to the caller and the reason to the log only."""
    identifier = uuid4().hex[:12]
    log.error("error %s", identifier, exc_info=error)
    return problem(500, f"Something went wrong on our side; quote {identifier} when you report it")
