"""Refusing early what would be refused anyway: while the line is full, before a body is read or parsed. Pure ASGI.

A refusal is the answer that an overloaded server gives most often, so it must cost the least.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from ui.limits import AnswerQueue, BusyError
from ui.rest.problems import error_response

#: Paths whose every POST takes a place in the line.
PATHS = frozenset({"/v1/ask", "/v1/chat/completions", "/v1/verify"})


class Overload:
    """ASGI middleware, inside access control."""

    def __init__(self, app: ASGIApp, queue: AnswerQueue) -> None:
        self.app = app
        self._queue = queue

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] in PATHS and scope["method"] == "POST":
            try:
                self._queue.check()
            except BusyError as error:
                scope["state"]["route"] = scope["path"]
                await error_response(error, scope)(scope, receive, send)
                return
        await self.app(scope, receive, send)
