"""The words of the project as frozen records. Unknown is `None`, never 0 or an empty string."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

GRADES = ("PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "PS")
"""Grades in school order; PS is postsecondary, the WWC's own label."""


def normal_grade(text: str) -> str:
    """Return a grade in the form of `GRADES` where a usual spelling is known, else the text."""
    key = text.strip().upper().replace("-", "").replace("GRADE", "").strip()
    names = {"PREK": "PK", "PREKINDERGARTEN": "PK", "KG": "K", "KINDERGARTEN": "K"}
    return names.get(key, key.lstrip("0") or text)


class Design(StrEnum):
    """Study designs, one spelling each."""

    RCT = "randomized controlled trial"
    QED = "quasi-experimental design"
    SINGLE_CASE = "single-case design"
    REGRESSION_DISCONTINUITY = "regression discontinuity design"


class StandardsRating(StrEnum):
    """Whether a review found that a study, or a finding, meets WWC standards."""

    WITHOUT_RESERVATIONS = "meets WWC standards without reservations"
    WITH_RESERVATIONS = "meets WWC standards with reservations"
    DOES_NOT_MEET = "does not meet WWC standards"
    INELIGIBLE = "ineligible for review"


class Unit(StrEnum):
    """Unit of analysis of a finding."""

    STUDENT = "student"
    TEACHER = "teacher"
    CLASS = "class"
    SCHOOL = "school"
    CENTER = "center"


class Direction(StrEnum):
    """The WWC's own word for a finding's direction where it gives one."""

    FAVORABLE = "favorable"
    UNFAVORABLE = "unfavorable"
    NOT_DISCERNIBLE = "not discernible"


class Kind(StrEnum):
    """The two kinds of practice."""

    INTERVENTION = "intervention"
    GUIDE_RECOMMENDATION = "guide_recommendation"


class TierSource(StrEnum):
    """Who gave a practice its tier."""

    WWC = "wwc"
    DERIVED = "derived"
    GUIDE = "guide"
    NONE = "none"


class EvidenceLevel(StrEnum):
    """Level of evidence of a practice-guide recommendation."""

    STRONG = "strong"
    MODERATE = "moderate"
    MINIMAL = "minimal"


class Fit(StrEnum):
    """Whether the people or places studied overlap those of a school."""

    OVERLAPS = "overlaps"
    DOES_NOT_OVERLAP = "does_not_overlap"
    NOT_REPORTED = "not_reported"


@dataclass(frozen=True, slots=True)
class Sample:
    """Who was studied and where. An empty tuple or a `None` share means not reported."""

    grades: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    urbanicity: tuple[str, ...] = ()
    school_types: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    class_types: tuple[str, ...] = ()
    program_types: tuple[str, ...] = ()
    english_learners_percent: float | None = None
    low_income_percent: float | None = None
    disabilities_percent: float | None = None
    autism_percent: float | None = None
    female_percent: float | None = None
    hispanic_percent: float | None = None
    black_percent: float | None = None
    white_percent: float | None = None
    asian_percent: float | None = None
    native_american_percent: float | None = None
    pacific_islander_percent: float | None = None
    borrowed: tuple[str, ...] = ()
    """Fields blank in the study that were filled from its intervention report."""


@dataclass(frozen=True, slots=True)
class Intervention:
    """A named intervention of the WWC."""

    intervention_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Study:
    """A study with its bibliographic citation."""

    study_id: int
    citation: str
    publication: str | None
    year: int | None
    eric_id: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Review:
    """One WWC review of one study of one intervention; a study can be reviewed several times."""

    review_id: int
    study_id: int
    intervention_id: int
    protocol: str
    protocol_version: str
    standards_version: str
    purpose: str
    design: Design | None
    rating: StandardsRating
    multisite: bool | None
    """Conducted in more than one school (the data dictionary's meaning), `None` if not said."""
    posted: date | None
    topics: tuple[str, ...]
    sample: Sample


@dataclass(frozen=True, slots=True)
class ReportRating:
    """An intervention report's effectiveness rating in one outcome domain."""

    intervention_id: int
    protocol: str
    protocol_version: str
    outcome_domain: str
    rating: str | None
    studies_meeting_standards: int | None
    sample_size: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One outcome measured on one sample in one review of a study."""

    finding_id: int
    review_id: int
    intervention_id: int
    outcome_domain: str
    outcome_measure: str
    period: str | None
    is_subgroup: bool
    unit: Unit
    sample_size: int | None
    intervention_size: float | None
    comparison_size: float | None
    intervention_clusters: int | None
    comparison_clusters: int | None
    effect_size_wwc: float | None
    effect_size_study: float | None
    improvement_index: float | None
    p_value_wwc: float | None
    p_value_study: float | None
    is_significant: bool | None
    designation: Direction | None
    rating: StandardsRating | None
    published_tier: int | None


@dataclass(frozen=True, slots=True)
class GuideRecommendation:
    """One recommendation of a WWC practice guide, in our own words."""

    guide_id: int
    recommendation_id: str
    guide_title: str
    year: int
    revised: int | None
    url: str
    recommendation: str
    how_to: tuple[str, ...]
    level: EvidenceLevel | None
    level_verified: bool
    source_seen: str | None
    standards_2_1_or_later: bool
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    student_groups: tuple[str, ...]

    @property
    def practice_id(self) -> str:
        """Stable id, such as `wwc-practice-guide:24/2`."""
        return f"wwc-practice-guide:{self.guide_id}/{self.recommendation_id}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the evidence corpus holds, each table sorted by id."""

    interventions: tuple[Intervention, ...]
    studies: tuple[Study, ...]
    reviews: tuple[Review, ...]
    report_ratings: tuple[ReportRating, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """The school's side of a fit question; empty or `None` means not stated."""

    grades: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    student_groups: tuple[str, ...] = ()
    urbanicity: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """Our own editorial description of a practice; never evidence."""

    practice_id: str
    name: str
    family: str
    basis: str
    summary: str
    causes: tuple[str, ...]
    aliases: tuple[str, ...]
    not_to_be_confused_with: tuple[str, ...]
    turnaround_primary: int
    turnaround_secondary: tuple[int, ...]
    turnaround_reason: str
    delivery: dict[str, str] = field(default_factory=dict)
    takes: dict[str, str] = field(default_factory=dict)
    watch_for: tuple[str, ...] = ()

    @property
    def turnaround_practices(self) -> tuple[int, ...]:
        """All turnaround practices served, the primary one first."""
        return (self.turnaround_primary, *self.turnaround_secondary)


def intervention_practice_id(intervention_id: int) -> str:
    """Return the stable practice id of an intervention, such as `wwc-intervention:209`."""
    return f"wwc-intervention:{intervention_id}"
