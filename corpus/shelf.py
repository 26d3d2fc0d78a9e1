"""The shelf: the debates that were imported, each under an id that its bytes decide.

A file that changed is a new version: it takes the place of the old one, whose words stay on record so that what was
answered from them still verifies. Taking a debate away takes its older versions, vectors and caches with it, and
touches no row of any other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal, NamedTuple

from corpus.database import Database
from corpus.errors import UnknownDebateError
from corpus.normalize import fold_text

_ID = 8  # digits of the hash in an id; more where two debates begin alike
_SHORTEST = 3  # characters by which a debate may be named
Kept = Literal["imported", "already there", "new version"]
_COLUMNS = "s.sha256, s.id, t.title, s.date, s.name, s.source, s.version, s.replaced_by, s.added"
_ROWS = f"SELECT {_COLUMNS} FROM shelf s JOIN transcripts t USING (sha256)"


class Shelved(NamedTuple):
    """An imported debate, without its words."""

    sha256: str
    id: str  # the first digits of the hash
    title: str
    date: str  # YYYY-MM-DD; empty where neither the file nor its name says
    name: str  # of the file
    source: str  # where it was imported from; empty for what was sent in
    version: int  # from 1
    replaced_by: str | None  # hash of the version that took its place
    added: float  # seconds since 1970

    @property
    def label(self) -> str:
        """Title and date, as an answer names a debate."""
        return f"{self.title or self.name} ({self.date})" if self.date else self.title or self.name


class Shelf(Database):
    """The part of the store that holds the library."""

    def shelve(self, sha256: str, name: str, date: str, source: str = "") -> tuple[Shelved, Kept]:
        """Put a debate that is on record on the shelf; the same bytes a second time change nothing.

        Args:
            name: of the file.
            date: YYYY-MM-DD, or empty.
            source: where the file lies; another debate from there is an older version of this one.
        """
        with self._transaction() as db:
            known = db.execute("SELECT replaced_by FROM shelf WHERE sha256 = ?", (sha256,)).fetchone()
            if known is not None and known[0] is None:
                return self.shelved(sha256), "already there"
            sql = "SELECT sha256, version FROM shelf WHERE source = ? AND source != '' AND replaced_by IS NULL"
            older = db.execute(sql, (source,)).fetchone()
            version = older[1] + 1 if older else 1
            if known is not None:  # an older version is the newest again
                db.execute("UPDATE shelf SET replaced_by = NULL, version = ? WHERE sha256 = ?", (version, sha256))
            else:
                taken = {row[0] for row in db.execute("SELECT id FROM shelf").fetchall()}
                identifier = next(sha256[:n] for n in range(_ID, 65) if sha256[:n] not in taken)
                db.execute(
                    "INSERT INTO shelf VALUES (?,?,?,?,?,?,NULL,?)",
                    (sha256, identifier, source, name, date, version, time.time()),
                )
            if older:
                db.execute("UPDATE shelf SET replaced_by = ? WHERE sha256 = ?", (sha256, older[0]))
            return self.shelved(sha256), "new version" if older else "imported"

    def shelf(self, *, older: bool = False) -> list[Shelved]:
        """The debates of the library by date, undated ones last; with their older versions too where wanted."""
        where = "" if older else "WHERE s.replaced_by IS NULL"
        return [Shelved(*row) for row in self._rows(f"{_ROWS} {where} ORDER BY s.date = '', s.date, s.added, s.id")]

    def shelved(self, sha256: str) -> Shelved:
        """One debate by hash, whatever its version. Raises UnknownDebateError."""
        rows = self._rows(f"{_ROWS} WHERE s.sha256 = ?", (sha256,))
        if not rows:
            raise UnknownDebateError(f"The debate {sha256[:12]} is not in the library; `debate list` shows what is.")
        return Shelved(*rows[0])

    def find_debate(self, named: str) -> Shelved:
        """The one debate that a name means: its id or the beginning of it, its title or file name, or part of these.

        Raises:
            UnknownDebateError: None has that name, or several have.
        """
        wanted = fold_text(named).strip()
        everything = self.shelf()
        current = [d for d in everything if d.id == wanted or d.sha256 == wanted]
        if not current and len(wanted) >= _SHORTEST:
            tests = (
                lambda d: d.sha256.startswith(wanted),
                lambda d: wanted in (fold_text(d.title), fold_text(d.name), d.name.rpartition(".")[0].casefold()),
                lambda d: wanted in fold_text(d.title) or wanted in fold_text(d.name),
            )
            current = next((found for test in tests if (found := [d for d in everything if test(d)])), [])
        if len(current) == 1:
            return current[0]
        if current:
            which = ", ".join(f"{d.id} {d.label}" for d in current[:5])
            raise UnknownDebateError(f"{named[:60]!r} may mean {which}; name one by its id.")
        older = [d for d in self.shelf(older=True) if d.id == wanted or d.sha256.startswith(wanted)]
        if len(older) == 1 and len(wanted) >= _ID:
            return older[0]
        raise UnknownDebateError(f"No debate in the library is called {named[:60]!r}; `debate list` shows what is.")

    def unshelve(self, sha256: str, encoded: Sequence[bytes] = ()) -> list[str]:
        """Take a debate and its older versions off the record, words and all; the hashes that are gone.

        Args:
            encoded: text hashes of its vectors, which go with it; a text's vector does not depend on any other, so
                that a debate that shares one can make it again.

        Raises:
            UnknownDebateError: It is not in the library.
        """
        self.shelved(sha256)
        with self._transaction() as db:
            going = [sha256]
            for one in going:  # grows while older versions are found
                rows = db.execute("SELECT sha256 FROM shelf WHERE replaced_by = ?", (one,)).fetchall()
                going += [row[0] for row in rows if row[0] not in going]
            for one in going:
                db.execute("DELETE FROM links WHERE one LIKE ? OR other LIKE ?", (f"{one}/%", f"{one}/%"))
                db.execute("DELETE FROM pointers WHERE name LIKE ?", (f"%{one}%",))
                for table in ("shelf", "speakers", "turns", "sentences", "annotations", "overlays", "transcripts"):
                    db.execute(f"DELETE FROM {table} WHERE sha256 = ?", (one,))
            db.executemany("DELETE FROM vectors WHERE text_hash = ?", [(key,) for key in encoded])
        for one in going:
            for cache in (self.folder / "search").glob(f"{one[:16]}-*.npz"):
                cache.unlink(missing_ok=True)
        return going

    # ── one person over several debates ──

    def links(self) -> dict[tuple[str, str], bool]:
        """What a reader said of pairs of speakers ("sha256/speaker id"): whether they are one person."""
        return {(str(a), str(b)): bool(same) for a, b, same in self._rows("SELECT one, other, same FROM links")}

    def set_link(self, one: str, other: str, same: bool | None) -> None:
        """Say whether two speakers are one person; None forgets what was said."""
        first, second = sorted((one, other))
        with self._transaction() as db:
            if same is None:
                db.execute("DELETE FROM links WHERE one = ? AND other = ?", (first, second))
            else:
                db.execute("INSERT OR REPLACE INTO links VALUES (?,?,?)", (first, second, int(same)))
