"""Closed lists of words that reading needs, as data: a file a list, one language or concept a line."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=8)
def words(name: str) -> frozenset[str]:
    """The words of ``<name>.txt``, lower case, all languages together; the first word of a line is its language."""
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    return frozenset(word for line in lines if line and line[0] != "#" for word in line.split()[1:])
