"""One strategy at a time: the plan's words, the evidence beside them, and the decision."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from recommender.errors import BadInput
from recommender.plan.verdicts import Verdict
from recommender.search.recommender import Recommender
from service.access import Role, current, needs
from service.engine import Engine
from service.store import Conflict, Scope, Store
from service.store.audit_records import Decision, ReviewItem, ReviewState
from service.store.decisions import MAX_REASON_CHARACTERS
from service.web.audit_evidence import Evidence, evidence_of, mark_quote
from service.web.audit_filters import Filters, is_own_override, next_item, read_filters
from service.web.audit_queue import review_href
from service.web.audit_words import STATE_WORDS, VERDICT_WORDS, moment, risk_words
from service.web.marking import Piece
from service.web.templating import render
from service.web.words import grade_phrase

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.AUDITOR)])

MAX_ID = 300


@dataclass(frozen=True, slots=True)
class VerdictChoice:
    """One answer that a reviewer can give."""

    value: str
    label: str
    key: str = field(metadata={"help": "chooses it on the keyboard"})
    help: str
    is_override: bool = field(metadata={"help": "a second reader has to confirm it"})


@dataclass(frozen=True, slots=True)
class PastDecision:
    """One line of the history."""

    verdict: str
    reason: str
    reviewer: str
    when: str
    counts: bool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What a reviewer sees of one strategy."""

    faults: tuple[str, ...] = field(metadata={"help": "everything wrong with the decision"})
    item: ReviewItem = field(metadata={"help": "the strategy and where it stands"})
    filters: Filters = field(metadata={"help": "the queue that it was taken from"})
    pieces: tuple[Piece, ...] = field(metadata={"help": "the plan's words, the quote marked"})
    place: str | None = field(metadata={"help": "where it stands in the plan"})
    school: tuple[tuple[str, str], ...] = field(metadata={"help": "school, district, grades"})
    evidence: Evidence = field(metadata={"help": "what the software found"})
    software: str = field(metadata={"help": "the software's verdict in words"})
    verdict: str = field(metadata={"help": "the verdict that counts now"})
    state: str = field(metadata={"help": "where the strategy stands"})
    risk: str = field(metadata={"help": "how urgent it is"})
    is_own_override: bool = field(metadata={"help": "waits for another reader than this one"})
    first_reader: str | None = field(metadata={"help": "name of the first reader"})
    single_user: bool = field(metadata={"help": "there can be no second reader"})
    choices: tuple[VerdictChoice, ...] = field(metadata={"help": "answers to give"})
    chosen: str = field(metadata={"help": "the answer as it was sent"})
    reason: str = field(metadata={"help": "the reason as it was sent"})
    history: tuple[PastDecision, ...] = field(metadata={"help": "all decisions, first to last"})
    skip_href: str | None = field(metadata={"help": "the next strategy without deciding"})
    queue_href: str = field(metadata={"help": "back to the queue"})
    done: str | None = field(metadata={"help": "what was decided just now"})
    build_id: str | None = field(metadata={"help": "the check's index, if another one serves"})
    max_reason: int = MAX_REASON_CHARACTERS


@dataclass(frozen=True, slots=True)
class Sent:
    """A decision as it was sent."""

    plan_id: str
    strategy_id: str
    verdict: str
    reason: str
    seen: str


@router.get("/audit/review")
async def review(request: Request) -> HTMLResponse:
    """Show one strategy."""
    engine: Engine = request.app.state.engine
    query = request.query_params
    sent = Sent(_id(query, "plan"), _id(query, "strategy"), "", "", "")
    filters, _ = read_filters(query)
    return await engine.run(_page, request, sent, filters, (), 200, engine.recommender)


def _id(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    return value[:MAX_ID].replace("\0", "") if isinstance(value, str) else ""


@router.post("/audit/decisions")
async def decide(request: Request) -> Response:
    """Add a decision and go on to the next strategy."""
    form = await request.form()
    said = {name: value for name, value in form.items() if isinstance(value, str)}
    sent = Sent(
        _id(said, "plan"), _id(said, "strategy"), said.get("choice", ""),
        said.get("reason", "").replace("\r\n", "\n"), said.get("seen", ""),
    )  # fmt: skip
    filters, _ = read_filters(said)
    engine: Engine = request.app.state.engine
    return await engine.run(_decide, request, sent, filters, engine.recommender)


def _decide(request: Request, sent: Sent, filters: Filters, search: Recommender) -> Response:
    store: Store = request.app.state.store
    scope = current(request).scope
    if faults := _faults(sent):
        return _page(request, sent, filters, faults, 422, search)
    try:
        store.decisions.decide(
            scope, sent.plan_id, sent.strategy_id, Verdict(sent.verdict), sent.reason,
            int(sent.seen),
        )  # fmt: skip
    except Conflict:
        return _page(request, sent, filters, (_TAKEN,), 409, search)
    key = (sent.plan_id, sent.strategy_id)
    return RedirectResponse(_next_href(store, scope, filters, key), 303)


_TAKEN = (
    "Somebody else has decided on this strategy since you opened it. Read the history below, then "
    "send your decision again if it still holds"
)


def _faults(sent: Sent) -> tuple[str, ...]:
    faults = []
    if sent.verdict not in set(Verdict):
        faults.append("decision: choose one of the answers")
    if not sent.reason.strip():
        faults.append("reason: write why, so that others can follow the decision")
    elif len(sent.reason.strip()) > MAX_REASON_CHARACTERS:
        faults.append(f"reason: at most {MAX_REASON_CHARACTERS} characters")
    elif "\0" in sent.reason:
        faults.append("reason: holds a character that cannot be kept")
    if not (sent.seen.isascii() and sent.seen.isdigit() and len(sent.seen) < 18):
        faults.append("form: load the page again; a part of it is missing")
    return tuple(faults)


def _next_href(store: Store, scope: Scope, filters: Filters, key: tuple[str, str]) -> str:
    done = {"done_plan": key[0], "done_strategy": key[1]}
    found = next_item(store, scope, filters, key)
    if found is None:
        return filters.href("/audit/queue", finished=1)
    return review_href(found, filters, **done)


def _page(
    request: Request,
    sent: Sent,
    filters: Filters,
    faults: Sequence[str],
    status: int,
    search: Recommender,
) -> HTMLResponse:
    store: Store = request.app.state.store
    scope = current(request).scope
    page = review_page(store, scope, sent, filters, search)
    page = replace(
        page,
        faults=tuple(faults),
        single_user=request.app.state.settings.single_user,
        done=_done(store, scope, request),
    )
    return render(request, "audit_review.html", page, status, search.index.manifest)


def review_page(
    store: Store, scope: Scope, sent: Sent, filters: Filters, search: Recommender
) -> ReviewPage:
    """Return the page record of one strategy."""
    key = (sent.plan_id, sent.strategy_id)
    item = store.decisions.item(scope, *key)
    check = store.checks.get(scope, item.check_id)
    body = json.loads(check.body)
    one = next(s for s in body["strategies"] if s["id"] == item.strategy_id)
    plan = store.plans.get(scope, item.plan_id, check.version)
    past = store.decisions.history(scope, *key)
    following = next_item(store, scope, filters, key, skip=True)
    build_id = search.index.manifest.build_id
    return ReviewPage(
        faults=(),
        item=item,
        filters=filters,
        pieces=mark_quote(item.text, one.get("quote")),
        place=one.get("place"),
        school=_school(item, plan.draft.school.grades, check.rule),
        evidence=evidence_of(body, item.strategy_id, plan.draft.school, search),
        software=VERDICT_WORDS[item.software],
        verdict=VERDICT_WORDS[item.verdict],
        state=STATE_WORDS[item.state],
        risk=risk_words(item.risk),
        is_own_override=is_own_override(item, scope),
        first_reader=_first_reader(item, past),
        single_user=False,
        choices=_choices(item),
        chosen=sent.verdict,
        reason=sent.reason,
        history=tuple(map(past_decision, past)),
        skip_href=review_href(following, filters) if following else None,
        queue_href=filters.href("/audit/queue"),
        done=None,
        build_id=check.build_id if check.build_id != build_id else None,
    )


def _school(item: ReviewItem, grades: Sequence[str], rule: str) -> tuple[tuple[str, str], ...]:
    said = (
        ("School", item.school_name or "not stated"),
        ("District", item.district or "not stated"),
        ("Grades", grade_phrase(grades) if grades else "not found in the plan"),
        ("Rule", rule),
    )
    return said


def _first_reader(item: ReviewItem, past: Sequence[Decision]) -> str | None:
    return next((one.reviewer for one in past if one.reviewer_id == item.first_reader), None)


def past_decision(one: Decision) -> PastDecision:
    """Return a decision as the history shows it."""
    words = "Opened again" if one.verdict is Verdict.NEEDS_REVIEW else VERDICT_WORDS[one.verdict]
    return PastDecision(words, one.reason, one.reviewer, moment(one.created_at), one.counts)


def _choices(item: ReviewItem) -> tuple[VerdictChoice, ...]:
    override = item.software is not Verdict.MEETS and item.verdict is not Verdict.MEETS
    waits = item.state is ReviewState.SECOND_READER
    meets = (
        "Confirms the first reader."
        if waits
        else "Waits for a second, different reader."
        if override
        else "The evidence stands behind this strategy."
    )
    return (
        VerdictChoice("meets", "Meets", "m", meets, override),
        VerdictChoice(
            "does_not_meet", "Does not meet", "d",
            "The practice is clear, and its evidence does not count here.", False,
        ),
        VerdictChoice(
            "no_evidence_found", "No evidence found", "n",
            "Nothing in the collection is about it, or it is no strategy.", False,
        ),
        VerdictChoice(
            "needs_review", "Leave it open", "o",
            "Asks a person again; the reason says what is missing.", False,
        ),
    )  # fmt: skip


def _done(store: Store, scope: Scope, request: Request) -> str | None:
    key = (_id(request.query_params, "done_plan"), _id(request.query_params, "done_strategy"))
    if not all(key):
        return None
    try:
        item = store.decisions.item(scope, *key)
    except BadInput:
        return None
    name = f"{item.strategy_id} of {item.plan_title}"
    if item.state is ReviewState.SECOND_READER:
        return f"Kept: {name}. It meets once a second reader confirms it"
    if item.state is ReviewState.UNDECIDED:
        return f"Kept: {name} stays open"
    return f"Kept: {name}, {VERDICT_WORDS[item.verdict].lower()}"
