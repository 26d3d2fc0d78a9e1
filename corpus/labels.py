"""Which lines of a file say who speaks: ``Rob Li:`` alone, ``Rob Li: words``, ``[00:12] Rob Li: words``.

Knows lines and labels; does not know turns or sections. A thought that ends in a colon (``The reasons are:``), a
caption (``视频:…``), an address or the heading of a list is no speaker.

    >>> lines = list(split_lines("Ann: Hi.\\nBob: Yes.\\nThe reasons are: two.\\nAnn: Which?"))
    >>> [(lines[at].number, label.name) for at, label in find_labels(lines).items()]
    [(1, 'Ann'), (2, 'Bob'), (4, 'Ann')]
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

BULLET = re.compile(r"^[•·▪●\-*]\s+")
IMAGE = re.compile(r"(?:^|\s)第\s*\d+\s*[张張]$|^!\[[^\]]*\]\([^)]*\)$")
CAPTION = re.compile(
    r"^(?:视频|視頻|图片?|圖片?|Video|Image|Photo|Figure)\s*[:：]|"
    r"(?:^|[,，;；|(（]\s?)(?:图片来源|圖片來源|Source|Credit)\s*[:：]"
)

_TIME = r"(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d+)?"
_NAME = r"(?P<name>[^\s:：*_\[\]<>|][^:：*\[\]<>|]{0,39}?)"
# White space is counted, not starred: two neighbouring stars would make a line of blanks quadratic.
_LABEL = re.compile(
    rf"^(?:[\[(]?(?P<before>{_TIME})[\])]?\s{{0,8}}[-–—]?\s{{0,8}})?[*_]{{0,2}}{_NAME}[*_]{{0,2}}\s{{0,8}}"
    rf"(?:[\[(](?P<after>{_TIME})[\])])?\s{{0,8}}[:：](?!//)[*_]{{0,2}}\s*(?P<rest>.*)$",
    re.DOTALL,
)
_CLOCKED = re.compile(rf"^{_NAME}\s{{1,8}}(?P<after>{_TIME})$")  # "Ann Lee  0:12", the words below
_NOT_IN_A_NAME = re.compile(r"[。,，;；!！?？\"“”]|\.\s")
# Words of a thought that goes on after its colon; nobody is called so.
_PHRASE = re.compile(
    r"[的了吗]|如下|以下|包括|比如|例如|譬如|原因|理由|因为|所以|总之|首先|其次|最后|另外|注意|一点|"
    r"\b(?:is|are|was|were|be|as|follows|following|because|that|this|these|those|here|why|how|what|example|instance|"
    r"says|said|think|means|namely|reasons?|points?|things?|notes?|ps)\b",
    re.IGNORECASE,
)


class Line(NamedTuple):
    """A line without the white space at its ends; ``start`` and ``end`` are code points of the whole text."""

    number: int  # from 1
    start: int
    end: int
    text: str


class Label(NamedTuple):
    """The name of a speaker, on a line of its own or before the words."""

    name: str
    seconds: float | None
    words_at: int  # where the words on the label's own line begin; equal to the line's end when there are none
    marked: bool  # in bold or with a time: surely meant as a label


def split_lines(raw: str) -> Iterator[Line]:
    """The lines of a text: LF, CRLF or CR."""
    # Never str.splitlines(): it also splits at U+2028, vertical tabs and form feeds.
    at, number = 0, 0
    for piece in re.split(r"(\r\n|\n|\r)", raw):
        if piece not in ("\r\n", "\n", "\r"):
            number += 1
            text = piece.strip()
            start = at + (piece.index(text) if text else 0)
            yield Line(number, start, start + len(text), text)
        at += len(piece)


def find_labels(lines: Sequence[Line]) -> dict[int, Label]:
    """Index into ``lines`` → label, in order.

    Labels on lines of their own win, so that ``Name: words`` within somebody's speech cannot pass for a turn; inline
    labels are read where lines of their own are few and never repeat.
    """
    alone: dict[int, Label] = {}
    inline: dict[int, Label] = {}
    for index, line in enumerate(lines):
        label = _label_on(line)
        if label is not None:
            (inline if label.words_at < line.end else alone)[index] = label
    alone = _without_list_headings(lines, alone)
    every = dict(sorted((alone | inline).items()))
    own_lines = Counter(label.name for label in alone.values())
    believed = _believed(lines, every)
    inline_count = sum(1 for index in believed if index in inline)
    repeats = max(own_lines.values(), default=0) > 1
    if alone and (inline_count == 0 or repeats or (len(alone) > 1 and 2 * len(alone) > inline_count)):
        return alone
    return _without_bare_headings(lines, believed)


def _believed(lines: Sequence[Line], labels: dict[int, Label]) -> dict[int, Label]:
    """Labels that are no stray "Note: …": their name repeats, is marked or listed, or labels are most of the text."""
    times = Counter(label.name for label in labels.values())
    bullets = (BULLET.sub("", line.text) for line in lines if BULLET.match(line.text))
    listed = {re.split(r"[,，、|]|\s[-–—]\s", text, maxsplit=1)[0].strip() for text in bullets}
    dense = 2 * len(labels) >= sum(1 for line in lines if line.text)
    return {
        index: label
        for index, label in labels.items()
        if dense or label.marked or times[label.name] > 1 or label.name in listed
    }


def _label_on(line: Line) -> Label | None:
    if BULLET.match(line.text) or IMAGE.search(line.text):
        return None
    clocked = _CLOCKED.match(line.text)
    match = clocked or _LABEL.match(line.text)
    if match is None:
        return None
    # A byte-order mark or zero-width space before a name must not make another speaker of it.
    name = "".join(c for c in match["name"] if unicodedata.category(c) != "Cf").strip()
    if not _is_name(name) or CAPTION.search(f"{name}:"):
        return None
    if clocked:
        return Label(name, _seconds(clocked["after"]), line.end, True)
    clock = match["before"] or match["after"]
    marked = clock is not None or line.text.startswith(("**", "__"))
    return Label(name, _seconds(clock), line.start + match.start("rest"), marked)


def _is_name(name: str) -> bool:
    return (
        any(c.isalpha() for c in name)
        and not name[0].islower()
        and len(name.split()) <= 5
        and not _NOT_IN_A_NAME.search(name)
        and not _PHRASE.search(name)
    )


def _without_list_headings(lines: Sequence[Line], alone: dict[int, Label]) -> dict[int, Label]:
    """Drop "Guests:" above a list of bullets; a name that labels other lines too may well speak in bullets."""
    times = Counter(label.name for label in alone.values())
    kept: dict[int, Label] = {}
    below = ""  # text of the next line that has any
    for index in range(len(lines) - 1, -1, -1):
        label = alone.get(index)
        if label is not None and (times[label.name] > 1 or not BULLET.match(below)):
            kept[index] = label
        below = lines[index].text or below
    return dict(sorted(kept.items()))


def _without_bare_headings(lines: Sequence[Line], labels: dict[int, Label]) -> dict[int, Label]:
    """Drop "Agenda:" on a line of its own right above another label, where labels stand before the words."""
    kept: dict[int, Label] = {}
    times = Counter(label.name for label in labels.values())
    below: Label | None = None  # label of the next line that has any text
    for index in range(len(lines) - 1, -1, -1):
        label = labels.get(index)
        if label is not None and (times[label.name] > 1 or label.words_at < lines[index].end or below is None):
            kept[index] = label
        if lines[index].text:
            below = label
    return dict(sorted(kept.items()))


def _seconds(clock: str | None) -> float | None:
    if clock is None:
        return None
    total = 0.0
    for part in clock.split(":"):
        total = total * 60 + float(part)
    return total
