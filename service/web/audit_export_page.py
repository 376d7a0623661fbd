"""Taking data out of the audit desk, and the list of who took what and when."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response

from service.access import Role, current, needs
from service.store import Scope, Store
from service.web.audit_batches import scope_words
from service.web.audit_export import gather, workbook
from service.web.audit_filters import (
    FilterChoices,
    Filters,
    filter_choices,
    pages_of,
    read_filters,
    read_page,
)
from service.web.audit_words import moment
from service.web.listing import Pages
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

KIND = "audit-workbook"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE = 25
CAVEAT = (
    "The software's verdicts are a reading of the plan's words; decisions are those of the named "
    "reviewers. A verdict of “meets” against the software counts once a second reader confirmed it."
)


@dataclass(frozen=True, slots=True)
class ExportLine:
    """One export that was made."""

    when: str
    who: str
    detail: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """What the page of exports shows."""

    filters: Filters = field(metadata={"help": "what a new export is narrowed to"})
    choices: FilterChoices = field(metadata={"help": "what the boxes offer"})
    lines: tuple[ExportLine, ...] = field(metadata={"help": "exports, the latest first"})
    is_own: bool = field(metadata={"help": "only the caller's own exports are listed"})
    pages: Pages = field(metadata={"help": "links to the other pages"})


@router.get("/audit/exports")
async def exports(request: Request) -> HTMLResponse:
    """Show the form for an export, and those that were made."""
    return await run_in_threadpool(_exports, request)


def _exports(request: Request) -> HTMLResponse:
    store: Store = request.app.state.store
    scope, query = current(request).scope, request.query_params
    filters, _ = read_filters({k: query.get(k, "") for k in ("batch", "district")})
    number = read_page(query)
    found = store.exports.list(scope, number, PER_PAGE)
    page = ExportsPage(
        filters=filters,
        choices=filter_choices(store, scope),
        lines=tuple(
            ExportLine(moment(one.created_at), one.exported_by, one.detail, one.rows, one.sha256)
            for one in found.items
        ),
        is_own=scope.districts is not None,
        pages=pages_of(filters, "/audit/exports", number, found.total, PER_PAGE),
    )
    return render(request, "audit_exports.html", page)


@router.post("/audit/exports")
async def export(request: Request) -> Response:
    """Make a workbook, write it into the log of exports, and hand it out."""
    form = await request.form()
    filters, _ = read_filters({k: form.get(k) for k in ("batch", "district")})
    store: Store = request.app.state.store
    content = await run_in_threadpool(make_export, store, current(request).scope, filters)
    name = f"audit-{datetime.now(UTC):%Y-%m-%d}.xlsx"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=XLSX, headers=headers)


def make_export(store: Store, scope: Scope, filters: Filters) -> bytes:
    """Return a workbook that stands in the log already."""
    detail = _detail(store, scope, filters)
    found = gather(store, scope, filters)
    about = (
        ("Made at", datetime.now(UTC).isoformat(timespec="seconds")),
        ("Made by", scope.name),
        ("Holds", detail),
        ("What this is", CAVEAT),
    )
    content = workbook(found, about)
    store.exports.log(scope, KIND, detail, found.rows, hashlib.sha256(content).hexdigest())
    return content


def _detail(store: Store, scope: Scope, filters: Filters) -> str:
    said = [scope_words(scope)]
    if filters.batch:
        said.append(f"batch “{store.batches.get(scope, filters.batch).name}”")
    if filters.district:
        said.append(f"district {filters.district}")
    return ("; ".join(said))[:2000]
