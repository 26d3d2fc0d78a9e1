"""The pictures of the README, taken from the running page: `python -m ui.web.screenshots`, into `docs/`.

    python -m ui.web.screenshots                # chat, compare, calculate, phone; light and dark, 中 and en
    python -m ui.web.screenshots --out /tmp/x   # somewhere else

Starts a server of its own on a free port with a throw-away data folder, and drives Debian's Chromium.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ui.errors import UsageError

_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
_PATIENCE_S = 180


class Picture(NamedTuple):
    """One picture: its name, how the visitor comes, and what is done before it is taken."""

    name: str
    act: Callable[[Any], None]
    path: str = "/"
    language: str = "zh"
    dark: bool = False
    phone: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    """Take every picture; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ui.web.screenshots", description="Take the README's pictures.")
    parser.add_argument("--out", type=Path, default=Path("docs"), help="folder (default: docs)")
    out: Path = parser.parse_args(argv).out
    out.mkdir(parents=True, exist_ok=True)
    with chromium() as browser, server() as address:
        _take(PICTURES, address, browser, out)
    return 0


def _ask(words: str) -> Callable[[Any], None]:
    def act(page: Any) -> None:
        page.fill("#words textarea", words)
        page.keyboard.press("Enter")
        page.wait_for_selector(".answer .tools")

    return act


def _cited(page: Any) -> None:
    _ask("Rob 和 Ethan 怎么看 GPU 折旧?")(page)
    page.locator(".answer .told a.chip").last.click()


def _compared(page: Any) -> None:
    page.click("#tab-compare-button")
    page.select_option("#compare-topic", "depreciation")


def _drawn(page: Any) -> None:
    page.wait_for_selector("#calc-results .chart svg")
    page.evaluate("document.getElementById('calc-results').scrollIntoView()")


PICTURES = (
    Picture("front", lambda page: None),
    Picture("chat", _cited),
    Picture("compare", _compared),
    Picture("calculate", _drawn, path="/#calc=depreciation_schedule&b.cost=100&b.life=6&w.life=4", language="en"),
    Picture("monte-carlo-dark", _drawn, path="/#calc=cycle_monte_carlo&w.hazard=0.16", language="en", dark=True),
    Picture("phone", _cited, phone=True),
)


def _take(pictures: Sequence[Picture], address: str, browser: Any, out: Path) -> None:
    for picture in pictures:
        context = browser.new_context(
            viewport={"width": 390, "height": 844} if picture.phone else {"width": 1440, "height": 900},
            device_scale_factor=2 if picture.phone else 1,
            locale="zh-CN" if picture.language == "zh" else "en-US",
            color_scheme="dark" if picture.dark else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(f"{address}{picture.path}")
        page.wait_for_selector("body[data-ready]", timeout=60_000)
        picture.act(page)
        page.wait_for_timeout(400)
        place = out / f"{picture.name}.png"
        page.screenshot(path=place)
        _lighten(place)
        sys.stdout.write(f"{place}\n")
        context.close()


def _lighten(place: Path) -> None:
    """A picture with a palette in place of true colour: a third of the size, no channel off by more than a few."""
    from PIL import Image

    with Image.open(place) as image:
        few = image.convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=20, dither=Image.Dither.NONE)
    few.save(place, optimize=True)


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright.

    Raises:
        UsageError: There is none here.
    """
    path = os.environ.get("DEBATE_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise UsageError("There is no chromium here; install Debian's chromium and fonts-noto-cjk.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield browser
        browser.close()


@contextmanager
def server(*, warm: bool = True) -> Iterator[str]:
    """The page on a free port with throw-away data; its address, once it answers.

    Args:
        warm: whether a question has been asked already.
    """
    from ui.serve import listen

    with listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as data:
        command = [sys.executable, "-m", "ui.cli.command", "ui", "--no-browser", "--port", str(port), "--data", data]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/healthz", process)
            if warm:
                _warm(address)
            yield address
        finally:
            process.terminate()
            process.wait(20)


def _warm(address: str) -> None:
    """Ask one question, so that no picture shows how long the first one takes."""
    body = json.dumps({"question": "Is AI a bubble?"}).encode()
    request = urllib.request.Request(f"{address}/v1/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=_PATIENCE_S):
        pass


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise UsageError("The server did not start; run `debate ui` to see why.")


if __name__ == "__main__":
    sys.exit(main())
