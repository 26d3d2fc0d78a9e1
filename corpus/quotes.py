"""The only place where a Quote is made: sentence ids become words, speaker and offsets here and nowhere else.

>>> from corpus.library import open_debate
>>> quote = quote_sentences(open_debate().transcript, ["t12.4"])
>>> quote.speaker, quote.text
('Ethan Xu', '我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise

from corpus.annotations import Annotations
from corpus.errors import QuoteNotFoundError
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
    adjacent = all(b.turn_id == a.turn_id and b.number == a.number + 1 for a, b in pairwise(sentences))
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
    """Where words stand in a turn: the code-point span ``[start, end)`` of the raw text, its first place.

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
            copy, origin = _forgiving(transcript.raw[part.start : part.end])
            found = pattern.search(copy)
            if found:
                return part.start + origin[found.start()], part.start + origin[found.end() - 1] + 1
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
