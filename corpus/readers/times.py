"""Clock times as files write them, and as they are shown.

>>> seconds_of("1:02:03,5"), seconds_of("07:59"), clock(479.0), clock(3723.5)
(3723.5, 479.0, '7:59', '1:02:03')
"""

from __future__ import annotations

import re

TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_LINKED = re.compile(r"[?&#]t=|[?&]start=")


def seconds_of(time: str) -> float:
    """ "1:02:03.5", "02:03" → seconds."""
    total = 0.0
    for part in time.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def clock(seconds: float) -> str:
    """Seconds → "0:39" or "1:02:03", whole seconds, rounded down: a player set there still hears the beginning."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def recording_link(recording: str, seconds: float | None) -> str | None:
    """Address of a recording at a moment: ``?t=39`` on pages, ``#t=39`` (media fragment) on media files."""
    if not recording or seconds is None or _LINKED.search(recording):
        return recording or None
    if re.search(r"\.(?:mp3|mp4|m4a|ogg|opus|wav|webm)(?:\?|$)", recording, re.IGNORECASE):
        return f"{recording}#t={int(seconds)}"
    return f"{recording}{'&' if '?' in recording else '?'}t={int(seconds)}"
