"""What a careful reader notes beside a transcript: one JSON file, one schema, never quoted.

Knows glosses, modes, originators, topics, readers' questions, stances and the ledger of figures. A transcript without
annotations works too: ``Annotations()`` is empty and every look-up answers with nothing.
"""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from corpus.errors import AnnotationError
from corpus.types import Frozen, Mode, Transcript

Language = Literal["zh", "en"]
StanceKind = Literal["supports", "opposes", "mixed", "questions"]


class SentenceNote(Frozen):
    """About one sentence."""

    gloss: str = Field(default="", description="Our English rendering.")
    mode: Mode = "own"
    originator: str | None = Field(default=None, description="Whose claim the speaker relays.")
    topics: tuple[str, ...] = ()


class Question(Frozen):
    """A question a reader might ask, and the sentences that answer it. Indexed, never quoted."""

    text: str
    language: Language
    sentences: tuple[str, ...]


class Topic(Frozen):
    """A subject of the debate and the proposition that stances are about."""

    id: str
    zh: str
    en: str
    proposition_zh: str = ""
    proposition_en: str = ""


class Stance(Frozen):
    """Where a speaker stands on a topic's proposition, with the sentences that say so."""

    speaker: str = Field(description="Canonical name.")
    topic: str
    stance: StanceKind
    summary_zh: str
    summary_en: str
    sentences: tuple[str, ...]


class Figure(Frozen):
    """A number somebody said."""

    sentence: str
    text: str = Field(description="The words of the figure, verbatim from the sentence.")
    what_zh: str
    what_en: str
    low: float | None = Field(description="None where no number was said (几万亿).")
    high: float | None
    unit: str = Field(description='"USD", "%", "years", "GW", "x", …')
    group: str = Field(default="", description="Figures on one quantity share a group, so that conflicts show.")
    originator: str | None = None


class Annotations(Frozen):
    """All notes on one transcript."""

    transcript_sha256: str = ""
    speaker_aliases: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="Canonical name → other spellings."
    )
    topics: tuple[Topic, ...] = ()
    sentences: dict[str, SentenceNote] = Field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    unanswered: tuple[str, ...] = Field(default=(), description="Questions near the debate that it leaves open.")
    stances: tuple[Stance, ...] = ()
    figures: tuple[Figure, ...] = ()
    originators: dict[str, str] = Field(
        default_factory=dict, description="Originator → how readers of Chinese call them, where that differs."
    )

    @cached_property
    def _nothing(self) -> SentenceNote:
        return SentenceNote()

    def note(self, sentence_id: str) -> SentenceNote:
        """The note on a sentence; an empty one when there is none."""
        return self.sentences.get(sentence_id, self._nothing)

    def called(self, originator: str, language: Language) -> str:
        """Whose claim is relayed, as readers of that language call them."""
        return self.originators.get(originator, originator) if language == "zh" else originator

    def stance(self, speaker: str, topic: str) -> Stance | None:
        """Where a speaker stands on a topic; None is silence."""
        return next((s for s in self.stances if s.speaker == speaker and s.topic == topic), None)


def is_silent(notes: Annotations, transcript: Transcript, speaker: str, topic: str) -> bool:
    """Whether somebody, by canonical name, takes no side on a topic and has no sentence filed under it."""
    if notes.stance(speaker, topic) is not None:
        return False
    filed = (s for s in transcript.sentences if topic in notes.note(s.id).topics)
    return all(transcript.speaker_of(sentence.turn_id).name != speaker for sentence in filed)


def load_annotations(path: Path, transcript: Transcript) -> Annotations:
    """Read and check the notes on a transcript.

    Raises:
        AnnotationError: The file is not JSON of the schema, or contradicts the transcript.
    """
    try:
        notes = Annotations.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise AnnotationError(f"{path} is not an annotation file: at {place}, {first['msg']}.") from error
    except (OSError, ValueError, RecursionError) as error:  # RecursionError: brackets nested thousands deep
        raise AnnotationError(f"{path} is not an annotation file: {error}.") from error
    check_annotations(notes, transcript)
    return notes


def check_annotations(notes: Annotations, transcript: Transcript) -> None:
    """Raise AnnotationError at the first note that contradicts the transcript."""
    if notes.transcript_sha256 and notes.transcript_sha256 != transcript.sha256:
        raise AnnotationError("The annotations belong to another version of the transcript; write them anew.")
    names = {speaker.name for speaker in transcript.speakers}
    sentences = {sentence.id: sentence for sentence in transcript.sentences}
    topics = {topic.id for topic in notes.topics}
    cited = [*notes.sentences, *(i for q in notes.questions for i in q.sentences)]
    cited += [i for s in notes.stances for i in s.sentences] + [f.sentence for f in notes.figures]
    for identifier in cited:
        if identifier not in sentences:
            raise AnnotationError(f"The annotations name a sentence {identifier!r} that the transcript does not have.")
    for identifier, note in notes.sentences.items():
        if unknown := set(note.topics) - topics:
            raise AnnotationError(f"Sentence {identifier} is filed under an undeclared topic {min(unknown)!r}.")
        if note.mode == "relays" and not note.originator:
            raise AnnotationError(f"Sentence {identifier} relays somebody but does not say whom.")
    for stance in notes.stances:
        if stance.speaker not in names or stance.topic not in topics:
            raise AnnotationError(f"A stance names {stance.speaker!r} on {stance.topic!r}; one of them does not exist.")
        for identifier in stance.sentences:
            if transcript.speaker_of(sentences[identifier].turn_id).name != stance.speaker:
                raise AnnotationError(f"The stance of {stance.speaker} cites {identifier}, which somebody else said.")
    for figure in notes.figures:
        if not figure.text or figure.text not in sentences[figure.sentence].text:
            raise AnnotationError(f"The figure {figure.text!r} does not stand in sentence {figure.sentence}.")
    if stray := set(notes.speaker_aliases) - names:
        raise AnnotationError(f"The annotations give other spellings for {min(stray)!r}, who does not speak.")
