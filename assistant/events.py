"""What a stream tells while an answer is made. The answer itself comes last; nothing unverified is ever sent."""

from __future__ import annotations

from typing import Literal, NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.types import Answer, Claim, Evidence, Understanding
from corpus.types import Quote

EventKind = Literal["understood", "retrieved", "claim", "calculation", "answer"]


class GroundedClaim(NamedTuple):
    """A claim with the quotes that carry it."""

    claim: Claim
    quotes: tuple[Quote, ...]


class Event(NamedTuple):
    """One step: understood → retrieved → claim… → calculation… → answer."""

    kind: EventKind
    data: Understanding | tuple[Evidence, ...] | GroundedClaim | CalculationTrace | Answer
