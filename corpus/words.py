"""Slices of a file → the words that were said.

Words may stand in several pieces, and a file may write some characters down in another way (``&amp;`` in WebVTT,
``\\[`` in Markdown). Pieces are joined by one blank, or by nothing between characters of scripts that put none between
words; then the notation is read. Nothing else is ever changed. Pure.

    >>> words_of("Ann: The bridge\\n[0:04] Ann: opens.", [(5, 15), (28, 34)])
    'The bridge opens.'
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Literal

Notation = Literal["plain", "html", "markdown"]

# Entities as ``html.unescape`` finds them, and the tags of subtitles, which stand for nothing.
_HTML = re.compile(
    r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)|</?[a-zA-Z][^<>\n]{0,200}>|<\d[\d:.]{0,20}>"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # CommonMark: a backslash before ASCII punctuation


def unspaced(character: str) -> bool:
    """Whether a character belongs to a script that puts no blanks between words (Han, kana, their punctuation)."""
    return "\u2e80" <= character <= "\u9fff" or "\uf900" <= character <= "\ufaff" or "\uff00" <= character <= "\uffef"


def joint(before: str, after: str) -> str:
    """What stands between two neighbouring pieces: a blank, or nothing inside unspaced scripts and after a hyphen."""
    if not before or not after or (unspaced(before[-1]) and unspaced(after[0])):
        return ""
    return "" if before[-1] == "-" and before[-2:-1].isalpha() and after[0].isalpha() else " "


def join_pieces(pieces: Sequence[str]) -> tuple[str, list[int]]:
    """The pieces joined, and where in the result each of them begins."""
    text, starts = "", []
    parts: list[str] = []
    length = 0
    for piece in pieces:
        between = joint(text, piece) if parts else ""
        parts += [between, piece]
        length += len(between)
        starts.append(length)
        length += len(piece)
        text = piece or text
    return "".join(parts), starts


def read_notation(text: str, notation: Notation) -> str:
    """The characters that a text written in a notation stands for."""
    if notation == "html":
        return _HTML.sub(lambda match: "" if match[0][0] == "<" else html.unescape(match[0]), text)
    return _ESCAPED.sub(r"\1", text) if notation == "markdown" else text


def words_of(raw: str, spans: Sequence[tuple[int, int]], notation: Notation = "plain") -> str:
    """The words in some spans ``[start, end)`` of a text, in order."""
    return read_notation(join_pieces([raw[start:end] for start, end in spans])[0], notation)


def words_and_places(
    raw: str, spans: Sequence[tuple[int, int]], notation: Notation = "plain"
) -> tuple[str, list[tuple[int, int]]]:
    """``words_of`` and, for each of its characters, the span of ``raw`` it stands for (empty for a joining blank)."""
    joined, starts = join_pieces([raw[start:end] for start, end in spans])
    places: list[tuple[int, int]] = []
    for at, (start, end) in zip(starts, spans, strict=True):
        places += [(start, start)] * (at - len(places))
        places += [(place, place + 1) for place in range(start, end)]
    if notation == "plain":
        return joined, places
    parts: list[str] = []
    read: list[tuple[int, int]] = []
    done = 0
    for match in (_HTML if notation == "html" else _ESCAPED).finditer(joined):
        words = read_notation(match[0], notation)
        parts += [joined[done : match.start()], words]
        read += places[done : match.start()]
        read += [(places[match.start()][0], places[match.end() - 1][1])] * len(words)
        done = match.end()
    return "".join([*parts, joined[done:]]), read + places[done:]
