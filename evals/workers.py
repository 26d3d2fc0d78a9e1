"""Cases dealt to processes that each open a system of their own.

Knows how to ask and how to measure what opening and asking cost; does not save, does not score.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from evals.errors import EvaluationError
from evals.systems import System
from evals.types import Case, Prediction, Record

Opener = Callable[[], System]

_system: System | None = None  # of this worker process
_cost: dict[str, float] = {}


def ask(system: System, case: Case) -> Record:
    """One case put to a system: its questions in one thread, each later turn's rewriting in a fresh one."""
    asked = system.answer([turn.question for turn in case.turns])
    if len(asked) != len(case.turns):
        raise EvaluationError(f"The system gave {len(asked)} predictions for the {len(case.turns)} turns of {case.id}.")
    rewritten: list[Prediction | None] = [None]
    for turn in case.turns[1:]:
        rewritten.append(system.answer([turn.rewrite])[0] if turn.rewrite else None)
    return Record(case_id=case.id, fingerprint=fingerprint(case), asked=tuple(asked), rewritten=tuple(rewritten))


def fingerprint(case: Case) -> str:
    """Hash of everything of a case that is asked."""
    asked = json.dumps([[turn.question, turn.rewrite] for turn in case.turns], ensure_ascii=True)
    return hashlib.sha256(asked.encode("ascii")).hexdigest()[:16]


def _open(opener: Opener) -> System:
    global _system
    started = time.perf_counter()
    _system = opener()
    _cost["opening_s"] = time.perf_counter() - started
    return _system


def _work(opener: Opener, case: Case) -> tuple[Record, dict[str, float]]:
    record = ask(_system or _open(opener), case)
    memory = peak_memory_mb()
    return record, _cost | ({"memory_mb": memory} if memory is not None else {})


def answered(opener: Opener, cases: Sequence[Case], jobs: int) -> Iterator[tuple[Record, dict[str, float]]]:
    """(record, what it cost) of every case, in order; "opening_s" in seconds, "memory_mb" at its peak.

    Args:
        jobs: Worker processes; 0 answers in this one and tells no cost.
    """
    if not cases:
        return
    if jobs <= 0:
        system = opener()
        for case in cases:
            yield ask(system, case), {}
        return
    # spawn: a forked copy of a process that runs threads (torch, tokenizers) can hang
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(cases)), mp_context=context)
    try:
        futures = [pool.submit(_work, opener, case) for case in cases]
        for future in futures:
            yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def peak_memory_mb() -> float | None:
    """Peak resident memory of this process in MB; None where the system does not tell."""
    status = Path("/proc/self/status")
    if status.is_file():  # getrusage would count what the parent held when it started us
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return float(line.split()[1]) / 1024
    try:
        import resource
    except ImportError:  # not a Unix
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if platform.system() == "Darwin" else 1024)
