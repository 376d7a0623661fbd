"""Why a practice is in the answer, in plain words, quoting what matched."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from recommender.evidence.fit import (
    FitJudgement,
    judge_fit,
    judge_fits,
    own_facts,
    tier_in_school,
)
from recommender.evidence.flags import MEANING, Flag
from recommender.evidence.rollup import DomainDecision, FindingCounts, Status
from recommender.index.catalogue import Card
from recommender.index.documents import PassageKind
from recommender.index.store import StoredIndex
from recommender.records import Context, Fit, Kind, Sample, TierSource
from recommender.search.query import Query
from recommender.search.ranking import Terms, contributions
from recommender.search.signals import PracticeTable, TextMatch, Values
from recommender.text import STOPWORDS, stem, words

TIER_WORDS = {1: "strong", 2: "moderate", 3: "promising"}

_LEAD = {
    PassageKind.CAUSE: "Addresses a cause like yours",
    PassageKind.SUMMARY: "What it is",
    PassageKind.RECOMMENDATION: "The recommendation",
    PassageKind.HOW_TO: "How it is done",
    PassageKind.TITLE: "A study of it is called",
    PassageKind.OUTCOMES: "What was measured",
    PassageKind.NAME: "Its name",
}


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One ranked practice with the reasons for its place."""

    rank: int
    practice_id: str
    name: str
    kind: Kind
    summary: str | None
    tier: int | None
    tier_source: TierSource
    tier_confirmed: bool
    tier_for_need: int | None
    """Best tier in the outcome areas that the root cause is about; `None` where none counts."""
    tier_in_school: int | None
    """The tier after overlap with the school, our reading of 34 CFR 77.1: in the domains of
    `tier_for_need`, else of `tier`; `None` where the school states no grades."""
    tier_outcomes: tuple[str, ...]
    """Outcome domains that carry the tier shown."""
    turnaround_practices: tuple[int, ...]
    family: str | None
    score: float
    why: tuple[str, ...]
    matched_words: tuple[str, ...]
    fit: FitJudgement
    cautions: tuple[str, ...]
    findings: FindingCounts
    studies: int
    deciding_findings: tuple[int, ...]
    """Finding ids behind the tier shown."""
    terms: dict[str, float]
    """What each term of the ranking adds to the score; they sum to it."""
    url: str


class Explainer:
    """Turns a practice number into a recommendation."""

    def __init__(self, index: StoredIndex, table: PracticeTable) -> None:
        self._index = index
        self._domains_of = {area.id: frozenset(area.domains) for area in index.areas}
        self._starts = [*map(int, table.starts), len(table.owners)]
        self._stems: dict[int, frozenset[str]] = {}

    def explain(
        self,
        rank: int,
        practice: int,
        match: TextMatch,
        terms: Terms,
        scores: Values,
        query: Query,
        context: Context,
    ) -> Recommendation:
        """Explain one practice's place in the answer to a query."""
        card = self._index.cards[practice]
        evidence = card.practice
        fit = judge_fits(_samples(card), context)
        need = self.need_domains(card, query)
        tier_for_need = _best_tier(need) if evidence.guide is None else _guide_tier(card, query)
        shown = _carrying(need) or _carrying(evidence.domains)
        return Recommendation(
            rank=rank,
            practice_id=evidence.practice_id,
            name=evidence.name,
            kind=evidence.kind,
            summary=card.profile.summary if card.profile else None,
            tier=evidence.tier,
            tier_source=evidence.tier_source,
            tier_confirmed=evidence.tier_confirmed,
            tier_for_need=tier_for_need,
            tier_in_school=local_tier(card, shown, context) if context.grades else None,
            tier_outcomes=tuple(d.outcome_domain for d in shown),
            turnaround_practices=card.profile.turnaround_practices if card.profile else (),
            family=card.profile.family if card.profile else None,
            score=round(float(scores[practice]), 4),
            why=tuple(self._why(practice, card, match, query, fit, context, need)),
            matched_words=self._matched_words(practice, match, query),
            fit=fit,
            cautions=tuple(cautions(card, fit, context)),
            findings=evidence.counts,
            studies=evidence.studies,
            deciding_findings=tuple(d.counted[0].finding_id for d in shown),
            terms=contributions(terms, practice),
            url=evidence.url,
        )

    def need_domains(self, card: Card, query: Query) -> tuple[DomainDecision, ...]:
        """Return the practice's outcome domains that the root cause is about."""
        wanted = {domain for area in query.areas for domain in self._domains_of[area]}
        return tuple(d for d in card.practice.domains if d.outcome_domain in wanted)

    def _why(
        self,
        practice: int,
        card: Card,
        match: TextMatch,
        query: Query,
        fit: FitJudgement,
        context: Context,
        need: tuple[DomainDecision, ...],
    ) -> Iterable[str]:
        passage = self._index.passages[self._best_passage(practice, match)]
        yield f"{_LEAD[passage.kind]}: “{passage.text}”"
        part = self._part_served(practice, match, query)
        if part:
            yield f"Serves this part of your cause: “{part}”"
        tested = [d for d in need if d.tier is not None]
        if tested:
            best = min(tested, key=lambda d: (d.tier or 9, d.outcome_domain))
            yield (
                f"Tested on {best.outcome_domain.lower()}: {tier_words(best.tier)}, "
                f"{best.counts.positive} positive, {best.counts.null} without clear effect, "
                f"{best.counts.negative} negative"
            )
        if fit.grades is Fit.OVERLAPS:
            shared = [g for g in card.practice.sample.grades if g in context.grades]
            studied = "Written for" if card.practice.guide else "Studied in"
            yield f"{studied} your grades ({', '.join(shared)})"

    def _best_passage(self, practice: int, match: TextMatch) -> int:
        start, end = self._starts[practice : practice + 2]
        return start + int(np.argmax(match.passages[start:end]))

    def _part_served(self, practice: int, match: TextMatch, query: Query) -> str | None:
        if not query.parts:
            return None
        return query.parts[int(np.argmax(match.by_part[:, practice]))]

    def _matched_words(self, practice: int, match: TextMatch, query: Query) -> tuple[str, ...]:
        """Return the root cause's own words that the practice's passages hold."""
        have = self._stems_of(practice)
        said = (w for w in words(query.raw) if w not in STOPWORDS and not w.isdecimal())
        return tuple(dict.fromkeys(w for w in said if stem(w) in have))

    def _stems_of(self, practice: int) -> frozenset[str]:
        if practice not in self._stems:
            start, end = self._starts[practice : practice + 2]
            texts = (passage.text for passage in self._index.passages[start:end])
            self._stems[practice] = frozenset(stem(w) for text in texts for w in words(text))
        return self._stems[practice]


def local_tier(card: Card, domains: Iterable[DomainDecision], context: Context) -> int | None:
    """Return the best tier that counts in the school, each finding judged on its own sample."""
    practice, asks = card.practice, bool(context.student_groups)
    if practice.guide is not None:
        fit = judge_fits([practice.sample], context)
        return tier_in_school(practice.tier, fit, False)
    samples = dict(practice.samples)
    tiers = [
        tier_in_school(c.tier, judge_fit(own_facts(samples[c.review_id]), context), asks)
        for domain in domains
        if domain.tier is not None
        for c in domain.counted
    ]
    return min((t for t in tiers if t is not None), default=None)


def tier_words(tier: int | None) -> str:
    """Return a tier in words and number."""
    return f"tier {tier} ({TIER_WORDS[tier]})" if tier else "no tier"


_SAID_BY_DOMAIN = {Flag.NEGATIVE_SAME_DOMAIN, Flag.REPORT_MIXED, Flag.REPORT_NEGATIVE}


def cautions(card: Card, fit: FitJudgement, context: Context) -> Iterable[str]:
    """Yield what speaks for reading the evidence with care, the gravest first."""
    practice = card.practice
    for flag in practice.flags:
        if flag not in _SAID_BY_DOMAIN:
            yield MEANING[flag]
    mixed = [d.outcome_domain.lower() for d in practice.domains if d.status is Status.MIXED]
    if mixed:
        yield "Results are mixed or negative, so not counted, on: " + ", ".join(mixed)
    if practice.guide is not None:
        yield from _guide_cautions(card)
    elif practice.tier is None and Flag.UMBRELLA not in practice.flags:
        yield "No finding of it carries an ESSA tier from 1 to 3"
        yield from _without_effect(card)
    if fit.grades is Fit.DOES_NOT_OVERLAP:
        grades = ", ".join(practice.sample.grades)
        yield f"Not studied in your grades (studied: {grades})"
    if context.grades and not practice.sample.grades:
        yield MEANING[Flag.GRADES_UNKNOWN]
    if fit.student_groups is Fit.DOES_NOT_OVERLAP:
        yield "The samples did not include the student group you named"


def _without_effect(card: Card) -> Iterable[str]:
    counts = card.practice.counts
    tested = counts.positive + counts.null + counts.negative
    if tested and not counts.positive:
        yield f"None of its {tested} main findings shows a significant positive effect"


def _guide_cautions(card: Card) -> Iterable[str]:
    guide = card.practice.guide
    assert guide is not None
    if guide.level is None:
        yield "The guide's level of evidence is not known to us, so no tier is given"
    elif not guide.level_verified:
        yield f"Level of evidence ({guide.level}) not confirmed: no page stating it was read"
    elif card.practice.tier is None:
        yield f"The guide rates its evidence {guide.level}, which gives no tier from 1 to 3"
    elif not guide.standards_2_1_or_later:
        yield "The guide is older than WWC standards 2.1, so it counts as tier 3 at most"


def _samples(card: Card) -> list[Sample]:
    if card.practice.guide is not None:
        return [card.practice.sample]
    return [sample for _, sample in card.practice.samples]


def _carrying(domains: Iterable[DomainDecision]) -> tuple[DomainDecision, ...]:
    """Return the domains that carry the best tier among them."""
    domains = tuple(domains)
    best = _best_tier(domains)
    return tuple(d for d in domains if best is not None and d.tier == best)


def _guide_tier(card: Card, query: Query) -> int | None:
    """Return the guide's tier unless the cause is plainly about something else."""
    return None if query.areas and not set(query.areas) & set(card.areas) else card.practice.tier


def _best_tier(domains: Iterable[DomainDecision]) -> int | None:
    return min((d.tier for d in domains if d.tier is not None), default=None)
