"""The doors for programs put together: REST, the OpenAI-compatible endpoint, MCP, their limits and their description.

app = create_api(assistant)                 # the API alone
install(app, assistant, settings)           # or into the application that also serves the page
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from fastapi import APIRouter, FastAPI
from starlette.responses import JSONResponse, Response

from assistant import Assistant
from ui.access import Access
from ui.guard import Guard
from ui.limits import AnswerQueue, RateLimit
from ui.rest import ask, calculators, debate, health, metrics, openai, threads, transcripts, verify
from ui.rest.description import describe
from ui.rest.metrics import Metrics, Observer
from ui.rest.overload import Overload
from ui.rest.problems import METHODS, install_handlers, not_here
from ui.settings import Settings


class Service(NamedTuple):
    """What the doors share."""

    queue: AnswerQueue
    metrics: Metrics


def router(assistant: Assistant, *, queue: AnswerQueue, metrics: Metrics) -> APIRouter:
    """Every route of REST and of the OpenAI-compatible endpoint."""
    routes = APIRouter()
    for part in (
        ask.router(assistant, queue=queue, metrics=metrics),
        threads.router(assistant, queue=queue),
        debate.router(assistant),
        transcripts.router(assistant, queue=queue),
        calculators.router(queue, assistant.debate),
        verify.router(assistant, queue=queue),
        openai.router(assistant, queue=queue, metrics=metrics),
        health.router(assistant, queue=queue),
        _counters(metrics),
    ):
        routes.include_router(part)
    return routes


def _counters(counted: Metrics) -> APIRouter:
    return metrics.router(counted)


def install(app: FastAPI, assistant: Assistant, settings: Settings | None = None, *, mcp: bool = True) -> Service:
    """Add the doors to an application: routes, refusals as problems, access control, ``/mcp`` and ``/openapi.json``.

    To be called before anything is mounted at "/", and before ``Guard`` is added, which must stand outside.
    """
    settings = settings or Settings()
    queue = AnswerQueue(settings.workers, settings.waiting, deadline_s=settings.deadline_s)
    app.state.queue = queue
    service = Service(queue, Metrics(queue, lambda: assistant.index_state))
    install_handlers(app)
    app.include_router(router(assistant, queue=queue, metrics=service.metrics))
    describe(app, tokens=bool(settings.tokens))

    async def openapi() -> Response:
        return JSONResponse(app.openapi())

    app.add_api_route("/openapi.json", openapi, include_in_schema=False)
    # Whatever is mounted at "/" later must not answer for paths of ours.
    app.add_api_route("/v1/{rest:path}", not_here, methods=list(METHODS), include_in_schema=False)
    inner = app.router.lifespan_context
    manager = None
    if mcp:
        from ui.mcp_server import mount

        manager = mount(app, assistant, queue)

    @asynccontextmanager
    async def lifespan(application: FastAPI) -> AsyncIterator[Any]:
        async with inner(application) as state:
            try:
                if manager is None:
                    yield state
                else:
                    async with manager.run():
                        yield state
            finally:
                queue.close()

    app.router.lifespan_context = lifespan
    rate = RateLimit(settings.rate) if settings.rate is not None else None
    app.add_middleware(Overload, queue=queue)
    app.add_middleware(Access, tokens=settings.tokens, rate=rate)
    return service


def create_api(assistant: Assistant, settings: Settings | None = None, *, mcp: bool = True) -> FastAPI:
    """The API alone, behind the guard."""
    settings = settings or Settings()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    service = install(app, assistant, settings, mcp=mcp)
    app.add_middleware(Guard, hosts=settings.hosts)
    app.add_middleware(Observer, metrics=service.metrics)
    return app
