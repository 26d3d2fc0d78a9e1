"""The vocabulary of the words: who spoke, in which turn, which sentence, where in the raw file.

Knows the shape of a debate and looks things up in it; does no I/O, no parsing and no searching.
Every span is ``[start, end)`` in code points of ``Transcript.raw``. Spoken words may stand in several pieces (a
sentence over two cues of a subtitle file): ``transcript.words(x) == x.text`` for every sentence and quote, and where
there is one piece in a file without escapes that is ``raw[x.start:x.end]``.

    >>> from corpus.library import open_debate
    >>> transcript = open_debate().transcript
    >>> transcript.sentence("t12.5").text
    '所以四五年旧的英伟达GPU将来也能放在有价值的地方。'
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.errors import UnknownReferenceError
from corpus.normalize import fold_text
from corpus.words import Notation, words_of

Mode = Literal["own", "relays", "asks"]
#: Name of the one speaker who stands for words of unknown origin; doors say it in the reader's language.
UNKNOWN_NAME = "unknown"
UNKNOWN = "unknown"  # id of the one speaker who stands for words of unknown origin
EditorialKind = Literal["title", "heading", "lead", "highlight", "guest", "caption", "image", "page"]


class Frozen(BaseModel):
    """Values flow down and are returned; nobody edits another's object."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Speaker(Frozen):
    """Somebody who speaks in the debate."""

    id: str = Field(description="Slug of the name, unique in the debate.")
    name: str = Field(description="Canonical name, exactly as the transcript labels the turns.")
    role: str = Field(default="", description="What the transcript says the speaker is; empty if it says nothing.")
    aliases: tuple[str, ...] = Field(default=(), description="Other ways to name the speaker that the text supports.")
    is_host: bool = Field(default=False, description="Whether the speaker hosts, by the text's word or by behaviour.")
    host_probability: float = Field(default=0.0, description="How sure that is; 1 where the text or a person says so.")
    is_known: bool = Field(
        default=True, description="False for the one speaker who stands for words of unknown origin."
    )


class Section(Frozen):
    """A titled part of the debate."""

    number: int = Field(description="From 1; 0 stands for turns before the first title.")
    title: str
    start: int
    end: int


class Span(Frozen):
    """Half-open code-point span into the raw text."""

    start: int
    end: int


class Stretch(Span):
    """Spoken words from ``start`` to ``end``; in several pieces where something that was not said stands between."""

    pieces: tuple[Span, ...] = Field(default=(), description="In order; empty where it is one piece, the span itself.")

    @property
    def spans(self) -> tuple[Span, ...]:
        """The pieces, at least one."""
        return self.pieces or (Span(start=self.start, end=self.end),)


class Turn(Frozen):
    """One uninterrupted stretch of speech by one speaker."""

    id: str = Field(description='"t1", "t2", … in order of speech.')
    number: int = Field(description="From 1.")
    speaker_id: str
    section: int = Field(description="Number of the section it stands in, 0 if none.")
    start: int
    end: int
    line: int = Field(description="Line of the speaker label in the raw file, from 1.")
    paragraphs: tuple[Stretch, ...] = Field(description="The spoken paragraphs; captions between them are left out.")
    seconds: float | None = Field(default=None, description="Start time in seconds, where the file tells it.")


class Sentence(Stretch):
    """The unit of evidence."""

    id: str = Field(description='Turn id and position from 1: "t12.5".')
    turn_id: str
    number: int
    text: str
    seconds: float | None = Field(default=None, description="When it begins in the recording, where the file tells it.")


class Editorial(Frozen):
    """Text of the publisher: findable, never attributed to a speaker."""

    id: str = Field(description='"e1", "e2", … in order of the file.')
    kind: EditorialKind
    start: int
    end: int
    text: str


class Quote(Frozen):
    """Adjacent sentences of one turn, word for word. Only ``corpus.quotes`` makes one."""

    sentence_ids: tuple[str, ...]
    turn_id: str
    speaker_id: str
    speaker: str
    start: int
    end: int
    text: str
    pieces: tuple[Span, ...] = Field(default=(), description="Where the words stand, when not in one piece.")
    seconds: float | None = Field(default=None, description="When it begins in the recording, where the file tells it.")
    time: str | None = Field(default=None, description='The same as it is shown: "0:39".')
    link: str | None = Field(default=None, description="The recording at that moment, where the file names one.")
    mode: Mode = "own"
    originator: str | None = Field(default=None, description="Whose claim it is when the speaker relays somebody.")
    originator_zh: str | None = Field(
        default=None, description="The same as Chinese readers call them, where it differs."
    )
    gloss: str | None = Field(
        default=None, description="Our English rendering, marked as ours; never part of the quote."
    )

    def originator_in(self, language: str) -> str:
        """Whose claim is relayed, in the reader's language; empty where nobody's is."""
        return (self.originator_zh if language == "zh" else None) or self.originator or ""


class Doubt(Frozen):
    """Something about the file that may have been read wrong."""

    line: int = Field(description="Line of ``Transcript.raw``, from 1; 0 for the file as a whole.")
    why: str = Field(description="One sentence for a reader.")


class Transcript(Frozen):
    """A whole debate, frozen in memory. Look-ups by id are O(1), by offset O(log n)."""

    id: str
    title: str
    raw: str = Field(
        repr=False, description="The decoded file; for containers (JSON, Word, PDF …) the text taken out of them."
    )
    form: str = Field(default="turns as data", description='What the file is: "WebVTT", "labelled text: bold", …')
    notation: Notation = Field(default="plain", description="How special characters are written down in ``raw``.")
    date: str = Field(default="", description="When it took place, as YYYY-MM-DD; empty where the file does not say.")
    language: str = Field(default="", description="ISO 639-1 code of what most of it is spoken in.")
    recording: str = Field(default="", description="Address of the recording, where the file names one.")
    facts: tuple[tuple[str, str], ...] = Field(default=(), description="What the file says of itself: place, present …")
    doubts: tuple[Doubt, ...] = ()
    sha256: str = Field(description="Hash of the file's bytes, hexadecimal.")
    speakers: tuple[Speaker, ...]
    sections: tuple[Section, ...]
    turns: tuple[Turn, ...]
    sentences: tuple[Sentence, ...]
    editorials: tuple[Editorial, ...] = ()

    @cached_property
    def _speakers(self) -> dict[str, Speaker]:
        return {speaker.id: speaker for speaker in self.speakers}

    @cached_property
    def _turns(self) -> dict[str, Turn]:
        return {turn.id: turn for turn in self.turns}

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {sentence.id: position for position, sentence in enumerate(self.sentences)}

    @cached_property
    def _sentences_by_turn(self) -> dict[str, tuple[Sentence, ...]]:
        grouped: dict[str, list[Sentence]] = {turn.id: [] for turn in self.turns}
        for sentence in self.sentences:
            grouped[sentence.turn_id].append(sentence)
        return {turn_id: tuple(sentences) for turn_id, sentences in grouped.items()}

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def speaker(self, speaker_id: str) -> Speaker:
        """The speaker with that id.

        Raises:
            UnknownReferenceError: There is none.
        """
        try:
            return self._speakers[speaker_id]
        except KeyError:
            raise UnknownReferenceError(f"The debate has no speaker with the id {speaker_id!r}.") from None

    def turn(self, turn_id: str) -> Turn:
        """The turn with that id ("t12").

        Raises:
            UnknownReferenceError: There is none.
        """
        try:
            return self._turns[turn_id]
        except KeyError:
            raise UnknownReferenceError(
                f"The debate has no turn {turn_id!r}; its turns are t1 to t{len(self.turns)}."
            ) from None

    def sentence(self, sentence_id: str) -> Sentence:
        """The sentence with that id ("t12.5").

        Raises:
            UnknownReferenceError: There is none.
        """
        return self.sentences[self.position(sentence_id)]

    def position(self, sentence_id: str) -> int:
        """Place of a sentence in ``sentences``, from 0.

        Raises:
            UnknownReferenceError: There is no such sentence.
        """
        try:
            return self._positions[sentence_id]
        except KeyError:
            raise UnknownReferenceError(f"The debate has no sentence {sentence_id!r}.") from None

    def sentences_of(self, turn_id: str) -> tuple[Sentence, ...]:
        """The sentences of a turn, in order."""
        return self._sentences_by_turn[self.turn(turn_id).id]

    def speaker_of(self, turn_id: str) -> Speaker:
        """Who speaks in a turn."""
        return self._speakers[self.turn(turn_id).speaker_id]

    def neighbours(self, sentence_id: str, before: int = 1, after: int = 1) -> tuple[Sentence, ...]:
        """The sentence with up to ``before`` and ``after`` others around it, in order, never leaving its turn."""
        sentence = self.sentence(sentence_id)
        siblings = self.sentences_of(sentence.turn_id)
        at = sentence.number - 1
        return siblings[max(0, at - before) : at + after + 1]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that covers a code-point offset of the raw text, or None between sentences."""
        at = bisect_right(self._starts, offset) - 1
        if at < 0 or offset >= self.sentences[at].end:
            return None
        return self.sentences[at]

    def turn_text(self, turn_id: str) -> str:
        """What was said in a turn: its paragraphs joined by a newline, captions left out."""
        return "\n".join(self.words(part) for part in self.turn(turn_id).paragraphs)

    @cached_property
    def folded(self) -> str:
        """The search copy of the whole file (``corpus.normalize.fold_text``)."""
        return fold_text(self.raw)

    def with_doubts(self, doubts: tuple[Doubt, ...]) -> Transcript:
        """The same debate with more doubts, in the order of their lines."""
        every = sorted((*self.doubts, *doubts), key=lambda doubt: doubt.line)
        fields = {name: getattr(self, name) for name in Transcript.model_fields}
        return Transcript.model_construct(**(fields | {"doubts": tuple(every)}))

    def words(self, stretch: Stretch | Quote) -> str:
        """The words that stand in a stretch of ``raw``, its pieces joined."""
        pieces = stretch.pieces or (stretch,)
        return words_of(self.raw, [(piece.start, piece.end) for piece in pieces], self.notation)

    def previous_turn(self, turn_id: str) -> Turn | None:
        """The turn before, or None for the first."""
        number = self.turn(turn_id).number
        return self.turns[number - 2] if number > 1 else None

    def next_turn(self, turn_id: str) -> Turn | None:
        """The turn after, or None for the last."""
        number = self.turn(turn_id).number
        return self.turns[number] if number < len(self.turns) else None
