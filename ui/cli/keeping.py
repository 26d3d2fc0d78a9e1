"""`debate backup`, `restore` and `repair`: copies of the data folder's record, and its mending."""

from __future__ import annotations

from pathlib import Path
from typing import TextIO

from corpus import backup as copies
from corpus.store import default_folder
from ui.layout import visible
from ui.session import Place


def backup(place: Place, target: Path, out: TextIO) -> int:
    """Copy the record to a file; a server may run and write beside it. Raises StoreError."""
    copied = copies.backup(place.data or default_folder(), target)
    out.write(f"{visible(str(target))}: {_told(copied)}; checked.\n")
    return 0


def restore(place: Place, file: Path, out: TextIO) -> int:
    """Put a backup in the record's place; what was there stays beside it. Raises StoreError."""
    copied, aside = copies.restore(file, place.data or default_folder())
    out.write(f"Restored: {_told(copied)}.\n")
    if aside is not None:
        out.write(f"What was there before is kept: {visible(str(aside))}\n")
    return 0


def repair(place: Place, out: TextIO) -> int:
    """Rescue what can be read of a damaged record; 1 when something was lost. Raises StoreError."""
    done = copies.repair(place.data or default_folder())
    if done.sound:
        out.write("The database is sound; nothing was done.\n")
        return 0
    out.write("Rescued: " + ", ".join(f"{count:,} {table}" for table, count in done.kept.items()) + ".\n")
    out.write(f"The damaged database is kept: {visible(str(done.aside))}\n")
    if done.lost:
        out.write(f"Not all could be read of: {', '.join(done.lost)}. Debates and vectors are made anew when needed.\n")
    return 1 if {"threads", "messages", "feedback"} & set(done.lost) else 0


def _told(copied: copies.Copied) -> str:
    return f"{copied.threads} threads, {copied.messages} questions, {copied.feedback} verdicts"
