"""`/docs`: the OpenAPI document as a page that needs no script and nothing from elsewhere."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.web.templating import render

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an address."""

    name: str
    place: str
    required: bool
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    method: str
    path: str
    text: str
    parameters: tuple[Parameter, ...]
    body: str | None
    """An example, as JSON."""
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReferencePage:
    """The page."""

    title: str = field(metadata={"help": "name of the interface"})
    version: str = field(metadata={"help": "its version"})
    operations: tuple[Operation, ...] = field(metadata={"help": "every method of every address"})


@router.get("/docs")
async def show_reference(request: Request) -> Response:
    """Show every address with its parameters, an example and its answers."""
    document = request.app.openapi()
    page = ReferencePage(
        title=document["info"]["title"],
        version=document["info"]["version"],
        operations=tuple(operations(document)),
    )
    return render(request, "reference.html", page)


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Read the operations off an OpenAPI document."""
    for path, methods in document["paths"].items():
        for method, facts in methods.items():
            yield Operation(
                method=method.upper(),
                path=path,
                text=facts.get("description") or facts["summary"],
                parameters=tuple(_parameter(each) for each in facts.get("parameters", ())),
                body=_example(document, facts),
                answers=tuple(
                    (status, answer["description"]) for status, answer in facts["responses"].items()
                ),
            )


def _parameter(facts: Mapping[str, Any]) -> Parameter:
    schema = facts["schema"]
    return Parameter(
        name=facts["name"],
        place=facts["in"],
        required=facts.get("required", False),
        kind=", ".join(_kinds(schema)),
        text=facts.get("description") or schema.get("description") or "",
    )


def _kinds(schema: Mapping[str, Any]) -> Iterator[str]:
    for choice in schema.get("anyOf", (schema,)):
        if "enum" in choice:
            yield "one of " + " ".join(choice["enum"])
        elif choice.get("type") != "null":
            low, high = choice.get("minimum"), choice.get("maximum")
            span = f" {low} to {high}" if low is not None and high is not None else ""
            yield f"{choice.get('type', 'any')}{span}"


def _example(document: Mapping[str, Any], facts: Mapping[str, Any]) -> str | None:
    content = facts.get("requestBody", {}).get("content", {})
    reference = content.get("application/json", {}).get("schema", {}).get("$ref")
    if reference is None:
        return None
    model = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
    return json.dumps(model["examples"][0], indent=2, ensure_ascii=False)
