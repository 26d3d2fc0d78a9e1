"""`debate import`: read transcripts of any form, say how they were read, keep them; `debate doctor FILE` says it whole.

debate import call.vtt --dry-run        # the reading report, nothing kept
debate import meetings                  # every readable transcript below a folder, one line each
debate import meetings/*.json --json    # one object a line
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from corpus.errors import DebateError
from corpus.library import Debate, date_of_debate, debate_on_record, open_debate
from corpus.readers.report import ReadingReport, report_of
from corpus.shelf import Kept, Shelved
from ui.layout import Piece, is_terminal, line, print_lines, print_table, visible
from ui.session import Place, open_record

if TYPE_CHECKING:
    from corpus.store import Store

SHOWN = 8  # doubts that are printed unless all are asked for
_NO_TRANSCRIPTS = ("annotations.json", ".turns.json", "manifest.json")  # what lies beside them


def import_files(
    paths: Sequence[Path],
    *,
    data: Path | None,
    encoder: str | None,
    dry_run: bool,
    as_json: bool,
    out: TextIO,
    err: TextIO,
) -> int:
    """Read files, report on each, and put those that could be read in the library; 2 if a named file could not.

    Args:
        paths: files, and folders of which every file is tried; each is kept whole or not at all.
        data: data folder to keep them in.
        encoder: model whose vectors are made at once; None for the one that ships.
        dry_run: keep nothing.
        as_json: one object a line instead of a report for readers.
        out: for the reports, a line each where there are several in a folder.
        err: for what could not be read, and progress.

    Raises:
        DebateError: The data folder or the encoder cannot be used.
    """
    failed = 0
    store = None if dry_run else _open_store(data)
    try:
        for path, named in _files(paths):
            try:
                debate, shelved, kept = _imported(store, path, encoder, err)
            except DebateError as error:
                failed += named
                if named:
                    err.write(f"debate: {visible(str(path))}: {visible(str(error))}\n")
                if as_json:
                    out.write(json.dumps({"file": str(path), "error": str(error)}, ensure_ascii=False) + "\n")
                elif not named:
                    out.write(f"refused         {visible(str(path))}: {visible(str(error))}\n")
                continue
            report = report_of(debate.transcript)
            if as_json:
                told = {"id": shelved.id, "state": kept, "version": shelved.version} if shelved else {}
                out.write(json.dumps({**as_object(path, report), **told}, ensure_ascii=False) + "\n")
            elif named:
                print_report(path, report, out)
                if shelved is not None:
                    out.write(f"{kept}: {shelved.id}\n")
            else:
                name = shelved.id if shelved is not None else "        "
                out.write(f"{kept or 'readable':<15} {name} {visible(str(path))}: {_in_short(report)}\n")
            out.flush()
    finally:
        if store is not None:
            store.close()
    return 2 if failed else 0


def _files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """The files to read, in order, and whether each was named itself; notes, hidden files and references are none."""
    for path in paths:
        if not path.is_dir():
            yield path, True
            continue
        for found in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in found.relative_to(path).parts)
            if found.is_file() and not hidden and not found.name.endswith(_NO_TRANSCRIPTS):
                yield found, False


def _imported(
    store: Store | None, path: Path, encoder: str | None, err: TextIO
) -> tuple[Debate, Shelved | None, Kept | None]:
    """A file read, on record and on the shelf; what is there already is not read again."""
    if store is None:
        return open_debate(path), None, None
    debate = open_debate(path, store)
    assert debate.read is not None
    there = next((d for d in store.shelf() if debate.read.sha256 == d.sha256), None)
    if there is None or not store.has_transcript(there.sha256):
        _keep(store, debate, encoder, path, err)
    shelved, kept = store.shelve(debate.read.sha256, path.name, date_of_debate(debate, path.name), str(path.resolve()))
    return debate, shelved, kept


def _in_short(report: ReadingReport) -> str:
    names = [speaker.name for speaker in report.speakers]
    people = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    doubts = f", {len(report.doubts)} doubts" if report.doubts else ""
    return visible(f"{report.turns} turns, {people}{doubts}")


def _open_store(data: Path | None) -> Store:
    from corpus.store import Store

    return Store.open(data)


def _keep(store: Store, debate: Debate, encoder: str | None, path: Path, err: TextIO) -> None:
    """Put a debate on record and all that searching it needs beside it; killed half-way it goes on where it was."""
    from assistant.library.library import prepare
    from index.build import record

    record(store, debate)
    shown = is_terminal(err)

    def progress(done: int, total: int) -> None:
        if shown:
            err.write(f"\r{path.name}: {done} of {total} texts encoded" + ("\n" if done >= total else ""))
            err.flush()

    prepare(debate, encoder, store, progress)


def list_debates(place: Place, *, older: bool, as_json: bool, out: TextIO) -> None:
    """What is in the library, by date. Raises StoreError."""
    with open_record(place) as store:
        debates = store.shelf(older=older) if store is not None else []
        names = {d.sha256: _cast(store, d.sha256) for d in debates if store is not None}
    if as_json:
        rows = [{**d._asdict(), "speakers": names[d.sha256]} for d in debates]
        out.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
        return
    if not debates:
        out.write("The library is empty; `debate import FILE` or `debate import FOLDER` brings debates in.\n")
        return
    told = [
        [d.id, d.date or "no date", visible(d.title or d.name), visible(", ".join(names[d.sha256])), _version(d)]
        for d in debates
    ]
    print_table(("id", "date", "title", "speakers", ""), told, out)


def _version(debate: Shelved) -> str:
    return "replaced" if debate.replaced_by else f"version {debate.version}" if debate.version > 1 else ""


def _cast(store: Store, sha256: str) -> list[str]:
    found = debate_on_record(store, sha256).transcript.speakers
    return [speaker.name for speaker in found if speaker.is_known]


def remove_debate(place: Place, named: str, out: TextIO) -> None:
    """Take a debate out of the library, older versions, vectors and all.

    Raises:
        UnknownDebateError: None has that name, or several have.
        StoreError: The data folder cannot be used.
    """
    from corpus.store import Store
    from index.build import forget

    with Store.open(place.data) as store:
        found = store.find_debate(named)
        forget(store, found.sha256)
    out.write(f"Removed {found.id} {visible(found.label)}; its conversations stay and can no longer be verified.\n")


def as_object(path: Path, report: ReadingReport) -> dict[str, object]:
    """The report on a file as JSON has it."""
    return {"file": str(path), **report.model_dump()}


def doubt_line(report: ReadingReport, path: Path) -> str | None:
    """One line for whoever asks a file that was read with doubts; None where there are none."""
    if not report.doubts:
        return None
    first = report.doubts[0]
    where = f"line {first.line}: " if first.line else ""
    more = f" ({len(report.doubts)} doubts; `debate doctor {path}` lists them)" if len(report.doubts) > 1 else ""
    return f"Read as {report.form}; {where}{first.why}{more}"


def print_report(path: Path, report: ReadingReport, out: TextIO, *, whole: bool = False) -> None:
    """The report for a reader."""
    facts = [fact for fact in (report.form, report.date, report.language) if fact]
    print_lines([line(Piece(visible(str(path)), "bold"), f" — {', '.join(facts)}")], out)
    if report.title and report.title != path.stem:
        print_lines([line(visible(report.title))], out)
    rows = [
        [s.name, s.role, "host" if s.host else "", f"{s.turns} turn{'s' * (s.turns != 1)}", f"{s.share:.0%}"]
        for s in report.speakers
    ]
    print_table(("speaker", "role", "", "", "share"), rows, out)
    times = "no times" if not report.timed else "times kept" if report.timed > 0.9 else f"times for {report.timed:.0%}"
    print_lines([line(f"{report.turns} turns, {report.attributed:.1%} of the words attributed, {times}.")], out)
    for doubt in report.doubts if whole else report.doubts[:SHOWN]:
        where = f"line {doubt.line}: " if doubt.line else ""
        print_lines([line(Piece("? ", "yellow"), f"{where}{visible(doubt.why)}")], out)
    if not whole and len(report.doubts) > SHOWN:
        rest = len(report.doubts) - SHOWN
        print_lines([line(f"? … {rest} more: `debate doctor {visible(str(path))}` lists all.")], out)
