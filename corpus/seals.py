"""Seals: what is on record is hashed when it is written, and compared when it is read.

A seal is no secret: it tells accidents and careless hands. What nobody may forge, the words, is proved by other means:
they are made again from the transcript each time.

    >>> text_seal("a", "bc") == text_seal("ab", "c")
    False
"""

from __future__ import annotations

import hashlib


def text_seal(*parts: object) -> str:
    """SHA-256 over values in order, hexadecimal; where one ends and the next begins counts."""
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def message_seal(thread_id: str, number: int, parent: int, version: int, question: str, answer: str) -> str:
    """Over everything that a message says and where it stands in its thread."""
    return text_seal(thread_id, number, parent, version, question, answer)
