"""The words of a debate and their vectors: how near the words of a question come to the words that were said.

A vector of a whole text is the mean of its words and blurs them. Here every word of the question looks for its nearest
word: a name that nobody said stays far from all, a synonym does not.

    words = Vocabulary(["Chips last six years.", "Rates fall."], encoder)
    words.interaction(words.of("processor lifespan"))     # [0.5, 0.2]
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
        self._texts, self._encoder = texts, encoder

    @cached_property
    def _held(self) -> list[list[str]]:
        return [content_words(text) for text in self._texts]

    @cached_property
    def rows(self) -> dict[str, int]:
        """Every word → its row in ``vectors``."""
        return {word: row for row, word in enumerate(sorted(set().union(*self._held)))}

    @cached_property
    def vectors(self) -> Vectors:
        """Unit vectors of the words, shape (n_words, dimension)."""
        return self._encoder.encode(list(self.rows))

    @cached_property
    def _sets(self) -> list[frozenset[str]]:
        return [frozenset(words) for words in self._held]

    @cached_property
    def _places(self) -> list[NDArray[np.intp]]:
        """Rows of each text's words."""
        return [np.array([self.rows[word] for word in words], dtype=np.intp) for words in self._held]

    @cached_property
    def _flat(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows of each text's words, text after text, and where each text begins; a text without words has row 0."""
        places = [rows if len(rows) else np.zeros(1, dtype=np.intp) for rows in self._places]
        sizes = np.array([len(rows) for rows in places], dtype=np.intp)
        return np.concatenate(places), np.cumsum(sizes) - sizes

    @cached_property
    def _wordless(self) -> NDArray[np.intp]:
        return np.array([at for at, words in enumerate(self._held) if not words], dtype=np.intp)

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
        if not question.words or not self.rows:
            return np.zeros(len(self._texts), dtype=np.float32)
        flat, starts = self._flat
        near = np.maximum(question.vectors @ self.vectors.T, 0.0)
        met = np.maximum.reduceat(near[:, flat], starts, axis=1)
        met[:, self._wordless] = 0.0
        rarity = np.log1p(len(starts) / (0.5 + met.sum(axis=1)))
        weighed: NDArray[np.float32] = (rarity @ met / rarity.sum()).astype(np.float32)
        return weighed

    def familiarity(self, question: Words, texts: Collection[int] | None = None) -> NDArray[np.float32]:
        """For each word of a question, how near it comes to any word, shape (n_words,), ≤ 1.

        Args:
            texts: look only at these, by number, instead of at all.
        """
        if texts is None:
            there, strange = self.vectors, [word not in self.rows for word in question.words]
        else:
            there = self.vectors[np.concatenate([self._places[text] for text in texts])]
            strange = [not any(word in self._sets[text] for text in texts) for word in question.words]
        best = np.ones(len(question.words), dtype=np.float32)
        if any(strange):
            best[strange] = (question.vectors[strange] @ there.T).max(axis=1, initial=-1.0)
        return best
