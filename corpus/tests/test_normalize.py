from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.normalize import fold, fold_text, is_traditional, language_of, localize


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＧＰＵ　１．４", "gpu 1.4"),
        ("折舊", "折旧"),
        ("陳茜", "陈茜"),
        ("G\u200bP\u202eU\U000e0041", "gpu"),
        ("Caf\u00e9", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("STRASSE", "strasse"),
        ("㎏", "kg"),
        ("\ud800x", "x"),
        ("", ""),
    ],
)
def test_fold(written: str, folded: str) -> None:
    assert fold_text(written) == folded


@given(st.text(st.characters(), max_size=60))
def test_fold_maps_every_character_back(text: str) -> None:
    folded = fold(text)
    assert folded.text == fold_text(text)
    assert len(folded.origin) == len(folded.text)
    assert list(folded.origin) == sorted(folded.origin)
    for character, at in zip(folded.text, folded.origin, strict=True):
        assert character in fold_text(text[at])


@given(st.text(max_size=40), st.text(max_size=40))
def test_fold_of_a_join_is_the_join_of_folds(left: str, right: str) -> None:
    assert fold_text(left + right) == fold_text(left) + fold_text(right)


LETTERS_AND_ACCENTS = st.characters(max_codepoint=0x52F, categories=["L", "Mn"], exclude_characters="\u0345")


@given(st.text(LETTERS_AND_ACCENTS, max_size=40))
@example("Ạ\u1e9e")
def test_composed_and_decomposed_accents_fold_alike(text: str) -> None:
    assert fold_text(unicodedata.normalize("NFC", text)) == fold_text(unicodedata.normalize("NFD", text))


def test_a_match_in_the_copy_points_at_the_original() -> None:
    text = "他说㎏和ＧＰＵ\u200b折舊很快"
    folded = fold(text)
    at = folded.text.index("gpu折旧")
    start, end = folded.origin[at], folded.origin[at + len("gpu折旧") - 1] + 1
    assert text[start:end] == "ＧＰＵ\u200b折舊"


def test_traditional_words_as_well_as_characters() -> None:
    assert is_traditional("輝達") and not is_traditional("英伟达 NVIDIA")
    assert localize("資料中心") == "数据中心"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Bruce Liu怎么看AI泡沫?", "zh"),
        ("OpenAI的Capex?", "zh"),
        ("What does Bruce Liu think of the bubble?", "en"),
        ("What did 陈茜 ask about 折旧 in the debate?", "en"),
        ("why?", "en"),
        ("为什么", "zh"),
        ("GPU", "en"),
        ("12345", "zh"),
        ("", "zh"),
        ("橋の費用はいくらですか?", "en"),
    ],
)
def test_language_of_mixed_questions(question: str, language: str) -> None:
    assert language_of(question) == language
