"""Failures as pages, for people with a browser."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import HTMLResponse

from service.problems import FieldError
from service.web.templating import render

_TITLES = {
    400: "This request cannot be read",
    401: "A key is needed",
    403: "This is not open to you",
    404: "Nothing is here",
    405: "This address does something else",
    413: "That is too large",
    422: "Something in this request cannot be accepted",
    429: "Too many requests",
    500: "Something went wrong on our side",
    503: "Not ready yet",
}


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What a failure shows."""

    status: int = field(metadata={"help": "HTTP status"})
    title: str = field(metadata={"help": "the failure in a few words"})
    detail: str = field(metadata={"help": "what happened and what to do"})
    errors: tuple[FieldError, ...] = field(metadata={"help": "every bad field"})


def problem_page(
    request: Request, status: int, detail: str, errors: Sequence[FieldError] = ()
) -> HTMLResponse:
    """Return a failure as a page."""
    title = _TITLES.get(status, "This did not work")
    return render(
        request,
        "problem.html",
        ProblemPage(status, title, _sentence(detail), tuple(errors)),
        status,
    )


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
