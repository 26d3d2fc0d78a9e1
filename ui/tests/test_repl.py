"""What Tab offers in the chat."""

from __future__ import annotations

import pytest

from ui.cli.repl import COMMANDS, Vocabulary, matching

_WORDS = Vocabulary(("Rob Li", "Rob", "陈茜", "Bruce Liu"), ("t1", "t12", "t13"), ("3f9c2a1b",))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("/sp", [("/speakers", 3)]),
        ("What did ro", [("Rob Li", 2), ("Rob", 2)]),
        ("陈", [("陈茜", 1)]),
        ("/speakers Rob,br", [("Bruce Liu", 2)]),
        ("/show t1", [("t1", 2), ("t12", 2), ("t13", 2)]),
        ("/thread 3f", [("3f9c2a1b", 2)]),
        ("what ", []),
        ("", []),
    ],
)
def test_completion_offers_what_fits_the_place(typed: str, offered: list[tuple[str, int]]) -> None:
    assert [(found.text, found.replaces) for found in matching(typed, _WORDS)] == offered


def test_a_slash_lists_every_command() -> None:
    assert [found.text for found in matching("/", _WORDS)] == list(COMMANDS)
