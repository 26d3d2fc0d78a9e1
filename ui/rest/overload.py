"""Refusing early what would be refused anyway: while the line is full, before a body is read or parsed. Pure ASGI.

A refusal is the answer that an overloaded server gives most often, so it must cost the least.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from ui.limits import AnswerQueue, BusyError
from ui.rest.presence import lane_of
from ui.rest.problems import error_response

#: Paths whose every POST takes a place in the line.
ASKING = frozenset({"/v1/ask", "/v1/chat/completions"})
PATHS = ASKING | {"/v1/verify"}


class Overload:
    """ASGI middleware, inside access control."""

    def __init__(self, app: ASGIApp, queue: AnswerQueue, assistant: Assistant) -> None:
        self.app = app
        self._queue = queue
        self._assistant = assistant

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http" and scope["path"] in PATHS and scope["method"] == "POST":
            try:
                self._queue.check(lane_of(self._assistant) if scope["path"] in ASKING else "answer")
            except BusyError as error:
                scope["state"]["route"] = scope["path"]
                await error_response(error, scope)(scope, receive, send)
                return
        await self.app(scope, receive, send)
