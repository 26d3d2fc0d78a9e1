"""Who is still there: a caller who has left needs no answer; and where a question waits."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from assistant.events import Event
from ui.limits import Name

_LOOK_S = 0.25  # how often one looks


def leaving(request: Request) -> Callable[[], Awaitable[None]]:
    """What returns when the caller has closed the connection; for requests whose body has been read."""

    async def left() -> None:
        await asyncio.sleep(_LOOK_S)
        while not await request.is_disconnected():
            await asyncio.sleep(_LOOK_S)

    return left


def lane_after(event: Event) -> Name | None:
    """The lane in which the rest of a question is done: after the sketch a chat model is asked, and waited for."""
    return "model" if event.kind == "sketch" else None
