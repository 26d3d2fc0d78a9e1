"""Two walks: a debate is brought, put right and asked; a memo is collected, ordered and verified."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Debate
from ui.tests.page import Visitor
from ui.verify import verify_export

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]

PANEL = """<img src=x onerror="document.title='owned'">: Is remote work bad for output? Ines, you first.

Ines Braga: I think it is not. Output per hour rose 4% after we went remote. But junior staff learn slower.

Tomas W.: I disagree. Offices matter for new hires. We lost 12% of our juniors in a year.

Moderator: Tomas, what would you change?

Tomas Weil: I would bring everyone back for three days a week. It costs 9,000 dollars a desk, but it pays.

Ines Braga: That is expensive. I would spend it on ${training} instead.
"""


def text(page: Any, css: str) -> str:
    return str(page.locator(css).first.inner_text())


def test_a_debate_is_brought_put_right_and_asked(visit: Visit, debate: Debate) -> None:
    visitor = visit(language="en", allow=("422",)).open()
    page = visitor.page
    visitor.tab("add")
    page.set_input_files("#import-file", files=[{"name": "no.bin", "mimeType": "", "buffer": b"\x00\x01" * 400}])
    page.wait_for_selector(".import-trouble:visible")
    page.fill("#import-text", PANEL)
    page.click("[data-wizard=paste]")
    page.wait_for_selector("[data-wizard=keep]")
    assert page.locator("#wizard img").count() == 0 and page.title() != "owned"
    page.locator("tr[data-speaker]", has=page.locator("input[value='Tomas W.']")).locator("[data-wizard=same]").click()
    moderator = page.locator("tr[data-speaker]", has=page.locator("input[value='Moderator']"))
    moderator.locator("input[type=text]").fill("Ines Braga")  # two people of one name cannot be
    page.click("[data-wizard=keep]")
    page.wait_for_selector(".import-trouble:visible")
    moderator.locator("input[type=text]").fill("Nora Field")
    moderator.locator("input[type=checkbox]").check()
    page.click("[data-wizard=keep]")
    page.wait_for_function("location.search.includes('debate=') && document.querySelectorAll('.turn').length < 10")
    page.wait_for_selector(".welcome")
    names = page.locator("#only label").all_inner_texts()
    assert "Nora Field" in names and "Tomas Weil" in names and "Tomas W." not in names
    answer = visitor.ask("What does Tomas Weil say about offices?")
    assert "Offices matter for new hires." in answer.inner_text()
    answer.locator("a.chip").first.click()
    assert "Offices matter" in "".join(page.locator("#script mark").all_text_contents())
    page.reload()
    page.wait_for_selector(".answer .card")
    page.click(".debates summary")
    page.locator(".debates a[data-do=debate]").first.click()
    page.wait_for_function("n => document.querySelectorAll('.turn').length === n", arg=len(debate.transcript.turns))
    assert page.locator(".threads li").count() == 0  # threads belong to their debate
    page.go_back()
    page.wait_for_selector(".answer .card")
    assert page.locator(".turn").count() < 10
    visitor.tab("calculate")
    page.wait_for_selector("#calc-results .chart svg")


def test_a_memo_is_collected_ordered_and_verifies(visit: Visit, debate: Debate) -> None:
    visitor = visit(phone=True).open()
    page = visitor.page
    answer = visitor.ask("Rob 和 Ethan 怎么看 GPU 折旧?")
    for at in range(2):
        answer.locator(".card .keep:visible").nth(at).click()
    visitor.ask("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?")
    page.locator(".calculation .keep").last.click()
    visitor.tab("compare")
    page.locator(".ledger .keep:visible").first.click()
    visitor.tab("memo")
    items = page.locator("#memo .items > li")
    page.wait_for_function("document.querySelectorAll('#memo .items > li').length === 4")
    first = items.nth(0).locator("q").text_content()
    items.nth(0).locator("[data-memo=down]").click()
    page.wait_for_function("w => document.querySelectorAll('#memo .items q')[1].textContent === w", arg=first)
    items.nth(0).locator("[data-memo=note]").click()
    page.fill("#memo .note", "两人都不站到一端。<b>${x}</b>")
    page.fill("#memo-title", "折旧备忘")
    page.locator("#memo [data-memo=first]").focus()
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.wait_for_selector("#memo .seal")
    assert items.count() == 5 and page.input_value("#memo-title") == "折旧备忘"
    assert page.locator("#tab-memo-button").get_attribute("data-count") == "5"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    told = int(str(page.locator("#memo .seal").get_attribute("data-quotes")))
    for kind in ("docx", "md"):
        with page.expect_download() as waiting:
            page.click(f"#memo [data-memo={kind}]")
        report = verify_export(Path(waiting.value.path()).read_bytes(), debate)
        assert report.findings == [] and report.quotes == told >= 3
    page.fill("#memo .note", "Rob 说“折旧是骗局”。")  # what nobody said, in quotation marks
    page.locator("#memo-title").focus()
    page.wait_for_selector("#memo .seal.broken")
    assert "折旧是骗局" in text(page, "#memo .seal.broken")
