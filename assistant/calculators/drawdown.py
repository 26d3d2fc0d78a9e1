"""What a fall of capex is made of: lost demand, slower growth, the funding freeze, cheaper capacity, the cycle itself.

Capex is additions times cost per GW, so logarithms add up. What the shock does to additions is shared among its three
parts by Shapley value: each part's effect averaged over the orders in which the three can be switched on; the floor κ
makes them overlap, and no order is the right one. Every share is in points of the fall, and they add up to it.

    >>> fall = drawdown(CycleParameters(shock_size=0.01), years=8, shock_step=7)      # a shock of 1 % of demand
    >>> [round(part, 2) for part in (fall.total, fall.demand, fall.growth, fall.freeze, fall.cost, fall.cycle)]
    [0.62, 0.02, 0.4, 0.39, 0.15, -0.34]
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np

from assistant.calculators.closed_loop import Array, CycleParameters, CyclePath, by_year, simulate

# what switches a part of the shock off
OFF = {"shock_size": 0.0, "growth_after": 1.0, "freeze": 0.0}
NOTHING = 1e-9
SUBSETS = [
    frozenset(chosen) for n in range(len(OFF), -1, -1) for chosen in combinations(OFF, n)
]  # the full shock first


@dataclass(frozen=True)
class Drawdown:
    """The largest fall of annual capex from an earlier year, 0–1, and the points of it that each cause makes."""

    total: float
    demand: float  # J, demand lost
    growth: float  # demand growing more slowly after
    freeze: float  # money at its floor
    cost: float  # a GW costs less by learning: fewer dollars, not fewer GW
    cycle: float  # what happens without any shock


def with_variants(p: CycleParameters, years: int, shock_step: int) -> CyclePath:
    """The scenario in draw 0 and, beside it, every subset of the shock's three parts; (steps, 8)."""
    parts = {
        name: np.array([getattr(p, name) if name in subset else off for subset in SUBSETS]) for name, off in OFF.items()
    }
    return simulate(replace(p, **parts), years, shock_step=shock_step)


def drawdown(p: CycleParameters, years: int, shock_step: int | None) -> Drawdown:
    """Run the scenario and take its largest fall apart; fields of `p` are floats."""
    path = simulate(p, years) if shock_step is None else with_variants(p, years, shock_step)
    return taken_apart(by_year(path.capex), by_year(path.additions))


def taken_apart(capex: Array, additions: Array) -> Drawdown:
    """The fall of a run's capex by cause.

    Args:
        capex: USD bn by (year, variant), the scenario first, then the subsets in the order of `SUBSETS`, or it alone.
        additions: GW, likewise.
    """
    spent = capex[:, 0]
    peaks = np.maximum.accumulate(spent)
    falls = np.where(peaks > NOTHING, 1.0 - spent / np.maximum(peaks, NOTHING), 0.0)  # without κ nothing may be built
    low = int(np.argmax(falls))
    high, total = int(np.argmax(spent[: low + 1])), float(falls[low])
    if total <= 0.0:
        return Drawdown(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    built = np.log(
        np.maximum(additions[low], NOTHING) / np.maximum(additions[high], NOTHING)
    )  # (variants,), additions after the fall over before
    whole = float(np.log(np.maximum(spent[low], NOTHING) / spent[high]))
    share = total / whole
    parts = _shapley(built) if len(built) == len(SUBSETS) else dict.fromkeys(OFF, 0.0)
    return Drawdown(
        total, demand=share * parts["shock_size"], growth=share * parts["growth_after"], freeze=share * parts["freeze"],
        cost=share * (whole - float(built[0])), cycle=share * float(built[-1]),
    )  # fmt: skip


def _shapley(worth: Array) -> dict[str, float]:
    """Each part's average effect over all orders, from the worth of every subset in the order of `SUBSETS`."""
    value, n = dict(zip(SUBSETS, worth.tolist(), strict=True)), len(OFF)
    return {
        part: sum(
            factorial(len(s)) * factorial(n - len(s) - 1) / factorial(n) * (value[s | {part}] - value[s])
            for s in SUBSETS
            if part not in s
        )
        for part in OFF
    }
