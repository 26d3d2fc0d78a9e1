"""Every word on every screen is in the page's language, save names, quotes and the names of sources."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ui.tests.page import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
Visit = Callable[..., Visitor]

WORDS = """() => {
    const shown = e => e.getClientRects().length, lang = e => e.closest("[lang]").lang, found = [];
    const skipped = "script, style, .tool[data-do=language], .avatar, .from, .asked, .threads, .debates, code";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const e = node.parentElement;
        if (node.data.trim() && shown(e) && !e.closest(skipped)) found.push([node.data.trim(), lang(e)]);
    }
    for (const e of document.querySelectorAll("[aria-label], [placeholder], [title], option")) {
        if (e.closest(skipped) || (!shown(e) && e.tagName !== "OPTION")) continue;
        const told = ["aria-label", "placeholder", "title"].map(name => e.getAttribute(name));
        for (const words of told) if (words) found.push([words, lang(e)]);
        if (e.tagName === "OPTION") found.push([e.textContent, lang(e)]);
    }
    return found;
}"""
ASKED = {
    "zh": (
        "概括一下全场",
        "Yang 怎么看 GDP?",
        "一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?",
        "?!",
    ),
    "en": (
        "Summarise the whole of it",
        "What does Yang say about GDP?",
        "A batch of $30bn machines is depreciated over 5 years; at the start of year 3 the life becomes 7. "
        "How much more profit that year?",
        "?!",
    ),
}
HAN, PROSE = re.compile("[\u4e00-\u9fff]"), re.compile("[a-z]{3,} [a-z]{2,} [a-z]{2,}")


def foreign(visitor: Visitor, language: str, names: set[str]) -> list[str]:
    wrong = []
    for words, lang in visitor.page.evaluate(WORDS):
        for name in names:
            words = words.replace(name, "")
        strange = HAN.search(words) and not lang.startswith("zh") if language == "en" else PROSE.search(words)
        if strange and not (language == "zh" and lang == "en"):
            wrong.append(words[:120])
    return wrong


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_speaks_the_page_s_language(visit: Visit, language: str) -> None:
    visitor = visit(language=language).open()
    names = set(visitor.page.eval_on_selector_all(".turn", "all => all.map(t => t.dataset.speaker)"))
    names |= {"济容投资"}
    assert foreign(visitor, language, names) == []
    for words in ASKED[language]:
        visitor.ask(words)
        visitor.page.evaluate("document.querySelectorAll('.answer details').forEach(d => { d.open = true; })")
        assert foreign(visitor, language, names) == [], words
        assert visitor.page.locator("[data-altered]").count() == 0, words
    for tab in ("compare", "calculate"):
        visitor.tab(tab)
        if tab == "calculate":
            visitor.page.wait_for_selector("#calc-results .chart svg")
        assert [
            words for words in foreign(visitor, language, names) if "Form 10-K" not in words and "Plante" not in words
        ] == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 1440
