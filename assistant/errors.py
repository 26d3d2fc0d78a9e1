"""What goes wrong while answering.

DebateError
├── QuestionError             a question that cannot be asked: empty, too long, not text
├── QuestionCancelledError    the caller stopped it; nothing was saved
├── CalculatorInputError      a calculator cannot use what it was given; says field, allowed range, what was read
├── ModelConfigurationError   the chat model, or its tracing, cannot be set up as configured
└── ModelOutputError          a chat model gave no usable output (assistant.models.trouble)
"""

from __future__ import annotations

from typing import Literal

from corpus.errors import DebateError


class CalculatorInputError(DebateError):
    """An input that a calculator refuses: out of range, contradictory, of the wrong unit, missing, or not its business.

    Attributes:
        field: the input's public name.
        allowed: what would be accepted, in English; `allowed_zh` the same in Chinese.
        read: what was read from the user, as text; "nothing" when the input is missing.
    """

    def __init__(self, field: str, allowed: str, read: object, *, allowed_zh: str = "") -> None:
        self.field = field
        self.allowed = allowed
        self.allowed_zh = allowed_zh or allowed
        self.read = read if isinstance(read, str) else f"{read:g}" if isinstance(read, float) else str(read)
        super().__init__(self.sentence("en"))

    def sentence(self, language: Literal["zh", "en"], label: str = "") -> str:
        """The refusal as one sentence: the field, or its label where one is given, its range and what was read."""
        if language == "zh":
            return f"输入项 {label or self.field} 读到的是“{self.read}”,允许的是:{self.allowed_zh}。"
        return f"Input {label or self.field} was read as {self.read!r}; allowed: {self.allowed}."


class QuestionError(DebateError):
    """A question that cannot be asked: empty, too long, or not text."""


class QuestionCancelledError(DebateError):
    """A question that its caller stopped before it was answered; nothing was saved."""


class ModelConfigurationError(DebateError):
    """A chat model that cannot be opened as configured. The message never repeats a setting that may hold a key."""
