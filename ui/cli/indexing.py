"""`debate index`: fill, probe or rebuild the search index, with a progress bar where somebody is looking."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from ui.layout import console, is_terminal
from ui.session import Place

Progress = Callable[[int, int], None]


def build_index(place: Place, *, rebuild: bool, out: TextIO, err: TextIO) -> None:
    """Make sure that vectors and Chroma cache are there and good, and say what there is.

    Raises:
        DebateError: The data folder is in use, the encoder cannot be loaded, or the cache cannot be filled.
    """
    from assistant import Assistant
    from index.build import open_chroma

    started = time.perf_counter()
    with (
        Assistant.open(place.transcript, data=place.data, encoder=place.encoder, model="none") as assistant,
        bar(err) as progress,
    ):
        index = assistant.index
        chroma = open_chroma(
            assistant.store, index.passages, index.vectors, index.encoder, rebuild=rebuild, progress=progress
        )
        seconds = time.perf_counter() - started
        out.write(
            f"{len(index.passages):,} passages of {assistant.debate.transcript.title}\n"
            f"encoder {index.encoder.name}, {index.vectors.shape[1]} dimensions\n"
            f"{chroma.folder} is good ({seconds:.1f} s)\n"
        )


@contextmanager
def bar(err: TextIO, label: str = "index") -> Iterator[Progress | None]:
    """A progress bar, or nothing where nobody is looking."""
    if not is_terminal(err):
        yield None
        return
    from rich.progress import Progress as Bar

    with Bar(console=console(err), transient=True) as drawn:
        task = drawn.add_task(label, total=None)

        def progress(done: int, total: int) -> None:
            drawn.update(task, completed=done, total=total)

        yield progress
