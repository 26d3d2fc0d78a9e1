"""A question from the command line or standard input, as text."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from assistant.errors import QuestionError
from assistant.questions import MAX_CHARACTERS, checked_question

__all__ = ["checked_question", "from_argument", "from_stream"]

_MAX_BYTES = 4 * MAX_CHARACTERS + 64  # enough to know that a question is too long without reading all of it


def from_argument(argument: str) -> str:
    """An argument as UTF-8, whatever the locale took its bytes for; what is no UTF-8 keeps its surrogates."""
    if sys.getfilesystemencoding().lower() == "utf-8":
        return argument
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError:
        return argument


def from_stream(stream: TextIO) -> str:
    """A question read from standard input, never more of it than a question may have.

    Raises:
        QuestionError: Its bytes are not UTF-8.
    """
    buffer = getattr(stream, "buffer", None)
    if buffer is None:
        return stream.read(MAX_CHARACTERS + 64)
    data: bytes = buffer.read(_MAX_BYTES)
    try:
        # The read may end inside a character; such a question is too long anyway.
        return data.decode("utf-8", "ignore" if len(data) == _MAX_BYTES else "strict")
    except UnicodeDecodeError:
        raise QuestionError("The question on standard input is not UTF-8 text; convert it first.") from None
