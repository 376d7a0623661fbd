"""What the audit desk takes and gives: batches, decisions, the queue and its figures."""

from dataclasses import dataclass
from enum import StrEnum

from recommender.plan.verdicts import Verdict
from service.store.records import Scope


class FileState(StrEnum):
    """Where one file of an audit batch stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class ReviewState(StrEnum):
    """Where a strategy stands between the software and its reviewers."""

    CHECKED = "checked"
    """The software's verdict stands and asks for nobody."""
    UNDECIDED = "undecided"
    """It needs review and nobody has decided."""
    SECOND_READER = "second_reader"
    """One reviewer said that it meets; a second one has to confirm."""
    DECIDED = "decided"
    """The reviewers' verdict counts."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """One uploaded plan."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class BatchFile:
    """One file of an audit batch."""

    file_id: str
    batch_id: str
    position: int
    name: str
    sha256: str
    state: FileState
    error: str | None
    plan_id: str | None
    updated_at: str


@dataclass(frozen=True, slots=True)
class Batch:
    """An upload of many plans, with how far it is."""

    batch_id: str
    name: str
    rule: str
    district: str | None
    key_id: str
    created_by: str
    created_at: str
    waiting: int
    done: int
    failed: int

    @property
    def files(self) -> int:
        """Count its files."""
        return self.waiting + self.done + self.failed


@dataclass(frozen=True, slots=True)
class Claim:
    """A waiting file that one process has taken to work on."""

    file: BatchFile
    rule: str
    district: str | None
    scope: Scope
    """Of the person who uploaded it, for the plan that is made of it."""
    content: bytes


@dataclass(frozen=True, slots=True)
class Decision:
    """What one reviewer said of one strategy; it never changes."""

    number: int
    """Order in which decisions were taken."""
    decision_id: str
    plan_id: str
    strategy_id: str
    check_id: str
    verdict: Verdict
    reason: str
    reviewer_id: str
    reviewer: str
    created_at: str
    counts: bool
    """False if the strategy, its school or the software's verdict has changed since."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The present state of a strategy: the history of decisions, folded."""

    state: ReviewState
    verdict: Verdict
    first_reader: str | None = None
    """Id of the reviewer whose "meets" waits for, or was confirmed by, a second one."""
    second_reader: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One strategy of a checked plan, as the audit desk lists it."""

    plan_id: str
    plan_title: str
    school_name: str | None
    district: str | None
    strategy_id: str
    check_id: str
    text: str
    software: Verdict
    verdict: Verdict
    """The verdict that counts now."""
    state: ReviewState
    risk: float
    practice_id: str | None
    practice_name: str | None
    tier: int | None
    first_reader: str | None
    turnaround_practices: tuple[int, ...]
    last_decision: int | None
    """Number of the latest decision; give it as `seen` when deciding."""


@dataclass(frozen=True, slots=True)
class VerdictCounts:
    """Strategies by the verdict that counts now, under one heading."""

    label: str
    plans: int
    strategies: int
    meets: int
    does_not_meet: int
    no_evidence_found: int
    needs_review: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Statewide figures, within the caller's scope."""

    all: VerdictCounts
    by_district: tuple[VerdictCounts, ...]
    by_turnaround_practice: tuple[VerdictCounts, ...]
    """Labels "1" to "4"; a strategy that serves two practices is counted in both."""
    plans: int
    plans_unchecked: int
    plans_with_tier_1_3: int
    plans_without: int
    plans_open: int
    """Plans in which a person may yet find a strategy of tiers 1-3."""
    overridden: int
    """Strategies whose counted verdict is not the software's."""
    second_reader: int
    """Strategies that wait for a second reader."""
