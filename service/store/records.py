"""What the store takes and gives: frozen records, times as UTC ISO text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from recommender.plan.verdicts import Verdict
from recommender.records import Context

Item = TypeVar("Item")


class Role(StrEnum):
    """What a key may do; each role may do all that the ones before it may."""

    READER = "reader"
    PORTAL = "portal"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"

    def includes(self, wanted: "Role") -> bool:
        """Tell whether this role may do what `wanted` may."""
        order = list(Role)
        return order.index(self) >= order.index(wanted)


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks the store, and which plans that caller may see.

    `districts` is `None` for the whole state; an empty tuple is no district at all.
    """

    key_id: str
    name: str
    districts: tuple[str, ...] | None = ()
    own_only: bool = False

    @classmethod
    def state(cls, key_id: str = "system", name: str = "system") -> "Scope":
        """Return the scope that sees every plan."""
        return cls(key_id, name, None)

    def admits(self, district: str | None) -> bool:
        """Tell whether this caller may write a plan of this district."""
        if self.districts is None or district is None:
            return True
        return district_key(district) in {district_key(name) for name in self.districts}


def district_key(name: str) -> str:
    """Return a district's name as it is compared: one spelling for case and blanks."""
    return " ".join(name.split()).casefold()


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a longer list."""

    items: tuple[Item, ...]
    total: int
    page: int
    per_page: int


@dataclass(frozen=True, slots=True)
class SavedStrategy:
    """One strategy of a plan, with the practice it was added from, if any."""

    strategy_id: str
    text: str
    practice_id: str | None = None


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What a team writes."""

    title: str
    school: Context = field(default_factory=Context)
    strategies: tuple[SavedStrategy, ...] = ()
    school_name: str | None = None
    district: str | None = None
    previous_plan_id: str | None = None
    """Last year's plan."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """One version of a plan; versions never change."""

    plan_id: str
    version: int
    draft: PlanDraft
    key_id: str
    """Whose plan it is."""
    written_by: str
    created_at: str
    """When the plan was begun."""
    saved_at: str
    """When this version was written."""


@dataclass(frozen=True, slots=True)
class PlanSummary:
    """One line of a list of plans; the figures are of its latest check."""

    plan_id: str
    version: int
    title: str
    school_name: str | None
    district: str | None
    previous_plan_id: str | None
    updated_at: str
    check_id: str | None
    checked_version: int | None
    strategies: int
    meets: int
    undecided: int
    """Strategies that still need a person, second reader included."""
    has_tier_1_3: bool | None
    """After the reviewers' decisions; `None` while a person may yet find one, or unchecked."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check of one version of a plan, as it was answered; it never changes."""

    check_id: str
    plan_id: str
    version: int
    rule: str
    build_id: str
    verdict: Verdict
    has_tier_1_3: bool | None
    body: bytes
    """The answer of the plan check as JSON."""
    sha256: str
    checked_by: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Share:
    """A link by which anybody who has it can read a plan, until it is revoked."""

    share_id: str
    plan_id: str
    created_by: str
    created_at: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class SharedPlan:
    """What a link shows."""

    share: Share
    plan: StoredPlan
    check: CheckResult | None


@dataclass(frozen=True, slots=True)
class Export:
    """Who took which data out, and when."""

    export_id: str
    kind: str
    detail: str
    rows: int
    sha256: str
    key_id: str
    exported_by: str
    created_at: str


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the store knows it; the key itself is shown once and not kept."""

    key_id: str
    name: str
    role: Role
    districts: tuple[str, ...] | None
    """`None` is the whole state."""
    created_at: str
    revoked_at: str | None
    last_used_at: str | None


def names_of(items: Sequence[str]) -> tuple[str, ...]:
    """Return districts as they are kept: blanks tidied, each once, in order."""
    seen = {district_key(name): " ".join(name.split()) for name in reversed(items) if name.strip()}
    return tuple(sorted(seen.values()))
