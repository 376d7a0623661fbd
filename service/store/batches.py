"""Audit batches: an upload of many plans, worked through file by file by any process.

A file's content is kept with its row until its plan is kept, so an acknowledged upload
survives whatever happens to the process that took it.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import case, delete, func, or_, select
from sqlalchemy.orm import Session

from recommender.errors import BadInput
from service.store.audit_records import Batch, BatchFile, Claim, FileState, NewFile
from service.store.checks import Checks
from service.store.database import Database
from service.store.errors import Conflict, NotFound
from service.store.ids import as_text, digest
from service.store.models import BatchContentRow, BatchFileRow, BatchRow
from service.store.paging import OneRow, Rows, page_of
from service.store.plans import Plans
from service.store.records import Page, PlanDraft, Scope, district_key
from service.store.visible import batch_row, require_district, visible

MAX_FILES = 2000
MAX_NAME_CHARACTERS = 300
# A process that has not finished a file after this long has died; another one takes the file.
LEASE = timedelta(minutes=5)


class Batches:
    """The audit batches that a caller may see."""

    def __init__(self, database: Database, plans: Plans, checks: Checks) -> None:
        self._database = database
        self._plans = plans
        self._checks = checks

    def create(
        self,
        scope: Scope,
        name: str,
        rule: str,
        files: Sequence[NewFile] = (),
        district: str | None = None,
    ) -> Batch:
        """Keep a batch with its files, all of them waiting.

        Raises:
            BadInput: no name, or too many files.
            OutOfScope: the district is not the caller's.
        """
        name, district = " ".join(name.split()), " ".join((district or "").split()) or None
        if not 1 <= len(name) <= MAX_NAME_CHARACTERS:
            raise BadInput(f"name: {len(name)} characters, expected 1 to {MAX_NAME_CHARACTERS}")
        require_district(scope, district)
        row = BatchRow(
            batch_id=self._database.new_id(),
            name=name,
            rule=rule,
            district=district,
            district_key=district_key(district) if district else None,
            key_id=scope.key_id,
            created_by=scope.name,
            created_at=self._database.now(),
        )
        with self._database.writing() as session:
            session.add(row)
            session.flush()
            self._add(session, row, files)
            return _one(session, scope, row.batch_id)

    def add_file(self, scope: Scope, batch_id: str, file: NewFile) -> BatchFile:
        """Keep one more file of a batch; uploads can so be taken one by one.

        Raises:
            NotFound: no such batch that the caller may see.
            BadInput: too many files, or no name.
        """
        with self._database.writing() as session:
            row = batch_row(session, scope, batch_id, lock=True)
            return _file(self._add(session, row, [file])[0])

    def _add(
        self, session: Session, batch: BatchRow, files: Sequence[NewFile]
    ) -> list[BatchFileRow]:
        query = select(func.count()).where(BatchFileRow.batch_id == batch.batch_id)
        present = session.scalar(query) or 0
        if present + len(files) > MAX_FILES:
            raise BadInput(f"files: found {present + len(files)}, at most {MAX_FILES} in a batch")
        rows = []
        for position, file in enumerate(files, present + 1):
            if not 1 <= len(file.name) <= MAX_NAME_CHARACTERS or "\0" in file.name:
                raise BadInput(f"file {position}: name of 1 to {MAX_NAME_CHARACTERS} characters")
            row = BatchFileRow(
                file_id=self._database.new_id(),
                batch_id=batch.batch_id,
                position=position,
                name=file.name,
                sha256=digest(file.content),
                state=FileState.WAITING.value,
                updated_at=self._database.now(),
            )
            session.add(row)
            session.flush()
            session.add(BatchContentRow(file_id=row.file_id, content=file.content))
            rows.append(row)
        session.flush()
        return rows

    def get(self, scope: Scope, batch_id: str) -> Batch:
        """Return a batch with its counts.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        with self._database.reading() as session:
            return _one(session, scope, batch_id)

    def list(self, scope: Scope, page: int = 1, per_page: int = 20) -> Page[Batch]:
        """Return batches, the latest first."""
        query = _batches(scope).order_by(BatchRow.created_at.desc(), BatchRow.batch_id.desc())
        with self._database.reading() as session:
            return page_of(session, query, page, per_page, _batch)

    def files(self, scope: Scope, batch_id: str) -> tuple[BatchFile, ...]:
        """Return the files of a batch in the order they came.

        Raises:
            NotFound: no such batch that the caller may see.
        """
        with self._database.reading() as session:
            batch_row(session, scope, batch_id)
            query = select(BatchFileRow).where(BatchFileRow.batch_id == batch_id)
            rows = session.scalars(query.order_by(BatchFileRow.position, BatchFileRow.file_id))
            return tuple(_file(row) for row in rows)

    def claim(self, batch_id: str | None = None) -> Claim | None:
        """Take the next waiting file for this process; `None` if there is none.

        The claim ends with `finish` or `fail`, or runs out when the process has died.
        """
        moment = self._database.clock()
        free = or_(
            BatchFileRow.claimed_until.is_(None), BatchFileRow.claimed_until < as_text(moment)
        )
        query = select(BatchFileRow).where(BatchFileRow.state == FileState.WAITING.value, free)
        if batch_id is not None:
            query = query.where(BatchFileRow.batch_id == batch_id)
        query = query.order_by(BatchFileRow.batch_id, BatchFileRow.position).limit(1)
        with self._database.writing() as session:
            row = session.scalar(query.with_for_update(skip_locked=True))
            if row is None:
                return None
            row.claimed_until = as_text(moment + LEASE)
            batch = session.get_one(BatchRow, row.batch_id)
            content = session.get_one(BatchContentRow, row.file_id).content
            scope = Scope(batch.key_id, batch.created_by, None)
            return Claim(_file(row), batch.rule, batch.district, scope, content)

    def finish(self, claim: Claim, draft: PlanDraft, answer: Mapping[str, Any]) -> BatchFile:
        """Keep the plan and its check, and mark the file done, all in one step.

        Raises:
            Conflict: another process has finished the file.
            BadInput: a fault of the draft or the answer.
        """
        with self._database.writing() as session:
            row = self._waiting(session, claim)
            plan = self._plans.add(session, claim.scope, draft)
            self._checks.add(session, claim.scope, plan.plan_id, plan.version, answer)
            row.state = FileState.DONE.value
            row.plan_id = plan.plan_id
            session.execute(delete(BatchContentRow).where(BatchContentRow.file_id == row.file_id))
            return self._closed(session, row)

    def fail(self, claim: Claim, error: str) -> BatchFile:
        """Mark a file failed, with one line for a person; its content is kept for `retry`.

        Raises:
            Conflict: another process has finished the file.
        """
        with self._database.writing() as session:
            row = self._waiting(session, claim)
            row.state = FileState.FAILED.value
            row.error = " ".join(error.replace("\0", " ").split())
            return self._closed(session, row)

    def retry(self, scope: Scope, batch_id: str, file_id: str) -> BatchFile:
        """Put a failed file back to wait.

        Raises:
            NotFound: no such failed file in a batch that the caller may see.
        """
        with self._database.writing() as session:
            batch_row(session, scope, batch_id)
            row = session.get(BatchFileRow, file_id, with_for_update=True)
            if row is None or row.batch_id != batch_id or row.state != FileState.FAILED.value:
                raise NotFound(f"file {file_id!r}: no such failed file")
            row.state, row.error = FileState.WAITING.value, None
            return self._closed(session, row)

    def _waiting(self, session: Session, claim: Claim) -> BatchFileRow:
        row = session.get(BatchFileRow, claim.file.file_id, with_for_update=True)
        if row is None or row.state != FileState.WAITING.value:
            raise Conflict(f"file {claim.file.file_id!r}: another process has finished it")
        return row

    def _closed(self, session: Session, row: BatchFileRow) -> BatchFile:
        row.claimed_until = None
        row.updated_at = self._database.now()
        session.flush()
        return _file(row)


def _batches(scope: Scope) -> Rows:
    def count(state: FileState) -> Any:
        return func.sum(case((BatchFileRow.state == state.value, 1), else_=0)).label(state.value)

    counts = (
        select(BatchFileRow.batch_id, *(count(state) for state in FileState))
        .group_by(BatchFileRow.batch_id)
        .subquery()
    )
    return (
        select(BatchRow, *(counts.c[state.value] for state in FileState))
        .outerjoin(counts, counts.c.batch_id == BatchRow.batch_id)
        .where(visible(BatchRow, scope))
    )


def _one(session: Session, scope: Scope, batch_id: str) -> Batch:
    row = session.execute(_batches(scope).where(BatchRow.batch_id == batch_id)).one_or_none()
    if row is None:
        raise NotFound(f"batch {batch_id!r}: no such batch")
    return _batch(row)


def _batch(row: OneRow) -> Batch:
    batch, waiting, done, failed = row
    return Batch(
        batch.batch_id,
        batch.name,
        batch.rule,
        batch.district,
        batch.key_id,
        batch.created_by,
        batch.created_at,
        waiting or 0,
        done or 0,
        failed or 0,
    )


def _file(row: BatchFileRow) -> BatchFile:
    return BatchFile(
        row.file_id,
        row.batch_id,
        row.position,
        row.name,
        row.sha256,
        FileState(row.state),
        row.error,
        row.plan_id,
        row.updated_at,
    )
