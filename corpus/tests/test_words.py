from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.words import Notation, read_notation, words_and_places, words_of

TEXT = st.text(st.sampled_from("a好 -&;#3x8amplt\\[\n.!<>/"), max_size=24)


@given(TEXT, st.lists(st.integers(0, 24), max_size=6), st.sampled_from(["plain", "html", "markdown"]))
def test_each_character_of_the_words_has_its_place(raw: str, cuts: list[int], notation: Notation) -> None:
    ends = sorted({min(cut, len(raw)) for cut in cuts})
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    words, places = words_and_places(raw, spans, notation)
    assert words == words_of(raw, spans, notation) and len(places) == len(words)
    assert places == sorted(places)
    for character, (start, end) in zip(words, places, strict=True):
        assert character in read_notation(raw[start:end], notation) if start < end else character == " "


@pytest.mark.parametrize(
    ("raw", "notation", "words"),
    [
        ("R&amp;D", "html", "R&D"),
        ("R&#38;D", "html", "R&D"),
        ("R&amp;D", "plain", "R&amp;D"),
        ("un<i>believ</i>able<00:01.000>, 2 < 3", "html", "unbelievable, 2 < 3"),
        ("a &lt;b&gt; c", "html", "a <b> c"),
        (r"\[07:59\]", "markdown", "[07:59]"),
        (r"C:\new", "markdown", r"C:\new"),
    ],
)
def test_a_notation_is_read_and_nothing_else_changed(raw: str, notation: Notation, words: str) -> None:
    assert words_of(raw, [(0, len(raw))], notation) == words


def test_pieces_are_joined_by_a_blank_but_not_in_chinese_nor_after_a_hyphen() -> None:
    raw = "The bridge|opens|票价|太高|well-|known"
    spans = [(0, 10), (11, 16), (17, 19), (20, 22), (23, 28), (29, 34)]
    assert words_of(raw, spans) == "The bridge opens 票价太高 well-known"
