"""Nearest vectors: the one method that the dense leg needs, and the exact scan.

At a debate's size an exact scan costs a quarter of a Chroma query. It answers one-shot commands, it answers while
Chroma is being filled or cannot be trusted, and it is the yardstick that Chroma is probed with.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from index.prepared import KINDS, VIEWS, Prepared
from index.types import Filters, Vectors, View


class Nearest(NamedTuple):
    """Passages near a query, best first."""

    rows: NDArray[np.intp] = np.empty(0, dtype=np.intp)  # (n,) rows of the passages
    cosines: NDArray[np.float32] = np.empty(0, dtype=np.float32)  # (n,) descending


class DenseIndex(Protocol):
    """Nearest passages of one view."""

    def nearest(self, query: Vectors, view: View, k: int, filters: Filters) -> Nearest:
        """Up to k passages, best first. ``query`` has shape (dimension,)."""
        ...


class PassageMask:
    """Which passages a filter lets through. Rows of each view and kind are listed once; filters only thin them."""

    def __init__(self, prepared: Prepared, speakers: Sequence[str]) -> None:
        """Args: prepared: columns in the order of the vectors. speakers: ids of the transcript's speakers."""
        self._codes = {speaker: code for code, speaker in enumerate(speakers)}
        self._speaker, self._section, self._seconds = prepared.speaker, prepared.section, prepared.seconds
        self._rows = {
            (view, kind): rows
            for at, view in enumerate(VIEWS)
            for number, kind in enumerate(KINDS)
            if len(rows := np.flatnonzero((prepared.view == at) & (prepared.kind == number)))
        }

    def rows(self, view: View, filters: Filters) -> NDArray[np.intp]:
        """Rows of one view that the filters let through, ascending."""
        rows = self._rows.get((view, filters.kind), np.empty(0, dtype=np.intp))
        if filters.speaker_ids:
            codes = [self._codes[speaker] for speaker in filters.speaker_ids if speaker in self._codes]
            rows = rows[np.isin(self._speaker[rows], codes)]
        if filters.sections:
            rows = rows[np.isin(self._section[rows], filters.sections)]
        if filters.seconds is not None:
            begins = self._seconds[rows]
            rows = rows[(begins >= filters.seconds[0]) & (begins < filters.seconds[1])]
        return rows


class ExactScan:
    """Cosine of the query with every passage."""

    def __init__(self, prepared: Prepared, speakers: Sequence[str], vectors: Vectors) -> None:
        """Make a scan.

        Args:
            prepared: columns in the order of the vectors.
            speakers: ids of the transcript's speakers.
            vectors: unit rows, shape (n_passages, dimension).
        """
        self._mask = PassageMask(prepared, speakers)
        self._vectors = vectors
        self._latest = threading.local()  # a question is asked of every view, under a filter and without

    def cosines(self, query: Vectors) -> Vectors:
        """Of every passage, in their order, shape (n_passages,)."""
        asked = query.tobytes()
        if getattr(self._latest, "asked", None) != asked:
            self._latest.asked, self._latest.cosines = asked, self._vectors @ query
        found: Vectors = self._latest.cosines
        return found

    def nearest(self, query: Vectors, view: View, k: int, filters: Filters) -> Nearest:
        """As ``DenseIndex.nearest``; equal cosines in order of rows."""
        rows = self._mask.rows(view, filters)
        if not len(rows):
            return Nearest()
        cosines = self.cosines(query)[rows]
        k = min(k, len(rows))
        best = np.argpartition(-cosines, k - 1)[:k] if k < len(rows) else np.arange(len(rows))
        best = best[np.lexsort((best, -cosines[best]))]
        return Nearest(rows[best], cosines[best])
