"""Words of a claim paired with their nearest words in its evidence, by what the encoder makes of them in context.

What comes of it: how well each word is met, whether a met word is negated on one side only, and whether the words come
in another order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.verification.lexicon import stem, words
from corpus.normalize import fold_text
from index.tokens import ENGLISH_STOP

_GRAMMAR = frozenset(words("grammar"))
_ENGLISH = "|".join(w for w in words("reporting") if w.isascii())
_CHINESE = "|".join(w for w in words("reporting") if not w.isascii())
_REPORTING = re.compile(rf"^.{{0,40}}?\b(?:{_ENGLISH})(?: that)?\s|^[^，,。]{{1,8}}?(?:{_CHINESE})[，,:：]?")
_WORD = re.compile(r"[\u3400-\u9fff]+|[A-Za-z]+(?:['’][a-z]+)?|\d+(?:[.,]\d+)*|[^\s\w]")


class Read(NamedTuple):
    """A text as the encoder reads it."""

    offsets: list[tuple[int, int]]
    states: NDArray[np.float32]  # (tokens, dimension), unit rows
    vector: NDArray[np.float32]  # calibrated, unit


Reading = Callable[[str], Read]


class Word(NamedTuple):
    """A word of matter in a claim, and its nearest in the evidence."""

    text: str
    start: int
    near: float  # cosine
    text_at: int  # which text of the evidence
    other: str  # the nearest word there
    other_start: int


def bare(claim: str) -> int:
    """Where the matter of a claim begins: after "Bruce says that"."""
    match = _REPORTING.match(claim)
    return match.end() if match else 0


@lru_cache(maxsize=8192)
def spans(text: str, start: int = 0) -> tuple[tuple[int, int], ...]:
    """The words of matter of a text; Chinese runs are left whole, to be cut as the tokens are."""
    return tuple(m.span() for m in _WORD.finditer(text) if m.start() >= start and any(c.isalnum() for c in m[0]))


def words_of(text: str, read: Read, start: int = 0) -> tuple[list[tuple[int, int]], NDArray[np.float32]]:
    """Words of matter and their vectors (n_words, dimension), unit rows: tokens of one Latin word pooled."""
    places: list[tuple[int, int]] = []
    vectors = []
    cuts = spans(text, start)
    for a, b in cuts:
        inside = [n for n, (x, y) in enumerate(read.offsets) if x < b and y > a]
        if not inside:
            continue
        chinese = "\u3400" <= text[a] <= "\u9fff"
        groups = [[n] for n in inside] if chinese else [inside]
        for group in groups:
            x = max(a, read.offsets[group[0]][0])
            y = min(b, read.offsets[group[-1]][1])
            piece = text[x:y].strip()
            if not piece or piece.casefold() in ENGLISH_STOP or piece in _GRAMMAR:
                continue
            places.append((x, y))
            vector = read.states[group].mean(axis=0)
            vectors.append(vector / (np.linalg.norm(vector) + 1e-9))
    dimension = read.states.shape[1]
    return places, np.stack(vectors) if vectors else np.zeros((0, dimension), dtype=np.float32)


def pairs(claim: str, texts: Sequence[str], reading: Reading) -> list[Word]:
    """Each word of matter of the claim with its nearest in any of the texts."""
    mine, rows = words_of(claim, reading(claim), bare(claim))
    if not mine:
        mine, rows = words_of(claim, reading(claim))
    found: list[Word] = []
    held = [words_of(text, reading(text)) for text in texts]
    flat = [(k, place) for k, (places, _) in enumerate(held) for place in places]
    if not flat or not mine:
        return []
    grid = rows @ np.concatenate([vectors for _, vectors in held if len(vectors)]).T
    for n, (a, b) in enumerate(mine):
        best = int(grid[n].argmax())
        k, (x, y) = flat[best]
        found.append(Word(claim[a:b], a, float(grid[n, best]), k, texts[k][x:y], x))
    return found


def same_word(word: Word) -> bool:
    """Whether a word was met by itself: alike, of one stem, or one Chinese word within the other."""
    one, other = fold_text(word.text), fold_text(word.other)
    if one.isascii() and other.isascii():
        return one == other or stem(one) == stem(other)
    return one in other or other in one
