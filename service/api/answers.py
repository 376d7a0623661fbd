"""Shapes of answers, for the OpenAPI document; a test holds real answers to them."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from recommender.evidence.fit import FitJudgement
from recommender.evidence.rollup import FindingCounts
from recommender.records import (
    Direction,
    GuideRecommendation,
    Kind,
    Profile,
    Review,
    Sample,
    StandardsRating,
    Study,
    TierSource,
    Unit,
)

Tier = Literal[1, 2, 3]
TurnaroundPractice = Literal[1, 2, 3, 4]


class IndexAnswer(BaseModel):
    """The build behind an answer."""

    built_at: datetime
    evidence_date: str = Field(examples=["2025-08-25"])
    corpus_sha256: str
    build_id: str


class FieldErrorAnswer(BaseModel):
    """One bad field."""

    field: str = Field(examples=["body.context.grades.0"])
    message: str


class ProblemAnswer(BaseModel):
    """A failure, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorAnswer]


class RecommendationAnswer(BaseModel):
    """One ranked practice with the reasons for its place."""

    rank: int
    practice_id: str = Field(examples=["wwc-intervention:209"])
    name: str
    kind: Kind
    summary: str | None
    tier: Tier | None = Field(description="Best ESSA evidence tier of the practice")
    tier_source: TierSource
    tier_confirmed: bool
    tier_for_need: Tier | None = Field(description="Best tier in the outcomes of the root cause")
    tier_in_school: int | None = Field(
        description="Tier after overlap with the school; null if no grades are given"
    )
    tier_outcomes: list[str]
    turnaround_practices: list[TurnaroundPractice]
    family: str | None
    score: float
    why: list[str]
    matched_words: list[str]
    fit: FitJudgement
    cautions: list[str]
    findings: FindingCounts
    studies: int
    deciding_findings: list[int]
    terms: dict[str, float]
    url: str


class RecommendationsAnswer(BaseModel):
    """Practices for one root cause, best first."""

    results: list[RecommendationAnswer]
    no_good_match: bool = Field(description="Nothing in the collection is about this cause")
    index: IndexAnswer


class CardAnswer(BaseModel):
    """One practice in short."""

    practice_id: str
    name: str
    kind: Kind
    tier: Tier | None
    tier_source: TierSource
    tier_confirmed: bool
    published_tier: int | None
    family: str | None
    family_name: str | None
    summary: str | None
    turnaround_practices: list[TurnaroundPractice]
    grades: list[str]
    outcome_domains: list[str]
    findings: FindingCounts
    studies: int
    postsecondary_only: bool
    url: str


class PracticesAnswer(BaseModel):
    """One page of a list of practices."""

    practices: list[CardAnswer]
    total: int
    page: int
    per_page: int
    index: IndexAnswer


class TestAnswer(BaseModel):
    """One test of the tier rules on one finding."""

    test: str
    asks: str
    passed: bool | None
    seen: str | None
    source: str


class FindingAnswer(BaseModel):
    """One finding with its study, its review and the tier tests."""

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
    derived_tier: int | None
    study: Study
    review: Review
    tests: list[TestAnswer]


class FindingsAnswer(BaseModel):
    """Every finding of one practice."""

    practice_id: str
    findings: list[FindingAnswer]
    index: IndexAnswer


class PracticeAnswer(CardAnswer):
    """One practice with its profile, outcome domains and evidence."""

    profile: Profile | None
    domains: list[dict[str, Any]] = Field(description="What is claimed of each outcome domain")
    sample: Sample
    flags: list[str]
    siblings: list[str]
    is_umbrella: bool
    guide: GuideRecommendation | None
    evidence: list[FindingAnswer]
    index: IndexAnswer


class MapRowAnswer(BaseModel):
    """Practices of one outcome in one grade band, by tier."""

    area: str
    outcome_domain: str | None = Field(description="Null in the row of the whole area")
    grade_band: str
    tier_1: int
    tier_2: int
    tier_3: int
    studied_without_tier: int
    total: int


class MapAnswer(BaseModel):
    """Where evidence is and is not."""

    rows: list[MapRowAnswer]
    index: IndexAnswer


class StatusAnswer(BaseModel):
    """The process is up."""

    status: Literal["up"]


class ReadyAnswer(BaseModel):
    """Index and store are usable."""

    status: Literal["ready"]
    index: IndexAnswer
