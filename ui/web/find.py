"""Finding words in the transcript and in our English under it, as readers type them: width, case, script, spaces aside.

"gpu 折旧", "GPU折舊" and "ＧＰＵ 折旧" are the same search; spaces count between letters alone. Knows no gradio.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from corpus.library import Debate
from corpus.normalize import fold
from ui.web.rendering.transcript import displayed, sentences_within

MOST = 400  # places that are told
_LONGEST = 200  # characters of a search


class Place(NamedTuple):
    """Where words were found: in a paragraph as the page shows it, by half-open code-point span, or in our English."""

    turn: str
    paragraph: int  # of the turn, from 0
    start: int
    end: int
    gloss: bool = False


class _Copy(NamedTuple):
    """A search copy of a text: where each character of it came from."""

    text: str
    origin: tuple[int, ...]


class Finder:
    """The search copies of one debate, made once."""

    def __init__(self, debate: Debate) -> None:
        self._spoken: list[tuple[str, int, _Copy]] = []
        self._glosses: list[tuple[str, int, _Copy]] = []
        for turn in debate.transcript.turns:
            for at, part in enumerate(turn.paragraphs):
                self._spoken.append((turn.id, at, _copy(displayed(part, turn, debate.transcript))))
                within = sentences_within(part, turn, debate.transcript)
                glosses = [gloss for s in within if (gloss := debate.notes.note(s.id).gloss)]
                self._glosses.append((turn.id, at, _copy(" ".join(glosses))))

    def places(self, words: str) -> list[Place]:
        """Every place, in the order of the transcript; none for words without a letter or digit."""
        wanted = _copy(words[:_LONGEST].strip()).text.strip()
        if not any(character.isalnum() for character in wanted):
            return []
        found: list[Place] = []
        for (turn, part, copy), (_, _, english) in zip(self._spoken, self._glosses, strict=True):
            at = copy.text.find(wanted)
            while at >= 0:
                last = at + len(wanted) - 1
                found.append(Place(turn, part, copy.origin[at], copy.origin[last] + 1))
                at = copy.text.find(wanted, at + len(wanted))
            if wanted in english.text:
                found.append(Place(turn, part, 0, 0, True))
        return found[:MOST]


@lru_cache(maxsize=16)
def _of(sha256: str) -> list[Finder]:
    return []


def finder(debate: Debate) -> Finder:
    """The finder of a debate, kept by its hash."""
    held = _of(debate.transcript.sha256)
    if not held:
        held.append(Finder(debate))
    return held[0]


def _copy(text: str) -> _Copy:
    """Folded, each run of white space one space between two letters of an alphabet and nothing elsewhere."""
    folded = fold(text)
    letters: list[str] = []
    origin: list[int] = []
    for at, character in enumerate(folded.text):
        if not character.isspace():
            if (
                letters
                and letters[-1] == " "
                and (not _spaced(character) or len(letters) < 2 or not _spaced(letters[-2]))
            ):
                letters.pop()
                origin.pop()
            letters.append(character)
            origin.append(folded.origin[at])
        elif letters and letters[-1] != " ":
            letters.append(" ")
            origin.append(folded.origin[at])
    return _Copy("".join(letters), tuple(origin))


def _spaced(character: str) -> bool:
    """Whether its script writes spaces between words."""
    return character < "\u2e80"
