"""Derived topics on record: worked out once for a debate and an encoder, read by every later start.

Kept under a version: rows that another way of deriving wrote are not read, and what cannot be read is derived anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from assistant.knowledge.topics import Topic
from corpus.errors import StoreError
from corpus.store import Store

VERSION = 1  # of what derives them; raise it with every change to ``topics.derived_topics``


def kept(
    store: Store | None, sha256: str, encoder: str, count: int | None, derive: Callable[[], tuple[Topic, ...]]
) -> tuple[Topic, ...]:
    """The derived topics of a debate: those on record, else what ``derive`` makes, which is then put on record.

    Args:
        store: where records are kept; without one they are derived each time.
        count: how many were asked for; None where the length of the debate says.
    """
    name = f"topics/{VERSION}/{sha256}/{encoder}/{count or 'all'}"
    try:
        written = store.pointer(name) if store is not None else None
    except StoreError:  # closed while its last question is under way
        return derive()
    if written is not None:
        rows = json.loads(written)
        return tuple(Topic(i, zh, en, tuple(sentences), False) for i, zh, en, sentences in rows)
    topics = derive()
    if store is not None and store.writable:
        store.set_pointer(name, json.dumps([[t.id, t.zh, t.en, t.sentences] for t in topics], ensure_ascii=False))
    return topics
