"""The studies behind a practice, and where and with whom it was tested."""

from dataclasses import dataclass, field

from recommender.evidence.fit import FitJudgement
from recommender.index.catalogue import EvidenceFile
from recommender.records import Review, Sample, Study
from service.web.fit_lines import FitLine, fit_lines
from service.web.school import School
from service.web.words import grade_phrase, grade_words, listed

ERIC = "https://eric.ed.gov/?id="

_SHARES = (
    ("english_learners_percent", "English learners"),
    ("low_income_percent", "Low-income students"),
    ("disabilities_percent", "Students with disabilities"),
    ("autism_percent", "Students with autism"),
    ("female_percent", "Girls"),
    ("hispanic_percent", "Hispanic students"),
    ("black_percent", "Black students"),
    ("white_percent", "White students"),
    ("asian_percent", "Asian students"),
    ("native_american_percent", "Native American students"),
    ("pacific_islander_percent", "Pacific Islander students"),
)


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One WWC review of the study."""

    design: str
    rating: str
    standards: str
    protocol: str
    grades: str
    place: str
    borrowed: bool = field(metadata={"help": "blanks were filled from the intervention report"})


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One study with its links."""

    study_id: int
    citation: str
    url: str
    eric_url: str | None
    reviews: tuple[ReviewRow, ...]


@dataclass(frozen=True, slots=True)
class ContextRow:
    """One aspect of where it was tested, beside the school's own."""

    line: FitLine
    yours: str


def study_rows(file: EvidenceFile) -> tuple[StudyRow, ...]:
    """Return the studies, the latest first."""
    ordered = sorted(file.studies, key=lambda study: (-(study.year or 0), study.study_id))
    return tuple(_study(study, file) for study in ordered)


def _study(study: Study, file: EvidenceFile) -> StudyRow:
    reviews = [review for review in file.reviews if review.study_id == study.study_id]
    return StudyRow(
        study_id=study.study_id,
        citation=study.citation,
        url=study.url,
        eric_url=ERIC + study.eric_id if study.eric_id else None,
        reviews=tuple(dict.fromkeys(map(_review, reviews))),
    )


def _review(review: Review) -> ReviewRow:
    places = [*review.sample.urbanicity, *review.sample.states, *review.sample.regions]
    return ReviewRow(
        design=review.design.value if review.design else "not reported",
        rating=review.rating.value,
        standards=review.standards_version,
        protocol=review.protocol,
        grades=grade_words(review.sample.grades) or "not reported",
        place=", ".join(places) or "not reported",
        borrowed=bool(review.sample.borrowed),
    )


def context_rows(
    fit: FitJudgement, sample: Sample, school: School, is_guide: bool
) -> tuple[ContextRow, ...]:
    """Return each aspect of fit with what the school said."""
    context = school.as_context()
    yours = (
        grade_phrase(school.grades) if school.grades else "",
        listed(school.groups),
        school.urbanicity or "",
        context.state or "",
    )
    lines = fit_lines(fit, sample, context, is_guide)
    return tuple(ContextRow(line, said or "not said") for line, said in zip(lines, yours))


def sample_facts(sample: Sample) -> tuple[tuple[str, str], ...]:
    """Return what the studies report of their samples and settings; blanks are left out."""
    facts = [
        ("Delivered to", listed(sample.delivery)),
        ("School types", listed(sample.school_types)),
        ("Class types", listed(sample.class_types)),
        ("Type of program", listed(sample.program_types)),
    ]
    for name, label in _SHARES:
        share = getattr(sample, name)
        facts.append((label, "" if share is None else f"up to {share:.0f}% of a sample"))
    return tuple((label, text) for label, text in facts if text)
