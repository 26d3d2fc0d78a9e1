"""The lines of a cue → what a viewer sees of them and where it stands in the file, without tags, music and sounds.

>>> line = Line(1, 0, 37, "<v Ann>Is <i>it</i> [laughter] late?</v>")
>>> shown = show([line])
>>> shown.text, shown.voices, [line.text[a:b] for a, b in spoken(shown, 0, len(shown.text))]
('Is it [laughter] late?', ((0, 'Ann'), (22, None)), ['Is', 'it', 'late?'])
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from corpus.readers.directions import is_direction
from corpus.readers.lines import Line
from corpus.words import unspaced

_TAG = re.compile(
    r"<v(?:\.[^\s<>]*)?(?:[ \t](?P<voice>[^<>\n]*))?>|(?P<unvoiced></v>)|(?P<break><br\s*/?>)|<rt>[^<>\n]*(?:</rt>)?|"
    r"</?(?:c|i|b|u|s|em|strong|lang|ruby|rt|font|span|p)(?:[.\s][^<>]*)?/?>|<\d[\d:.]*>|\{\\[^{}]*\}|\{/?[bius]\}",
    re.IGNORECASE,
)
_MUSIC = re.compile("[♪♫♬♩]")
# A remark in brackets; it may be wrapped over two lines of a cue.
_REMARK = re.compile(
    r"(?P<square>[\[【〔［][^\[\]【】〔〕［］]{0,200}[\]】〕］])|(?P<round>[(（][^()（）]{0,200}[)）])|[*<][^*<>\n]{1,60}[*>]"
)
_NEAR = 40  # characters beside a remark that are looked at
_OPEN_SENTENCE = re.compile(r"[\w,;%'’]$")


class Run(NamedTuple):
    """Characters that stand in the file as they are seen."""

    at: int  # in ``Shown.text``
    origin: int  # in the file
    glued: bool  # whether the run before it goes on with it, but for a tag that the notation leaves out


class Shown(NamedTuple):
    """What is seen of a cue: its lines joined by line breaks; entities are left as the file writes them."""

    text: str
    runs: tuple[Run, ...]
    voices: tuple[tuple[int, str | None], ...]  # where in ``text`` a voice begins, None where it ends
    lines: tuple[tuple[int, int], ...]  # where in ``text`` a line of the file begins, its number


def show(lines: Sequence[Line]) -> Shown:
    """Take the tags out of the lines of a cue."""
    parts: list[str] = []
    runs: list[Run] = []
    voices: list[tuple[int, str | None]] = []
    begins: list[tuple[int, int]] = []
    at = 0
    for number, line in enumerate(lines):
        if number:
            parts.append("\n")
            at += 1
        begins.append((at, line.number))
        done, glued = 0, False
        for match in _TAG.finditer(line.text):
            at = _add(parts, runs, line, done, match.start(), at, glued)
            if match["voice"] is not None or match["unvoiced"]:
                name = " ".join(html.unescape(match["voice"] or "").split())
                voices.append((at, name or None))
            if match["break"]:
                parts.append("\n")
                at += 1
            glued = (
                (glued or done < match.start()) and match[0][0] == "<" and not match["break"] and "rt>" not in match[0]
            )
            done = match.end()
        at = _add(parts, runs, line, done, len(line.text), at, glued)
    return Shown("".join(parts), tuple(runs), tuple(voices), tuple(begins))


def _add(parts: list[str], runs: list[Run], line: Line, start: int, end: int, at: int, glued: bool) -> int:
    if start < end:
        parts.append(line.text[start:end])
        runs.append(Run(at, line.start + start, glued))
    return at + end - start


def spoken(shown: Shown, start: int, end: int) -> list[tuple[int, int]]:
    """Where in the file the words between two places of the text stand: one span a line and between remarks.

    A tag with blanks beside it ends a span; one within a word or before a comma stays in it, as only the notation can
    leave it out without putting a blank in.
    """
    spans: list[tuple[int, int]] = []
    for a, b in _without_remarks(shown.text, start, end):
        for line in re.finditer(r"[^\n]+", shown.text[a:b]):
            spans += _in_file(shown, *_trimmed(shown.text, a + line.start(), a + line.end()))
    return spans


def _without_remarks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a text that were said: no music, no sounds, no stage directions."""
    at = start
    for a, b in sorted([*_music(text, start, end), *_remarks(text, start, end)]):
        if a > at:
            yield at, a
        at = max(at, b)
    if at < end:
        yield at, end


def _music(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Sung or played: from note to note, or from a last note to the end of the cue."""
    notes = [match.start() for match in _MUSIC.finditer(text, start, end)]
    pairs = [(a, b + 1) for a, b in zip(notes[::2], notes[1::2], strict=False)]
    if len(notes) % 2:
        closes = not text[notes[-1] + 1 : end].strip()
        pairs.append((notes[-1], notes[-1] + 1 if closes else end))
    return pairs


def _remarks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _REMARK.finditer(text, start, end):
        note = match[0][1:-1].replace("\n", " ")
        known = is_direction(html.unescape(note))
        if known or (any(c.isalpha() for c in html.unescape(note)) and _is_remark(match, text, start, end, note)):
            yield match.span()


def _is_remark(match: re.Match[str], text: str, start: int, end: int, note: str) -> bool:
    """Whether brackets hold no words: they stand alone on a line, or look like a remark and not like an insertion."""
    near = max(start, match.start() - _NEAR)
    before = text[near : match.start()].rpartition("\n")[2].strip(" \t>-–—")
    after = text[match.end() : min(end, match.end() + _NEAR)].partition("\n")[0].strip()
    if match["round"] and not before and not after:
        return not note[:1].islower() or len(note.split()) < 3  # "(those who live there)" was said
    if match["square"]:  # "he sold [the company] then" stands for words
        return not (note[:1].islower() and after and _OPEN_SENTENCE.search(before))
    return match["round"] is not None and note.isupper() and len(note) > 3


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (text[start].isspace() or text[start] == "\u200b"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] == "\u200b"):
        end -= 1
    return start, end


def _in_file(shown: Shown, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the file for a part of one line; tags between words are left out."""
    text = shown.text
    spans: list[tuple[int, int]] = []
    first = max(0, bisect_right(shown.runs, start, key=lambda run: run.at) - 1)
    for number in range(first, len(shown.runs)):
        run = shown.runs[number]
        if run.at >= end:
            break
        stop = shown.runs[number + 1].at if number + 1 < len(shown.runs) else len(text)
        a, b = _trimmed(text, max(run.at, start), min(stop, end))
        if a >= b:
            continue
        span = (run.origin + a - run.at, run.origin + b - run.at)
        touches = run.glued and spans and a == run.at and not text[a - 1].isspace()
        if touches and not (unspaced(text[a - 1]) and unspaced(text[a])):
            spans[-1] = (spans[-1][0], span[1])
        else:
            spans.append(span)
    return spans
