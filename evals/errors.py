"""Errors of the evaluation room.

DebateError
└── EvaluationError
    ├── LineError                a line of an input file that cannot be used (has .path and .line, from 1)
    ├── CaseError                a case that contradicts the transcript or the format
    ├── RunNotFoundError         a run that was never saved, or is not whole
    ├── SystemUnavailableError   a system that cannot run here, and why
    └── FloorError               a floors file that cannot be read
"""

from __future__ import annotations

from pathlib import Path

from corpus.errors import DebateError


class EvaluationError(DebateError):
    """Something about the evaluation itself, not about the product it measures."""


class LineError(EvaluationError):
    """A line of an input file that cannot be used; ``line`` counts from 1."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        self.path, self.line = path, line
        super().__init__(f"{path.name}, line {line}: {what}")


class CaseError(EvaluationError):
    """A case that contradicts the transcript or the format."""


class RunNotFoundError(EvaluationError):
    """A run that was never saved, or that is not whole."""


class SystemUnavailableError(EvaluationError):
    """A system that cannot run here; the message says why and what would help."""


class FloorError(EvaluationError):
    """A floors file that cannot be read."""
