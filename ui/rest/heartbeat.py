"""Signs of life on a stream that has nothing to say: proxies and browsers close one that is silent for long.

StreamingResponse(with_heartbeats(events), media_type="text/event-stream")
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

BEAT = b": still working\n\n"  # a comment, which clients of server-sent events pass over
BEAT_S = 5.0


async def with_heartbeats(items: AsyncIterator[bytes], seconds: float = BEAT_S) -> AsyncIterator[bytes]:
    """The items, and a comment whenever none came for so many seconds."""
    following = asyncio.ensure_future(anext(items, None))
    try:
        while True:
            done, _ = await asyncio.wait({following}, timeout=seconds)
            if not done:
                yield BEAT
                continue
            item = following.result()
            if item is None:
                return
            yield item
            following = asyncio.ensure_future(anext(items, None))
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        if (close := getattr(items, "aclose", None)) is not None:
            await close()
