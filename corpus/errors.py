"""Errors of the words layer, and the root of every error this project raises.

    DebateError
    ├── TranscriptParseError      the file is not a transcript we can read (has .line, from 1)
    ├── QuoteNotFoundError        words that are not in the turn they are said to come from
    ├── UnknownSpeakerError       a speaker the debate does not have
    ├── UnknownReferenceError     a turn or sentence id the debate does not have
    ├── UnknownDebateError        a debate that the library does not have, or a name that several have
    ├── PinError                  a file that ships was altered (in ``corpus.pins``)
    ├── AnnotationError           an annotation file that does not fit its transcript
    └── StoreError                the data folder cannot be used
        ├── StoreBusyError        another process holds the data folder
        ├── StoreDamagedError     the database itself is broken
        └── UnknownThreadError    a conversation the store does not have

The message is always one sentence that says what was wrong and what to do; doors print it and stop.
"""

from __future__ import annotations


class DebateError(Exception):
    """Root of the family: ``str(error)`` is one sentence fit for a reader."""


class TranscriptParseError(DebateError):
    """A transcript file that cannot be read; ``line`` counts from 1, or is None for the whole file."""

    def __init__(self, message: str, line: int | None = None) -> None:
        self.line = line
        super().__init__(message if line is None else f"Line {line}: {message}")


class QuoteNotFoundError(DebateError):
    """Words that do not stand, character for character, where they are said to stand."""


class UnknownSpeakerError(DebateError):
    """A speaker filter or name that matches nobody in the debate."""


class UnknownReferenceError(DebateError):
    """A turn or sentence id that the transcript does not have."""


class UnknownDebateError(DebateError):
    """A debate that is not in the library, or a name that fits several."""


class AnnotationError(DebateError):
    """An annotation file that contradicts its transcript."""


class StoreError(DebateError):
    """The data folder is unreadable, read-only, foreign or of a newer schema."""


class StoreBusyError(StoreError):
    """Another process is writing to the data folder."""


class StoreDamagedError(StoreError):
    """The database is broken: questions are still answered, unsaved."""


class UnknownThreadError(StoreError):
    """A conversation thread that the store does not have (or that belongs to somebody else)."""
