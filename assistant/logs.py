"""Structured logs: one JSON object a line, with the request's id; no question, no answer, no key.

Nothing is written until DEBATE_LOG (debug, info, warning) or a program's own logging asks for it.

    {"at": "2025-11-15T12:00:00.123Z", "level": "info", "event": "answered", "request": "3f9c2a1b", "ms": 12.3}
"""

from __future__ import annotations

import contextvars
import json
import logging
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from assistant.redaction import redacted

if TYPE_CHECKING:
    from assistant.types import Answer

LOGGER = logging.getLogger("debate")
LOGGER.addHandler(logging.NullHandler())
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}
_request: contextvars.ContextVar[str] = contextvars.ContextVar("request", default="")


class JsonLines(logging.Formatter):
    """A record as one line of JSON; every value goes through ``redacted``."""

    def format(self, entry: logging.LogRecord) -> str:
        """One line; line breaks inside values are escaped by JSON."""
        at = datetime.fromtimestamp(entry.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        fields: dict[str, object] = {"at": at, "level": entry.levelname.lower(), "event": entry.getMessage()}
        request = getattr(entry, "request", "") or _request.get()
        if request:
            fields["request"] = request
        fields |= getattr(entry, "fields", {})
        if entry.exc_info and entry.exc_info[0] is not None:
            fields["error"] = entry.exc_info[0].__name__
        return redacted(json.dumps(fields, ensure_ascii=False, default=str))


def record(event: str, level: int = logging.INFO, **fields: object) -> None:
    """Log one event with its fields."""
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, event, extra={"fields": fields, "request": _request.get()})


def answered(identifier: str, answer: Answer) -> None:
    """Log that a question was answered: how, by whom, in what time."""
    if LOGGER.isEnabledFor(logging.INFO):
        fields = {
            "intent": answer.intent,
            "language": answer.language,
            "answerer": answer.answerer,
            "quotes": len(answer.quotes),
            "abstained": answer.abstained,
            "rejected": len(answer.rejected),
            "trouble": answer.trouble,
            "usage": answer.usage.model_dump() if answer.usage else None,
            "ms": round(sum(answer.timings_ms.values()), 1),
        }
        LOGGER.info("answered", extra={"fields": fields, "request": identifier})


@contextmanager
def request(identifier: str | None = None) -> Iterator[str]:
    """Everything logged inside the block carries this id; one that is open already is kept."""
    identifier = identifier or _request.get() or secrets.token_hex(4)
    token = _request.set(identifier)
    try:
        yield identifier
    finally:
        _request.reset(token)


def current_request() -> str:
    """The id of the request being answered, "" outside of one."""
    return _request.get()


def set_up(
    level: str | None = None, stream: TextIO | None = None, environment: Mapping[str, str] | None = None
) -> bool:
    """Write JSON lines to ``stream`` (stderr) from ``level`` (DEBATE_LOG) on; whether anything will be written."""
    wanted = (level or (os.environ if environment is None else environment).get("DEBATE_LOG", "")).strip().lower()
    if wanted not in _LEVELS:
        return False
    for handler in [h for h in LOGGER.handlers if isinstance(h.formatter, JsonLines)]:
        LOGGER.removeHandler(handler)
    writer = logging.StreamHandler(stream or sys.stderr)
    writer.setFormatter(JsonLines())
    LOGGER.addHandler(writer)
    LOGGER.setLevel(_LEVELS[wanted])
    LOGGER.propagate = False
    return True
