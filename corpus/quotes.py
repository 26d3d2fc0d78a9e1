"""The only place where a Quote is made: sentence ids become words, speaker, offsets and time here and nowhere else.

Words may stand in several pieces of the file, such as the cues of a subtitle file: ``transcript.words(quote)`` is the
text of every quote; of one in one piece, in a file without escapes, that is ``raw[start:end]``.

>>> from corpus.library import open_debate
>>> quote = quote_sentences(open_debate().transcript, ["t12.4"])
>>> quote.speaker, quote.text
('Ethan Xu', '我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。')
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.annotations import Annotations
from corpus.errors import QuoteNotFoundError
from corpus.readers.times import clock, recording_link
from corpus.types import Quote, Sentence, Span, Stretch, Transcript, Turn
from corpus.words import words_and_places, words_of

_NO_NOTES = Annotations()
_WEB = ("https://", "http://")


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
    adjacent = all(b.turn_id == a.turn_id and b.number == a.number + 1 for a, b in pairwise(sentences))
    paragraph = _paragraph(turn, first, last)
    if not adjacent or paragraph is None:
        raise QuoteNotFoundError(f"Sentences {', '.join(ids)} do not stand together in one paragraph of one turn.")
    speaker = transcript.speaker(turn.speaker_id)
    marks = [notes.note(s.id) for s in sentences]
    relayed = next((n for n in marks if n.mode == "relays"), None)
    modes = {n.mode for n in marks}
    originator = relayed.originator if relayed else next((n.originator for n in marks if n.originator), None)
    gloss = " ".join(n.gloss for n in marks if n.gloss)
    spans = _joined(paragraph, sentences)
    seconds = seconds_at(transcript, first)
    return Quote(
        sentence_ids=tuple(ids),
        turn_id=turn.id,
        speaker_id=speaker.id,
        speaker=speaker.name,
        start=first.start,
        end=last.end,
        text=_words(transcript, spans),
        pieces=spans if len(spans) > 1 else (),
        seconds=seconds,
        time=clock(seconds) if seconds is not None else None,
        link=link_at(transcript, seconds),
        mode="relays" if relayed else "own" if "own" in modes else "asks",
        originator=originator,
        originator_zh=notes.originators.get(originator or ""),
        gloss=gloss or None,
    )


def spoken_words(transcript: Transcript, run: Sequence[Sentence]) -> str:
    """The words of adjacent sentences of one turn, with a blank line between its paragraphs."""
    turn = transcript.turn(run[0].turn_id)
    parts = []
    for ids in join_adjacent(transcript, [sentence.id for sentence in run]):
        sentences = [transcript.sentence(identifier) for identifier in ids]
        paragraph = _paragraph(turn, sentences[0], sentences[-1])
        assert paragraph is not None, ids
        parts.append(_words(transcript, _joined(paragraph, sentences)))
    return "\n\n".join(parts)


def seconds_at(transcript: Transcript, sentence: Sentence) -> float | None:
    """When a sentence begins in the recording, in seconds: by its own time, or its turn's if it opens the turn."""
    if sentence.seconds is not None or sentence.number > 1:
        return sentence.seconds
    return transcript.turn(sentence.turn_id).seconds


def sentence_times(transcript: Transcript) -> list[float | None]:
    """When each sentence is spoken, in seconds: by its own time, else the last one told before it; None before any."""
    times: list[float | None] = []
    for sentence in transcript.sentences:
        told = seconds_at(transcript, sentence)
        times.append(told if told is not None else times[-1] if times else None)
    return times


def spans_of(quote: Quote) -> tuple[Span, ...]:
    """Where a quote's words stand, in order, at least one span."""
    return quote.pieces or (Span(start=quote.start, end=quote.end),)


def spans_within(stretch: Stretch | Quote, start: int, end: int) -> tuple[Span, ...]:
    """What of a stretch's pieces lies in ``[start, end)``, in order."""
    pieces = stretch.pieces or (stretch,)
    cut = ((max(piece.start, start), min(piece.end, end)) for piece in pieces)
    return tuple(Span(start=a, end=b) for a, b in cut if a < b)


def join_adjacent(transcript: Transcript, ids: Iterable[str]) -> list[tuple[str, ...]]:
    """Group sentence ids into runs that one quote can hold, in order of speech; duplicates fall away."""
    runs: list[list[str]] = []
    last: Sentence | None = None
    for position in sorted({transcript.position(identifier) for identifier in ids}):
        sentence = transcript.sentences[position]
        follows = last is not None and last.turn_id == sentence.turn_id and last.number + 1 == sentence.number
        if last is not None and follows and _paragraph(transcript.turn(sentence.turn_id), last, sentence):
            runs[-1].append(sentence.id)
        else:
            runs.append([sentence.id])
        last = sentence
    return [tuple(run) for run in runs]


def _paragraph(turn: Turn, first: Sentence, last: Sentence) -> Stretch | None:
    """The paragraph of a turn that holds both sentences."""
    at = bisect_right(turn.paragraphs, first.start, key=lambda part: part.start) - 1
    return turn.paragraphs[at] if at >= 0 and last.end <= turn.paragraphs[at].end else None


def _words(transcript: Transcript, spans: Sequence[Span]) -> str:
    return words_of(transcript.raw, [(span.start, span.end) for span in spans], transcript.notation)


def _joined(paragraph: Stretch, sentences: Sequence[Sentence]) -> tuple[Span, ...]:
    """The pieces of adjacent sentences; those that one piece of their paragraph holds become one."""
    joined: list[Span] = []
    spoken = paragraph.spans
    for span in (span for sentence in sentences for span in sentence.spans):
        if joined:
            at = bisect_right(spoken, joined[-1].start, key=lambda piece: piece.start) - 1
            if span.end <= spoken[at].end:
                span = Span(start=joined.pop().start, end=span.end)
        joined.append(span)
    return tuple(joined)


def link_at(transcript: Transcript, seconds: float | None) -> str | None:
    """Address of the recording at a moment, where the file names one of the web's."""
    known = seconds is not None and transcript.recording.lower().startswith(_WEB)
    return recording_link(transcript.recording, seconds) if known else None


def locate_quote(text: str, turn: Turn, transcript: Transcript) -> tuple[int, int]:
    """Where words stand in a turn: the code-point span ``[start, end)`` of the raw text, its first place.

    What lies in the span without being spoken (between two cues) is no part of the words; see ``spans_within``.

    Forgives white space, width and typographic marks; no other character. Words that begin or end inside a number or
    a Latin word do not stand there: "5年" is not in "15年", "4万亿" is not in "1.4万亿".

    Raises:
        QuoteNotFoundError: They do not stand in this turn.
    """
    wanted, _ = _forgiving(text)
    if any(c.isalnum() for c in wanted):
        before = r"(?<![A-Za-z0-9])(?<![0-9]\.)" if _is_latin(wanted[0]) else ""
        after = r"(?![A-Za-z0-9])(?!\.[0-9])" if _is_latin(wanted[-1]) else ""
        pattern = re.compile(before + re.escape(wanted) + after)
        for part in turn.paragraphs:
            spans = [(span.start, span.end) for span in part.spans]
            words, places = words_and_places(transcript.raw, spans, transcript.notation)
            copy, origin = _forgiving(words)
            found = pattern.search(copy)
            if found:
                return places[origin[found.start()]][0], places[origin[found.end() - 1]][1]
    raise QuoteNotFoundError(f"These words do not stand in turn {turn.id}: {text[:60]!r}.")


_MARKS = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "「": '"',
        "」": '"',
        "『": '"',
        "』": '"',
        "‘": "'",
        "’": "'",
        "。": ".",
        "、": ",",
        "—": "-",
        "–": "-",
    }
)


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _forgiving(text: str) -> tuple[str, list[int]]:
    """Copy of a text with one way to write each mark, and the offset in ``text`` of each of its characters.

    Case, accents, superscripts and traditional characters stay: they are letters, not marks. White space stays as one
    blank between Latin letters or digits, or "10 0" would be "100".
    """
    copy: list[str] = []
    origin: list[int] = []
    blank_at = -1
    for at, character in enumerate(text):
        if character.isspace():
            blank_at = at
            continue
        if unicodedata.category(character) == "Cf":  # zero-width and bidi characters
            continue
        if unicodedata.decomposition(character).startswith(("<wide>", "<narrow>")):
            character = unicodedata.normalize("NFKC", character)
        character = character.translate(_MARKS)
        if blank_at >= 0 and copy and _is_latin(copy[-1]) and _is_latin(character):
            copy.append(" ")
            origin.append(blank_at)
        blank_at = -1
        copy.append(character)
        origin.append(at)
    return "".join(copy), origin
