"""The AI build-out as a closed loop: capacity, price, cost, funding, and the hazard of a shock; one draw or thousands.

Knows how capex would unfold if capacity chased growing demand while price, unit cost and access to money answered.
It does not know when a shock comes: the hazard's base rate λ0, like P0, c0, ε and J, is judgement. All arrays are
(draws,) or (steps, draws); nothing here draws random parameters (`monte_carlo` does).

Units: GW in service, $bn per GW-year for price and unit cost, $bn per year for capex and cash flow, years.

Ancestry: Sterman 2000 (supply-line ordering), Kydland–Prescott 1982 (time to build), Greenwood–Hanson 2015 (ship
investment), Wright 1936 (learning).

    >>> base = simulate(CycleParameters(), years=5)
    >>> [round(capex) for capex in by_year(base.capex)[:, 0]]
    [519, 1000, 1254, 1279, 1244]
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIRST_YEAR = 2026  # the model starts on 1 January of this year
STEP = 0.25  # years; explicit Euler
STEPS_PER_YEAR = 4
CAPACITY_ADJUSTMENT = 1.5  # τK years
DECAY, EXPECTATION_DELAY = 0.17, 0.7  # δ per year, τe years
ACCESS_DELAY, ACCESS_SHIFT = 0.75, -0.05  # τφ years, h
GROWTH_FADE = 0.20  # demand growth decays at 20 % a year, continuously: g·e^{−0.2t}


@dataclass(frozen=True)
class CycleParameters:
    """What a run assumes; every field a float or an array (draws,)."""

    growth: Any = 0.40  # g, demand growth a year at the start
    learning_rate: Any = 0.20  # LR, unit-cost fall per doubling of cumulative additions
    elasticity: Any = 1.3  # ε, demand elasticity
    shock_size: Any = 0.35  # J, share of demand lost in a shock
    hazard: Any = 0.08  # λ0, base rate of a shock per year
    build_time: Any = 1.5  # τb, years
    price0: Any = 12.0  # P0, revenue, $bn per GW-year
    cost0: Any = 11.0  # c0, full-cycle cost, $bn per GW-year
    capex_per_gw: Any = 42.0  # k0, $bn per GW
    cash_flow: Any = 700.0  # CFO of the builders in 2026, $bn a year
    cash_growth: Any = 0.12  # a year
    capacity0: Any = 20.0  # K0 GW
    additions0: Any = 10.0  # A0 GW a year
    freeze: Any = 2.0  # years for which a shock holds access to money at its floor
    growth_after: Any = 0.5  # demand growth after a shock, as a multiple of before
    spending_floor: Any = 0.5  # κ: additions never fall below this share of a year ago (rigs fell −51 %, −46 %)
    response: Any = 2.0  # η: wanted capacity ∝ margin^η
    access_floor: Any = 0.35  # φmin: the least access to money


@dataclass(frozen=True)
class CyclePath:
    """A run; arrays are (steps, draws), those not asked for empty.

    `shock_step` (draws,) is the quarter at whose end the shock strikes, −1 for none.
    """

    capex: Array  # annual rate, $bn
    additions: Array  # GW a year
    unit_cost: Array  # $bn per GW-year
    price: Array  # $bn per GW-year
    capacity: Array  # GW
    demand: Array  # GW
    margin: Array  # expected price over unit cost
    external_share: Array  # of capex, 0–1
    hazard: Array  # per year
    shock_step: NDArray[np.int64]


SERIES = tuple(name for name in CyclePath.__dataclass_fields__ if name != "shock_step")


class _Loop:
    """The state of a run, (draws,) each, and one quarter of it."""

    def __init__(self, p: CycleParameters) -> None:
        self.q = q = p  # what is one number stays one: a power of it is cheaper than of an array
        self.draws = max(np.size(value) for value in vars(p).values())
        self.exponent = -np.log2(1.0 - np.asarray(q.learning_rate))  # b
        self.margin0 = q.price0 / q.cost0
        self.demand, self.capacity, self.cumulative = (self._full(q.capacity0) for _ in range(3))
        self.in_progress = self._full(q.additions0 * q.build_time)  # W
        self.expected, self.access, self.growth_left = self._full(q.price0), self._full(1.0), self._full(1.0)
        self.struck = np.full(self.draws, -1, dtype=np.int64)
        self.frozen_until = self._full(-1.0)

    def _full(self, value: Any) -> Array:
        return np.broadcast_to(np.asarray(value, dtype=float), self.draws).copy()

    def strike(self, hit: NDArray[np.bool_], step: int) -> None:
        """A shock at the end of quarter `step`, where `hit`."""
        self.demand = np.where(hit, self.demand * (1.0 - self.q.shock_size), self.demand)
        self.growth_left = np.where(hit, self.growth_left * self.q.growth_after, self.growth_left)
        self.struck[hit] = step
        self.frozen_until = np.where(hit, step + np.rint(self.q.freeze * STEPS_PER_YEAR), self.frozen_until)

    def quarter(self, step: int, year_ago: Array) -> dict[str, Array]:
        """What is built and paid in quarter `step`, under the names of `SERIES`; moves expectations and access."""
        q = self.q
        self.growth = q.growth * np.exp(-GROWTH_FADE * step * STEP) * self.growth_left
        scarcity = np.exp(np.log(self.demand / self.capacity) / q.elasticity)
        price = q.price0 * np.clip(scarcity, 0.25, 2.0)
        self.expected += STEP * (price - self.expected) / EXPECTATION_DELAY
        learned = np.exp(-self.exponent * np.log(self.cumulative / q.capacity0))  # c_s/c0
        unit_cost = q.cost0 * learned * (self.expected / q.price0) ** 0.2
        margin = self.expected / unit_cost
        cash_flow = q.cash_flow * (1.0 + q.cash_growth) ** (step * STEP + STEP)
        cost_per_gw = q.capex_per_gw * learned
        wanted = self._wanted(margin)
        strain = 4.0 * np.maximum(0.0, cost_per_gw * wanted / cash_flow - 1.5)
        closed = np.minimum(-12 * (margin - 1 - ACCESS_SHIFT) + strain, 500.0)  # beyond that exp overflows; φ* is φmin
        target = q.access_floor + (1 - q.access_floor) / (1 + np.exp(closed))
        target = np.where(step <= self.frozen_until, q.access_floor, target)
        self.access += STEP * (target - self.access) / ACCESS_DELAY
        additions = np.maximum(self.access * wanted, q.spending_floor * year_ago)
        capex = cost_per_gw * additions
        ratio = capex / cash_flow  # R
        danger = 1.5 * np.maximum(ratio - 1, 0.0) + 3 * np.maximum(1 - margin, 0.0)
        return {
            "capex": capex, "additions": additions, "unit_cost": unit_cost, "price": price, "capacity": self.capacity,
            "demand": self.demand, "margin": margin, "hazard": q.hazard * np.exp(np.minimum(danger, 500.0)),
            "external_share": np.maximum(0.0, 1.0 - 1.0 / np.maximum(ratio, 1e-9)),
        }  # fmt: skip

    def _wanted(self, margin: Array) -> Array:
        """Additions that would close the gap to the wanted capacity, A* in GW a year."""
        q = self.q
        stock = (
            self.demand
            * np.exp(np.minimum(self.growth, 0.6) * q.build_time)
            * np.clip(margin / self.margin0, 0.2, 3.0) ** q.response
        )
        supply_line = self.in_progress - DECAY * self.capacity * q.build_time
        wanted: Array = DECAY * self.capacity + (stock - self.capacity - supply_line) / CAPACITY_ADJUSTMENT
        return np.maximum(0.0, wanted)

    def advance(self, additions: Array) -> None:
        """To the end of the quarter: what was begun enters service, what is old leaves, demand grows."""
        self.in_progress = np.maximum(0.0, self.in_progress + STEP * (additions - self.in_progress / self.q.build_time))
        finished = self.in_progress / self.q.build_time
        self.capacity = self.capacity + STEP * (finished - DECAY * self.capacity)
        self.cumulative = self.cumulative + STEP * finished
        self.demand = self.demand * np.exp(self.growth * STEP)


def simulate(
    p: CycleParameters, years: int, *, shock_step: int | None = None, rng: np.random.Generator | None = None,
    keep: Collection[str] = SERIES,
) -> CyclePath:  # fmt: skip
    """Run the closed loop from 1 January 2026.

    P = P0·clip((D/K)^{1/ε}, .25, 2); P^e += dt(P−P^e)/τe; c_s = c0(Y/K0)^−b; c = c_s(P^e/P0)^.2; m = P^e/c;
    K* = D·e^{min(g,.6)τb}·clip(m/m0, .2, 3)^η; A* = max(0, δK+(K*−K−W+δKτb)/τK); R = k0(c_s/c0)A/CFO;
    φ* = φmin+(1−φmin)/(1+e^{−12(m−1−h)+4(R*−1.5)⁺}) with R* at A*; A = max(φA*, κ·A a year ago);
    external share (1−1/R)⁺; λ = λ0·exp(1.5(R−1)⁺+3(1−m)⁺); shock: D×(1−J), g×`growth_after`, φ* = φmin for `freeze`.

    The equations leave four things open; these readings give the published no-shock path exactly and its Monte Carlo
    run within sampling error: growth fades continuously and demand compounds at the end of a step (D·e^{g·dt});
    cumulative additions count capacity when it enters service; cash flow is read at the end of the quarter; a shock
    strikes at the end of a quarter, so it moves the next one. At most one shock a run.

    Args:
        p: parameters; array fields must share one length.
        years: length of the run, whole years.
        shock_step: the shock strikes at the end of this quarter (0 is the first; −1 strikes at the start), for certain.
        rng: draws the shock from the hazard instead; without either there is no shock.
        keep: the series to record; fewer are faster.
    """
    loop, steps = _Loop(p), years * STEPS_PER_YEAR
    everyone = np.ones(loop.draws, dtype=bool)
    recorded = {name: np.empty((steps if name in keep else 0, loop.draws)) for name in SERIES}
    begun, made = np.broadcast_to(np.asarray(p.additions0, dtype=float), loop.draws), list[Array]()
    if shock_step == -1:
        loop.strike(everyone, -1)
    for step in range(steps):
        state = loop.quarter(step, made[-STEPS_PER_YEAR] if step >= STEPS_PER_YEAR else begun)
        made.append(state["additions"])
        for name in keep:
            recorded[name][step] = state[name]
        if rng is not None:
            loop.strike((rng.random(loop.draws) < -np.expm1(-state["hazard"] * STEP)) & (loop.struck < 0), step)
        elif shock_step == step:
            loop.strike(everyone, step)
        loop.advance(state["additions"])
    return CyclePath(**recorded, shock_step=loop.struck)


def by_year(series: Array) -> Array:
    """Annual means of a (steps, draws) array, as (years, draws); for capex, a rate, that is the year's total."""
    steps, draws = series.shape
    means: Array = series.reshape(steps // STEPS_PER_YEAR, STEPS_PER_YEAR, draws).mean(axis=1)
    return means
