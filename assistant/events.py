"""What a stream tells while an answer is made. The answer comes last, and is the only thing that is kept.

    understood → retrieved → [sketch → writing…] → claim… → calculation… → answer

A ``sketch`` is what the rules alone would quote, told where a chat model is about to write: nobody waits for it.
``writing`` is the model's prose, sentence by sentence; one that is not ``done`` grows with the next of the same place.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.types import Answer, Claim, Evidence, Understanding
from corpus.types import Quote

EventKind = Literal["understood", "retrieved", "sketch", "writing", "claim", "calculation", "answer"]


class GroundedClaim(NamedTuple):
    """A claim with the quotes that carry it."""

    claim: Claim
    quotes: tuple[Quote, ...]


class Sketch(NamedTuple):
    """What the embedded rules would answer: a chat model is asked next."""

    claims: tuple[GroundedClaim, ...]


class Writing(NamedTuple):
    """A sentence that a chat model writes.

    Attributes:
        claim: its words so far, and their line; its verdict once it is complete. Without words when they were refused.
        quotes: what it cites.
        part: which sentence of the line it is, from 0.
        done: whether it is complete.
    """

    claim: Claim
    quotes: tuple[Quote, ...]
    part: int
    done: bool


class Event(NamedTuple):
    """One step."""

    kind: EventKind
    data: Understanding | tuple[Evidence, ...] | Sketch | Writing | GroundedClaim | CalculationTrace | Answer
