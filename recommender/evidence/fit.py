"""Does the evidence fit this school, and which tier counts there?

34 CFR 77.1: strong evidence needs overlap with both the populations and the settings of the
school, moderate with either; without overlap promising is the most it can be. Unknown is never a
match. The step down is our reading, not a WWC rating.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from recommender.records import Context, Fit, Sample

NORTHEAST = ("CT", "MA", "ME", "NH", "NJ", "NY", "PA", "RI", "VT")
"""The Census Bureau's Northeast, the region names that the export uses."""

GROUP_SHARES = {
    "english learners": "english_learners_percent",
    "students with disabilities": "disabilities_percent",
    "low-income": "low_income_percent",
}
"""Student groups whose share of the sample the export reports."""

_GROUP_NAMES = {
    "english learner": "english learners",
    "english language learners": "english learners",
    "multilingual learners": "english learners",
    "ell": "english learners",
    "el": "english learners",
    "mll": "english learners",
    "swd": "students with disabilities",
    "disabilities": "students with disabilities",
    "special education": "students with disabilities",
    "low income": "low-income",
    "low-income students": "low-income",
    "economically disadvantaged": "low-income",
}


@dataclass(frozen=True, slots=True)
class FitJudgement:
    """Overlap of the people and places studied with a school, each dimension apart.

    A dimension that the school does not state, or the source does not report, is not reported.
    """

    grades: Fit
    student_groups: Fit
    urbanicity: Fit
    state: Fit

    @property
    def population(self) -> Fit:
        """Grades, and groups where the school asks for them."""
        if self.grades is Fit.OVERLAPS and self.student_groups is Fit.DOES_NOT_OVERLAP:
            return Fit.DOES_NOT_OVERLAP
        return self.grades

    @property
    def setting(self) -> Fit:
        """Urbanicity or place: either overlapping is enough."""
        return _any((self.urbanicity, self.state))


def normal_group(name: str) -> str:
    """Return the standard name of a student group."""
    key = " ".join(name.lower().split())
    return _GROUP_NAMES.get(key, key)


def judge_fit(sample: Sample, context: Context) -> FitJudgement:
    """Judge one sample against a school."""
    return FitJudgement(
        grades=_shared(context.grades, sample.grades),
        student_groups=_any(_group(sample, name) for name in context.student_groups),
        urbanicity=_shared(_one(context.urbanicity), sample.urbanicity),
        state=_state(sample, context.state),
    )


def judge_fits(samples: Iterable[Sample], context: Context) -> FitJudgement:
    """Judge several samples: one that overlaps is enough, per dimension."""
    fits = [judge_fit(sample, context) for sample in samples]
    return FitJudgement(
        grades=_any(fit.grades for fit in fits),
        student_groups=_any(fit.student_groups for fit in fits),
        urbanicity=_any(fit.urbanicity for fit in fits),
        state=_any(fit.state for fit in fits),
    )


def own_facts(sample: Sample) -> Sample:
    """Blank what was lent by the intervention report: it pools studies, so one may not hold it."""
    blank: dict[str, Any] = {
        name: None if name.endswith("_percent") else () for name in sample.borrowed
    }
    return replace(sample, **blank, borrowed=()) if blank else sample


def tier_in_school(tier: int | None, fit: FitJudgement, asks_groups: bool = False) -> int | None:
    """Return the tier that counts in the school: stepped down where overlap is not shown."""
    if tier is None or tier >= 3:
        return tier
    population = fit.grades is Fit.OVERLAPS and (
        not asks_groups or fit.student_groups is Fit.OVERLAPS
    )
    overlaps = population + (fit.setting is Fit.OVERLAPS)
    if tier == 1 and overlaps == 2:
        return 1
    return 2 if overlaps else 3


def _shared(asked: tuple[str, ...], studied: tuple[str, ...]) -> Fit:
    if not asked or not studied:
        return Fit.NOT_REPORTED
    return Fit.OVERLAPS if set(asked) & set(studied) else Fit.DOES_NOT_OVERLAP


def _group(sample: Sample, name: str) -> Fit:
    field = GROUP_SHARES.get(normal_group(name))
    share = getattr(sample, field) if field else None
    if share is None:
        return Fit.NOT_REPORTED
    return Fit.OVERLAPS if share > 0 else Fit.DOES_NOT_OVERLAP


def _state(sample: Sample, state: str | None) -> Fit:
    if state is None or not (sample.states or sample.regions):
        return Fit.NOT_REPORTED
    if state in sample.states or (state in NORTHEAST and "Northeast" in sample.regions):
        return Fit.OVERLAPS
    return Fit.DOES_NOT_OVERLAP


def _one(value: str | None) -> tuple[str, ...]:
    return () if value is None else (value,)


def _any(fits: Iterable[Fit]) -> Fit:
    found = set(fits)
    for answer in (Fit.OVERLAPS, Fit.DOES_NOT_OVERLAP):
        if answer in found:
            return answer
    return Fit.NOT_REPORTED
