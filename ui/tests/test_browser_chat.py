"""The chat in a real browser: every sentence of what it promises that a person could see."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Debate
from ui.tests.page import Server, Visitor
from ui.verify import verify_export

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]
Locator = Any  # playwright's, which not every machine has

DEPRECIATION = "Rob 和 Ethan 怎么看 GPU 折旧?"


def marked(visitor: Visitor) -> str:
    return "".join(visitor.page.locator("#script mark:not(.found)").all_text_contents())


def opened(answer: Locator) -> None:
    """What an answer folds, in sight: quotes beyond the best one of a line."""
    answer.evaluate("a => a.querySelectorAll('details.rest').forEach(d => { d.open = true; })")


def test_steps_are_shown_before_the_answer_and_the_answer_after_them(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.fill("#words textarea", "慢慢说:Rob 怎么看 GPU 折旧?")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".progress li")
    assert visitor.page.locator(".answer").count() == 0
    assert visitor.page.locator("#words textarea").input_value() == ""
    visitor.page.wait_for_selector(".answer .card")
    assert visitor.page.locator(".progress").count() == 0


def test_every_quote_leads_to_its_very_words(visit: Visit, debate: Debate) -> None:
    visitor = visit().open()
    answer = visitor.ask(DEPRECIATION)
    opened(answer)
    cards = answer.locator(".card")
    assert cards.count() >= 2
    for n in range(cards.count()):
        words = cards.nth(n).locator("q").text_content()
        turn, start, end = cards.nth(n).get_attribute("data-place").lstrip("#").split("-")
        assert debate.transcript.raw[int(start) : int(end)] == words
        cards.nth(n).locator("a.chip").click()
        assert marked(visitor) == words
        here = visitor.page.locator(".turn.here")
        assert here.get_attribute("id") == turn
        assert here.get_attribute("data-speaker") == cards.nth(n).get_attribute("data-speaker")
        assert visitor.page.locator("#script mark").first.evaluate(
            "m => { const b = m.getBoundingClientRect(); return b.top >= 0 && b.bottom <= innerHeight }"
        )


def test_hover_previews_the_words_and_escape_returns_to_the_citation(visit: Visit) -> None:
    visitor = visit().open()
    answer = visitor.ask(DEPRECIATION)
    chip = answer.locator(".claims a.chip").first
    chip.hover()
    assert answer.locator(".card q").first.text_content() in visitor.page.locator("#peek").text_content()
    chip.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id").startswith("t")
    visitor.page.keyboard.press("Escape")
    assert chip.evaluate("c => c === document.activeElement")


def test_a_relayed_claim_names_its_originator_and_an_english_answer_has_our_gloss(visit: Visit) -> None:
    visitor = visit(language="en").open()
    answer = visitor.ask("What did Jason Furman say about US GDP growth?")
    assert "relaying Jason Furman" in answer.inner_text()
    gloss = answer.locator(".card .gloss").first
    assert gloss.is_visible() and "our translation, not a quote" in gloss.inner_text()
    assert "Sure" in answer.locator(".confidence").inner_text()


def test_silence_says_who_did_speak_and_what_came_nearest(visit: Visit) -> None:
    visitor = visit().open()
    answer = visitor.ask("Yang 怎么看 GDP?")
    silence = answer.locator(".abstention")
    assert "没有谈到" in silence.inner_text()
    assert silence.locator(".spoke button").count() >= 1
    silence.locator(".card blockquote").first.click()
    assert marked(visitor) == silence.locator(".card q").first.text_content()


def test_a_numeric_answer_draws_its_chart_and_leads_to_the_panel(visit: Visit) -> None:
    visitor = visit().open()
    answer = visitor.ask("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?")
    assert "24亿美元" in answer.locator(".calculation .result").inner_text()
    assert answer.locator(".calculation .chart svg path").count() >= 1
    assert answer.locator(".inputs tr").count() >= 4
    answer.locator(".calculation a[href^='#calc=']").click()
    visitor.page.wait_for_selector("#calc-results [data-calculator=useful_life_change] .chart svg")
    assert visitor.page.input_value("[data-case=base][name=cost]") == "30"


def test_only_the_chosen_speakers_are_quoted(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.locator("#only label", has_text="Bruce Liu").click()
    answer = visitor.ask("AI是泡沫吗?")
    speakers = {c.get_attribute("data-speaker") for c in answer.locator(".card").all()}
    assert speakers == {"Bruce Liu"}


def test_openers_and_follow_ups_are_asked_by_a_click(visit: Visit) -> None:
    visitor = visit().open()
    opener = visitor.page.locator(".welcome .next").first
    words = opener.inner_text()
    opener.click()
    visitor.page.wait_for_selector(".answer .tools")
    assert visitor.page.locator(".asked").first.inner_text() == words
    visitor.ask("Rob 怎么看 GPU 折旧?")
    offers = visitor.page.locator(".answer").last.locator(".offers .next")
    assert visitor.page.locator(".answer .offers:visible").count() == 1
    offers.first.click()
    visitor.page.wait_for_function("document.querySelectorAll('.answer').length === 3")


def test_a_stopped_question_stays_and_can_be_asked_again(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.fill("#words textarea", "慢慢说:Bruce 怎么看页岩油?")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".progress")
    visitor.page.get_by_role("button", name="停止").click()
    visitor.page.wait_for_selector(".trouble.stopped")
    assert "慢慢说" in visitor.page.locator(".asked").inner_text()
    visitor.page.wait_for_timeout(3_000)  # what was stopped must not arrive later
    assert visitor.page.locator(".answer").count() == 0
    visitor.page.click(".trouble [data-do=retry]")
    visitor.page.wait_for_selector(".answer .card")
    assert visitor.page.locator(".asked").count() == 1


def test_an_error_keeps_the_question_and_offers_a_retry(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("炸:Rob 怎么看 GPU 折旧?")
    trouble = visitor.page.locator(".trouble")
    assert "as asked" not in trouble.inner_text()
    trouble.locator("[data-do=retry]").click()
    visitor.page.wait_for_selector(".answer .card")
    assert visitor.page.locator(".asked").all_inner_texts() == ["炸:Rob 怎么看 GPU 折旧?"]


def test_an_edited_question_replaces_the_old_one(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("Rob 怎么看 GPU 折旧?").locator("[data-do=edit]").click()
    visitor.page.wait_for_function("document.querySelector('#words textarea').value !== ''")
    visitor.page.fill("#words textarea", "Ethan 怎么看旧芯片?")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_function(
        "document.querySelector('.asked').textContent.startsWith('Ethan') && document.querySelector('.answer')"
    )
    assert visitor.page.locator(".asked").count() == 1
    visitor.page.locator(".answer [data-do=retry]").click()
    visitor.page.wait_for_selector(".answer .tools")
    assert visitor.page.locator(".asked").count() == 1


def test_copy_gives_words_with_citations(visit: Visit) -> None:
    visitor = visit().open()
    answer = visitor.ask(DEPRECIATION)
    answer.locator("[data-do=copy]").click()
    visitor.page.wait_for_selector("#toast.shown")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    for card in answer.locator(".card").all():
        assert f"“{card.locator('q').text_content()}” — {card.get_attribute('data-speaker')}" in copied
    assert "[1]" in copied


@pytest.mark.parametrize("format", ["md", "json"])
def test_an_export_verifies(visit: Visit, debate: Debate, format: str) -> None:
    visitor = visit().open()
    visitor.ask(DEPRECIATION)
    visitor.ask("那 Yang 呢?")
    visitor.page.click("#export-menu summary")
    with visitor.page.expect_download() as waiting:
        visitor.page.click(f"#export-menu [data-format={format}]")
    report = verify_export(Path(waiting.value.path()).read_bytes(), debate, quotes_only=False)
    assert report.findings == [] and report.answers == 2 and report.quotes >= 2


def test_feedback_becomes_an_evaluation_case(visit: Visit) -> None:
    visitor = visit().open()
    answer = visitor.ask(DEPRECIATION)
    card = answer.locator(".card").first
    opened(answer)
    for verdict in ("wrong_quote", "right_quote"):
        card.locator(".verdicts summary").click()
        card.locator(f"[data-verdict={verdict}]").click()
        visitor.page.wait_for_selector(f".card [data-verdict={verdict}][aria-pressed=true]", state="attached")
    answer.locator(".card").nth(1).locator(".verdicts summary").click()
    answer.locator(".card").nth(1).locator("[data-verdict=wrong_speaker]").click()
    visitor.page.wait_for_selector("[data-verdict=wrong_speaker][aria-pressed=true]", state="attached")
    lines = visitor.page.evaluate("fetch('/web/feedback.jsonl').then(r => r.text())").splitlines()
    case = json.loads(lines[0])
    assert case["question"] == DEPRECIATION
    assert case["gold"] == [
        {"any": [{"speaker": card.get_attribute("data-speaker"), "quote": card.locator("q").text_content()}]}
    ]
    assert [r["verdict"] for r in case["feedback"]["rejected"]] == ["wrong_speaker"]


def test_threads_are_searched_renamed_deleted_and_survive_a_reload(visit: Visit) -> None:
    visitor = visit().open()
    visitor.ask("Rob 怎么看 GPU 折旧?")
    visitor.page.click("[data-do=new]")
    visitor.page.wait_for_selector(".welcome")
    visitor.ask("Bruce 怎么看页岩油?")
    visitor.page.wait_for_function("document.querySelectorAll('.threads li').length === 2")
    visitor.page.fill("#thread-search", "页岩")
    assert visitor.page.locator(".threads li:visible").count() == 1
    visitor.page.fill("#thread-search", "")
    visitor.page.locator(".threads li").first.locator("[data-do=rename]").click()
    visitor.page.keyboard.type("油")
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_selector(".threads li .open >> text=油")
    visitor.page.reload()
    visitor.page.wait_for_selector(".answer .card")
    assert visitor.page.locator(".asked").inner_text() == "Bruce 怎么看页岩油?"
    visitor.page.locator(".threads li").nth(1).locator(".open").click()
    visitor.page.wait_for_function("document.querySelector('.asked').textContent.startsWith('Rob')")
    for _ in range(2):  # the second click is the confirmation
        visitor.page.locator(".threads li[aria-current] [data-do=delete]").click()
    visitor.page.wait_for_selector(".welcome")
    assert visitor.page.locator(".threads li").count() == 1


def test_visitors_never_see_each_other(visit: Visit) -> None:
    one, other = visit().open(), visit(allow=("404",)).open()
    one.ask("Rob 怎么看 GPU 折旧?")
    thread = one.page.locator(".answer").get_attribute("data-thread")
    assert other.page.locator(".threads li").count() == 0
    other.open(f"/?thread={thread}")
    other.page.wait_for_selector(".welcome")
    assert other.page.locator(".answer").count() == 0
    assert other.page.evaluate(f"fetch('/export/{thread}').then(r => r.status)") == 404
    assert one.page.evaluate(f"fetch('/export/{thread}').then(r => r.status)") == 200
    assert "debate_visitor" not in one.page.evaluate("document.cookie")


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=\"document.title='owned'\"><style>body{display:none}</style> Rob 怎么看 GPU 折旧?",
        "${document.title='owned'} `x` {{constructor}} [x](javascript:alert(1)) ![i](https://example.org/i.png) 折旧?",
        '"><form action="https://example.org"><span style="position:fixed;inset:0">x</span></form>\n\n# Rob 折旧',
    ],
)
def test_a_question_injects_nothing(visit: Visit, words: str) -> None:
    visitor = visit().open()
    visitor.page.on("dialog", lambda dialog: pytest.fail("a dialog opened"))
    visitor.ask(words)
    asked = visitor.page.locator(".asked")
    assert re.sub(r"\s+", " ", asked.inner_text()) == re.sub(r"\s+", " ", words)
    assert asked.locator("*").count() == 0
    assert visitor.page.title() != "owned"
    assert visitor.page.locator("#chat .message-content :is(img, form, style, script)").count() == 0
    visitor.page.reload()  # the thread's title in the sidebar is the question as well
    visitor.page.wait_for_selector(".threads li")
    assert visitor.page.locator(".threads :is(img, form, style, script)").count() == 0
    assert visitor.page.title() != "owned"


def test_zz_threads_survive_a_restart(visit: Visit, server: Server) -> None:
    visitor = visit(allow=("AbortError", "errored out", "ERR_", "Failed to load", "network", "Connection")).open()
    visitor.ask("Rob 怎么看 GPU 折旧?")
    quote = visitor.page.locator(".answer q").first.text_content()
    address = visitor.page.url
    visitor.page.goto("about:blank")
    server.stop()
    server.start()
    visitor.page.goto(address)
    visitor.page.wait_for_selector(".answer .card")
    assert visitor.page.locator(".answer q").first.text_content() == quote
    assert any("#" in a for a in [visitor.page.locator(".answer a.chip").first.get_attribute("href")])


def test_the_page_speaks_both_languages(visit: Visit) -> None:
    visitor = visit(language="zh").open()
    assert "就这场辩论提问" in visitor.page.inner_text("#chat")
    visitor.page.click("[data-do=language]")
    visitor.page.wait_for_selector("#tab-compare-button >> text=Compare")
    assert "Ask this debate" in visitor.page.inner_text("#chat")
    assert visitor.page.locator("#words textarea").get_attribute("placeholder").startswith("Ask")
    assert visitor.page.evaluate("document.documentElement.lang") == "en"
    visitor.page.reload()
    visitor.page.wait_for_selector("#tab-compare-button >> text=Compare")


def test_slash_focuses_the_question_and_the_theme_is_kept(visit: Visit) -> None:
    visitor = visit().open()
    visitor.page.locator("#t3").focus()
    visitor.page.keyboard.press("/")
    assert visitor.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    visitor.page.click("[data-do=theme]")
    visitor.page.reload()
    visitor.page.wait_for_selector("body.dark[data-ready]")
