"""What goes wrong at a door.

DebateError
├── UsageError         a command line that asks for something impossible
└── NotAnExportError   a file that is not one of our exports
"""

from __future__ import annotations

from corpus.errors import DebateError


class UsageError(DebateError):
    """Arguments that do not fit together, or a file that cannot be written."""


class NotAnExportError(DebateError):
    """A file in which there is nothing of ours to check."""
