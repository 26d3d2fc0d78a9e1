"""The ledger of figures: who says each, and where two voices differ."""

from __future__ import annotations

from itertools import combinations

from corpus.annotations import Figure
from corpus.library import Debate


def conflicts(debate: Debate) -> frozenset[str]:
    """Groups in which two voices give ranges of one unit that do not overlap.

    A voice is whose claim it is: the originator, or the speaker. One voice comparing then and now is no conflict.
    """
    found = set()
    for a, b in combinations([f for f in debate.notes.figures if f.group], 2):
        if a.group != b.group or a.unit != b.unit or None in (a.low, a.high, b.low, b.high):
            continue
        voices = [relayed or speaker for speaker, relayed in (voice(a, debate), voice(b, debate))]
        assert a.low is not None and a.high is not None and b.low is not None and b.high is not None
        if voices[0] != voices[1] and (a.high < b.low or b.high < a.low):
            found.add(a.group)
    return frozenset(found)


def voice(figure: Figure, debate: Debate) -> tuple[str, str | None]:
    """Who says the figure, and whom they relay."""
    sentence = debate.transcript.sentence(figure.sentence)
    return debate.transcript.speaker_of(sentence.turn_id).name, figure.originator
