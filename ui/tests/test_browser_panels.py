"""Transcript, Compare, Calculate, Evaluate, phone and accessibility, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Debate
from ui.tests.page import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]


def marked(visitor: Visitor) -> str:
    return "".join(visitor.page.locator("#script mark:not(.found)").all_text_contents())


# ── transcript ──


def test_a_deep_link_opens_at_its_sentence(visit: Visit, debate: Debate) -> None:
    visitor = visit().open("/#t12.4")
    visitor.page.wait_for_selector("#script mark")
    assert marked(visitor) == debate.transcript.sentence("t12.4").text
    visitor.page.evaluate("location.hash = '#t20'")
    visitor.page.wait_for_selector("#t20.here")


def test_the_transcript_is_the_whole_debate(visit: Visit, debate: Debate) -> None:
    visitor = visit().open()
    shown = visitor.page.eval_on_selector_all(
        ".script .said", "all => all.map(p => [Number(p.dataset.start), p.textContent])"
    )
    parts = [part for turn in debate.transcript.turns for part in turn.paragraphs]
    assert [(start, words) for start, words in shown] == [
        (p.start, debate.transcript.raw[p.start : p.end]) for p in parts
    ]
    assert visitor.page.locator(".script .section").count() == len(debate.transcript.sections)


def test_search_filter_and_keyboard_in_the_transcript(visit: Visit, debate: Debate) -> None:
    visitor = visit().open()
    visitor.page.fill("#script-search", "页岩油")
    spoken = "".join(
        debate.transcript.raw[p.start : p.end] + "\n" for t in debate.transcript.turns for p in t.paragraphs
    )
    visitor.page.wait_for_selector("#script[data-searched=页岩油]")
    assert visitor.page.locator("mark.found").count() == spoken.count("页岩油")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.locator("mark.found.now").count() == 1
    for typed, least in (("gpu 折旧", 1), ("ＧＰＵ折舊", 1), ("折舊", 5), ("depreciation", 3), ("nowhere said", 0)):
        visitor.page.fill("#script-search", typed)
        visitor.page.wait_for_selector(f'#script[data-searched="{typed}"]')
        told = visitor.page.inner_text("#script-found")
        assert told == "没有找到" if not least else int(told.split()[0]) >= least, (typed, told)
    visitor.page.fill("#script-search", "")
    visitor.page.wait_for_selector('#script[data-searched=""]')
    visitor.page.locator(".pane-filter .pill", has_text="Yang Ren").click()
    speakers = {t.get_attribute("data-speaker") for t in visitor.page.locator(".turn:visible").all()}
    assert speakers == {"Yang Ren"}
    visitor.page.locator(".turn:visible").first.focus()
    first = visitor.page.evaluate("document.activeElement.id")
    visitor.page.keyboard.press("j")
    assert visitor.page.evaluate("document.activeElement.id") != first
    visitor.page.keyboard.press("k")
    assert visitor.page.evaluate("document.activeElement.id") == first
    visitor.page.click("[data-do=gloss]")
    assert visitor.page.locator(".script .gloss:visible").count() >= 1


# ── compare ──


def test_stances_side_by_side_with_honest_silence(visit: Visit, debate: Debate) -> None:
    visitor = visit().open()
    visitor.tab("compare")
    visitor.page.select_option("#compare-topic", "shale")
    columns = visitor.page.locator("section.topic:visible .stand")
    for column in columns.all():
        stance = debate.notes.stance(column.get_attribute("data-speaker"), "shale")
        assert ("silent" in column.get_attribute("class").split()) == (stance is None)
    quote = visitor.page.locator("section.topic:visible .card q").first
    words = quote.text_content()
    quote.click()
    assert marked(visitor) == words
    visitor.page.locator(".compare-choice .pill", has_text="Rob Li").click()
    assert visitor.page.locator("section.topic:visible .stand[data-speaker='Rob Li']:visible").count() == 0
    visitor.page.locator(".matrix [data-topic=depreciation][data-speaker='Rob Li']").click()
    assert visitor.page.locator("section.topic:visible").get_attribute("data-topic") == "depreciation"


def test_the_timeline_leads_to_turns_and_the_ledger_shows_conflicts(visit: Visit) -> None:
    visitor = visit().open()
    visitor.tab("compare")
    assert visitor.page.locator(".strip a").count() == 36
    visitor.page.locator(".strip a[href='#t9']").click()
    assert visitor.page.locator("#t9.here").count() == 1
    assert visitor.page.locator(".ledger tbody.conflict").count() >= 1
    visitor.page.check("#only-differ")
    assert (
        visitor.page.locator(".ledger tbody:visible").count() == visitor.page.locator(".ledger tbody.conflict").count()
    )
    for heading in visitor.page.locator(".ledger .group th:visible").all_inner_texts():
        assert "说法不一" in heading and "_" not in heading and not heading.isascii()
    figure = visitor.page.locator(".ledger tbody:visible a.said").first
    words = figure.text_content()
    figure.click()
    assert marked(visitor) == words


# ── calculate ──


def result(visitor: Visitor, waiting_for: str) -> Any:
    visitor.page.wait_for_selector(f"#calc-results >> text={waiting_for}")
    return visitor.page.locator("#calc-results")


def test_a_calculator_computes_compares_links_and_asks(visit: Visit) -> None:
    visitor = visit().open("/#calc=useful_life_change&b.cost=100&b.old_life=4&b.new_life=6&b.age=2")
    base = result(visitor, "125亿美元")
    assert base.locator(".calculation").count() == 1
    visitor.page.fill("[data-case=what][name=new_life]", "5")
    versus = visitor.page.locator("#calc-results .versus")
    versus.wait_for()
    row = versus.locator("tr.headline td").all_inner_texts()
    assert row[0] == "−125亿美元" and row[1].startswith("−83.33亿美元") and row[2].startswith("+41.67亿美元")
    cases = versus.locator(".pair .chart figcaption b").all_inner_texts()
    assert cases and cases == ["基准", "如果"] * (len(cases) // 2)
    address = visitor.page.url
    assert "w.new_life=5" in address
    other = visit().open(address.removeprefix(visitor.address))
    other.page.wait_for_selector("#calc-results .versus")
    assert other.page.input_value("[data-case=what][name=new_life]") == "5"
    assert other.page.input_value("[data-case=base][name=cost]") == "100"
    visitor.page.click("[data-do=calc-ask]")
    visitor.page.wait_for_function("document.querySelector('#words textarea').value.includes('100')")


def test_what_cannot_be_computed_is_said_at_its_input(visit: Visit) -> None:
    visitor = visit().open()
    visitor.tab("calculate")
    visitor.page.wait_for_selector("#calc-results .chart svg")
    visitor.page.fill("[data-case=base][name=life]", "-3")
    visitor.page.wait_for_selector("#calc-results .refusal")
    assert visitor.page.locator("[data-case=base][name=life]").get_attribute("aria-invalid") == "true"
    visitor.page.fill("[data-case=base][name=life]", "<img src=x onerror=alert(1)>")
    visitor.page.wait_for_function("document.querySelector('.refusal').textContent.includes('img')")
    assert visitor.page.locator("#calculate img").count() == 0


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("depreciation_schedule", {"bar", "line"}),
        ("fleet_gap", {"bar", "line"}),
        ("cycle_map", {"line", "bar"}),
        ("cycle_monte_carlo", {"fan", "histogram"}),
    ],
)
def test_the_great_models_have_pictures(visit: Visit, name: str, kinds: set[str]) -> None:
    visitor = visit(dark=True).open(f"/#calc={name}")
    visitor.page.wait_for_selector(f"#calc-results [data-calculator={name}] .chart svg")
    drawn = {c.get_attribute("data-kind") for c in visitor.page.locator("#calc-results .chart").all()}
    assert drawn & kinds
    assert visitor.page.locator("#calc-results .chart svg :is(path, rect, polygon)").count() >= 1


# ── evaluate ──


def test_saved_reports_can_be_read(visit: Visit) -> None:
    visitor = visit().open()
    visitor.tab("evaluate")
    assert "90.0%" in visitor.page.inner_text("#evaluate") and "80.0%" in visitor.page.inner_text("#evaluate")
    visitor.page.click("[data-do=report]")
    assert visitor.page.locator("#report").is_visible()
    assert visitor.page.frame_locator("#report iframe").locator("h1").inner_text() == "ours at abc1234"


# ── phone, accessibility ──


def test_on_a_phone_the_transcript_is_a_sheet(visit: Visit) -> None:
    visitor = visit(phone=True).open()
    assert not visitor.page.locator("#pane").is_visible()
    answer = visitor.ask("Rob 和 Ethan 怎么看 GPU 折旧?")
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    words = answer.locator(".card q").first.text_content()
    answer.locator("a.chip").first.click()
    assert visitor.page.locator("#pane").is_visible() and marked(visitor) == words
    visitor.page.click("[data-do=close-script]")
    visitor.page.wait_for_selector("#pane", state="hidden")
    answer.locator("a.chip").first.click()
    visitor.page.mouse.click(195, 20)  # beside the sheet
    visitor.page.wait_for_selector("#pane", state="hidden")
    visitor.page.click("[data-do=sidebar]")
    assert visitor.page.locator(".threads li").is_visible()
    visitor.page.mouse.click(380, 500)
    assert not visitor.page.locator(".threads li").is_visible()


def test_targets_on_a_phone_are_wide_enough_for_a_finger(visit: Visit) -> None:
    visitor = visit(phone=True).open()
    visitor.ask("Rob 和 Ethan 怎么看 GPU 折旧?")
    small = visitor.page.eval_on_selector_all(
        "#bar button, #bar summary, #composer button, #only label, .answer button, .tab-container [role=tab][id]",
        "all => all.map(e => [e.textContent, e.getBoundingClientRect()])"
        ".filter(([, b]) => b.width && (b.height < 30 || b.width < 24)).map(([t, b]) => `${t} ${b.width}×${b.height}`)",
    )
    assert small == []


@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("zh", False, False), ("en", True, False), ("zh", True, True), ("en", False, True)]
)
def test_no_accessibility_violations(visit: Visit, language: str, dark: bool, phone: bool) -> None:
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    visitor = visit(language=language, dark=dark, phone=phone).open()
    visitor.ask("Rob 和 Ethan 怎么看 GPU 折旧?")
    visitor.page.evaluate(axe)
    found = []
    # The transcript beside the tabs is long and one turn like another: a few are read, once.
    place = "{include: [['body']], exclude: [['.turn:nth-of-type(n+5)'], ['.columns .stand:nth-of-type(n+4)']]}"
    visitor.page.locator(".answer .keep:visible").first.click()
    screens = ("compare", "evaluate") if language == "en" else ("calculate",)
    for tab in ("chat", "memo", "add", *screens):
        visitor.tab(tab)
        if tab == "calculate":
            visitor.page.wait_for_selector("#calc-results .chart svg")
        if tab == "memo":
            visitor.page.wait_for_selector("#memo .seal")
        if tab == "add":
            visitor.page.fill("#import-text", "Ann Lee: Is it a bubble?\n\nBob Ray: No. It is not.\n\nBob R.: Never.\n")
            visitor.page.click("[data-wizard=paste]")
            visitor.page.wait_for_selector("[data-wizard=keep]")
        run = f"axe.run({place}, {{runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']}}).then(r => r.violations)"
        violations = visitor.page.evaluate(run)
        place = (
            "{include: [['#tabs']], exclude: [['.ledger tbody:nth-of-type(n+4)'], ['.amounts tr:nth-of-type(n+4)']]}"
        )
        found += [
            f"{tab}: {v['id']} {n['target']} {n['failureSummary'][:200]}" for v in violations for n in v["nodes"][:4]
        ]
    assert found == []
