"""Shapes of requests, checked at the edge with limits on every input."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, field_validator
from pydantic_core import PydanticCustomError

from recommender.plan.check import MAX_STRATEGIES, MAX_STRATEGY_CHARACTERS
from recommender.plan.rules import DEFAULT_RULE
from recommender.plan.verdicts import Plan, Strategy
from recommender.records import Context, Kind
from recommender.search.recommender import (
    MAX_LIMIT,
    MAX_ROOT_CAUSE_CHARACTERS,
    Filters,
    Request,
)

Grade = Literal["PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "PS"]
Urbanicity = Literal["urban", "suburban", "rural"]
State = Annotated[str, Field(pattern="^[A-Z]{2}$")]
# Text that holds more than spaces.
_SAYS_SOMETHING = r"\S"
ShortText = Annotated[str, Field(min_length=1, max_length=100)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
RuleId = Annotated[str, Field(min_length=1, max_length=50)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContextBody(_Strict):
    """The school's context; everything may be left out."""

    grades: list[Grade] = Field(default_factory=list, max_length=15)
    subjects: list[ShortText] = Field(default_factory=list, max_length=20)
    student_groups: list[ShortText] = Field(default_factory=list, max_length=20)
    urbanicity: Urbanicity | None = None
    state: State | None = "MA"

    def as_context(self) -> Context:
        """Return the library's own record."""
        return Context(
            tuple(self.grades),
            tuple(self.subjects),
            tuple(self.student_groups),
            self.urbanicity,
            self.state,
        )


class FiltersBody(_Strict):
    """What an answer may hold; an empty list means anything."""

    tiers: list[Literal[1, 2, 3]] = Field(default_factory=list, max_length=3)
    turnaround_practices: list[Literal[1, 2, 3, 4]] = Field(default_factory=list, max_length=4)
    kinds: list[Kind] = Field(default_factory=list, max_length=2)


class RecommendationBody(_Strict):
    """Body of `POST /v1/recommendations`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "root_cause": "Gr. 4-5 students cannot explain fraction size; "
                    "fractions are taught as rules",
                    "context": {"grades": ["4", "5"], "subjects": ["math"]},
                    "limit": 5,
                }
            ]
        },
    )

    root_cause: Annotated[
        str,
        Field(min_length=1, max_length=MAX_ROOT_CAUSE_CHARACTERS, pattern=_SAYS_SOMETHING),
    ]
    context: ContextBody = Field(default_factory=ContextBody)
    filters: FiltersBody = Field(default_factory=FiltersBody)
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 10
    group_by_family: StrictBool = False

    def as_request(self) -> Request:
        """Return the library's own record."""
        filters = self.filters
        return Request(
            self.root_cause,
            self.context.as_context(),
            Filters(
                tuple(filters.tiers), tuple(filters.turnaround_practices), tuple(filters.kinds)
            ),
            self.limit,
            self.group_by_family,
        )


class SchoolBody(ContextBody):
    """The school that a plan is for; its grades decide whether evidence fits."""

    name: Name | None = None


class StrategyBody(_Strict):
    """One strategy in the plan's own words."""

    id: Name
    text: Annotated[
        str, Field(min_length=1, max_length=MAX_STRATEGY_CHARACTERS, pattern=_SAYS_SOMETHING)
    ]


class PlanCheckBody(_Strict):
    """Body of `POST /v1/plan-checks`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "rule": DEFAULT_RULE,
                    "school": {"grades": ["K", "1"], "urbanicity": "urban", "state": "MA"},
                    "strategies": [
                        {
                            "id": "s1",
                            "text": "Reading Recovery for the lowest readers in grade 1, "
                            "30 minutes daily",
                        },
                        {"id": "s2", "text": "Order new classroom libraries"},
                    ],
                }
            ]
        },
    )

    rule: RuleId = DEFAULT_RULE
    school: SchoolBody = Field(default_factory=SchoolBody)
    strategies: Annotated[list[StrategyBody], Field(min_length=1, max_length=MAX_STRATEGIES)]

    @field_validator("strategies")
    @classmethod
    def ids_are_unique(cls, strategies: list[StrategyBody]) -> list[StrategyBody]:
        """Refuse an id that comes twice: the answer could not tell the two apart."""
        if twice := repeated([strategy.id for strategy in strategies]):
            places = ", ".join(map(str, twice))
            raise PydanticCustomError(
                "repeated_id", "the id of number {places} came before", {"places": places}
            )
        return strategies

    def as_plan(self) -> Plan:
        """Return the library's own record."""
        strategies = tuple(Strategy(strategy.id, strategy.text) for strategy in self.strategies)
        return Plan(self.school.as_context(), strategies, self.school.name)


def repeated(ids: Sequence[str]) -> list[int]:
    """Return the numbers, from 1, of ids that came before."""
    first = {id_: number for number, id_ in reversed(list(enumerate(ids)))}
    return [number + 1 for number, id_ in enumerate(ids) if first[id_] != number]
