"""Time of a function on inputs of n and 4n: linear code takes about four times as long, quadratic sixteen."""

from __future__ import annotations

import time
from collections.abc import Callable


def _seconds(work: Callable[[str], object], text: str) -> float:
    # Of the processor, not of the wall: other work on the machine does not count.
    started = time.process_time()
    work(text)
    return time.process_time() - started


def assert_linear(work: Callable[[str], object], make: Callable[[int], str], n: int = 4000) -> None:
    """Fail unless four times the input takes well under sixteen times as long; generous to a busy machine."""
    once = min(_seconds(work, make(n)) for _ in range(3))
    four_times = min(_seconds(work, make(4 * n)) for _ in range(2))
    assert four_times < 9 * once + 0.1, f"{once:.3f} s for {n}, {four_times:.3f} s for {4 * n}"
