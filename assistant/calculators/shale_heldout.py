"""The shale model refitted without each year: what it says of a year it has not seen, and how far to trust a scenario.

Twelve parameters on eighteen figures fit nearly anything; the error that counts is that of the year left out. The seven
refits also differ from one another where the figures do not settle a parameter, so a scenario run through all of them
has a band. `python -m assistant.calculators.shale_heldout` fits again and prints the table below.

    >>> sorted({row.year for row in held_out()})
    [2010, 2011, 2012, 2013, 2014, 2015, 2016]
    >>> round(typical_error("crude"), 3), round(typical_error("oil_rigs"), 2)
    (0.021, 0.28)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import astuple
from functools import cache

import numpy as np

from assistant.calculators.shale_model import (
    DISCIPLINE_CAP,
    FACTS,
    FIRST_FITTED,
    FITTED,
    LAST_FITTED,
    FitRow,
    ShaleParameters,
    ShaleYear,
    shale_fit,
    shale_path,
)

# what a metric's error is measured in when fitting: the published fit's own
SCALE = {"crude": 0.011, "oil_rigs": 0.096, "breakeven": 0.05}
YEARS = range(FIRST_FITTED, LAST_FITTED + 1)


def refit(without: int) -> ShaleParameters:
    """Least squares on 2010–16 without one year, from the published values within 0.6–1.6 of them; half a second."""
    from scipy.optimize import least_squares

    start = np.array(astuple(FITTED))
    low, high = np.where(start > 0, start * 0.6, -0.2), np.where(start > 0, start * 1.6, 0.2)

    def errors(values: np.ndarray) -> list[float]:
        rows = shale_fit(ShaleParameters(*values.tolist()))
        return [row.error / SCALE[row.metric] for row in rows if row.in_sample and row.year != without]

    made = least_squares(errors, start, bounds=(low, high), x_scale=np.maximum(np.abs(start), 0.1), max_nfev=200)
    return ShaleParameters(*(float(f"{value:.5g}") for value in made.x))


_P = ShaleParameters
# year left out → what the rest gives, in the order of ShaleParameters; printed by this module
REFITS: dict[int, ShaleParameters] = {
    2010: ShaleParameters(
        2.2937, 1.9211, 0.6733, 0.44464, 0.38211, 0.44519, 0.76121, 0.70619, 0.41697, 0.468, -0.2, 152.95
    ),
    2011: ShaleParameters(
        2.5308, 1.6685, 0.61809, 0.46987, 0.39631, 0.43041, 0.74163, 0.82228, 0.45724, 1.2362, -0.1392, 160.29
    ),
    2012: ShaleParameters(
        2.7096, 1.3823, 0.51638, 0.56631, 0.47555, 0.33, 0.77185, 0.93801, 0.37409, 1.0429, -0.2, 187.31
    ),
    2013: ShaleParameters(
        2.3808, 1.6708, 0.59903, 0.48035, 0.38118, 0.42644, 0.79234, 0.87834, 0.43557, 0.73522, -0.07059, 150.33
    ),
    2014: ShaleParameters(
        2.6253, 1.3615, 0.53459, 0.55896, 0.47742, 0.33, 0.8142, 0.94996, 0.42738, 0.85211, -0.2, 185.46
    ),
    2015: ShaleParameters(
        2.6729, 1.5058, 0.45, 0.47647, 0.4457, 0.46722, 0.5918, 1.0623, 0.28788, 1.1705, -0.2, 181.97
    ),
    2016: ShaleParameters(
        3.103, 1.332, 0.77162, 0.56385, 0.46752, 0.33737, 0.6133, 0.88876, 0.45382, 0.63954, -0.2, 191.15
    ),
}


@cache
def held_out() -> tuple[FitRow, ...]:
    """Each year of 2010–16 as the model fitted without it says; in the order of years."""
    return tuple(row for year, p in REFITS.items() for row in shale_fit(p) if row.year == year)


@cache
def typical_error(metric: str) -> float:
    """Root mean square of ln(model/actual) over the years left out: 0.2 is about 20 %."""
    return math.sqrt(sum(math.log(row.model / row.actual) ** 2 for row in held_out() if row.metric == metric)
                     / sum(row.metric == metric for row in held_out()))  # fmt: skip


def band(prices: Mapping[int, float], year: int, discipline: bool = False) -> dict[str, tuple[float, float]]:
    """Low and high of each metric in a year of a scenario: all refits, widened by the typical error of a year unseen.

    Past the sample rigs are widened downward by the miss of 2018. Every figure of 2010–16 lies inside at the actual
    price; nothing in it covers feedbacks that the model does not have.

    Args:
        prices: oil price of every year from 2009, USD/bbl.
        year: 2009–2018.
        discipline: as in `cycle_sim`.
    """
    cap = DISCIPLINE_CAP if discipline else None
    runs = [shale_path(prices, year, cap, p)[year] for p in (FITTED, *REFITS.values())]
    return {metric: _widened(runs, metric, year, discipline) for metric in FACTS}


def _widened(runs: list[ShaleYear], metric: str, year: int, discipline: bool) -> tuple[float, float]:
    values, spread = [getattr(run, metric) for run in runs], typical_error(metric)
    low, high = min(values) * math.exp(-spread), max(values) * math.exp(spread)
    if year > LAST_FITTED and metric == "oil_rigs" and not discipline:
        after = [math.log(row.model / row.actual) for row in shale_fit() if not row.in_sample]
        low = min(low, getattr(runs[0], metric) * math.exp(-max(after)))
    return low, high


if __name__ == "__main__":
    for left_out in YEARS:
        print(f"    {left_out}: _P({', '.join(f'{value:g}' for value in astuple(refit(left_out)))}),")
