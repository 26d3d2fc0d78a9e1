"""What stands beside the last quotes: where "why?" and "such as?" find their answer.

Whoever states a point mostly gives the reason, the example, the detail in the sentences around it, in words that
neither the question nor its subject holds. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.types import Quote, Transcript
from index.types import Hit

# Decided by measurement on the calibration conversations.
_SAID = 0.55  # what a sentence counts that was quoted already, beside 1 for the one that follows it
_AWAY = 0.7  # what the one counts that precedes it; the other way round where the quote draws a conclusion
_FURTHER = 0.75  # … for each sentence further off
_LATER_QUOTE = 0.6  # … for each quote that answered better than the one it stands beside
_RELEVANCE = 0.15  # how much likeness to the question still counts, as an exponent
_CONCLUSION = re.compile(r"(?:所以|因此|因而|可见|总之|也就是说)|(?:so|therefore|thus|hence|in short)\b", re.IGNORECASE)


def beside(hits: Sequence[Hit], quotes: Sequence[Quote], transcript: Transcript) -> list[Hit]:
    """The sentences of the turns quoted, nearest the quotes first, those not yet quoted before those that were.

    After a quote that asks, the turn that follows belongs to it: that is where it was answered.

    Args:
        hits: every sentence with its likeness to the question, best first.
        quotes: the last answer's, best first.
    """
    said = {i for quote in quotes for i in quote.sentence_ids}
    near: dict[str, float] = {}
    for rank, quote in enumerate(quotes):
        ids = _around(quote, transcript)
        concludes = bool(_CONCLUSION.match(quote.text))
        at = [ids.index(i) for i in quote.sentence_ids]
        for position, unit in enumerate(ids):
            after = position > max(at)
            steps = position - max(at) if after else min(at) - position
            weight = _SAID if unit in said else (1.0 if after != concludes else _AWAY) * _FURTHER ** (steps - 1)
            near[unit] = max(near.get(unit, 0.0), weight * _LATER_QUOTE**rank)
    best = max((hit.score for hit in hits), default=1.0) or 1.0
    weighed = [(near[hit.id] * (hit.score / best) ** _RELEVANCE, hit) for hit in hits if hit.id in near]
    total = sum(weight for weight, _ in weighed) or 1.0
    ordered = sorted(weighed, key=lambda pair: (-pair[0], pair[1].rank))
    return [hit._replace(score=weight / total, rank=rank) for rank, (weight, hit) in enumerate(ordered, start=1)]


def _around(quote: Quote, transcript: Transcript) -> list[str]:
    """Ids of the sentences of the quote's turn, and of the one that replies where the quote asks."""
    ids = [sentence.id for sentence in transcript.sentences_of(quote.turn_id)]
    following = transcript.turn(quote.turn_id).number  # counted from 1: the place of the next turn
    if quote.mode == "asks" and following < len(transcript.turns):
        ids += [sentence.id for sentence in transcript.sentences_of(transcript.turns[following].id)]
    return ids
