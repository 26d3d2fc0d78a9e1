"""`debate ask --in …` and `debate people`: questions over several debates, and who is one person in them.

debate ask --in all "Did Ann Lee change her mind on the toll?"
debate people --apart 7f83b165:"Ann Lee" 5cb1325e:"Ann Lee"
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from assistant.library.types import Card, LibraryAnswer
from corpus.errors import StoreBusyError, StoreDamagedError, StoreError
from corpus.persons import Voice
from corpus.speakers import resolve_speaker
from corpus.store import Store
from corpus.types import Quote, Speaker
from ui.cli.terminal import Cast, quote_lines
from ui.errors import UsageError
from ui.layout import Line, Piece, has_light_ground, line, print_lines, print_table, visible
from ui.session import OWNER, Place, open_record
from ui.words import word

if TYPE_CHECKING:
    from assistant.library.library import Library

Within = Sequence[str | Path]


@contextmanager
def open_library(place: Place) -> Iterator[tuple[Library, str | None]]:
    """The library, and why nothing is saved; where another process holds the folder, its debates can still be read."""
    from assistant.library.library import Library

    unsaved: str | None = None
    try:
        store = Store.open(place.data)
    except StoreBusyError as error:
        store, unsaved = Store.open(place.data, write=False), str(error)
    with store:
        yield Library(store, place.encoder), unsaved


def library_thread(place: Place, thread: str) -> str | None:
    """The id of a thread over several debates ("last": the latest); None where it is none of those."""
    try:
        with open_record(place) as store:
            threads = store.threads(OWNER) if store is not None else []
    except StoreDamagedError:
        return None
    found = threads[:1] if thread == "last" else [t for t in threads if t.id == thread]
    return found[0].id if found and found[0].sha256.startswith("library:") else None


def ask_library(
    question: str, place: Place, within: Within, *, thread: str | None, as_json: bool, out: TextIO, err: TextIO
) -> int:
    """Answer from several debates on ``out``, how to go on on ``err``; 0 for an abstaining answer too.

    Raises:
        DebateError: The question, a debate, the thread or the data folder is no good.
    """
    if place.model not in (None, "none"):
        raise UsageError("Over several debates the built-in rules answer; leave --model out.")
    with open_library(place) as (library, unsaved):
        answer = library.ask(question, list(within) or None, thread, owner=OWNER, create=False)
        answer = answer.model_copy(update={"unsaved": unsaved or answer.unsaved})
        if as_json:
            out.write(answer.model_dump_json(indent=2) + "\n")
        else:
            speakers = {
                s.name: s
                for card in answer.scope
                if (opened := library.known(card))
                for s in opened.transcript.speakers
            }
            print_lines(answer_lines(answer, Cast(list(speakers.values()), light=has_light_ground())), out)
    out.flush()
    if answer.unsaved is not None:
        err.write(f"{word('unsaved', answer.language)}: {visible(answer.unsaved)}\n")
    elif answer.thread is not None:
        place = place._replace(transcript=None)
        err.write(f'{word("continue", answer.language)}: debate ask{place.options()} --thread {answer.thread} "…"\n')
    return 0


def answer_lines(answer: LibraryAnswer, cast: Cast) -> Iterator[Line]:
    """The whole answer, every quote under the debate and date that it is from."""
    language = answer.language
    if answer.altered:
        yield line(Piece(visible(word("altered", language, why="; ".join(answer.altered))), "bold red"))
    if answer.lead:
        yield line(Piece(visible(answer.lead), "bold"))
    if answer.table is not None:
        for row in (answer.table.columns, *answer.table.rows):
            yield line(visible(" | ".join(row)))
    else:
        for part in answer.parts:
            yield from _part_lines(part.debate, part.answer.quotes, cast, answer)
        for part in answer.parts:
            for trace in part.answer.calculations:
                from ui.calculation import calculation_lines

                yield line()
                yield from calculation_lines(trace, language)
    if answer.nearest:
        yield line()
        yield line(Piece(f"{word('nearest', language)}:", "dim"))
    for found in answer.nearest:
        yield from _part_lines(found.debate, (found.quote,), cast, answer)
    for note in answer.notes:
        yield line()
        yield line(visible(note))
    if answer.parts and answer.intent != "numeric":
        yield line()
        yield line(Piece(word("confidence", language, value=f"{answer.confidence:.0%}"), "dim"))


def _part_lines(card: Card, quotes: Sequence[Quote], cast: Cast, answer: LibraryAnswer) -> Iterator[Line]:
    if not quotes:
        return
    yield line()
    yield line(Piece(visible(card.label(answer.language)), "underline"), Piece(f"  {card.id}", "dim"))
    for quote in quotes:
        yield from quote_lines(quote, cast, answer.language)


def people(
    place: Place, apart: Sequence[str], same: Sequence[str], forget: Sequence[str], *, as_json: bool, out: TextIO
) -> None:
    """Make the changes that are asked for, then print who speaks in more than one debate, or shares a name.

    Args:
        apart, same, forget: pairs of "DEBATE:NAME" who are two people, one person, or told by their names again.

    Raises:
        UsageError: A pair is not of that form.
        UnknownDebateError, UnknownSpeakerError: There is no such debate, or nobody of that name speaks in it.
    """
    with open_library(place) as (library, unsaved):
        if unsaved and (apart or same or forget):
            raise StoreError(unsaved)
        for pair, told in ((apart, False), (same, True), (forget, None)):
            if pair:
                one, other = (_voice(library, text) for text in pair)
                library.link(one.key, other.key, told)
        everybody = library.people()
        cards = {opened.sha256: f"{opened.id} {opened.date}".strip() for opened in library.debates}
    rows = [
        {
            "id": person.id,
            "name": person.name,
            "role": person.role,
            "debates": [cards[v.sha256] for v in person.voices],
        }
        for person in everybody
    ]
    if as_json:
        out.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    shown = [[visible(p.name), visible(p.role), ", ".join(cards[v.sha256] for v in p.voices)] for p in everybody]
    print_table(("person", "role", "speaks in"), shown, out)


def _voice(library: Library, text: str) -> Voice:
    debate, mark, name = text.partition(":")
    if not (debate and mark and name.strip()):
        raise UsageError(f"A speaker of a debate is written DEBATE:NAME, not {text[:60]!r}.")
    opened = library.opened(library.store.find_debate(debate))
    found: tuple[Speaker, ...] = resolve_speaker(name.strip(), opened.transcript.speakers)
    if len(found) > 1:
        raise UsageError(f"{name[:60]!r} may mean {' or '.join(s.name for s in found)}; write the name in full.")
    return Voice(opened.card.sha256, found[0])
