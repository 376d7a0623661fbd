"""Shapes of the plan check's answers."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from recommender.plan.rules import Asks
from recommender.plan.verdicts import Verdict
from service.api.answers import IndexAnswer, TurnaroundPractice

PlanOutcome = Literal["meets", "does_not_meet", "needs_review"]


class RuleAnswer(BaseModel):
    """A rule of the money."""

    id: str = Field(examples=["ma-plan"])
    name: str
    asks: Asks
    source: str


class RulesAnswer(BaseModel):
    """All rules that a plan can be checked under."""

    rules: list[RuleAnswer]


class UsedRuleAnswer(BaseModel):
    """The rule that a plan was checked under."""

    id: str
    name: str
    asks: Asks


class NamedPractice(BaseModel):
    """The practice that a strategy was linked to."""

    practice_id: str
    name: str


class DecidingFindingAnswer(BaseModel):
    """The finding that decides."""

    study_id: str
    finding_id: str
    outcome_domain: str
    citation: str


class StrategyAnswer(BaseModel):
    """What the check says of one strategy."""

    id: str
    verdict: Verdict
    tier: int | None
    practice: NamedPractice | None
    confidence: float | None
    quote: str | None = Field(description="The plan's words that decided")
    finding: DecidingFindingAnswer | None
    guide_url: str | None
    turnaround_practices: list[TurnaroundPractice]
    reasons: list[str]
    question: str | None = Field(description="What a person has to answer")


class CoverageAnswer(BaseModel):
    """Turnaround practices that the plan's strategies serve, and those they do not."""

    covered: list[TurnaroundPractice]
    missing: list[TurnaroundPractice]


class PlanOutcomeAnswer(BaseModel):
    """What the check says of a plan as a whole."""

    has_tier_1_3: bool | None = Field(description="Null where a person has to decide")
    verdict: PlanOutcome
    rule: UsedRuleAnswer
    turnaround_practices: CoverageAnswer
    index: IndexAnswer


class PlanCheckAnswer(PlanOutcomeAnswer):
    """What the check says of a plan."""

    strategies: list[StrategyAnswer]


class DocumentStrategy(StrategyAnswer):
    """What the check says of one strategy, with its words and place in the document."""

    text: str
    place: str | None
    heading_practice: TurnaroundPractice | None = Field(
        description="The turnaround practice that the document's own heading names"
    )


class ExtractedStrategy(BaseModel):
    """One strategy as it stands in the document."""

    id: str
    text: str
    place: str | None
    turnaround_practice: TurnaroundPractice | None


class SectionAnswer(BaseModel):
    """Whether the document has a section that the state's guidance names."""

    name: str
    found: bool
    place: str | None


class ExtractedAnswer(BaseModel):
    """What was read in the document."""

    strategies: list[ExtractedStrategy]
    sections: list[SectionAnswer]
    notes: list[str] = Field(description="What could not be read, was not found or was left out")
    grades_from: Literal["request", "document", "nowhere"]


class DocumentSchool(BaseModel):
    """The school as it was taken for the check."""

    name: str | None
    grades: list[str]
    subjects: list[str]
    student_groups: list[str]
    urbanicity: str | None
    state: str | None


class SuggestedPractice(BaseModel):
    """A tested practice that serves the same aim."""

    practice_id: str
    name: str
    tier: int | None
    outcome_domains: list[str]
    why: list[str]
    url: str


class SuggestionsAnswer(BaseModel):
    """What could be looked at instead of, or beside, one strategy."""

    strategy_id: str | None
    practices: list[SuggestedPractice]


class DocumentCheckAnswer(PlanOutcomeAnswer):
    """What the check says of a plan in a document."""

    file: str
    sha256: str
    kind: str = Field(examples=["docx"])
    school: DocumentSchool
    strategies: list[DocumentStrategy]
    sections: list[SectionAnswer]
    notes: list[str]
    suggestions: list[SuggestionsAnswer]
    check: dict[str, Any] = Field(description="The program and lists behind the verdict")
    extracted: ExtractedAnswer
