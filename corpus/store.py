"""The record: one SQLite file in a data folder, written by one process at a time.

Holds raw transcripts with their hash, turns, sentences, notes, vectors and conversations (as JSON, never pickles).
Everything else on disk can be thrown away and is rebuilt from here.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, NamedTuple

from corpus import records
from corpus.annotations import Annotations
from corpus.errors import StoreBusyError, StoreError, UnknownThreadError
from corpus.migrations import SCHEMA_VERSION, migrate
from corpus.types import Transcript


class Thread(NamedTuple):
    """A conversation, without its messages."""

    id: str
    owner: str
    title: str
    sha256: str
    created: float
    updated: float


class Message(NamedTuple):
    """One question of a thread and its answer as JSON."""

    position: int
    question: str
    answer: str
    created: float


class Feedback(NamedTuple):
    """What a reader said about an answer, or about one quote of it."""

    id: int
    owner: str
    sha256: str
    question: str
    answer: str
    verdict: str
    sentences: str
    created: float


def default_folder() -> Path:
    """``DEBATE_HOME``, or the platform's data folder."""
    home = os.environ.get("DEBATE_HOME")
    if home:
        return Path(home).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("debate-assistant", appauthor=False))


class Store:
    """One open data folder. Thread-safe; every method is one transaction."""

    def __init__(
        self, folder: Path, connection: sqlite3.Connection, lock: IO[str] | None = None, *, writable: bool
    ) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = lock
        self._writable = writable
        self._mutex = threading.RLock()
        self._version = 0

    @property
    def writable(self) -> bool:
        """Whether this process is the writer."""
        return self._writable

    @classmethod
    def open(cls, folder: Path | None = None, *, write: bool = True) -> Store:
        """Open (and make, when writing) a data folder.

        Args:
            folder: ``default_folder()`` when left out.
            write: become the folder's one writer; readers need no lock.

        Raises:
            StoreBusyError: Another process is the writer; names it.
            StoreError: The folder cannot be used, or its schema is newer than this program.
        """
        folder = folder or default_folder()
        path = folder / "debate.sqlite3"
        with ExitStack() as undo:  # whatever goes wrong, neither the lock nor the connection stays behind
            try:
                lock = None
                if write:
                    folder.mkdir(parents=True, exist_ok=True)
                    lock = undo.enter_context(_take_lock(folder / "lock"))
                elif not path.exists():
                    raise StoreError(
                        f"There is no data in {folder}; ask a question first, or give another folder by --data."
                    )
                connection = sqlite3.connect(
                    path if write else f"{path.resolve().as_uri()}?mode=ro",
                    uri=not write,
                    check_same_thread=False,
                    isolation_level=None,
                    timeout=5,
                )
                undo.callback(connection.close)
                store = cls(folder, connection, lock, writable=write)
                store._prepare()
            except OSError as error:
                raise StoreError(
                    f"Cannot use the data folder {folder} ({error.strerror}); give another by --data."
                ) from error
            except sqlite3.Error as error:
                raise StoreError(
                    f"The data in {folder} cannot be opened ({error}); give another folder by --data."
                ) from error
            undo.pop_all()
        return store

    @classmethod
    def in_memory(cls) -> Store:
        """A store that leaves nothing behind."""
        connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        store = cls(Path(), connection, writable=True)
        store._prepare()
        return store

    def _prepare(self) -> None:
        db = self._connection
        db.execute("PRAGMA foreign_keys = ON")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise StoreError(
                f"The data in {self.folder} were written by a newer program (schema {version}, ours is "
                f"{SCHEMA_VERSION}); update, or give another folder by --data."
            )
        if version == 0 and db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise StoreError(f"The database in {self.folder} is not ours; give another folder by --data.")
        if self._writable:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            if version < SCHEMA_VERSION:
                migrate(db, version)
                version = SCHEMA_VERSION
        self._version = version

    def close(self) -> None:
        """Give the folder back."""
        with self._mutex:
            self._connection.close()
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if not self._writable:
            raise StoreError(f"The data folder {self.folder} is open for reading only; open it for writing.")
        with self._mutex:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                raise StoreError(
                    f"Could not write to {self.folder} ({error}); see that the disk has space and ask again."
                ) from error
            finally:
                # SQLite may have rolled back by itself, as it does on a full disk.
                with suppress(sqlite3.Error):
                    if self._connection.in_transaction:
                        self._connection.execute("ROLLBACK")

    def _rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._mutex:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise StoreError(
                f"Could not read the data in {self.folder} ({error}); give another folder by --data."
            ) from error

    # ── transcripts ──

    def has_transcript(self, sha256: str) -> bool:
        """Whether a transcript with that hash is on record."""
        return bool(self._rows("SELECT 1 FROM transcripts WHERE sha256 = ?", (sha256,)))

    def add_transcript(self, transcript: Transcript, notes: Annotations, data: bytes | None = None) -> None:
        """Put a debate on record with all that was read and noted; an existing record is replaced in one step."""
        with self._transaction() as db:
            records.save(db, transcript, data)
            db.execute("INSERT OR REPLACE INTO annotations VALUES (?,?)", (transcript.sha256, notes.model_dump_json()))

    def transcript(self, sha256: str) -> Transcript | None:
        """A debate as it was read, overlay not applied; None when it is not on record as today's readers read it.

        Raises:
            StoreError: What is stored is damaged.
        """
        return records.load(self._rows, sha256) if self._version > 1 else None

    def overlay(self, sha256: str) -> str | None:
        """What a reader corrected about the people of a debate, as JSON; None when nothing."""
        if self._version < 2:
            return None
        rows = self._rows("SELECT overlay FROM overlays WHERE sha256 = ?", (sha256,))
        return str(rows[0][0]) if rows else None

    def set_overlay(self, sha256: str, overlay: str) -> None:
        """Put corrections on record; an empty text forgets them."""
        with self._transaction() as db:
            if overlay:
                db.execute("INSERT OR REPLACE INTO overlays VALUES (?,?)", (sha256, overlay))
            else:
                db.execute("DELETE FROM overlays WHERE sha256 = ?", (sha256,))

    # ── vectors ──

    def vectors(self, encoder: str, hashes: Sequence[bytes]) -> dict[bytes, bytes]:
        """Stored vectors (float32 bytes) of one encoder by text hash; missing ones are left out."""
        found: dict[bytes, bytes] = {}
        for start in range(0, len(hashes), 500):
            some = hashes[start : start + 500]
            marks = ",".join("?" * len(some))
            for text_hash, vector in self._rows(
                f"SELECT text_hash, vector FROM vectors WHERE encoder = ? AND text_hash IN ({marks})", (encoder, *some)
            ):
                assert isinstance(text_hash, bytes) and isinstance(vector, bytes)
                found[text_hash] = vector
        return found

    def add_vectors(self, encoder: str, vectors: Mapping[bytes, bytes]) -> None:
        """Put vectors on record."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?,?,?)",
                [(encoder, key, value) for key, value in vectors.items()],
            )

    # ── pointers ──

    def pointer(self, name: str) -> str | None:
        """A named value, such as the generation of the Chroma cache in use."""
        rows = self._rows("SELECT value FROM pointers WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def set_pointer(self, name: str, value: str) -> None:
        """Switch a named value in one step."""
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO pointers VALUES (?,?)", (name, value))

    # ── conversations ──

    def add_message(
        self, thread_id: str | None, question: str, answer: str, *, owner: str, sha256: str, create: bool = False
    ) -> str:
        """Append a question and its answer to a thread.

        Args:
            thread_id: the thread; None starts one.
            create: whether an unknown id starts a thread of that name.

        Returns:
            The thread's id.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        now = time.time()
        with self._transaction() as db:
            row = db.execute("SELECT owner FROM threads WHERE id = ?", (thread_id,)).fetchone()
            if row is not None and row[0] != owner:
                raise _unknown_thread(thread_id)
            if row is None:
                if thread_id is not None and not create:
                    raise _unknown_thread(thread_id)
                thread_id = thread_id or secrets.token_hex(4)
                db.execute(
                    "INSERT INTO threads VALUES (?,?,?,?,?,?)", (thread_id, owner, question[:80], sha256, now, now)
                )
            db.execute(
                "INSERT INTO messages SELECT ?, coalesce(max(position), 0) + 1, ?, ?, ? "
                "FROM messages WHERE thread_id = ?",
                (thread_id, question, answer, now, thread_id),
            )
            db.execute("UPDATE threads SET updated = ? WHERE id = ?", (now, thread_id))
        assert thread_id is not None
        return thread_id

    def threads(self, owner: str) -> list[Thread]:
        """The owner's threads, the latest first."""
        rows = self._rows("SELECT * FROM threads WHERE owner = ? ORDER BY updated DESC, id", (owner,))
        return [Thread(*row) for row in rows]

    def thread(self, thread_id: str, owner: str) -> Thread:
        """One thread.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        rows = self._rows("SELECT * FROM threads WHERE id = ? AND owner = ?", (thread_id, owner))
        if not rows:
            raise _unknown_thread(thread_id)
        return Thread(*rows[0])

    def messages(self, thread_id: str, owner: str) -> list[Message]:
        """The messages of a thread, in order.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        self.thread(thread_id, owner)
        rows = self._rows(
            "SELECT position, question, answer, created FROM messages WHERE thread_id = ? ORDER BY position",
            (thread_id,),
        )
        return [Message(*row) for row in rows]

    def rename_thread(self, thread_id: str, title: str, owner: str) -> None:
        """Give a thread another title. Raises UnknownThreadError."""
        with self._transaction() as db:
            values = (title[:200], thread_id, owner)
            if not db.execute("UPDATE threads SET title = ? WHERE id = ? AND owner = ?", values).rowcount:
                raise _unknown_thread(thread_id)

    def delete_thread(self, thread_id: str, owner: str) -> None:
        """Forget a thread. Raises UnknownThreadError."""
        with self._transaction() as db:
            if not db.execute("DELETE FROM threads WHERE id = ? AND owner = ?", (thread_id, owner)).rowcount:
                raise _unknown_thread(thread_id)

    def truncate_thread(self, thread_id: str, position: int, owner: str) -> None:
        """Forget the messages of a thread from a position (from 1) on. Raises UnknownThreadError."""
        with self._transaction() as db:
            known = db.execute("SELECT 1 FROM threads WHERE id = ? AND owner = ?", (thread_id, owner)).fetchone()
            if known is None:
                raise _unknown_thread(thread_id)
            db.execute("DELETE FROM messages WHERE thread_id = ? AND position >= ?", (thread_id, position))

    # ── feedback ──

    def add_feedback(
        self, question: str, answer: str, verdict: str, sentences: str = "", *, owner: str, sha256: str
    ) -> None:
        """Put a verdict on record; a second one of the same owner on the same thing replaces the first.

        Args:
            answer: the answer as JSON, as it was shown.
            verdict: a word of the door's, such as "wrong_speaker".
            sentences: ids of the quote it is about, separated by spaces; "" for the whole answer.
        """
        with self._transaction() as db:
            db.execute(
                "INSERT INTO feedback (owner, sha256, question, answer, verdict, sentences, created) "
                "VALUES (?,?,?,?,?,?,?) ON CONFLICT (owner, question, answer, sentences) "
                "DO UPDATE SET verdict = excluded.verdict, created = excluded.created",
                (owner, sha256, question, answer, verdict, sentences, time.time()),
            )

    def feedback(self, owner: str | None = None) -> list[Feedback]:
        """All verdicts of an owner, or of everybody (for whoever runs the server), oldest first."""
        rows = self._rows("SELECT * FROM feedback WHERE ? IS NULL OR owner = ? ORDER BY created, id", (owner, owner))
        return [Feedback(*row) for row in rows]


def _unknown_thread(thread_id: str | None) -> UnknownThreadError:
    return UnknownThreadError(f"There is no thread {str(thread_id)[:60]!r}; `debate threads` lists yours.")


def _take_lock(path: Path) -> IO[str]:
    lock = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        with lock:
            lock.seek(0)
            owner = lock.read(200).strip()
        raise StoreBusyError(
            f"The data folder {path.parent} is in use by {owner or 'another process'}; "
            "stop that, or give another folder by --data."
        ) from error
    except OSError:
        lock.close()
        raise
    lock.truncate(0)
    lock.write(f"process {os.getpid()} ({Path(sys.argv[0]).name or 'python'})")
    lock.flush()
    return lock
