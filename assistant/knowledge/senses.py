"""What is said in many ways and means one thing: senses, each a list of forms with examples that are it and are not.

Data, not code (``lexicon/*.json``); the examples run as tests. Forms match the search copy of a text (``fold_text``).

    >>> means("who backs the toll?", "sides", "pro"), means("who opposes it?", "sides", "pro")
    (True, False)
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpus.normalize import fold_text

LEXICON = Path(__file__).parent / "lexicon"


@lru_cache(maxsize=8)
def entries(book: str) -> dict[str, Any]:
    """Sense → its forms, "yes" and "no" examples."""
    told: dict[str, Any] = json.loads((LEXICON / f"{book}.json").read_text(encoding="utf-8"))
    return told


@lru_cache(maxsize=64)
def sense(book: str, name: str) -> re.Pattern[str]:
    """One sense of a book of the lexicon, as a pattern for folded text."""
    return re.compile("|".join(entries(book)[name]["forms"]))


def means(text: str, book: str, name: str) -> bool:
    """Whether a text puts a sense."""
    return bool(sense(book, name).search(fold_text(text)))
