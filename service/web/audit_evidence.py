"""What the software found for one strategy, laid beside the plan's words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recommender.evidence.fit import judge_fits
from recommender.evidence.rollup import FindingCounts
from recommender.index.catalogue import Card
from recommender.records import Context, Finding
from recommender.search.explain import cautions
from recommender.search.recommender import Recommender
from service.web.cards import TurnaroundLabel, headline_domains, turnaround_labels
from service.web.effects import Effect, effect_on
from service.web.fit_lines import FitLine, fit_lines
from service.web.marking import Piece
from service.web.templating import practice_url
from service.web.words import KIND_WORDS, TierLabel, tier_label, tier_words

Record = Mapping[str, Any]
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class DecidingView:
    """The finding or the page that carries the tier in this school."""

    outcome_domain: str
    citation: str
    url: str | None
    facts: tuple[tuple[str, str], ...] = field(metadata={"help": "what was measured, and on whom"})


@dataclass(frozen=True, slots=True)
class PracticeView:
    """The linked practice with its evidence, as the index that serves now holds it."""

    practice_id: str
    name: str
    href: str
    kind: str
    summary: str | None
    tier: TierLabel
    tier_outcomes: tuple[str, ...]
    counts: FindingCounts
    effect: Effect | None
    fit: tuple[FitLine, ...]
    cautions: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """A tested practice with the same aim."""

    name: str
    href: str
    tier: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the software said of one strategy."""

    practice_name: str | None = field(metadata={"help": "the practice it was linked to"})
    practice: PracticeView | None = field(metadata={"help": "None if not in this index"})
    chance: int | None = field(metadata={"help": "of 100, that the plan adopts the practice"})
    tier_in_school: str | None = field(metadata={"help": "as the check counted it"})
    deciding: DecidingView | None = field(metadata={"help": "what carries the tier"})
    guide_url: str | None = field(metadata={"help": "page of the practice guide"})
    reasons: tuple[str, ...] = field(metadata={"help": "why it said so"})
    question: str | None = field(metadata={"help": "what a person has to answer"})
    turnaround: tuple[TurnaroundLabel, ...] = field(metadata={"help": "practices it serves"})
    suggestions: tuple[SuggestionView, ...] = field(metadata={"help": "with the same aim"})


def mark_quote(text: str, quote: str | None) -> tuple[Piece, ...]:
    """Split a strategy so that the deciding words can be marked; blanks may differ."""
    words = _BLANKS.split((quote or "").strip())
    pattern = r"\s+".join(map(re.escape, words))
    found = re.search(pattern, text, re.IGNORECASE) if quote and any(words) else None
    if found is None:
        return (Piece(text, False),)
    parts = (
        Piece(text[: found.start()], False),
        Piece(found.group(), True),
        Piece(text[found.end() :], False),
    )
    return tuple(part for part in parts if part.text)


def evidence_of(body: Record, strategy_id: str, context: Context, search: Recommender) -> Evidence:
    """Return what a stored check says of one of its strategies."""
    one: Record = next((s for s in body["strategies"] if s["id"] == strategy_id), {})
    named = one.get("practice") or {}
    card = search.cards.get(named.get("practice_id", ""))
    chance = one.get("confidence")
    tier = one.get("tier")
    return Evidence(
        practice_name=named.get("name"),
        practice=_practice(card, context, search) if card else None,
        chance=None if chance is None else round(100 * chance),
        tier_in_school=tier_words(tier) if tier else None,
        deciding=_deciding(one.get("finding"), card, search),
        guide_url=one.get("guide_url"),
        reasons=tuple(one.get("reasons") or ()),
        question=one.get("question"),
        turnaround=turnaround_labels(one.get("turnaround_practices") or ()),
        suggestions=_suggestions(body, strategy_id),
    )


def _practice(card: Card, context: Context, search: Recommender) -> PracticeView:
    found = card.practice
    samples = [sample for _, sample in found.samples] or [found.sample]
    fit = judge_fits(samples, context)
    is_guide = found.guide is not None
    return PracticeView(
        practice_id=found.practice_id,
        name=found.name,
        href=practice_url(found.practice_id, _query(context)),
        kind=KIND_WORDS[found.kind],
        summary=card.profile.summary if card.profile else None,
        tier=tier_label(found.tier, found.tier_source, found.tier_confirmed),
        tier_outcomes=tuple(domain.outcome_domain for domain in headline_domains(card)),
        counts=found.counts,
        effect=None if is_guide else _effect(card, search),
        fit=tuple(_of_school(line) for line in fit_lines(fit, found.sample, context, is_guide)),
        cautions=tuple(cautions(card, fit, context)),
        url=found.url,
    )


def _of_school(line: FitLine) -> FitLine:
    """The reader is no member of the school's team."""
    words = line.words.replace(" You did not say yours.", " The plan does not say its own.")
    words = words.replace("of yours:", "of the school's:").replace(
        "not in yours", "not in the school's"
    )
    return FitLine(line.aspect, line.state, words)


def _query(context: Context) -> dict[str, list[str]]:
    return {"grade": list(context.grades)} if context.grades else {}


def _effect(card: Card, search: Recommender) -> Effect:
    domains = headline_domains(card) or card.practice.domains
    findings = search.evidence_file(card.practice.practice_id).findings
    return effect_on(domains, [decided.finding for decided in findings])


def _deciding(said: Record | None, card: Card | None, search: Recommender) -> DecidingView | None:
    if not said:
        return None
    finding, url = _find(said, card, search)
    return DecidingView(
        str(said.get("outcome_domain") or ""),
        str(said.get("citation") or ""),
        url,
        _facts(finding) if finding else (),
    )


def _find(
    said: Record, card: Card | None, search: Recommender
) -> tuple[Finding | None, str | None]:
    """The finding, and its study's page; it may stand in the file of a sibling."""
    ids = (card.practice.practice_id, *card.practice.siblings) if card else ()
    for practice_id in ids:
        if practice_id not in search.cards:
            continue
        file = search.evidence_file(practice_id)
        urls = {str(study.study_id): study.url for study in file.studies}
        for decided in file.findings:
            if str(decided.finding.finding_id) == str(said.get("finding_id")):
                return decided.finding, urls.get(str(said.get("study_id")))
    return None, None


def _facts(finding: Finding) -> tuple[tuple[str, str], ...]:
    facts = [("Measured by", finding.outcome_measure)]
    if finding.improvement_index is not None:
        facts.append(("Effect", f"{finding.improvement_index:+.0f} percentile points"))
    if finding.sample_size is not None:
        facts.append(("Sample", f"{finding.sample_size:,}"))
    return tuple((label, text.replace("-", "−") if label == "Effect" else text)
                 for label, text in facts)  # fmt: skip


def _suggestions(body: Record, strategy_id: str) -> tuple[SuggestionView, ...]:
    found: Sequence[Record] = next(
        (
            one["practices"]
            for one in body.get("suggestions", ())
            if one["strategy_id"] == strategy_id
        ),
        (),
    )
    return tuple(
        SuggestionView(one["name"], practice_url(one["practice_id"]), tier_words(one["tier"]))
        for one in found
    )
