"""What the audit desk narrows its lists by, and the queue as narrowed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil
from urllib.parse import urlencode

from recommender.plan.verdicts import Verdict
from service.store import Scope, Store
from service.store.audit_records import ReviewItem, ReviewState
from service.web.audit_words import STATE_WORDS, VERDICT_WORDS
from service.web.listing import Choice, Pages

MAX_VALUE = 300
# The store gives at most this many at once.
A_READ = 200
WAITING = (ReviewState.UNDECIDED, ReviewState.SECOND_READER)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by; empty means anything."""

    batch: str = field(default="", metadata={"help": "id of a batch"})
    district: str = field(default="", metadata={"help": "name of a district"})
    state: str = field(default="", metadata={"help": "where a strategy stands"})
    verdict: str = field(default="", metadata={"help": "the verdict that counts now"})

    def said(self) -> dict[str, str]:
        """Return what narrows, as query parameters."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in named.items() if value}

    def href(self, path: str, **more: str | int) -> str:
        """Return an address that keeps what narrows."""
        query = urlencode({**self.said(), **more})
        return f"{path}?{query}" if query else path

    @property
    def review_state(self) -> ReviewState | None:
        """The state as the store takes it."""
        return ReviewState(self.state) if self.state else None


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What the boxes above a list offer."""

    batches: tuple[Choice, ...]
    districts: tuple[Choice, ...]
    states: tuple[Choice, ...] = tuple(
        Choice(state.value, STATE_WORDS[state])
        for state in (ReviewState.UNDECIDED, ReviewState.SECOND_READER, ReviewState.DECIDED)
    )
    verdicts: tuple[Choice, ...] = tuple(
        Choice(verdict.value, words) for verdict, words in VERDICT_WORDS.items()
    )


def read_filters(given: Mapping[str, object]) -> tuple[Filters, tuple[str, ...]]:
    """Return what a query narrows by, and every fault in it; a fault narrows nothing."""
    faults = []
    filters = Filters(_text(given, "batch"), _text(given, "district"))
    for name, allowed in (("state", set(ReviewState)), ("verdict", set(Verdict))):
        value = _text(given, name)
        if value in allowed:
            filters = replace(filters, **{name: value})
        elif value:
            faults.append(f"{name}: “{value[:40]}” is not one of the choices")
    return filters, tuple(faults)


def read_page(given: Mapping[str, object]) -> int:
    """Return the number of the page asked for; the first where it makes no sense."""
    text = _text(given, "page")
    return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 100_000 else 1


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name, "")
    return " ".join(value.split())[:MAX_VALUE] if isinstance(value, str) else ""


def filter_choices(store: Store, scope: Scope) -> FilterChoices:
    """Return the batches and districts that a caller may see."""
    batches = store.batches.list(scope, 1, A_READ).items
    return FilterChoices(
        tuple(Choice(batch.batch_id, batch.name) for batch in batches),
        tuple(Choice(name, name) for name in districts_of(store, scope)),
    )


def districts_of(store: Store, scope: Scope) -> tuple[str, ...]:
    """Return the districts that a caller may name: its own, or all that have plans."""
    if scope.districts is not None:
        return scope.districts
    figures = store.statistics.figures(scope)
    return tuple(row.label for row in figures.by_district if row.label)


def pages_of(filters: Filters, path: str, page: int, total: int, per_page: int) -> Pages:
    """Return the links to the other pages of a list."""
    last = max(1, ceil(total / per_page))
    return Pages(
        page,
        last,
        filters.href(path, page=min(page - 1, last)) if page > 1 else None,
        filters.href(path, page=page + 1) if page < last else None,
    )


def queue_items(store: Store, scope: Scope, filters: Filters) -> Iterator[ReviewItem]:
    """Yield the queue in its order, read from the store as it is needed."""
    page = 1
    while True:
        found = store.decisions.queue(
            scope,
            batch_id=filters.batch or None,
            district=filters.district or None,
            state=filters.review_state,
            page=page,
            per_page=A_READ,
        )
        for item in found.items:
            if not filters.verdict or item.verdict.value == filters.verdict:
                yield item
        if page * A_READ >= found.total:
            return
        page += 1


def next_item(
    store: Store, scope: Scope, filters: Filters, after: tuple[str, str], skip: bool = False
) -> ReviewItem | None:
    """Return what this reviewer should read next.

    After a decision that is the first that waits for them; `skip` asks for the one behind `after`.
    """
    is_behind = not skip
    for item in queue_items(store, scope, filters):
        if not filters.state and item.state not in WAITING:
            return None
        key = (item.plan_id, item.strategy_id)
        if key == after:
            is_behind = True
        elif is_behind and not is_own_override(item, scope):
            return item
    return None


def is_own_override(item: ReviewItem, scope: Scope) -> bool:
    """Tell whether a strategy waits for anybody but this reviewer."""
    return item.state is ReviewState.SECOND_READER and item.first_reader == scope.key_id
