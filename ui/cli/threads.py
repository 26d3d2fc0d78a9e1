"""`debate threads` and `debate export`: the conversations on record."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Literal, TextIO

from assistant.stored import from_record
from corpus.errors import UnknownThreadError
from corpus.library import open_debate
from ui.errors import UsageError
from ui.export import Conversation, export_json, export_markdown
from ui.layout import visible
from ui.session import OWNER, Place, open_record, open_thread

Format = Literal["md", "json"]


def list_threads(place: Place, *, as_json: bool, out: TextIO, deleted: bool = False) -> None:
    """Print the threads, the latest first; or those that were deleted and can be brought back."""
    with open_record(place) as store:
        threads = store.threads(OWNER, deleted=deleted) if store is not None else []
        counts = {thread.id: store.count_messages(thread.id) for thread in threads} if store is not None else {}
    if as_json:
        rows = [{**thread._asdict(), "questions": counts[thread.id]} for thread in threads]
        out.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    if not threads and not deleted:
        out.write('There are no threads yet; the first `debate ask "…"` starts one.\n')
    for thread in threads:
        when = datetime.fromtimestamp(thread.updated).strftime("%Y-%m-%d %H:%M")
        out.write(f"{thread.id}  {when}  {counts[thread.id]:>3}  {visible(thread.title)}\n")


def rename_thread(place: Place, thread: str, title: str) -> None:
    """Give a thread another title. Raises UnknownThreadError, UsageError, StoreError."""
    if not title.strip():
        raise UsageError("The new title is empty; give some words.")
    with open_record(place, write=True) as store:
        if store is None:
            raise _none_yet(thread)
        store.rename_thread(thread, title.strip(), OWNER)


def delete_thread(place: Place, thread: str, *, forever: bool, out: TextIO) -> None:
    """Put a thread away; `debate threads restore` brings it back. Raises UnknownThreadError, StoreError."""
    with open_record(place, write=True) as store:
        if store is None:
            raise _none_yet(thread)
        store.delete_thread(thread, OWNER, forever=forever)
    if not forever:
        out.write(
            f"Deleted; for thirty days it can be brought back: debate threads{place.options()} restore {thread}\n"
        )


def restore_thread(place: Place, thread: str) -> None:
    """Bring a deleted thread back. Raises UnknownThreadError, StoreError."""
    with open_record(place, write=True) as store:
        if store is None:
            raise _none_yet(thread)
        store.restore_thread(thread, OWNER)


def list_branches(place: Place, thread: str, *, out: TextIO) -> None:
    """Print every question of a thread with its number; those on the branch that is shown are marked."""
    with open_record(place) as store:
        if store is None:
            raise _none_yet(thread)
        found = store.threads(OWNER)[0].id if thread == "last" and store.threads(OWNER) else thread
        shown = {message.number for message in store.messages(found, OWNER)}
        for message in store.all_messages(found, OWNER):
            mark = "▶" if message.number in shown else " "
            follows = f"after {message.parent}" if message.parent else "first"
            out.write(f"{mark} {message.number:>3}  {follows:<9} {visible(message.question[:100])}\n")


def show_branch(place: Place, thread: str, number: int) -> None:
    """Have the branch through a message shown. Raises UnknownThreadError, StoreError."""
    with open_record(place, write=True) as store:
        if store is None:
            raise _none_yet(thread)
        store.show_branch(thread, number, OWNER)


def export_thread(place: Place, thread: str, file_format: Format | None, target: Path | None, out: TextIO) -> None:
    """Write a thread as Markdown or JSON to a file or to ``out``.

    Args:
        file_format: by the target's suffix when left out, else Markdown.

    Raises:
        UnknownThreadError: There is no such thread.
        UsageError: It is about another transcript, or the file cannot be written.
    """
    debate = open_debate(place.transcript)
    with open_record(place) as store:
        if store is None:
            raise _none_yet(thread)
        found, messages = open_thread(store, thread, debate.transcript.sha256)
    answers = tuple(from_record(message, debate, found.id) for message in messages)
    conversation = Conversation(found.title, answers, found.id)
    if file_format is None:
        file_format = "json" if target is not None and target.suffix.lower() == ".json" else "md"
    text = (export_json if file_format == "json" else export_markdown)(conversation, debate)
    if target is None:
        out.write(text)
        return
    try:
        target.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"Cannot write {target} ({error.strerror}); give another file by -o.") from error


def _none_yet(thread: str) -> UnknownThreadError:
    return UnknownThreadError(f"There is no thread {thread[:60]!r}: nothing has been saved in this data folder yet.")
