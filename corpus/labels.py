"""What stands around the speech of a debate (title, sections, roles) in English: ``english.json`` beside its file.

Ours, never quoted; a debate without the file keeps its own words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from corpus.errors import AnnotationError

FILE = "english.json"


@lru_cache(maxsize=64)
def english(transcript: Path | None) -> Mapping[str, str]:
    """Words as the transcript has them → in English; empty where nobody wrote any.

    Raises:
        AnnotationError: The file is there and is no JSON object of texts.
    """
    path = transcript.with_name(FILE) if transcript is not None else None
    if path is None or not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AnnotationError(f"{path} cannot be read: {error}.") from error
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise AnnotationError(f"{path} is not a JSON object of texts.")
    return found
