"""The library: many debates, imported once, asked together.

from assistant.library.library import Library

with Library.open() as library:
    library.add("meetings/march.vtt")
    answer = library.ask("Did Ann change her mind on the toll?")
    for debate, quote in answer.quotes:
        print(debate.date, quote.speaker, quote.text)
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from assistant import environment, logs
from assistant.errors import QuestionError
from assistant.library import stored
from assistant.library.types import Card, Found, LibraryAnswer
from assistant.models.meter import Cancellation
from assistant.questions import checked_question
from corpus.errors import DebateError, StoreError, UnknownDebateError, UnknownThreadError
from corpus.library import Debate, date_of_debate, debate_of_bytes, debate_on_record, open_debate
from corpus.persons import Person, persons
from corpus.shelf import Kept, Shelved
from corpus.store import Store

environment.apply()

from assistant.graph import Pipeline  # noqa: E402
from assistant.knowledge.tables import Tables  # noqa: E402
from assistant.library import asking  # noqa: E402
from assistant.library.asking import Hall, Opened  # noqa: E402
from index.build import forget, record  # noqa: E402
from index.chroma import Progress  # noqa: E402
from index.encoder import shared_encoder, static_encoder  # noqa: E402
from index.finding import Finding, open_finding  # noqa: E402

LOCAL_OWNER = "local"
ALL = "all"
_MEMORY = 6  # answers of a thread that a question is read in the light of


def prepare(debate: Debate, encoder: str | None, store: Store, progress: Progress | None = None) -> None:
    """Put on record all that answering from a debate needs besides its words: vectors, search arrays, derived topics.

    Killed half-way, it goes on where it was. Errors as ``Library.add``.
    """
    index = open_finding(debate, encoder, store).whole(debate, store, progress)
    _ = Tables(index, store).topics  # kept by the first who asks; seconds of a reader's first question else


class Library:
    """Debates in one data folder. Thread-safe; use it as a context manager or call ``close``."""

    def __init__(self, store: Store, encoder: str | None = None, *, owns: bool = False) -> None:
        """Args: owns: whether ``close`` closes the store."""
        self.store, self._encoder, self._owns = store, encoder, owns
        self._opened: dict[str, Opened] = {}
        self._halls: dict[tuple[str, ...], Hall] = {}
        self._named: Finding | None = None  # of an encoder that was named
        self._lock = threading.RLock()
        self._closing = threading.Event()
        self._beside: threading.Thread | None = None

    @classmethod
    def open(cls, data: Path | str | None = None, *, encoder: str | None = None, save: bool = True) -> Library:
        """Open the library of a data folder.

        Args:
            data: the folder; ``DEBATE_HOME`` or the platform's when left out.
            encoder: sentence-transformers model, by hub name or path; those that ship when left out.
            save: whether anything is kept; otherwise nothing is written anywhere.

        Raises:
            DebateError: The folder cannot be used.
        """
        store = Store.open(Path(data) if data is not None else None) if save else Store.in_memory()
        return cls(store, encoder, owns=True)

    def close(self) -> None:
        """Give the folder back."""
        self._closing.set()
        if self._beside is not None:
            self._beside.join()
        if self._owns:
            self.store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── keeping ──

    @property
    def debates(self) -> list[Shelved]:
        """What is in the library, by date."""
        return self.store.shelf()

    def add(self, path: Path | str, progress: Progress | None = None) -> tuple[Shelved, Kept]:
        """Import a file: read, encoded, on record; the same bytes twice are one debate.

        Raises:
            TranscriptParseError: It cannot be read as a transcript.
            DebateError: The record or the encoder cannot be used.
        """
        debate = open_debate(Path(path), self.store)
        return self._add(debate, Path(path).name, str(Path(path).resolve()), progress)

    def add_bytes(self, data: bytes, name: str) -> tuple[Shelved, Kept]:
        """Import what somebody sent; it is answered from at once, by a quick index until it is encoded.

        Args:
            name: of the file that it was; tells a date where the words do not.

        Raises:
            TranscriptParseError: It cannot be read as a transcript.
        """
        return self._add(debate_of_bytes(data, name, self.store), name, "", None, encode=False)

    def _add(
        self, debate: Debate, name: str, source: str, progress: Progress | None, *, encode: bool = True
    ) -> tuple[Shelved, Kept]:
        assert debate.read is not None
        sha256 = debate.read.sha256
        there = any(d.sha256 == sha256 for d in self.debates)
        if not there or not self.store.has_transcript(sha256):
            record(self.store, debate)
            if encode:
                prepare(debate, self._encoder, self.store, progress)
        result = self.store.shelve(sha256, name, date_of_debate(debate, name), source)
        with self._lock:
            self._halls.clear()
        return result

    def remove(self, named: str) -> Shelved:
        """Take a debate out, by id, the beginning of it, or title.

        Raises:
            UnknownDebateError: None has that name, or several have.
        """
        found = self.store.find_debate(named)
        gone = forget(self.store, found.sha256)
        with self._lock:
            self._halls.clear()
            for sha256 in gone:
                self._opened.pop(sha256, None)
        return found

    def encode_beside(self) -> None:
        """Encode what is answered from a quick index, in a thread of its own; killed, it goes on at the next start."""
        with self._lock:
            if self._beside is not None and self._beside.is_alive():
                return
            self._beside = threading.Thread(target=self._encode, name="library", daemon=True)
            self._beside.start()

    def _encode(self) -> None:
        done: set[str] = set()
        while waiting := [d for d in self.debates if d.sha256 not in done]:
            for shelved in waiting:
                done.add(shelved.sha256)
                try:
                    debate = debate_on_record(self.store, shelved.sha256)
                    finding = self._finding(debate)
                    if not finding.is_long(debate, self.store):
                        continue
                    finding.whole(debate, self.store, stopped=self._closing.is_set)
                except InterruptedError:
                    return
                except DebateError as error:  # taken out meanwhile, or the folder is full: the quick index stands
                    logs.record("not_encoded", logging.WARNING, debate=shelved.id, why=str(error))
                    continue
                with self._lock:
                    self._opened.pop(shelved.sha256, None)
                    self._halls.clear()

    # ── asking ──

    def ask(
        self,
        question: str,
        within: str | Sequence[str | Path] | None = None,
        thread: str | None = None,
        *,
        owner: str = LOCAL_OWNER,
        create: bool = True,
        cancellation: Cancellation | None = None,
    ) -> LibraryAnswer:
        """Answer a question from several debates.

        Args:
            question: Chinese or English, up to 4,000 characters.
            within: ids or titles of debates, or files that are read but not kept in the library; "all" (the same as
                nothing, in a new thread) is the whole library. A thread keeps the debates that it began with.
            thread: conversation to go on with.
            owner: whose thread it is.
            create: whether an unknown thread is started under that id, or refused.

        Raises:
            QuestionError: The question cannot be asked, or there is no debate to ask.
            UnknownDebateError: A debate is not in the library, or the thread is about other ones.
            UnknownThreadError: The thread is unknown, or somebody else's.
        """
        question, begun = checked_question(question), time.perf_counter()
        known = thread is not None and (not create or any(t.id == thread for t in self.store.threads(owner)))
        scope = stored.scope_of(self.store.thread(thread, owner).sha256) if known and thread is not None else None
        if scope is not None and within is None:
            within = scope
        debates = self._within(within)
        mark = stored.mark_of(within, [d.card for d in debates])
        if scope is not None and stored.scope_of(mark) != scope:
            raise UnknownDebateError(f"Thread {thread} is about other debates; name none, or start a new thread.")
        earlier = self.thread(thread, owner=owner)[-_MEMORY:] if known and thread is not None else []
        made = asking.answer(question, self._hall(debates), earlier, cancellation)
        spent = round((time.perf_counter() - begun) * 1000, 3)
        made = made.model_copy(update={"timings_ms": {"all": spent}})
        return self._saved(made, thread, owner, mark, create)

    def answer(
        self, question: str, within: str | Sequence[str | Path] | None = None, earlier: Sequence[LibraryAnswer] = (),
        cancellation: Cancellation | None = None,
    ) -> LibraryAnswer:  # fmt: skip
        """Answer in the light of earlier answers that the caller keeps; nothing is stored. Errors as ``ask``."""
        hall = self._hall(self._within(within))
        return asking.answer(checked_question(question), hall, earlier[-_MEMORY:], cancellation)

    def search(self, query: str, within: str | Sequence[str | Path] | None = None, k: int = 10) -> list[Found]:
        """The k sentences that match best, in one ranking over the debates. Errors as ``ask``."""
        return asking.search(query, self._within(within), k)

    def thread(self, thread: str, *, owner: str = LOCAL_OWNER) -> list[LibraryAnswer]:
        """The answers of a thread, oldest first, each quote made anew. Raises UnknownThreadError."""
        return [stored.from_record(message, self.store, thread) for message in self.store.messages(thread, owner)]

    def people(self, within: str | Sequence[str | Path] | None = None) -> tuple[Person, ...]:
        """Everybody who speaks, each with the debates in which they do."""
        return self._hall(self._within(within)).people

    def link(self, one: str, other: str, same: bool | None) -> None:
        """Say whether two voices (``Voice.key``) are one person; None forgets what was said."""
        self.store.set_link(one, other, same)
        with self._lock:
            self._halls.clear()

    def _saved(self, made: LibraryAnswer, thread: str | None, owner: str, mark: str, create: bool) -> LibraryAnswer:
        try:
            saved = self.store.add_message(
                thread, made.question, stored.to_record(made), owner=owner, sha256=mark, create=create,
                version=stored.VERSION,
            )  # fmt: skip
        except UnknownThreadError:
            raise
        except StoreError as error:
            return made.model_copy(update={"thread": thread, "unsaved": str(error)})
        return made.model_copy(update={"thread": saved})

    # ── opening ──

    def _within(self, within: str | Sequence[str | Path] | None) -> list[Opened]:
        if within is None or within == ALL or within == [ALL] or within == (ALL,):
            wanted = self.debates
            if not wanted:
                raise QuestionError("The library is empty; bring debates in by `debate import FILE`, then ask.")
            return [self.opened(shelved) for shelved in wanted]
        named = [within] if isinstance(within, str | Path) else list(within)
        if not named:
            raise QuestionError("No debate is named; name some, or ask all.")
        found: dict[str, Opened] = {}
        for name in named:
            if name == ALL:
                found |= {d.sha256: self.opened(d) for d in self.debates}
                continue
            opened = self._of_file(name) if isinstance(name, Path) else self.opened(self.store.find_debate(name))
            found[opened.card.sha256] = opened
        return sorted(found.values(), key=lambda o: (not o.card.date, o.card.date))

    def opened(self, shelved: Shelved) -> Opened:
        """A debate of the library, ready to be asked."""
        with self._lock:
            known = self._opened.get(shelved.sha256)
        if known is not None:
            return known
        return self._open(debate_on_record(self.store, shelved.sha256), shelved.id, shelved.name)

    def known(self, card: Card) -> Opened | None:
        """A debate that was opened before; None otherwise."""
        return self._opened.get(card.sha256)

    def _of_file(self, path: Path) -> Opened:
        debate = open_debate(path, self.store)
        known = self._opened.get(debate.transcript.sha256)
        if known is not None:
            return known
        if self.store.writable:
            record(self.store, debate)
        return self._open(debate, debate.transcript.sha256[:8], path.name)

    def _open(self, debate: Debate, identifier: str, name: str) -> Opened:
        transcript = debate.transcript
        card = Card(
            id=identifier, title=transcript.title or name, date=date_of_debate(debate, name), sha256=transcript.sha256
        )
        finding = self._finding(debate)
        long = finding.is_long(debate, self.store)
        index = finding.quick(debate, self.store) if long else finding.whole(debate, self.store)
        opened = Opened(card, Pipeline(index, store=self.store))
        with self._lock:
            return self._opened.setdefault(transcript.sha256, opened)

    def _finding(self, debate: Debate) -> Finding:
        """The models for a debate, one for all of a kind: a question is encoded once, not once a debate."""
        if self._encoder is None:
            shared = static_encoder() if debate.notes.questions else shared_encoder()
            return open_finding(debate, None, self.store)._replace(encoder=shared)
        with self._lock:
            if self._named is None:
                self._named = open_finding(debate, self._encoder, self.store)
            return self._named

    def _hall(self, debates: Sequence[Opened]) -> Hall:
        key = tuple(d.card.sha256 for d in debates)
        with self._lock:
            if key not in self._halls:
                if len(self._halls) > 8:
                    self._halls.pop(next(iter(self._halls)))
                people = persons([(d.card.sha256, d.transcript) for d in debates], self.store.links())
                self._halls[key] = Hall.of(debates, people)
            return self._halls[key]
