"""Feedback and shortened threads on record: nobody reads or changes what is somebody else's."""

from __future__ import annotations

from pathlib import Path

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
