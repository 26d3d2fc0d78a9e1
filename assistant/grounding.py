"""Draft → Answer: the only way to a reader. Pure.

A draft names sentence ids. Ids that do not exist, sentences that somebody else said, and words of ours that say more
than the claim's quotes (``assistant.prose``) are not let through; that they were refused, and why, is kept in
``Answer.rejected``, their words are not. Words, speakers and offsets come from the transcript alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.prose import MAX_CLAIM, MAX_LEAD, UngroundedError, check_words, clean, repeats
from assistant.types import Claim, Draft, DraftClaim, Rejected, Statement, Trust
from corpus.annotations import Annotations
from corpus.errors import DebateError, UnknownReferenceError
from corpus.quotes import join_adjacent, quote_sentences
from corpus.types import Quote, Transcript

EMBEDDED = "embedded"
_MOST_SENTENCES = 12  # of one claim: a quote is not the transcript


class Grounded(NamedTuple):
    """What of a draft holds."""

    claims: tuple[Claim, ...]
    quotes: tuple[Quote, ...]
    rejected: tuple[Rejected, ...]
    trust: Trust = Trust()
    lead: str = ""
    notes: tuple[Statement, ...] = ()


def ground(
    draft: Draft,
    transcript: Transcript,
    notes: Annotations,
    calculations: Sequence[CalculationTrace] = (),
    asked: Sequence[str] = (),
) -> Grounded:
    """Turn a draft's ids into quotes and keep the claims that they carry, in order.

    Args:
        asked: the user's own questions, whose figures our words may repeat.
    """
    calculations = (*calculations, *draft.calculations)
    foreign = draft.author != EMBEDDED
    claims: list[Claim | DraftClaim] = []
    quotes: list[Quote] = []
    rejected = [*draft.refused]
    stripped = 0
    for claim in draft.claims:
        if claim.rests != "quotes":
            claims.append(claim)  # settled below, when it is known what is quoted
            continue
        try:
            # A list of claims has a speaker each; prose may bring several together, and shows whose words they rest on.
            own = _quotes_of(claim, transcript, notes, one_speaker=foreign and claim.block is None)
        except DebateError as error:
            rejected.append(Rejected(text=label(claim, transcript), why=str(error)))
            continue
        text = clean(claim.text, MAX_CLAIM)
        try:
            if foreign and repeats(text, own):
                raise UngroundedError("The claim only repeats words of its quote, which shows them itself.")
            _check(text, own, claim.basis, transcript, notes, calculations, asked)
        except UngroundedError as error:
            # The quotes stand by themselves; only our words about them go.
            rejected.append(Rejected(text=label(claim, transcript), why=str(error)))
            stripped += 1
            text = ""
        quotes += [quote for quote in dict.fromkeys(own) if quote not in quotes]
        claims.append(_claim(claim, text, own, quotes))
    settled, refused = _settled(claims, quotes, calculations, transcript, asked)
    rejected += refused
    proposed = len(draft.refused) + sum(c.rests in ("quotes", "calculation") for c in draft.claims)
    kept = sum(c.rests in ("quotes", "calculation") for c in settled)
    repaired = min(draft.repaired, kept - stripped)
    trust = Trust(
        proposed=proposed, verified=kept - stripped, repaired=repaired, stripped=stripped, dropped=proposed - kept
    )
    lead = _lead(draft, quotes, calculations, transcript, asked) if foreign else draft.lead
    return Grounded(tuple(settled), tuple(quotes), tuple(rejected), trust, lead, draft.notes)


def _claim(claim: DraftClaim, text: str, own: Sequence[Quote], quotes: Sequence[Quote]) -> Claim:
    """A claim with the words that are left of it ("" when they went) and its quotes by number."""
    speakers = {quote.speaker for quote in own}
    return Claim(
        text=text,
        speaker=speakers.pop() if len(speakers) == 1 else None,
        quotes=tuple(quotes.index(quote) for quote in own),
        stance=claim.stance if text else None,
        basis=claim.basis if text else (),
        block=claim.block,
        shape=claim.shape,
    )


def _settled(
    claims: Sequence[Claim | DraftClaim],
    quotes: Sequence[Quote],
    calculations: Sequence[CalculationTrace],
    transcript: Transcript,
    asked: Sequence[str],
) -> tuple[list[Claim], list[Rejected]]:
    """The claims with those that cite no sentence settled or left out, and what was refused of them."""
    settled: list[Claim] = []
    refused: list[Rejected] = []
    for entry in claims:
        if isinstance(entry, Claim):
            settled.append(entry)
            continue
        try:
            settled.append(_unquoted(entry, quotes, calculations, transcript, asked))
        except UngroundedError as error:
            if entry.rests == "calculation":  # furniture that does not stand is nobody's claim
                refused.append(Rejected(text=label(entry, transcript), why=str(error)))
    return settled, refused


def _unquoted(
    claim: DraftClaim,
    quotes: Sequence[Quote],
    calculations: Sequence[CalculationTrace],
    transcript: Transcript,
    asked: Sequence[str],
) -> Claim:
    """A sentence of a model that cites no sentence: a calculation's, furniture, or what it knows besides.

    Raises:
        UngroundedError: It claims something that it does not rest on.
    """
    text = clean(claim.text, MAX_CLAIM)
    if claim.rests == "frame":
        from assistant.models.frames import is_frame

        said = [part for quote in quotes for part in (quote.text, quote.gloss) if part]
        if not is_frame(text, said, transcript.speakers):
            raise UngroundedError("The sentence cites nothing.")
        check_words(text, quotes, calculations, transcript.speakers, about=[q.speaker for q in quotes], asked=asked)
    else:
        if claim.rests == "calculation" and not claim.basis:
            raise UngroundedError("The claim names a calculation that was not made.")
        check_words(text, (), calculations, transcript.speakers, about=(), asked=asked)
    return Claim(text=text, basis=claim.basis, block=claim.block, shape=claim.shape, rests=claim.rests)


def _check(
    text: str,
    quotes: Sequence[Quote],
    basis: Sequence[str],
    transcript: Transcript,
    notes: Annotations,
    calculations: Sequence[CalculationTrace],
    asked: Sequence[str],
) -> None:
    """Raise UngroundedError when a claim of ours says more than its quotes and the rows it was derived from carry."""
    rows = [i for i in basis if is_sentence(i, transcript)]
    behind = [quote_sentences(transcript, (i,), notes) for i in rows]
    check_words(text, [*quotes, *behind], calculations, transcript.speakers, asked=asked)


def label(claim: DraftClaim, transcript: Transcript) -> str:
    """ "Ann Lee: t11.4, t11.5": which claim was refused. Its words are not repeated: nobody vouches for them."""
    known = {s.id: s.name for s in transcript.speakers}
    ids = [i for i in claim.sentence_ids if is_sentence(i, transcript)]
    return f"{known.get(claim.speaker_id or '', '?')}: {', '.join(ids[:_MOST_SENTENCES]) or '?'}"


def is_sentence(identifier: str, transcript: Transcript) -> bool:
    """Whether the transcript has a sentence of that id."""
    try:
        transcript.position(identifier)
    except UnknownReferenceError:
        return False
    return True


def _quotes_of(claim: DraftClaim, transcript: Transcript, notes: Annotations, *, one_speaker: bool) -> list[Quote]:
    if not claim.sentence_ids:
        raise UngroundedError("The claim names no sentence.")
    if not all(is_sentence(i, transcript) for i in claim.sentence_ids):
        raise UngroundedError("The claim names a sentence that the debate does not have.")
    if len(set(claim.sentence_ids)) > _MOST_SENTENCES:
        raise UngroundedError(f"The claim names more than {_MOST_SENTENCES} sentences.")
    runs = join_adjacent(transcript, claim.sentence_ids)
    quotes = [quote_sentences(transcript, part, notes) for run in runs for part in _by_origin(run, notes)]
    for quote in quotes:
        if claim.speaker_id is not None and quote.speaker_id != claim.speaker_id:
            raise UngroundedError(f"{quote.sentence_ids[0]} was said by {quote.speaker}, not by the claim's speaker.")
    if one_speaker and len({quote.speaker_id for quote in quotes}) > 1:
        raise UngroundedError("The claim mixes sentences of several speakers.")
    return quotes


def _by_origin(run: Sequence[str], notes: Annotations) -> list[tuple[str, ...]]:
    """A run of sentences in parts that are one person's claim: what is relayed is not quoted with what is own."""
    parts = itertools.groupby(run, key=lambda i: (notes.note(i).mode == "relays", notes.note(i).originator))
    return [tuple(part) for _, part in parts]


def _lead(
    draft: Draft,
    quotes: Sequence[Quote],
    calculations: Sequence[CalculationTrace],
    transcript: Transcript,
    asked: Sequence[str],
) -> str:
    """The opening sentence of a model, when it holds; it may name a speaker only where one alone is quoted."""
    lead = clean(draft.lead, MAX_LEAD)
    names = {quote.speaker for quote in quotes}
    about = tuple(names) if len(names) == 1 else ()
    try:
        check_words(lead, quotes, calculations, transcript.speakers, about=about, asked=asked)
    except UngroundedError:
        return ""
    return lead
