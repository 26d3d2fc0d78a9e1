"""Figures of a claim that its quote holds in other words, and figures that it does not hold."""

from __future__ import annotations

import pytest

from assistant.verification.values import strays, turned


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("It fell by about a third.", "We went from 30 to 20."),
        ("Forty-five per cent came.", "百分之四十五的人来了。"),
        ("摊位从一百四十二个减到九十六个。", "We cut the stalls from 142 to 96."),
        ("It costs a little over eleven yuan.", "一吨十一块三。"),
        ("The two together come to 910.", "The captions, 390, the interpreters, 520."),
        ("He needs nineteen million.", "A small one, second hand, is nineteen million."),
        ("Two reasons are given.", "It is old, and it leaks."),
    ],
)
def test_a_figure_in_other_words_stands(claim: str, text: str) -> None:
    assert strays(claim, [text]) == ()


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("He asks for four hundred milligrams.", "Forty milligrams of powder."),
        ("By 2035 it will be gone.", "By 2030 it will be gone."),
        ("The sheet costs 380 yuan.", "先盖块苫布,二百八。"),
        ("It holds 500 litres.", "It holds 50 to 100 litres."),
    ],
)
def test_a_figure_from_nowhere_does_not(claim: str, text: str) -> None:
    assert strays(claim, [text])


def test_from_six_to_four_is_not_from_four_to_six() -> None:
    said = ["They went from 4 years to 6.5 years."]
    assert turned("Lives were cut from 6.5 years to 4 years.", said)
    assert not turned("Lives rose from 4 years to 6.5 years.", said)
    assert not turned("6.5 years it is, after 4 years.", said)
