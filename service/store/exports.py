"""The log of what left the service. Entries are only ever added."""

from sqlalchemy import select

from recommender.errors import BadInput
from service.store.database import Database
from service.store.models import ExportRow
from service.store.paging import page_of
from service.store.records import Export, Page, Scope

MAX_KIND_CHARACTERS = 50
MAX_DETAIL_CHARACTERS = 2000


class Exports:
    """Who took which data out, and when."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def log(self, scope: Scope, kind: str, detail: str, rows: int, sha256: str) -> Export:
        """Write down an export before it is handed out.

        Raises:
            BadInput: too long a kind or detail.
        """
        if len(kind) > MAX_KIND_CHARACTERS or len(detail) > MAX_DETAIL_CHARACTERS:
            raise BadInput("export: kind or detail is too long")
        with self._database.writing() as session:
            row = ExportRow(
                export_id=self._database.new_id(),
                kind=kind,
                detail=detail,
                rows=rows,
                sha256=sha256,
                key_id=scope.key_id,
                exported_by=scope.name,
                created_at=self._database.now(),
            )
            session.add(row)
            session.flush()
            return _export(row)

    def list(self, scope: Scope, page: int = 1, per_page: int = 50) -> Page[Export]:
        """Return exports, the latest first: all for the whole state, else the caller's own."""
        query = select(ExportRow).order_by(ExportRow.created_at.desc(), ExportRow.export_id.desc())
        if scope.districts is not None or scope.own_only:
            query = query.where(ExportRow.key_id == scope.key_id)
        with self._database.reading() as session:
            return page_of(session, query, page, per_page, lambda row: _export(row[0]))


def _export(row: ExportRow) -> Export:
    return Export(
        row.export_id,
        row.kind,
        row.detail,
        row.rows,
        row.sha256,
        row.key_id,
        row.exported_by,
        row.created_at,
    )
