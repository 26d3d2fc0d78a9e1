"""A server process and a browser for the tests of the page: one of each per run, a fresh context per test."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = os.environ.get("DEBATE_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_S = 120  # for a server to start on a busy machine


def need_browser() -> None:
    """Skip where there is no browser; fail where there must be one."""
    if Path(CHROMIUM).exists():
        return
    words = f"no browser at {CHROMIUM}: install Debian's chromium and fonts-noto-cjk, or set DEBATE_CHROMIUM"
    if os.environ.get("CI"):
        pytest.fail(words)
    pytest.skip(words)


class Server:
    """`served.py` as a process, which can be stopped and started again on the same data and port."""

    def __init__(self, folder: Path) -> None:
        self.data, self.runs = folder / "data", folder / "runs"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self._log = folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [
            sys.executable,
            str(Path(__file__).with_name("served.py")),
            str(self.port),
            str(self.data),
            str(self.runs),
        ]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HF_HUB_OFFLINE": "1"})
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        self.stop()
        pytest.fail(f"the server did not start:\n{self._log.read_text()[-3000:]}")

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


class Visitor:
    """One visitor's page, with the few things every test does."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address = page, address

    def open(self, path: str = "/") -> Visitor:
        self.page.goto(f"{self.address}{path}")
        self.page.wait_for_selector("body[data-ready]", timeout=30_000)
        self.page.wait_for_selector("#chat", state="attached", timeout=30_000)
        return self

    def ask(self, words: str) -> Any:
        """Ask and wait for the answer; the last answer's locator."""
        before = self.page.locator(".answer, .trouble").count()
        self.page.fill("#words textarea", words)
        self.page.keyboard.press("Enter")
        self.page.wait_for_function(
            "before => document.querySelectorAll('.answer, .trouble').length > before"
            " && !document.querySelector('.progress')",
            arg=before,
            timeout=30_000,
        )
        return self.page.locator(".answer").last

    def tab(self, name: str) -> None:
        self.page.click(f"#tab-{name}-button")
        self.page.wait_for_selector(f"#tab-{name}:visible")
