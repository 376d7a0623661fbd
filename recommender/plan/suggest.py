"""Tested practices for a strategy that lacks evidence: the same aim, and a tier in this school.

What is suggested would meet the check if the school adopted it; the search says what is near.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from recommender.index.catalogue import Card
from recommender.plan.school import Standing, judge_locally
from recommender.plan.verdicts import Plan, PlanVerdict, StrategyVerdict, Verdict
from recommender.records import Context
from recommender.search.explain import Recommendation
from recommender.search.recommender import (
    MAX_ROOT_CAUSE_CHARACTERS,
    Answer,
    Filters,
    Recommender,
    Request,
)

MOST = 3
# Of this many practices nearest to the strategy; further down they serve another aim.
NEAREST = 10
# Less near than this share of the nearest one, a practice serves another aim; read off the answers
# to a few dozen strategies of made-up plans.
NEAR_SHARE = 0.85
_TOP_TIERS = (1, 2, 3)
_LACKING = (Verdict.NEEDS_REVIEW, Verdict.NO_EVIDENCE_FOUND, Verdict.DOES_NOT_MEET)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A practice with a tier in this school."""

    practice_id: str
    name: str
    tier: int
    """In this school, as the check would count it."""
    outcome_domains: tuple[str, ...]
    why: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a strategy could be replaced or filled out with; empty where nothing is near."""

    strategy_id: str
    practices: tuple[Suggestion, ...]


def suggest_for_plan(
    recommender: Recommender, plan: Plan, verdict: PlanVerdict
) -> tuple[Suggestions, ...]:
    """Suggest practices for each strategy without a tier, unless the plan meets its rule."""
    if verdict.verdict is Verdict.MEETS or not plan.school.grades:
        return ()
    texts = {strategy.strategy_id: strategy.text for strategy in plan.strategies}
    return tuple(
        Suggestions(one.strategy_id, suggest(recommender, texts[one.strategy_id], plan.school, one))
        for one in verdict.strategies
        if one.verdict in _LACKING
    )


def suggest(
    recommender: Recommender, text: str, school: Context, found: StrategyVerdict
) -> tuple[Suggestion, ...]:
    """Return up to three practices near the text, one a family; none where nothing is near."""
    filters = Filters(tiers=_TOP_TIERS)
    request = Request(text[:MAX_ROOT_CAUSE_CHARACTERS], school, filters, NEAREST)
    answer = recommender.recommend(request)
    if answer.no_good_match:
        return ()
    chosen: dict[str, Suggestion] = {}
    for result in _same_aim(answer):
        family = result.family or result.practice_id
        # The verdict already names this one and asks about it.
        if result.practice_id == found.practice_id or family in chosen:
            continue
        if (suggestion := _in_school(recommender, result, school)) is not None:
            chosen[family] = suggestion
    return tuple(chosen.values())[:MOST]


def _same_aim(answer: Answer) -> Iterable[Recommendation]:
    """Yield what is near enough, and tested on what the strategy is about where it says so."""
    nearest = max((result.score for result in answer.results), default=0.0)
    for result in answer.results:
        is_about_it = result.tier_for_need is not None or not answer.query.areas
        if is_about_it and result.score >= NEAR_SHARE * nearest:
            yield result


def _in_school(
    recommender: Recommender, result: Recommendation, school: Context
) -> Suggestion | None:
    family = list(_programme(recommender, result.practice_id))
    local = judge_locally(family, school, ())
    if local.standing is not Standing.COUNTS or local.tier not in _TOP_TIERS:
        return None
    domains = (local.outcome_domain,) if local.outcome_domain else result.tier_outcomes
    return Suggestion(
        result.practice_id, result.name, local.tier, domains, result.why[:2], result.url
    )


def _programme(recommender: Recommender, practice_id: str) -> Iterable[Card]:
    card = recommender.card(practice_id)
    yield card
    yield from (recommender.card(sibling) for sibling in card.practice.siblings)
