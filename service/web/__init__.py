"""The web pages: templates, static files and one handler a page."""

from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from service.web import about, audit, find, guidance_page, listing, map_page, plan, practice
from service.web.problem_page import problem_page
from service.web.templating import STATIC, compile_templates

router = APIRouter(include_in_schema=False)
router.include_router(about.router)
router.include_router(audit.router)
router.include_router(find.router)
router.include_router(guidance_page.router)
router.include_router(listing.router)
router.include_router(map_page.router)
router.include_router(plan.router)
router.include_router(practice.router)

KEPT_A_YEAR = "public, max-age=31536000, immutable"


class _Assets(StaticFiles):
    """Addresses of assets change with their content, so browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200 and scope["query_string"].startswith(b"v="):
            response.headers["Cache-Control"] = KEPT_A_YEAR
        return response


def mount_static(app: FastAPI) -> None:
    """Serve style sheet, script and icon under /static, and show failures as pages."""
    compile_templates()
    app.mount("/static", _Assets(directory=STATIC), name="static")
    app.state.problem_page = problem_page
