"""What a person should look at first: strategies in review, by what hangs on them.

Risk has three steps. First the plans whose answer is open, those that hang on one strategy alone
before all others; then plans that meet by one link only, and barely; then the rest, where the
plan's answer stands whatever a person decides. Within a step the least sure links come first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from recommender.plan.verdicts import Verdict

# A link this near its threshold could as well have gone the other way; the reliability table of
# docs/results/plan_check.md has bins of this width there.
NEAR = 0.05


class Risk(IntEnum):
    """Why something is in the queue; smaller comes first."""

    DECIDES_ALONE = 1
    ONE_OF_FEW = 2
    MEETS_BARELY = 3
    CHANGES_NOTHING = 4


RISK_WORDS = {
    Risk.DECIDES_ALONE: "the plan's answer hangs on this strategy alone",
    Risk.ONE_OF_FEW: "the plan's answer is open; this is one of the strategies that may decide",
    Risk.MEETS_BARELY: "the plan meets by this one strategy, and its link is barely sure enough",
    Risk.CHANGES_NOTHING: "the plan's answer stands whatever is decided here",
}


@dataclass(frozen=True, slots=True, order=True)
class QueueItem:
    """One strategy in the queue; the order of the fields is the order of the queue."""

    risk: Risk
    distance: float
    """From the probability to the nearest threshold; 1 where there is no probability."""
    file: str
    position: int
    """Of the strategy within the plan, from 0."""


def queue_items(record: Mapping[str, Any]) -> Iterator[QueueItem]:
    """Yield what a person should look at in one plan's result."""
    strategies = record.get("strategies", ())
    verdicts = [Verdict(one["verdict"]) for one in strategies]
    is_open = Verdict(record.get("verdict", Verdict.MEETS)) is Verdict.NEEDS_REVIEW
    in_review = verdicts.count(Verdict.NEEDS_REVIEW)
    thresholds = tuple(record.get("check", {}).get("thresholds", {}).values())
    for position, (one, verdict) in enumerate(zip(strategies, verdicts)):
        distance = _distance(one["confidence"], thresholds)
        risk = None
        if verdict is Verdict.NEEDS_REVIEW:
            alone = Risk.DECIDES_ALONE if in_review == 1 else Risk.ONE_OF_FEW
            risk = alone if is_open else Risk.CHANGES_NOTHING
        elif verdict is Verdict.MEETS and verdicts.count(Verdict.MEETS) == 1 and distance <= NEAR:
            risk = Risk.MEETS_BARELY
        if risk is not None:
            yield QueueItem(risk, distance, record["file"], position)


def _distance(probability: float | None, thresholds: tuple[float, ...]) -> float:
    if probability is None or not thresholds:
        return 1.0
    return round(min(abs(probability - threshold) for threshold in thresholds), 4)
