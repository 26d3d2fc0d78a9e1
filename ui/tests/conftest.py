"""One debate for all tests of the doors, and a data folder of each test's own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Debate, open_debate
from ui.tests.page import CHROMIUM, FLAGS, Server, Visitor, need_browser


@pytest.fixture(scope="session")
def debate() -> Debate:
    return open_debate()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("DEBATE_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from assistant import Assistant

    folder = tmp_path_factory.mktemp("filled") / "home"
    Assistant.open(data=folder).close()
    return folder


@pytest.fixture
def filled_home(_filled: Path, home: Path) -> Path:
    """A folder in which the debate is on record with its vectors, so that asking is quick."""
    shutil.copytree(_filled, home)
    return home


# ── the page in a browser ──


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, _filled: Path) -> Iterator[Server]:
    need_browser()
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(_filled, folder / "data")
    save_run(folder / "runs")
    served = Server(folder)
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")  # while it is open, an event loop runs in this thread; other modules may want their own
def chromium(server: Server) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, server: Server) -> Iterator[Callable[..., Visitor]]:
    """Makes visitors, each in a context of its own; afterwards nothing may have gone wrong or off this machine."""
    contexts: list[Any] = []
    wrong: list[str] = []

    def enter(*, language: str = "zh", phone: bool = False, dark: bool = False, allow: tuple[str, ...] = ()) -> Visitor:
        context = chromium.new_context(
            viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
            locale="zh-CN" if language == "zh" else "en-US", color_scheme="dark" if dark else "light",
            reduced_motion="reduce", accept_downloads=True,
        )  # fmt: skip
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()

        def route(route: Any) -> None:
            if route.request.url.startswith((server.address, "data:", "blob:")):
                route.continue_()
            else:
                wrong.append(f"left the machine: {route.request.url}")
                route.abort()

        page.route("**/*", route)
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on(
            "console",
            lambda m: (
                wrong.append(f"console: {m.text}")
                if m.type == "error" and not any(words in m.text for words in allow)
                else None
            ),
        )
        return Visitor(page, server.address)

    yield enter
    for context in contexts:
        context.close()
    assert wrong == []


def save_run(folder: Path) -> None:
    """A saved evaluation run, as the suites write one."""
    place = folder / "ours" / "abc1234"
    place.mkdir(parents=True)
    aggregates = [
        {"measure": "success", "group": {}, "value": 0.9, "low": 0.85, "high": 0.94, "scored": 10, "unscored": 0},
        {
            "measure": "success",
            "group": {"split": "test"},
            "value": 0.8,
            "low": 0.7,
            "high": 0.9,
            "scored": 5,
            "unscored": 0,
        },
    ]
    report = {"config": "ours", "revision": "abc1234", "started": "2026-11-22T10:00:00Z", "turns": [{}] * 10}
    (place / "report.json").write_text(json.dumps({**report, "aggregates": aggregates}), encoding="utf-8")
    (place / "report.html").write_text("<!doctype html><title>r</title><h1>ours at abc1234</h1>", encoding="utf-8")
