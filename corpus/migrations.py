"""The schema of the record, as the steps that made it: each a named function, run once, in order, in one transaction.

A database knows how many steps it has seen (SQLite's ``user_version``). A new step is appended; none is ever changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from corpus.seals import message_seal, text_seal


def _run(db: sqlite3.Connection, statements: str) -> None:
    for statement in statements.split(";"):  # not executescript, which commits what is open
        if statement.strip():
            db.execute(statement)


def conversations_and_debates(db: sqlite3.Connection) -> None:
    """Transcripts with turns, sentences and notes; vectors; conversations; feedback."""
    _run(
        db,
        """
CREATE TABLE transcripts (sha256 TEXT PRIMARY KEY, id TEXT NOT NULL, title TEXT NOT NULL, raw TEXT NOT NULL,
    bytes BLOB);
CREATE TABLE speakers (sha256 TEXT NOT NULL REFERENCES transcripts, id TEXT NOT NULL, name TEXT NOT NULL,
    role TEXT NOT NULL, PRIMARY KEY (sha256, id)) WITHOUT ROWID;
CREATE TABLE turns (sha256 TEXT NOT NULL REFERENCES transcripts, id TEXT NOT NULL, speaker_id TEXT NOT NULL,
    section INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, PRIMARY KEY (sha256, id)) WITHOUT ROWID;
CREATE TABLE sentences (sha256 TEXT NOT NULL REFERENCES transcripts, id TEXT NOT NULL, turn_id TEXT NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, PRIMARY KEY (sha256, id)) WITHOUT ROWID;
CREATE TABLE annotations (sha256 TEXT PRIMARY KEY REFERENCES transcripts, notes TEXT NOT NULL);
CREATE TABLE vectors (encoder TEXT NOT NULL, text_hash BLOB NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (encoder, text_hash)) WITHOUT ROWID;
CREATE TABLE pointers (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE threads (id TEXT PRIMARY KEY, owner TEXT NOT NULL, title TEXT NOT NULL, sha256 TEXT NOT NULL,
    created REAL NOT NULL, updated REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE messages (thread_id TEXT NOT NULL REFERENCES threads ON DELETE CASCADE, position INTEGER NOT NULL,
    question TEXT NOT NULL, answer TEXT NOT NULL, created REAL NOT NULL,
    PRIMARY KEY (thread_id, position)) WITHOUT ROWID;
CREATE INDEX threads_by_owner ON threads (owner, updated DESC);
CREATE TABLE feedback (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, sha256 TEXT NOT NULL, question TEXT NOT NULL,
    answer TEXT NOT NULL, verdict TEXT NOT NULL, sentences TEXT NOT NULL, created REAL NOT NULL,
    UNIQUE (owner, question, answer, sentences))
""",
    )


def debates_read_once(db: sqlite3.Connection) -> None:
    """Everything a reader finds, so that a debate is read from here and not from its file; overlays of its people.

    Speakers, turns and sentences were only written so far, never read: they are made anew at the next opening.
    """
    _run(
        db,
        """
DROP TABLE speakers; DROP TABLE turns; DROP TABLE sentences;
CREATE TABLE speakers (sha256 TEXT NOT NULL REFERENCES transcripts, position INTEGER NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, role TEXT NOT NULL, more TEXT NOT NULL, PRIMARY KEY (sha256, position)) WITHOUT ROWID;
CREATE TABLE turns (sha256 TEXT NOT NULL REFERENCES transcripts, number INTEGER NOT NULL, speaker_id TEXT NOT NULL,
    section INTEGER NOT NULL, start INTEGER NOT NULL, stop INTEGER NOT NULL, line INTEGER NOT NULL, seconds REAL,
    paragraphs TEXT NOT NULL, PRIMARY KEY (sha256, number)) WITHOUT ROWID;
CREATE TABLE sentences (sha256 TEXT NOT NULL REFERENCES transcripts, turn INTEGER NOT NULL, number INTEGER NOT NULL,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, seconds REAL, pieces TEXT,
    PRIMARY KEY (sha256, turn, number)) WITHOUT ROWID;
CREATE TABLE overlays (sha256 TEXT PRIMARY KEY, overlay TEXT NOT NULL) WITHOUT ROWID;
ALTER TABLE transcripts ADD COLUMN reader TEXT NOT NULL DEFAULT '';
ALTER TABLE transcripts ADD COLUMN facts TEXT NOT NULL DEFAULT '{}'
""",
    )


def branches_and_seals(db: sqlite3.Connection) -> None:
    """Conversations become append-only, with branches and an undo for deletion; what is kept carries a seal.

    Messages and corrections are sealed as they are found; debates are read anew from their files once.
    """
    _run(
        db,
        """
ALTER TABLE threads ADD COLUMN head INTEGER NOT NULL DEFAULT 0;
ALTER TABLE threads ADD COLUMN deleted REAL;
ALTER TABLE messages RENAME COLUMN position TO number;
ALTER TABLE messages ADD COLUMN parent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE messages ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE transcripts ADD COLUMN seal TEXT NOT NULL DEFAULT '';
ALTER TABLE overlays ADD COLUMN seal TEXT NOT NULL DEFAULT '';
UPDATE messages SET parent = coalesce((SELECT max(m.number) FROM messages m
    WHERE m.thread_id = messages.thread_id AND m.number < messages.number), 0);
UPDATE threads SET head = coalesce((SELECT max(number) FROM messages WHERE thread_id = threads.id), 0)
""",
    )
    for thread, number, parent, question, answer in db.execute(
        "SELECT thread_id, number, parent, question, answer FROM messages"
    ).fetchall():
        made = message_seal(thread, number, parent, 1, question, answer)
        db.execute("UPDATE messages SET seal = ? WHERE thread_id = ? AND number = ?", (made, thread, number))
    for sha256, overlay in db.execute("SELECT sha256, overlay FROM overlays").fetchall():
        db.execute("UPDATE overlays SET seal = ? WHERE sha256 = ?", (text_seal(sha256, overlay), sha256))


def a_library(db: sqlite3.Connection) -> None:
    """The shelf: which debates were imported, in which version; and who is one person over several debates."""
    _run(
        db,
        """
CREATE TABLE shelf (sha256 TEXT PRIMARY KEY REFERENCES transcripts, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL,
    name TEXT NOT NULL, date TEXT NOT NULL, version INTEGER NOT NULL, replaced_by TEXT,
    added REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE links (one TEXT NOT NULL, other TEXT NOT NULL, same INTEGER NOT NULL,
    PRIMARY KEY (one, other)) WITHOUT ROWID
""",
    )


MIGRATIONS: Sequence[Callable[[sqlite3.Connection], None]] = (
    conversations_and_debates,
    debates_read_once,
    branches_and_seals,
    a_library,
)
SCHEMA_VERSION = len(MIGRATIONS)


def migrate(db: sqlite3.Connection, version: int, to: int | None = None) -> None:
    """Bring a database from a version to ours (or ``to``), all or nothing; the caller holds the write lock."""
    to = SCHEMA_VERSION if to is None else to
    db.execute("BEGIN IMMEDIATE")
    try:
        for step in MIGRATIONS[version:to]:
            step(db)
        db.execute(f"PRAGMA user_version = {to}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise
