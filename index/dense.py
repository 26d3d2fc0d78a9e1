"""Nearest vectors: the one method that the dense leg needs, and the exact scan.

At a debate's size an exact scan costs a quarter of a Chroma query. It answers one-shot commands, it answers while Chroma
is being filled or cannot be trusted, and it is the yardstick that Chroma is probed with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.types import Filters, Passage, Vectors, View


class DenseIndex(Protocol):
    """Nearest passages of one view."""

    def nearest(self, query: Vectors, view: View, k: int, filters: Filters) -> list[tuple[int, float]]:
        """Up to k (row of the passage, cosine) pairs, best first. ``query`` has shape (dimension,)."""
        ...


class PassageMask:
    """Which passages a filter lets through; columns are prepared once, masks are cheap."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        """Args: passages: in the order of their vectors."""
        self._speaker = np.array([p.speaker_id or "" for p in passages], dtype=object)
        self._section = np.array([p.section for p in passages], dtype=np.int32)
        self._kind = np.array([p.kind for p in passages], dtype=object)
        self._view = np.array([p.view for p in passages], dtype=object)

    def rows(self, view: View, filters: Filters) -> NDArray[np.intp]:
        """Rows of one view that the filters let through, ascending."""
        mask = (self._view == view) & (self._kind == filters.kind)
        if filters.speaker_ids:
            mask &= np.isin(self._speaker, filters.speaker_ids)
        if filters.sections:
            mask &= np.isin(self._section, filters.sections)
        return np.flatnonzero(mask)


class ExactScan:
    """Cosine of the query with every passage of the view."""

    def __init__(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Args: vectors: unit rows in the order of the passages, shape (n_passages, dimension)."""
        self._mask = PassageMask(passages)
        self._vectors = vectors

    def nearest(self, query: Vectors, view: View, k: int, filters: Filters) -> list[tuple[int, float]]:
        """As ``DenseIndex.nearest``; equal cosines in order of rows."""
        rows = self._mask.rows(view, filters)
        if not len(rows):
            return []
        cosines = self._vectors[rows] @ query
        k = min(k, len(rows))
        best = np.argpartition(-cosines, k - 1)[:k] if k < len(rows) else np.arange(len(rows))
        best = best[np.lexsort((best, -cosines[best]))]
        return [(int(rows[at]), float(cosines[at])) for at in best]
