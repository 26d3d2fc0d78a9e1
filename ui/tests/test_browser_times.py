"""A debate with times, words in pieces and an unknown speaker, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from assistant import Assistant
from corpus.store import Store
from index.search import PassageIndex
from ui.rest.testing import running
from ui.testing import timed
from ui.tests.page import CHROMIUM, FLAGS, Visitor, need_browser
from ui.web.page import create_app

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    need_browser()
    debate = timed()
    index, runs = PassageIndex.in_memory(debate.transcript), tmp_path_factory.mktemp("runs")
    with (
        Assistant(debate, index, Store.in_memory(), light=True) as assistant,
        running(create_app(assistant, runs=runs)) as address,
    ):
        yield address


@pytest.fixture(params=["zh", "en"])
def visitor(harbour: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A visitor in each language; nothing may go wrong, and nothing may leave this machine by itself."""
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        locale = "zh-CN" if request.param == "zh" else "en-US"
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale, reduced_motion="reduce")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=harbour)
        page = context.new_page()

        def route(route: Any) -> None:
            if route.request.url.startswith((harbour, "data:", "blob:")):
                route.continue_()
            else:
                wrong.append(f"left the machine: {route.request.url}")
                route.abort()

        page.route("**/*", route)
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        yield Visitor(page, harbour).open()
        browser.close()
    assert wrong == []


def test_a_quote_over_two_cues_is_marked_and_its_time_leads_to_the_recording(visitor: Visitor) -> None:
    answer = visitor.ask("When did Ines talk about the bridge?")
    assert answer.locator(".lead").text_content() == "Ines Braga said this at 0:24."
    card = answer.locator(".card").first
    time = card.locator("a.time")
    assert time.get_attribute("href") == "https://example.org/harbour?t=24"
    assert time.get_attribute("rel") == "noopener noreferrer" and time.get_attribute("target") == "_blank"
    card.locator("a.chip").hover()
    words = card.locator("q").text_content()
    assert visitor.page.locator("#peek .words").text_content() == f"“{words}”"
    card.locator("a.chip").click()
    visitor.page.wait_for_selector("#script mark")
    assert "".join(visitor.page.locator("#script mark").all_text_contents()) == words
    assert visitor.page.evaluate("location.hash").startswith("#t3-")
    assert visitor.page.locator("#t7 header .time").text_content() == "1:05:12"


def test_an_unknown_speaker_is_named_in_the_page_s_language(visitor: Visitor) -> None:
    page = visitor.page
    name = "说话人不详" if page.evaluate("document.documentElement.lang").startswith("zh") else "unknown speaker"
    other = "unknown speaker" if name == "说话人不详" else "说话人不详"
    answer = visitor.ask("Who pays for the wind barriers?")
    line = answer.locator(".line", has_text="R&D").first
    assert line.locator(".voice").first.inner_text() == name
    assert page.locator("#t4 header .voice").inner_text() == name
    assert page.locator("#pane .pane-filter .pill", has_text=name).inner_text() == name
    answer.locator("[data-do=copy]").click()
    page.wait_for_selector("#toast.shown")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert f"— {name}, #4, 12:05" in copied and f"— {other}" not in copied


def test_search_finds_words_that_run_over_cues(visitor: Visitor) -> None:
    visitor.page.fill("#script-search", "260 million & it opens")
    visitor.page.wait_for_selector("mark.found")
    assert "".join(visitor.page.locator("mark.found").all_text_contents()) == "260 million & it opens"
