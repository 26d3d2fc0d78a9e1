"""Conversations are append-only: nothing goes before its successor is there, and nothing goes without an undo."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import StoreError, UnknownThreadError
from corpus.store import Store
from corpus.testing import FaultyConnection


def say(store: Store, thread: str | None, question: str, after: int | None = None) -> str:
    return store.add_message(thread, question, "{}", owner="me", sha256="0", after=after)


def asked(store: Store, thread: str) -> list[str]:
    return [m.question for m in store.messages(thread, "me")]


def test_a_question_asked_anew_starts_a_branch_and_the_old_answer_stays() -> None:
    store = Store.in_memory()
    thread = say(store, None, "one")
    say(store, thread, "two")
    say(store, thread, "three")
    say(store, thread, "two, edited", after=1)
    assert asked(store, thread) == ["one", "two, edited"]
    assert [m.position for m in store.messages(thread, "me")] == [1, 2]
    assert store.messages(thread, "me")[1].siblings == (2, 4)
    assert [m.question for m in store.branch(thread, "me", 3)] == ["one", "two", "three"]
    store.show_branch(thread, 2, "me")  # and back, to its end
    assert asked(store, thread) == ["one", "two", "three"]
    say(store, thread, "one, edited", after=0)
    assert asked(store, thread) == ["one, edited"] and len(store.all_messages(thread, "me")) == 5


def test_going_on_from_what_is_not_there_is_refused_and_changes_nothing() -> None:
    store = Store.in_memory()
    thread = say(store, None, "one")
    with pytest.raises(StoreError, match="no message 7"):
        say(store, thread, "two", after=7)
    with pytest.raises(StoreError, match="no message 7"):
        store.show_branch(thread, 7, "me")
    with pytest.raises(UnknownThreadError):
        store.show_branch(thread, 1, "you")
    assert asked(store, thread) == ["one"]


def test_a_deleted_thread_comes_back_whole_until_it_is_forgotten() -> None:
    store = Store.in_memory()
    thread = say(store, None, "one")
    store.delete_thread(thread, "me")
    assert store.threads("me") == [] and [t.id for t in store.threads("me", deleted=True)] == [thread]
    gone: list[Callable[[], object]] = [lambda: store.messages(thread, "me"), lambda: say(store, thread, "two")]
    for attempt in gone:
        with pytest.raises(UnknownThreadError):
            attempt()
    with pytest.raises(UnknownThreadError):
        store.restore_thread(thread, "you")
    store.restore_thread(thread, "me")
    assert asked(store, thread) == ["one"]
    store.delete_thread(thread, "me")
    assert store.forget_deleted() == 0  # not before thirty days have gone
    assert store.forget_deleted(before=time.time() + 1) == 1
    with pytest.raises(UnknownThreadError):
        store.restore_thread(thread, "me")


@pytest.mark.parametrize("change", ["question = 'x'", "answer = '[]'", "parent = 2", "version = 9", "seal = ''"])
def test_a_message_that_was_changed_is_known(change: str) -> None:
    store = Store.in_memory()
    thread = say(store, None, "one")
    assert all(m.intact for m in store.messages(thread, "me"))
    store._connection.execute(f"UPDATE messages SET {change}")
    assert not any(m.intact for m in store.all_messages(thread, "me"))


def test_parents_in_a_ring_end() -> None:
    store = Store.in_memory()
    thread = say(store, None, "one")
    say(store, thread, "two")
    store._connection.execute("UPDATE messages SET parent = 2 WHERE number = 1")
    assert len(store.messages(thread, "me")) == 2


def break_at(store: Store, nth: int) -> FaultyConnection:
    faulty = FaultyConnection(store._connection, fail_at=nth)
    store._connection = faulty  # type: ignore[assignment]
    return faulty


def one_deed(store: Store, thread: str, chance: random.Random, said: list[str]) -> None:
    """One random deed; a question counts as said only when the store has acknowledged it."""
    deed = chance.choice(("ask", "ask", "edit", "retry", "rename", "switch", "delete"))
    numbers = [m.number for m in store.all_messages(thread, "me")]
    question = f"q{chance.random()}"
    if deed in ("ask", "edit", "retry"):
        say(store, thread, question, after=None if deed == "ask" else chance.choice([0, *numbers]))
        said.append(question)
    elif deed == "rename":
        store.rename_thread(thread, question, "me")
    elif deed == "switch":
        store.show_branch(thread, chance.choice(numbers), "me")
    else:
        store.delete_thread(thread, "me")
        store.restore_thread(thread, "me")


@pytest.mark.parametrize("seed", range(3))
def test_no_history_of_deeds_and_faults_loses_what_was_acknowledged(seed: int, tmp_path: Path) -> None:
    chance, said = random.Random(seed), ["first"]
    with Store.open(tmp_path) as store:
        thread = say(store, None, "first")
    for _ in range(12):
        with Store.open(tmp_path) as store:
            break_at(store, chance.randint(1, 25))
            for _ in range(4):
                try:
                    one_deed(store, thread, chance, said)
                except UnknownThreadError:
                    store.restore_thread(thread, "me")  # the fault fell between a deletion and its undo
                except StoreError as error:
                    assert "disk I/O error" in str(error)
        with Store.open(tmp_path) as store:
            if store.threads("me", deleted=True):
                store.restore_thread(thread, "me")
            kept = store.all_messages(thread, "me")
            assert set(said) <= {m.question for m in kept} and all(m.intact for m in kept)
            assert store._rows("PRAGMA integrity_check") == [("ok",)]
    assert len(said) > 10


@pytest.mark.parametrize(
    "deed",
    [
        lambda s, t: say(s, t, "two"),
        lambda s, t: s.rename_thread(t, "new", "me"),
        lambda s, t: s.delete_thread(t, "me"),
        lambda s, t: s.add_vectors("e", {b"a": b"1", b"b": b"2"}),
        lambda s, t: s.set_pointer("a", "b"),
        lambda s, t: s.set_overlay("abc", "{}"),
    ],
)
def test_every_statement_of_a_write_may_fail(deed: Callable[[Store, str], object], tmp_path: Path) -> None:
    """The n-th statement fails, for all n: a clear error, the folder opens again, and what was there is there."""
    with Store.open(tmp_path) as store:
        thread = say(store, None, "one")
    for nth in range(1, 40):
        with Store.open(tmp_path) as store:
            faulty = break_at(store, nth)
            try:
                deed(store, thread)
            except StoreError as error:
                assert faulty.failed and "disk I/O error" in str(error)
            else:
                break
        with Store.open(tmp_path) as store:
            assert asked(store, thread) == ["one"] and store.pointer("a") is None and store.overlay("abc") is None
            assert store.vectors("e", [b"a", b"b"]) == {}
    assert 3 < nth < 39  # begin, at least one statement, commit


def test_a_faulty_connection_is_what_it_says() -> None:
    faulty = FaultyConnection(sqlite3.connect(":memory:"), fail_at=2)
    assert faulty.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.OperationalError):
        faulty.execute("SELECT 1")
    assert faulty.execute("SELECT 1").fetchone() == (1,)
