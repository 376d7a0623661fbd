"""Links by which a plan can be read without a key, until they are revoked."""

import re
import secrets

from sqlalchemy import select

from service.store.checks import result
from service.store.database import Database
from service.store.errors import NotFound
from service.store.ids import digest
from service.store.models import CheckRow, PlanRow, ShareRow
from service.store.plans import stored
from service.store.records import Scope, Share, SharedPlan
from service.store.visible import plan_row

TOKEN_BYTES = 32
TOKEN_PATTERN = re.compile(r"[A-Za-z0-9_-]{43}")


class Shares:
    """The links to plans; only a hash of each link's token is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, scope: Scope, plan_id: str) -> tuple[Share, str]:
        """Make a link to a plan; the second value is its token, which is not kept.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        with self._database.writing() as session:
            plan_row(session, scope, plan_id)
            row = ShareRow(
                share_id=self._database.new_id(),
                plan_id=plan_id,
                token_sha256=digest(token),
                created_by=scope.name,
                created_at=self._database.now(),
            )
            session.add(row)
            session.flush()
            return _share(row), token

    def list(self, scope: Scope, plan_id: str) -> tuple[Share, ...]:
        """Return all links to a plan, revoked ones too, the first one first.

        Raises:
            NotFound: no such plan that the caller may see.
        """
        with self._database.reading() as session:
            plan_row(session, scope, plan_id)
            query = select(ShareRow).where(ShareRow.plan_id == plan_id)
            rows = session.scalars(query.order_by(ShareRow.created_at, ShareRow.share_id))
            return tuple(_share(row) for row in rows)

    def revoke(self, scope: Scope, share_id: str) -> Share:
        """End a link from this moment.

        Raises:
            NotFound: no such link to a plan that the caller may see.
        """
        with self._database.writing() as session:
            row = session.get(ShareRow, share_id, with_for_update=True)
            if row is None:
                raise NotFound(f"link {share_id!r}: no such link")
            plan_row(session, scope, row.plan_id)
            row.revoked_at = row.revoked_at or self._database.now()
            return _share(row)

    def open(self, token: str) -> SharedPlan:
        """Return what a link shows: the plan as it is now, and its latest check.

        Raises:
            NotFound: no link with this token, or a revoked one.
        """
        missing = NotFound("this link leads to no plan; it may have been withdrawn")
        if not TOKEN_PATTERN.fullmatch(token):
            raise missing
        with self._database.reading() as session:
            row = session.scalar(select(ShareRow).where(ShareRow.token_sha256 == digest(token)))
            if row is None or row.revoked_at is not None:
                raise missing
            plan = session.get_one(PlanRow, row.plan_id)
            check = session.get(CheckRow, plan.check_id) if plan.check_id else None
            found = None if check is None else result(check)
            return SharedPlan(_share(row), stored(session, plan), found)


def _share(row: ShareRow) -> Share:
    return Share(row.share_id, row.plan_id, row.created_by, row.created_at, row.revoked_at)
