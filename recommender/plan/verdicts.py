"""The plan check's own records: what is asked, and what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from recommender.index.store import Manifest
from recommender.plan.rules import Rule
from recommender.records import Context


class Verdict(StrEnum):
    """What can be said of a strategy's evidence."""

    MEETS = "meets"
    DOES_NOT_MEET = "does_not_meet"
    NO_EVIDENCE_FOUND = "no_evidence_found"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True, slots=True)
class Strategy:
    """One strategy in the plan's own words."""

    strategy_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A school and its strategies."""

    school: Context
    strategies: tuple[Strategy, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class DecidingFinding:
    """The finding that carries the tier; a guide has a page instead of a study."""

    study_id: int
    finding_id: int
    outcome_domain: str
    citation: str


@dataclass(frozen=True, slots=True)
class StrategyVerdict:
    """What the check says of one strategy, and why."""

    strategy_id: str
    verdict: Verdict
    reasons: tuple[str, ...]
    quote: str | None = None
    """The plan's words that decided."""
    practice_id: str | None = None
    practice_name: str | None = None
    probability: float | None = None
    """Calibrated chance that the strategy adopts this practice."""
    tier: int | None = None
    """The tier in this school, our reading of 34 CFR 77.1."""
    finding: DecidingFinding | None = None
    guide_url: str | None = None
    turnaround_practices: tuple[int, ...] = ()
    question: str | None = None
    """What a person has to answer; only where the verdict is needs_review."""


@dataclass(frozen=True, slots=True)
class PlanVerdict:
    """What the check says of a plan under one rule."""

    rule: Rule
    verdict: Verdict
    has_tier_1_3: bool | None
    strategies: tuple[StrategyVerdict, ...]
    covered: tuple[int, ...]
    missing: tuple[int, ...]
    index: Manifest


def has_top_tier(verdicts: Sequence[Verdict]) -> bool | None:
    """Tell whether some strategy meets; `None` where a person may yet find one."""
    if Verdict.MEETS in verdicts:
        return True
    return None if Verdict.NEEDS_REVIEW in verdicts else False
