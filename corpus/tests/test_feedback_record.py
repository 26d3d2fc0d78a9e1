"""Feedback and shortened threads on record: nobody reads or changes what is somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import UnknownThreadError
from corpus.store import Store


def test_a_second_verdict_replaces_the_first_and_owners_stay_apart(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        store.add_feedback("q", "{}", "wrong_quote", "t1.1", owner="a", sha256="s")
        store.add_feedback("q", "{}", "right_quote", "t1.1", owner="a", sha256="s")
        store.add_feedback("q", "{}", "wrong_answer", owner="a", sha256="s")
        store.add_feedback("q", "{}", "wrong_speaker", "t1.1", owner="b", sha256="s")
        assert {(f.verdict, f.sentences) for f in store.feedback("a")} == {
            ("right_quote", "t1.1"),
            ("wrong_answer", ""),
        }
        assert [f.owner for f in store.feedback("b")] == ["b"]
        assert len(store.feedback()) == 3
    with Store.open(tmp_path, write=False) as record:
        assert len(record.feedback()) == 3


def test_a_thread_is_shortened_by_its_owner_alone() -> None:
    store = Store.in_memory()
    thread = store.add_message(None, "one", "{}", owner="a", sha256="s")
    for question in ("two", "three"):
        store.add_message(thread, question, "{}", owner="a", sha256="s")
    with pytest.raises(UnknownThreadError):
        store.truncate_thread(thread, 1, "b")
    store.truncate_thread(thread, 2, "a")
    assert [m.question for m in store.messages(thread, "a")] == ["one"]
    store.add_message(thread, "other", "{}", owner="a", sha256="s")
    assert [m.position for m in store.messages(thread, "a")] == [1, 2]
    with pytest.raises(UnknownThreadError):
        store.truncate_thread("nothing", 1, "a")
