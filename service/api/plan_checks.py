"""The plan check, of strategies as they are sent or as a document holds them."""

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import Response

from recommender.plan.check import plan_json
from recommender.plan.rules import DEFAULT_RULE
from service.api.caching import json_response
from service.api.documents import (
    blaming_the_file,
    checked_json,
    document_of,
    reader_of,
    require_rule,
)
from service.api.guard import CHECK, SEARCH, engine_of, problems
from service.api.json_route import JsonRoute
from service.api.plan_answers import DocumentCheckAnswer, PlanCheckAnswer, RulesAnswer
from service.api.uploads import UPLOAD_BODY, receive_upload
from service.models import PlanCheckBody

NO_STORE = {"Cache-Control": "no-store"}

router = APIRouter(prefix="/v1", tags=["plans"], route_class=JsonRoute)


@router.get("/rules", dependencies=SEARCH, response_model=RulesAnswer, responses=problems())
async def list_rules(request: Request) -> Response:
    """List the rules that a plan can be checked under, by the money it is paid from."""
    rules = engine_of(request).rules.values()
    return json_response({"rules": [msgspec.to_builtins(rule) for rule in rules]})


@router.post(
    "/plan-checks",
    dependencies=CHECK,
    response_model=PlanCheckAnswer,
    responses=problems(400, 413, 415, 422),
)
async def check_plan(body: PlanCheckBody, request: Request) -> Response:
    """Say for each strategy, and for the plan, whether evidence of tiers 1-3 stands behind it."""
    engine = engine_of(request)
    snapshot = engine.snapshot
    require_rule(snapshot.rules, body.rule)
    rule, checker = snapshot.rules[body.rule], snapshot.checker
    return await engine.run(
        lambda: json_response(plan_json(checker.check(body.as_plan(), rule)), NO_STORE)
    )


@router.post(
    "/plan-checks/document",
    dependencies=CHECK,
    response_model=DocumentCheckAnswer,
    responses=problems(400, 413, 415, 422),
    openapi_extra=UPLOAD_BODY,
)
async def check_document(request: Request) -> Response:
    """Check a plan as it was written: Word, PDF, Excel, CSV, PowerPoint, text or JSON."""
    engine = engine_of(request)
    snapshot = engine.snapshot
    async with await receive_upload(request) as upload:
        require_rule(snapshot.rules, upload.rule or DEFAULT_RULE)
        path = await engine.wait_for(upload.keep)
        with blaming_the_file():
            text, sha256 = await engine.read_document(reader_of(path, upload.max_bytes))

    def check() -> Response:
        with blaming_the_file():
            document = document_of(text, sha256, upload.rule, upload.school)
            require_rule(snapshot.rules, document.rule_id, "body.file.rule")
            checked = snapshot.documents.check(document)
        return json_response(checked_json(checked, upload.school), NO_STORE)

    return await engine.run(check)
