"""Lines of a transcript that nobody said: page numbers and running heads, stage directions, what programs add.

>>> from corpus.readers.lines import split_lines
>>> lines = list(split_lines("Ann: The mast is\\n\\n- 2 -\\n\\ncracked.\\n\\n(Applause from\\nthe left.)"))
>>> kept, notes = without_unsaid(lines)
>>> [line.text for line in kept if line.text], [(note.start, note.end) for note in notes]
(['Ann: The mast is', 'cracked.'], [(35, 60)])
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from corpus.readers.directions import is_direction
from corpus.readers.lines import FINAL, Line
from corpus.readers.times import TIME
from corpus.types import Span

_PAGE = re.compile(
    r"(?:[-–—]\s?\d{1,5}\s?[-–—]|(?:page|seite|página|pagina|pág\.|p\.|第)\s?\d{1,5}(?:\s?(?:of|von|de|di|/)\s?\d{1,5})?\s?页?|"
    r"\[{1,2}\s?page\s?\w{0,8}\s?\]{1,2}|(?:\([a-d]\)\s{0,9}){1,4})",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(\d{1,2})(?:\s{2,}|$)")
_HEAD_LENGTH, _HEAD_TIMES = 12, 3  # characters of a running head at least, and how often it stands in the file
_NOTE_LINES, _NOTE_LENGTH = 16, 1200
_CLOSING = {"(": ")", "（": "）", "[": "]", "〔": "〕"}
_SYSTEM = re.compile(rf"\[?{TIME}\]?\s{{1,3}}(?:\*{{1,3}}|-!-|-->|<--|→|←)\s|--- [Ll]og ")
_TRAILER_LINES = 12


def without_unsaid(lines: Sequence[Line]) -> tuple[list[Line], list[Span]]:
    """The lines that may be labels or speech, and where stage directions stand.

    Args:
        lines: of a file, in order; a stage direction leaves an empty line, furniture of pages leaves nothing.
    """
    kept = _without_furniture(_without_numbers(lines))
    notes: list[Span] = []
    repeated = Counter(line.text for line in kept if line.text[:1] == "[")
    at = 0
    while at < len(kept):
        end = _end_of_note(kept, at)
        if end is not None and (repeated[kept[at].text] < 2 or is_direction(kept[at].text[1:-1])):
            notes.append(Span(start=kept[at].start, end=kept[end].end))
            kept[at : end + 1] = [line._replace(text="", end=line.start) for line in kept[at : end + 1]]
            at = end
        at += 1
    return kept, notes


def _without_numbers(lines: Sequence[Line]) -> list[Line]:
    """The lines without the numbers that courts print before them."""
    found = [(index, match) for index, line in enumerate(lines) if (match := _NUMBER.match(line.text))]
    numbers = [int(match[1]) for _, match in found]
    rising = sum(1 for a, b in pairwise(numbers) if b in (a + 1, 1))
    if len(found) < 5 or rising < 0.9 * (len(found) - 1) or len(found) < 0.8 * sum(1 for line in lines if line.text):
        return list(lines)
    kept = list(lines)
    for index, match in found:
        line, cut = lines[index], match.end()
        kept[index] = line._replace(start=line.start + cut, text=line.text[cut:], indent=line.indent + cut)
    return kept


def _end_of_note(lines: Sequence[Line], at: int) -> int | None:
    """Index of the line at whose end the bracket closes with which a line begins; None where it is no such note."""
    opening = lines[at].text[:1]
    closing = _CLOSING.get(opening)
    if closing is None:
        return None
    depth = length = 0
    for end in range(at, min(at + _NOTE_LINES, len(lines))):
        text = lines[end].text
        length += len(text)
        if not text or length > _NOTE_LENGTH:
            return None
        for place, character in enumerate(text):
            depth += (character == opening) - (character == closing)
            if not depth:
                whole = not text[place + 1 :].strip(" .")
                return end if whole and not re.fullmatch(rf"\W*{TIME}\W*", text) else None
    return None


def _without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers and running heads; a sentence that they cut goes on."""
    odd = _furniture(lines)
    if not odd:
        return list(lines)
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        if at not in odd:
            kept.append(lines[at])
            at += 1
            continue
        while kept and not kept[-1].text:
            kept.pop()
        while at < len(lines) and (at in odd or not lines[at].text):
            at += 1
        cut = kept and at < len(lines) and not FINAL.search(kept[-1].text) and lines[at].text[:1].islower()
        if not cut:
            kept.append(lines[at - 1]._replace(text="", end=lines[at - 1].start))
    return kept


def _furniture(lines: Sequence[Line]) -> set[int]:
    odd = {index for index, line in enumerate(lines) if 0 < len(line.text) < 40 and _PAGE.fullmatch(line.text)}
    places: defaultdict[str, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if _HEAD_LENGTH <= len(line.text) < 160 and not FINAL.search(line.text):
            places[re.sub(r"\d+", "#", " ".join(line.text.split()))].append(index)
    for text, where in places.items():
        numbers = {re.sub(r"\D+", " ", lines[index].text) for index in where}
        counted = "#" in text and len(numbers) == len(where) >= _HEAD_TIMES
        if counted and not re.search(r"[:：]", text) and _far_apart(lines, where):
            odd.update(where)
    filled = [index for index, line in enumerate(lines) if line.text]
    order = {index: place for place, index in enumerate(filled)}
    for where in places.values():
        beside = [i for i in where if any(j in odd for j in _neighbours(filled, order[i]))]
        if len(where) > 1 and len(beside) >= max(2, 0.6 * len(where)):
            odd.update(where)
    return odd


def _far_apart(lines: Sequence[Line], where: Sequence[int]) -> bool:
    """Whether some twenty lines at least stand between two of them, mostly: a page; items of a list stand close."""
    gaps = sorted(lines[b].number - lines[a].number for a, b in pairwise(where))
    return gaps[len(gaps) // 2] >= 20


def _neighbours(filled: Sequence[int], place: int) -> Sequence[int]:
    return (*filled[max(0, place - 2) : place], *filled[place + 1 : place + 3])


def is_system_line(text: str) -> bool:
    """Whether a line of a chat tells who came and went: "14:05 -!- lea has joined"."""
    return bool(_SYSTEM.match(text))


@lru_cache(maxsize=1)
def _trailers() -> tuple[str, ...]:
    text = (Path(__file__).parent / "lexicon" / "trailers.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.split("\n") if line and not line.startswith("#"))


def is_trailer(lines: Sequence[Line], index: int) -> bool:
    """Whether a line near the end is what a program or a transcriber wrote below the words."""
    if not lines[index].text.casefold().startswith(_trailers()):
        return False
    return sum(1 for line in lines[index + 1 : index + 100] if line.text) < _TRAILER_LINES


def is_running_title(lines: Sequence[Line], index: int) -> bool:
    """Whether a line is a heading: in capitals, between empty lines, one of three at most, without a full stop."""
    first = last = index
    while first and lines[first - 1].text and index - first < 3:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].text and last - index < 3:
        last += 1
    block = [line.text for line in lines[first : last + 1]]
    if re.fullmatch(r"BY (?:[A-Z]{2,4}\. )?[A-Z'’ -]{2,40}:", lines[index].text):
        return True  # who examines a witness
    titles = all(text.isupper() and not FINAL.search(text) for text in block)
    return titles and len(block) <= 3 and len(" ".join(block).split()) > 1
