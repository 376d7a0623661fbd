"""What the Plan page calls verdicts and parts of a plan. It never says that a plan complies."""

from dataclasses import dataclass

from recommender.plan.rules import Asks
from recommender.plan.verdicts import Verdict

DECIDES = (
    "This is our reading of the federal definition of evidence. It does not judge how well a "
    "strategy is written, paid for or carried out. DESE decides."
)


@dataclass(frozen=True, slots=True)
class VerdictLabel:
    """A verdict as a badge shows it: sign and words, never colour alone."""

    sign: str
    words: str
    css: str


STRATEGY_LABELS = {
    Verdict.MEETS: VerdictLabel(
        "✓", "Meets the stated evidence condition in our reading", "verdict-meets"
    ),
    Verdict.NEEDS_REVIEW: VerdictLabel("?", "A person has to decide", "verdict-review"),
    Verdict.DOES_NOT_MEET: VerdictLabel(
        "✗", "Does not meet the stated evidence condition in our reading", "verdict-not"
    ),
    Verdict.NO_EVIDENCE_FOUND: VerdictLabel(
        "–", "No evidence found in this collection", "verdict-none"
    ),
}

PLAN_LABELS = {
    Verdict.MEETS: VerdictLabel(
        "✓", "The plan meets the stated evidence condition in our reading", "verdict-meets"
    ),
    Verdict.NEEDS_REVIEW: VerdictLabel(
        "?", "A person has to decide about this plan", "verdict-review"
    ),
    Verdict.DOES_NOT_MEET: VerdictLabel(
        "✗", "The plan does not yet meet the stated evidence condition in our reading",
        "verdict-not",
    ),
}  # fmt: skip

FLAG_WORDS = {
    True: "At least one strategy has evidence of tier 1, 2 or 3 in our reading.",
    False: "No strategy has evidence of tier 1, 2 or 3 in our reading.",
    None: "No strategy has evidence of tier 1, 2 or 3 for sure; a person may find that one does.",
}

ASKS_WORDS = {
    Asks.ONE_IN_TOP_THREE: "asks for at least one strategy with evidence of tier 1, 2 or 3",
    Asks.EACH_IN_TOP_THREE: "asks for evidence of tier 1, 2 or 3 behind each strategy",
    Asks.EACH_IN_ANY: "asks for one of the four tiers behind each strategy",
}

SECTION_WORDS = {
    "three-year roadmap": "Three-year roadmap",
    "implementation considerations": "Implementation considerations",
    "anticipated challenges": "Anticipated challenges",
    "goals and benchmarks": "Goals and benchmarks",
    "executive summary": "Executive summary",
    "monitoring": "Monitoring",
}
