"""Bringing a debate in the browser: a file is read and shown with its doubts, corrected, then kept with progress.

Nothing is kept before the reader says so; what was read waits in memory, with whoever sent it. No gradio.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.errors import DebateError
from corpus.library import Debate, debate_of_bytes
from corpus.normalize import fold_text
from corpus.overlay import Overlay, apply
from corpus.readers.report import ReadingReport, report_of
from corpus.types import Speaker
from ui.web.desk import Desk

PATH = "/web/import"  # where files are sent
MAX_BYTES = 32 * 1024 * 1024  # of a file; the readers refuse more
_WAITING = 16  # files that wait to be confirmed, of all visitors together
_LONGEST = 80  # characters of a name


class ImportFailedError(DebateError):
    """A file that cannot be kept as was asked."""


@dataclass
class Read:
    """A file that was read and waits: what it holds, and how far keeping it has come."""

    owner: str
    debate: Debate
    report: ReadingReport
    done: int = 0
    total: int = 0
    state: str = "read"  # read, keeping, kept, failed
    name: str = ""  # of the debate, once it is kept
    why: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)


class Imports:
    """The files under way of one page. Thread-safe."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting: OrderedDict[str, Read] = OrderedDict()
        self._mutex = threading.Lock()

    def read(self, data: bytes, name: str, owner: str) -> str:
        """Read a file; the ticket under which it waits.

        Raises:
            TranscriptParseError: It cannot be read as a transcript.
        """
        debate = debate_of_bytes(data, name[:200] or "debate.txt")
        ticket = secrets.token_urlsafe(12)
        with self._mutex:
            self._waiting[ticket] = Read(owner, debate, report_of(debate.transcript))
            while len(self._waiting) > _WAITING:
                self._waiting.popitem(last=False)
        return ticket

    def waiting(self, ticket: str, owner: str) -> Read:
        """What waits under a ticket. Raises ImportFailedError for one that is gone or somebody else's."""
        with self._mutex:
            found = self._waiting.get(ticket)
        if found is None or found.owner != owner:
            raise ImportFailedError("This file is not here any more; choose it again.")
        return found

    def keep(self, ticket: str, owner: str, people: Mapping[str, Any]) -> None:
        """Begin to keep a file, in a thread of its own: who leaves the page does not stop it.

        Args:
            people: speaker id → {"name", "host", "same"}: the name to show, whether they host, and the id of whom they
                are the same as ("" for nobody).

        Raises:
            ImportFailedError: The corrections cannot be.
        """
        read = self.waiting(ticket, owner)
        with read.lock:
            if read.state in ("keeping", "kept"):
                return
            overlay = overlay_of(read.debate.transcript.speakers, people)
            try:
                apply(read.debate.transcript, overlay)
            except DebateError as error:
                raise ImportFailedError(str(error)) from error
            read.state = "keeping"
        threading.Thread(target=self._keep, args=(read, overlay), name="import", daemon=True).start()

    def _keep(self, read: Read, overlay: Overlay) -> None:
        def progress(done: int, total: int) -> None:
            read.done, read.total = done, total

        try:
            read.name = self._desk.keep(read.debate, "" if overlay.is_empty else overlay.model_dump_json(), progress)
            read.state = "kept"
        except DebateError as error:
            read.why, read.state = str(error), "failed"


def overlay_of(speakers: Sequence[Speaker], people: Mapping[str, Any]) -> Overlay:
    """What the wizard's form says, as corrections; only what differs from what was read.

    Raises:
        ImportFailedError: A name is too long or no text.
    """
    known = {speaker.id: speaker for speaker in speakers}
    rename: dict[str, str] = {}
    merge: dict[str, str] = {}
    host: dict[str, bool] = {}
    for identifier, said in people.items():
        speaker = known.get(identifier)
        if speaker is None or not isinstance(said, Mapping):
            continue
        name, same = " ".join(str(said.get("name", "")).split()), str(said.get("same", ""))
        if len(name) > _LONGEST or not name.isprintable():
            raise ImportFailedError(f"{name[:40]!r} is no name; write up to {_LONGEST} visible characters.")
        if same in known and same != identifier:
            merge[identifier] = same
            continue
        if name and name != speaker.name:
            rename[identifier] = name
        if isinstance(said.get("host"), bool) and said["host"] != speaker.is_host:
            host[identifier] = said["host"]
    return Overlay(rename=rename, merge=merge, host=host)


def same_as(speakers: Sequence[Speaker]) -> dict[str, str]:
    """Speaker id → the id of a fuller name, perhaps of the same person ("Bob S." and "Bob Smith"); to be suggested."""
    found: dict[str, str] = {}
    for one in speakers:
        short = fold_text(one.name).replace(".", " ").split()
        fuller = [other for other in speakers if other.id != one.id and _extends(short, fold_text(other.name).split())]
        if len(fuller) == 1:
            found[one.id] = fuller[0].id
    return found


def _extends(short: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether each part of a short name begins, in order, a part of a longer one."""
    if not short or len("".join(short)) >= len("".join(whole)):
        return False
    rest = iter(whole)
    return all(any(part == word or (len(part) == 1 and word.startswith(part)) for word in rest) for part in short)
