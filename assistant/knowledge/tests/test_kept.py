"""Derived topics are worked out once, kept under a version, and derived anew where the record is of another."""

from __future__ import annotations

import pytest

from assistant.knowledge import kept as keeping
from assistant.knowledge.kept import kept
from assistant.knowledge.topics import Topic
from corpus.store import Store

FERRY = Topic("d1", "渡轮", "ferry", ("t1.1", "t2.1"), False)


def test_topics_on_record_are_not_derived_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def derive() -> tuple[Topic, ...]:
        made.append(1)
        return (FERRY,)

    with Store.in_memory() as store:
        assert kept(store, "abc", "encoder", None, derive) == kept(store, "abc", "encoder", None, derive) == (FERRY,)
        assert len(made) == 1
        kept(store, "abc", "another encoder", None, derive)
        monkeypatch.setattr(keeping, "VERSION", keeping.VERSION + 1)
        assert kept(store, "abc", "encoder", None, derive) == (FERRY,)
        assert len(made) == 3
