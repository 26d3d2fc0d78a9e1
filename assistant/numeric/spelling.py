"""Mistyped English words of a question, put right where a declaration knows the word that was meant.

Only longer words that no declaration has, only towards one that begins alike: "deprecation" → "depreciation". The rest
of the text stays as typed, and every character keeps its place in the question.

    >>> from assistant.numeric.numerals import normalized
    >>> corrected(normalized("strait line deprecation on $2bn")).text
    'straight line depreciation on $2bn'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache, lru_cache

from assistant.calculators.registry import calculators
from corpus.normalize import Folded

SHORTEST = 6  # letters; shorter words have too many neighbours
_CUTOFF = 0.85
_ENDINGS = ("s", "d", "es", "ed", "e", "er", "or", "ing", "ion", "ly")
_WORD = re.compile(r"[a-z]{6,}")


def corrected(folded: Folded) -> Folded:
    """The same text with mistyped words replaced."""
    edits = [(*match.span(), _meant(match[0])) for match in _WORD.finditer(folded.text)]
    return replaced(folded, [edit for edit in edits if folded.text[edit[0] : edit[1]] != edit[2]])


def replaced(folded: Folded, edits: Sequence[tuple[int, int, str]]) -> Folded:
    """The same text with spans (start, end, new words) replaced; what is new stands where the old stood."""
    if not edits:
        return folded
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for start, end, words in edits:
        pieces += [folded.text[at:start], words]
        origin += folded.origin[at:start]
        origin += [folded.origin[min(start + i, end - 1)] for i in range(len(words))]
        at = end
    return Folded("".join([*pieces, folded.text[at:]]), (*origin, *folded.origin[at:]))


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    known = _vocabulary()
    if any(word in (other, *(other + ending for ending in _ENDINGS)) for other in known.get(word[0], ())):
        return word
    near = get_close_matches(word, known.get(word[0], ()), n=3, cutoff=_CUTOFF)
    return next((other for other in near if _slip(word, other)), word)


def _slip(word: str, other: str) -> bool:
    """Letters left out, doubled or swapped; another letter instead makes another word (trailing, training)."""
    shorter, longer = sorted((word, other), key=len)
    if len(shorter) == len(longer):
        return sorted(word) == sorted(other)
    letters = iter(longer)
    return all(letter in letters for letter in shorter)


@cache
def _vocabulary() -> dict[str, tuple[str, ...]]:
    """The declarations' longer English words by first letter."""
    texts = []
    for calculator in calculators().values():
        texts += [calculator.title.en, *calculator.examples, *calculator.cues.en]
        for field in calculator.fields:
            texts += [field.label.en, *field.cues.en, *(w for words in field.slot.option_cues.values() for w in words)]
        for output in calculator.outputs:
            texts += [output.label.en, *output.cues.en]
    words = sorted(set(_WORD.findall(" ".join(texts).lower())))
    return {letter: tuple(w for w in words if w[0] == letter) for letter in {w[0] for w in words}}
