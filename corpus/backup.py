"""Copies of the record: ``backup`` beside a running server, ``restore`` in its place, ``repair`` of a damaged one.

Nothing is ever overwritten: what was there before is kept beside it under a name that says so, and the new file is
whole on the disk before it takes the place of the old.

    backup(folder, Path("monday.debate"))     # → Copied(messages=361, …)
    restore(Path("monday.debate"), folder)
    repair(folder)                            # → Repaired(sound=False, kept={"messages": 360, …}, aside=…)
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from corpus.database import NAME, Database, is_damage, take_lock
from corpus.errors import StoreDamagedError, StoreError
from corpus.migrations import SCHEMA_VERSION, migrate

# What only people can give again comes first; the rest can be read and encoded anew.
_TABLES = (
    "threads", "messages", "feedback", "transcripts", "overlays", "links", "annotations", "speakers", "turns",
    "sentences", "shelf", "vectors", "pointers",
)  # fmt: skip
_COUNTED = ("threads", "messages", "feedback")
_BESIDE = ("", "-wal", "-shm")


class Copied(NamedTuple):
    """What a copy holds."""

    threads: int
    messages: int
    feedback: int


class Repaired(NamedTuple):
    """What became of a database."""

    sound: bool  # nothing was wrong; nothing was done
    kept: dict[str, int]  # rows by table, in the new database
    lost: tuple[str, ...]  # tables of which rows could not be read
    aside: Path | None  # where the damaged one is now


def backup(folder: Path, target: Path) -> Copied:
    """Copy the record to a file, for its owner alone; a server may be running and writing beside it.

    Raises:
        StoreError: There is nothing to copy, the record is damaged, or the file exists or cannot be written.
    """
    source = folder / NAME
    if not source.is_file():
        raise StoreError(f"There is no data in {folder} to back up; give another folder by --data.")
    if target.exists():
        raise StoreError(f"{target} exists already; name a new file, so that no backup is lost.")
    fresh = target.with_name(f"{target.name}.part")
    try:
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True, timeout=30)) as live:
            with closing(sqlite3.connect(fresh)) as copy:
                live.backup(copy, pages=2_000)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, that can be carried about
            copied = _inspect(fresh)
        _sync(fresh)
        fresh.replace(target)
        _sync(target.absolute().parent)
    except sqlite3.Error as error:
        fresh.unlink(missing_ok=True)
        remedy = "mend it by `debate repair`" if is_damage(error) else "see that the disk has space"
        raise StoreError(f"Could not back up {folder} ({error}); {remedy}.") from error
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(f"Cannot write {target} ({error.strerror}); name another file.") from error
    except StoreError:
        fresh.unlink(missing_ok=True)
        raise
    return copied


def restore(file: Path, folder: Path) -> tuple[Copied, Path | None]:
    """Put a backup in the record's place; what was there is kept beside it, and told as the second value.

    Raises:
        StoreBusyError: A process holds the folder; stop it first.
        StoreError: The file is no backup of ours, is damaged or newer, or cannot be copied.
    """
    if not file.is_file():
        raise StoreError(f"There is no file {file}; give one that `debate backup` made.")
    try:
        copied = _inspect(file)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with take_lock(folder / "lock"):
            fresh = folder / f"{NAME}.part"
            os.close(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
            fresh.write_bytes(file.read_bytes())
            _sync(fresh)
            aside = _set_aside(folder, "before-restore")
            fresh.replace(folder / NAME)
            _sync(folder)
    except OSError as error:
        raise StoreError(f"Could not restore into {folder} ({error.strerror}); see that it can be written.") from error
    return copied, aside


def repair(folder: Path) -> Repaired:
    """Rescue all rows that can still be read into a new database; a sound one is left as it is.

    Raises:
        StoreBusyError: A process holds the folder; stop it first.
        StoreError: There is no database, it is not ours, or the new one cannot be written.
    """
    path = folder / NAME
    if not path.is_file():
        raise StoreError(f"There is no data in {folder} to repair; give another folder by --data.")
    try:
        with take_lock(folder / "lock"):
            if not problems(path):
                return Repaired(True, {}, (), None)
            fresh = folder / f"{NAME}.part"
            for end in _BESIDE:
                fresh.with_name(fresh.name + end).unlink(missing_ok=True)
            os.close(os.open(fresh, os.O_RDWR | os.O_CREAT, 0o600))
            kept, lost = _rescue(path, fresh)
            _sync(fresh)
            aside = _set_aside(folder, "damaged")
            fresh.replace(path)
            _sync(folder)
    except sqlite3.Error as error:
        raise StoreError(
            f"Could not write a new database in {folder} ({error}); see that the disk has space."
        ) from error
    except OSError as error:
        raise StoreError(f"Could not repair {folder} ({error.strerror}); see that it can be written.") from error
    with Database.open(folder):  # what was of an older program is brought up
        pass
    return Repaired(False, kept, lost, aside)


def problems(path: Path) -> list[str]:
    """What SQLite finds wrong in a database, at most ten things; none when it is sound."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)) as db:
            found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(10)")]
            found += [f"row {row[1]} of {row[0]} hangs in the air" for row in db.execute("PRAGMA foreign_key_check")]
    except sqlite3.Error as error:
        return [str(error)]
    return [] if found == ["ok"] else [problem for problem in found if problem != "ok"][:10]


def _inspect(file: Path) -> Copied:
    """What a backup holds. Raises StoreError unless it is one of ours, whole and not newer than this program."""
    wrong = problems(file)
    if wrong:
        raise StoreDamagedError(f"{file} is damaged or no backup of ours ({wrong[0]}); give another.")
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        named = {str(row[0]) for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not version or not set(_COUNTED) <= named:
            raise StoreError(f"{file} is no backup of ours; give one that `debate backup` made.")
        if version > SCHEMA_VERSION:
            raise StoreError(f"{file} was written by a newer program (schema {version}); update before restoring it.")
        return Copied(*(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _COUNTED))


def _set_aside(folder: Path, why: str) -> Path | None:
    """Move the database and its journals away together; where the database is now."""
    path = folder / NAME
    if not path.exists():
        return None
    stamp = time.strftime("%Y%m%d-%H%M%S")
    aside = folder / f"{NAME}.{why}-{stamp}"
    number = 1
    while aside.exists():
        number += 1
        aside = folder / f"{NAME}.{why}-{stamp}-{number}"
    for end in ("-wal", "-shm", ""):
        if (beside := path.with_name(path.name + end)).exists():
            beside.replace(aside.with_name(aside.name + end))
    return aside


def _rescue(damaged: Path, fresh: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """Copy what can be read, table by table; rows by table, and the tables that lost some."""
    kept: dict[str, int] = {}
    lost: list[str] = []
    with closing(sqlite3.connect(damaged)) as old, closing(sqlite3.connect(fresh, isolation_level=None)) as new:
        try:
            (version,) = old.execute("PRAGMA user_version").fetchone()
        except sqlite3.Error:
            version = 0
        migrate(new, 0, to=version or SCHEMA_VERSION)
        for table in _TABLES:
            names = [str(row[1]) for row in new.execute(f"PRAGMA table_info({table})")]
            if not names:
                continue
            rows, whole = _readable(old, table, names)
            marks = ",".join("?" * len(names))
            new.executemany(f"INSERT OR REPLACE INTO {table} ({','.join(names)}) VALUES ({marks})", rows)
            kept[table] = len(rows)
            if not whole:
                lost.append(table)
        new.execute("DELETE FROM messages WHERE thread_id NOT IN (SELECT id FROM threads)")
        known = "(SELECT sha256 FROM transcripts)"
        for table in ("speakers", "turns", "sentences", "annotations"):
            new.execute(f"DELETE FROM {table} WHERE sha256 NOT IN {known}")
    return kept, tuple(lost)


def _readable(old: sqlite3.Connection, table: str, names: list[str]) -> tuple[list[tuple[object, ...]], bool]:
    """The rows of a table that can be read, from both ends towards the damage; and whether that is all of them."""
    forward, ended = _until_damage(old, f"SELECT {','.join(names)} FROM {table}")
    if ended:
        return forward, True
    key = next(old_key(old, table), "rowid")
    backward, _ = _until_damage(old, f"SELECT {','.join(names)} FROM {table} ORDER BY {key}")
    return [*dict.fromkeys((*forward, *backward))], False


def old_key(db: sqlite3.Connection, table: str) -> Iterator[str]:
    """The primary key of a table, descending, as ORDER BY wants it; nothing where it cannot be read."""
    try:
        key = [str(row[1]) for row in db.execute(f"PRAGMA table_info({table})") if row[5]]
    except sqlite3.Error:
        return
    if key:
        yield ", ".join(f"{name} DESC" for name in key)


def _until_damage(db: sqlite3.Connection, sql: str) -> tuple[list[tuple[object, ...]], bool]:
    rows: list[tuple[object, ...]] = []
    try:
        for row in db.execute(sql):
            rows.append(row)
    except sqlite3.Error:
        return rows, False
    return rows, True


def _sync(path: Path) -> None:
    """Have a file, or a folder's names, on the disk before going on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
