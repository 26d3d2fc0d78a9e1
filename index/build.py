"""Debate → searchable: vectors into the store, the Chroma cache from the store.

Safe to kill anywhere: vectors are committed batch by batch, a half-filled Chroma generation is never pointed at, and
whoever comes next goes on from there.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.library import Debate, debate_on_record
from corpus.records import READER_VERSION
from corpus.store import Store
from index import chroma
from index.chroma import ChromaIndex, Progress
from index.passages import make_passages
from index.types import Encoder, Passage, Vectors

_BATCH = 64
_OFF = 1e-3  # how far from 1 the length of a unit vector may be


def text_hash(text: str) -> bytes:
    """Key of a text's vector in the store."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def passage_vectors(
    passages: Sequence[Passage],
    encoder: Encoder,
    store: Store | None = None,
    progress: Progress | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Vectors:
    """Unit vectors of all passages, shape (n_passages, dimension), from the store where it has them.

    Missing ones are encoded in batches and, when the store is ours to write, each batch is committed before the next.

    Args:
        progress: called with (done, total) texts after each batch.
        stopped: asked before each batch whether to give up.

    Raises:
        InterruptedError: It was given up; what was encoded is kept.
    """
    texts = list(dict.fromkeys(p.embedding_text for p in passages))
    hashes = {text: text_hash(text) for text in texts}
    known = stored_vectors(store, encoder.name, list(hashes.values()), encoder.dimension) if store is not None else {}
    missing = [text for text in texts if hashes[text] not in known]
    for start in range(0, len(missing), _BATCH):
        if stopped():
            raise InterruptedError(f"{len(missing) - start} texts are not encoded yet.")
        batch = missing[start : start + _BATCH]
        fresh = {hashes[t]: v.tobytes() for t, v in zip(batch, encoder.encode(batch), strict=True)}
        if store is not None and store.writable:
            store.add_vectors(encoder.name, fresh)
        known.update(fresh)
        if progress is not None:
            progress(start + len(batch), len(missing))
    rows = [np.frombuffer(known[hashes[p.embedding_text]], dtype=np.float32) for p in passages]
    return np.stack(rows) if rows else np.zeros((0, encoder.dimension), dtype=np.float32)


def stored_vectors(store: Store, name: str, hashes: Sequence[bytes], dimension: int) -> dict[bytes, bytes]:
    """The stored vectors that can be one encoder's: of its length, finite, of length one or zero; others are dropped.

    What is dropped is encoded again and then replaced.
    """
    known = {key: v for key, v in store.vectors(name, hashes).items() if len(v) == 4 * dimension}
    if not known:
        return {}
    rows = np.frombuffer(b"".join(known.values()), dtype=np.float32).reshape(len(known), dimension)
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(rows.astype(np.float64), axis=1)
        good = np.isfinite(lengths) & ((np.abs(lengths - 1) < _OFF) | (lengths == 0))
    return {key: vector for (key, vector), sound in zip(known.items(), good, strict=True) if sound}


def unknown_texts(passages: Sequence[Passage], encoder: Encoder, store: Store | None = None) -> int:
    """How many texts have yet to be encoded."""
    hashes = list({text_hash(p.embedding_text) for p in passages})
    known = stored_vectors(store, encoder.name, hashes, encoder.dimension) if store is not None else {}
    return len(hashes) - len(known)


def record(store: Store, debate: Debate) -> None:
    """Put a debate on record, as it was read, unless exactly it is there already."""
    read = debate.read or debate.transcript
    mark = hashlib.sha256(f"{READER_VERSION}\n{debate.notes.model_dump_json()}".encode()).hexdigest()
    name = f"debate:{read.sha256}"
    if store.pointer(name) != mark or not store.has_transcript(read.sha256):
        store.add_transcript(read, debate.notes, debate.data)
        store.set_pointer(name, mark)


def forget(store: Store, sha256: str) -> list[str]:
    """Take a debate out of the library with its older versions and all vectors of theirs; the hashes that are gone.

    Raises:
        UnknownDebateError: It is not in the library.
    """
    going, chain = [], [sha256]
    older = {d.replaced_by: d.sha256 for d in store.shelf(older=True) if d.replaced_by}
    while chain[-1] in older:
        chain.append(older[chain[-1]])
    for one in chain:
        debate = debate_on_record(store, one)
        going += [text_hash(p.embedding_text) for p in make_passages(debate.transcript, debate.notes)]
    return store.unshelve(sha256, going)


def fingerprint(passages: Sequence[Passage], encoder: Encoder) -> str:
    """What a Chroma generation was filled from; it changes when any passage or the encoder does."""
    digest = hashlib.sha256(encoder.name.encode())
    for passage in passages:
        digest.update(f"{passage.id}\x00{passage.embedding_text}\x00".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def open_chroma(
    store: Store,
    passages: Sequence[Passage],
    vectors: Vectors,
    encoder: Encoder,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
) -> ChromaIndex:
    """The Chroma generation for these passages: the current one if it passes its probe, else a new one.

    Raises:
        ChromaIndexError: No generation could be filled; the exact scan goes on answering.
    """
    folder = store.folder / "chroma"
    mark = fingerprint(passages, encoder)
    name = f"chroma:{mark}"
    current = store.pointer(name)
    if current is not None and not rebuild and chroma.probe_apart(folder / current):
        return ChromaIndex(folder / current, passages)
    generation = 1 + max((int(p.name.split("-")[1]) for p in folder.glob("generation-*-*")), default=0)
    fresh = f"generation-{generation}-{mark}"
    chroma.fill(folder / fresh, passages, vectors, progress)
    store.set_pointer(name, fresh)
    _drop_old(folder, mark, keep=fresh)
    return ChromaIndex(folder / fresh, passages)


def _drop_old(folder: Path, mark: str, keep: str) -> None:
    for old in folder.glob(f"generation-*-{mark}"):
        if old.name != keep:
            shutil.rmtree(old, ignore_errors=True)
