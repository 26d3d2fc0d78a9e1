"""How much is taken on: bounded lines before a few threads, one deadline from arrival, and a token bucket a caller.

Every door uses one ``AnswerQueue``. It has three lanes, so that none waits for another: *answer* for work that costs
processor time, *model* for what waits for a chat model on somebody else's machine, *read* for the store. A question
begins in the first lane and moves over to the second (``then``) when the model is to be asked, so that what needs no
model never waits for one. What does not fit is refused at once with how long to wait; nothing is queued without bound.

    queue = AnswerQueue(workers=2, waiting=30)
    answer = await queue.run(lambda: assistant.ask(question))     # or OverloadedError, DeadlineError, StoppingError

What nobody waits for any more is cancelled: when a caller leaves, when the deadline has passed, when we stop.
"""

from __future__ import annotations

import asyncio
import contextvars
import math
import queue as queues
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Generic, Literal, TypeVar

from assistant.models.meter import Cancellation
from corpus.errors import DebateError

WORKERS = 2
WAITING = 30
MODEL_WORKERS = 8
DEADLINE_S = 45.0  # from arrival, for what needs no chat model
MODEL_DEADLINE_S = 180.0  # more than a model is given for all its calls
_READERS, _READS_WAITING = 2, 200
_CALLERS = 10_000  # buckets kept; the one unused for longest goes first, and it was full again long before

Name = Literal["answer", "model", "read"]
T = TypeVar("T")
Then = Callable[[T], Name | None]  # what was just handed over → the lane in which the rest is done, if another


class BusyError(DebateError):
    """Not now; ``retry_after_s`` says when to come back, in whole seconds."""

    def __init__(self, why: str, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(f"{why}; try again in {retry_after_s} s.")


class OverloadedError(BusyError):
    """More questions are waiting than we take on."""

    def __init__(self, waiting: int, retry_after_s: int) -> None:
        super().__init__(f"{waiting} questions are waiting already", retry_after_s)


class DeadlineError(BusyError):
    """It was not done in time and is given up."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"This took longer than {seconds:g} s and was given up", 5)


class StoppingError(BusyError):
    """The server stops."""

    def __init__(self) -> None:
        super().__init__("The server is being stopped", 10)


class LeftError(DebateError):
    """Whoever asked has gone; nobody reads this."""

    def __init__(self) -> None:
        super().__init__("The caller has left; the question was cancelled.")


class RateLimitedError(BusyError):
    """One caller asks faster than allowed."""

    def __init__(self, per_s: float, retry_after_s: int) -> None:
        super().__init__(f"More than {per_s:g} requests a second", retry_after_s)


class Lane:
    """A few threads and a bounded line before them. Thread-safe; the threads never keep a process alive."""

    def __init__(self, workers: int, waiting: int, name: str) -> None:
        """Args: workers: done at a time; waiting: how many more may wait."""
        self.workers, self.waiting, self.name = workers, waiting, name
        self.refused = 0
        self._inside = 0
        self._mean_s = 0.02
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._jobs: queues.SimpleQueue[tuple[Future[object], Callable[[], object]] | None] = queues.SimpleQueue()

    @property
    def inside(self) -> int:
        """How many are waiting or being done."""
        return self._inside

    @property
    def length(self) -> int:
        """How many are waiting, not counting those being done."""
        return max(0, self._inside - self.workers)

    def check(self) -> None:
        """Raise OverloadedError when the line is full; takes no place in it."""
        if self._inside >= self.workers + self.waiting:
            self.refused += 1
            raise OverloadedError(self.length, max(1, math.ceil(self._inside * self._mean_s / self.workers)))

    def submit(self, work: Callable[[], object]) -> Future[object]:
        """Have something done; its place is free again when its thread is, or when it is cancelled before that.

        Raises:
            OverloadedError: The line is full; nothing was started.
        """
        with self._lock:
            self.check()
            self._inside += 1
            if len(self._threads) < min(self.workers, self._inside):
                thread = threading.Thread(target=self._serve, name=f"{self.name}-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        future: Future[object] = Future()
        future.add_done_callback(lambda _: self._leave())
        self._jobs.put((future, work))
        return future

    def close(self) -> None:
        """Let the threads end when they are free; a later job starts new ones."""
        with self._lock:
            for _ in self._threads:
                self._jobs.put(None)
            self._threads = []

    def _leave(self) -> None:
        with self._lock:
            self._inside -= 1

    def _serve(self) -> None:
        while (job := self._jobs.get()) is not None:
            future, work = job
            if not future.set_running_or_notify_cancel():
                continue
            begun = time.perf_counter()
            try:
                result = work()
            except BaseException as error:  # handed on to whoever waits, who raises it
                self._mean_s += 0.1 * (time.perf_counter() - begun - self._mean_s)
                future.set_exception(error)
            else:
                self._mean_s += 0.1 * (time.perf_counter() - begun - self._mean_s)
                future.set_result(result)
            del job, future, work


class AnswerQueue:
    """The lanes of one server, its deadline, and what is under way in them. Thread-safe."""

    def __init__(
        self,
        workers: int = WORKERS,
        waiting: int = WAITING,
        *,
        model_workers: int = MODEL_WORKERS,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """Make the lanes.

        Args:
            workers: questions answered at a time, and verifications, calculations and searches with them.
            waiting: how many more may wait; as many for the chat model.
            model_workers: questions that may be with the chat model at a time.
            deadline_s: from arrival to the end; what takes longer is given up.
        """
        self.deadline_s = deadline_s
        self._lanes: dict[Name, Lane] = {
            "answer": Lane(workers, waiting, "answer"),
            "model": Lane(model_workers, waiting, "model"),
            "read": Lane(_READERS, _READS_WAITING, "read"),
        }
        self._stopping = False
        self._lock = threading.Lock()
        self._open: set[Callable[[DebateError], None]] = set()

    @property
    def length(self) -> int:
        """How many questions are waiting, not counting those being answered."""
        return self._lanes["answer"].length + self._lanes["model"].length

    @property
    def inside(self) -> int:
        """How many questions are waiting or being answered."""
        return self._lanes["answer"].inside + self._lanes["model"].inside

    @property
    def refused(self) -> int:
        """How many were refused since the start because too many were waiting."""
        return sum(lane.refused for lane in self._lanes.values())

    def check(self, lane: Name = "answer") -> None:
        """Raise OverloadedError (StoppingError) when a lane takes nothing on; takes no place in it."""
        if self._stopping:
            raise StoppingError
        self._lanes[lane].check()

    async def run(
        self,
        work: Callable[[], T],
        *,
        lane: Name = "answer",
        cancellation: Cancellation | None = None,
        gone: Callable[[], Awaitable[object]] | None = None,
    ) -> T:
        """The result of ``work``, done in a thread of a lane.

        Args:
            cancellation: what stops the work when nobody waits for it any more.
            gone: returns when the caller has left.

        Raises:
            OverloadedError: The line is full; nothing was started.
            DeadlineError: It was not done in time.
            StoppingError: The server stops.
            LeftError: The caller has left.
        """
        self.check(lane)
        loop = asyncio.get_running_loop()
        outcome: asyncio.Future[T] = loop.create_future()

        def settle(result: object = None, error: BaseException | None = None) -> None:
            if not outcome.done():
                outcome.set_exception(error) if error is not None else outcome.set_result(result)  # type: ignore[arg-type]

        def give_up(error: DebateError) -> None:
            loop.call_soon_threadsafe(lambda: settle(error=error))

        def ended(future: Future[object]) -> None:
            if not future.cancelled() and not loop.is_closed():
                error = future.exception()
                result = None if error is not None else future.result()
                loop.call_soon_threadsafe(lambda: settle(result, error))

        context = contextvars.copy_context()  # the request's id goes along into the log
        job = self._lanes[lane].submit(lambda: context.run(work))
        job.add_done_callback(ended)
        late = loop.call_later(self.deadline_s, lambda: settle(error=DeadlineError(self.deadline_s)))
        watch = asyncio.ensure_future(_left(gone, give_up)) if gone is not None else None
        self._note(give_up)
        try:
            return await outcome
        finally:
            late.cancel()
            if watch is not None:
                watch.cancel()
            self._forget(give_up)
            if not job.done():
                job.cancel()
                if cancellation is not None:
                    cancellation.cancel()

    async def read(self, work: Callable[[], T]) -> T:
        """``run`` in the lane of the store, so that the event loop never waits for a disk or a lock."""
        return await self.run(work, lane="read")

    async def stream(
        self,
        work: Callable[[], Iterator[T]],
        *,
        lane: Name = "answer",
        then: Then[T] | None = None,
        cancellation: Cancellation | None = None,
        gone: Callable[[], Awaitable[object]] | None = None,
    ) -> AsyncIterator[T]:
        """What ``work`` yields, as it does; one place in the line for the whole of it; arguments and errors as ``run``.

        Args:
            then: asked after each item whether the rest is done in another lane.
        """
        loop = asyncio.get_running_loop()
        arrived: asyncio.Queue[T | BaseException | None] = asyncio.Queue()

        def hand(item: T | BaseException | None) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(arrived.put_nowait, item)

        pump = _Pump(self._lanes, work, lane, then, hand)
        self._begin(pump)
        watch = asyncio.ensure_future(_left(gone, pump.give_up)) if gone is not None else None
        try:
            while True:
                try:
                    item = await asyncio.wait_for(arrived.get(), max(0.0, self._left(pump)))
                except TimeoutError:
                    if self._left(pump) > 0.0:
                        continue  # it has moved to a lane with more time
                    raise DeadlineError(self._deadline(pump)) from None
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            if watch is not None:
                watch.cancel()
            self._end(pump, cancellation)

    def iterate(
        self,
        work: Callable[[], Iterator[T]],
        *,
        lane: Name = "answer",
        then: Then[T] | None = None,
        cancellation: Cancellation | None = None,
    ) -> Iterator[T]:
        """``stream`` for a door that has threads of its own: it waits in the same line."""
        arrived: queues.SimpleQueue[T | BaseException | None] = queues.SimpleQueue()
        pump = _Pump(self._lanes, work, lane, then, arrived.put)
        self._begin(pump)
        try:
            while True:
                try:
                    item = arrived.get(timeout=max(0.0, self._left(pump)))
                except queues.Empty:
                    if self._left(pump) > 0.0:
                        continue
                    raise DeadlineError(self._deadline(pump)) from None
                if item is None:
                    return
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self._end(pump, cancellation)

    async def last(
        self,
        work: Callable[[], Iterator[T]],
        *,
        then: Then[T] | None = None,
        cancellation: Cancellation | None = None,
        gone: Callable[[], Awaitable[object]] | None = None,
    ) -> T:
        """The last of what ``work`` yields; arguments and errors as ``stream``."""
        found: list[T] = []
        async for item in self.stream(work, then=then, cancellation=cancellation, gone=gone):
            found[:] = [item]
        return found[0]

    def _begin(self, pump: _Pump[Any]) -> None:
        self.check(pump.lane)
        pump.start()
        self._note(pump.give_up)

    def _deadline(self, pump: _Pump[Any]) -> float:
        return max(self.deadline_s, MODEL_DEADLINE_S) if pump.lane == "model" else self.deadline_s

    def _left(self, pump: _Pump[Any]) -> float:
        return pump.begun + self._deadline(pump) - time.monotonic()

    def _end(self, pump: _Pump[Any], cancellation: Cancellation | None) -> None:
        self._forget(pump.give_up)
        if not pump.over:
            if cancellation is not None:
                cancellation.cancel()
            pump.leave()

    def _note(self, give_up: Callable[[DebateError], None]) -> None:
        with self._lock:
            self._open.add(give_up)

    def _forget(self, give_up: Callable[[DebateError], None]) -> None:
        with self._lock:
            self._open.discard(give_up)

    def stop(self) -> None:
        """Take nothing more on, and tell everybody who waits; to be called when a signal arrives, from any thread."""
        self._stopping = True
        with self._lock:
            waiting = list(self._open)
        for give_up in waiting:
            give_up(StoppingError())

    def close(self) -> None:
        """Let the threads end; what still waits is told. A later question starts new ones."""
        self.stop()
        for lane in self._lanes.values():
            lane.close()
        self._stopping = False


class _Pump(Generic[T]):
    """Hands over what an iterator yields, its error, or None at its end; moves to another lane where that is said."""

    def __init__(
        self,
        lanes: Mapping[Name, Lane],
        work: Callable[[], Iterator[T]],
        lane: Name,
        then: Then[T] | None,
        hand: Callable[[T | BaseException | None], None],
    ) -> None:
        self.lane, self.begun, self.over = lane, time.monotonic(), False
        self._lanes, self._work, self._then, self._hand = lanes, work, then, hand
        self._items: Iterator[T] | None = None
        self._gone = threading.Event()
        self._job: Future[object] | None = None
        self._context = contextvars.copy_context()  # the request's id goes along into the log

    def start(self) -> None:
        """Take a place in the line. Raises OverloadedError."""
        self._job = self._lanes[self.lane].submit(lambda: self._context.copy().run(self._pump))

    def give_up(self, error: DebateError) -> None:
        """Nobody is to wait any more: hand over why."""
        self._gone.set()
        self._hand(error)

    def leave(self) -> None:
        """Nobody waits any more."""
        self._gone.set()
        if self._job is not None:
            self._job.cancel()

    def _pump(self) -> None:
        try:
            self._items = self._items if self._items is not None else iter(self._work())
            for item in self._items:
                self._hand(item)
                if self._gone.is_set():
                    break
                moved = self._then(item) if self._then is not None else None
                if moved is not None and moved != self.lane:
                    self.lane = moved
                    self._job = self._lanes[moved].submit(lambda: self._context.copy().run(self._pump))
                    return
        except BaseException as error:  # handed on to the reader, who raises it
            self._ended(error)
        else:
            self._ended(None)

    def _ended(self, error: BaseException | None) -> None:
        close = getattr(self._items, "close", None)
        if close is not None and self._gone.is_set():
            with suppress(Exception):  # what was left behind; nobody reads how it ended
                close()
        self.over = True
        self._hand(error)


async def _left(gone: Callable[[], Awaitable[object]], give_up: Callable[[DebateError], None]) -> None:
    await gone()
    give_up(LeftError())


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
