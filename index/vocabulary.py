"""The words of a debate and their vectors: how near the words of a question come to the words that were said.

A vector of a whole text is the mean of its words and blurs them. Here every word of the question looks for its nearest
word: a name that nobody said stays far from all, a synonym does not.

    words = Vocabulary(["Chips last six years.", "Rates fall."], encoder)
    words.interaction(words.of("processor lifespan"))     # [0.5, 0.2]
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.lexical import pack_words, unpack_words
from index.tokens import content_words
from index.types import Encoder, Vectors


class Words(NamedTuple):
    """The content words of a question and their vectors, shape (n_words, dimension)."""

    words: tuple[str, ...] = ()
    vectors: Vectors = np.zeros((0, 0), dtype=np.float32)


class Vocabulary:
    """The content words of texts. Encodes on first use; reads are thread-safe."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        """Args: texts: what is to be told apart, one string each, whatever stands beside its words included."""
        held = [content_words(text) for text in texts]
        self._set(sorted(set().union(*held)), encoder)
        self._sizes = np.array([len(words) for words in held], dtype=np.intp)
        self._flat = np.array([self.rows[word] for words in held for word in words], dtype=np.int32)

    def _set(self, words: Sequence[str], encoder: Encoder) -> None:
        self._encoder = encoder
        self.rows = {word: row for row, word in enumerate(words)}  # every word → its row in ``vectors``

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything as plain arrays, for a file; ``of_arrays`` takes them."""
        return {"words": pack_words(list(self.rows)), "sizes": self._sizes, "flat": self._flat, "vectors": self.vectors}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]], encoder: Encoder) -> Vocabulary:
        """The vocabulary whose ``arrays`` these are, made with the same encoder."""
        made = cls.__new__(cls)
        made._set(unpack_words(arrays["words"]), encoder)
        made._sizes, made._flat = arrays["sizes"], arrays["flat"]
        made.__dict__["vectors"] = arrays["vectors"]
        return made

    @cached_property
    def vectors(self) -> Vectors:
        """Unit vectors of the words, shape (n_words, dimension)."""
        return self._encoder.encode(list(self.rows))

    @cached_property
    def _starts(self) -> NDArray[np.intp]:
        """Where the words of each text begin in ``_flat``."""
        return np.cumsum(self._sizes) - self._sizes

    def _rows_of(self, text: int) -> NDArray[np.int32]:
        start = self._starts[text]
        return self._flat[start : start + self._sizes[text]]

    def of(self, question: str) -> Words:
        """The content words of a question; vectors of words that are known already are not made again."""
        words = tuple(content_words(question))
        strangers = [word for word in words if word not in self.rows]
        fresh = dict(zip(strangers, self._encoder.encode(strangers), strict=True)) if strangers else {}
        stacked = [self.vectors[self.rows[word]] if word in self.rows else fresh[word] for word in words]
        return Words(words, np.stack(stacked)) if stacked else Words()

    def interaction(self, question: Words) -> NDArray[np.float32]:
        """How well each text meets the words of a question, each by its nearest word, rare ones weighing more.

        Shape (n_texts,), 0 to 1. The late interaction of Khattab & Zaharia, "ColBERT", SIGIR 2020, over words out of
        context, weighted by rarity: log(1 + n / (½ + texts that meet the word)).
        """
        weighed = np.zeros(len(self._sizes), dtype=np.float32)
        if not question.words or not self.rows:
            return weighed
        wordy = np.flatnonzero(self._sizes)
        near = np.maximum(question.vectors @ self.vectors.T, 0.0)
        met = np.maximum.reduceat(near[:, self._flat], self._starts[wordy], axis=1)
        rarity = np.log1p(len(self._sizes) / (0.5 + met.sum(axis=1)))
        weighed[wordy] = rarity @ met / rarity.sum()
        return weighed

    def familiarity(self, question: Words, texts: Collection[int] | None = None) -> NDArray[np.float32]:
        """For each word of a question, how near it comes to any word, shape (n_words,), ≤ 1.

        Args:
            texts: look only at these, by number, instead of at all.
        """
        if texts is None:
            there, strange = self.vectors, [word not in self.rows for word in question.words]
        else:
            held = np.unique(np.concatenate([self._rows_of(text) for text in texts]))
            there = self.vectors[held]
            strange = [self.rows.get(word, -1) not in held for word in question.words]
        best = np.ones(len(question.words), dtype=np.float32)
        if any(strange):
            best[strange] = (question.vectors[strange] @ there.T).max(axis=1, initial=-1.0)
        return best
