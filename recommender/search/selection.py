"""Scores -> the practices that are shown, in order."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from recommender.search.signals import PracticeTable, TextMatch, Values

if TYPE_CHECKING:
    from recommender.search.recommender import Request

FIRST_PAGE = 10
# A part that no passage matches this well is context ("scores fell"), not a cause to be served;
# docs/results/evaluation.md shows 0.4 to 0.6 and none.
PART_COSINE = 0.6


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
    return serve_every_part(order, match, min(FIRST_PAGE, request.limit))[: request.limit]


def serve_every_part(order: list[int], match: TextMatch, page_size: int = FIRST_PAGE) -> list[int]:
    """Bring the best practice of a part that the first page forgets to the end of that page."""
    page, rest = order[:page_size], order[page_size:]
    best_part = match.by_part.argmax(axis=0)
    served = {int(best_part[practice]) for practice in page}
    brought: list[int] = []
    for part in range(len(match.by_part)):
        if part in served:
            continue
        for practice in rest:
            if best_part[practice] == part and match.by_part[part, practice] >= PART_COSINE:
                brought.append(practice)
                break
    brought = brought[: page_size - 1]
    kept = page[: page_size - len(brought)]
    moved = set(kept) | set(brought)
    return [*kept, *brought, *(practice for practice in order if practice not in moved)]


def _one_a_family(order: list[int], table: PracticeTable) -> list[int]:
    seen: set[int] = set()
    kept = []
    for practice in order:
        family = int(table.families[practice])
        if family < 0 or family not in seen:
            kept.append(practice)
            seen.add(family)
    return kept
