"""Which rows a caller may see: the one place where a scope becomes a condition."""

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import Session

from service.store.errors import NotFound, OutOfScope
from service.store.models import BatchRow, PlanRow
from service.store.records import Scope, district_key


def visible(table: type[PlanRow] | type[BatchRow], scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a plan or a batch may be seen.

    One without a district belongs to nobody's district: only its owner sees it, and the state.
    """
    own = table.key_id == scope.key_id
    if scope.districts is None:
        return own if scope.own_only else true()
    keys = [district_key(name) for name in scope.districts]
    within = table.district_key.in_(keys) if keys else false()
    mine = and_(table.district_key.is_(None), own)
    return and_(own, or_(within, mine)) if scope.own_only else or_(within, mine)


def plan_row(session: Session, scope: Scope, plan_id: str, lock: bool = False) -> PlanRow:
    """Return a plan, locked against other writers if asked.

    Raises:
        NotFound: no plan with this id that the caller may see.
    """
    query = session.query(PlanRow).where(PlanRow.plan_id == plan_id, visible(PlanRow, scope))
    row = (query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"plan {plan_id!r}: no such plan")
    return row


def batch_row(session: Session, scope: Scope, batch_id: str, lock: bool = False) -> BatchRow:
    """Return a batch, locked against other writers if asked.

    Raises:
        NotFound: no batch with this id that the caller may see.
    """
    query = session.query(BatchRow).where(BatchRow.batch_id == batch_id, visible(BatchRow, scope))
    row = (query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFound(f"batch {batch_id!r}: no such batch")
    return row


def require_district(scope: Scope, district: str | None) -> None:
    """Refuse to write for a district outside the caller's.

    Raises:
        OutOfScope: the district is not the caller's.
    """
    if not scope.admits(district):
        raise OutOfScope(f"district {district!r}: this key may not write plans of that district")
