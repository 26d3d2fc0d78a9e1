"""Lines of styled text, and how they reach a terminal or a pipe.

Knows wrapping (Chinese breaks anywhere but not before a closing mark) and control characters, which are shown, never
sent: a transcript or a question cannot move the reader's cursor. In a pipe nothing is coloured and nothing is wrapped,
so that quotes stay whole for grep. Imports rich only to colour.

    >>> [row_text(row) for row in wrap((Piece("他说“四年”。"),), 8)]
    ['他说“四', '年”。']
"""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO

if TYPE_CHECKING:
    from rich.console import Console

MAX_WIDTH = 100  # columns; longer lines are hard to read
PIPE_WIDTH = 240  # columns of a table in a pipe
_BIDIRECTIONAL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OPENING = frozenset("“‘「『（(《〈【[")
_CLOSING = frozenset("”’」』）)》〉】],.;:!?，。、；：！？…%")


class Piece(NamedTuple):
    """Text in one style; the style is rich's ("bold #1f5fbf"), "" for plain."""

    text: str
    style: str = ""


class Line(NamedTuple):
    """A line before wrapping; ``prefix`` (indent, rail) is repeated on every row it becomes."""

    pieces: tuple[Piece, ...] = ()
    prefix: tuple[Piece, ...] = ()


def line(*pieces: Piece | str, prefix: Sequence[Piece | str] = ()) -> Line:
    """A Line from pieces or bare strings."""
    return Line(
        tuple(Piece(p) if isinstance(p, str) else p for p in pieces),
        tuple(Piece(p) if isinstance(p, str) else p for p in prefix),
    )


def visible(text: str) -> str:
    r"""The text with control and bidirectional characters spelled out ("\x1b"); newlines and tabs become spaces."""
    if text.isprintable():
        return text
    return "".join(
        " " if c in "\n\t\r" else c.encode("unicode_escape").decode() if _acts(c) else c for c in text
    )  # fmt: skip


def _acts(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _BIDIRECTIONAL


def is_terminal(stream: TextIO) -> bool:
    """Whether somebody is looking at the stream."""
    try:
        return stream.isatty()
    except ValueError:  # closed
        return False


def has_colour(stream: TextIO) -> bool:
    """Whether the stream is a terminal that shows colour and nobody asked for none (no-color.org)."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def has_light_ground() -> bool:
    """Whether the terminal says that its background is light; most are dark, and most say nothing."""
    return os.environ.get("COLORFGBG", "").rpartition(";")[2] in ("7", "15")


def console(stream: TextIO) -> Console:
    """A rich console that colours only where ``has_colour`` allows and interprets nothing in what it prints."""
    from rich.console import Console

    return Console(
        file=stream,
        color_system="auto" if has_colour(stream) else None,
        force_terminal=None if is_terminal(stream) else False,
        width=None if is_terminal(stream) else PIPE_WIDTH,
        no_color=not has_colour(stream),
        highlight=False,
        markup=False,
        emoji=False,
    )


def print_lines(lines: Iterable[Line], stream: TextIO) -> None:
    """Print lines: wrapped and coloured in a terminal, whole and plain in a pipe."""
    if not is_terminal(stream):
        for item in lines:
            stream.write("".join(piece.text for piece in (*item.prefix, *item.pieces)).rstrip() + "\n")
        return
    columns = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    rows = [
        (*item.prefix, *row)
        for item in lines
        for row in wrap(item.pieces, max(16, columns - sum(width(p.text) for p in item.prefix)))
    ]
    if not has_colour(stream):
        for row in rows:
            stream.write(row_text(row).rstrip() + "\n")
        return
    from rich.text import Text

    out = console(stream)
    for row in rows:
        out.print(Text.assemble(*((piece.text, piece.style) for piece in row)), no_wrap=True, soft_wrap=True)


def print_table(headers: Sequence[Piece | str], rows: Sequence[Sequence[Piece | str]], out: TextIO) -> None:
    """A table without frames: coloured in a terminal, plain and wide in a pipe."""
    from rich.table import Table
    from rich.text import Text

    def cell(item: Piece | str) -> Text:
        return Text(visible(item.text), style=item.style) if isinstance(item, Piece) else Text(visible(item))

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_edge=False)
    for header in headers:
        table.add_column(cell(header), overflow="fold")
    for row in rows:
        table.add_row(*map(cell, row))
    console(out).print(table)


def row_text(row: Iterable[Piece]) -> str:
    """The words of a row."""
    return "".join(piece.text for piece in row)


def width(text: str) -> int:
    """Columns a text takes."""
    return sum(map(_cells, text))


def _cells(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(pieces: Sequence[Piece], columns: int) -> list[tuple[Piece, ...]]:
    """Break pieces into rows of at most ``columns``; an empty line is one empty row."""
    characters = [(c, piece.style) for piece in pieces for c in piece.text]
    rows: list[list[tuple[str, str]]] = []
    while characters:
        taken = _fitting(characters, columns)
        row, characters = characters[:taken], characters[taken:]
        while characters and characters[0][0] == " ":
            characters = characters[1:]
        rows.append(row)
    return [_merged(row) for row in rows] or [()]


def _fitting(characters: list[tuple[str, str]], columns: int) -> int:
    """How many characters go on the next row: up to the last allowed break that fits."""
    used, best = 0, 0
    for at, (character, _) in enumerate(characters):
        used += _cells(character)
        if used > columns:
            return best or max(1, at)
        following = characters[at + 1][0] if at + 1 < len(characters) else " "
        if _may_break(character, following):
            best = at + 1
    return len(characters)


def _may_break(character: str, following: str) -> bool:
    if following == " " or character == " ":
        return following not in _CLOSING
    if following in _CLOSING or character in _OPENING:
        return False
    # Between letters of one Latin word there is no break; beside a Chinese character there is.
    return _cells(character) == 2 or _cells(following) == 2 or following in _OPENING


def _merged(row: list[tuple[str, str]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for character, style in row:
        if pieces and pieces[-1].style == style:
            pieces[-1] = Piece(pieces[-1].text + character, style)
        else:
            pieces.append(Piece(character, style))
    return tuple(pieces)
