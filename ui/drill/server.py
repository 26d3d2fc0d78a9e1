"""The server under fire: a slow model, a flood, callers who leave, connections that never ask.

Everything runs on loopback: the server in a thread of this process, or, where it is stopped, in one of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx

from assistant import Assistant
from assistant.testing import ScriptedEndpoint
from ui.drill.result import Result
from ui.rest.app import create_api
from ui.rest.testing import running
from ui.settings import Settings

_ROOT = Path(__file__).parents[2]
_BESIDE_S, _REFUSAL_S, _STOP_S = 0.3, 0.2, 3.0


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[max(0, int(0.95 * len(seconds)) - 1)] if seconds else 0.0


async def _timed(client: httpx.AsyncClient, method: str, path: str, **more: object) -> tuple[int, float]:
    begun = time.perf_counter()
    response = await client.request(method, path, **more)  # type: ignore[arg-type]
    return response.status_code, time.perf_counter() - begun


def slow_model(data: Path, asks: int = 8, rounds: int = 10, slack: float = 1.0) -> list[Result]:
    """Questions hang at a silent model; beside them everything else goes on, and who leaves frees the place."""
    with ScriptedEndpoint("silent") as endpoint:
        os.environ |= endpoint.environment(OPENAI_API_KEY="sk-drill")
        try:
            with Assistant.open(data=data, light=True) as assistant:
                assistant.ask("GPU 折旧?", by_model=False)  # everything is loaded
                with running(create_api(assistant, Settings(), mcp=False)) as base:
                    return asyncio.run(_beside(base, endpoint, asks, rounds, slack))
        finally:
            for name in (*endpoint.environment(), "OPENAI_API_KEY"):
                os.environ.pop(name, None)


async def _beside(base: str, endpoint: ScriptedEndpoint, asks: int, rounds: int, slack: float) -> list[Result]:
    ask = {"question": "Rob 怎么看 GPU 折旧?"}
    spent: list[float] = []
    wrong = 0
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        busy = [asyncio.create_task(client.post("/v1/ask", json=ask)) for _ in range(asks)]
        await _until(lambda: len(endpoint.requests) >= asks)
        for _ in range(rounds):
            for method, path, more in (
                ("GET", "/healthz", {}),
                ("GET", "/v1/threads", {}),
                ("POST", "/v1/verify", {"json": {"document": "x"}}),
                ("POST", "/v1/ask", {"json": {**ask, "model": False}}),
            ):
                status, seconds = await _timed(client, method, path, **more)
                wrong += status >= 500
                spent.append(seconds)
        for task in busy:
            task.cancel()
        await asyncio.gather(*busy, return_exceptions=True)
        begun = time.perf_counter()
        freed = await _freed(client)
        left = time.perf_counter() - begun
    beside = Result(
        "slow model",
        f"beside {asks} hanging model calls everything else answers within {_BESIDE_S:g} s (p95)",
        f"p95 {_p95(spent):.2f} s of {len(spent)} requests, {wrong} refused",
        _p95(spent) <= _BESIDE_S * slack and not wrong,
    )
    gone = Result(
        "leaving", "whoever leaves frees the place within 1 s", f"{left:.1f} s", freed and left <= 1.0 * max(1.0, slack)
    )
    return [beside, gone]


async def _freed(client: httpx.AsyncClient) -> bool:
    """Wait, at most ten seconds, until no question is with the model any more."""
    for _ in range(200):
        counted = (await client.get("/metrics")).text
        line = next((row for row in counted.split("\n") if row.startswith("debate_queue_inside ")), "")
        if line.endswith(" 0.0"):
            return True
        await asyncio.sleep(0.05)
    return False


async def _until(true: object, seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:  # type: ignore[operator]
        await asyncio.sleep(0.02)


@contextlib.contextmanager
def served(data: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`debate serve` in a process of its own, for as long as the block lasts: its address, and the process."""
    variables = {**os.environ, "DEBATE_MODEL": "none", **environment, "DEBATE_HOME": str(data)}
    command = [sys.executable, "-m", "ui.cli.command", "serve", "--no-ui", "--port", "0"]
    process = subprocess.Popen(
        command, cwd=_ROOT, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().rsplit(" ", 1)[-1].strip(), process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def flood(data: Path, callers: int = 150) -> Result:
    """Many ask at once: those who do not fit are refused at once, with when to come back."""

    async def scenario(base: str) -> list[tuple[int, float, str | None]]:
        limits = httpx.Limits(max_connections=callers)
        async with httpx.AsyncClient(base_url=base, timeout=60, limits=limits) as client:
            for _ in range(120):  # a new server fills its cache first
                if (await client.get("/readyz")).json()["index"] == "chroma":
                    break
                await asyncio.sleep(0.5)

            async def one(number: int) -> tuple[int, float, str | None]:
                await client.get("/healthz")  # connected
                await asyncio.sleep(1.0 - 0.001 * number)  # all are connected by now
                begun = time.perf_counter()
                response = await client.post("/v1/ask", json={"question": "GPU 折旧?"})
                return response.status_code, time.perf_counter() - begun, response.headers.get("retry-after")

            return await asyncio.gather(*map(one, range(callers)))

    with served(data) as (base, _):
        done = asyncio.run(scenario(base))
    refused = [seconds for status, seconds, _ in done if status == 503]
    bad = sum(status not in (200, 503) or (status == 503 and not after) for status, _, after in done)
    answered = sum(status == 200 for status, *_ in done)
    figure = f"{answered} answered, {len(refused)} refused (p95 {_p95(refused):.2f} s), {bad} else"
    promise = f"what does not fit is refused within {_REFUSAL_S:g} s (p95), 503 with Retry-After"
    return Result("flood", promise, figure, not bad and answered >= 32 and _p95(refused) <= _REFUSAL_S)


def half_open(assistant: Assistant, head_s: float = 1.0) -> Result:
    """Connections that never send a whole request head are closed."""
    from ui.timely import TimelyProtocol

    class Hasty(TimelyProtocol):
        """The protocol with less patience, so that the drill is short."""

    Hasty.head_s = head_s
    heads = (b"", b"GET /healthz HT", b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
    with running(create_api(assistant, mcp=False), http=Hasty) as base, contextlib.ExitStack() as stack:
        address = ("127.0.0.1", int(base.rsplit(":", 1)[1]))
        open_ = [stack.enter_context(socket.create_connection(address, 10)) for _ in heads]
        for connection, head in zip(open_, heads, strict=True):
            connection.sendall(head)
        begun = time.monotonic()
        closed = 0
        for connection in open_:
            connection.settimeout(head_s + 3)
            with contextlib.suppress(OSError):
                while connection.recv(4096):
                    pass
                closed += 1
        spent = time.monotonic() - begun
    figure = f"{closed} of {len(heads)} closed within {spent:.1f} s of a limit of {head_s:g} s"
    return Result("half open", "a connection that never asks is closed", figure, closed == len(heads))


def stopped(data: Path, asks: int = 4) -> Result:
    """SIGTERM while questions hang at the model: an answer to everybody, none of them a 500, and a quick end."""
    with (
        ScriptedEndpoint("silent") as endpoint,
        served(data, **endpoint.environment(OPENAI_API_KEY="sk-drill")) as (base, process),
    ):
        statuses, spent = asyncio.run(_stopping(base, endpoint, process, asks))
    figure = f"ended in {spent:.1f} s, answers {sorted(statuses)}"
    ok = spent <= _STOP_S + 1 and len(statuses) == asks and all(status in (200, 503) for status in statuses)
    return Result("stopped", f"SIGTERM ends within {_STOP_S:g} s, without a 500", figure, ok)


async def _stopping(
    base: str, endpoint: ScriptedEndpoint, process: subprocess.Popen[str], asks: int
) -> tuple[list[int], float]:
    async with httpx.AsyncClient(base_url=base, timeout=60) as client:
        busy = [asyncio.create_task(client.post("/v1/ask", json={"question": "GPU 折旧?"})) for _ in range(asks)]
        await _until(lambda: len(endpoint.requests) >= min(asks, 4))
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        done = await asyncio.gather(*busy, return_exceptions=True)
        await asyncio.to_thread(process.wait, 30)
        spent = time.monotonic() - begun
    return [response.status_code for response in done if isinstance(response, httpx.Response)], spent
