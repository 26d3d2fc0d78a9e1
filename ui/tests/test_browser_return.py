"""What a visitor finds again: questions without an answer, the place in a long chat, what a follow-up carries over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ui.tests.page import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]

CUT = ("AbortError", "errored out", "Failed to load", "ERR_", "network")  # what a browser logs when a stream is cut

IN_VIEW = """words => {
    const box = e => e.getBoundingClientRect(), last = css => [...document.querySelectorAll(css)].pop();
    const question = box(last(".asked")), answer = box(last(".answer")), foot = box(last("#composer")).top;
    return last(".asked").textContent === words && question.top >= 0 && answer.top < foot - 60
        && (question.top < 180 || answer.bottom <= foot);
}"""


def reload(visitor: Visitor) -> None:
    visitor.page.reload()
    visitor.page.wait_for_selector("body[data-ready]")


def test_a_failed_question_survives_a_reload_and_is_answered_on_retry(visit: Visit) -> None:
    visitor = visit(allow=CUT).open()
    visitor.ask("Rob 怎么看 GPU 折旧?")
    visitor.ask("炸:reload:那 Ethan 呢?")
    reload(visitor)
    visitor.page.wait_for_selector(".trouble")
    assert visitor.page.locator(".asked").all_inner_texts() == ["Rob 怎么看 GPU 折旧?", "炸:reload:那 Ethan 呢?"]
    visitor.page.click(".trouble [data-do=retry]")
    visitor.page.wait_for_function("document.querySelectorAll('.answer').length === 2")
    reload(visitor)
    visitor.page.wait_for_function("document.querySelectorAll('.answer').length === 2")
    assert visitor.page.locator(".trouble").count() == 0


def test_a_stopped_first_question_survives_a_reload_and_can_be_edited(visit: Visit) -> None:
    visitor = visit(allow=CUT).open()
    visitor.page.fill("#words textarea", "慢慢说:Bruce 怎么看页岩油?")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".progress")
    visitor.page.get_by_role("button", name="停止").click()
    visitor.page.wait_for_selector(".trouble.stopped")
    reload(visitor)
    visitor.page.wait_for_selector(".trouble")
    visitor.page.click(".trouble [data-do=edit]")
    visitor.page.wait_for_function("document.querySelector('#words textarea').value === '慢慢说:Bruce 怎么看页岩油?'")
    visitor.page.click("[data-do=new]")  # who begins anew leaves it behind
    visitor.page.wait_for_selector(".welcome")
    reload(visitor)
    assert visitor.page.locator(".trouble").count() == 0


def test_a_question_under_way_is_not_lost_by_a_reload(visit: Visit) -> None:
    visitor = visit(allow=CUT).open()
    visitor.page.fill("#words textarea", "慢慢说:Rob 怎么看私募信贷?")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".progress")
    reload(visitor)
    visitor.page.wait_for_selector(".asked")
    assert visitor.page.locator(".asked").last.inner_text() == "慢慢说:Rob 怎么看私募信贷?"


def test_a_kept_question_injects_nothing_and_is_nobody_else_s(visit: Visit) -> None:
    words = "炸<img src=x onerror=\"document.title='owned'\">${1} 折旧?"
    one, other = visit(allow=CUT).open(), visit().open()
    one.ask(words)
    reload(one)
    one.page.wait_for_selector(".trouble")
    assert one.page.locator(".asked").inner_text() == words
    assert one.page.locator("#chat img").count() == 0 and one.page.title() != "owned"
    reload(other)
    assert other.page.locator(".asked").count() == 0


def test_a_new_question_and_the_head_of_its_answer_are_in_view(visit: Visit) -> None:
    visitor = visit().open()
    for words in ("Rob 和 Ethan 怎么看 GPU 折旧?", "Yang 怎么看 GDP?", "Bruce 怎么看页岩油?"):
        visitor.ask(words)
        visitor.page.wait_for_function(IN_VIEW, arg=words)


def test_a_what_if_in_the_chat_carries_the_case_over_and_draws_it(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?")
    answer = visitor.ask("如果改成6年呢?")
    shown = answer.locator(".calculation").inner_text()
    assert "300亿美元" in shown and "6 年" in shown and "沿用上文" in shown
    assert "USD bn" not in shown and "years" not in shown
    assert answer.locator(".chart svg path").count() >= 1


def test_a_menu_closes_by_escape_and_an_opener_is_asked_from_the_keyboard(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.click("#export-menu summary")
    visitor.page.keyboard.press("Escape")
    assert visitor.page.locator("#export-menu[open]").count() == 0
    opener = visitor.page.locator(".welcome .next").first
    opener.focus()
    words = opener.inner_text()
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".answer .tools")
    assert visitor.page.locator(".asked").inner_text() == words
    visitor.page.locator("#tab-chat-button").focus()
    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector("#tab-compare:visible")
