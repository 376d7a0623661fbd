"""What those who run the service ask it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from recommender.errors import RecommenderError
from recommender.wire import index_json
from service.access import Role, needs
from service.api.answers import ReadyAnswer, StatusAnswer
from service.api.caching import json_response
from service.api.guard import answers, engine_of, problems
from service.metrics import CONTENT_TYPE, Metrics
from service.problems import problem

NO_STORE = {"Cache-Control": "no-store"}

router = APIRouter(tags=["operations"])


@router.get("/healthz", response_model=StatusAnswer)
async def healthz() -> Response:
    """Say that the process is up."""
    return json_response({"status": "up"}, NO_STORE)


@router.get("/readyz", response_model=ReadyAnswer, responses=problems(503))
async def readyz(request: Request) -> Response:
    """Say whether index and store can be used."""
    engine = engine_of(request)
    search = engine.recommender
    try:
        first = search.index.cards[0].practice.practice_id
        await engine.wait_for(search.evidence_file, first)
    except (RecommenderError, OSError, IndexError):
        return problem(503, "the index cannot be read")
    try:
        await engine.wait_for(request.app.state.store.check_ready)
    except (RecommenderError, OSError):
        return problem(503, "the store cannot be used")
    manifest = search.index.manifest
    return json_response({"status": "ready", "index": index_json(manifest)}, NO_STORE)


@router.get(
    "/metrics",
    dependencies=[needs(Role.ADMINISTRATOR)],
    response_class=Response,
    responses=answers(
        {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}, problems()
    ),
)
async def metrics(request: Request) -> Response:
    """Return counts and times for Prometheus; never any text of a plan or a question."""
    engine, measures = engine_of(request), request.app.state.metrics
    assert isinstance(measures, Metrics)
    manifest = engine.recommender.index.manifest
    measures.queue.set(engine.encoder.queued)
    measures.index.clear()
    measures.index.labels(
        manifest.build_id, manifest.built_at.isoformat(), manifest.evidence_date, manifest.model
    ).set(1)
    return Response(measures.page(), headers={"Content-Type": CONTENT_TYPE, **NO_STORE})
