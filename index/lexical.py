"""BM25 over terms: which documents share a question's words, and how much of it they cover.

Plain postings in numpy; at a debate's size a query takes microseconds and needs no import beyond numpy.
Source: Robertson & Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, with Lucene's
non-negative idf.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]


def pack_words(words: Sequence[str]) -> NDArray[np.uint8]:
    """Words that hold no newline → one array of bytes."""
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def unpack_words(packed: NDArray[np.uint8]) -> list[str]:
    """The words that were packed."""
    return packed.tobytes().decode("utf-8", "surrogatepass").split("\n") if len(packed) else []


class LexicalIndex:
    """Postings of a fixed list of documents."""

    def __init__(self, documents: Sequence[Sequence[str]], k1: float = 1.2, b: float = 0.6) -> None:
        """Args: documents: the terms of each document, in order; repeats count."""
        self.size = len(documents)
        self._k1 = k1
        self._postings: dict[str, tuple[NDArray[Any], Scores]] = {}
        lengths = np.array([len(d) for d in documents], dtype=np.float32)
        mean = float(lengths.mean()) if self.size and lengths.any() else 1.0
        norms = k1 * (1 - b + b * lengths / mean)
        gathered: dict[str, tuple[list[int], list[int]]] = {}
        for number, document in enumerate(documents):
            for term, count in Counter(document).items():
                ids, counts = gathered.setdefault(term, ([], []))
                ids.append(number)
                counts.append(count)
        for term, (ids, counts) in gathered.items():
            where = np.array(ids, dtype=np.intp)
            frequency = np.array(counts, dtype=np.float32)
            weight = self._idf(len(ids)) * frequency * (k1 + 1) / (frequency + norms[where])
            self._postings[term] = (where, weight.astype(np.float32))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as plain arrays, for a file; ``of_arrays`` takes them."""
        terms = list(self._postings)
        postings = list(self._postings.values())
        return {
            "size": np.array([self.size, self._k1], dtype=np.float64),
            "terms": pack_words(terms),
            "ends": np.cumsum([len(ids) for ids, _ in postings], dtype=np.int64),
            "ids": np.concatenate([ids for ids, _ in postings] or [np.empty(0)]).astype(np.int32),
            "weights": np.concatenate([weights for _, weights in postings] or [np.empty(0, dtype=np.float32)]),
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LexicalIndex:
        """The index whose ``arrays`` these are."""
        made = cls([])
        made.size, made._k1 = int(arrays["size"][0]), float(arrays["size"][1])
        ids, weights, start = arrays["ids"], arrays["weights"], 0
        for term, end in zip(unpack_words(arrays["terms"]), arrays["ends"].tolist(), strict=True):
            made._postings[term] = (ids[start:end], weights[start:end])
            start = end
        return made

    def _idf(self, document_frequency: int) -> float:
        return math.log(1 + (self.size - document_frequency + 0.5) / (document_frequency + 0.5))

    def idf(self, term: str) -> float:
        """How telling a term is; unseen terms are the most telling."""
        posting = self._postings.get(term)
        return self._idf(0 if posting is None else len(posting[0]))

    def __contains__(self, term: str) -> bool:
        return term in self._postings

    def scores(self, query: Sequence[str]) -> Scores:
        """BM25 of every document, shape (size,), higher is better."""
        total: Scores = np.zeros(self.size, dtype=np.float32)
        for term in query:
            posting = self._postings.get(term)
            if posting is not None:
                total[posting[0]] += posting[1]
        return total

    def shares(self, query: Sequence[str]) -> Scores:
        """``scores`` as a share of the most that a document could score, shape (size,), 0 to 1."""
        most = (self._k1 + 1) * sum(self.idf(term) for term in query)
        return self.scores(query) / np.float32(most) if most else self.scores(query)

    def coverage(self, query: Sequence[str]) -> Scores:
        """Share of the query's idf weight that each document holds, shape (size,), 0 to 1."""
        covered: Scores = np.zeros(self.size, dtype=np.float32)
        whole = 0.0
        for term in query:
            weight = self.idf(term)
            whole += weight
            posting = self._postings.get(term)
            if posting is not None:
                covered[posting[0]] += weight
        return covered / np.float32(whole) if whole else covered
