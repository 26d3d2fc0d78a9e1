"""Doubles for tests: a bag-of-words encoder, so that rankings mean something without a model."""

from __future__ import annotations

import hashlib

import numpy as np

from index.encoder import unit
from index.tokens import terms
from index.types import Vectors


class BagOfWords:
    """Terms hashed into a fixed number of dimensions. Deterministic."""

    name = "bag-of-words"

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension

    def encode(self, texts: list[str], *, query: bool = False) -> Vectors:
        """Unit vectors, shape (n_texts, dimension)."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                slot = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "big")
                vectors[row, slot % self.dimension] += 1.0
        return unit(vectors)
