"""The file under the record: one SQLite database in a data folder, one writer at a time, every change a transaction.

Knows files, locks and faults; nothing of what is kept. What SQLite says is translated here and nowhere else.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from corpus.errors import StoreBusyError, StoreDamagedError, StoreError
from corpus.migrations import SCHEMA_VERSION, migrate

NAME = "debate.sqlite3"
_DAMAGED = ("malformed", "not a database", "corrupt", "disk image", "unsupported file format", "file is encrypted")


def default_folder() -> Path:
    """``DEBATE_HOME``, or the platform's data folder."""
    home = os.environ.get("DEBATE_HOME")
    if home:
        return Path(home).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("debate-assistant", appauthor=False))


class Database:
    """One open data folder. Thread-safe; every method is one transaction."""

    def __init__(
        self, folder: Path, connection: sqlite3.Connection, lock: IO[str] | None = None, *, writable: bool
    ) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = lock
        self._writable = writable
        self._mutex = threading.RLock()

    @property
    def writable(self) -> bool:
        """Whether this process is the writer."""
        return self._writable

    @classmethod
    def open(cls, folder: Path | None = None, *, write: bool = True) -> Self:
        """Open (and make, when writing) a data folder, for its owner alone (700, 600).

        Args:
            folder: ``default_folder()`` when left out.
            write: become the folder's one writer; readers need no lock. What an older program wrote is brought to
                today's schema: for a writer in its place, for a reader in a copy in memory.

        Raises:
            StoreBusyError: Another process is the writer; names it.
            StoreDamagedError: The database is damaged.
            StoreError: The folder cannot be used, or its schema is newer than this program.
        """
        folder = folder or default_folder()
        path = folder / NAME
        with ExitStack() as undo:  # whatever goes wrong, neither the lock nor the connection stays behind
            try:
                lock = None
                if write:
                    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                    lock = undo.enter_context(take_lock(folder / "lock"))
                    _keep_private(path)
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
                raise _translated(error, f"The data in {folder} cannot be opened", folder, "") from error
            undo.pop_all()
        return store

    @classmethod
    def in_memory(cls) -> Self:
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
        if not self._writable:
            if version < SCHEMA_VERSION:
                self._read_a_copy(version)
            return
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        if version < SCHEMA_VERSION:
            migrate(db, version)

    def _read_a_copy(self, version: int) -> None:
        """Read the database of an older program from a copy in memory, which is brought to today's schema."""
        copy = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        self._connection.backup(copy)
        self._connection.close()
        migrate(copy, version)
        self._connection = copy

    def close(self) -> None:
        """Give the folder back."""
        with self._mutex:
            self._connection.close()
            if self._lock is not None:
                self._lock.close()
                self._lock = None

    def __enter__(self) -> Self:
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
                raise _translated(
                    error, f"Could not write to {self.folder}", self.folder, "see that the disk has space and ask again"
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
            raise _translated(error, f"Could not read the data in {self.folder}", self.folder, "") from error


def is_damage(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is broken, not that it is full, held or read-only."""
    return any(words in str(error) for words in _DAMAGED)


def _translated(error: sqlite3.Error, what: str, folder: Path, remedy: str) -> StoreError:
    if is_damage(error):
        return StoreDamagedError(
            f"{what} ({error}); mend it by `debate repair`, bring a copy back by `debate restore FILE`, "
            "or give another folder by --data."
        )
    return StoreError(f"{what} ({error}); {remedy or 'give another folder by --data'}.")


def _keep_private(path: Path) -> None:
    """Make the database for its owner alone before SQLite does; its journals take its permissions."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(OSError):  # gone meanwhile, or somebody else's: then it is not ours to change
            if one.stat().st_mode & 0o077:
                one.chmod(0o600)


def take_lock(path: Path) -> IO[str]:
    """Become the folder's one writer, until the file is closed. Raises StoreBusyError, naming who is."""
    lock = open(path, "a+", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600))  # noqa: SIM115
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
