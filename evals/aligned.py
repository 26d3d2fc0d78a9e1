"""Which word of one text is which of another: an alignment of two sequences of words that keeps their order.

Runs of four words that stand once in both are matched first (the longest chain of them, as in patience diff); what lies
between is small and goes to ``difflib``. Pure.

    >>> aligned("the tram costs ninety million".split(), "well the tram costs nine million".split())
    [1, 2, 3, None, 5]
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_RUN = 4  # words of an anchor
_FEW = 4_000_000  # product of two lengths from which on common words anchor nothing


def aligned(wanted: Sequence[str], got: Sequence[str]) -> list[int | None]:
    """For every word of ``wanted`` the place of its counterpart in ``got``, or None; places only ever grow."""
    places: list[int | None] = [None] * len(wanted)
    i = j = 0
    for a, b in (*_anchors(wanted, got), (len(wanted), len(got))):
        if a < i or b < j:
            continue  # within the run of the anchor before
        _between(wanted, got, (i, a), (j, b), places)
        i, j = a, b
        while i < len(wanted) and j < len(got) and wanted[i] == got[j]:
            places[i] = j
            i, j = i + 1, j + 1
    return places


def _anchors(wanted: Sequence[str], got: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The longest chain of runs of words that stand once in each."""
    there = dict(_single(got))
    pairs = [(place, there[run]) for run, place in _single(wanted) if run in there]
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for number, (_, b) in enumerate(pairs):
        at = bisect_left(tails, b)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1], ends[at : at + 1] = [b], [number]
    chain = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    yield from reversed(chain)


def _single(words: Sequence[str]) -> list[tuple[tuple[str, ...], int]]:
    runs = [tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)]
    times = Counter(runs)
    return [(run, place) for place, run in enumerate(runs) if times[run] == 1]


def _between(
    wanted: Sequence[str], got: Sequence[str], a: tuple[int, int], b: tuple[int, int], places: list[int | None]
) -> None:
    if a[0] == a[1] or b[0] == b[1]:
        return
    mine, other = wanted[slice(*a)], got[slice(*b)]
    matcher = SequenceMatcher(None, mine, other, autojunk=len(mine) * len(other) > _FEW)
    for i, j, size in matcher.get_matching_blocks():
        for k in range(size):
            places[a[0] + i + k] = b[0] + j + k
