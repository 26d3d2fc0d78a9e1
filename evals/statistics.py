"""From many answers to one number with its uncertainty, and from two runs to a verdict.

Intervals are 95 % percentile bootstrap intervals over *cases*: the turns of one conversation are drawn together, for
they are not independent. Two runs are compared by a paired permutation test over the same cases. Both come from scipy
and are seeded: the same scores give the same report.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evals.measures import MEASURES, Measure
from evals.types import Aggregate, ReliabilityBin, ScoredTurn

RESAMPLES = 1000
SEED = 20251115
LEVEL = 0.95
# every group that a report tells apart; a turn belongs to one group of each
GROUPINGS: tuple[tuple[str, ...], ...] = (
    (), ("split",), ("language",), ("split", "language"), ("kind",), ("split", "kind"), ("language", "kind"),
    ("suite",), ("split", "suite"), ("split", "language", "suite"), ("tag",),
)  # fmt: skip
Floats = NDArray[np.float64]


class Difference(NamedTuple):
    """One measure in two runs, over the cases that both could score."""

    measure: str
    before: float
    after: float
    p_value: float | None  # two-sided; None when no case differs or there is but one
    better: int  # cases
    worse: int
    same: int


def aggregate(turns: Sequence[ScoredTurn], resamples: int = RESAMPLES) -> list[Aggregate]:
    """Every measure over every group that has answers, groups in the order of GROUPINGS, measures as declared.

    Args:
        resamples: Bootstrap resamples for the intervals; 0 leaves them out.
    """
    made: list[Aggregate] = []
    for names in GROUPINGS:
        groups: dict[tuple[str, ...], list[ScoredTurn]] = {}
        for turn in turns:
            for key in _keys(turn, names):
                groups.setdefault(key, []).append(turn)
        for key in sorted(groups):
            group = dict(zip(names, key, strict=True))
            made.extend(_one(measure, group, groups[key], resamples) for measure in MEASURES.values())
    return made


def _keys(turn: ScoredTurn, names: tuple[str, ...]) -> list[tuple[str, ...]]:
    if names == ("tag",):
        return [(tag,) for tag in turn.tags]
    return [tuple(str(getattr(turn, name)) for name in names)]


def _one(measure: Measure, group: dict[str, str], turns: Sequence[ScoredTurn], resamples: int) -> Aggregate:
    source = measure.source or measure.name
    sums: dict[str, tuple[float, float]] = {}  # case → (value × weight, weight)
    values: list[float] = []
    for turn in turns:
        score = turn.scores.get(source)
        if score is None or score.value is None:
            continue
        total, weight = sums.get(turn.case_id, (0.0, 0.0))
        sums[turn.case_id] = (total + score.value * score.weight, weight + score.weight)
        values.append(score.value)
    unscored = len(turns) - len(values)
    if not values:
        return Aggregate(measure=measure.name, group=group, value=None, scored=0, unscored=unscored)
    if measure.fold == "ratio":
        pairs = np.array(list(sums.values()), dtype=np.float64)  # (n_cases, 2)
        value = float(pairs[:, 0].sum() / pairs[:, 1].sum())
        low, high = _interval((pairs[:, 0], pairs[:, 1]), _ratio, value, resamples)
    else:
        sample = np.array(values, dtype=np.float64)
        folded = _median if measure.fold == "p50" else _p95
        value = float(folded(sample))
        low, high = _interval((sample,), folded, value, resamples)
    return Aggregate(
        measure=measure.name, group=group, value=value, low=low, high=high, scored=len(values), unscored=unscored
    )


def _ratio(totals: Floats, weights: Floats, axis: int = -1) -> Any:
    return totals.sum(axis=axis) / weights.sum(axis=axis)


def _median(values: Floats, axis: int = -1) -> Any:
    return np.percentile(values, 50, axis=axis)


def _p95(values: Floats, axis: int = -1) -> Any:
    return np.percentile(values, 95, axis=axis)


def _interval(
    samples: tuple[Floats, ...], fold: Any, value: float, resamples: int
) -> tuple[float | None, float | None]:
    """Bootstrap interval; None for fewer than two cases, which tell nothing of how cases differ."""
    if len(samples[0]) < 2 or resamples == 0:
        return None, None
    if all(np.ptp(sample) == 0 for sample in samples):  # scipy calls this degenerate; every resample is the value
        return value, value
    from scipy.stats import bootstrap

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = bootstrap(
            samples, fold, n_resamples=resamples, paired=True, vectorized=True, confidence_level=LEVEL,
            method="percentile", rng=np.random.default_rng(SEED),
        ).confidence_interval  # fmt: skip
    return float(interval.low), float(interval.high)


def reliability(
    turns: Iterable[ScoredTurn], confidences: dict[tuple[str, int], float], bins: int = 10
) -> tuple[ReliabilityBin, ...]:
    """Confidence against what the debate does answer, in bins of equal width; empty bins are left out.

    Args:
        confidences: By (case id, turn). Only turns that have a brier score count.
    """
    held: list[list[tuple[float, float]]] = [[] for _ in range(bins)]
    for turn in turns:
        confidence = confidences.get((turn.case_id, turn.turn))
        if confidence is None or turn.scores["brier"].value is None:
            continue
        held[min(int(confidence * bins), bins - 1)].append((confidence, float(turn.kind != "unanswerable")))
    return tuple(
        ReliabilityBin(
            low=at / bins, high=(at + 1) / bins, n=len(pairs), confidence=sum(c for c, _ in pairs) / len(pairs),
            answerable=sum(a for _, a in pairs) / len(pairs),
        )
        for at, pairs in enumerate(held)
        if pairs
    )  # fmt: skip


def differences(before: Sequence[ScoredTurn], after: Sequence[ScoredTurn], resamples: int = 10_000) -> list[Difference]:
    """Each measure in two runs, over the turns that both could score; measures nobody could score are left out."""
    found: list[Difference] = []
    for measure in MEASURES.values():
        if not measure.paired:
            continue
        pairs = paired(before, after, measure)
        if pairs:
            found.append(_difference(measure, pairs, resamples))
    return found


def paired(
    before: Sequence[ScoredTurn], after: Sequence[ScoredTurn], measure: Measure
) -> dict[str, tuple[float, float]]:
    """Case → (mean before, mean after) over its turns that both runs could score."""
    source = measure.source or measure.name
    earlier = {(turn.case_id, turn.turn): turn for turn in before}
    held: dict[str, list[tuple[float, float]]] = {}
    for turn in after:
        other = earlier.get((turn.case_id, turn.turn))
        old = other.scores.get(source) if other is not None else None
        new = turn.scores.get(source)
        if old is not None and new is not None and old.value is not None and new.value is not None:
            held.setdefault(turn.case_id, []).append((old.value, new.value))
    return {
        case: (sum(a for a, _ in pairs) / len(pairs), sum(b for _, b in pairs) / len(pairs))
        for case, pairs in held.items()
    }


def _difference(measure: Measure, pairs: dict[str, tuple[float, float]], resamples: int) -> Difference:
    values = np.array(list(pairs.values()), dtype=np.float64)  # (n_cases, 2)
    change = values[:, 1] - values[:, 0]
    gain = change if measure.higher_is_better else -change
    p_value: float | None = None
    if len(change) > 1 and np.any(change != 0):
        from scipy.stats import permutation_test

        p_value = float(
            permutation_test(
                (values[:, 1], values[:, 0]), _mean_difference, permutation_type="samples", vectorized=True,
                n_resamples=resamples, rng=np.random.default_rng(SEED),
            ).pvalue
        )  # fmt: skip
    return Difference(
        measure.name, float(values[:, 0].mean()), float(values[:, 1].mean()), p_value, int((gain > 0).sum()),
        int((gain < 0).sum()), int((gain == 0).sum()),
    )  # fmt: skip


def _mean_difference(after: Floats, before: Floats, axis: int = -1) -> Any:
    return (after - before).mean(axis=axis)
