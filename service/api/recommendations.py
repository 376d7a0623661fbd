"""Practices for a root cause."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from recommender.wire import answer_json
from service.api.answers import RecommendationsAnswer
from service.api.caching import json_response
from service.api.guard import SEARCH, engine_of, problems
from service.api.json_route import JsonRoute
from service.models import RecommendationBody

router = APIRouter(prefix="/v1", tags=["search"], route_class=JsonRoute)


@router.post(
    "/recommendations",
    dependencies=SEARCH,
    response_model=RecommendationsAnswer,
    responses=problems(400, 413, 415, 422),
)
async def recommend(body: RecommendationBody, request: Request) -> Response:
    """Return tested practices for one root cause, best first, with reasons and cautions."""
    engine = engine_of(request)
    search = engine.recommender
    return await engine.run(
        lambda: json_response(
            answer_json(search.recommend(body.as_request())), {"Cache-Control": "no-store"}
        )
    )
