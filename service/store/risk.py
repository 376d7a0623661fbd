"""How urgent it is that a person reads a strategy: 0 to 1, the higher the sooner.

It orders the queue and decides nothing. The weights are chosen by hand: what a wrong answer
would change comes first, then how near the software was to saying "meets".
"""

from collections.abc import Mapping
from typing import Any

from recommender.plan.verdicts import Verdict

# The plan's own answer hangs on this strategy, since no other one meets.
PLAN_HANGS_ON_IT = 0.5
# The software saw a practice with a tier, so that a hasty reader may pass it.
NAMES_A_TESTED_PRACTICE = 0.2
# Times the software's own chance that the practice is adopted.
CHANCE = 0.3
# Where the software gave no chance.
UNKNOWN_CHANCE = 0.5


def risk_of(strategy: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Return the risk of one strategy of a check's answer."""
    others_meet = any(one["verdict"] == Verdict.MEETS.value for one in answer["strategies"])
    chance = strategy.get("confidence")
    risk = CHANCE * (UNKNOWN_CHANCE if chance is None else float(chance))
    risk += 0.0 if others_meet else PLAN_HANGS_ON_IT
    risk += NAMES_A_TESTED_PRACTICE if strategy.get("practice") else 0.0
    return round(min(1.0, risk), 4)
