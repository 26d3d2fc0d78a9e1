"""Ways in which our own words could pass for somebody's, or carry a figure from nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculators.trace import Origin, run
from assistant.figures import stray_figure
from assistant.prose import UngroundedError, check_words, clean
from corpus.library import open_debate
from corpus.quotes import quote_sentences

DEBATE = open_debate()
TPU = quote_sentences(DEBATE.transcript, ["t12.4"], DEBATE.notes)  # Ethan Xu, relaying Google: 他们7年前的TPU …
SPEAKERS = DEBATE.transcript.speakers


def stands(text: str) -> bool:
    try:
        check_words(clean(text, 600), [TPU], (), SPEAKERS)
    except UngroundedError:
        return False
    return True


@pytest.mark.parametrize(
    "text",
    [
        "Seven-year-old TPUs are still fully used.",
        "谷歌七年前的芯片仍在满负荷运转。",
        "Ethan Xu relays that TPUs from 7 years ago don't stand idle.",
        "He repeats Google's word that they are “满负荷运转”.",
        "许说:他们7年前的TPU至今仍满负荷运转。",
        "There are two points in this: age, and use.",
        "Companies' chips last.",
    ],
)
def test_words_that_the_quote_carries_stand(text: str) -> None:
    assert stands(text)


@pytest.mark.parametrize(
    "text",
    [
        "He calls it “a bubble”.",
        "He calls it ‘a bubble’ of chips.",
        "He calls it «a bubble».",
        "他说「全是泡沫」。",
        "他说“全是泡沫",
        "He said: chips are worthless.",
        "Ethan Xu: chips are worthless.",
        "Ethan Xu（NVIDIA）：芯片一文不值",
        "原话是:芯片一文不值",
        "Rob Li thinks the same.",
        "主持人也这么认为。",
        "TPUs from 9 years ago are used.",
        "15% of TPUs are used.",
        "八年前的芯片还在用。",
        "A few billion of them are used.",
        "It doubled since.",
        "The H200 is used.",
        "See https://example.org.",
        "<b>used</b>",
        "> used",
        "![used](x)",
        "&lt;script&gt;",
        "The key is sk-abcdefghijklmnopqrstuvwxyz.",
    ],
)
def test_words_that_it_does_not_carry_fall(text: str) -> None:
    assert not stands(text)


def test_a_figure_is_a_quantity_not_its_digits() -> None:
    assert stray_figure("about $30 billion", ("大约300亿美元",)) is None
    assert stray_figure("about $300 billion", ("大约300亿美元",)) == "$300 billion"
    assert stray_figure("15 years", ("涨了15%",)) == "15 years"
    assert stray_figure("five years", ("4-5年",)) is None
    assert stray_figure("a third", ("1/3用于训练",)) is None
    assert stray_figure("30%", ("30亿元",)) is not None
    assert stray_figure("$30bn", ("30 billion yuan",)) is not None  # another currency
    assert stray_figure("in 2028", ("2027年",)) == "2028"
    assert stray_figure("trillions", ("几万亿",)) is None


def test_a_calculation_carries_its_figures_rounded_but_no_others() -> None:
    trace = run(
        "useful_life_change",
        {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0},
        {"cost": Origin(kind="user", read="$100bn")},
    )
    assert trace.value("delta_dep") == pytest.approx(-12.5)
    assert stray_figure("Depreciation falls by $12.5 billion a year.", (), [trace]) is None
    assert stray_figure("Depreciation falls by $15 billion a year.", (), [trace]) == "$15 billion a year"


@given(st.text(max_size=200))
def test_clean_text_is_one_visible_line_within_bounds(text: str) -> None:
    shown = clean(text, 50)
    assert len(shown) <= 50 and "\n" not in shown
    assert not any(c in shown for c in "\u200b\u202e\u2066\ufeff\x00\x1b")
    assert clean(shown, 50) == shown


@given(st.text(alphabet="abc 说:“”‘’\"'「」年0123456789.%", max_size=60))
def test_no_quotation_of_other_words_ever_stands(text: str) -> None:
    shown = clean(text, 600)
    if stands(shown):
        for mark in '“”「」"':
            for piece in shown.split(mark)[1:-1]:
                bare = "".join(c for c in piece if c.isalnum())
                assert not bare or bare in TPU.text or shown.count(mark) == 0
