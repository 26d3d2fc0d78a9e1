"""The lines of a text, and the few kinds of line that are surely no speech: bullets, pictures, captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

BULLET = re.compile(r"^[•·▪●\-*]\s+")
IMAGE = re.compile(r"(?:^|\s)第\s*\d+\s*[张張]$|^!\[[^\]]*\]\([^)]*\)$")
CAPTION = re.compile(
    r"^(?:视频|視頻|图片?|圖片?|Video|Image|Photo|Figure)\s*[:：]|"
    r"(?:^|[,，;；|(（]\s?)(?:图片来源|圖片來源|Source|Credit)\s*[:：]"
)
RULE = re.compile(r"^(?:[-*_=~—─]\s?){3,}$")
FINAL = re.compile(r"[。！？!?.…][”’」』）)》\"'*_]*$")


class Line(NamedTuple):
    """A line without the white space at its ends; ``start`` and ``end`` are code points of the whole text."""

    number: int  # from 1
    start: int
    end: int
    text: str
    indent: int = 0  # how much white space stood before it


def split_lines(raw: str) -> Iterator[Line]:
    """The lines of a text: LF, CRLF or CR."""
    # Never str.splitlines(): it also splits at U+2028, vertical tabs and form feeds.
    at, number = 0, 0
    for piece in re.split(r"(\r\n|\n|\r)", raw):
        if piece not in ("\r\n", "\n", "\r"):
            number += 1
            text = piece.strip()
            indent = piece.index(text) if text else 0
            yield Line(number, at + indent, at + indent + len(text), text, indent)
        at += len(piece)
