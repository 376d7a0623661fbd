"""A plan sent as a file: taken in as it streams, checked, and laid in a folder of its own."""

import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from recommender.plan.rules import DEFAULT_RULE
from service.api.json_route import require_media_type
from service.limits import MEGABYTE
from service.models import SchoolBody
from service.problems import BadFields, FieldError, field_errors

FIELDS = ("file", "rule", "school")
# What a page of ours sends with every form; whoever guards the route has read it.
TOKEN = "csrf_token"
# A school with every group and subject it can name is under ten thousand characters.
MAX_FIELD_BYTES = 64 * 1024
MAX_NAME_CHARACTERS = 100

UPLOAD_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "additionalProperties": False,
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "docx, pdf, xlsx, csv, tsv, pptx, txt or json",
                        },
                        "rule": {"type": "string", "default": DEFAULT_RULE},
                        "school": {
                            "type": "string",
                            "contentMediaType": "application/json",
                            "description": "The school as in `POST /v1/plan-checks`, as JSON. "
                            "Without grades, those that the document states are used.",
                        },
                    },
                },
                "encoding": {"school": {"contentType": "application/json"}},
            }
        },
    }
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A plan's file with what was said about it; the block's end removes the file."""

    form: FormData
    file: UploadFile
    folder: Path
    max_bytes: int
    rule: str | None
    school: SchoolBody | None

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return self.folder / safe_name(self.file.filename or "")

    def keep(self) -> Path:
        """Lay the file down; it may take a while."""
        with self.path.open("wb") as target:
            shutil.copyfileobj(self.file.file, target)
        return self.path

    async def __aenter__(self) -> Self:
        """Nothing is to be done before the block."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        shutil.rmtree(self.folder, ignore_errors=True)
        await self.form.close()


async def receive_upload(request: Request) -> Upload:
    """Take in a form with a file.

    Raises:
        BadFields: every field that cannot be accepted.
        HTTPException: another kind of body (415), one too large (413) or broken (400).
    """
    require_media_type(request, "multipart/form-data")
    form = await request.form(
        max_files=1, max_fields=len(FIELDS) + 1, max_part_size=MAX_FIELD_BYTES
    )
    try:
        file, rule, school = read_form(form)
    except BaseException:
        await form.close()
        raise
    folder = Path(tempfile.mkdtemp(prefix="plan-"))
    limit = request.app.state.settings.max_upload_mb * MEGABYTE
    return Upload(form, file, folder, limit, rule, school)


def read_form(form: FormData) -> tuple[UploadFile, str | None, SchoolBody | None]:
    """Read the fields, all faults at once."""
    faults: list[FieldError] = []
    for name in sorted(set(form) - {*FIELDS, TOKEN}):
        faults.append(FieldError(f"body.{safe_name(name)}", "no such field"))
    for name in FIELDS:
        if len(form.getlist(name)) > 1:
            faults.append(FieldError(f"body.{name}", "comes more than once"))
    file = form.get("file")
    if not isinstance(file, UploadFile):
        faults.append(FieldError("body.file", "expected a file"))
    rule = _text(form, "rule", faults)
    school = _school(_text(form, "school", faults), faults)
    if faults or not isinstance(file, UploadFile):
        raise BadFields(*faults)
    return file, rule, school


def _text(form: FormData, name: str, faults: list[FieldError]) -> str | None:
    value = form.get(name)
    if isinstance(value, UploadFile):
        faults.append(FieldError(f"body.{name}", "expected text, found a file"))
        return None
    return value or None


def _school(text: str | None, faults: list[FieldError]) -> SchoolBody | None:
    if text is None:
        return None
    try:
        return SchoolBody.model_validate_json(text)
    except ValidationError as error:
        faults.extend(field_errors(error.errors(), ("body", "school")))
        return None


def safe_name(name: str) -> str:
    """Return a file's own name without folders, and nothing that could lead elsewhere."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(char if char.isprintable() else "_" for char in last).strip(". ")
    return plain[-MAX_NAME_CHARACTERS:] or "plan"
