"""A plan as a file: Word, Excel or PDF, written down in the log of what left the service."""

import hashlib
import re
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.access import Role, needs
from service.web.plan_contents import make_contents
from service.web.plan_context import make_view
from service.web.plan_desk import Desk
from service.web.plan_exports import to_excel, to_pdf, to_word

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.PORTAL)])


class Form(StrEnum):
    """The kinds of file."""

    WORD = "docx"
    EXCEL = "xlsx"
    PDF = "pdf"


_OFFICE = "application/vnd.openxmlformats-officedocument"
_WRITERS = {
    Form.WORD: (to_word, f"{_OFFICE}.wordprocessingml.document"),
    Form.EXCEL: (to_excel, f"{_OFFICE}.spreadsheetml.sheet"),
    Form.PDF: (to_pdf, "application/pdf"),
}


@router.get("/plan/{plan_id}/download.{form}")
async def download_plan(request: Request, plan_id: str, form: Form) -> Response:
    """Return the plan with its latest check as a file."""
    desk = Desk.of(request)
    found = await desk.engine.wait_for(desk.open, plan_id)
    kept = await desk.latest(found)
    write, media_type = _WRITERS[form]
    content = await desk.engine.run(
        lambda: write(make_contents(make_view(found, kept, desk.snapshot)))
    )
    await desk.engine.wait_for(
        desk.store.exports.log, desk.scope, f"plan-{form}", f"plan {plan_id}",
        len(found.written.strategies), hashlib.sha256(content).hexdigest(),
    )  # fmt: skip
    name = f"{_file_name(found.written.title)}.{form}"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=disposition)


def _file_name(title: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")[:60].lower() or "plan"
