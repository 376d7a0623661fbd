"""A plan as a document: read by a child process, its strategies, grades and sections kept."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from recommender.errors import BadInput
from recommender.plan.check import MAX_STRATEGIES
from recommender.plan.document import PlanDocument
from service.access import Role, needs
from service.api.documents import document_of, reader_of
from service.api.uploads import safe_name
from service.limits import MEGABYTE
from service.store import SavedStrategy
from service.web.plan_desk import Desk, to_plan
from service.web.plan_draft import ReadFile, WrittenPlan
from service.web.plan_forms import text_of
from service.web.plan_list import plans_page
from service.web.school import remembered_school

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.PORTAL)])


@router.post("/plan/upload")
async def upload_plan(request: Request) -> Response:
    """Begin a plan from a document."""
    desk = Desk.of(request)
    form = await request.form()
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        return await plans_page(request, ("document: choose a file first",))
    limit = request.app.state.settings.max_upload_mb * MEGABYTE
    try:
        document = await read_upload(desk, file, limit)
    except BadInput as error:
        return await plans_page(request, (f"document: {error}",))
    blank = desk.blank(remembered_school(request), _title(form, document))
    return to_plan(request, await desk.create(with_document(blank, document, desk)))


async def read_upload(desk: Desk, file: UploadFile, limit: int) -> PlanDocument:
    """Read a document in a child process that can be killed.

    Raises:
        BadInput: it cannot be read, or holds no strategies.
    """
    with _folder() as folder:
        path = folder / safe_name(file.filename or "")
        await desk.engine.wait_for(_lay_down, file, path)
        text, sha256 = await desk.engine.read_document(reader_of(path, limit))
    return await desk.engine.run(document_of, text, sha256, None, None)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="plan-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lay_down(file: UploadFile, path: Path) -> None:
    with path.open("wb") as target:
        shutil.copyfileobj(file.file, target)


def _title(form: FormData, document: PlanDocument) -> str:
    return text_of(form, "title") or document.plan.name or Path(document.file).stem or "Our plan"


def with_document(blank: WrittenPlan, document: PlanDocument, desk: Desk) -> WrittenPlan:
    """Return a plan with what was read in a document; what it says of the school goes first."""
    taken = document.plan.strategies[:MAX_STRATEGIES]
    notes = list(document.notes)
    if left := len(document.plan.strategies) - len(taken):
        notes.append(f"{left} more strategies were left out: a plan here holds {MAX_STRATEGIES}")
    said = document.plan.school
    school = replace(
        said,
        grades=said.grades or blank.school.grades,
        student_groups=said.student_groups or blank.school.student_groups,
        urbanicity=said.urbanicity or blank.school.urbanicity,
    )
    stated = zip(taken, document.stated)
    places = {one.strategy_id: where.place for one, where in stated if where.place}
    read = ReadFile(
        document.file, document.sha256, document.kind, document.sections, tuple(notes), places
    )
    return replace(
        blank,
        school=school,
        school_name=document.plan.name,
        strategies=tuple(SavedStrategy(one.strategy_id, one.text) for one in taken),
        rule_id=document.rule_id if document.rule_id in desk.snapshot.rules else blank.rule_id,
        read=read,
    )
