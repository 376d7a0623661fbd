"""Putting the guards around an application."""

from collections.abc import Callable
from time import monotonic, time

from fastapi import FastAPI, Request
from fastapi.responses import Response

from service.access.answers import refusal
from service.access.identity import Gate, Refused
from service.access.middleware import AccessMiddleware
from service.access.pages import router
from service.settings import Settings
from service.store.store import Store


def install(
    app: FastAPI,
    settings: Settings,
    store: Store,
    *,
    seconds: Callable[[], float] = time,
    steady: Callable[[], float] = monotonic,
) -> Gate:
    """Add the middleware, the routes for signing in and out, and how refusals are answered.

    Middleware that is added later runs before this one and sees every request.
    """
    gate = Gate(settings, store, seconds, steady)
    app.state.gate = gate
    app.add_middleware(AccessMiddleware, gate=gate)
    app.include_router(router)

    @app.exception_handler(Refused)
    async def refused(request: Request, error: Refused) -> Response:
        return refusal(request, error)

    return gate
