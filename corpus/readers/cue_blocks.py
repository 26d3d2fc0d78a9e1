"""Subtitle files → cues: a time, and the lines shown from then on. WebVTT, SRT, SBV and lines that begin with a time.

Knows blocks, numbers and identifiers, notes, style sheets, broken times, captions that roll on. Knows nothing of names.
Cues stay in the order of the file, out of time or overlapping as they may be; every line keeps its place in the file.

    >>> cues = arrow_cues("1\\n00:01,000 --> 00:02,500\\nAnn: Yes.\\n\\n2\\n00:02,500 --> 00:04,000\\nNo.\\n")
    >>> [(cue.seconds, [line.text for line in cue.lines]) for cue in cues]
    [(1.0, ['Ann: Yes.']), (2.5, ['No.'])]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from corpus.errors import TranscriptParseError
from corpus.readers.lines import Line, split_lines
from corpus.readers.times import TIME, seconds_of

MAX_CUES = 100_000
MAX_CUE = 200_000  # characters

_CLOCK = TIME.replace(r"\d{1,2}:\d{2}", r"\d{1,2}:\d{1,2}", 1)  # some write 0:0:1
_MOMENT = rf"(?:{_CLOCK}|\d{{1,6}}[.,]\d{{1,3}})"  # or seconds alone
_ARROW = re.compile(rf"^\[?\s?(?P<start>{_MOMENT})\s*-{{1,2}}>\s*(?P<end>{_MOMENT})(?:\s*\](?P<rest>.*))?", re.DOTALL)
_COMMA = re.compile(rf"^(?P<start>{_CLOCK})\s?,\s?(?P<end>{_CLOCK})$")
_PLAIN = re.compile(
    rf"^[\[(]?(?P<start>{TIME})(?:\s?[-–]\s?(?P<end>{TIME}))?[\])]?(?![\d:.,])(?:\s*[-–]\s)?(?P<rest>.*)$", re.DOTALL
)
_AM_PM = re.compile(r"^\s?[ap]\.?m\b", re.IGNORECASE)
_BROKEN = re.compile(r"^\s*\d[\d:.,]*\s*-{1,2}>|-->\s*\d[\d:.,]*\s*$")
_SKIPPED = re.compile(r"^(?:NOTE(?:[ \t].*)?|STYLE|REGION|WEBVTT(?:[ \t].*)?)$")
_NUMBER = re.compile(r"^\d{1,7}$")
_TAG = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,80}\}")
_ROLLED = 8  # lines that roll-up captions show at most
_STAMP = re.compile(r"<\d[\d:.]*>")


class Cue(NamedTuple):
    """Lines that are shown together; none of them is blank."""

    line: int  # of its time in the file, from 1
    seconds: float | None  # None where the time cannot be read
    until: float | None
    lines: tuple[Line, ...]
    identifier: str = ""


class _Timing(NamedTuple):
    seconds: float | None
    until: float | None
    words_at: int  # where words begin on the same line; its length when they stand below


def arrow_cues(raw: str) -> list[Cue]:
    """Cues of WebVTT and SRT: ``start --> end``, with or without blank lines and numbers between them."""
    if raw.count("-->") > MAX_CUES:  # before anything is made of them
        last = next(islice(re.finditer("-->", raw), MAX_CUES, None))
        raise _too_many(len(re.findall(r"\r\n|\r|\n", raw[: last.start()])) + 1)
    return _without_repetitions(_collect(list(split_lines(raw)), _arrow, notes=True))


def _too_many(line: int) -> TranscriptParseError:
    return TranscriptParseError(f"There are more than {MAX_CUES:,} cues; split the file.", line)


def comma_cues(raw: str) -> list[Cue]:
    """Cues of SBV: ``0:00:00.599,0:00:04.160``."""
    return _without_repetitions(_collect(list(split_lines(raw)), _comma))


def plain_cues(raw: str) -> list[Cue]:
    """Lines that begin with a time (``0:00 words``, ``[00:00.000 --> 00:04.000] words``), or stand below one."""
    lines = list(split_lines(raw))
    cues = _collect(lines, _plain_timing(lines))
    return [
        cue._replace(lines=tuple(line for line in cue.lines if not _spells(line.text, cue.seconds))) for cue in cues
    ]


def plain_times(lines: Sequence[Line]) -> list[float]:
    """The times that lines begin with, in seconds."""
    timing_on = _plain_timing(lines)
    timings = [timing for line in lines if (timing := timing_on(line.text)) is not None]
    return [timing.seconds for timing in timings if timing.seconds is not None]


def _plain_timing(lines: Sequence[Line]) -> Callable[[str], _Timing | None]:
    """How to read the times of a text: where they stand on lines of their own, "10:30 is late" was said."""
    timings = [(line.text, timing) for line in lines if (timing := _arrow(line.text) or _plain(line.text))]
    alone = 2 * sum(timing.words_at == len(text) for text, timing in timings) > len(timings)

    def timing_on(text: str) -> _Timing | None:
        timing = _arrow(text) or _plain(text)
        return timing if timing is not None and (not alone or timing.words_at == len(text)) else None

    return timing_on


def is_arrow(text: str) -> bool:
    """Whether a line is the time of a WebVTT or SRT cue."""
    return _ARROW.match(text) is not None


def is_comma(text: str) -> bool:
    """Whether a line is the time of an SBV cue."""
    return _COMMA.match(text) is not None


def _arrow(text: str) -> _Timing | None:
    match = _ARROW.match(text)
    if match:
        at = match.start("rest") if match["rest"] and match["rest"].strip() else len(text)
        return _Timing(seconds_of(match["start"]), seconds_of(match["end"]), at)
    return _Timing(None, None, len(text)) if "-->" in text and _BROKEN.search(text) else None


def _comma(text: str) -> _Timing | None:
    match = _COMMA.match(text)
    return _Timing(seconds_of(match["start"]), seconds_of(match["end"]), len(text)) if match else None


def _plain(text: str) -> _Timing | None:
    match = _PLAIN.match(text)
    if match is None or _AM_PM.match(match["rest"]):
        return None
    at = match.start("rest") if match["rest"].strip() else len(text)
    return _Timing(seconds_of(match["start"]), seconds_of(match["end"]) if match["end"] else None, at)


def _collect(lines: Sequence[Line], timing_on: Callable[[str], _Timing | None], *, notes: bool = False) -> list[Cue]:
    """Cues in order; with ``notes``, WebVTT's notes and style sheets are skipped and identifiers kept apart."""
    cues: list[Cue] = []
    held: list[Line] = []  # lines since the last time, the blank ones among them
    skipping = False
    numbered = notes and _is_numbered(lines, timing_on)
    for line in lines:
        timing = timing_on(line.text)
        if timing is not None:
            identifier = _identifier(held, numbered) if notes else None
            if identifier is not None:
                held.pop()
            _close(cues, held)
            if len(cues) >= MAX_CUES:
                raise _too_many(line.number)
            words = line._replace(start=line.start + timing.words_at, text=line.text[timing.words_at :])
            held = [_stripped(words)] if words.text.strip() else []
            cues.append(Cue(line.number, timing.seconds, timing.until, (), identifier or ""))
            skipping = False
        elif not line.text:
            skipping = False
            held.append(line)
        elif not skipping:
            skipping = notes and (not held or not held[-1].text) and _SKIPPED.match(line.text) is not None
            if not skipping:
                held.append(line)
    _close(cues, held)
    return cues


def _stripped(line: Line) -> Line:
    blanks = len(line.text) - len(line.text.lstrip())
    return line._replace(start=line.start + blanks, text=line.text.strip())


def _close(cues: list[Cue], held: Sequence[Line]) -> None:
    """Give the lines that were held to the last cue; before the first one they are the head of the file."""
    if cues:
        if sum(len(line.text) for line in held) > MAX_CUE:
            raise TranscriptParseError(f"The cue has more than {MAX_CUE:,} characters; split it.", cues[-1].line)
        cues[-1] = cues[-1]._replace(
            lines=cues[-1].lines + tuple(line for line in held if line.text.strip("\u200b\ufeff"))
        )


def _identifier(held: Sequence[Line], numbered: bool) -> str | None:
    """The identifier right above a time: a number, or a line with a blank one above it where cues have no numbers."""
    if not held or not held[-1].text:
        return None
    is_number = _NUMBER.match(held[-1].text) is not None
    return held[-1].text if is_number or (not numbered and (len(held) == 1 or not held[-2].text)) else None


def _is_numbered(lines: Sequence[Line], timing_on: Callable[[str], _Timing | None]) -> bool:
    """Whether what stands right above the times are numbers, mostly."""
    above = [before.text for before, line in pairwise(lines) if before.text and timing_on(line.text) is not None]
    return 2 * sum(_NUMBER.match(text) is not None for text in above) > len(above)


def _spells(text: str, seconds: float | None) -> bool:
    """Whether a line only spells its time out: "1 minute, 3 seconds" below 1:03."""
    if seconds is None or len(text.split()) > 8:
        return False
    spelled = [int(number) for number in re.findall(r"\d+", text)]
    whole = int(seconds)
    parts = [part for part in (whole // 3600, whole // 60 % 60, whole % 60) if part] or [0]
    return bool(spelled) and spelled in (parts, [*parts, 0]) and len(text.split()) in (len(spelled), 2 * len(spelled))


# Captions that roll on


def visible(text: str) -> str:
    """What a viewer sees of a line."""
    return " ".join(_TAG.sub("", text).split())


def _without_repetitions(cues: list[Cue]) -> list[Cue]:
    """Cues without the lines that a roll-up caption repeats from the cue before, so that nothing is said twice.

    Where a line comes back without the time stamps it had within, the plain one stands for both.
    """
    shown = [[visible(line.text) for line in cue.lines] for cue in cues]
    repeated = [_repeated(cues[i - 1], shown[i - 1], cues[i], shown[i]) if i else 0 for i in range(len(cues))]
    rolls = sum(1 for cue, count in zip(cues, repeated, strict=True) if count and _rolls(cue, count))
    if rolls < max(2, 0.3 * (len(cues) - 1)):
        repeated = [0] * len(cues)  # somebody said the same twice
    kept: list[Cue] = []
    latest: list[tuple[int, int]] = []  # cue and place among its lines, of each line that the last cue showed
    for i, cue in enumerate(cues):
        count = repeated[i]
        if i and cue[1:] == cues[i - 1]._replace(lines=cue.lines)[1:] and shown[i] == shown[i - 1]:
            count = len(cue.lines)  # the same cue twice, as where segments of a stream were put together
        places = latest[len(latest) - count :] if count else []
        for (number, place), line in zip(places, cue.lines, strict=False):
            if _STAMP.search(kept[number].lines[place].text):
                lines = list(kept[number].lines)
                lines[place] = line
                kept[number] = kept[number]._replace(lines=tuple(lines))
        kept.append(cue._replace(lines=cue.lines[count:]))
        latest = places + [(i, place) for place in range(len(cue.lines) - count)]
    return kept


def _rolls(cue: Cue, count: int) -> bool:
    """Whether a cue with some repeated lines goes on below them, or only lasts for a moment."""
    moment = cue.until is not None and cue.seconds is not None and cue.until - cue.seconds <= 0.1
    return count < len(cue.lines) or moment


def _repeated(before: Cue, shown_before: Sequence[str], cue: Cue, shown: Sequence[str]) -> int:
    """How many of a cue's first lines are the last ones of the cue before it."""
    if before.until is not None and cue.seconds is not None and cue.seconds > before.until + 0.15:
        return 0
    plain = next((n for n, line in enumerate(cue.lines) if _STAMP.search(line.text)), len(cue.lines))
    for count in range(min(plain, len(shown_before), _ROLLED), 0, -1):
        if list(shown_before[-count:]) == list(shown[:count]):
            return count
    return 0
