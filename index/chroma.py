"""The Chroma cache of the vectors. The only import of chromadb.

A cache, never the record: it is filled from the store as generation N + 1 in a folder of its own, probed with canary
queries, and only then switched to. ``count()`` is no health check (a store with a lost segment still counts every row),
so the probe asks for neighbours whose distances are known.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np

from index.dense import Nearest
from index.errors import ChromaIndexError
from index.types import Filters, Passage, Vectors, View

# Wide enough that ten thousand questions that much resemble one another are searched as an exact scan would.
_HNSW: Any = {"space": "cosine", "ef_construction": 400, "ef_search": 500, "max_neighbors": 48}
_BATCH = 512
_VIEWS: tuple[View, ...] = get_args(View)
_CANARIES = 8
_PROBE_SECONDS = 60

Progress = Callable[[int, int], None]


def _client(folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


class ChromaIndex:
    """One generation, open for queries. Rows are those of the passages it was filled from."""

    def __init__(self, folder: Path, passages: Sequence[Passage]) -> None:
        """Raises: ChromaIndexError: the generation cannot be opened."""
        self.folder = folder
        self._rows = {p.id: row for row, p in enumerate(passages)}
        try:
            client = _client(folder)
            self._collections = {c.name: c for c in client.list_collections()}
        except Exception as error:
            raise ChromaIndexError(f"The Chroma cache in {folder} cannot be opened ({error}).") from error

    def nearest(self, query: Vectors, view: View, k: int, filters: Filters) -> Nearest:
        """As ``DenseIndex.nearest``. Raises ChromaIndexError when Chroma fails."""
        collection = self._collections.get(view)
        if collection is None:
            return Nearest()
        try:
            found = collection.query(
                query_embeddings=[query.tolist()], n_results=k, where=_where(filters), include=["distances"]
            )
            rows = np.array([self._rows[i] for i in found["ids"][0]], dtype=np.intp)
            return Nearest(rows, 1.0 - np.array(found["distances"][0], dtype=np.float32))
        except Exception as error:
            raise ChromaIndexError(f"The Chroma cache failed a query ({error}).") from error


def _where(filters: Filters) -> dict[str, Any]:
    conditions: list[dict[str, Any]] = [{"kind": filters.kind}]
    if filters.speaker_ids:
        conditions.append({"speaker_id": {"$in": list(filters.speaker_ids)}})
    if filters.sections:
        conditions.append({"section": {"$in": list(filters.sections)}})
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def fill(folder: Path, passages: Sequence[Passage], vectors: Vectors, progress: Progress | None = None) -> None:
    """Write a new generation and probe it. What stood in the folder before (a build that was killed) goes first.

    Args:
        vectors: unit rows in the order of the passages, shape (n_passages, dimension).
        progress: called with (done, total) rows.

    Raises:
        InterruptedError: ``progress`` raised it: nobody waits for this any more.
        ChromaIndexError: Chroma failed or the canaries did not come back.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    done = 0
    try:
        client = _client(folder)
        for view in _VIEWS:
            rows = [row for row, p in enumerate(passages) if p.view == view]
            if not rows:
                continue
            collection = client.create_collection(view, embedding_function=None, configuration={"hnsw": _HNSW})
            for start in range(0, len(rows), _BATCH):
                batch = rows[start : start + _BATCH]
                collection.upsert(
                    ids=[passages[row].id for row in batch],
                    embeddings=vectors[batch],
                    metadatas=[_metadata(passages[row]) for row in batch],
                )
                done += len(batch)
                if progress is not None:
                    progress(done, len(passages))
    except InterruptedError:
        raise
    except Exception as error:
        raise ChromaIndexError(f"Could not fill the Chroma cache in {folder} ({error}).") from error
    _write_canaries(folder, passages, vectors)
    probe(folder)


def _metadata(passage: Passage) -> dict[str, Any]:
    return {
        "kind": passage.kind,
        "speaker_id": passage.speaker_id or "",
        "section": passage.section,
        "turn_id": passage.turn_id or "",
    }


def _write_canaries(folder: Path, passages: Sequence[Passage], vectors: Vectors) -> None:
    """Queries whose ten best cosines are known from the exact scan, spread over every view."""
    canaries = []
    for view in _VIEWS:
        rows = np.array([row for row, p in enumerate(passages) if p.view == view], dtype=np.intp)
        for at in np.linspace(0, len(rows) - 1, min(_CANARIES, len(rows)), dtype=int):
            query = vectors[rows[at]]
            cosines = np.sort(vectors[rows] @ query)[::-1][:10]
            canaries.append({"view": view, "query": query.tolist(), "cosines": cosines.tolist(), "rows": len(rows)})
    (folder / "canaries.json").write_text(json.dumps(canaries), encoding="utf-8")


def probe(folder: Path) -> None:
    """Ask the canaries. Raises ChromaIndexError unless every one of them gets its known neighbours back."""
    try:
        canaries = json.loads((folder / "canaries.json").read_text(encoding="utf-8"))
        client = _client(folder)
        for canary in canaries:
            collection = client.get_collection(canary["view"], embedding_function=None)
            found = collection.query(
                query_embeddings=[canary["query"]], n_results=len(canary["cosines"]), include=["distances"]
            )
            got = 1.0 - np.array(found["distances"][0])
            if len(got) != len(canary["cosines"]) or np.abs(got - np.array(canary["cosines"])).max() > 1e-3:
                raise ChromaIndexError(f"The Chroma cache in {folder} has lost vectors of view {canary['view']!r}.")
    except ChromaIndexError:
        raise
    except Exception as error:
        raise ChromaIndexError(f"The Chroma cache in {folder} is not usable ({error}).") from error


def probe_apart(folder: Path) -> bool:
    """Whether a generation passes the probe, asked in a process of its own: a corrupt store may hang or crash."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "index.chroma", str(folder)],
            timeout=_PROBE_SECONDS,
            capture_output=True,
            check=False,
            cwd=Path(__file__).parent.parent,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        probe(Path(sys.argv[1]))
    except ChromaIndexError as problem:
        sys.exit(str(problem))
