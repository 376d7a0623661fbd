"""Errors as RFC 9457 `application/problem+json`, every bad field at once."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recommender.errors import BadInput, RecommenderError, UnknownPractice
from service.logs import request_id
from service.store.errors import BadStore, Conflict, NotFound, OutOfScope

log = logging.getLogger("service")

MEDIA_TYPE = "application/problem+json"
# A body can hold thousands of faults; nobody reads more than a page of them.
MAX_ERRORS = 100


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad field."""

    field: str
    message: str


class BadFields(BadInput):
    """Fields that only the service itself can judge, such as the name of a rule."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("; ".join(f"{error.field}: {error.message}" for error in errors))
        self.errors = errors


def problem(
    status: int,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return a problem document."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": [asdict(error) for error in errors[:MAX_ERRORS]],
    }
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(body, status, kept, media_type=MEDIA_TYPE)


def respond(
    request: Request,
    status: int,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem, as a page where a browser asked for one and the pages can show it."""
    page = getattr(request.app.state, "problem_page", None)
    if page is not None and wants_page(request):
        shown: Response = page(request, status, detail, errors)
        shown.headers.update(headers or {})
        return shown
    return problem(status, detail, errors, headers)


def wants_page(request: Request) -> bool:
    """Tell whether the caller is a person with a browser."""
    is_api = request.url.path.startswith(("/v1/", "/healthz", "/readyz", "/metrics"))
    return not is_api and "text/html" in request.headers.get("accept", "")


def add_problem_handlers(app: FastAPI) -> None:
    """Turn every failure into a problem document."""

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        return fields_problem(request, field_errors(error.errors()))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        if error.status_code in (204, 304):
            return Response(status_code=error.status_code, headers=error.headers)
        detail = _OURS.get((error.status_code, error.detail), str(error.detail))
        return respond(request, error.status_code, detail, headers=error.headers)

    @app.exception_handler(RecommenderError)
    async def known(request: Request, error: RecommenderError) -> Response:
        if isinstance(error, BadFields):
            return fields_problem(request, error.errors)
        status = next((code for kind, code in _STATUS if isinstance(error, kind)), None)
        if status is None:
            return unexpected(request, error)
        return respond(request, status, str(error))


# The first that fits; whatever fits none is our own fault.
_STATUS: tuple[tuple[type[RecommenderError], int], ...] = (
    (UnknownPractice, 404),
    (NotFound, 404),
    (OutOfScope, 403),
    (Conflict, 409),
    (BadStore, 503),
    (BadInput, 422),
)

# The framework's own words say nothing about what to do.
_OURS = {
    (404, "Not Found"): "nothing is here; /docs lists every address",
    (405, "Method Not Allowed"): "this address takes other methods; see the Allow header",
    (400, "There was an error parsing the body"): "the body cannot be read as what it says it is",
}


def fields_problem(request: Request, errors: Sequence[FieldError]) -> Response:
    """Return the problem that names every bad field."""
    count = len(errors)
    detail = f"{count} field{'s' if count > 1 else ''} cannot be accepted"
    return respond(request, 422, detail, errors)


def field_errors(errors: Sequence[Any], prefix: Sequence[str] = ()) -> tuple[FieldError, ...]:
    """Return what pydantic found; never the value, which may be a plan's text."""
    return tuple(FieldError(_field(error, prefix), _message(error)) for error in errors)


def _field(error: Mapping[str, Any], prefix: Sequence[str]) -> str:
    # The place of a fault in JSON is a number of characters, not a field.
    place = () if error["type"] == "json_invalid" else error["loc"]
    return ".".join((*prefix, *map(str, place))) or "body"


def _message(error: Mapping[str, Any]) -> str:
    known: Mapping[str, Any] = error.get("ctx", {})
    if error["type"] == "json_invalid":
        return f"not JSON: {known['error']}"
    if error["type"] == "extra_forbidden":
        return "no such field"
    if error["type"] == "string_pattern_mismatch" and known["pattern"] == r"\S":
        return "expected words, found only spaces"
    return str(error["msg"])


def unexpected(request: Request, error: Exception) -> Response:
    """Say an id to the caller and the reason to the log only."""
    identifier = request_id.get() or "unknown"
    log.error("error %s", identifier, exc_info=error)
    detail = f"Something went wrong on our side; quote {identifier} when you report it"
    return respond(request, 500, detail)


class LastResort:
    """Answers what no handler of the application answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if started or scope["type"] != "http":
                # Half an answer is out; only breaking the connection tells the caller.
                raise
            await unexpected(Request(scope), error)(scope, receive, send)
