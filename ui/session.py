"""An open assistant for a command: which debate, which data folder, which thread.

When another process holds the data folder, questions are still answered; nothing is saved, and the reader is told.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from corpus.errors import StoreBusyError, StoreDamagedError, StoreError, UnknownThreadError
from corpus.store import Message, Store, Thread, default_folder
from ui.errors import UsageError
from ui.layout import visible

if TYPE_CHECKING:
    from assistant import Assistant

OWNER = "local"  # the command line's threads are nobody's but the machine's


class Place(NamedTuple):
    """What --transcript, --data, --encoder and --model said; None is the default."""

    transcript: Path | None = None
    data: Path | None = None
    encoder: str | None = None
    model: str | None = None

    def options(self) -> str:
        """The same options as one would type them, each with a space before it."""
        named = zip(("--transcript", "--data", "--encoder", "--model"), self, strict=True)
        return "".join(f" {name} {shlex.quote(str(value))}" for name, value in named if value is not None)


class Session(NamedTuple):
    """An open assistant, the thread to go on with, and why nothing is saved (None: everything is)."""

    assistant: Assistant
    thread: str | None
    unsaved: str | None


@contextmanager
def open_session(place: Place, thread: str | None = None, *, background: bool = False) -> Iterator[Session]:
    """Open the assistant for as long as the block lasts.

    Args:
        place: where everything is.
        thread: id of the thread to go on with, "last", or None for a new one.
        background: fill the Chroma cache meanwhile; for long conversations.

    Raises:
        UnknownThreadError: There is no such thread.
        UsageError: The thread is about another transcript.
        DebateError: Something cannot be opened.
    """
    assistant, unsaved = open_assistant(
        place,
        (StoreBusyError, StoreDamagedError),
        background=background,
        encode="beside" if background else "later",
        light=not background,
    )
    with assistant:
        sha256 = assistant.debate.transcript.sha256
        if thread is not None and unsaved is not None:
            # The record is another process's, or damaged; we may read it, and go on with a copy that is thrown away.
            with Store.open(place.data, write=False) as record:
                found, messages = open_thread(record, thread, sha256)
            for message in messages:
                assistant.store.add_message(
                    found.id,
                    message.question,
                    message.answer,
                    owner=OWNER,
                    sha256=sha256,
                    create=True,
                    version=message.version,
                )
            thread = found.id
        elif thread is not None:
            thread = open_thread(assistant.store, thread, sha256)[0].id
        yield Session(assistant, thread, unsaved)


def open_assistant(
    place: Place, unsaved_for: tuple[type[StoreError], ...], *, background: bool = False, **more: Any
) -> tuple[Assistant, str | None]:
    """Open the assistant; where the record cannot be used, over one in memory, and say why nothing is saved.

    Args:
        unsaved_for: what is no reason not to answer.
        background: as ``Assistant.open``.
        more: further arguments of ``Assistant.open``.

    Raises:
        DebateError: Something else cannot be opened.
    """
    from assistant import Assistant

    named: dict[str, Any] = {"data": place.data, "encoder": place.encoder, "model": place.model, **more}
    try:
        return Assistant.open(place.transcript, background=background, **named), None
    except unsaved_for as trouble:
        return Assistant.open(place.transcript, save=False, **named), str(trouble)


def open_thread(store: Store, thread: str, sha256: str) -> tuple[Thread, list[Message]]:
    """A thread by id, or the latest for "last", with its messages.

    Raises:
        UnknownThreadError: There is none.
        UsageError: It is about another transcript than the one with that hash.
    """
    if thread == "last":
        threads = store.threads(OWNER)
        if not threads:
            raise UnknownThreadError("There is no thread yet to go on with; ask without --thread first.")
        found = threads[0]
    else:
        found = store.thread(thread, OWNER)
    if found.sha256.startswith("library:"):
        raise UsageError(
            f"Thread {found.id} is about several debates; go on by `debate ask --thread {found.id}`, and keep what "
            "`debate ask --in … --json` prints, which verifies."
        )
    if found.sha256 != sha256:
        raise UsageError(f"Thread {found.id} is about another transcript; name its file by --transcript.")
    return found, store.messages(found.id, OWNER)


@contextmanager
def open_record(place: Place, *, write: bool = False) -> Iterator[Store | None]:
    """The data folder's store; None when nothing was ever saved there.

    Raises:
        StoreError: It cannot be opened.
    """
    folder = place.data or default_folder()
    try:
        exists = (folder / "debate.sqlite3").exists()
    except OSError as error:
        raise StoreError(f"Cannot use the data folder {folder} ({error.strerror}); give another by --data.") from error
    if not exists and folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is not a folder; give another by --data.")
    if not exists:
        yield None
        return
    with Store.open(folder, write=write) as store:
        yield store


def tell_where_to_go_on(
    session: Session, thread: str | None, place: Place, words: tuple[str, str], out: TextIO
) -> None:
    """On stderr, how to continue the thread, or that nothing was saved; ``words``: the two labels."""
    go_on, not_saved = words
    if session.unsaved is not None:
        out.write(f"{not_saved}: {visible(session.unsaved)}\n")
    elif thread is not None:
        out.write(f'{go_on}: debate ask{place.options()} --thread {thread} "…"\n')
