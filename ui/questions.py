"""What may be asked: a question of 1 to 4,000 characters of Unicode text, from the command line or standard input."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from assistant.errors import QuestionError

MAX_CHARACTERS = 4_000
_MAX_BYTES = 4 * MAX_CHARACTERS + 64  # enough to know that a question is too long without reading all of it


def checked_question(text: str) -> str:
    """The question without the white space around it.

    Raises:
        QuestionError: It is empty, longer than 4,000 characters, or holds lone surrogates.
    """
    question = text.strip().removeprefix("\ufeff").strip()
    if not question:
        raise QuestionError('The question is empty; ask something, such as: debate ask "Rob Li 怎么看折旧?"')
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(f"The question is longer than {MAX_CHARACTERS:,} characters; shorten it.")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question is not valid Unicode text (it holds a lone surrogate); send it as UTF-8.")
    return question


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
