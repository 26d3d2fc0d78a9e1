"""Wrapping, control characters and colour: what reaches a terminal, and what must not."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.layout import Piece, has_colour, line, print_lines, row_text, visible, width, wrap
from ui.testing import Terminal

_TEXT = st.text(st.sampled_from("中文GPU 折旧,。“”(0.1%)a b芯片"), max_size=80)


@given(_TEXT, st.integers(8, 40))
def test_wrapping_loses_nothing_but_spaces_and_keeps_to_the_width(text: str, columns: int) -> None:
    rows = wrap((Piece(text),), columns)
    assert "".join(row_text(row) for row in rows).replace(" ", "") == text.replace(" ", "")
    # A row may only be wider by nothing: a break is forced where none is allowed.
    assert all(width(row_text(row)) <= columns for row in rows)


def test_no_row_begins_with_a_closing_mark() -> None:
    rows = wrap((Piece("谷歌公开说他们七年前的芯片至今仍满负荷运转。所以四五年旧的将来也能用。"),), 20)
    assert len(rows) > 2
    assert not any(row_text(row)[0] in "。,”" for row in rows)


def test_styles_survive_wrapping() -> None:
    rows = wrap((Piece("红" * 6, "red"), Piece("蓝" * 6, "blue")), 8)
    assert [(p.text, p.style) for row in rows for p in row] == [
        ("红" * 4, "red"), ("红" * 2, "red"), ("蓝" * 2, "blue"), ("蓝" * 4, "blue"),
    ]  # fmt: skip


@pytest.mark.parametrize("sneaky", ["\x1b[2J", "\x9b31m", "\u202e", "\r", "\x07", "\u2028"])
def test_a_quote_cannot_move_the_cursor(sneaky: str) -> None:
    shown = visible(f"年{sneaky}限")
    assert sneaky not in shown and shown.startswith("年") and shown.endswith("限")


def test_a_pipe_gets_whole_lines_without_colour() -> None:
    out = io.StringIO()
    print_lines([line(Piece("长" * 200, "bold red"), prefix=["  "])], out)
    assert out.getvalue() == "  " + "长" * 200 + "\n"


def test_a_terminal_gets_colour_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, plain, dumb = Terminal(), Terminal(), Terminal()
    lines = [line(Piece("红", "bold #a33a08"))]
    print_lines(lines, coloured)
    assert "\x1b[" in coloured.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    print_lines(lines, plain)
    assert plain.getvalue() == "红\n"
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    print_lines(lines, dumb)
    assert dumb.getvalue() == "红\n" and not has_colour(io.StringIO())


def test_markup_in_words_is_not_interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    out = Terminal()
    print_lines([line(Piece("[red]年[/red] :smile:", "bold"))], out)
    assert "[red]年[/red] :smile:" in out.getvalue()
