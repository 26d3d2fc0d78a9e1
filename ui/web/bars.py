"""What the page is held to, measured on this machine: `python -m ui.web.bars`, a table.

    python -m ui.web.bars                 # start-up, first content, added time, fifty visitors
    python -m ui.web.bars --only visitors # one of: start, content, added, visitors

Starts servers of its own with throw-away data. Other work on the machine lengthens every figure; start-up is measured
in turns with its yardstick, so that their ratio is least disturbed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from ui.load import QUESTIONS, percentile
from ui.web.screenshots import chromium, server

RUNS, RELOADS, VISITORS = 5, 9, 50
_YARDSTICK = "import gradio, torch, chromadb"
_FIRST_CONTENT = """(() => { const seen = e => e && e.getClientRects().length > 0, look = () => {
    if (seen(document.querySelector("#words textarea")) && seen(document.querySelector(".welcome .next")))
        window.firstContent = performance.now();
    else requestAnimationFrame(look); };
  requestAnimationFrame(look); })()"""
_ANSWERED = """() => document.addEventListener("keydown", event => {
    if (event.key !== "Enter") return;
    const begun = performance.now(), before = document.querySelectorAll(".answer").length;
    window.answered = null;
    const watch = new MutationObserver(() => {
        if (document.querySelectorAll(".answer").length <= before) return;
        window.answered = performance.now() - begun;
        watch.disconnect(); });
    watch.observe(document.body, {childList: true, subtree: true}); }, true)"""


def start() -> str:
    """How long until the page is served, against importing what it stands on; medians in s."""
    yardstick, ready = [], []
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", _YARDSTICK], check=True, stderr=subprocess.DEVNULL)
        yardstick.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        with server(warm=False):
            ready.append(time.perf_counter() - begun)
    share = statistics.median(ready) / statistics.median(yardstick)
    return f"{statistics.median(ready):.1f} s, {share:.2f}× `{_YARDSTICK}` (bar: 2×)"


def content() -> str:
    """From navigation to the question box and the suggestions, reloaded with a warm cache; median in ms."""
    with server() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.add_init_script(_FIRST_CONTENT)
        taken = []
        for _ in range(RELOADS + 1):
            page.goto(address)
            page.wait_for_function("window.firstContent")
            page.wait_for_selector("body[data-ready]")
            taken.append(page.evaluate("window.firstContent"))
    return f"{statistics.median(taken[1:]):.0f} ms (bar: 2,000)"


def added() -> str:
    """From Enter to the answer on the page, less the time that the answer says it took; median in ms."""
    with server() as address, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        page.evaluate(_ANSWERED)
        taken = []
        for question in QUESTIONS * 3:
            page.fill("#words textarea", question)
            page.keyboard.press("Enter")
            page.wait_for_function("window.answered")
            own = page.locator(".answer").last.get_attribute("data-spent")
            taken.append(page.evaluate("window.answered") - float(own))
            page.click("[data-do=new]")
            page.wait_for_selector(".welcome")
    warm = taken[len(QUESTIONS) :]
    return f"{statistics.median(warm):.0f} ms p50 (bar: 150)"


def visitors() -> str:
    """Fifty visitors who ask through the page's own queue at the same moment; p95 in s, and how many failed."""
    with server() as address:
        taken = asyncio.run(_all_at_once(address))
    good = [t for t in taken if t is not None]
    return f"p95 {percentile(good, 0.95):.1f} s, {len(taken) - len(good)} of {len(taken)} failed (bar: 8 s, none)"


async def _all_at_once(address: str) -> list[float | None]:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        config = await (await session.get(f"{address}/config")).json()
    asking = next(d for d in config["dependencies"] if d["targets"][0][1] == "submit" and len(d["inputs"]) == 6)

    async def one(number: int) -> float | None:
        # A cookie jar each: everybody is somebody else.
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as session:
            await (await session.get(f"{address}/healthz")).read()
            ticket, begun = secrets.token_hex(6), time.perf_counter()
            body = {
                "data": [QUESTIONS[number % len(QUESTIONS)], [], None, None, None, None], "event_data": None,
                "fn_index": asking["id"], "session_hash": ticket, "trigger_id": asking["targets"][0][0],
            }  # fmt: skip
            async with session.post(f"{address}/gradio_api/queue/join?", json=body) as joined:
                if joined.status != 200:
                    return None
            async with session.get(f"{address}/gradio_api/queue/data?session_hash={ticket}") as stream:
                async for line in stream.content:
                    said = json.loads(line[5:]) if line.startswith(b"data:") else {}
                    if said.get("msg") == "process_completed":
                        return time.perf_counter() - begun if said["success"] else None
        return None

    return await asyncio.gather(*(one(number) for number in range(VISITORS)))


BARS: dict[str, Callable[[], str]] = {"start": start, "content": content, "added": added, "visitors": visitors}


def main(argv: Sequence[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Measure, and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m ui.web.bars", description="Measure what the page is held to.")
    parser.add_argument("--only", choices=[*BARS])
    only: Any = parser.parse_args(argv).only
    for name, measure in BARS.items():
        if only in (None, name):
            out.write(f"{name:<9} {measure()}\n")
            out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
