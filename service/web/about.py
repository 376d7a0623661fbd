"""The About page: how relevance and tiers work, the dates of the evidence, and the limits."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from recommender.evidence.rules import GATES, LARGE_STUDY, RULES, Rule
from recommender.index.store import Manifest
from recommender.search.recommender import Recommender
from service.access import Role, needs
from service.engine import Engine
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.READER)])

_TERMS = {
    "dense": "Likeness in meaning of the practice's texts to your cause",
    "parts": "Likeness to each part, where a cause has several",
    "lexical": "Shared words, rare ones counting more",
    "family": "Likeness in meaning of practices of the same kind",
    "family_lexical": "Shared words of practices of the same kind",
    "likeness": "Likeness to what the best first finds have in common",
    "grades": "Your grades were studied, or near ones",
    "groups": "English learners or students with disabilities, where you name them",
    "subject": "It was studied on the outcomes your cause is about",
    "evidence": "The tier; a twentieth at most, so that it never lifts what is not relevant",
    "caution": "Negative findings, and labels that cover several programs; this one is taken off",
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the ranking."""

    means: str
    weight: float


@dataclass(frozen=True, slots=True)
class RuleView:
    """One test of a finding and what failing it means."""

    rule: Rule
    if_failed: str


@dataclass(frozen=True, slots=True)
class AboutPage:
    """What the About page shows."""

    manifest: Manifest = field(metadata={"help": "what the index was made of"})
    built: str = field(metadata={"help": "day of the build"})
    terms: tuple[Term, ...] = field(metadata={"help": "terms of the ranking with their weights"})
    rules: tuple[RuleView, ...] = field(metadata={"help": "tests of a finding"})


@router.get("/about")
async def about(request: Request) -> HTMLResponse:
    """Show how it works."""
    engine: Engine = request.app.state.engine
    return await engine.run(_page, request, engine.recommender)


def _page(request: Request, recommender: Recommender) -> HTMLResponse:
    return render(request, "about.html", about_page(recommender))


def about_page(recommender: Recommender) -> AboutPage:
    """Return the page record."""
    manifest = recommender.index.manifest
    weights = recommender.weights
    return AboutPage(
        manifest=manifest,
        built=f"{manifest.built_at.day} {manifest.built_at:%B %Y}",
        terms=tuple(Term(means, getattr(weights, name)) for name, means in _TERMS.items()),
        rules=tuple(RuleView(rule, _if_failed(test)) for test, rule in RULES.items()),
    )


def _if_failed(test: object) -> str:
    if test in GATES:
        return "no tier"
    return "tier 3 at most" if test in LARGE_STUDY else "tier 2 at most"
