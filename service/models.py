"""Shapes of requests, checked at the edge with limits on every input."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from recommender.records import Context, Kind
from recommender.search.recommender import (
    MAX_LIMIT,
    MAX_ROOT_CAUSE_CHARACTERS,
    Filters,
    Request,
)

Grade = Literal["PK", "K", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "PS"]
ShortText = Annotated[str, Field(min_length=1, max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ContextBody(_Strict):
    """The school's context; everything may be left out."""

    grades: list[Grade] = Field(default_factory=list, max_length=15)
    subjects: list[ShortText] = Field(default_factory=list, max_length=20)
    student_groups: list[ShortText] = Field(default_factory=list, max_length=20)
    urbanicity: Literal["urban", "suburban", "rural"] | None = None
    state: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = "MA"

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
        str, Field(min_length=1, max_length=MAX_ROOT_CAUSE_CHARACTERS, pattern=r"\S")
    ]
    context: ContextBody = Field(default_factory=ContextBody)
    filters: FiltersBody = Field(default_factory=FiltersBody)
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 10
    group_by_family: bool = False

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
