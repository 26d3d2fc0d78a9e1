"""Draft → Answer: the only way to a reader. Pure.

A draft names sentence ids. Ids that do not exist, sentences that somebody else said, and figures in our own words that
stand in none of the claim's quotes are not let through; what was refused is kept in ``Answer.rejected``. Words, speakers
and offsets come from the transcript alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.types import Claim, Draft, DraftClaim, Rejected
from corpus.annotations import Annotations
from corpus.errors import DebateError
from corpus.quotes import join_adjacent, quote_sentences
from corpus.types import Quote, Transcript

_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTED = re.compile(r"“([^”]{2,})”|「([^」]{2,})」|\"([^\"]{2,})\"")


class Grounded(NamedTuple):
    """What of a draft holds."""

    claims: tuple[Claim, ...]
    quotes: tuple[Quote, ...]
    rejected: tuple[Rejected, ...]


def ground(
    draft: Draft, transcript: Transcript, notes: Annotations, calculations: Sequence[CalculationTrace] = ()
) -> Grounded:
    """Turn a draft's ids into quotes and keep the claims that they carry, in order."""
    claims: list[Claim] = []
    quotes: list[Quote] = []
    rejected: list[Rejected] = []
    for claim in draft.claims:
        try:
            own = _quotes_of(claim, transcript, notes)
        except DebateError as error:
            rejected.append(Rejected(text=claim.text, why=str(error)))
            continue
        text = claim.text
        try:
            _check_words(text, own, calculations)
        except UngroundedError as error:
            # The quotes stand by themselves; only our words about them go.
            rejected.append(Rejected(text=text, why=str(error)))
            text = ""
        numbers = []
        for quote in own:
            if quote not in quotes:
                quotes.append(quote)
            numbers.append(quotes.index(quote))
        speakers = {quote.speaker for quote in own}
        claims.append(Claim(text=text, speaker=speakers.pop() if len(speakers) == 1 else None, quotes=tuple(numbers)))
    return Grounded(tuple(claims), tuple(quotes), tuple(rejected))


class UngroundedError(DebateError):
    """A claim that its quotes do not carry."""


def _quotes_of(claim: DraftClaim, transcript: Transcript, notes: Annotations) -> list[Quote]:
    if not claim.sentence_ids:
        raise UngroundedError("The claim names no sentence.")
    quotes = [quote_sentences(transcript, run, notes) for run in join_adjacent(transcript, claim.sentence_ids)]
    for quote in quotes:
        if claim.speaker_id is not None and quote.speaker_id != claim.speaker_id:
            raise UngroundedError(f"{quote.sentence_ids[0]} was said by {quote.speaker}, not by the claim's speaker.")
    return quotes


def _check_words(text: str, quotes: Sequence[Quote], calculations: Sequence[CalculationTrace]) -> None:
    """Our own words may hold no figure and no quotation that the quotes and calculations do not."""
    said = "\n".join(f"{q.text}\n{q.gloss or ''}" for q in quotes)
    computed = "".join(c.model_dump_json() for c in calculations)
    known = {m.replace(",", "") for m in _FIGURE.findall(said)} | {m.replace(",", "") for m in _FIGURE.findall(computed)}
    for figure in _FIGURE.findall(text):
        if figure.replace(",", "") not in known:
            raise UngroundedError(f"The figure {figure} stands in none of the claim's quotes.")
    for match in _QUOTED.finditer(text):
        words = next(group for group in match.groups() if group)
        if words not in said:
            raise UngroundedError("The claim puts quotation marks around words that are not the source's.")
