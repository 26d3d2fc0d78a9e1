"""How long it takes: whole processes against importing the stack, and warm questions in process.

    python -m evals bench

A cold question is timed as a process of its own, in turn with ``import torch, chromadb`` so that a noisy machine slows
both; the ratio is what counts. Warm questions are the calibration questions, a fresh thread each.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from evals.fit.weights import CALIBRATION

BASE = ("-c", "import torch, chromadb")
COLD = {
    "debate ask (cold)": ("-m", "ui.cli.command", "ask", "Rob 怎么看 GPU 折旧?"),
    "debate show t12": ("-m", "ui.cli.command", "show", "t12"),
    "debate --help": ("-m", "ui.cli.command", "--help"),
}


class Row(NamedTuple):
    """One line of the table; seconds for processes, milliseconds for questions."""

    what: str
    median: float
    worst: float
    unit: str
    ratio: float | None = None


def bench(runs: int = 5, questions: int = 200) -> list[Row]:
    """Measure everything; medians of ``runs`` processes each and of ``questions`` warm questions."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DEBATE_HOME": folder}
        _seconds(COLD["debate ask (cold)"], environment)  # the first question also encodes the debate
        rows = []
        for name, command in COLD.items():
            pairs = [(_seconds(command, environment), _seconds(BASE, environment)) for _ in range(runs)]
            ratio = statistics.median(a / b for a, b in pairs)
            rows.append(Row(name, statistics.median(a for a, _ in pairs), max(a for a, _ in pairs), "s", ratio))
        rows.append(
            Row("import torch, chromadb", statistics.median(b for _, b in pairs), max(b for _, b in pairs), "s", 1.0)
        )
    return [*rows, _warm(questions)]


def _seconds(command: Sequence[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, *command], env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )  # fmt: skip
    return time.perf_counter() - begun


def _warm(questions: int) -> Row:
    from assistant import Assistant

    with CALIBRATION.open(encoding="utf-8") as lines:
        asked = [json.loads(line)["question"] for line in lines][: questions + 20]
    spent = []
    with tempfile.TemporaryDirectory() as folder, Assistant.open(data=folder) as assistant:
        for question in asked:
            begun = time.perf_counter()
            assistant.ask(question)
            spent.append((time.perf_counter() - begun) * 1000)
    spent = sorted(spent[20:])  # the first twenty warm the caches
    return Row("ask, warm (p50 / p95)", statistics.median(spent), spent[int(0.95 * len(spent))], "ms")


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| What | Median | Worst or p95 | × import torch, chromadb |", "|---|---|---|---|"]
    for row in rows:
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        lines.append(f"| {row.what} | {row.median:.2f} {row.unit} | {row.worst:.2f} {row.unit} | {ratio} |")
    return "\n".join(lines)
