"""How much is taken on: a bounded queue before the answering threads, and a token bucket for each caller.

A question costs milliseconds of one core, so a queue of known length waits a known time. What does not fit is refused
at once with how long to wait, which costs next to nothing; nothing is ever queued without bound.

    queue = AnswerQueue(workers=2, waiting=32)
    answer = await queue.run(lambda: assistant.ask(question))     # or OverloadedError
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from corpus.errors import DebateError

WORKERS = 2
WAITING = 30
_CALLERS = 10_000  # buckets kept; the one unused for longest goes first, and it was full again long before

T = TypeVar("T")


class OverloadedError(DebateError):
    """More questions are waiting than we take on; ``retry_after_s`` says when to come back, in whole seconds."""

    def __init__(self, waiting: int, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"{waiting} questions are waiting already; try again in {retry_after_s} s.")


class RateLimitedError(DebateError):
    """One caller asks faster than allowed; ``retry_after_s`` says when to come back, in whole seconds."""

    def __init__(self, per_s: float, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"More than {per_s:g} requests a second; try again in {retry_after_s} s.")


class AnswerQueue:
    """A few threads and a bounded line before them. Used from one event loop."""

    def __init__(self, workers: int = WORKERS, waiting: int = WAITING) -> None:
        """Args: workers: questions answered at a time; waiting: how many more may wait."""
        self.workers, self.waiting = workers, waiting
        self.refused = 0
        self._inside = 0
        self._mean_s = 0.02
        self._pool: ThreadPoolExecutor | None = None

    @property
    def length(self) -> int:
        """How many are waiting, not counting those being answered."""
        return max(0, self._inside - self.workers)

    async def run(self, work: Callable[[], T]) -> T:
        """The result of ``work``, done in a thread of the pool.

        Raises:
            OverloadedError: The line is full; nothing was started.
        """
        self._enter()
        try:
            context = contextvars.copy_context()  # the request's id goes along into the log
            return await asyncio.get_running_loop().run_in_executor(self._threads(), context.run, self._timed, work)
        finally:
            self._inside -= 1

    async def stream(self, work: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
        """What ``work`` yields, as it does; one place in the line for the whole of it.

        Raises:
            OverloadedError: The line is full; nothing was started.
        """
        self._enter()
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[T | BaseException | None] = asyncio.Queue()
        gone = False

        def pump() -> None:
            end: BaseException | None = None
            try:
                for item in work():
                    loop.call_soon_threadsafe(arrived.put_nowait, item)
                    if gone:
                        return
            except BaseException as error:  # handed on to the reader, who raises it
                end = error
            finally:
                loop.call_soon_threadsafe(arrived.put_nowait, end)

        running = loop.run_in_executor(self._threads(), contextvars.copy_context().run, self._timed, pump)
        # The place is given back when the thread is free, not when a reader goes away.
        running.add_done_callback(lambda _: self._leave())
        try:
            while (item := await arrived.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            gone = True

    def close(self) -> None:
        """Wait for what is being answered; drop what is still waiting. A later question starts new threads."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def _threads(self) -> ThreadPoolExecutor:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="answer")
        return self._pool

    def check(self) -> None:
        """Raise OverloadedError when the line is full; takes no place in it."""
        if self._inside >= self.workers + self.waiting:
            self.refused += 1
            raise OverloadedError(self.length, max(1, math.ceil(self._inside * self._mean_s / self.workers)))

    def _enter(self) -> None:
        self.check()
        self._inside += 1

    def _leave(self) -> None:
        self._inside -= 1

    def _timed(self, work: Callable[[], T]) -> T:
        begun = time.perf_counter()
        try:
            return work()
        finally:
            self._mean_s += 0.1 * (time.perf_counter() - begun - self._mean_s)


class RateLimit:
    """A token bucket for each caller: so many requests a second, and a burst of twice as many."""

    def __init__(self, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.per_s, self.burst = per_s, max(1.0, 2 * per_s)
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller → (tokens, when)

    def take(self, caller: str) -> None:
        """Take one token. Raises RateLimitedError when there is none."""
        now = self._clock()
        tokens, then = self._buckets.pop(caller, (self.burst, now))
        tokens = min(self.burst, tokens + (now - then) * self.per_s)
        enough = tokens >= 1
        self._buckets[caller] = (tokens - 1 if enough else tokens, now)
        while len(self._buckets) > _CALLERS:
            self._buckets.popitem(last=False)
        if not enough:
            raise RateLimitedError(self.per_s, max(1, math.ceil((1 - tokens) / self.per_s)))
