"""Sending plans: a new batch, or more files for one."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from recommender.errors import BadInput
from service.access import Role, current, needs
from service.api.uploads import safe_name
from service.store import Scope, Store
from service.store.audit_records import NewFile
from service.store.batches import MAX_FILES, MAX_NAME_CHARACTERS
from service.web.audit_batches import BatchId, desk_page
from service.web.audit_worker import wake_worker

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])


@router.post("/audit/batches")
async def send(request: Request) -> Response:
    """Keep a new batch; its files are checked afterwards."""
    form = await request.form(max_files=MAX_FILES)
    said = {name: _said(form, name) for name in ("name", "rule", "district")}
    files = await new_files(form)
    scope = current(request).scope
    faults = _faults(said, files, request.app.state.engine.rules, scope)
    store: Store = request.app.state.store
    if not faults:
        try:
            batch = await run_in_threadpool(
                store.batches.create, scope, said["name"], said["rule"], files,
                said["district"] or None,
            )  # fmt: skip
        except BadInput as error:
            faults.append(str(error))
    if faults:
        return await run_in_threadpool(desk_page, request, said, faults, 422)
    wake_worker(request.app)
    return RedirectResponse(f"/audit/batches/{batch.batch_id}", 303)


def _said(form: FormData, name: str) -> str:
    value = form.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


async def new_files(form: FormData) -> list[NewFile]:
    """Return the files of a form; a browser sends a nameless one where none was chosen."""
    sent = [f for f in form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    return [NewFile(safe_name(file.filename or ""), await file.read()) for file in sent]


def _faults(
    said: Mapping[str, str], files: Sequence[NewFile], rules: Mapping[str, object], scope: Scope
) -> list[str]:
    faults = []
    if not 1 <= len(said["name"]) <= MAX_NAME_CHARACTERS:
        faults.append(f"name: write 1 to {MAX_NAME_CHARACTERS} characters")
    if said["rule"] not in rules:
        faults.append("rule: choose one of the list")
    if scope.districts is not None and not said["district"]:
        faults.append("district: choose one; your key is for some districts only")
    if not files:
        faults.append("files: choose at least one plan")
    return faults


@router.post("/audit/batches/{batch_id}/files")
async def send_more(request: Request, batch_id: BatchId) -> Response:
    """Add files to a batch."""
    files = await new_files(await request.form(max_files=MAX_FILES))
    if not files:
        raise BadInput("files: choose at least one plan")
    store: Store = request.app.state.store
    scope = current(request).scope
    for file in files:
        await run_in_threadpool(store.batches.add_file, scope, batch_id, file)
    wake_worker(request.app)
    return RedirectResponse(f"/audit/batches/{batch_id}", 303)
