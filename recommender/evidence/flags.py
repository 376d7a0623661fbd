"""Caution flags of a practice in one outcome domain, and what each means to a reader."""

import re
from enum import StrEnum

from recommender.records import Finding


class Flag(StrEnum):
    """Reasons to read a tier with care."""

    NEGATIVE_SAME_DOMAIN = "negative_same_domain"
    REPORT_MIXED = "report_mixed"
    REPORT_NEGATIVE = "report_negative"
    UMBRELLA = "umbrella"
    CONTRADICTED = "contradicted"
    DERIVED_ONLY = "derived_only"
    NEGATIVE_OTHER_DOMAIN = "negative_other_domain"
    SUSPECT_SIGNIFICANCE = "suspect_significance"
    MOSTLY_NULL = "mostly_null"
    SINGLE_STUDY = "single_study"
    SINGLE_CASE = "single_case"
    NON_STUDENT_UNIT = "non_student_unit"
    TEACHER_OUTCOME = "teacher_outcome"
    FOLLOWUP_ONLY = "followup_only"
    POOLED_SAMPLE = "pooled_sample"
    OLD_STANDARDS = "old_standards"
    GRADES_UNKNOWN = "grades_unknown"
    POSTSECONDARY_ONLY = "postsecondary_only"
    STANDARDS_5_UNTIERED = "standards_5_untiered"


MEANING: dict[Flag, str] = {
    Flag.NEGATIVE_SAME_DOMAIN: "A study also found a significant negative effect on this outcome",
    Flag.REPORT_MIXED: "The WWC intervention report calls the effects on this outcome mixed",
    Flag.REPORT_NEGATIVE: "The WWC intervention report leans negative on this outcome",
    Flag.UMBRELLA: "This label covers several different programs; read each study",
    Flag.CONTRADICTED: "The tier the WWC shows is not what its own current data support",
    Flag.DERIVED_ONLY: "The WWC has published no tier; this one follows only from our rules",
    Flag.NEGATIVE_OTHER_DOMAIN: "A study found a significant negative effect on another outcome",
    Flag.SUSPECT_SIGNIFICANCE: "The source marks every finding of this review significant",
    Flag.MOSTLY_NULL: "Most findings on this outcome show no clear effect",
    Flag.SINGLE_STUDY: "Rests on one study",
    Flag.SINGLE_CASE: "Rests on single-case studies of a few students",
    Flag.NON_STUDENT_UNIT: "Measured on teachers, classes or schools, not on students",
    Flag.TEACHER_OUTCOME: "The outcome is about teachers or leaders, not students",
    Flag.FOLLOWUP_ONLY: "Every effect was measured some time after the program ended",
    Flag.POOLED_SAMPLE: "The finding has fewer than 350 people; another one of the study has more",
    Flag.OLD_STANDARDS: "Reviewed only under WWC standards older than version 2.1",
    Flag.GRADES_UNKNOWN: "The grades studied are not recorded",
    Flag.POSTSECONDARY_ONLY: "Studied only with college students or adults",
    Flag.STANDARDS_5_UNTIERED: "Reviewed under standards 5.0; the WWC has published no tier for it",
}

# Significance looks bulk-set in these reviews: effects near zero and below are marked significant.
# `evidence_rules.md` 4.6, read on the 2025-08-25 export.
SUSPECT_REVIEWS = frozenset(
    {55712, 63132, 67255, 68735, 68786, 68962, 69484, 70964, 71820, 71974, 1903733}
)

TEACHER_DOMAIN = re.compile(
    r"\b(teacher|educator|school leader|leader)\b|^instructional practice$", re.IGNORECASE
)

_AFTER_THE_END = re.compile(r"^\s*(\d+(?:\.\d+)?)\s")


def is_teacher_domain(outcome_domain: str) -> bool:
    """Tell whether an outcome domain is about adults' practice, knowledge or retention."""
    return bool(TEACHER_DOMAIN.search(outcome_domain))


def is_followup(finding: Finding) -> bool:
    """Tell whether the period reads as more than zero after the end; free text, so partial."""
    found = _AFTER_THE_END.match(finding.period or "")
    return bool(found and float(found[1]) > 0)
