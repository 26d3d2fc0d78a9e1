"""The shale cycle driven by a given oil price: a system-dynamics model of rigs, output and break-even, fitted 2010–16.

Knows how drilling followed price with a delay: expectations adapt, unit cost falls with cumulative output and with
service deflation, access to money follows the margin, wells take time to build. It does not know the price (given
from outside) and misses the capital discipline after a bust: out of sample it fails upward (2017 rigs 974 against
703, 2018 1636 against 841), unless access to money is capped at 0.6 when projecting.

Ancestry: Meadows 1970 (commodity cycles), Sterman 2000 (supply-line ordering), Kydland–Prescott 1982 (time to build),
Wright 1936 (learning).

    >>> f"{shale_path(PRICES)[2013].crude:.2f}"      # 7.47 in fact
    '7.45'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.calculators.shale import BREAKEVEN, CRUDE, OIL_RIGS, OIL_RIGS_AFTER, WTI, WTI_AFTER

START, FIRST_FITTED, LAST_FITTED, END = 2009, 2010, 2016, 2018
PRICES = {year: price for year, price in {**WTI, **WTI_AFTER}.items() if year >= START}
DISCIPLINE_CAP = 0.6  # what capital discipline left of the access to money after 2016
FACTS = {"crude": CRUDE, "oil_rigs": {**OIL_RIGS, **OIL_RIGS_AFTER}, "breakeven": BREAKEVEN}
STEP = 0.25  # years; explicit Euler


@dataclass(frozen=True)
class ShaleParameters:
    """The twelve fitted numbers."""

    capacity: float = 2.14  # K̄ mb/d
    margin_exponent: float = 2.22  # η
    capacity_adjustment: float = 0.75  # τK years
    decline: float = 0.40  # δ per year
    learning_exponent: float = 0.30  # b (19 % a doubling)
    deflation: float = 0.55  # ξ
    expectation_delay: float = 0.66  # τe years
    build_time: float = 0.75  # τb years
    access_floor: float = 0.47  # φmin
    access_delay: float = 0.78  # τφ years
    access_shift: float = -0.02  # h
    cost0: float = 130.0  # c0 USD/bbl


FITTED = ShaleParameters()
RIGS_PER_ADDITION, CONVENTIONAL = 1140.67, 4.60  # rigs per mb/d a year, mb/d


@dataclass(frozen=True)
class ShaleYear:
    """Annual means of one modelled year."""

    crude: float  # mb/d
    oil_rigs: float
    breakeven: float  # USD/bbl
    phi: float  # access to money, 0–1
    margin: float  # expected price over full-cycle cost


def shale_path(
    prices: Mapping[int, float], last_year: int = END, discipline_cap: float | None = None, p: ShaleParameters = FITTED
) -> dict[int, ShaleYear]:
    """Run the open loop from 2009 and return annual means.

    P^e += dt(P−P^e)/τe; c_s = c0·max(Y,1)^−b; c = c_s(P^e/95)^ξ; m = clip(P^e/c, .2, 4);
    A* = max(0, δK+(K̄m^η−K)/τK); φ* = φmin+(1−φmin)/(1+e^{−12(m−1−h)}); φ += dt(φ*−φ)/τφ; A = min(φA*, 8);
    W = max(0, W+dt(A−W/τb)); K += dt(W/τb−δK); Y += dt·K. Crude = K+4.60; rigs = 1140.67·A·c_s/c0; break-even = c.

    Args:
        prices: oil price by year, USD/bbl, covering 2009 to `last_year`.
        last_year: last year to model.
        discipline_cap: upper bound on φ in the years after the sample (2017 on), once rigs have fallen by a fifth in
            a year.
        p: parameters.
    """
    shale, produced, expected, access = 0.76, 1.0, 75.0, 0.8  # K mb/d, Y, P^e USD/bbl, φ
    in_progress = shale * p.decline * p.build_time  # W
    path: dict[int, ShaleYear] = {}
    bust_seen = False
    for year in range(START, last_year + 1):
        sums = [0.0] * 5
        for _ in range(round(1 / STEP)):
            expected += STEP * (prices[year] - expected) / p.expectation_delay
            learned_cost = p.cost0 * max(produced, 1.0) ** -p.learning_exponent
            cost = learned_cost * (expected / 95.0) ** p.deflation
            margin = min(max(expected / cost, 0.2), 4.0)
            stock = p.capacity * margin**p.margin_exponent
            wanted = max(0.0, p.decline * shale + (stock - shale) / p.capacity_adjustment)
            closed = min(-12 * (margin - 1 - p.access_shift), 500.0)
            target = p.access_floor + (1 - p.access_floor) / (1 + math.exp(closed))
            access += STEP * (target - access) / p.access_delay
            if discipline_cap is not None and bust_seen and year > LAST_FITTED:
                access = min(access, discipline_cap)
            additions = min(access * wanted, 8.0)
            in_progress = max(0.0, in_progress + STEP * (additions - in_progress / p.build_time))
            shale += STEP * (in_progress / p.build_time - p.decline * shale)
            produced += STEP * shale
            rigs = RIGS_PER_ADDITION * additions * learned_cost / p.cost0
            for i, value in enumerate((shale + CONVENTIONAL, rigs, cost, access, margin)):
                sums[i] += STEP * value
        path[year] = ShaleYear(*sums)
        bust_seen |= year > START and path[year].oil_rigs <= 0.8 * path[year - 1].oil_rigs
    return path


@dataclass(frozen=True)
class FitRow:
    """One figure the model is held against; `error` is model/actual − 1."""

    metric: str
    year: int
    actual: float
    model: float
    in_sample: bool

    @property
    def error(self) -> float:
        """Relative error, positive when the model is too high."""
        return self.model / self.actual - 1.0


def shale_fit(p: ShaleParameters = FITTED) -> tuple[FitRow, ...]:
    """Model against fact, 2010–16 in sample, rigs of 2017–18 out of it; in the order crude, rigs, break-even."""
    path = shale_path(PRICES, p=p)
    return tuple(
        FitRow(metric, year, actual, getattr(path[year], metric), year <= LAST_FITTED)
        for metric, column in FACTS.items()
        for year, actual in column.items()
        if year > START
    )
