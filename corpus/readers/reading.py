"""What a reader makes of a file: turns with names, roles, times and the pieces of raw text they stand in.

One protocol: a reader says how surely a ``Source`` has its form (``claims``) and reads it (``read``). Text forms
(labelled text, WebVTT, SRT, chats) point into the decoded file itself; containers (JSON, Word, PDF, XML …) write what
they find into a ``Layer``, a plain text that is the ``raw`` of the debate, the same whenever the same bytes are read.
Readers do not split sentences, do not number anything and do not decide who somebody is.

    >>> layer = Layer("JSON: example")
    >>> layer.turn("Ann", seconds=0.0); layer.say("Is it"); layer.say("late?", seconds=1.5)
    >>> reading = layer.reading()
    >>> reading.raw, [piece[:2] for piece in reading.turns[0].paragraphs[0]]
    ('[0:00] Ann:\\nIs it late?\\n\\n', [(12, 17), (18, 23)])
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from corpus.errors import TranscriptParseError
from corpus.readers.times import clock
from corpus.types import Doubt, Editorial, EditorialKind
from corpus.words import Notation, joint

MAX_TURNS = 50_000
_LINES = re.compile(r"\r\n|\r|\n")


class Source(NamedTuple):
    """A file as it came."""

    data: bytes
    name: str  # of the file, for a title of last resort; never decides the form
    text: str | None  # decoded, or None where the bytes are no text


class Piece(NamedTuple):
    """Code points ``[start, end)`` of ``raw`` that were spoken without interruption."""

    start: int
    end: int
    seconds: float | None = None  # when they begin, where the file says so


class ReadTurn(NamedTuple):
    """One uninterrupted stretch of speech as the file has it."""

    name: str | None  # as labelled; None where it is not known who spoke
    line: int  # of the label in ``raw``, from 1
    paragraphs: tuple[tuple[Piece, ...], ...]  # may be empty: a label without words
    seconds: float | None = None
    role: str = ""
    section: int = 0  # number of the section it stands in, from 1; 0 for none


class ReadSection(NamedTuple):
    """A titled part: its title's place in ``raw``."""

    start: int
    end: int


class Reading(NamedTuple):
    """All that a reader found in a file."""

    form: str
    raw: str
    turns: tuple[ReadTurn, ...]
    notation: Notation = "plain"
    title: str = ""
    date: str = ""
    recording: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # what the file says of itself
    roles: tuple[tuple[str, str], ...] = ()  # name or abbreviation → role, as listed in the file
    names: tuple[tuple[str, str], ...] = ()  # abbreviation or label → full name, by the file's own table
    sections: tuple[ReadSection, ...] = ()
    editorials: tuple[Editorial, ...] = ()
    glosses: tuple[tuple[int, str], ...] = ()  # turn's place from 0 → its rendering in another language
    doubts: tuple[Doubt, ...] = ()


class Reader(Protocol):
    """One form of file."""

    form: str  # what a reader of error messages calls it: "WebVTT"

    def claims(self, source: Source) -> float:
        """How surely the file has this form: 0 (no) to 1 (yes); cheap, by content alone."""
        ...

    def read(self, source: Source) -> Reading:
        """Read a file of this form.

        Raises:
            TranscriptParseError: It is broken or holds no speech; names the form, the place and what to do.
        """
        ...


class Layer:
    """The plain text that a container's reader writes: ``[0:39] Name:`` on a line, the words below."""

    def __init__(self, form: str) -> None:
        self.form = form
        self._parts: list[str] = []
        self._at = 0
        self._line = 1
        self._turns: list[ReadTurn] = []
        self._head: tuple[str | None, int, float | None, str] | None = None
        self._paragraphs: list[list[Piece]] = []
        self._tail = ""  # last words written in the current paragraph
        self._sections: list[ReadSection] = []
        self._editorials: list[Editorial] = []
        self._doubts: list[Doubt] = []

    def turn(self, name: str | None, seconds: float | None = None, role: str = "") -> None:
        """Begin a turn of somebody (None: it is not known who)."""
        self._close()
        if len(self._turns) >= MAX_TURNS:
            raise TranscriptParseError(f"There are more than {MAX_TURNS:,} turns; split the file.")
        name = " ".join(name.split()) if name else None
        self._head = (name or None, self._line, seconds, role)
        stamp = f"[{clock(seconds)}] " if seconds is not None else ""
        self._write(f"{stamp}{name or '—'}:\n")

    def say(self, words: str, seconds: float | None = None) -> None:
        """Add words to the current paragraph of the current turn; line breaks within them are kept as paragraphs."""
        for number, line in enumerate(_LINES.split(words)):
            if number:
                self.paragraph()
            if line.strip():
                self._say(line.strip(), seconds)

    def _say(self, words: str, seconds: float | None) -> None:
        if self._head is None:
            self.turn(None, seconds)
        if not self._paragraphs:
            self._paragraphs.append([])
        between = joint(self._tail, words) if self._paragraphs[-1] else ""
        self._write(between)
        self._paragraphs[-1].append(Piece(self._at, self._at + len(words), seconds))
        self._write(words)
        self._tail = words

    def paragraph(self) -> None:
        """Begin a new paragraph of the same turn."""
        if self._paragraphs and self._paragraphs[-1]:
            self._write("\n")
            self._paragraphs.append([])

    def section(self, title: str) -> None:
        """Begin a titled part."""
        self._close()
        title = " ".join(title.split())
        self._sections.append(ReadSection(self._at, self._at + len(title)))
        self.editorial(title, "heading")

    def editorial(self, text: str, kind: EditorialKind = "lead") -> None:
        """Write words that nobody in the debate said."""
        self._close()
        text = " ".join(text.split())
        if text:
            identifier = f"e{len(self._editorials) + 1}"
            span = {"start": self._at, "end": self._at + len(text)}
            self._editorials.append(Editorial(id=identifier, kind=kind, text=text, **span))
            self._write(f"{text}\n\n")

    def doubt(self, why: str) -> None:
        """Note something that may have been read wrong, at the current line."""
        self._doubts.append(Doubt(line=self._line, why=why))

    @property
    def spoken(self) -> int:
        """How many turns have been begun."""
        return len(self._turns) + (self._head is not None)

    def reading(
        self,
        *,
        title: str = "",
        date: str = "",
        recording: str = "",
        facts: Sequence[tuple[str, str]] = (),
        roles: Sequence[tuple[str, str]] = (),
    ) -> Reading:
        """What was written."""
        self._close()
        return Reading(
            self.form,
            "".join(self._parts),
            tuple(self._turns),
            title=title,
            date=date,
            recording=recording,
            facts=tuple(facts),
            roles=tuple(roles),
            sections=tuple(self._sections),
            editorials=tuple(self._editorials),
            doubts=tuple(self._doubts),
        )

    def _write(self, text: str) -> None:
        self._parts.append(text)
        self._at += len(text)
        self._line += text.count("\n")

    def _close(self) -> None:
        if self._head is None:
            return
        name, line, seconds, role = self._head
        paragraphs = tuple(tuple(paragraph) for paragraph in self._paragraphs if paragraph)
        self._turns.append(ReadTurn(name, line, paragraphs, seconds, role, len(self._sections)))
        self._head, self._paragraphs, self._tail = None, [], ""
        self._write("\n\n")
