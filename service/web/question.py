"""The Find form: one question read from the query string, with every fault named at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from recommender.records import Kind
from recommender.search.recommender import (
    MAX_LIMIT,
    MAX_ROOT_CAUSE_CHARACTERS,
    Filters,
    Request,
)
from service.web.school import Pairs, School, read_school

PAGE_STEP = 10

T = TypeVar("T")


class Sort(StrEnum):
    """How the cards are ordered."""

    RELEVANCE = "relevance"
    TIER = "tier"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Question:
    """A root cause, the school, and how the answer is to be shown."""

    cause: str = field(default="", metadata={"help": "the root cause in the team's words"})
    school: School = field(default_factory=School, metadata={"help": "the school's context"})
    tiers: tuple[int, ...] = field(default=(), metadata={"help": "only these headline tiers"})
    practices: tuple[int, ...] = field(default=(), metadata={"help": "only these turnaround ones"})
    kinds: tuple[Kind, ...] = field(default=(), metadata={"help": "only these kinds"})
    sort: Sort = field(default=Sort.RELEVANCE, metadata={"help": "order of the cards"})
    by_family: bool = field(default=False, metadata={"help": "cards under family headings"})
    show: int = field(default=PAGE_STEP, metadata={"help": "how many cards"})

    @property
    def is_asked(self) -> bool:
        """True where there is a cause to look for."""
        return bool(self.cause.strip())

    @property
    def is_narrowed(self) -> bool:
        """True where a filter is set."""
        return bool(self.tiers or self.practices or self.kinds)

    def as_request(self) -> Request:
        """Return the library's own record."""
        filters = Filters(self.tiers, self.practices, self.kinds)
        return Request(self.cause, self.school.as_context(), filters, self.show)

    def href(self, **changes: object) -> str:
        """Return the address of this question with some of its display settings changed."""
        query: dict[str, object] = {"cause": self.cause, **self.school.query}
        query |= {"tier": self.tiers, "tp": self.practices, "kind": self.kinds}
        query |= {"sort": self.sort, "show": self.show, "family": int(self.by_family)} | changes
        return "/?" + urlencode({k: v for k, v in query.items() if v}, doseq=True)

    def without_filters(self) -> str:
        """Return the address of this question with no filter."""
        return self.href(tier=(), tp=(), kind=())


def read_question(pairs: Pairs) -> tuple[Question, tuple[str, ...]]:
    """Return the question that a query string asks, and every fault found in it."""
    school, school_faults = read_school(pairs)
    faults = list(school_faults)
    first = dict(reversed(pairs))
    cause = first.get("cause", "")
    if len(cause) > MAX_ROOT_CAUSE_CHARACTERS:
        faults.append(
            f"root cause: {len(cause):,} characters, at most {MAX_ROOT_CAUSE_CHARACTERS:,}; "
            "the part that explains the problem is enough"
        )
    question = Question(
        cause=cause[:MAX_ROOT_CAUSE_CHARACTERS],
        school=school,
        tiers=_several("tier", pairs, {"1": 1, "2": 2, "3": 3}, faults),
        practices=_several("tp", pairs, {"1": 1, "2": 2, "3": 3, "4": 4}, faults),
        kinds=_several("kind", pairs, {kind.value: kind for kind in Kind}, faults),
        sort=_one("sort", first, {sort.value: sort for sort in Sort}, Sort.RELEVANCE, faults),
        by_family=_one("family", first, {"0": False, "1": True}, False, faults),
        show=_one("show", first, _SHOW, PAGE_STEP, faults),
    )
    return question, tuple(faults)


_SHOW = {str(number): number for number in range(PAGE_STEP, MAX_LIMIT + 1, PAGE_STEP)}


def _several(name: str, pairs: Pairs, allowed: Mapping[str, T], faults: list[str]) -> tuple[T, ...]:
    given = {value for key, value in pairs if key == name and value}
    for value in sorted(given - allowed.keys()):
        faults.append(f"{name}: “{value[:40]}” is not one of the choices")
    return tuple(meaning for value, meaning in allowed.items() if value in given)


def _one(
    name: str, first: Mapping[str, str], allowed: Mapping[str, T], usual: T, faults: list[str]
) -> T:
    given = first.get(name, "")
    if given and given not in allowed:
        faults.append(f"{name}: “{given[:40]}” is not one of the choices")
    return allowed.get(given, usual)
