"""Conversations on record: append-only, with branches; and what readers said about answers.

A question that is asked again, or edited, starts a branch: the answer that was there stays, and can be shown again.
Nothing is replaced before its successor is on record, and one transaction does both. A thread that is deleted can be
brought back for thirty days.

Each message carries a seal over all that it says and where it stands; what was changed in the file shows as
``intact=False``. The seal is no secret: it tells accidents and careless hands, and words are proved by their ids.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from typing import NamedTuple

from corpus.database import Database
from corpus.errors import StoreError, UnknownThreadError
from corpus.seals import message_seal

KEPT_S = 30 * 24 * 3600.0  # how long a deleted thread can be brought back


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

    position: int  # from 1, on the branch that is read
    question: str
    answer: str
    created: float
    number: int = 0  # from 1, in the order in which the thread's messages came; stays the same for ever
    parent: int = 0  # number of the message that it follows; 0 for a first one
    version: int = 1  # of the form of ``answer``
    intact: bool = True  # whether it is as it was written
    siblings: tuple[int, ...] = ()  # numbers of all that follow the same parent, itself among them, oldest first


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


class Conversations(Database):
    """The part of the store that holds threads, messages and feedback."""

    def add_message(
        self,
        thread_id: str | None,
        question: str,
        answer: str,
        *,
        owner: str,
        sha256: str,
        create: bool = False,
        after: int | None = None,
        version: int = 1,
    ) -> str:
        """Append a question and its answer to a thread; they become the end of the branch that is shown.

        Args:
            thread_id: the thread; None starts one.
            create: whether an unknown id starts a thread of that name.
            after: number of the message that they follow, 0 for none; None is the end of the branch that is shown.
            version: of the form of ``answer``.

        Returns:
            The thread's id.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
            StoreError: There is no message ``after``.
        """
        now = time.time()
        with self._transaction() as db:
            row = db.execute("SELECT owner, head, deleted FROM threads WHERE id = ?", (thread_id,)).fetchone()
            if row is not None and (row[0] != owner or row[2] is not None):
                raise unknown_thread(thread_id)
            if row is None:
                if thread_id is not None and not create:
                    raise unknown_thread(thread_id)
                thread_id = thread_id or secrets.token_hex(4)
                db.execute(
                    "INSERT INTO threads (id, owner, title, sha256, created, updated) VALUES (?,?,?,?,?,?)",
                    (thread_id, owner, question[:80], sha256, now, now),
                )
            assert thread_id is not None
            parent = after if after is not None else int(row[1]) if row else 0
            if parent and not _has(db, thread_id, parent):
                raise StoreError(f"Thread {thread_id} has no message {parent} to go on from; reload it.")
            (last,) = db.execute(
                "SELECT coalesce(max(number), 0) FROM messages WHERE thread_id = ?", (thread_id,)
            ).fetchone()
            number = last + 1
            made = message_seal(thread_id, number, parent, version, question, answer)
            db.execute(
                "INSERT INTO messages (thread_id, number, parent, question, answer, created, version, seal) "
                "VALUES (?,?,?,?,?,?,?,?)",
                (thread_id, number, parent, question, answer, now, version, made),
            )
            db.execute("UPDATE threads SET updated = ?, head = ? WHERE id = ?", (now, number, thread_id))
        return thread_id

    def threads(self, owner: str, *, deleted: bool = False) -> list[Thread]:
        """The owner's threads, the latest first; or those that were deleted and can be brought back."""
        state = "NOT NULL" if deleted else "NULL"
        rows = self._rows(
            f"SELECT id, owner, title, sha256, created, updated FROM threads WHERE owner = ? AND deleted IS {state} "
            "ORDER BY coalesce(deleted, updated) DESC, id",
            (owner,),
        )
        return [Thread(*row) for row in rows]

    def thread(self, thread_id: str, owner: str) -> Thread:
        """One thread.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        rows = self._rows(
            "SELECT id, owner, title, sha256, created, updated FROM threads "
            "WHERE id = ? AND owner = ? AND deleted IS NULL",
            (thread_id, owner),
        )
        if not rows:
            raise unknown_thread(thread_id)
        return Thread(*rows[0])

    def messages(self, thread_id: str, owner: str) -> list[Message]:
        """The messages of the branch of a thread that is shown, in order.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        return self.branch(thread_id, owner)

    def branch(self, thread_id: str, owner: str, number: int | None = None) -> list[Message]:
        """The messages that lead to one, in order: to the end of the branch that is shown when none is named.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        found = {message.number: message for message in self.all_messages(thread_id, owner)}
        if number is None:
            ((number,),) = self._rows("SELECT head FROM threads WHERE id = ?", (thread_id,))
        path: list[Message] = []
        while number in found and number not in {m.number for m in path}:
            path.append(found[number])
            number = found[number].parent
        return [message._replace(position=at) for at, message in enumerate(reversed(path), start=1)]

    def all_messages(self, thread_id: str, owner: str) -> list[Message]:
        """The messages of all branches of a thread, in the order in which they came; ``position`` is 0.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
        """
        self.thread(thread_id, owner)
        rows = self._rows(
            "SELECT number, parent, question, answer, created, version, seal FROM messages WHERE thread_id = ? "
            "ORDER BY number",
            (thread_id,),
        )
        following: dict[int, list[int]] = {}
        for number, parent, *_ in rows:
            following.setdefault(parent, []).append(number)
        return [
            Message(
                position=0,
                question=str(question),
                answer=str(answer),
                created=created,
                number=number,
                parent=parent,
                version=version,
                intact=made == message_seal(thread_id, number, parent, version, question, answer),
                siblings=tuple(following[parent]),
            )
            for number, parent, question, answer, created, version, made in rows
        ]

    def count_messages(self, thread_id: str) -> int:
        """How many messages a thread has, on all branches."""
        return int(self._rows("SELECT count(*) FROM messages WHERE thread_id = ?", (thread_id,))[0][0])

    def show_branch(self, thread_id: str, number: int, owner: str) -> None:
        """Have the branch through a message shown: to the latest message that came after it.

        Raises:
            UnknownThreadError: There is no such thread of that owner.
            StoreError: It has no such message.
        """
        with self._transaction() as db:
            self.thread(thread_id, owner)
            if not _has(db, thread_id, number):
                raise StoreError(f"Thread {thread_id} has no message {number}; reload it.")
            (head,) = db.execute(
                "WITH RECURSIVE below (n) AS (SELECT ? UNION SELECT number FROM messages JOIN below ON parent = n "
                "WHERE thread_id = ?) SELECT max(n) FROM below",
                (number, thread_id),
            ).fetchone()
            db.execute("UPDATE threads SET head = ? WHERE id = ?", (head, thread_id))

    def rename_thread(self, thread_id: str, title: str, owner: str) -> None:
        """Give a thread another title. Raises UnknownThreadError."""
        with self._transaction() as db:
            self.thread(thread_id, owner)
            db.execute("UPDATE threads SET title = ? WHERE id = ?", (title[:200], thread_id))

    def delete_thread(self, thread_id: str, owner: str, *, forever: bool = False) -> None:
        """Put a thread away; ``restore_thread`` brings it back within thirty days, unless it went ``forever``.

        Raises:
            UnknownThreadError: There is no such thread of that owner; one put away before can still go for ever.
        """
        with self._transaction() as db:
            if not forever:
                self.thread(thread_id, owner)
                db.execute("UPDATE threads SET deleted = ? WHERE id = ?", (time.time(), thread_id))
            elif not db.execute("DELETE FROM threads WHERE id = ? AND owner = ?", (thread_id, owner)).rowcount:
                raise unknown_thread(thread_id)

    def restore_thread(self, thread_id: str, owner: str) -> None:
        """Bring a deleted thread back; one that was not deleted stays as it is. Raises UnknownThreadError."""
        with self._transaction() as db:
            values = (thread_id, owner)
            if not db.execute("UPDATE threads SET deleted = NULL WHERE id = ? AND owner = ?", values).rowcount:
                raise unknown_thread(thread_id)

    def forget_deleted(self, before: float | None = None) -> int:
        """Forget for ever what was deleted before a time (thirty days ago when left out); how many threads."""
        with self._transaction() as db:
            limit = time.time() - KEPT_S if before is None else before
            return db.execute("DELETE FROM threads WHERE deleted < ?", (limit,)).rowcount

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


def unknown_thread(thread_id: str | None) -> UnknownThreadError:
    """That there is no such thread, in one sentence."""
    return UnknownThreadError(f"There is no thread {str(thread_id)[:60]!r}; `debate threads` lists yours.")


def _has(db: sqlite3.Connection, thread_id: str, number: int) -> bool:
    found = db.execute("SELECT 1 FROM messages WHERE thread_id = ? AND number = ?", (thread_id, number))
    return found.fetchone() is not None
