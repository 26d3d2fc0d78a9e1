"""A chat model that keeps failing is left alone for a while, so that nobody waits for it in vain.

After three failures in a row of kinds that the next question would meet too (slow, down, out of order, limited) the
model is not asked for thirty seconds; the embedded answer stands with the reason. Then one question tries again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from assistant.models.trouble import ModelOutputError

FAILURES = 3
COOLDOWN_S = 30.0
_PASSING = ("slow", "down", "server_error", "rate_limited", "quota", "refused", "unknown_model")


class Breaker:
    """Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._until = 0.0
        self._trouble: ModelOutputError | None = None

    def trouble(self) -> ModelOutputError | None:
        """Why the model is not to be asked now; None when it may be."""
        with self._lock:
            if self._trouble is None or self._clock() >= self._until:
                return None
            return self._trouble

    def note(self, trouble: ModelOutputError | None, asked: bool) -> None:
        """How a question went: without trouble, with it, or without having asked the model at all."""
        with self._lock:
            if trouble is None:
                if asked:
                    self._failures, self._trouble = 0, None
                return
            if not asked or trouble.kind not in _PASSING:
                return
            self._failures += 1
            if self._failures >= FAILURES:
                self._until, self._trouble = self._clock() + COOLDOWN_S, trouble
