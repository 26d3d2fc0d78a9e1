"""One ranking over several debates: the legs of each, weighed against what is usual in all of them together.

Within one debate a leg counts by how far a sentence stands out among its own. Over several, that would make the best
of a debate that never speaks of the matter look like the best of one that does; so mean and deviation of each leg are
taken over all sentences of all debates that are searched with one encoder, whose cosines are calibrated to be
comparable.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from index.search import Legs, PassageIndex, Scores


def fused(found: Sequence[tuple[PassageIndex, Legs]]) -> list[Scores]:
    """How likely each unit of each debate is to be the one that answers, if any does.

    Returns:
        For each debate an array of shape (n_units,), in order; together they sum to 1, or are all 0.
    """
    legs = _with_common_usual(found)
    totals = [index.weighed(own) for (index, _), own in zip(found, legs, strict=True)]
    allowed = [own.allowed & _anything(own) for own in legs]
    best = max((float(t[a].max()) for t, a in zip(totals, allowed, strict=True) if a.any()), default=None)
    if best is None:
        return [np.zeros_like(total) for total in totals]
    odds = [np.where(a, np.exp(np.minimum(t - best, 0)), np.float32(0)) for t, a in zip(totals, allowed, strict=True)]
    whole = sum(float(own.sum()) for own in odds)
    return [(own / np.float32(whole)).astype(np.float32) for own in odds]


def _anything(legs: Legs) -> bool:
    return any((scores[legs.allowed] > 0).any() for scores in legs.scores.values())


def _with_common_usual(found: Sequence[tuple[PassageIndex, Legs]]) -> list[Legs]:
    """The legs, each with mean and deviation over all debates of its encoder."""
    told: dict[tuple[str, str], list[tuple[int, float, float]]] = defaultdict(list)
    for index, legs in found:
        for name, scores in legs.scores.items():
            speech = scores[: len(index.transcript.sentences)]
            mean, deviation = legs.usual.get(name) or (float(speech.mean()), float(speech.std()))
            told[index.encoder.name, name].append((len(speech), mean, deviation))
    common = {}
    for key, rows in told.items():
        count = sum(n for n, _, _ in rows)
        mean = sum(n * m for n, m, _ in rows) / count
        square = sum(n * (d * d + m * m) for n, m, d in rows) / count
        common[key] = (mean, max(square - mean * mean, 0.0) ** 0.5)
    return [
        legs._replace(usual={name: common[index.encoder.name, name] for name in legs.scores if name != "context"})
        for index, legs in found
    ]
