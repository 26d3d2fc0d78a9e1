"""The record: one SQLite file in a data folder, written by one process at a time.

Holds raw transcripts with their hash, turns, sentences, notes, vectors and conversations (as JSON, never pickles).
Everything else on disk can be thrown away and is rebuilt from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus import records
from corpus.annotations import Annotations
from corpus.conversations import Conversations, Feedback, Message, Thread
from corpus.database import default_folder
from corpus.errors import StoreError
from corpus.seals import text_seal
from corpus.shelf import Shelf, Shelved
from corpus.types import Transcript

__all__ = ["Feedback", "Message", "Shelved", "Store", "Thread", "default_folder"]


class Store(Conversations, Shelf):
    """One open data folder: debates, vectors and named values; ``Conversations`` and ``Shelf`` bring the rest."""

    # ── transcripts ──

    def has_transcript(self, sha256: str) -> bool:
        """Whether a transcript with that hash is on record as today's readers read it."""
        sql = "SELECT 1 FROM transcripts WHERE sha256 = ? AND reader = ?"
        return bool(self._rows(sql, (sha256, records.READER_VERSION)))

    def add_transcript(self, transcript: Transcript, notes: Annotations, data: bytes | None = None) -> None:
        """Put a debate on record with all that was read and noted; an existing record is replaced in one step."""
        with self._transaction() as db:
            records.save(db, transcript, data)
            db.execute("INSERT OR REPLACE INTO annotations VALUES (?,?)", (transcript.sha256, notes.model_dump_json()))

    def transcript(self, sha256: str) -> Transcript | None:
        """A debate as it was read, overlay not applied; None when it is to be read from its file.

        That is when it is not on record as today's readers read it, and when what is on record is not what was
        written: names, spans and words are believed no further than their seal.
        """
        found = records.load(self._rows, sha256)
        if found is None and self.writable and self.has_transcript(sha256):
            with self._transaction() as db:
                db.execute("UPDATE transcripts SET reader = 'damaged' WHERE sha256 = ?", (sha256,))
        return found

    def count_sentences(self, sha256: str) -> int:
        """How many sentences of a debate are on record."""
        return int(self._rows("SELECT count(*) FROM sentences WHERE sha256 = ?", (sha256,))[0][0])

    def source_of(self, sha256: str) -> tuple[str, bytes | None, str]:
        """Id and bytes of a debate on record, for whoever has to read it anew, and its notes as JSON.

        Raises:
            StoreError: It is not on record.
        """
        sql = "SELECT id, bytes, notes FROM transcripts LEFT JOIN annotations USING (sha256) WHERE sha256 = ?"
        rows = self._rows(sql, (sha256,))
        if not rows:
            raise StoreError(f"The debate {sha256[:12]} is not on record; import its file again.")
        return rows[0]

    def overlay(self, sha256: str) -> str | None:
        """What a reader corrected about the people of a debate, as JSON; None when nothing.

        Raises:
            StoreError: It was changed since it was written.
        """
        rows = self._rows("SELECT overlay, seal FROM overlays WHERE sha256 = ?", (sha256,))
        if rows and rows[0][1] != text_seal(sha256, rows[0][0]):
            raise StoreError(
                f"The corrections of who speaks that are kept in {self.folder} were changed from outside; forget them "
                "by `debate speakers FILE --reset` and make them anew."
            )
        return str(rows[0][0]) if rows else None

    def set_overlay(self, sha256: str, overlay: str) -> None:
        """Put corrections on record; an empty text forgets them."""
        with self._transaction() as db:
            if overlay:
                db.execute(
                    "INSERT OR REPLACE INTO overlays VALUES (?,?,?)", (sha256, overlay, text_seal(sha256, overlay))
                )
            else:
                db.execute("DELETE FROM overlays WHERE sha256 = ?", (sha256,))

    def debates(self) -> list[tuple[str, str]]:
        """Hash and title (or id) of every debate on record, in the order in which they came."""
        sql = "SELECT sha256, CASE title WHEN '' THEN id ELSE title END FROM transcripts ORDER BY rowid"
        return [(str(sha256), str(title)) for sha256, title in self._rows(sql)]

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
