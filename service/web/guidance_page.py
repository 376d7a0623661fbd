"""The Guidance page: the state's planning guidance in our own words, each point with its source."""

from dataclasses import dataclass, field

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from recommender.guidance import Guidance, Source
from service.access import Role, needs
from service.engine import Engine
from service.web import editorial
from service.web.templating import render

router = APIRouter(include_in_schema=False, dependencies=[needs(Role.READER)])


@dataclass(frozen=True, slots=True)
class SourceView:
    """A page of the state with its date in words."""

    number: int
    title: str
    url: str
    dated: str


@dataclass(frozen=True, slots=True)
class GuidancePage:
    """What the Guidance page shows."""

    guidance: Guidance = field(metadata={"help": "topics, rhythm and reflection"})
    sources: dict[str, SourceView] = field(metadata={"help": "by id, numbered as cited"})


@router.get("/guidance")
async def show_guidance(request: Request) -> HTMLResponse:
    """Show the guidance."""
    engine: Engine = request.app.state.engine
    return await engine.run(_page, request)


def _page(request: Request) -> HTMLResponse:
    return render(request, "guidance.html", guidance_page(editorial.guidance()))


def guidance_page(guidance: Guidance) -> GuidancePage:
    """Return the page record."""
    views = (_view(number, source) for number, source in enumerate(guidance.sources, 1))
    return GuidancePage(guidance, {s.id: view for s, view in zip(guidance.sources, views)})


def _view(number: int, source: Source) -> SourceView:
    dated = f"{source.dated.day} {source.dated:%B %Y}" if source.dated else "no date seen"
    return SourceView(number, source.title, source.url, dated)
