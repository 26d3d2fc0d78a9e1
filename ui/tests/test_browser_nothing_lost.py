"""One walk over everything that used to lose work: retry, other tabs, no network, Back, reload, a restart."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ui.tests.page import Server, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]

FIRST, NEXT, OTHER, LAST = "Rob 怎么看 GPU 折旧?", "那 Ethan 呢?", "Bruce 怎么看页岩油?", "Yang 怎么看 GDP?"
CUT = ("AbortError", "errored out", "Failed to load", "ERR_", "network", "Connection")


def asked(visitor: Visitor) -> list[str]:
    return [str(words) for words in visitor.page.locator(".asked").all_inner_texts()]


def answers(visitor: Visitor, count: int) -> None:
    visitor.page.wait_for_function("n => document.querySelectorAll('.answer').length === n", arg=count)


def typed(visitor: Visitor, words: str) -> None:
    visitor.page.wait_for_function("w => document.querySelector('#words textarea').value === w", arg=words)


def send(visitor: Visitor, words: str) -> None:
    visitor.page.fill("#words textarea", words)
    visitor.page.keyboard.press("Enter")


def address(visitor: Visitor) -> str:
    visitor.page.wait_for_function("location.search.includes('thread=')")
    return "/" + str(visitor.page.url).split("/", 3)[3]


def second_tab(visitor: Visitor) -> Visitor:
    return Visitor(visitor.page.context.new_page(), visitor.address).open(address(visitor))


def test_retry_edit_and_other_tabs_lose_no_answer(visit: Visit) -> None:
    visitor = visit().open()
    for words in (FIRST, NEXT, OTHER):
        visitor.ask(words)
    visitor.page.locator(".answer").nth(1).locator("[data-do=retry]").click()
    answers(visitor, 4)
    assert asked(visitor)[:3] == [FIRST, NEXT, OTHER]
    assert "Ethan" in asked(visitor)[3]  # what leant on the question before it is asked in full
    other = second_tab(visitor)
    answers(other, 4)
    other.ask(LAST)
    visitor.page.locator(".answer").last.locator("[data-do=retry]").click()  # no longer the last one
    answers(visitor, 6)
    assert asked(visitor)[4] == LAST
    for _ in range(2):
        other.page.locator(".threads li[aria-current] [data-do=delete]").click()
    other.page.wait_for_selector(".welcome")
    send(visitor, FIRST)
    visitor.page.wait_for_selector(".trouble [data-do=restore]")
    assert asked(visitor) == [FIRST]
    visitor.page.click(".trouble [data-do=restore]")
    answers(visitor, 6)
    assert asked(visitor)[-1] == FIRST  # the question still waits to be asked again
    visitor.page.click(".trouble [data-do=retry]")
    answers(visitor, 7)


def test_offline_back_reload_and_restart_lose_no_words(visit: Visit, server: Server) -> None:
    visitor = visit(allow=CUT).open()
    page = visitor.page
    visitor.ask(FIRST)
    thread = address(visitor)
    page.context.set_offline(True)
    send(visitor, NEXT)
    page.wait_for_selector("#toast.shown")
    typed(visitor, NEXT)
    page.context.set_offline(False)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    typed(visitor, NEXT)
    page.click("[data-do=new]")
    page.wait_for_selector(".welcome")
    typed(visitor, "")
    visitor.ask(OTHER)
    address(visitor)
    visitor.tab("compare")
    page.go_back()
    page.wait_for_selector("#tab-chat:visible")
    page.evaluate("history.go(-1); setTimeout(() => history.go(-1))")  # twice, faster than a thread opens
    page.wait_for_function("w => document.querySelector('.asked')?.textContent === w", arg=FIRST)
    typed(visitor, NEXT)
    page.evaluate("history.go(3)")
    page.wait_for_selector("#tab-compare:visible")
    page.wait_for_function("debate.here().tab === 'compare' && !debate.isOpening()")
    page.reload()
    page.wait_for_selector("#tab-compare:visible")
    page.goto(f"{server.address}{thread}")
    page.wait_for_selector("body[data-ready]")
    server.stop()
    send(visitor, LAST)
    page.goto("about:blank")  # the page would load itself anew, at a moment of its own
    server.start()
    page.goto(f"{server.address}{thread}")
    page.wait_for_selector(".answer")
    typed(visitor, LAST)
    page.focus("#words textarea")
    page.keyboard.press("Enter")
    answers(visitor, 2)
    assert asked(visitor) == [FIRST, LAST]
    typed(visitor, "")
