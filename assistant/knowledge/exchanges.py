"""Who replies to whom, and where a reply says itself that it agrees or objects. Pure.

What counts as saying so is data with examples on both sides (``lexicon/replies.json``), because an answer calls it
agreement or objection: anything less plain is left out, not guessed.
"""

from __future__ import annotations

from typing import NamedTuple

from assistant.knowledge.senses import means
from assistant.knowledge.topics import is_telling
from corpus.types import Sentence, Transcript, Turn

_OPENING = 3  # sentences of a turn in which somebody says what they think of the last one
_BACK = 3  # turns back to whom is replied


class Reply(NamedTuple):
    """A turn that agrees with, or objects to, what somebody said before it."""

    speaker_id: str
    ids: tuple[str, ...]  # the sentence that says so, and one that goes on
    to_speaker_id: str  # whom it names; "" where it names nobody
    to_ids: tuple[str, ...]  # what that person said last before it; empty where it names nobody
    agrees: bool


def verdict_of(sentence: str) -> bool | None:
    """Whether a sentence says that its speaker agrees (True) or objects (False); None where it says neither or both."""
    agrees, objects = means(sentence, "replies", "agrees"), means(sentence, "replies", "objects")
    return agrees if agrees != objects else None


def replies(transcript: Transcript) -> list[Reply]:
    """Every reply that says so itself, in order of speech; hosts, who moderate, are not counted."""
    found: list[Reply] = []
    for turn in transcript.turns:
        if transcript.speaker(turn.speaker_id).is_host:
            continue
        for sentence in transcript.sentences_of(turn.id)[:_OPENING]:
            agrees = verdict_of(sentence.text) if not sentence.text.endswith(("?", "？")) else None
            before = _replied_to(transcript, turn, sentence) if agrees is not None else None
            if agrees is not None:
                to, said = (before.speaker_id, _statement(transcript, before)) if before is not None else ("", ())
                found.append(Reply(turn.speaker_id, _goes_on(transcript, sentence), to, said, agrees))
                break
    return found


def _replied_to(transcript: Transcript, turn: Turn, sentence: Sentence) -> Turn | None:
    """The last turn of somebody whom a reply names; None where it names nobody, for then it could be to anyone."""
    named = [s.id for s in transcript.speakers if any(n in sentence.text for n in (s.name, *s.aliases) if len(n) > 1)]
    back = transcript.turns[max(0, turn.number - 1 - _BACK * 2) : turn.number - 1][::-1]
    others = [t for t in back if t.speaker_id != turn.speaker_id and _statement(transcript, t)]
    return next((t for t in others if t.speaker_id in named), None)


def _statement(transcript: Transcript, turn: Turn) -> tuple[str, ...]:
    telling = [s for s in transcript.sentences_of(turn.id) if is_telling(s.text)]
    return (telling[-1].id,) if telling else ()


def _goes_on(transcript: Transcript, sentence: Sentence) -> tuple[str, ...]:
    return tuple(s.id for s in transcript.neighbours(sentence.id, before=0, after=1))
