"""`debate drill`: every promise measured on this machine, printed as a table; exit 1 where one falls short.

Works on copies in a temporary folder and on loopback alone; about two minutes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TextIO

from assistant import Assistant
from corpus.errors import DebateError, TranscriptParseError
from corpus.parse import parse_bytes
from ui.drill import server, store
from ui.drill.result import Result
from ui.errors import UsageError
from ui.layout import Piece, print_table

_ROOT = Path(__file__).parents[2]
_CPU_S, _READ_S, _PATIENCE_S = 1.0, 20.0, 40


def drill(only: Sequence[str], *, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Run the drills (those named, or all) and print their table; 1 where a promise falls short, else 0.

    Raises:
        UsageError: There is no drill of that name.
    """
    unknown = [name for name in only if name not in NAMES]
    if unknown:
        raise UsageError(f"There is no drill {unknown[0][:40]!r}; there are {', '.join(NAMES)}.")
    results = []
    with tempfile.TemporaryDirectory(prefix="debate-drill-") as folder:
        for name, run in _drills(Path(folder)):
            if only and name not in only:
                continue
            err.write(f"{name} …\n")
            err.flush()
            try:
                results += run()
            except (DebateError, OSError, ValueError, AssertionError) as error:
                results.append(Result(name, "the drill itself runs", f"{type(error).__name__}: {error}"[:200], False))
    if as_json:
        out.write(json.dumps([result._asdict() for result in results], ensure_ascii=False, indent=2) + "\n")
    else:
        rows: list[list[Piece | str]] = [
            [Piece("ok" if r.ok else "SHORT", "green" if r.ok else "bold red"), r.name, r.promise, r.figure]
            for r in results
        ]
        print_table(["", "Drill", "Promise", "Measured"], rows, out)
    return 0 if all(result.ok for result in results) else 1


NAMES = (
    "killed", "full", "failing", "backup", "damaged", "altered", "flood", "half-open", "slow-model", "stopped",
    "doctor", "question", "files",
)  # fmt: skip


def _drills(folder: Path) -> Iterable[tuple[str, Callable[[], list[Result]]]]:
    def place(name: str) -> Path:
        (folder / name).mkdir()
        return folder / name

    def home() -> Path:
        """A data folder in which the debate is on record, so that opening it again is quick."""
        if not (folder / "home").exists():
            Assistant.open(data=folder / "home", model="none", light=True).close()
        return folder / "home"

    def opened(run: Callable[[Assistant], Result]) -> list[Result]:
        with Assistant.open(data=folder / "home", model="none", light=True) as assistant:
            return [run(assistant)]

    runs: dict[str, Callable[[], list[Result]]] = {
        "killed": lambda: [store.killed(place("killed"))],
        "full": lambda: [store.full(place("full"))],
        "failing": lambda: [store.failing(place("failing"))],
        "backup": lambda: [store.copied(place("copied"), folder / "backup.debate")],
        "damaged": lambda: [store.damaged(place("damaged"))],
        "altered": lambda: opened(store.altered),
        "flood": lambda: [server.flood(home())],
        "half-open": lambda: opened(server.half_open),
        "slow-model": lambda: server.slow_model(home()),
        "stopped": lambda: [server.stopped(home())],
        "doctor": lambda: [doctored(place("doctored"))],
        "question": lambda: [question(home())],
        "files": files,
    }
    return runs.items()


_QUESTIONS = """
import sys, time
from pathlib import Path
from assistant import Assistant
with Assistant.open(data=Path(sys.argv[1]), model="none", light=True) as assistant:
    assistant.answer("Is it?")
    name = assistant.debate.transcript.speakers[0].name
    for part in ("3 years ", "GPU 4年 ", f"{name}, ", "为什么?", "1.5% of $3bn "):
        begun = time.process_time()
        assistant.answer((part * 4_000)[:4_000].strip())
        print(time.process_time() - begun, part, flush=True)
"""


def question(data: Path) -> Result:
    """The longest questions, of one figure or name repeated: processor time."""
    promise = f"any question of 4,000 characters costs at most {_CPU_S:g} s of processor time"
    process = subprocess.Popen(
        [sys.executable, "-c", _QUESTIONS, str(data)],
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said, _ = process.communicate(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        said, _ = process.communicate()
        return Result("question", promise, f"one was not done within {_PATIENCE_S} s", False)
    spent = [(float(row.split(" ", 1)[0]), row.split(" ", 1)[1]) for row in said.split("\n") if row]
    worst, slowest = max(spent, default=(0.0, ""))
    return Result("question", promise, f"at most {worst:.2f} s ({slowest.strip()!r} repeated)", 0 < worst <= _CPU_S)


def files() -> list[Result]:
    """Files that are too much of something: refused or read, in bounded time."""
    made: dict[str, Callable[[], bytes]] = {
        "a line of 5 MB": lambda: b"Ann: " + b"Is it? " * 700_000,
        "2 million sentences": lambda: b"\n\n".join(b"Ann: " + b"Is it? " * 100_000 for _ in range(20)),
        "a million turns": lambda: b"\n".join(b"Ann: hi %d." % n for n in range(1_000_000)),
        "50,000 speakers": lambda: b"\n\n".join(b"Nam%d Sur%d: hi there." % (n, n) for n in range(45_000)),
        "a million rows": lambda: b"speaker,text\n" + b"".join(b"Ann%d,hi there\n" % (n % 2) for n in range(1_000_000)),
    }
    results = []
    for name, make in made.items():
        data = make()
        begun = time.process_time()
        try:
            told = f"{len(parse_bytes(data, 'x').sentences):,} sentences"
        except TranscriptParseError as error:
            told = str(error)[:70]
        spent = time.process_time() - begun
        promise = f"{name}: refused or read within {_READ_S:g} s"
        results.append(Result("files", promise, f"{spent:.1f} s: {told}", spent <= _READ_S))
    return results


def doctored(folder: Path) -> Result:
    """Faults are planted one after the other in a data folder; the doctor must find each."""
    import sqlite3

    from ui.cli.doctor import examine
    from ui.session import Place

    with Assistant.open(data=folder, model="none", light=True) as assistant:
        assistant.ask(f"What did {assistant.debate.transcript.speakers[0].name} say?")
    database = folder / "debate.sqlite3"
    sound = database.read_bytes()
    faults = {
        "answer": "UPDATE messages SET answer = replace(answer, 'lead', 'Lead')",
        "question": "UPDATE messages SET question = 'Is it?'",
        "speaker": "UPDATE speakers SET name = 'Somebody' WHERE position = 0",
        "words": "UPDATE transcripts SET raw = substr(raw, 2)",
        "span": "UPDATE sentences SET stop = stop - 1 WHERE turn = 1",
        "zeroed vectors": "UPDATE vectors SET vector = zeroblob(7)",
        "other vectors": "UPDATE vectors SET vector = (SELECT v.vector FROM vectors v LIMIT 1)",
        "orphan": "INSERT INTO messages SELECT 'none', 1, question, answer, 1, 0, 1, '' FROM messages LIMIT 1",
    }
    found = []
    for name, sql in faults.items():
        database.write_bytes(sound)
        with sqlite3.connect(database) as db:
            db.execute("PRAGMA foreign_keys = OFF")
            db.execute(sql)
        db.close()
        if _troubled(examine(Place(data=folder))):
            found.append(name)
    half = len(sound) // 2
    others: dict[str, Callable[[], object]] = {
        "torn page": lambda: database.write_bytes(sound[:half] + os.urandom(4096) + sound[half + 4096 :]),
        "cut short": lambda: database.write_bytes(sound[: len(sound) // 3]),
        "no database": lambda: database.write_bytes(b"x" * 8192),
        "open to all": lambda: open_to_all(database, sound),
    }
    for name, plant in others.items():
        folder.chmod(0o700)
        plant()
        if _troubled(examine(Place(data=folder))):
            found.append(name)
    missed = [name for name in (*faults, *others) if name not in found]
    figure = f"{len(found)} of {len(faults) + len(others)} found" + (f"; missed: {', '.join(missed)}" if missed else "")
    return Result("doctor", "every planted fault is found", figure, not missed)


def open_to_all(database: Path, sound: bytes) -> None:
    """A folder that others may read."""
    database.write_bytes(sound)
    database.parent.chmod(0o755)


_ABOUT_DATA = ("answers", "record", "vectors", "database", "permissions", "data folder", "corrections")


def _troubled(checks: Iterable[object]) -> bool:
    return any(getattr(check, "state", "ok") != "ok" and getattr(check, "name", "") in _ABOUT_DATA for check in checks)
