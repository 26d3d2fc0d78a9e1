"""When an AI shock might come and what it would do: the closed loop over thousands of drawn assumptions.

Knows distributions of the shock's date, of the fall in capex and of the later unit cost. The date is an input in
disguise: it follows the base hazard λ0, which is judgement, so λ0 is printed beside every result.

No seed is chosen: the draws are split over ten consecutive seeds, pooled, and the ten give the standard error. A shock
is drawn by the quarter and its date spread evenly inside it.

    >>> result = monte_carlo()
    >>> f"{result.p_no_shock:.2f}", [f"{q:.2f}" for q in result.unit_cost_ratio]
    ('0.26', ['0.64', '0.75', '0.84'])
    >>> f"{result.years_to_shock[1]:.1f} ± {result.years_error[1]:.2f}"
    '2.7 ± 0.01'
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.calculators.closed_loop import (
    STEP,
    STEPS_PER_YEAR,
    Array,
    CycleParameters,
    by_year,
    simulate,
)

# field of CycleParameters → (low, high) of its triangular distribution, as multiples of the mode; the defaults are
# g .2–.6 (mode .4), LR .1–.3 (.2), ε .8–2 (1.3), J .15–.55 (.35), λ0 .04–.15 (.08), τb 1–2.5 (1.5)
SPREAD: dict[str, tuple[float, float]] = {
    "growth": (0.2 / 0.4, 0.6 / 0.4),
    "learning_rate": (0.1 / 0.2, 0.3 / 0.2),
    "elasticity": (0.8 / 1.3, 2.0 / 1.3),
    "shock_size": (0.15 / 0.35, 0.55 / 0.35),
    "hazard": (0.04 / 0.08, 0.15 / 0.08),
    "build_time": (1.0 / 1.5, 2.5 / 1.5),
}
BATCHES = 10
DRAWS = 20_000
HORIZON = 12  # years
LATER = 3  # years after a shock at which unit cost is read
QUANTILES = (10.0, 50.0, 90.0)
FAN = (10.0, 25.0, 50.0, 75.0, 90.0)
DEFAULTS = CycleParameters()


@dataclass(frozen=True)
class MonteCarlo:
    """Distributions over draws; triples are the 10th, 50th and 90th percentile, an error is one standard error."""

    p_no_shock: float
    p_error: float
    years_to_shock: tuple[float, ...]  # among shocks early enough to be followed for three years
    years_error: tuple[float, ...]
    capex_drawdown: tuple[float, ...]  # fall from the quarter of the shock to the lowest within two years
    unit_cost_ratio: tuple[float, ...]  # three years after the shock over at the shock
    shocks_by_year: tuple[float, ...]  # share of all draws whose shock falls in that year of the run
    capex_fan: tuple[tuple[float, ...], ...]  # FAN × years, $bn a year


@dataclass(frozen=True)
class _Batch:
    """One seed's draws: arrays over the shocks that can be followed, and over all draws."""

    dates: Array  # years from the start
    drawdown: Array
    cost_ratio: Array
    struck_years: NDArray[np.int64]  # (horizon,) shocks by year
    annual: Array  # (horizon, draws) $bn
    no_shock: float


@lru_cache(maxsize=32)
def monte_carlo(
    modes: CycleParameters = DEFAULTS, draws: int = DRAWS, horizon: int = HORIZON, seed: int = 0
) -> MonteCarlo:
    """Draw assumptions and shocks, and summarise.

    Each parameter in SPREAD is triangular around its mode in `modes`; the rest is fixed. A shock is drawn each
    quarter with probability 1−e^{−λ·dt}. Percentiles are linear-interpolated.

    Args:
        modes: most likely values (floats).
        draws: number of runs, at least 100; a tenth of them by each of ten seeds.
        horizon: years, at least 5.
        seed: the first of the ten, for numpy's default generator; the same seed gives the same numbers.
    """
    batches = [_batch(modes, draws // BATCHES, horizon, seed + k) for k in range(BATCHES)]
    dates = np.concatenate([b.dates for b in batches])
    chances = np.array([b.no_shock for b in batches])
    medians = np.array([_percentiles(b.dates) for b in batches if b.dates.size])  # (batches, quantiles)
    annual = np.concatenate([b.annual for b in batches], axis=1)
    return MonteCarlo(
        p_no_shock=float(chances.mean()),
        p_error=float(chances.std(ddof=1) / BATCHES**0.5),
        years_to_shock=_percentiles(dates),
        years_error=tuple((medians.std(axis=0, ddof=1) / len(medians) ** 0.5).tolist()) if len(medians) > 1 else (),
        capex_drawdown=_percentiles(np.concatenate([b.drawdown for b in batches])),
        unit_cost_ratio=_percentiles(np.concatenate([b.cost_ratio for b in batches])),
        shocks_by_year=tuple((sum(b.struck_years for b in batches) / annual.shape[1]).tolist()),
        capex_fan=tuple(tuple(row) for row in np.percentile(annual, FAN, axis=1).tolist()),
    )


def _batch(modes: CycleParameters, draws: int, horizon: int, seed: int) -> _Batch:
    rng = np.random.default_rng(seed)
    drawn = {
        name: rng.triangular(low * getattr(modes, name), getattr(modes, name), high * getattr(modes, name), draws)
        for name, (low, high) in SPREAD.items()
    }
    # one quarter longer than the horizon, so that a shock on the last eligible day can be followed for three years
    path = simulate(replace(modes, **drawn), horizon + 1, rng=rng, keep=("capex", "unit_cost"))
    steps = horizon * STEPS_PER_YEAR
    struck = path.shock_step
    within = (struck >= 0) & (struck < steps)
    follow = np.flatnonzero(within & (struck <= steps - LATER * STEPS_PER_YEAR))
    at = struck[follow]
    window = np.stack([path.capex[at + ahead, follow] for ahead in range(2 * STEPS_PER_YEAR + 1)])
    return _Batch(
        dates=(at + rng.random(at.size)) * STEP,
        drawdown=1.0 - window.min(axis=0) / window[0],
        cost_ratio=path.unit_cost[at + LATER * STEPS_PER_YEAR, follow] / path.unit_cost[at, follow],
        struck_years=np.bincount(struck[within] // STEPS_PER_YEAR, minlength=horizon),
        annual=by_year(path.capex[:steps]),
        no_shock=float(1.0 - within.mean()),
    )


def _percentiles(values: NDArray[np.floating[Any]]) -> tuple[float, ...]:
    """The 10th, 50th and 90th percentile; empty when nothing was observed."""
    return tuple(np.percentile(values, QUANTILES).tolist()) if values.size else ()
