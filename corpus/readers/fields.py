"""What the fields of records are for, told from their names: words, speaker, time, role; and times told from values.

Shared by the readers of JSON, tables and XML. The names are data (``lexicon/fields.txt``), in order of trust: a record
that has ``speaker_name`` and ``name`` is asked for the first.

    >>> plain_key("Start Time"), pick("speaker", ["Text", "speakerName"]), moment("0:01:02.5").seconds
    ('starttime', 'speakerName', 62.5)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_MARKS = re.compile(r"[\s_\-.:/()\[\]#*]+")
_CLOCK = re.compile(r"^[\[(<]?\s*(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,7})|[:;]\d{2})?(?!\d)")
_PLAIN = re.compile(r"^(-?\d+(?:[.,]\d+)?)\s*(s|sec|secs|seconds|ms|msec)?$", re.IGNORECASE)
_ISO_DURATION = re.compile(r"^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$")
_UNITS = re.compile(r"^(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?\s*(?:(\d+(?:\.\d+)?)\s*s)?$", re.IGNORECASE)
_EPOCH = 1e9  # seconds since 1970 from here on (2001), not since the start of a recording


class Moment(NamedTuple):
    """When something was said: seconds into the recording, or seconds since 1970."""

    seconds: float
    is_absolute: bool = False


@lru_cache(maxsize=1)
def _names() -> dict[str, dict[str, int]]:
    """Concept → name of a field → its rank, from 0."""
    text = (Path(__file__).parent / "lexicon" / "fields.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.split("\n") if line and line[0] != "#")
    return {row[0]: {name: rank for rank, name in reversed(list(enumerate(row[1:])))} for row in rows}


@lru_cache(maxsize=4096)
def plain_key(name: str) -> str:
    """A field's name without capitals, blanks and marks."""
    return _MARKS.sub("", name.casefold())


def rank(concept: str, name: str) -> int | None:
    """How far down a field's name stands in the list of a concept (0 is surest), or None where it is not in it."""
    return _names()[concept].get(plain_key(name))


def ranked(concept: str, names: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that may hold what a concept says, the surest first."""
    return _ranked(concept, tuple(names))


@lru_cache(maxsize=4096)
def _ranked(concept: str, names: tuple[str, ...]) -> tuple[str, ...]:
    found = [(place, name) for name in names if (place := rank(concept, name)) is not None]
    return tuple(name for _, name in sorted(found, key=lambda pair: pair[0]))


def pick(concept: str, names: Iterable[str]) -> str | None:
    """The surest of the names, if there is one."""
    return next(iter(ranked(concept, names)), None)


def moment(value: object) -> Moment | None:
    """A time as files give it: 12.5, "12.5", "1.2s", "0:01:02,5", "PT1.5S", ISO 8601, {"seconds": 1, "nanos": 5}."""
    if isinstance(value, dict):
        seconds = moment(value.get("seconds"))
        nanos = value.get("nanos", 0)
        return Moment(seconds.seconds + nanos / 1e9) if seconds and isinstance(nanos, int | float) else seconds
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int | float):
        return _number(float(value))
    return _written(value.strip())


def _number(value: float) -> Moment | None:
    if not 0 <= value < 1e17:  # also false for NaN
        return None
    while value > 1e11:  # milliseconds and microseconds since 1970
        value /= 1000
    return Moment(value, value > _EPOCH)


def _written(text: str) -> Moment | None:
    if match := _PLAIN.match(text):
        number = float(match[1].replace(",", "."))
        return Moment(number / 1000) if (match[2] or "").casefold().startswith("m") else _number(number)
    if match := _CLOCK.match(text):
        fraction = float(f"0.{match[4]}") if match[4] else 0.0
        return Moment(int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) + fraction)
    match = _ISO_DURATION.match(text) or (_UNITS.match(text) if text else None)
    if match and any(match.groups()):
        return Moment(int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + float(match[3] or 0))
    try:
        return (
            Moment(datetime.fromisoformat(text).timestamp(), True)
            if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text)
            else None
        )
    except ValueError:
        return None


def moment_in(field: str, value: object) -> Moment | None:
    """A time, in the unit that its field's name says: ``startMs``, ``offsetInTicks``."""
    key = plain_key(field)
    parts = 1e3 if key.endswith(("ms", "milliseconds")) else 1e7 if key.endswith("ticks") else 0
    if parts and isinstance(value, str) and _PLAIN.match(value.strip()):
        value = float(value)
    if parts and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return Moment(value / parts)
    return moment(value)
