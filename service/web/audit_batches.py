"""Batches of plans: the desk's first page, sending many files, and how far a batch is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from recommender.plan.rules import DEFAULT_RULE
from service.access import Role, current, needs
from service.store import Scope, Store
from service.store.audit_records import Batch, BatchFile, Figures, FileState
from service.store.batches import MAX_FILES
from service.web.audit_filters import Filters, districts_of, pages_of, read_page
from service.web.audit_words import FILE_WORDS, moment
from service.web.audit_worker import wake_worker
from service.web.listing import Choice, Pages
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

BatchId = Annotated[str, Path(max_length=100)]
FileId = Annotated[str, Path(max_length=100)]
BATCHES = 20
FILES = 100
# Seconds between looks, for a browser without script that asked for it.
EVERY = (10, 30, 60)


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One batch in the list."""

    batch_id: str
    name: str
    href: str
    district: str | None
    rule: str
    created_by: str
    created: str
    files: int
    done: int
    failed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What the form for a new batch offers, and what was written in it."""

    name: str = field(metadata={"help": "name of the batch"})
    rule: str = field(metadata={"help": "id of the rule"})
    district: str = field(metadata={"help": "district of all plans in it"})
    rules: tuple[Choice, ...] = field(metadata={"help": "rules to choose from"})
    districts: tuple[str, ...] = field(metadata={"help": "districts to choose from"})
    is_bound: bool = field(metadata={"help": "the key is for some districts only"})
    max_mb: int = field(metadata={"help": "size of all files of one sending"})
    max_files: int = MAX_FILES


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What the first page of the desk shows."""

    faults: tuple[str, ...] = field(metadata={"help": "everything wrong with the form"})
    form: UploadForm = field(metadata={"help": "for a new batch"})
    batches: tuple[BatchLine, ...] = field(metadata={"help": "batches, the latest first"})
    total: int = field(metadata={"help": "all batches"})
    pages: Pages = field(metadata={"help": "links to the other pages"})
    figures: Figures = field(metadata={"help": "within the reader's scope"})
    districts: str = field(metadata={"help": "the reader's scope in words"})


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a batch."""

    file_id: str
    position: int
    name: str
    state: str
    words: str
    error: str | None
    plan_href: str | None
    same_as: str | None = field(metadata={"help": "name of an earlier file with the same bytes"})


@dataclass(frozen=True, slots=True)
class BatchPage:
    """What the page of one batch shows."""

    batch: BatchLine = field(metadata={"help": "the batch with its counts"})
    is_done: bool = field(metadata={"help": "nothing waits"})
    files: tuple[FileLine, ...] = field(metadata={"help": "files of this page"})
    only_failed: bool = field(metadata={"help": "only those that could not be checked"})
    pages: Pages = field(metadata={"help": "links to the other pages"})
    every: int | None = field(metadata={"help": "seconds between looks, without script"})
    links: Mapping[str, str] = field(metadata={"help": "queue, figures and plans of the batch"})
    max_mb: int = field(metadata={"help": "size of all files of one sending"})


@router.get("/audit")
async def desk(request: Request) -> HTMLResponse:
    """Show the batches and the form for a new one."""
    return await run_in_threadpool(desk_page, request, {}, (), 200)


def desk_page(
    request: Request, said: Mapping[str, str], faults: Sequence[str], status: int
) -> HTMLResponse:
    """Return the first page, with what was sent and what is wrong with it."""
    store: Store = request.app.state.store
    scope = current(request).scope
    number = read_page(request.query_params)
    found = store.batches.list(scope, number, BATCHES)
    page = DeskPage(
        faults=tuple(faults),
        form=_form(request, store, scope, said),
        batches=tuple(map(batch_line, found.items)),
        total=found.total,
        pages=pages_of(Filters(), "/audit", number, found.total, BATCHES),
        figures=store.statistics.figures(scope),
        districts=scope_words(scope),
    )
    return render(request, "audit.html", page, status)


def _form(request: Request, store: Store, scope: Scope, said: Mapping[str, str]) -> UploadForm:
    rules = request.app.state.engine.rules
    return UploadForm(
        name=said.get("name", f"Plans sent on {datetime.now(UTC):%Y-%m-%d}"),
        rule=said.get("rule", DEFAULT_RULE),
        district=said.get("district", ""),
        rules=tuple(Choice(rule.id, rule.name) for rule in rules.values()),
        districts=districts_of(store, scope),
        is_bound=scope.districts is not None,
        max_mb=request.app.state.settings.max_upload_mb,
    )


def scope_words(scope: Scope) -> str:
    """Return the plans that a caller sees, in words."""
    if scope.districts is None:
        return "plans of the whole state"
    return "plans of " + (", ".join(scope.districts) or "no district")


def batch_line(batch: Batch) -> BatchLine:
    """Return a batch as lists show it."""
    return BatchLine(
        batch.batch_id,
        batch.name,
        f"/audit/batches/{batch.batch_id}",
        batch.district,
        batch.rule,
        batch.created_by,
        moment(batch.created_at),
        batch.files,
        batch.done,
        batch.failed,
        batch.waiting,
    )


@router.get("/audit/batches/{batch_id}")
async def batch(request: Request, batch_id: BatchId) -> HTMLResponse:
    """Show how far a batch is, file by file."""
    return await run_in_threadpool(_batch, request, batch_id)


def _batch(request: Request, batch_id: str) -> HTMLResponse:
    store: Store = request.app.state.store
    scope = current(request).scope
    query = request.query_params
    found = store.batches.get(scope, batch_id)
    files = store.batches.files(scope, batch_id)
    only_failed = query.get("show") == "failed"
    lines = [f for f in file_lines(files) if not only_failed or f.state == FileState.FAILED.value]
    number = read_page(query)
    every = query.get("every", "")
    path = f"/audit/batches/{batch_id}"
    page = BatchPage(
        batch=batch_line(found),
        is_done=not found.waiting,
        files=tuple(lines[(number - 1) * FILES : number * FILES]),
        only_failed=only_failed,
        pages=_pages(path, only_failed, number, len(lines)),
        every=int(every) if every in map(str, EVERY) else None,
        links={
            name: Filters(batch=batch_id).href(f"/audit/{name}")
            for name in ("queue", "figures", "plans", "exports")
        },
        max_mb=request.app.state.settings.max_upload_mb,
    )
    return render(request, "audit_batch.html", page)


def _pages(path: str, only_failed: bool, number: int, total: int) -> Pages:
    pages = pages_of(Filters(), path, number, total, FILES)
    if not only_failed:
        return pages
    before, after = (
        href and f"{href}&show=failed" for href in (pages.previous_href, pages.next_href)
    )
    return Pages(pages.page, pages.last, before, after)


def file_lines(files: Sequence[BatchFile]) -> list[FileLine]:
    """Return the files of a batch, saying which are copies of an earlier one."""
    first: dict[str, BatchFile] = {}
    lines = []
    for file in files:
        original = first.setdefault(file.sha256, file)
        lines.append(
            FileLine(
                file.file_id,
                file.position,
                file.name,
                file.state.value,
                FILE_WORDS[file.state],
                file.error,
                f"/audit/plans/{file.plan_id}" if file.plan_id else None,
                None if original is file else original.name,
            )
        )
    return lines


@router.post("/audit/batches/{batch_id}/files/{file_id}/retry")
async def retry(request: Request, batch_id: BatchId, file_id: FileId) -> Response:
    """Try a file again that could not be checked."""
    store: Store = request.app.state.store
    await run_in_threadpool(store.batches.retry, current(request).scope, batch_id, file_id)
    wake_worker(request.app)
    return RedirectResponse(f"/audit/batches/{batch_id}", 303)
