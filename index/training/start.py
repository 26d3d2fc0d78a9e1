"""Word vectors before training: the teacher's view of each word, in fewer dimensions, frequent words small."""

from __future__ import annotations

from collections import Counter

import numpy as np
from tokenizers import Tokenizer

from index.training.material import Material
from index.training.teacher import Matrix, Teacher
from index.training.vocabulary import english_pieces, make_tokenizer, make_vocabulary

DIMENSION = 256
SMOOTHING = 1e-3  # a of the smooth inverse frequency weight a / (a + p), Arora et al. 2017
RARE = 2e-5  # share of all words given to a word that our texts do not show


class Start:
    """Word vectors before training: the teacher's view of each word, fewer dimensions, frequent words small."""

    def __init__(self, teacher: Teacher, material: Material) -> None:
        self._teacher = teacher
        pieces = english_pieces(sorted(teacher.wordpieces, key=lambda piece: teacher.wordpieces[piece]))
        self.vocabulary = make_vocabulary(pieces, material)
        self.tokenizer = make_tokenizer(self.vocabulary)
        full = self._full_vectors(pieces, material)
        english = full[1 : len(pieces) + 1]
        self._mean = english.mean(axis=0)
        _, axes = np.linalg.eigh(np.cov((english - self._mean).T))
        self._axes = axes[:, ::-1][:, :DIMENSION].astype(np.float32)
        known = np.linalg.norm(full, axis=1, keepdims=True) > 0
        weights = _frequency_weights(self.vocabulary, self.tokenizer, len(pieces), material)
        self.vectors: Matrix = (self.reduce(full) * known * weights[:, None]).astype(np.float32)

    def reduce(self, vectors: Matrix) -> Matrix:
        """The teacher's 384 dimensions → ours, the mean of English words taken off."""
        reduced: Matrix = (vectors - self._mean) @ self._axes
        return reduced

    def _full_vectors(self, pieces: dict[str, str], material: Material) -> Matrix:
        vectors: dict[str, Matrix] = dict(zip(pieces, self._teacher.pieces(list(pieces.values())), strict=True))
        glosses: dict[str, list[str]] = {}
        for term in material.terms:
            for name in term.chinese:
                glosses.setdefault(name, []).extend(term.english)
        for character, gloss in material.characters.items():
            glosses.setdefault(character, [gloss] if gloss else [])
        for word in self.vocabulary[len(pieces) + 1 :]:
            if word.isascii():
                glosses.setdefault(word, [word])
        wanted = [word for word in self.vocabulary if word not in vectors and glosses.get(word)]
        texts = sorted({text for word in wanted for text in glosses[word]})
        by_text = dict(zip(texts, self._teacher.texts(texts), strict=True))
        for word in wanted:
            vectors[word] = np.mean([by_text[text] for text in glosses[word]], axis=0)
        nothing = np.zeros(384, dtype=np.float32)
        for word in self.vocabulary:
            if word not in vectors:  # an unknown character, or part of a term: what its characters mean
                parts = [vectors[character] for character in word if character in vectors and len(word) > 1]
                vectors[word] = np.mean(parts, axis=0) if parts else nothing
        return np.stack([vectors[word] for word in self.vocabulary])


def _frequency_weights(vocabulary: list[str], tokenizer: Tokenizer, n_english: int, material: Material) -> Matrix:
    """Smooth inverse frequency weight of each word, shape (n_words,)."""
    share = np.full(len(vocabulary), RARE)
    first_word = vocabulary.index("the")  # before it the teacher lists single letters
    for at in range(first_word, n_english + 1):
        share[at] = max(0.06 / (at - first_word + 1), RARE)
    counts = Counter(i for text in material.texts() for i in tokenizer.encode(text, add_special_tokens=False).ids)
    total = sum(counts.values())
    for at, count in counts.items():
        if not vocabulary[at].isascii():
            share[at] = max(count / total, RARE)
    for character, gloss in material.characters.items():
        if not gloss:
            share[vocabulary.index(character)] = 0.05
    weights: Matrix = (SMOOTHING / (SMOOTHING + share)).astype(np.float32)
    weights[0] = 0.0
    return weights
