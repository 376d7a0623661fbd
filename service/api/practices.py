"""The practices, their findings, and the map of evidence."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from recommender.wire import card_json, findings_json, index_json, practice_json
from service.api.answers import FindingsAnswer, MapAnswer, PracticeAnswer, PracticesAnswer
from service.api.caching import cacheable
from service.api.guard import SEARCH, engine_of, problems
from service.engine import Snapshot
from service.models import Grade
from service.practices import PracticeFilter, find_practices

PER_PAGE = 20
MAX_PER_PAGE = 100
MAX_PAGE = 10_000

router = APIRouter(prefix="/v1", tags=["practices"], dependencies=SEARCH)

PracticeId = Annotated[str, Path(min_length=1, max_length=100, examples=["wwc-intervention:209"])]


class PracticesQuery(BaseModel):
    """What a list of practices is narrowed by."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str | None, Field(max_length=200, description="Words of its name, id or other names")
    ] = None
    tier: Annotated[int | None, Field(ge=1, le=3)] = None
    turnaround_practice: Annotated[int | None, Field(ge=1, le=4)] = None
    grade: Grade | None = None
    domain: Annotated[str | None, Field(max_length=200, description="An outcome domain")] = None
    page: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 1
    per_page: Annotated[int, Field(ge=1, le=MAX_PER_PAGE)] = PER_PAGE

    @model_validator(mode="before")
    @classmethod
    def nothing_is_not_given(cls, given: Any) -> Any:
        """Drop empty values: an HTML form sends every field."""
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value != ""}

    def as_filter(self) -> PracticeFilter:
        """Return the filter alone."""
        return PracticeFilter(self.q, self.tier, self.turnaround_practice, self.grade, self.domain)


@router.get("/practices", response_model=PracticesAnswer, responses=problems(304, 422))
async def list_practices(query: Annotated[PracticesQuery, Query()], request: Request) -> Response:
    """List practices by name; the filters narrow the list, Link headers lead through it."""

    def make(snapshot: Snapshot) -> dict[str, Any]:
        index = snapshot.recommender.index
        found = find_practices(index.cards, query.as_filter())
        start = (query.page - 1) * query.per_page
        return {
            "practices": [card_json(card) for card in found[start : start + query.per_page]],
            "total": len(found),
            "page": query.page,
            "per_page": query.per_page,
            "index": index_json(index.manifest),
        }

    return await cacheable(
        request, make, lambda body: {"Link": links(request.url.path, query, body["total"])}
    )


def links(path: str, query: PracticesQuery, total: int) -> str:
    """Return the Link header of a page: first, last, and its neighbours where it has them."""
    last = max(1, -(-total // query.per_page))
    pages = {"first": 1, "last": last}
    if query.page > 1:
        pages["prev"] = min(query.page - 1, last)
    if query.page < last:
        pages["next"] = query.page + 1
    given = query.model_dump(exclude_none=True, exclude={"page"})
    return ", ".join(
        f'<{path}?{urlencode({**given, "page": page})}>; rel="{name}"'
        for name, page in pages.items()
    )


# Ids of guide recommendations hold a slash, so both routes take the rest of the path.
@router.get(
    "/practices/{practice_id:path}/findings",
    response_model=FindingsAnswer,
    responses=problems(304, 404, 422),
)
async def list_findings(practice_id: PracticeId, request: Request) -> Response:
    """Return every finding of a practice with its review, study and tier tests."""
    engine_of(request).recommender.card(practice_id)

    def make(snapshot: Snapshot) -> dict[str, Any]:
        search = snapshot.recommender
        return {
            "practice_id": practice_id,
            "findings": findings_json(search.evidence_file(practice_id)),
            "index": index_json(search.index.manifest),
        }

    return await cacheable(request, make)


@router.get(
    "/practices/{practice_id:path}",
    response_model=PracticeAnswer,
    responses=problems(304, 404, 422),
)
async def show_practice(practice_id: PracticeId, request: Request) -> Response:
    """Return one practice with its profile, outcome domains and evidence."""
    engine_of(request).recommender.card(practice_id)

    def make(snapshot: Snapshot) -> dict[str, Any]:
        search = snapshot.recommender
        body = practice_json(search.card(practice_id), search.evidence_file(practice_id))
        return body | {"index": index_json(search.index.manifest)}

    return await cacheable(request, make)


@router.get("/evidence-map", response_model=MapAnswer, responses=problems(304))
async def show_map(request: Request) -> Response:
    """Count practices by outcome area, outcome domain, grade band and tier."""

    def make(snapshot: Snapshot) -> dict[str, Any]:
        return {
            "rows": [msgspec.to_builtins(row) | {"total": row.total} for row in snapshot.map_rows],
            "index": index_json(snapshot.recommender.index.manifest),
        }

    return await cacheable(request, make)
