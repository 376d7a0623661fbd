"""The HTTP application: recommendations and practices of the outside contract."""

from pathlib import Path
from typing import Annotated, Any

import msgspec
from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse, PlainTextResponse

from recommender.errors import BadIndex
from recommender.search.evidence_map import evidence_map
from recommender.search.recommender import Recommender
from recommender.wire import answer_json, card_json, findings_json, index_json, practice_json
from service.models import Grade, RecommendationBody
from service.practices import PracticeFilter, find_practices
from service.problems import add_problem_handlers, problem

PER_PAGE = 20
MAX_PER_PAGE = 100


def create_app(indexes: Path, recommender: Recommender | None = None) -> FastAPI:
    """Return the application over the current index; it loads before the first request."""
    app = FastAPI(
        title="Evidence recommender",
        summary="Tested strategies for the root causes in school improvement plans",
        version="1",
    )
    add_problem_handlers(app)
    search = recommender or Recommender.open(indexes)

    @app.get("/", include_in_schema=False)
    def home() -> PlainTextResponse:
        manifest = search.index.manifest
        return PlainTextResponse(
            "Evidence recommender. POST a root cause to /v1/recommendations; /docs shows how.\n"
            f"{manifest.practices} practices, evidence of {manifest.evidence_date}.\n"
        )

    @app.post("/v1/recommendations", tags=["search"])
    def recommendations(body: RecommendationBody) -> dict[str, Any]:
        """Return tested practices for one root cause, best first, with reasons and cautions."""
        return answer_json(search.recommend(body.as_request()))

    @app.get("/v1/practices", tags=["practices"])
    def practices(
        q: Annotated[str | None, Query(max_length=200)] = None,
        tier: Annotated[int | None, Query(ge=1, le=3)] = None,
        turnaround_practice: Annotated[int | None, Query(ge=1, le=4)] = None,
        grade: Grade | None = None,
        domain: Annotated[str | None, Query(max_length=200)] = None,
        page: Annotated[int, Query(ge=1, le=10_000)] = 1,
        per_page: Annotated[int, Query(ge=1, le=MAX_PER_PAGE)] = PER_PAGE,
    ) -> dict[str, Any]:
        """List practices by name; the filters narrow the list."""
        wanted = PracticeFilter(q, tier, turnaround_practice, grade, domain)
        found = find_practices(search.index.cards, wanted)
        start = (page - 1) * per_page
        return {
            "practices": [card_json(card) for card in found[start : start + per_page]],
            "total": len(found),
            "page": page,
            "per_page": per_page,
            "index": index_json(search.index.manifest),
        }

    # Ids of guide recommendations hold a slash, so both routes take the rest of the path.
    @app.get("/v1/practices/{practice_id:path}/findings", tags=["practices"])
    def findings(practice_id: str) -> dict[str, Any]:
        """Return every finding of a practice with its review, study and tier tests."""
        return {
            "practice_id": practice_id,
            "findings": findings_json(search.evidence_file(practice_id)),
            "index": index_json(search.index.manifest),
        }

    @app.get("/v1/practices/{practice_id:path}", tags=["practices"])
    def practice(practice_id: str) -> dict[str, Any]:
        """Return one practice with its profile, outcome domains and evidence."""
        card = search.card(practice_id)
        body = practice_json(card, search.evidence_file(practice_id))
        return body | {"index": index_json(search.index.manifest)}

    rows = evidence_map(search.index.cards, search.index.areas)

    @app.get("/v1/evidence-map", tags=["practices"])
    def show_map() -> dict[str, Any]:
        """Count practices by outcome area, outcome domain, grade band and tier."""
        return {
            "rows": [msgspec.to_builtins(row) | {"total": row.total} for row in rows],
            "index": index_json(search.index.manifest),
        }

    @app.get("/healthz", tags=["operations"])
    def healthz() -> dict[str, str]:
        """Say that the process is up."""
        return {"status": "up"}

    @app.get("/readyz", tags=["operations"])
    def readyz() -> JSONResponse:
        """Say whether the index can be read."""
        try:
            search.evidence_file(search.index.cards[0].practice.practice_id)
        except (BadIndex, OSError, IndexError):
            return problem(503, "the index cannot be read")
        return JSONResponse({"status": "ready", "index": index_json(search.index.manifest)})

    return app
