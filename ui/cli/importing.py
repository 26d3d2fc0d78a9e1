"""`debate import`: read transcripts of any form, say how they were read, keep them; `debate doctor FILE` says it whole.

debate import call.vtt --dry-run        # the reading report, nothing kept
debate import meetings/*.json --json    # one object a line
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from corpus.errors import DebateError
from corpus.library import Debate, open_debate
from corpus.readers.report import ReadingReport, report_of
from ui.layout import Piece, is_terminal, line, print_lines, print_table, visible

if TYPE_CHECKING:
    from corpus.store import Store

SHOWN = 8  # doubts that are printed unless all are asked for


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
    """Read files, report on each, and keep those that could be read; 2 if any could not.

    Args:
        paths: the files; each is kept whole or not at all.
        data: data folder to keep them in.
        encoder: model whose vectors are made at once; None for the one that ships.
        dry_run: keep nothing.
        as_json: one object a line instead of a report for readers.
        out: for the reports.
        err: for what could not be read, and progress.

    Raises:
        DebateError: The data folder or the encoder cannot be used.
    """
    failed = 0
    store = None if dry_run else _open_store(data)
    try:
        for path in paths:
            try:
                debate = open_debate(path, store)
                if store is not None:
                    _keep(store, debate, encoder, path, err)
            except DebateError as error:
                failed += 1
                err.write(f"debate: {visible(str(path))}: {visible(str(error))}\n")
                if as_json:
                    out.write(json.dumps({"file": str(path), "error": str(error)}, ensure_ascii=False) + "\n")
                continue
            report = report_of(debate.transcript)
            if as_json:
                out.write(json.dumps(as_object(path, report), ensure_ascii=False) + "\n")
            else:
                print_report(path, report, out)
            out.flush()
    finally:
        if store is not None:
            store.close()
    return 2 if failed else 0


def _open_store(data: Path | None) -> Store:
    from corpus.store import Store

    return Store.open(data)


def _keep(store: Store, debate: Debate, encoder: str | None, path: Path, err: TextIO) -> None:
    """Put a debate on record and all that searching it needs beside it; killed half-way it goes on where it was."""
    from assistant import environment

    environment.apply()
    from index.build import record
    from index.finding import open_finding

    record(store, debate)
    shown = is_terminal(err)

    def progress(done: int, total: int) -> None:
        if shown:
            err.write(f"\r{path.name}: {done} of {total} texts encoded" + ("\n" if done >= total else ""))
            err.flush()

    open_finding(debate, encoder, store).whole(debate, store, progress)


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
