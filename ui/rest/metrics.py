"""What the server counts, for Prometheus, and one structured line a request in the log.

Labels are route templates, methods and statuses: nothing that a caller chooses freely, no question, no id.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import logs
from assistant.types import Answer
from ui.limits import AnswerQueue

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{1,64}$")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

EXAMPLE = """# HELP debate_requests_total Requests answered.
# TYPE debate_requests_total counter
debate_requests_total{method="POST",route="/v1/ask",status="200"} 3.0
# HELP debate_answers_total Questions answered.
# TYPE debate_answers_total counter
debate_answers_total{intent="position",language="zh",outcome="answered"} 2.0
"""


class Metrics:
    """The counters of one server; each has a registry of its own, so that two in one process do not mix."""

    def __init__(self, queue: AnswerQueue, index_state: Callable[[], str]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "debate_requests", "Requests answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "debate_request_seconds", "From the request to the end of the answer.", ("route",), buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.answers = Counter(
            "debate_answers", "Questions answered.", ("outcome", "intent", "language"), registry=self.registry
        )
        self.steps = Histogram(
            "debate_step_seconds", "Steps of an answer.", ("step",), buckets=_SECONDS, registry=self.registry
        )
        Gauge("debate_queue_length", "Questions waiting.", registry=self.registry).set_function(lambda: queue.length)
        Gauge("debate_queue_inside", "Questions waiting or being answered.", registry=self.registry).set_function(
            lambda: queue.inside
        )
        Gauge(
            "debate_queue_refused", "Questions refused because too many were waiting, since the start.",
            registry=self.registry,
        ).set_function(lambda: queue.refused)  # fmt: skip
        Gauge(
            "debate_index_chroma", "1 while Chroma answers, 0 for the exact scan.", registry=self.registry
        ).set_function(lambda: float(index_state() == "chroma"))

    def count(self, answer: Answer) -> None:
        """Note one answer."""
        outcome = "abstained" if answer.abstained else "calculated" if answer.calculations else "answered"
        self.answers.labels(outcome, answer.intent, answer.language).inc()
        for step, spent in answer.timings_ms.items():
            self.steps.labels(step).observe(spent / 1000)


def router(metrics: Metrics) -> APIRouter:
    """The route ``/metrics``."""
    routes = APIRouter(tags=["operations"])

    @routes.get(
        "/metrics",
        summary="Counters for Prometheus",
        response_class=Response,
        responses={
            200: {
                "description": "Prometheus text format.",
                "content": {"text/plain": {"schema": {"type": "string"}, "example": EXAMPLE}},
            }
        },
    )
    async def read_metrics() -> Response:
        """Requests, answers by outcome, steps, and the length of the line."""
        return Response(generate_latest(metrics.registry), media_type="text/plain; version=0.0.4; charset=utf-8")

    return routes


class Observer:
    """ASGI middleware, outermost: a request id, one count, one line in the log."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and look at how it ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = next((v for k, v in scope["headers"] if k.lower() == b"x-request-id"), b"").decode("latin-1")
        request_id = given if _REQUEST_ID.match(given) else secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        begun = time.perf_counter()
        status = 0

        async def out(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], (b"x-request-id", request_id.encode())]}
            await send(message)

        with logs.request(request_id):
            try:
                await self.app(scope, receive, out)
            finally:
                self._note(scope, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, spent: float) -> None:
        route = scope["state"].get("route") or ("refused" if status in (400, 401, 403, 413, 429) else "other")
        method = scope["method"] if scope["method"] in _METHODS else "OTHER"
        self._metrics.requests.labels(method, route, str(status or 499)).inc()
        self._metrics.seconds.labels(route).observe(spent)
        logs.record("request", method=method, route=route, status=status, ms=round(spent * 1000, 1))
