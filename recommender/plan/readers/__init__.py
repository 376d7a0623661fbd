"""School improvement plans as they come -> pieces of text, each with its place.

Files are hostile until proven otherwise: `read_plan` parses in a child process that can be killed.
"""

from recommender.plan.readers.blocks import Block, BlockKind, Place, PlanText
from recommender.plan.readers.failures import UnreadablePlan
from recommender.plan.readers.here import read_plan_here
from recommender.plan.readers.limits import DEFAULT_LIMITS, Limits
from recommender.plan.readers.process import read_plan

__all__ = [
    "DEFAULT_LIMITS",
    "Block",
    "BlockKind",
    "Limits",
    "Place",
    "PlanText",
    "UnreadablePlan",
    "read_plan",
    "read_plan_here",
]
