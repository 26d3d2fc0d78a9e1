"""The only place where a Quote is made: sentence ids become words, speaker and offsets here and nowhere else.

>>> quote_sentences(transcript, ["t12.4"]).text              # doctest: +SKIP
'我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.annotations import Annotations
from corpus.errors import QuoteNotFoundError
from corpus.normalize import fold
from corpus.types import Quote, Transcript, Turn

_NO_NOTES = Annotations()


def quote_sentences(transcript: Transcript, ids: Sequence[str], notes: Annotations = _NO_NOTES) -> Quote:
    """Adjacent sentences of one paragraph of one turn → Quote.

    Args:
        ids: Sentence ids in order, adjacent, at least one.

    Raises:
        UnknownReferenceError: An id does not exist.
        QuoteNotFoundError: No ids, or ids that are not adjacent sentences of one paragraph.
    """
    if not ids:
        raise QuoteNotFoundError("A quote needs at least one sentence id.")
    sentences = [transcript.sentence(identifier) for identifier in ids]
    turn = transcript.turn(sentences[0].turn_id)
    first, last = sentences[0], sentences[-1]
    adjacent = all(b.turn_id == a.turn_id and b.number == a.number + 1 for a, b in zip(sentences, sentences[1:]))
    if not adjacent or not any(p.start <= first.start and last.end <= p.end for p in turn.paragraphs):
        raise QuoteNotFoundError(f"Sentences {', '.join(ids)} do not stand together in one paragraph of one turn.")
    speaker = transcript.speaker(turn.speaker_id)
    marks = [notes.note(s.id) for s in sentences]
    relayed = next((n for n in marks if n.mode == "relays"), None)
    modes = {n.mode for n in marks}
    gloss = " ".join(n.gloss for n in marks if n.gloss)
    return Quote(
        sentence_ids=tuple(ids),
        turn_id=turn.id,
        speaker_id=speaker.id,
        speaker=speaker.name,
        start=first.start,
        end=last.end,
        text=transcript.raw[first.start : last.end],
        mode="relays" if relayed else "own" if "own" in modes else "asks",
        originator=relayed.originator if relayed else next((n.originator for n in marks if n.originator), None),
        gloss=gloss or None,
    )


def join_adjacent(transcript: Transcript, ids: Iterable[str]) -> list[tuple[str, ...]]:
    """Group sentence ids into runs that one quote can hold, in order of speech; duplicates fall away."""
    runs: list[list[str]] = []
    for position in sorted({transcript.position(identifier) for identifier in ids}):
        sentence = transcript.sentences[position]
        if runs:
            last = transcript.sentence(runs[-1][-1])
            if last.turn_id == sentence.turn_id and last.number + 1 == sentence.number:
                between = transcript.raw[last.end : sentence.start]
                if "\n" not in between:
                    runs[-1].append(sentence.id)
                    continue
        runs.append([sentence.id])
    return [tuple(run) for run in runs]


def locate_quote(text: str, turn: Turn, transcript: Transcript) -> tuple[int, int]:
    """Where words stand in a turn: the code-point span of the raw text that they fold to.

    Forgives white space, width and typographic marks; no other character.

    Raises:
        QuoteNotFoundError: They do not stand in this turn.
    """
    wanted = _strict(text)
    if wanted:
        for part in turn.paragraphs:
            raw = transcript.raw[part.start : part.end]
            copy, origin = _strict_with_map(raw)
            at = copy.find(wanted)
            if at >= 0:
                return part.start + origin[at], part.start + origin[at + len(wanted) - 1] + 1
    raise QuoteNotFoundError(f"These words do not stand in turn {turn.id}: {text[:60]!r}.")


_MARKS = str.maketrans(
    {"“": '"', "”": '"', "「": '"', "」": '"', "‘": "'", "’": "'", "。": ".", "、": ",", "—": "-", "–": "-"}
)


def _strict_with_map(text: str) -> tuple[str, list[int]]:
    folded = fold(text)
    kept = [(c, o) for c, o in zip(folded.text.translate(_MARKS), folded.origin, strict=True) if not c.isspace()]
    return "".join(c for c, _ in kept), [o for _, o in kept]


def _strict(text: str) -> str:
    return _strict_with_map(text)[0]
