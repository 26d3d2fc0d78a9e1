from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.tokens import query_terms, terms


def test_traditional_full_width_and_case_meet_their_plain_forms() -> None:
    assert terms("ＧＰＵ折舊") == terms("gpu折旧")


def test_two_character_chinese_words_are_terms() -> None:
    assert "折旧" in terms("最终GPU折旧年限是动态过程。")


def test_decimals_stay_whole() -> None:
    assert "1.4" in terms("OpenAI的1.4万亿") and "0.1" in terms("仅有0.1%。")


def test_a_question_keeps_its_matter_and_loses_its_grammar() -> None:
    assert query_terms("Rob 怎么看 GPU 折旧?") == ["rob", "gpu", "折", "旧", "折旧"]
    assert query_terms("What did they say about it?") == []


def test_taiwanese_wording_brings_its_mainland_wording_along() -> None:
    assert {"英伟", "伟达"} <= set(query_terms("輝達的股價"))


@given(st.text())
def test_any_text_tokenises_and_query_terms_are_some_of_its_terms(text: str) -> None:
    found = query_terms(text)
    assert len(found) == len(set(found))
