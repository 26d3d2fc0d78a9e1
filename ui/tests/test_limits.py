"""One bounded line for every door: what waits is cancelled, refused or told, never left hanging."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from assistant.breaker import COOLDOWN_S, FAILURES, Breaker
from assistant.models.meter import Cancellation
from assistant.models.trouble import ModelOutputError
from ui.limits import AnswerQueue, DeadlineError, LeftError, OverloadedError, StoppingError


async def until_free(queue: AnswerQueue) -> None:
    for _ in range(200):
        if queue.inside == 0:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the place was never given back")


def hanging(stop: Cancellation) -> bool:
    """Work that ends only when it is cancelled, as a call of a silent model does."""
    ended = threading.Event()
    stop.on_cancel(ended.set)
    return ended.wait(20)


def test_a_hanging_model_holds_up_neither_answers_nor_reads() -> None:
    async def scenario() -> None:
        queue = AnswerQueue(workers=1, waiting=1, model_workers=2)
        stops = [Cancellation() for _ in range(3)]
        busy = [
            asyncio.create_task(queue.run(lambda stop=stop: hanging(stop), lane="model", cancellation=stop))  # type: ignore[misc]
            for stop in stops
        ]
        await asyncio.sleep(0.05)
        with pytest.raises(OverloadedError):
            queue.check("model")
        begun = time.perf_counter()
        assert await queue.run(lambda: 7) == 7 and await queue.read(lambda: 8) == 8
        assert time.perf_counter() - begun < 20.0  # the model calls would hold it for ever
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        assert all(stop.cancelled for stop in stops)
        await until_free(queue)
        queue.close()

    asyncio.run(scenario())


def test_who_leaves_is_cancelled_and_frees_the_place() -> None:
    async def scenario() -> None:
        queue, stop, left = AnswerQueue(workers=1), Cancellation(), asyncio.Event()
        task = asyncio.create_task(queue.run(lambda: hanging(stop), cancellation=stop, gone=left.wait))
        await asyncio.sleep(0.05)
        left.set()
        with pytest.raises(LeftError):
            await task
        await until_free(queue)
        assert stop.cancelled
        queue.close()

    asyncio.run(scenario())


@pytest.mark.parametrize("door", ["run", "stream", "iterate"])
def test_what_is_late_is_given_up_at_every_door(door: str) -> None:
    async def scenario() -> None:
        queue, stop = AnswerQueue(workers=1, deadline_s=0.2), Cancellation()

        def works() -> object:
            yield hanging(stop)

        begun = time.perf_counter()
        with pytest.raises(DeadlineError, match="given up; try again in"):
            if door == "run":
                await queue.run(lambda: hanging(stop), cancellation=stop)
            elif door == "stream":
                async for _ in queue.stream(works, cancellation=stop):  # type: ignore[arg-type]
                    pass
            else:
                await asyncio.to_thread(lambda: list(queue.iterate(works, cancellation=stop)))  # type: ignore[arg-type]
        assert time.perf_counter() - begun < 5 and stop.cancelled
        await until_free(queue)
        queue.close()

    asyncio.run(scenario())


def test_stopping_tells_everybody_at_once_and_takes_nothing_on() -> None:
    async def scenario() -> None:
        queue, stop = AnswerQueue(workers=1), Cancellation()
        busy = asyncio.create_task(queue.run(lambda: hanging(stop), cancellation=stop))
        waiting = asyncio.create_task(queue.run(lambda: 7))
        await asyncio.sleep(0.05)
        queue.stop()
        for task in (busy, waiting):
            with pytest.raises(StoppingError):
                await task
        with pytest.raises(StoppingError):
            await queue.run(lambda: 8)
        assert stop.cancelled
        queue.close()

    asyncio.run(scenario())


def test_the_pages_line_is_the_same_line() -> None:
    queue = AnswerQueue(workers=1, waiting=0)
    stop = Cancellation()
    first = queue.iterate(lambda: iter([1, hanging(stop)]), cancellation=stop)
    running = threading.Thread(target=lambda: next(first, None), daemon=True)
    running.start()
    for _ in range(100):
        if queue.inside:
            break
        time.sleep(0.01)
    with pytest.raises(OverloadedError):
        next(queue.iterate(lambda: iter([1])))
    stop.cancel()
    running.join(5)
    queue.close()


def test_a_model_that_keeps_failing_is_left_alone_for_a_while() -> None:
    now = [0.0]
    breaker = Breaker(lambda: now[0])
    for _ in range(FAILURES - 1):
        breaker.note(ModelOutputError("slow"), True)
    breaker.note(None, True)  # one that went well
    for _ in range(FAILURES):
        assert breaker.trouble() is None
        breaker.note(ModelOutputError("slow"), True)
    found = breaker.trouble()
    assert found is not None and found.kind == "slow"
    breaker.note(ModelOutputError("slow"), False)  # was not asked: says nothing of the model
    now[0] += COOLDOWN_S
    assert breaker.trouble() is None
    breaker.note(ModelOutputError("garbage"), True)  # its words were bad; the next may be good
    assert breaker.trouble() is None
