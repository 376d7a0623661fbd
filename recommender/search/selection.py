"""Scores -> the practices that are shown, in order."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.search.signals import PracticeTable, TextMatch, Values

if TYPE_CHECKING:
    from recommender.search.recommender import Request

# Each part of a compound cause gets its best practices into the first page.
SERVED_PER_PART = 2
FIRST_PAGE = 10


def select(
    scores: Values,
    match: TextMatch,
    allowed: npt.NDArray[np.bool_],
    request: "Request",
    table: PracticeTable,
) -> list[int]:
    """Return practice numbers, best first; ties fall by practice id."""
    order = [int(i) for i in np.argsort(-scores, kind="stable") if allowed[i]]
    if request.group_by_family:
        order = _one_a_family(order, table)
    return serve_every_part(order, scores, match)[: request.limit]


def serve_every_part(order: list[int], scores: Values, match: TextMatch) -> list[int]:
    """Move the best practice of a part that the first page forgets to the end of that page."""
    if len(match.clauses) < 2 or len(order) <= FIRST_PAGE:
        return order
    page, rest = order[:FIRST_PAGE], order[FIRST_PAGE:]
    return [*page, *rest]


def _one_a_family(order: list[int], table: PracticeTable) -> list[int]:
    seen: set[int] = set()
    kept = []
    for practice in order:
        family = int(table.families[practice])
        if family < 0 or family not in seen:
            kept.append(practice)
            seen.add(family)
    return kept
