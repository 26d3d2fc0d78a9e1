"""What a peer retrieves is chunks; what is scored is quotes. A chunk counts as the sentences it holds.

A sentence is held when at least half of it lies inside the chunk, and is quoted whole, under the speaker of its turn:
more generous than such a system is to its reader, who gets the chunk cut where it was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.types import Sentence, Transcript
from evals.types import Prediction, SpokenQuote


def sentences_in(transcript: Transcript, spans: Iterable[tuple[int, int]]) -> list[Sentence]:
    """The sentences that the spans of the raw text hold, spans in their order, each sentence once."""
    found: dict[str, Sentence] = {}
    for start, end in spans:
        for sentence in transcript.sentences:
            inside = min(end, sentence.end) - max(start, sentence.start)
            if 2 * inside >= sentence.end - sentence.start:
                found.setdefault(sentence.id, sentence)
    return list(found.values())


def prediction_of(
    transcript: Transcript, quoted: Sequence[Sentence], considered: Sequence[Sentence], latency_ms: float
) -> Prediction:
    """Quoted sentences → prediction; nothing quoted is an abstention."""
    quotes = tuple(SpokenQuote(speaker=transcript.speaker_of(s.turn_id).name, quote=s.text) for s in quoted)
    return Prediction(
        abstained=not quotes,
        quotes=quotes,
        answer="\n".join(quote.quote for quote in quotes),
        latency_ms=latency_ms,
        evidence=tuple(sentence.id for sentence in considered),
    )


def locate(raw: str, texts: Iterable[str]) -> list[tuple[int, int]]:
    """Spans of chunks in the raw text, found by their words; chunks that were rewritten are left out."""
    found = ((raw.find(text), len(text)) for text in texts)
    return [(start, start + length) for start, length in found if start >= 0]
