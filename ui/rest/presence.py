"""Who is still there: a caller who has left needs no answer; and in which lane a question waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from assistant import Assistant
from ui.limits import Name

_LOOK_S = 0.25  # how often one looks


def leaving(request: Request) -> Callable[[], Awaitable[None]]:
    """What returns when the caller has closed the connection; for requests whose body has been read."""

    async def left() -> None:
        await asyncio.sleep(_LOOK_S)
        while not await request.is_disconnected():
            await asyncio.sleep(_LOOK_S)

    return left


def lane_of(assistant: Assistant, by_model: bool = True) -> Name:
    """The lane of a question: that of the chat model where one would be asked, so that the others need not wait."""
    return "model" if by_model and assistant.drafts_by_model else "answer"
