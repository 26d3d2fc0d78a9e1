from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.sentences import split_sentences
from corpus.tests.clock import assert_linear


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text)]


@pytest.mark.parametrize(
    ("trap", "sentences"),
    [
        ("half-width question after Chinese", ["这可能吗?", "钱够吗?", "钱从哪里来?"]),
        ("decimals and per cents", ["涨到1.4万亿。", "仅有0.1%。", "平均6.5年,有影响。"]),
        ("question inside quotation marks", ["他说:“行吗?不行。真的!”", "然后走了。"]),
        ("quotation in the middle", ["“真的吗?”他问。", "好。"]),
        ("quotation as an attribute", ["大家理解“钱从哪里来?”的问题。", "是。"]),
        ("quotation as a subject", ["“等一等!”才是对的。", "“行吗?”这个问题很难。"]),
        ("title in book marks", ["首场直播——《市场还是泡沫?》。", "结束了。"]),
        ("bracket in the middle", ["打价格战(真的吗?)之前,一直投资。", "完。"]),
        ("nested pairs", ["他写道“她说‘不行。’然后走了。”", "完。"]),
        ("English inside Chinese", ["都是price taker,没有pricing power。", "API接口谁便宜用谁。"]),
        ("Chinese after a Latin question", ["卖出去它的TOKEN?", "打个比方。"]),
        ("half-width stop between Chinese", ["结束.", "接着说。"]),
        ("runs of marks", ["真的吗?!", "太好了!!!", "是的。。。"]),
        ("ellipsis ends", ["我觉得……", "好吧。"]),
        ("no mark at the end", ["好。", "还没说完"]),
        ("straight quotes that open after a mark", ["是吗?", '"不是。"他说。']),
        ("apostrophe is no closing mark", ["‘I don’t know. Maybe.’", "OK."]),
        ("unclosed quotation", ["他说:“好。", "走了。"]),
        ("closed but never opened", ["好。”", "走了。"]),
    ],
)
def test_chinese(trap: str, sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences, trap


@pytest.mark.parametrize(
    ("trap", "sentences"),
    [
        ("abbreviations", ["U.S. GDP rose vs. last year.", "Dr. Lee of Acme Inc. agreed."]),
        ("No as an answer", ["No.", "It is not."]),
        ("No as a number", ["See No. 5 on the list."]),
        ("I at the end", ["So do I.", "Then we left."]),
        ("decimals and names", ["It grew 3.5% on Node.js v2.0 alone.", "Fine."]),
        ("quoted question", ["“Why?” he asked.", "Nobody knew."]),
        ("quoted stop", ['He said "go."', "Then he left."]),
        ("inches", ['The 6" wafers cost more.', 'The 12" ones cost less.']),
        ("hesitation", ["Wait... what?", "Yes."]),
        ("numbered point", ["1. First point.", "More."]),
        ("address", ["See https://a.example/find?q=gpu&n=2 for it.", "Good."]),
    ],
)
def test_english(trap: str, sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences, trap


@pytest.mark.parametrize("text", ["", " ", "\n\u2028\x0b\x0c\u3000"])
def test_white_space_has_no_sentences(text: str) -> None:
    assert split_sentences(text) == []


def test_unicode_line_separators_stay_inside_a_sentence() -> None:
    assert split("前\u2028后\x0b再\x0c说。") == ["前\u2028后\x0b再\x0c说。"]


MARKS = st.text(st.sampled_from("。?!.…“”‘’\"'()（）《》「」,a1A 我说的\n\u2028"), max_size=60)


@given(st.one_of(MARKS, st.text(max_size=80), st.text(st.characters(), max_size=40)))
@example("“?” “。”的(!)")
@example("\ud800。")
def test_sentences_partition_any_text(text: str) -> None:
    spans = split_sentences(text)
    at = 0
    for start, end in spans:
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()  # nothing but white space is lost
        assert text[start:end] == text[start:end].strip()
        at = end
    assert not text[at:].strip()


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "(" * n + "x" * n,
        lambda n: "“" * n + "?" * n + "”" * n,
        lambda n: "“?" * n,
        lambda n: "“‘" * n + "’" * n,
        lambda n: "Aa. " * n,
        lambda n: "a." + " " * n + "b. ",
        lambda n: '"? ' * n,
        lambda n: "a’" * n,
        lambda n: "." * n,
        lambda n: "…" * n,
    ],
)
def test_time_is_linear_on_hostile_text(make: Callable[[int], str]) -> None:
    assert_linear(split_sentences, make)
