"""The named tests of the tier engine and where each rule comes from.

`docs/tiers.md` tells the same in prose. The decision procedure was found on the 2025-08-25 export
itself (no hold-out); `docs/results/tier_agreement.md` has its agreement with the WWC's labels.
"""

from dataclasses import dataclass
from enum import StrEnum

WWC_ESSA_PAGE = "WWC, ESSA tiers of evidence (ies.ed.gov/ncee/wwc/essa)"
STATUTE = "ESEA 8101(21)(A), 20 U.S.C. 7801(21)"
EDGAR = "34 CFR 77.1"
GUIDANCE = "ED non-regulatory guidance, Using Evidence (2016, revised 2023)"
OURS = "our reading, docs/tiers.md"

# 34 CFR 77.1: "large sample" of the strong and moderate definitions.
LARGE_SAMPLE = 350
# 34 CFR 77.1 and the WWC page: tiers 1 and 2 need a review under these standards or later.
FIRST_CURRENT_STANDARDS = 2.1
UNTIERED_STANDARDS = 5.0


class TierTest(StrEnum):
    """Names of the tests a finding passes or fails, in the order they are made."""

    STANDARDS_TIERED = "standards_tiered"
    MAIN_FINDING = "main_finding"
    SIGNIFICANT = "significant"
    EFFECT_QUANTIFIED = "effect_quantified"
    FAVORABLE = "favorable"
    MEETS_STANDARDS = "meets_standards"
    NO_OVERRIDING_NEGATIVE = "no_overriding_negative"
    CURRENT_STANDARDS = "current_standards"
    MULTISITE = "multisite"
    LARGE_SAMPLE = "large_sample"
    WITHOUT_RESERVATIONS = "without_reservations"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a test asks, in plain words, and its source."""

    asks: str
    source: str


RULES: dict[TierTest, Rule] = {
    TierTest.STANDARDS_TIERED: Rule(
        "Reviewed under standards for which the WWC publishes finding tiers (not version 5.0)",
        OURS,
    ),
    TierTest.MAIN_FINDING: Rule(
        "A main finding of the study, not a subgroup", "WWC study page help text"
    ),
    TierTest.SIGNIFICANT: Rule(
        "The WWC determined that the effect is statistically significant", STATUTE
    ),
    TierTest.EFFECT_QUANTIFIED: Rule("The size of the effect is reported in some form", OURS),
    TierTest.FAVORABLE: Rule("The effect favours the intervention", STATUTE),
    TierTest.MEETS_STANDARDS: Rule(
        "The finding itself meets WWC standards (rated since version 2.1)", WWC_ESSA_PAGE
    ),
    TierTest.NO_OVERRIDING_NEGATIVE: Rule(
        "No significant negative main finding in the same review and outcome domain",
        f"{EDGAR} (C) and {GUIDANCE}",
    ),
    TierTest.CURRENT_STANDARDS: Rule(
        "Reviewed under version 2.1 of the standards or later", f"{EDGAR}; {WWC_ESSA_PAGE}"
    ),
    TierTest.MULTISITE: Rule(
        "Conducted in more than one school, as the WWC counts sites",
        f"{EDGAR} (D); {WWC_ESSA_PAGE}",
    ),
    TierTest.LARGE_SAMPLE: Rule(
        f"At least {LARGE_SAMPLE} people in the review's outcome domain",
        f"{EDGAR} (D); {WWC_ESSA_PAGE}",
    ),
    TierTest.WITHOUT_RESERVATIONS: Rule(
        "Meets WWC standards without reservations", f"{EDGAR} (A); {WWC_ESSA_PAGE}"
    ),
}

GATES = (
    TierTest.STANDARDS_TIERED,
    TierTest.MAIN_FINDING,
    TierTest.SIGNIFICANT,
    TierTest.EFFECT_QUANTIFIED,
    TierTest.FAVORABLE,
    TierTest.MEETS_STANDARDS,
    TierTest.NO_OVERRIDING_NEGATIVE,
)
"""Any of these failed: no tier."""

LARGE_STUDY = (TierTest.CURRENT_STANDARDS, TierTest.MULTISITE, TierTest.LARGE_SAMPLE)
"""Any of these failed: tier 3 at most."""
