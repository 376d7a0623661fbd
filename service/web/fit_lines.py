"""Fit to the school, one aspect a line, in words that say what was studied.

Not reported is never a match, and what the school did not say is not asked.
"""

from dataclasses import dataclass, field

from recommender.evidence.fit import GROUP_SHARES, FitJudgement, normal_group
from recommender.records import Context, Fit, Sample
from service.web.words import grade_phrase, grade_words, listed

NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class FitLine:
    """One aspect of fit."""

    aspect: str = field(metadata={"help": "grades, student groups, setting or state"})
    state: str = field(metadata={"help": "overlaps, does_not_overlap, not_reported or not_asked"})
    words: str = field(metadata={"help": "what was studied, beside what the school said"})


def fit_lines(
    fit: FitJudgement, sample: Sample, school: Context, is_guide: bool = False
) -> tuple[FitLine, ...]:
    """Return the four aspects of one practice for one school."""
    return (
        _grades(fit.grades, sample, school, is_guide),
        _groups(fit.student_groups, sample, school, is_guide),
        _setting(fit.urbanicity, sample, school, is_guide),
        _state(fit.state, sample, school, is_guide),
    )


def _line(aspect: str, asked: bool, fit: Fit, studied: str, nothing: str) -> FitLine:
    state = fit.value if asked else NOT_ASKED
    tail = "" if asked else " You did not say yours."
    return FitLine(aspect, state, (studied or nothing) + tail)


def _grades(fit: Fit, sample: Sample, school: Context, is_guide: bool) -> FitLine:
    verb = "Written for" if is_guide else "Studied in"
    studied = f"{verb} {grade_phrase(sample.grades)}." if sample.grades else ""
    if fit is Fit.OVERLAPS and studied:
        shared = [grade for grade in school.grades if grade in sample.grades]
        studied = studied.rstrip(".") + f"; of yours: {grade_words(shared)}."
    elif fit is Fit.DOES_NOT_OVERLAP and studied:
        studied = studied.rstrip(".") + f", not in yours ({grade_words(school.grades)})."
    return _line("Grades", bool(school.grades), fit, studied, _nothing("grades", is_guide))


def _groups(fit: Fit, sample: Sample, school: Context, is_guide: bool) -> FitLine:
    parts = [_share(sample, group) for group in school.student_groups]
    nothing = _nothing("student groups", is_guide)
    return _line("Student groups", bool(parts), fit, " ".join(parts), nothing)


def _share(sample: Sample, group: str) -> str:
    share = getattr(sample, GROUP_SHARES.get(normal_group(group), ""), None)
    name = group[0].upper() + group[1:]
    if share is None:
        return f"{name}: share not reported."
    if share == 0:
        return f"{name}: none in the samples."
    return f"{name}: up to {share:.0f}% of a sample."


def _setting(fit: Fit, sample: Sample, school: Context, is_guide: bool) -> FitLine:
    studied = f"Studied in {listed(sample.urbanicity)} schools." if sample.urbanicity else ""
    return _line("Setting", school.urbanicity is not None, fit, studied, _nothing("one", is_guide))


def _state(fit: Fit, sample: Sample, school: Context, is_guide: bool) -> FitLine:
    places = [*sample.states, *(f"region {region}" for region in sample.regions)]
    if len(places) > 8:
        places = [*places[:8], f"{len(places) - 8} more"]
    studied = f"Studied in {listed(places)}." if places else ""
    return _line("State", school.state is not None, fit, studied, _nothing("states", is_guide))


def _nothing(what: str, is_guide: bool) -> str:
    if is_guide:
        return "The guide does not state any."
    return "The studies do not report it." if what == "one" else f"The studies report no {what}."
