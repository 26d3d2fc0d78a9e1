from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.readers.language import language_of_text
from corpus.tests.clock import assert_linear

SAID = {
    "en": "We are live. The vote is on Friday, and I will not be there. Who pays the difference?",
    "de": "Die Straßenbahn kostet neunzig Millionen, und ich stimme dafür. Die Buslinie reicht nicht aus.",
    "fr": "Je vote contre. La ligne de bus est déjà là, et elle suffit pour tous les habitants.",
    "es": "No estoy de acuerdo. El puente es más barato y abrirá antes que el túnel.",
    "pt": "Não concordo. A ponte é mais barata e vai abrir antes do túnel, como todos sabem.",
    "it": "Non sono d'accordo. Il ponte costa meno e aprirà prima della galleria.",
    "nl": "Ik ben het er niet mee eens. De brug is goedkoper en gaat eerder open.",
    "pl": "Nie zgadzam się. Most jest tańszy i zostanie otwarty wcześniej niż tunel.",
    "ru": "Я не согласна. Мост дешевле и откроется раньше, чем тоннель.",
    "zh": "我反对。自助餐的价格要从十二块涨到十八块，很多家庭负担不起。",
    "ja": "市営バスの運賃を二百円に下げるべきだと考えます。赤字は駐車場の収入で埋められます。",
    "ko": "저는 반대합니다. 가격이 너무 많이 오르고 학교가 보조할 수 없습니다.",
}


@pytest.mark.parametrize("language", SAID)
def test_languages_are_told_apart_on_two_sentences(language: str) -> None:
    assert language_of_text(SAID[language]) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nvidia 的 GPU 和 Meta 的 CapEx 都在涨，OpenAI 也一样。", "zh"),  # names in Latin letters
        ("Gespräch mit 陈茜 über die Brücke und den Tunnel, die beide sehr teuer sind.", "de"),
        ("議長：第三号議案、予算の件。賛成多数、可決。", "ja"),  # few kana among many Han
        ("Yes. No.", "en"),  # no rarer language for want of words
        ("", ""),
        ("12:30 -- 45 %", ""),
    ],
)
def test_mixtures_and_scraps(text: str, language: str) -> None:
    assert language_of_text(text) == language


def test_a_heading_in_another_language_does_not_decide() -> None:
    assert language_of_text("会议记录\n\n" + SAID["en"] * 40) == "en"


@given(st.text(max_size=200))
def test_any_text_has_a_code_of_two_letters_or_none(text: str) -> None:
    assert len(language_of_text(text)) in (0, 2)


def test_only_a_sample_is_looked_at() -> None:
    assert_linear(language_of_text, lambda n: SAID["fr"] * n, 1000)
