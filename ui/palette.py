"""Speaker colours and initials, the same in every door.

Guests take the guest hues in order of first word, hosts the host hues; nobody is told apart by colour alone, so the
initials and the name always stand beside it.

    >>> from corpus.types import Speaker
    >>> initials([Speaker(id="a", name="Ann Lee"), Speaker(id="b", name="陈茜", is_host=True)])
    {'Ann Lee': 'AL', '陈茜': '陈'}
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.types import UNKNOWN_NAME, Speaker


class Hue(NamedTuple):
    """One speaker's colour on a light and on a dark ground, as #rrggbb."""

    light: str
    dark: str


GUESTS: tuple[Hue, ...] = (
    Hue("#1f5fbf", "#7fb0ff"),
    Hue("#a33a08", "#ff9d6b"),
    Hue("#08685e", "#4fd1bf"),
    Hue("#7b3fb5", "#c9a1ff"),
    Hue("#9c1f5c", "#ff8fc0"),
    Hue("#3c6e12", "#9fd468"),
    Hue("#0b6a8a", "#62c8ea"),
    Hue("#8a2b2b", "#ff9a9a"),
)
UNKNOWN = Hue("#5b5b5b", "#b3b3b3")
HOSTS: tuple[Hue, ...] = (Hue("#4b5768", "#a9b4c4"), Hue("#8a5f00", "#e6bd5a"))


def hues(speakers: Sequence[Speaker]) -> dict[str, Hue]:
    """Canonical name → hue, for speakers in order of first word; hues come round again in a large panel."""
    found: dict[str, Hue] = {speaker.name: UNKNOWN for speaker in speakers if not speaker.is_known}
    for family, members in (
        (GUESTS, [s for s in speakers if not s.is_host and s.is_known]),
        (HOSTS, [s for s in speakers if s.is_host]),
    ):
        found.update({speaker.name: family[at % len(family)] for at, speaker in enumerate(members)})
    return found


def initials(speakers: Sequence[Speaker]) -> dict[str, str]:
    """Canonical name → initials; two speakers who would share them are given their whole names."""
    short = {speaker.name: _initials(speaker.name) for speaker in speakers}
    counts = list(short.values())
    return {name: name if counts.count(letters) > 1 else letters for name, letters in short.items()}


def _initials(name: str) -> str:
    if name == UNKNOWN_NAME:
        return "?"
    parts = name.split()
    if len(parts) > 1:
        return (parts[0][0] + parts[-1][0]).upper()
    return name[:2].upper() if name.isascii() else name[:1]
