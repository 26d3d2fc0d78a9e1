from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from corpus import migrations, records
from corpus.annotations import Annotations
from corpus.errors import StoreBusyError, StoreError, UnknownThreadError
from corpus.library import open_debate
from corpus.migrations import SCHEMA_VERSION
from corpus.store import Store, default_folder
from corpus.testing import timed_debate, trapped_debate
from corpus.types import Transcript

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data") as opened:
        yield opened


def raw(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "debate.sqlite3")


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def say(store: Store, thread: str | None = None, owner: str = "me", question: str = "q?", create: bool = False) -> str:
    return store.add_message(thread, question, "{}", owner=owner, sha256="0", create=create)


class TestFolder:
    def test_journal_is_wal_and_the_schema_is_marked(self, store: Store) -> None:
        with raw(store.folder) as db:
            assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)

    def test_newer_schema_is_refused_and_the_lock_given_back(self, tmp_path: Path) -> None:
        Store.open(tmp_path).close()
        with raw(tmp_path) as db:
            db.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
        for write in (True, False, True):
            with pytest.raises(StoreError, match=f"newer program .schema {SCHEMA_VERSION + 1}.*--data"):
                Store.open(tmp_path, write=write)

    def test_file_that_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "debate.sqlite3").write_bytes(b"not a database, just text" * 100)
        with pytest.raises(StoreError, match=r"not a database.*--data"):
            Store.open(tmp_path)

    def test_somebody_elses_database_is_left_alone(self, tmp_path: Path) -> None:
        with raw(tmp_path) as db:
            db.execute("CREATE TABLE theirs (x)")
        with pytest.raises(StoreError, match="not ours"):
            Store.open(tmp_path)
        with raw(tmp_path) as db:
            assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("theirs",)]

    def test_folder_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "data").write_text("x")
        with pytest.raises(StoreError, match=r"Cannot use the data folder .*--data"):
            Store.open(tmp_path / "data")

    def test_reading_where_nothing_is(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match=r"no data in .*--data"):
            Store.open(tmp_path / "none", write=False)
        assert not (tmp_path / "none").exists()

    def test_read_only_folder_says_so_in_one_sentence(self) -> None:
        code = """
import os, sys
from pathlib import Path
from corpus.errors import StoreError
from corpus.store import Store
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Store.open(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""
        with TemporaryDirectory() as folder:
            Path(folder).chmod(0o555)
            said, failed = python(code, folder).communicate(timeout=60)
            Path(folder).chmod(0o755)
        assert said.strip() == f"Cannot use the data folder {folder} (Permission denied); give another by --data.", (
            failed
        )

    def test_default_folder_follows_the_setting(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("DEBATE_HOME", str(tmp_path))
        assert default_folder() == tmp_path
        monkeypatch.setenv("DEBATE_HOME", "~/debates")
        assert default_folder() == Path.home() / "debates"
        monkeypatch.delenv("DEBATE_HOME")
        assert "debate-assistant" in str(default_folder())

    def test_nothing_stays_of_a_store_in_memory(self) -> None:
        with Store.in_memory() as store:
            assert store.writable
            thread = say(store)
            assert len(store.messages(thread, "me")) == 1
        with Store.in_memory() as other:
            assert other.threads("me") == []


class TestOneWriter:
    HOLD = """
import sys
from pathlib import Path
from corpus.store import Store
store = Store.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""

    def hold(self, folder: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", self.HOLD, str(folder)]
        process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        return process

    def test_second_writer_is_told_who_the_first_is(self, tmp_path: Path) -> None:
        owner = self.hold(tmp_path)
        try:
            with pytest.raises(StoreBusyError, match=rf"in use by process {owner.pid} .*--data"):
                Store.open(tmp_path)
            with Store.open(tmp_path, write=False) as reader:
                assert reader.threads("me") == [] and not reader.writable
        finally:
            owner.kill()
            owner.communicate(timeout=60)
        with Store.open(tmp_path) as store:  # the lock died with its owner
            assert store.writable

    def test_second_writer_in_the_same_process(self, store: Store) -> None:
        with pytest.raises(StoreBusyError, match=f"process {os.getpid()}"):
            Store.open(store.folder)

    def test_lock_without_a_name_still_refuses(self, store: Store) -> None:
        (store.folder / "lock").write_text("")
        with pytest.raises(StoreBusyError, match="another process"):
            Store.open(store.folder)

    def test_closed_store_gives_the_folder_back(self, tmp_path: Path) -> None:
        Store.open(tmp_path).close()
        Store.open(tmp_path).close()

    def test_reader_sees_what_the_writer_commits(self, store: Store) -> None:
        with Store.open(store.folder, write=False) as reader:
            thread = say(store)
            assert [m.question for m in reader.messages(thread, "me")] == ["q?"]
            with store._transaction() as db:
                db.execute("UPDATE threads SET title = 'half done'")
                assert reader.thread(thread, "me").title == "q?"  # not blocked, and nothing uncommitted
            assert reader.thread(thread, "me").title == "half done"

    def test_reader_after_the_writer_has_gone(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store:
            thread = say(store)
        with Store.open(tmp_path, write=False) as reader:
            assert reader.thread(thread, "me").title == "q?"

    def test_reader_cannot_write(self, store: Store) -> None:
        with (
            Store.open(store.folder, write=False) as reader,
            pytest.raises(StoreError, match="for reading only"),
        ):
            reader.set_pointer("generation", "2")


class TestTransactions:
    def test_error_rolls_everything_back(self, store: Store) -> None:
        store.set_pointer("generation", "1")
        with pytest.raises(ZeroDivisionError), store._transaction() as db:
            db.execute("UPDATE pointers SET value = '2'")
            raise ZeroDivisionError
        assert store.pointer("generation") == "1"
        store.set_pointer("generation", "3")  # and the next one goes through
        assert store.pointer("generation") == "3"

    def test_half_of_a_batch_of_vectors_is_not_kept(self, store: Store) -> None:
        with pytest.raises(StoreError, match="Could not write"):
            store.add_vectors("e", {b"a": b"1", b"b": None})  # type: ignore[dict-item]
        assert store.vectors("e", [b"a", b"b"]) == {}

    def test_full_disk_is_one_sentence_and_reading_goes_on(self, store: Store) -> None:
        thread = say(store)
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match=r"Could not write .*full.*space"):
            store.add_vectors("e", {bytes([n]): b"x" * 50_000 for n in range(9)})
        assert store.vectors("e", [b"\x00"]) == {}
        assert len(store.messages(thread, "me")) == 1
        store._connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
        store.add_vectors("e", {b"a": b"1"})
        assert store.vectors("e", [b"a"]) == {b"a": b"1"}

    def test_closed_store_is_a_store_error(self, store: Store) -> None:
        store.close()
        with pytest.raises(StoreError):
            store.threads("me")
        with pytest.raises(StoreError):
            store.set_pointer("a", "b")

    def test_many_threads_write_one_conversation_without_a_gap(self, store: Store) -> None:
        thread = say(store)

        def talk() -> None:
            for _ in range(20):
                say(store, thread)

        workers = [threading.Thread(target=talk) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert [m.position for m in store.messages(thread, "me")] == list(range(1, 122))


WRITE = """
import sys
from pathlib import Path
from corpus.store import Store
store = Store.open(Path(sys.argv[1]))
for number in range(int(sys.argv[2]), 10**6):
    store.add_message("talk", f"q{number}", "{}", owner="me", sha256="0", create=True)
    store.add_vectors("e", {str(number).encode(): b"x" * 4096})
    print(number, flush=True)
"""


@pytest.mark.slow
def test_kill_during_writes_loses_nothing_committed(tmp_path: Path) -> None:
    acknowledged = -1
    for kill in range(4):
        writer = python(WRITE, tmp_path, acknowledged + 1 + kill)
        assert writer.stdout is not None
        for _ in range(25 + 7 * kill):
            acknowledged = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        rest, failed = writer.communicate(timeout=60)
        assert not failed
        whole = [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
        acknowledged = int(whole[-1]) if whole else acknowledged
        with Store.open(tmp_path) as store:
            assert store._rows("PRAGMA integrity_check") == [("ok",)]
            messages = store.messages("talk", "me")
            asked = {m.question for m in messages}
            last = max(int(q[1:]) for q in asked)
            assert acknowledged <= last <= acknowledged + 1  # what was confirmed, and at most the one under way
            assert [m.position for m in messages] == list(range(1, len(messages) + 1))
            assert store.vectors("e", [str(acknowledged).encode()])
            acknowledged = last


class TestTranscripts:
    def test_record_holds_bytes_turns_sentences_and_notes(self, store: Store) -> None:
        debate = trapped_debate()
        data = debate.raw.encode()
        assert not store.has_transcript(debate.sha256)
        store.add_transcript(debate, Annotations(), data)
        assert store.has_transcript(debate.sha256)
        assert store._rows("SELECT raw, bytes FROM transcripts") == [(debate.raw, data)]
        assert store._rows("SELECT count(*) FROM turns") == [(8,)]
        assert store.transcript(debate.sha256) == debate

    @pytest.mark.parametrize("make", [trapped_debate, timed_debate, lambda: open_debate().transcript])
    def test_what_is_read_from_the_record_is_what_was_read_from_the_file(
        self, make: Callable[[], Transcript], store: Store
    ) -> None:
        debate = make()
        store.add_transcript(debate, Annotations())
        assert store.transcript(debate.sha256) == debate
        assert store.transcript("0" * 64) is None

    def test_debate_read_by_other_readers_is_read_anew(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        debate = trapped_debate()
        store.add_transcript(debate, Annotations())
        monkeypatch.setattr(records, "READER_VERSION", "later")
        assert store.transcript(debate.sha256) is None

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE turns SET paragraphs = '[[1]]'",
            "UPDATE speakers SET name = 'Somebody Else' WHERE position = 0",
            "UPDATE turns SET speaker_id = 'bob-ray' WHERE speaker_id = 'ann-lee'",
            "UPDATE transcripts SET raw = replace(raw, 'a', 'e')",
            "UPDATE sentences SET stop = stop + 1 WHERE turn = 1",
            "UPDATE transcripts SET facts = '{}'",
        ],
    )
    def test_record_that_was_changed_is_not_believed_but_read_anew(self, change: str, store: Store) -> None:
        debate = trapped_debate()
        store.add_transcript(debate, Annotations())
        assert store._connection.execute(change).rowcount > 0
        assert store.transcript(debate.sha256) is None
        assert not store.has_transcript(debate.sha256)  # so that it is put on record again
        store.add_transcript(debate, Annotations())
        assert store.transcript(debate.sha256) == debate

    def test_corrections_that_were_changed_are_refused_and_can_be_forgotten(self, store: Store) -> None:
        store.set_overlay("abc", "{}")
        store._connection.execute("UPDATE overlays SET overlay = '[]'")
        with pytest.raises(StoreError, match=r"changed from outside.*--reset"):
            store.overlay("abc")
        store.set_overlay("abc", "")
        assert store.overlay("abc") is None


class TestMigrations:
    def test_database_of_the_first_schema_keeps_its_threads_and_reads_debates_anew(self, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "debate.sqlite3") as db:
            migrations.conversations_and_debates(db)
            db.execute("PRAGMA user_version = 1")
            db.execute("INSERT INTO transcripts VALUES ('abc', 'old', 'Old', 'raw', NULL)")
            db.execute("INSERT INTO threads VALUES ('t', 'local', 'Title', 'abc', 1, 1)")
            db.execute("INSERT INTO messages VALUES ('t', 1, 'Q?', '{}', 1)")
        with Store.open(tmp_path, write=False) as store:  # a reader migrates a copy and still reads
            assert store.transcript("abc") is None and store.overlay("abc") is None
            assert [m.question for m in store.messages("t", "local")] == ["Q?"]
        with Store.open(tmp_path) as store:
            assert [m.question for m in store.messages("t", "local")] == ["Q?"]
            assert store.transcript("abc") is None
            assert store._rows("SELECT id FROM transcripts") == [("old",)]
            assert store._rows("PRAGMA user_version") == [(SCHEMA_VERSION,)]

    def test_step_that_fails_leaves_the_database_as_it_was(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with sqlite3.connect(tmp_path / "debate.sqlite3") as db:
            migrations.conversations_and_debates(db)
            db.execute("PRAGMA user_version = 1")

        def fails(db: sqlite3.Connection) -> None:
            db.execute("DROP TABLE speakers")
            raise sqlite3.OperationalError("disk I/O error")

        monkeypatch.setattr(migrations, "MIGRATIONS", (migrations.conversations_and_debates, fails))
        with pytest.raises(StoreError, match="cannot be opened"):
            Store.open(tmp_path)
        with sqlite3.connect(tmp_path / "debate.sqlite3") as db:
            assert db.execute("PRAGMA user_version").fetchone() == (1,)
            assert db.execute("SELECT count(*) FROM speakers").fetchone() == (0,)


class TestReplacing:
    def test_adding_it_again_replaces_and_keeps_the_bytes(self, store: Store) -> None:
        debate = trapped_debate()
        store.add_transcript(debate, Annotations(), b"bytes")
        store.add_transcript(debate.model_copy(update={"title": "Other", "id": "other"}), Annotations())
        assert store._rows("SELECT id, title, bytes FROM transcripts") == [("other", "Other", b"bytes")]
        assert store._rows("SELECT count(*) FROM sentences") == [(len(debate.sentences),)]

    def test_failure_half_way_keeps_the_old_record(self, store: Store) -> None:
        debate = trapped_debate()
        store.add_transcript(debate, Annotations())
        twice = debate.model_copy(update={"sentences": debate.sentences + debate.sentences[:1], "title": "Other"})
        with pytest.raises(StoreError):
            store.add_transcript(twice, Annotations())
        assert store._rows("SELECT title FROM transcripts") == [(debate.title,)]
        assert store._rows("SELECT count(*) FROM sentences") == [(len(debate.sentences),)]


class TestVectors:
    def test_vectors_of_one_encoder_only_and_missing_ones_left_out(self, store: Store) -> None:
        many = {n.to_bytes(2, "big"): bytes([n % 256]) for n in range(1203)}  # more than one query holds
        store.add_vectors("a", many)
        store.add_vectors("b", {b"\x00\x00": b"other"})
        assert store.vectors("a", [*many, b"missing"]) == many
        assert store.vectors("b", list(many)) == {b"\x00\x00": b"other"}
        assert store.vectors("a", []) == {}

    def test_pointer_switches(self, store: Store) -> None:
        assert store.pointer("generation") is None
        store.set_pointer("generation", "1")
        store.set_pointer("generation", "2")
        assert store.pointer("generation") == "2"


class TestConversations:
    def test_messages_come_back_in_order_after_a_restart(self, tmp_path: Path) -> None:
        with Store.open(tmp_path) as store:
            thread = say(store, question="一?")
            assert say(store, thread, question="二?") == thread
        with Store.open(tmp_path) as store:
            assert [(m.position, m.question) for m in store.messages(thread, "me")] == [(1, "一?"), (2, "二?")]
            assert store.thread(thread, "me").title == "一?"

    def test_latest_thread_comes_first(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = iter(range(1, 9))
        monkeypatch.setattr("corpus.conversations.time.time", lambda: float(next(clock)))
        first, second = say(store), say(store)
        assert [t.id for t in store.threads("me")] == [second, first]
        say(store, first)
        assert [t.id for t in store.threads("me")] == [first, second]

    def test_owners_see_nothing_of_each_other(self, store: Store) -> None:
        mine = say(store, owner="me")
        assert store.threads("you") == []
        for intrude in (
            lambda: store.thread(mine, "you"),
            lambda: store.messages(mine, "you"),
            lambda: store.rename_thread(mine, "stolen", "you"),
            lambda: store.delete_thread(mine, "you"),
            lambda: say(store, mine, owner="you"),
            lambda: say(store, mine, owner="you", create=True),
        ):
            with pytest.raises(UnknownThreadError, match=mine):
                intrude()
        assert store.thread(mine, "me").title == "q?"
        assert len(store.messages(mine, "me")) == 1

    @pytest.mark.parametrize("thread", ["nope", "", "' OR 1=1 --", "x" * 10_000])
    def test_unknown_thread_is_named_shortly(self, store: Store, thread: str) -> None:
        say(store)
        for read in (store.thread, store.messages, store.delete_thread):
            with pytest.raises(UnknownThreadError, match="debate threads") as caught:
                read(thread, "me")
            assert len(str(caught.value)) < 150
        with pytest.raises(UnknownThreadError):
            say(store, thread)
        assert len(store.threads("me")) == 1

    def test_named_thread_starts_when_asked_to(self, store: Store) -> None:
        assert say(store, "notes", create=True) == "notes"
        assert say(store, "notes") == "notes"
        assert len(store.messages("notes", "me")) == 2

    def test_renamed_and_deleted(self, store: Store) -> None:
        thread = say(store)
        store.rename_thread(thread, "t" * 500, "me")
        assert store.thread(thread, "me").title == "t" * 200
        store.delete_thread(thread, "me", forever=True)
        assert store.threads("me") == store.threads("me", deleted=True) == []
        assert store._rows("SELECT count(*) FROM messages") == [(0,)]
