"""A bounded load on a server of ours on this machine: `python -m ui.load`, a table.

    python -m ui.load                          # starts a server on a free port with a throw-away data folder
    python -m ui.load --port 8000 --seconds 5  # one that runs already

Only 127.0.0.1 is ever asked. Each level keeps so many connections busy for so long; every connection sends its next
question when the last is answered. 503 with Retry-After is counted apart: it is the deliberate answer to overload, and
how fast it comes is a figure of its own. The client shares the machine's cores with the server.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

QUESTIONS = (
    "Rob 怎么看 GPU 折旧?",
    "What does Ethan say about old TPUs?",
    "Bruce 和 Rob 在折旧上有什么分歧?",
    "谁提到了电力短缺?",
    "Is AI a bubble?",
    "Yang Ren 对循环融资怎么说?",
    "What was said about the cost of capital?",
    "主持人问了哪些问题?",
)
_STARTING_S = 90.0


@dataclass
class Level:
    """What one level of load measured; times in seconds."""

    connections: int
    seconds: float = 0.0
    answered: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    without_retry_after: int = 0
    others: Counter[str] = field(default_factory=Counter)
    cpu_s: float | None = None

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.answered) / self.seconds if self.seconds else 0.0

    @property
    def cpu_ms(self) -> float | None:
        """Processor time of the server for each answer, in ms; what a busy machine distorts least."""
        return None if self.cpu_s is None or not self.answered else 1000 * self.cpu_s / len(self.answered)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies, by the nearest rank; 0 for none.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.0
    """
    ranked = sorted(values)
    return ranked[max(0, -(-int(share * 100 * len(ranked)) // 100) - 1)] if ranked else 0.0


async def measure(
    port: int, connections: int, seconds: float, token: str | None = None, process: int | None = None
) -> Level:
    """Keep so many connections busy for so long.

    Args:
        process: id of the server's process, whose processor time is wanted.
    """
    import aiohttp

    level = Level(connections)
    spent_before = processor_s(process)
    questions = itertools.cycle(QUESTIONS)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    timeout = aiohttp.ClientTimeout(total=60)
    connector = aiohttp.TCPConnector(limit=connections)
    begun = time.perf_counter()

    async def one(session: aiohttp.ClientSession) -> None:
        while time.perf_counter() - begun < seconds:
            sent = time.perf_counter()
            try:
                async with session.post("/v1/ask", json={"question": next(questions)}) as response:
                    await response.read()
                    spent, status = time.perf_counter() - sent, response.status
                    retry_after = response.headers.get("Retry-After")
            except (aiohttp.ClientError, TimeoutError) as error:
                level.others[type(error).__name__] += 1
                await asyncio.sleep(0.1)
                continue
            if status == 200:
                level.answered.append(spent)
            elif status == 503:
                level.refused.append(spent)
                level.without_retry_after += retry_after is None
                await asyncio.sleep(0.25)  # a client that minds Retry-After would wait longer
            else:
                level.others[str(status)] += 1

    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{port}", connector=connector, timeout=timeout, headers=headers
    ) as session:
        await asyncio.gather(*(one(session) for _ in range(connections)))
    level.seconds = time.perf_counter() - begun
    spent_after = processor_s(process)
    if spent_before is not None and spent_after is not None:
        level.cpu_s = spent_after - spent_before
    return level


def processor_s(process: int | None) -> float | None:
    """Processor time that a process has taken, in seconds; None where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def served(*options: str) -> Iterator[tuple[int, int]]:
    """A server of its own process on a free port, with a data folder that is thrown away; port and process id."""
    with tempfile.TemporaryDirectory(prefix="debate-load-") as folder:
        command = [
            sys.executable,
            "-m",
            "ui.cli.command",
            "serve",
            "--no-ui",
            "--port",
            "0",
            "--data",
            folder,
            *options,
        ]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the server did not start; see above")
            port = int(line.rsplit(":", 1)[1])
            asyncio.run(_until_ready(port))
            yield port, process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


async def _until_ready(port: int) -> None:
    import aiohttp

    begun = time.perf_counter()
    async with aiohttp.ClientSession() as session:
        while time.perf_counter() - begun < _STARTING_S:
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise RuntimeError(f"the server was not ready after {_STARTING_S:g} s")


def table(levels: Sequence[Level]) -> str:
    """The measurements as a table."""
    rows = [
        "connections  answers/s   p50 ms   p95 ms   max ms  CPU ms each   503s   503 p95 ms   no Retry-After   other"
    ]
    for level in levels:
        a, r = level.answered, level.refused
        others = " ".join(f"{name}×{count}" for name, count in level.others.items()) or "–"
        cpu = "–" if level.cpu_ms is None else f"{level.cpu_ms:.1f}"
        rows.append(
            f"{level.connections:>11}  {level.per_s:>9.1f}  {1000 * percentile(a, 0.5):>7.1f}  "
            f"{1000 * percentile(a, 0.95):>7.1f}  {1000 * max(a, default=0):>7.1f}  {cpu:>11}  {len(r):>5}  "
            f"{1000 * percentile(r, 0.95):>11.1f}  {level.without_retry_after:>15}   {others}"
        )
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Run the levels and print the table."""
    parser = argparse.ArgumentParser(prog="python -m ui.load", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--port", type=int, help="a server that runs on 127.0.0.1 (default: start one)")
    parser.add_argument("--connections", default="1,16,64", help="levels, at most 256 each (default: 1,16,64)")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each level, at most 30 (default: 5)")
    parser.add_argument("--token", help="bearer token, where one is demanded")
    parser.add_argument("--workers", type=int, help="of the server that is started (default: the server's)")
    parsed = parser.parse_args(argv)
    levels = [min(256, max(1, int(part))) for part in parsed.connections.split(",")]
    seconds = min(30.0, max(0.1, parsed.seconds))

    async def run(port: int, process: int | None = None) -> list[Level]:
        await measure(port, 2, min(1.0, seconds), parsed.token)  # what is loaded late is loaded now
        return [await measure(port, count, seconds, parsed.token, process) for count in levels]

    if parsed.port is not None:
        measured = asyncio.run(run(parsed.port))
    else:
        options = ("--workers", str(parsed.workers)) if parsed.workers else ()
        with served(*options) as (port, process):
            measured = asyncio.run(run(port, process))
    out.write(table(measured) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
