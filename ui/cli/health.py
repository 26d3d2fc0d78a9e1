"""What `debate doctor` looks at in the data folder and in what ships: every part a few checks, and what mends them.

Each check is a generator of ``Check``; ``mend`` repairs what can be repaired without asking anybody.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from assistant.stored import from_record
from corpus import backup, pins
from corpus.database import NAME
from corpus.library import DEFAULT, Debate, open_debate
from corpus.seals import message_seal, text_seal
from corpus.store import Message, Store
from index.build import record, text_hash
from index.encoder import SHIPPED, STATIC, default_encoder, open_encoder
from index.passages import make_passages
from index.types import Encoder
from ui.cli.checks import Check
from ui.session import Place

_ROOT = Path(__file__).parents[2]
PINNED = (DEFAULT.parent, SHIPPED, STATIC, _ROOT / "assistant")
_SAMPLED = 50
_FAR = 0.01  # of one coordinate of a unit vector
_LOW, _LOWEST = 1_000_000_000, 100_000_000  # bytes that are free


def pinned(place: Place) -> Iterator[Check]:
    """Whether what ships is what its manifests name: notes, transcript, encoders, fitted weights."""
    wrong = [path for folder in PINNED for path in pins.changed(folder)]
    for path in wrong:
        yield Check("pinned", "broken", f"{path} is not the file that its manifest names; install again")
    if not wrong:
        yield Check("pinned", "ok", "notes, transcript, encoders and fitted weights are as their manifests name them")


def folder_of(folder: Path) -> Iterator[Check]:
    """Who may read the folder, and whether there is room."""
    open_ = [p for p in (folder, *_private(folder)) if p.stat().st_mode & 0o077]
    if open_:
        told = ", ".join(p.name for p in open_[:4])
        yield Check("permissions", "note", f"others may read {told}; `debate doctor --repair` makes it yours alone")
    else:
        yield Check("permissions", "ok", "yours alone")
    free = shutil.disk_usage(folder).free
    if free < _LOWEST:
        yield Check("space", "broken", f"{free / 1e6:,.0f} MB are free; answers cannot be kept much longer")
    else:
        yield Check("space", "note" if free < _LOW else "ok", f"{free / 1e9:,.1f} GB free")


def database(folder: Path) -> Iterator[Check]:
    """SQLite's own check of the whole file."""
    wrong = backup.problems(folder / NAME)
    if wrong:
        yield Check("database", "broken", f"{wrong[0]}; rescue what can be read by `debate repair`")
    else:
        yield Check("database", "ok", "integrity checked")


def kept(folder: Path, place: Place) -> Iterator[Check]:
    """Every kept answer made anew, the debate against its file, corrections against their seal, sampled vectors."""
    with Store.open(folder, write=False) as store:
        debate = open_debate(place.transcript)
        yield _answers(store, debate)
        yield from _debate(store, debate)
        yield from _overlays(store)
        yield from _vectors(store, debate, place)


def _answers(store: Store, debate: Debate) -> Check:
    rows = store._rows(
        "SELECT m.thread_id, number, parent, question, answer, m.created, version, seal, sha256 "
        "FROM messages m JOIN threads t ON t.id = m.thread_id ORDER BY m.thread_id, number"
    )
    wrong, elsewhere = [], 0
    for thread, number, parent, question, answer, created, version, seal, sha256 in rows:
        intact = seal == message_seal(thread, number, parent, version, question, answer)
        if sha256 != debate.transcript.sha256:
            elsewhere += 1
            if not intact:
                wrong.append((thread, number, "it is not as it was written"))
            continue
        message = Message(number, str(question), str(answer), created, number, parent, version, intact)
        if problems := from_record(message, debate).altered:
            wrong.append((thread, number, problems[0]))
    if wrong:
        thread, number, why = wrong[0]
        more = f" and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        return Check(
            "answers", "broken", f"message {number} of thread {thread}{more}: {why}; it is marked wherever shown"
        )
    others = f", {elsewhere} of other debates by their seal" if elsewhere else ""
    return Check("answers", "ok", f"{len(rows)} made anew from the transcript{others}")


def _debate(store: Store, debate: Debate) -> Iterator[Check]:
    sha256 = debate.transcript.sha256
    if not store._rows("SELECT 1 FROM transcripts WHERE sha256 = ?", (sha256,)):
        return
    found = store.transcript(sha256)
    if found is None or found != debate.read:
        yield Check("record", "note", "the debate on record is not what was read; it is read from its file instead")
    else:
        yield Check("record", "ok", "the debate on record is the one in its file")


def _overlays(store: Store) -> Iterator[Check]:
    for sha256, overlay, seal in store._rows("SELECT sha256, overlay, seal FROM overlays"):
        if seal != text_seal(sha256, overlay):
            yield Check(
                "corrections", "broken", "corrections of who speaks were changed; `debate speakers FILE --reset`"
            )


def _vectors(store: Store, debate: Debate, place: Place) -> Iterator[Check]:
    """Fifty stored vectors encoded again and compared; all of them for length and finiteness."""
    encoder = open_encoder(place.encoder) if place.encoder else default_encoder(debate.notes)
    bad = unsound(store, encoder)
    if bad:
        yield Check(
            "vectors", "note", f"{len(bad)} stored vectors are no vectors of {encoder.name}; made anew when used"
        )
    texts = list(dict.fromkeys(p.embedding_text for p in make_passages(debate.transcript, debate.notes)))
    some = random.Random(0).sample(texts, min(_SAMPLED, len(texts)))
    known = store.vectors(encoder.name, [text_hash(text) for text in some])
    some = [text for text in some if len(known.get(text_hash(text), b"")) == 4 * encoder.dimension]
    if not some:
        return
    stored = np.stack([np.frombuffer(known[text_hash(text)], dtype=np.float32) for text in some])
    with np.errstate(all="ignore"):
        off = [
            t for t, far in zip(some, np.abs(stored - encoder.encode(some)).max(axis=1), strict=True) if not far < 0.01
        ]
    if off:
        yield Check(
            "vectors", "broken", f"{len(off)} of {len(some)} sampled vectors are not what the encoder gives; --repair"
        )
    elif not bad:
        yield Check("vectors", "ok", f"{len(some)} sampled and encoded again")


def unsound(store: Store, encoder: Encoder) -> list[bytes]:
    """Keys of one encoder's stored vectors that cannot be its: of another length, not finite, not of length one."""
    wrong = []
    for key, vector in store._rows("SELECT text_hash, vector FROM vectors WHERE encoder = ?", (encoder.name,)):
        if len(vector) != 4 * encoder.dimension:
            wrong.append(key)
            continue
        with np.errstate(all="ignore"):
            length = float(np.linalg.norm(np.frombuffer(vector, dtype=np.float32).astype(np.float64)))
        if not (length == 0 or abs(length - 1) < 1e-3):
            wrong.append(key)
    return wrong


def mend(folder: Path, place: Place) -> Iterator[Check]:
    """Repair what can be: permissions, the database, the debate on record, vectors. Raises StoreError."""
    for path in (folder, *_private(folder)):
        if path.stat().st_mode & 0o077:
            path.chmod(0o700 if path.is_dir() else 0o600)
            yield Check("mended", "ok", f"{path.name} is yours alone now")
    done = backup.repair(folder)
    if not done.sound:
        rescued = sum(done.kept.values())
        yield Check("mended", "ok", f"{rescued:,} rows rescued; the damaged database is kept as {done.aside}")
    with Store.open(folder) as store:
        debate = open_debate(place.transcript)
        sha256 = debate.transcript.sha256
        known = store._rows("SELECT 1 FROM transcripts WHERE sha256 = ?", (sha256,))
        if known and store.transcript(sha256) != debate.read:
            store.set_pointer(f"debate:{sha256}", "")
            record(store, debate)
            yield Check("mended", "ok", "the debate is on record as its file has it")
        yield from _mend_vectors(store, debate, place)


def _mend_vectors(store: Store, debate: Debate, place: Place) -> Iterator[Check]:
    if all(check.state == "ok" for check in _vectors(store, debate, place)):
        return
    encoder = open_encoder(place.encoder) if place.encoder else default_encoder(debate.notes)
    with store._transaction() as db:
        gone = db.execute("DELETE FROM vectors WHERE encoder = ?", (encoder.name,)).rowcount
    for cache in (folder for folder in (store.folder / "search", store.folder / "chroma") if folder.is_dir()):
        shutil.rmtree(cache, ignore_errors=True)
    yield Check("mended", "ok", f"{gone:,} vectors dropped; they are encoded again when the debate is opened")


def _private(folder: Path) -> list[Path]:
    """The files that hold conversations or who holds the folder."""
    names = (NAME, f"{NAME}-wal", f"{NAME}-shm", "lock", "chat_history")
    return [folder / name for name in names if (folder / name).exists()]
