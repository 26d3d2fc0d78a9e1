"""`debate doctor`: what this installation stands on, checked part by part.

Nothing is imported that could be broken: versions come from package metadata, the index's state from the record. Each
check says "ok", "note" (worth knowing, nothing to mend) or "broken" (with the remedy).
"""

from __future__ import annotations

import hashlib
import json
import locale
import os
import platform
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import TextIO

from assistant import environment
from corpus.errors import DebateError, StoreBusyError
from corpus.library import DEFAULT, open_debate
from corpus.migrations import SCHEMA_VERSION
from corpus.store import Store, default_folder
from ui.cli.checks import Check, State
from ui.cli.probing import probe
from ui.layout import Piece, line, print_lines
from ui.session import Place

FLOORS_DATED = "2026-11"
#: Lowest version without a known hole or a known incompatibility; those with False may be absent.
FLOORS: dict[str, tuple[str, bool]] = {
    "chromadb": ("1.5.9", True),
    "gradio": ("6.25", True),
    "langchain-core": ("1.3.3", True),
    "langgraph": ("1.0.10", True),
    "langgraph-checkpoint": ("4.1.1", True),
    "langgraph-checkpoint-sqlite": ("3.0.1", False),
    "langchain-openai": ("1.1.14", False),
    "mcp": ("1.23", False),
    "pydantic": ("2.12", True),
    "sentence-transformers": ("6.0", True),
    "starlette": ("1.0.1", True),
    "torch": ("2.13", True),
    "transformers": ("5.10", True),
}
_SQLITE_FIXED = (3, 51, 3)
_PYTHON = (3, 11)
_MARKS: dict[State, tuple[str, str]] = {"ok": ("✓", "green"), "note": ("!", "yellow"), "broken": ("✗", "bold red")}


def doctor(place: Place, *, as_json: bool, out: TextIO, repair: bool = False) -> int:
    """Print every check, after mending what can be when asked to; 1 when something is broken, else 0.

    Raises:
        StoreBusyError: Something is to be mended while another process holds the data folder.
        StoreError: It cannot be mended.
    """
    folder = place.data or default_folder()
    checks = []
    if repair and (folder / "debate.sqlite3").exists():
        from ui.cli.health import mend

        checks = list(mend(folder, place))
    checks += examine(place)
    if as_json:
        out.write(json.dumps([check._asdict() for check in checks], ensure_ascii=False, indent=2) + "\n")
    else:
        margin = max(len(check.name) for check in checks)
        print_lines(
            (
                line(check.detail, prefix=(Piece(f"{_MARKS[check.state][0]} {check.state:<6} ", _MARKS[check.state][1]),
                                           Piece(f"{check.name:<{margin}}  ", "bold")))
                for check in checks
            ),
            out,
        )  # fmt: skip
    return 1 if any(check.state == "broken" for check in checks) else 0


def doctor_file(path: Path, place: Place, *, as_json: bool, out: TextIO) -> int:
    """Print the whole reading report of a transcript, as it would be opened here; always 0.

    Raises:
        DebateError: The file cannot be read.
    """
    from corpus.readers.report import report_of
    from ui.cli.importing import as_object, print_report
    from ui.session import open_record

    with open_record(place) as store:
        report = report_of(open_debate(path, store).transcript)
    if as_json:
        out.write(json.dumps(as_object(path, report), ensure_ascii=False, indent=2) + "\n")
    else:
        print_report(path, report, out, whole=True)
    return 0


def examine(place: Place) -> Iterator[Check]:
    """Every check, in order. A check that itself fails is a broken part, never a traceback."""
    parts: tuple[tuple[str, Callable[[Place], Iterator[Check]]], ...] = (
        ("python", _python),
        ("packages", _packages),
        ("transcript", _transcript),
        ("encoder", _encoder),
        ("pinned", _pinned),
        ("data folder", _data),
        ("sqlite", _sqlite),
        ("switches", _switches),
        ("locale", _locale),
        ("chat model", probe),
    )
    for name, part in parts:
        try:
            yield from part(place)
        except (DebateError, OSError, ValueError, sqlite3.Error) as error:
            yield Check(name, "broken", str(error))


def release(version: str) -> tuple[int, ...]:
    """The numbers of a version: "2.13.0+cpu" → (2, 13, 0)."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()


def _python(place: Place) -> Iterator[Check]:
    good = sys.version_info[:2] >= _PYTHON
    remedy = "" if good else "; 3.11 or newer is needed"
    yield Check("python", "ok" if good else "broken", platform.python_version() + remedy)


def _packages(place: Place) -> Iterator[Check]:
    for package, (floor, needed) in FLOORS.items():
        try:
            installed = metadata.version(package)
        except metadata.PackageNotFoundError:
            if needed:
                yield Check(package, "broken", f"is not installed; {floor} or newer is needed")
            continue
        if release(installed) < release(floor):
            yield Check(package, "broken", f"{installed} is older than {floor} (floors of {FLOORS_DATED}); upgrade it")
        else:
            yield Check(package, "ok", f"{installed} (floor {floor}, {FLOORS_DATED})")


def _transcript(place: Place) -> Iterator[Check]:
    debate = open_debate(place.transcript)  # raises when the notes belong to another version of the file
    transcript, path = debate.transcript, place.transcript or DEFAULT
    wrong = [s.id for s in transcript.sentences if transcript.words(s) != s.text]
    if wrong:
        yield Check("transcript", "broken", f"the spans of {', '.join(wrong[:5])} do not hold their words")
        return
    recorded = _recorded_hash(path)
    if recorded is not None and recorded != transcript.sha256:
        yield Check("transcript", "broken", f"{path} was altered: its SHA-256 is not the one in SOURCE.md; restore it")
        return
    counts = f"{len(transcript.turns)} turns, {len(transcript.sentences)} sentences"
    against = "as recorded in SOURCE.md" if recorded else "no SOURCE.md to compare with"
    yield Check("transcript", "ok", f"{counts}, SHA-256 {transcript.sha256[:16]}… ({against})")
    if debate.notes.sentences:
        counts = f"{len(debate.notes.sentences)} sentences, {len(debate.notes.questions)} questions"
        yield Check("annotations", "ok", counts)
    else:
        yield Check("annotations", "note", "none beside this transcript: no glosses, stances or figures")


def _recorded_hash(path: Path) -> str | None:
    source = path.with_name("SOURCE.md")
    if not source.is_file():
        return None
    found = re.search(r"\b[0-9a-f]{64}\b", source.read_text(encoding="utf-8"))
    return found[0] if found else None


def _encoder(place: Place) -> Iterator[Check]:
    from index.encoder import SHIPPED

    folder = Path(place.encoder) if place.encoder else SHIPPED
    if not folder.is_dir():
        if place.encoder and not folder.is_absolute() and not place.encoder.startswith("."):
            yield Check("encoder", "note", f"{place.encoder} is a hub name; it is fetched when it is first used")
        else:
            yield Check("encoder", "broken", f"there is no model folder {folder}; give another by --encoder")
        return
    weights = sorted(path for kind in ("*.safetensors", "*.onnx") for path in folder.rglob(kind))
    if not weights or not any((folder / name).is_file() for name in ("modules.json", "manifest.json")):
        yield Check("encoder", "broken", f"{folder} lacks its settings or its weights; install again")
        return
    digest = hashlib.sha256(weights[0].read_bytes()).hexdigest()
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
    yield Check("encoder", "ok", f"{folder.name}, {size:.0f} MB, weights SHA-256 {digest[:16]}…")
    if not place.encoder:
        yield from _as_manifested(folder)


def _as_manifested(folder: Path) -> Iterator[Check]:
    """Whether the encoder that ships is what its manifest names."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["files"].items():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield Check("encoder", "broken", f"{path} is not the file that its manifest names; install again")


def _pinned(place: Place) -> Iterator[Check]:
    from ui.cli.health import pinned

    yield from pinned(place)


def _data(place: Place) -> Iterator[Check]:
    folder = place.data or default_folder()
    if not folder.exists():
        parent = next(p for p in folder.absolute().parents if p.exists())
        if os.access(parent, os.W_OK | os.X_OK):
            yield Check("data folder", "ok", f"{folder} does not exist yet; the first question makes it")
        else:
            yield Check("data folder", "broken", f"{parent} is read-only; give another folder by --data")
        return
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield Check("data folder", "broken", f"{folder} is not a folder that can be written; give another by --data")
        return
    if not (folder / "debate.sqlite3").exists():
        yield Check("data folder", "ok", f"{folder} is empty; the first question fills it")
        return
    from ui.cli import health

    yield from health.folder_of(folder)
    sound = list(health.database(folder))
    yield from sound
    if any(check.state == "broken" for check in sound):
        yield Check("data folder", "broken", f"the database in {folder} is damaged, or not ours")
        return
    with Store.open(folder, write=False) as store:
        threads = len(store.threads("local"))
    yield Check("data folder", "ok", f"{folder}: schema {SCHEMA_VERSION}, {threads} threads")
    try:
        Store.open(folder).close()
    except StoreBusyError as error:
        yield Check("writer", "note", f"{error} Questions are answered meanwhile, unsaved.")
    yield from health.kept(folder, place)
    yield _index_state(folder)


def _index_state(folder: Path) -> Check:
    """What the record says of the Chroma cache, and whether its files are there; `debate index` opens and probes it."""
    with sqlite3.connect(f"{(folder / 'debate.sqlite3').resolve().as_uri()}?mode=ro", uri=True) as connection:
        vectors = connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
        rows = connection.execute("SELECT value FROM pointers WHERE name LIKE 'chroma:%'").fetchall()
    connection.close()
    generations = [str(row[0]) for row in rows]
    missing = [name for name in generations if not (folder / "chroma" / name / "chroma.sqlite3").is_file()]
    if missing:
        return Check("index", "note", f"{vectors:,} vectors; {missing[0]} is gone and will be rebuilt")
    if not generations:
        return Check("index", "ok", f"{vectors:,} vectors, exact scan; `debate index` fills the Chroma cache")
    return Check("index", "ok", f"{vectors:,} vectors, Chroma {', '.join(generations)}")


def _sqlite(place: Place) -> Iterator[Check]:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < _SQLITE_FIXED:
        fixed = ".".join(map(str, _SQLITE_FIXED))
        yield Check("sqlite", "ok", f"{version}; the WAL-reset bug before {fixed} needs two writers, we have one")
    else:
        yield Check("sqlite", "ok", version)


def _switches(place: Place) -> Iterator[Check]:
    for name, (now, wanted) in environment.effective().items():
        if now == wanted:
            yield Check(name, "ok", now)
        else:
            yield Check(name, "note", f"{now if now is not None else 'unset'} by your shell; ours would be {wanted}")


def _locale(place: Place) -> Iterator[Check]:
    named = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "unset"
    encoding = locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") in ("utf8", "utf_8"):
        yield Check("locale", "ok", f"{named}, {encoding}")
    else:
        yield Check("locale", "note", f"{named}, {encoding}; questions and answers are UTF-8 all the same")
