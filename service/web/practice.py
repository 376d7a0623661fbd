"""The Practice page: what it is, what was found, where, and how the tier was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from recommender.evidence.fit import judge_fits
from recommender.evidence.rollup import FindingCounts
from recommender.index.catalogue import Card, EvidenceFile
from recommender.records import GuideRecommendation, Profile
from recommender.search.explain import cautions
from recommender.search.recommender import Recommender
from service.access import Role, needs
from service.engine import Engine
from service.web.bibliography import CitationFormat, media_type, write_references
from service.web.cards import (
    TurnaroundLabel,
    headline_domains,
    plan_text,
    takes_of,
    turnaround_labels,
)
from service.web.citation import guide_reference, reference_of
from service.web.effects import Effect, effect_on
from service.web.practice_domains import DomainView, domain_views
from service.web.practice_studies import (
    ContextRow,
    StudyRow,
    context_rows,
    sample_facts,
    study_rows,
)
from service.web.school import School, read_school, remembered_school
from service.web.templating import practice_url, render
from service.web.words import DELIVERY_WORDS, KIND_WORDS, TierLabel, grade_words, tier_label

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.READER)])

PracticeId = Annotated[str, Path(max_length=100)]
MAX_RELATED = 12


@dataclass(frozen=True, slots=True)
class Related:
    """Another practice to look at."""

    name: str
    href: str
    tier: TierLabel


@dataclass(frozen=True, slots=True)
class PracticePage:
    """What the Practice page shows."""

    practice_id: str = field(metadata={"help": "stable id"})
    name: str = field(metadata={"help": "name of the practice"})
    kind: str = field(metadata={"help": "kind in words"})
    profile: Profile | None = field(metadata={"help": "our editorial description"})
    guide: GuideRecommendation | None = field(metadata={"help": "for guide recommendations"})
    tier: TierLabel = field(metadata={"help": "headline tier"})
    tier_outcomes: tuple[str, ...] = field(metadata={"help": "outcomes behind it"})
    published_tier: int | None = field(metadata={"help": "best tier the WWC published"})
    counts: FindingCounts = field(metadata={"help": "main findings by direction"})
    effect: Effect | None = field(metadata={"help": "size of effect on the tier's outcomes"})
    cautions: tuple[str, ...] = field(metadata={"help": "what to read with care"})
    turnaround: tuple[TurnaroundLabel, ...] = field(metadata={"help": "practices it serves"})
    family: str | None = field(metadata={"help": "name of its family"})
    takes: tuple[tuple[str, str], ...] = field(metadata={"help": "what it takes"})
    delivery: tuple[tuple[str, str], ...] = field(metadata={"help": "who gives it to whom"})
    grades: str = field(metadata={"help": "grades studied, or that the guide names"})
    domains: tuple[DomainView, ...] = field(metadata={"help": "outcome domains with findings"})
    studies: tuple[StudyRow, ...] = field(metadata={"help": "the studies with links"})
    context: tuple[ContextRow, ...] = field(metadata={"help": "where tested, beside the school"})
    facts: tuple[tuple[str, str], ...] = field(metadata={"help": "who was in the samples"})
    siblings: tuple[Related, ...] = field(metadata={"help": "the same program under other ids"})
    relatives: tuple[Related, ...] = field(metadata={"help": "best of its family"})
    family_size: int = field(metadata={"help": "practices in its family, itself included"})
    plan_text: str = field(metadata={"help": "a first wording for the plan"})
    school: School = field(metadata={"help": "the school, from the query or the cookie"})
    formats: tuple[str, ...] = field(metadata={"help": "citation downloads"})
    url: str = field(metadata={"help": "its page at the WWC"})


@router.get("/practices/{practice_id:path}/citations.{form}")
async def citations(request: Request, practice_id: PracticeId, form: CitationFormat) -> Response:
    """Send the references behind a practice as a file."""
    engine: Engine = request.app.state.engine
    text = await engine.run(_citations, engine.recommender, practice_id, form)
    name = practice_id.replace(":", "-").replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(text, media_type=f"{media_type(form)}; charset=utf-8", headers=headers)


@router.get("/practices/{practice_id:path}")
async def practice(request: Request, practice_id: PracticeId) -> HTMLResponse:
    """Show one practice."""
    engine: Engine = request.app.state.engine
    return await engine.run(_page, request, practice_id, engine.recommender)


def _citations(recommender: Recommender, practice_id: str, form: CitationFormat) -> str:
    guide = recommender.card(practice_id).practice.guide
    if guide is not None:
        return write_references([guide_reference(guide)], form)
    studies = recommender.evidence_file(practice_id).studies
    return write_references([reference_of(study) for study in studies], form)


def _page(request: Request, practice_id: str, recommender: Recommender) -> HTMLResponse:
    school, faults = read_school(tuple(request.query_params.multi_items()))
    if faults or school.is_empty:
        school = remembered_school(request)
    page = practice_page(practice_id, recommender, school)
    return render(request, "practice.html", page, manifest=recommender.index.manifest)


def practice_page(practice_id: str, recommender: Recommender, school: School) -> PracticePage:
    """Return the page record of one practice for one school.

    Raises:
        UnknownPractice: no practice has this id.
    """
    card = recommender.card(practice_id)
    file = recommender.evidence_file(practice_id)
    found, profile, context = card.practice, card.profile, school.as_context()
    samples = [sample for _, sample in found.samples] or [found.sample]
    fit = judge_fits(samples, context)
    relatives = _relatives(card, recommender)
    delivery = profile.delivery if profile else {}
    return PracticePage(
        practice_id=practice_id,
        name=found.name,
        kind=KIND_WORDS[found.kind],
        profile=profile,
        guide=found.guide,
        tier=tier_label(found.tier, found.tier_source, found.tier_confirmed),
        tier_outcomes=tuple(domain.outcome_domain for domain in headline_domains(card)),
        published_tier=found.published_tier,
        counts=found.counts,
        effect=None if found.guide else _effect(card, file),
        cautions=tuple(cautions(card, fit, context)),
        turnaround=turnaround_labels(profile.turnaround_practices) if profile else (),
        family=card.family_name,
        takes=takes_of(card),
        delivery=tuple((DELIVERY_WORDS[key], text) for key, text in delivery.items()),
        grades=grade_words(found.sample.grades),
        domains=domain_views(card, file),
        studies=study_rows(file),
        context=context_rows(fit, found.sample, school, found.guide is not None),
        facts=sample_facts(found.sample),
        siblings=tuple(
            _related(recommender.cards[i], school) for i in found.siblings if i in recommender.cards
        ),
        relatives=tuple(_related(other, school) for other in relatives[:MAX_RELATED]),
        family_size=len(relatives) + 1,
        plan_text=plan_text(card, context),
        school=school,
        formats=tuple(CitationFormat),
        url=found.url,
    )


def _effect(card: Card, file: EvidenceFile) -> Effect:
    domains = headline_domains(card) or card.practice.domains
    return effect_on(domains, [decided.finding for decided in file.findings])


def _relatives(card: Card, recommender: Recommender) -> Sequence[Card]:
    """The others of the family, the best evidenced first."""
    family = card.profile.family if card.profile else None
    others = [
        other
        for other in recommender.index.cards
        if other.profile is not None and other.profile.family == family and other is not card
    ]
    return sorted(others, key=lambda o: (o.practice.tier or 9, o.practice.name.lower(), _id(o)))


def _id(card: Card) -> str:
    return card.practice.practice_id


def _related(card: Card, school: School) -> Related:
    found = card.practice
    return Related(
        found.name,
        practice_url(found.practice_id, school.query),
        tier_label(found.tier, found.tier_source, found.tier_confirmed),
    )
