"""One page of a query, with the count of the whole."""

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from recommender.errors import BadInput
from service.store.records import Page

Item = TypeVar("Item")
Rows: TypeAlias = Select[*tuple[Any, ...]]
OneRow: TypeAlias = Row[*tuple[Any, ...]]
MAX_PER_PAGE = 200
MAX_PAGE = 1_000_000


def page_of(
    session: Session,
    query: Rows,
    page: int,
    per_page: int,
    make: Callable[[OneRow], Item],
) -> Page[Item]:
    """Return the page of rows as records.

    Raises:
        BadInput: a page or size out of range.
    """
    if not 1 <= page <= MAX_PAGE or not 1 <= per_page <= MAX_PER_PAGE:
        raise BadInput(
            f"page {page} of {per_page}: expected a page from 1 with 1 to {MAX_PER_PAGE} items"
        )
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    rows = session.execute(query.limit(per_page).offset((page - 1) * per_page))
    return Page(tuple(make(row) for row in rows), total, page, per_page)
