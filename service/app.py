"""The HTTP application: one engine, one store, and the routes in front of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version

from fastapi import FastAPI

from service import access, web
from service.api import router as api
from service.api.openapi import document_of
from service.engine import Engine
from service.engine_watch import watch
from service.limits import BodyLimit
from service.metrics import Metrics
from service.observing import Observing
from service.problems import LastResort, add_problem_handlers
from service.settings import Settings
from service.store import Store


def create_app(
    settings: Settings, engine: Engine | None = None, store: Store | None = None
) -> FastAPI:
    """Return the application; what is not given is opened now and closed with the application.

    Raises:
        BadIndex: there is no index to serve.
    """
    metrics = Metrics()
    app = FastAPI(
        title="Evidence recommender",
        summary="Tested strategies for the root causes in school improvement plans",
        version=version("evidence-recommender"),
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.settings = settings
    app.state.metrics = metrics
    app.state.closes_engine = engine is None
    app.state.closes_store = store is None
    app.state.engine = engine or Engine.open(
        settings.indexes, settings.corpus, observe=metrics.observe_batch
    )
    app.state.store = store or Store.open(settings.store_url)
    add_problem_handlers(app)
    app.include_router(api)
    app.include_router(web.router)
    web.mount_static(app)
    # Inside the guards, so that an answer to a failure has their headers, and around them.
    app.add_middleware(LastResort)
    app.add_middleware(BodyLimit, max_upload_mb=settings.max_upload_mb)
    access.install(app, settings, app.state.store)
    app.add_middleware(LastResort)
    app.add_middleware(Observing, metrics=metrics)
    app.openapi = document_of(app, settings.single_user)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state
    watching = asyncio.create_task(watch(state.engine))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        if state.closes_engine:
            await asyncio.to_thread(state.engine.close)
        if state.closes_store:
            await asyncio.to_thread(state.store.close)
