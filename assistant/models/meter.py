"""What one question may spend on a chat model and has spent: time, output, calls, tokens, money; and how to stop it.

meter = Meter(seconds=20.0)
meter.left()       # seconds
meter.check()      # raises ModelOutputError once the time is over or the question cancelled
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from assistant.models.trouble import ModelOutputError
from assistant.types import Usage

DEADLINE = 120.0  # seconds for everything that models do on one question
FIRST = 30.0  # seconds until a call begins to answer
IDLE = 20.0  # seconds between two pieces of an answer
_TOKENS = ("input_tokens", "output_tokens")
MAX_OUTPUT = 65_536  # bytes of model output, over all calls of one question


Price = tuple[float, float] | tuple[float, float, float]


class Cancellation:
    """A switch that a caller turns once, from any thread."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._mutex = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether it was turned."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Stop what is being done as soon as it can be stopped."""
        with self._mutex:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> None:
        """Call back when it is turned; at once if it was."""
        with self._mutex:
            if not self._event.is_set():
                self._callbacks.append(callback)
                return
        callback()


class Meter:
    """One question's account with the model. Thread-safe."""

    def __init__(
        self,
        seconds: float = DEADLINE,
        output: int = MAX_OUTPUT,
        cancellation: Cancellation | None = None,
        price: Price | None = None,
        *,
        first: float = FIRST,
        idle: float = IDLE,
        whole: Meter | None = None,
    ) -> None:
        """Make an account.

        Args:
            seconds: for all calls; ``first`` until each begins to answer, ``idle`` between the pieces of an answer.
            price: USD per million input and output tokens, and of input that the service had kept.
            whole: what this meter is a part of.
        """
        self._whole = whole
        self.cancellation = cancellation or Cancellation()
        self.trouble: ModelOutputError | None = None
        self._ends = time.monotonic() + seconds
        self._first, self._idle = first, idle
        self._next = self._ends  # when something must have been heard
        self._output_left = output
        self._price = price
        self._mutex = threading.Lock()
        self._calls = self._input = self._output = self._cached = 0
        self._known = True

    def left(self) -> float:
        """Seconds left, 0 when the time is over, or when nothing was heard for too long."""
        return max(0.0, min(self._ends, self._next) - time.monotonic())

    def begin(self) -> None:
        """A call begins: it has ``first`` seconds to be heard of."""
        self._next = time.monotonic() + self._first

    def heard(self) -> None:
        """A piece of an answer has come."""
        self._next = time.monotonic() + self._idle

    def rest(self) -> None:
        """No call is under way."""
        self._next = self._ends

    def part(self, seconds: float, output: int | None = None) -> Meter:
        """A meter for at most so many of the seconds that are left; what it counts is counted here too."""
        return Meter(
            min(seconds, self.left()), output or self._output_left, self.cancellation,
            first=self._first, idle=self._idle, whole=self,
        )  # fmt: skip

    def check(self) -> None:
        """Raise ModelOutputError ("cancelled", "slow") once no more may be spent."""
        if self.cancellation.cancelled:
            raise ModelOutputError("cancelled")
        if self.left() <= 0.0:
            raise ModelOutputError("slow")

    def spend_output(self, size: int) -> None:
        """Count bytes that a model wrote. Raises ModelOutputError("too_long")."""
        if self._whole is not None:
            self._whole.spend_output(size)
        with self._mutex:
            self._output_left -= size
            if self._output_left < 0:
                raise ModelOutputError("too_long")

    def count_call(self, usage: Any) -> None:
        """Count a finished call and the tokens it reported (LangChain's usage_metadata, or None)."""
        if self._whole is not None:
            self._whole.count_call(usage)
        with self._mutex:
            self._calls += 1
            spent, made = (usage.get(k) for k in _TOKENS) if isinstance(usage, dict) else (None, None)
            if isinstance(spent, int) and isinstance(made, int) and 0 <= spent < 10**9 and 0 <= made < 10**9:
                details = usage.get("input_token_details")
                cached = details.get("cache_read") if isinstance(details, dict) else None
                if isinstance(cached, int) and 0 < cached <= spent:
                    self._cached += cached
                self._input += spent
                self._output += made
            else:
                self._known = False

    def usage(self) -> Usage | None:
        """What was spent; None when no call was made."""
        with self._mutex:
            if not self._calls:
                return None
            if not self._known:
                return Usage(calls=self._calls)
            cost = None
            if self._price is not None:
                fresh, made, *kept = self._price
                cached = self._cached * (kept[0] if kept else fresh)
                cost = round(((self._input - self._cached) * fresh + cached + self._output * made) / 1e6, 6)
            return Usage(
                calls=self._calls, input_tokens=self._input, output_tokens=self._output,
                cached_tokens=self._cached or None, cost_usd=cost,
            )  # fmt: skip
