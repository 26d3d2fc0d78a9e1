"""What was said, without what a transcriber noted: ``[laughter]``, ``(Applause.)``, ``[inaudible 00:12]``, times.

Only notes of known sounds, and times in brackets, are left out: "[the company]" stands for words and stays.

    >>> text = "No. [laughter] It costs 4 (applause) million."
    >>> [text[a:b] for a, b in spoken_spans(text, 0, len(text))]
    ['No.', 'It costs 4', 'million.']
"""

from __future__ import annotations

import re

from corpus.readers.lexicon import words
from corpus.readers.times import TIME

_NOTE = re.compile(  # emphasis around it belongs to it
    r"(?P<mark>\*{1,2}|_{1,2})?\\?[\[(（【<*♪](?P<note>[^\[\]()（）【】<>*\n]{0,120}?)\\?[\])）】>*♪](?(mark)(?P=mark))"
)
_TIME = re.compile(rf"[\s:~–-]*{TIME}[\s:]*")


def is_direction(note: str) -> bool:
    """Whether the words in brackets note a sound, or are nothing but a time."""
    rest = _TIME.sub(" ", note)
    found = re.findall(r"[^\W\d_]+", rest.casefold())
    if not found:
        return rest != note and not re.search(r"\w", rest)
    if len(found) > 4:  # "Applause on the benches of the left"
        return len(found) <= 15 and found[0] in words("directions")
    return any(word in words("directions") for word in found)


def spoken_spans(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    """The parts of ``raw[start:end]`` that were said, without white space at their ends; may be empty."""
    if raw.startswith("\u200e", start):  # how WhatsApp marks its own words: "image omitted"
        return []
    spans: list[tuple[int, int]] = []
    at = start
    for match in _NOTE.finditer(raw, start, end):
        if is_direction(match["note"]) or (match[0][0] == "♪" and match[0][-1] == "♪"):
            spans.append((at, match.start()))
            at = match.end()
    spans.append((at, end))
    trimmed = [span for a, b in spans if (span := _trimmed(raw, a, b)) is not None]
    # A full stop behind the bracket belongs to the note.
    return trimmed if len(spans) == 1 else [(a, b) for a, b in trimmed if any(c.isalnum() for c in raw[a:b])]


def _trimmed(raw: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
