"""Where words stand: the transcript as the referee of every quote.

Knows the transcript, forgives nothing: a quote stands where its characters stand, one by one, in a turn of the speaker
it is ascribed to. Does not know who predicted what.

    >>> from corpus.parse import transcript_from_turns
    >>> ground = Ground(transcript_from_turns([("Ann", "Is it a bubble?"), ("Bob", "No. It is not.")], "panel"))
    >>> [place.turn_id for place in ground.spans("Bob", "It is not.")], ground.spans("Ann", "It is not.")
    (['t2'], ())
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from corpus.types import Transcript, Turn
from evals.types import SpokenQuote

HALF = 0.5


class Place(NamedTuple):
    """A stretch of one turn; code points of the raw text, half-open."""

    start: int
    end: int
    turn_id: str

    def overlap(self, other: Place) -> int:
        """Code points that both hold."""
        return max(0, min(self.end, other.end) - max(self.start, other.start))

    @property
    def length(self) -> int:
        """Code points."""
        return self.end - self.start


class Ground:
    """Looks quotes up in one transcript; remembers what it found."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self._found: dict[tuple[str | None, str], tuple[Place, ...]] = {}
        self._turns: dict[str, list[Turn]] = {}
        for turn in transcript.turns:
            self._turns.setdefault(transcript.speaker(turn.speaker_id).name, []).append(turn)

    def spans(self, speaker: str | None, quote: str) -> tuple[Place, ...]:
        """Every place where the words stand in a turn of that speaker (of anybody when None); empty when nowhere."""
        key = (speaker, quote)
        if key not in self._found:
            turns = self.transcript.turns if speaker is None else self._turns.get(speaker, ())
            self._found[key] = tuple(self._search(turns, quote))
        return self._found[key]

    def _search(self, turns: Iterable[Turn], quote: str) -> Iterable[Place]:
        if not quote.strip():  # "" stands everywhere and says nothing
            return
        raw = self.transcript.raw
        for turn in turns:
            at = raw.find(quote, turn.start, turn.end)
            while at >= 0:
                yield Place(at, at + len(quote), turn.id)
                at = raw.find(quote, at + 1, turn.end)

    def sentence(self, sentence_id: str) -> Place:
        """Where a sentence stands.

        Raises:
            UnknownReferenceError: There is none of that id.
        """
        sentence = self.transcript.sentence(sentence_id)
        return Place(sentence.start, sentence.end, sentence.turn_id)

    def places(self, quotes: Iterable[SpokenQuote]) -> list[Place]:
        """Every place of every quote by its own speaker."""
        return [place for quote in quotes for place in self.spans(quote.speaker, quote.quote)]


def covers(found: Iterable[Place], wanted: Place) -> bool:
    """Whether the stretches found, each counted once, hold at least half of the one that is wanted."""
    inside = sorted(
        (max(place.start, wanted.start), min(place.end, wanted.end)) for place in found if place.overlap(wanted)
    )
    held, reached = 0, wanted.start
    for start, end in inside:
        held += max(0, end - max(start, reached))
        reached = max(reached, end)
    return held >= HALF * wanted.length
