"""Too many at once: refused quickly with when to come back, nothing else goes wrong."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from assistant import Answer, Assistant
from ui.limits import AnswerQueue, OverloadedError
from ui.load import main, measure, table
from ui.rest.app import create_api
from ui.rest.problems import MEDIA_TYPE
from ui.rest.testing import running
from ui.settings import Settings


def test_the_line_is_bounded_and_drains() -> None:
    release = threading.Event()

    async def scenario() -> None:
        queue = AnswerQueue(workers=2, waiting=3)
        inside = [asyncio.create_task(queue.run(lambda: release.wait(10))) for _ in range(5)]
        await asyncio.sleep(0.05)
        assert queue.length == 3
        with pytest.raises(OverloadedError) as refused:
            await queue.run(lambda: True)
        assert refused.value.retry_after_s >= 1 and queue.refused == 1
        release.set()
        assert all(await asyncio.gather(*inside)) and queue.length == 0
        assert await queue.run(lambda: 7) == 7
        queue.close()

    asyncio.run(scenario())


def test_a_stream_gives_its_place_back_when_the_reader_leaves() -> None:
    async def scenario() -> None:
        queue = AnswerQueue(workers=1, waiting=0)
        stream = queue.stream(lambda: iter(range(3)))
        assert await anext(stream) == 0
        await stream.aclose()  # type: ignore[attr-defined]
        for _ in range(100):
            try:
                assert await queue.run(lambda: 7) == 7
                break
            except OverloadedError:
                await asyncio.sleep(0.01)
        else:
            raise AssertionError("the place was never given back")
        queue.close()

    asyncio.run(scenario())


def test_an_error_in_a_stream_reaches_its_reader() -> None:
    def work() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    async def scenario() -> None:
        queue = AnswerQueue()
        stream = queue.stream(work)
        assert await anext(stream) == 1
        with pytest.raises(ValueError, match="broken"):
            await anext(stream)
        queue.close()

    asyncio.run(scenario())


class Slow:
    """An assistant that thinks for a while."""

    def __init__(self, inner: Assistant, seconds: float) -> None:
        self._inner, self._seconds = inner, seconds

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    def stream(self, *arguments: object, **more: object) -> object:
        time.sleep(self._seconds)
        yield from self._inner.stream(*arguments, **more)  # type: ignore[arg-type]

    def answer(self, *arguments: object, **more: object) -> Answer:
        time.sleep(self._seconds)
        return self._inner.answer(*arguments, **more)  # type: ignore[arg-type]


def test_overload_is_503_at_once_on_every_door_that_answers(assistant: Assistant) -> None:
    slow = Slow(assistant, 1.0)
    api = create_api(slow, Settings(workers=1, waiting=1), mcp=False)  # type: ignore[arg-type]
    with running(api) as base:

        async def scenario() -> None:
            async with httpx.AsyncClient(base_url=base, timeout=30) as client:
                busy = [asyncio.create_task(client.post("/v1/ask", json={"question": "GPU 折旧?"})) for _ in range(2)]
                await asyncio.sleep(0.3)
                for path, body in (
                    ("/v1/ask", {"question": "GPU 折旧?"}),
                    ("/v1/ask", {"question": "GPU 折旧?", "stream": True}),
                    (
                        "/v1/chat/completions",
                        {"model": "debate", "messages": [{"role": "user", "content": "GPU 折旧?"}]},
                    ),
                    ("/v1/verify", {"document": "x"}),
                    ("/v1/calculators/useful_life_change", {"arguments": {}}),
                ):
                    begun = time.perf_counter()
                    response = await client.post(path, json=body)
                    spent = time.perf_counter() - begun
                    assert response.status_code == 503 and int(response.headers["retry-after"]) >= 1, path
                    assert response.headers["content-type"] == MEDIA_TYPE and spent < 0.4, (path, spent)
                assert (await client.get("/healthz")).status_code == 200
                assert (await client.get("/v1/transcript")).status_code == 200
                assert [r.status_code for r in await asyncio.gather(*busy)] == [200, 200]

        asyncio.run(scenario())


def test_64_connections_meet_no_error_but_the_deliberate_one(assistant: Assistant) -> None:
    with running(create_api(assistant, mcp=False)) as base:
        level = asyncio.run(measure(int(base.rsplit(":", 1)[1]), 64, 2.0))
    assert level.answered and not level.others and not level.without_retry_after, table([level])


def test_the_load_command_starts_measures_and_stops(capsys: pytest.CaptureFixture[str]) -> None:
    import io

    out = io.StringIO()
    assert main(["--connections", "2", "--seconds", "0.5"], out) == 0
    assert out.getvalue().splitlines()[0].startswith("connections") and " 2 " in out.getvalue()
