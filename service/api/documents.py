"""A document -> the plan that is checked, and what a person should know about the reading."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from recommender.errors import BadInput
from recommender.plan.document import (
    CheckedDocument,
    PlanDocument,
    document_json,
    make_document,
    sha256_of,
)
from recommender.plan.readers import DEFAULT_LIMITS, PlanText, read_plan
from recommender.records import Context
from service.models import SchoolBody
from service.problems import BadFields, FieldError, field_errors


@contextmanager
def blaming_the_file() -> Iterator[None]:
    """Name the field `file` in whatever cannot be accepted."""
    try:
        yield
    except BadFields:
        raise
    except BadInput as error:
        raise BadFields(FieldError("body.file", str(error))) from None


def reader_of(path: Path, max_bytes: int) -> Callable[[], tuple[PlanText, str]]:
    """Return what reads the file in a child process, with the hash of its bytes."""
    limits = replace(DEFAULT_LIMITS, file_bytes=max_bytes)
    return lambda: (read_plan(path, limits), sha256_of(path))


def document_of(
    text: PlanText, sha256: str, rule: str | None, school: SchoolBody | None
) -> PlanDocument:
    """Return the plan in a text; what the sender says of the school goes before what it says.

    Raises:
        BadFields: the school in a JSON file cannot be accepted.
        BadInput: the text holds no strategies.
    """
    said = school or _own_school(text)
    given = said.as_context() if said else Context(state="MA")
    document = make_document(replace(text, school=None), sha256, rule or text.rule, given.grades)
    context = replace(given, grades=document.plan.school.grades)
    plan = replace(document.plan, school=context, name=said.name if said else None)
    return replace(document, plan=plan)


def _own_school(text: PlanText) -> SchoolBody | None:
    if text.school is None:
        return None
    known = {name: value for name, value in text.school.items() if value is not None}
    try:
        return SchoolBody.model_validate(known)
    except ValidationError as error:
        raise BadFields(*field_errors(error.errors(), ("body", "file", "school"))) from None


def checked_json(checked: CheckedDocument, school: SchoolBody | None) -> dict[str, Any]:
    """Return the answer, with what was read in the file gathered under `extracted`."""
    body = document_json(checked)
    grades = body["school"]["grades"]
    given = bool(school and school.grades)
    extracted = {
        "strategies": [
            {
                "id": strategy["id"],
                "text": strategy["text"],
                "place": strategy["place"],
                "turnaround_practice": strategy["heading_practice"],
            }
            for strategy in body["strategies"]
        ],
        "sections": body["sections"],
        "notes": body["notes"],
        "grades_from": "request" if given else "document" if grades else "nowhere",
    }
    return body | {"extracted": extracted}


def require_rule(rules: dict[str, Any], name: str, field: str = "body.rule") -> None:
    """Refuse an unknown rule.

    Raises:
        BadFields: no such rule.
    """
    if name not in rules:
        raise BadFields(FieldError(field, f"expected one of {', '.join(rules)}"))
