"""Files with one JSON object a line: read with line numbers, written line by line.

Knows nothing of what the lines mean. A file may start with a BOM; blank lines count but hold nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.errors import EvaluationError, LineError


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number from 1, object) of every line that is not blank, in order.

    Raises:
        EvaluationError: The file cannot be read.
        LineError: A line is not UTF-8, not JSON, or not an object.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EvaluationError(f"Cannot read {path}: {error.strerror or error}; give a JSON Lines file.") from error
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError:
            raise LineError(path, number, "this is not UTF-8; save the file as UTF-8.") from None
        except (json.JSONDecodeError, RecursionError) as error:
            reason = f"{error.msg} at column {error.colno}" if isinstance(error, json.JSONDecodeError) else "too deep"
            raise LineError(path, number, f"this is not JSON ({reason}); write one JSON object a line.") from None
        if not isinstance(value, dict):
            raise LineError(path, number, f"expected a JSON object, found {_kind(value)}.")
        yield number, value


def field(path: Path, line: int, value: dict[str, Any], name: str, where: str = "") -> str:
    """A field that must be a string.

    Raises:
        LineError: It is missing or something else.
    """
    found = value.get(name)
    if isinstance(found, str):
        return found
    place = f"{where} " if where else ""
    if name not in value:
        raise LineError(path, line, f'{place}has no "{name}"; give it as a string.')
    raise LineError(path, line, f'{place}has a "{name}" that is {_kind(found)}; it must be a string.')


def identifier(path: Path, line: int, value: dict[str, Any], name: str, where: str = "") -> str | int:
    """A field that names something: a string that is not blank, or a whole number.

    Raises:
        LineError: It is missing or something else.
    """
    found = value.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    text = field(path, line, value, name, where)
    if not text.strip():
        raise LineError(path, line, f'{f"{where} " if where else ""}has a blank "{name}"; give it a name.')
    return text


def dump(value: object) -> str:
    """One line of JSON without its line end; lone surrogates are escaped, other text is kept readable."""
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value)
    return text


def _kind(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object"
