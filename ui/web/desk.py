"""The debates of one page: the one it was opened with, and those on record, each opened when first wanted.

All share one record and one line for questions. A debate is named by the first digits of its hash; "" is the one that
the page was opened with. Knows no gradio.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from assistant import Assistant
from corpus.errors import StoreError
from corpus.library import Debate, date_of_debate, debate_on_record
from corpus.store import Store, Thread
from index.build import record
from index.chroma import Progress
from index.finding import open_finding
from ui.limits import AnswerQueue
from ui.web.conversation import Conversations

_DIGITS = 12  # of a hash, in a name
_OPEN = 6  # debates that stay in memory beside the one that the page was opened with


class Desk:
    """Thread-safe."""

    def __init__(self, main: Assistant, queue: AnswerQueue | None = None) -> None:
        self.main = Conversations(main, queue)
        self._open: OrderedDict[str, Conversations] = OrderedDict()
        self._mutex = threading.RLock()

    @property
    def store(self) -> Store:
        """The record that all share."""
        return self.main.assistant.store

    def name(self, sha256: str) -> str:
        """What the page calls a debate."""
        return "" if sha256 == self.main.assistant.debate.transcript.sha256 else sha256[:_DIGITS]

    def listed(self) -> list[tuple[str, str]]:
        """Name and title of each debate, the page's own first."""
        own = self.main.assistant.debate.transcript
        others = [(self.name(sha256), title) for sha256, title in self.store.debates() if sha256 != own.sha256]
        return [("", own.title or own.id), *others]

    def of(self, name: str) -> Conversations:
        """The conversations about a debate.

        Raises:
            StoreError: It is not on record, or damaged.
        """
        if not name:
            return self.main
        with self._mutex:
            if name in self._open:
                self._open.move_to_end(name)
                return self._open[name]
            found = [sha256 for sha256, _ in self.store.debates() if sha256[:_DIGITS] == name]
            if len(found) != 1:
                raise StoreError("This debate is not on record any more; bring its file again.")
            return self._opened(debate_on_record(self.store, found[0]))

    def threads(self, name: str, owner: str) -> list[Thread]:
        """A visitor's threads about one debate, the latest first."""
        return [thread for thread in self.store.threads(owner) if self.name(thread.sha256) == name]

    def of_thread(self, thread: str, owner: str) -> Conversations:
        """The conversations that a thread belongs to. Raises UnknownThreadError, StoreError."""
        return self.of(self.name(self.store.thread(thread, owner).sha256))

    def keep(self, debate: Debate, overlay: str, progress: Progress | None = None) -> str:
        """Put a debate on record with who speaks in it, encode what searching it needs, and open it; its name.

        Args:
            overlay: corrections of who speaks, as JSON; "" for none.
            progress: called with (done, total) texts that are encoded.

        Raises:
            DebateError: The data folder or the encoder cannot be used.
        """
        record(self.store, debate)
        self.store.set_overlay(debate.transcript.sha256, overlay)
        name = debate.transcript.id
        self.store.shelve(debate.transcript.sha256, name, date_of_debate(debate, name))  # `debate list` shows it too
        self._opened(debate_on_record(self.store, debate.transcript.sha256), progress)
        return self.name(debate.transcript.sha256)

    def _opened(self, debate: Debate, progress: Progress | None = None) -> Conversations:
        main = self.main.assistant
        index = open_finding(debate, None, main.store).whole(debate, main.store, progress)
        made = Conversations(Assistant(debate, index, main.store, model=main.model, light=True), self.main.queue)
        with self._mutex:
            self._open[debate.transcript.sha256[:_DIGITS]] = made
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
        return made
