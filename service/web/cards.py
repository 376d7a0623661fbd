"""One result of a search as a card: everything the reader needs to judge it, in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from recommender.evidence.rollup import DomainDecision, FindingCounts
from recommender.index.catalogue import Card
from recommender.records import Context
from recommender.search.explain import Recommendation
from recommender.search.recommender import Recommender
from service.web import editorial
from service.web.effects import Effect, effect_on
from service.web.fit_lines import FitLine, fit_lines
from service.web.marking import Piece, mark_words
from service.web.question import Sort
from service.web.school import School
from service.web.templating import practice_url
from service.web.words import (
    KIND_WORDS,
    TAKES_WORDS,
    TierLabel,
    grade_phrase,
    tier_label,
    tier_words,
)

NOT_STATED = "not reported"


@dataclass(frozen=True, slots=True)
class TurnaroundLabel:
    """A turnaround practice by number and name."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class ResultCard:
    """One practice in an answer."""

    rank: int = field(metadata={"help": "place in the answer by relevance"})
    practice_id: str = field(metadata={"help": "stable id"})
    anchor: str = field(metadata={"help": "id of the card in the page"})
    href: str = field(metadata={"help": "page of the practice, with the school"})
    name: str = field(metadata={"help": "name of the practice"})
    kind: str = field(metadata={"help": "program or guide recommendation, in words"})
    summary: str | None = field(metadata={"help": "what it is; editorial"})
    tier: TierLabel = field(metadata={"help": "headline tier"})
    tier_outcomes: tuple[str, ...] = field(metadata={"help": "outcomes behind the headline tier"})
    tier_for_need: str | None = field(metadata={"help": "tier on what the cause is about"})
    tier_in_school: str | None = field(metadata={"help": "tier after overlap with the school"})
    why: tuple[tuple[Piece, ...], ...] = field(metadata={"help": "reasons, shared words marked"})
    matched_words: tuple[str, ...] = field(metadata={"help": "the cause's words that matched"})
    fit: tuple[FitLine, ...] = field(metadata={"help": "fit to the school by aspect"})
    effect: Effect | None = field(metadata={"help": "size of effect; guides have none"})
    counts: FindingCounts = field(metadata={"help": "main findings by direction"})
    studies: int = field(metadata={"help": "studies reviewed"})
    cautions: tuple[str, ...] = field(metadata={"help": "what to read with care"})
    turnaround: tuple[TurnaroundLabel, ...] = field(metadata={"help": "practices it serves"})
    takes: tuple[tuple[str, str], ...] = field(metadata={"help": "what it takes; editorial"})
    family: str | None = field(metadata={"help": "name of its family"})
    family_id: str | None = field(metadata={"help": "id of its family"})
    plan_text: str = field(metadata={"help": "a first wording for the plan, to be edited"})


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards under one heading; without grouping there is one group and no heading."""

    heading: str | None
    cards: tuple[ResultCard, ...]


def make_card(result: Recommendation, recommender: Recommender, school: School) -> ResultCard:
    """Return the card of one ranked practice."""
    card = recommender.card(result.practice_id)
    context = school.as_context()
    is_guide = card.practice.guide is not None
    headline = tuple(domain.outcome_domain for domain in headline_domains(card))
    return ResultCard(
        rank=result.rank,
        practice_id=result.practice_id,
        anchor=f"result-{result.rank}",
        href=practice_url(result.practice_id, school.query),
        name=result.name,
        kind=KIND_WORDS[result.kind],
        summary=result.summary,
        tier=tier_label(result.tier, result.tier_source, result.tier_confirmed),
        tier_outcomes=headline,
        tier_for_need=_need(result, is_guide, headline),
        tier_in_school=_in_school(result, context),
        why=tuple(mark_words(reason, result.matched_words) for reason in result.why),
        matched_words=result.matched_words,
        fit=fit_lines(result.fit, card.practice.sample, context, is_guide),
        effect=None if is_guide else _effect(result, card, recommender),
        counts=result.findings,
        studies=result.studies,
        cautions=result.cautions,
        turnaround=turnaround_labels(result.turnaround_practices),
        takes=takes_of(card),
        family=card.family_name,
        family_id=result.family,
        plan_text=plan_text(card, context),
    )


def headline_domains(card: Card) -> tuple[DomainDecision, ...]:
    """Return the outcome domains that carry a practice's headline tier."""
    practice = card.practice
    if practice.tier is None:
        return ()
    return tuple(
        domain
        for domain in practice.domains
        if domain.tier == practice.tier and domain.source is practice.tier_source
    )


def turnaround_labels(numbers: Sequence[int]) -> tuple[TurnaroundLabel, ...]:
    """Return turnaround practices with their official names."""
    names = editorial.turnaround_practices()
    return tuple(TurnaroundLabel(number, names[number].name) for number in numbers)


def takes_of(card: Card) -> tuple[tuple[str, str], ...]:
    """Return what a practice takes, leaving out what is not reported."""
    takes = card.profile.takes if card.profile else {}
    said = ((label, takes.get(key, "")) for key, label in TAKES_WORDS.items())
    return tuple((label, text) for label, text in said if text and text != NOT_STATED)


def plan_text(card: Card, context: Context) -> str:
    """Return a first wording of the strategy; the plan page lets the team change it."""
    name = card.practice.name.rstrip(".")
    where = f" in {grade_phrase(context.grades)}" if context.grades else ""
    if card.practice.guide is not None:
        return f"{name}{where}."
    return f"Use {name}{where}."


def arrange(cards: Sequence[ResultCard], sort: Sort, by_family: bool) -> tuple[CardGroup, ...]:
    """Sort the cards and put them under their families where asked; ties fall by rank."""
    ordered = sorted(cards, key=lambda card: _order(card, sort))
    if not by_family:
        return (CardGroup(None, tuple(ordered)),)
    groups: dict[str, list[ResultCard]] = {}
    for card in ordered:
        groups.setdefault(card.family or "Other", []).append(card)
    return tuple(CardGroup(heading, tuple(found)) for heading, found in groups.items())


def _order(card: ResultCard, sort: Sort) -> tuple[object, ...]:
    if sort is Sort.TIER:
        return (card.tier.number or 9, card.rank)
    if sort is Sort.NAME:
        return (card.name.lower(), card.rank)
    return (card.rank,)


def _need(result: Recommendation, is_guide: bool, headline: tuple[str, ...]) -> str | None:
    """The need's tier, where it says more than the headline does."""
    if is_guide or not result.tier_outcomes:
        return None
    if result.tier_for_need == result.tier and set(result.tier_outcomes) == set(headline):
        return None
    if result.tier_for_need is None:
        return "No finding with a tier on what your cause is about"
    return f"{tier_words(result.tier_for_need)}, on {', '.join(result.tier_outcomes)}"


def _in_school(result: Recommendation, context: Context) -> str | None:
    if not context.grades or result.tier is None:
        return None
    if result.tier_in_school is None:
        return "No tier counts there"
    return tier_words(result.tier_in_school)


def _effect(result: Recommendation, card: Card, recommender: Recommender) -> Effect:
    """The outcomes of the tier shown; without any tier, all outcomes."""
    names = set(result.tier_outcomes)
    shown = [d for d in card.practice.domains if not names or d.outcome_domain in names]
    evidence = recommender.evidence_file(result.practice_id)
    return effect_on(shown, [found.finding for found in evidence.findings])
