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

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FIRST_YEAR = 2026  # the model starts on 1 January of this year
STEP = 0.25  # years; explicit Euler
STEPS_PER_YEAR = 4
FREEZE = 2.0  # years for which a shock holds access to money at its floor
SPENDING_FLOOR = 0.5  # κ: additions never fall by more than half in a year (rigs fell −51 %, −46 %)
MARGIN_EXPONENT, CAPACITY_ADJUSTMENT = 2.0, 1.5  # η, τK years
DECAY, EXPECTATION_DELAY = 0.17, 0.7  # δ per year, τe years
ACCESS_FLOOR, ACCESS_DELAY, ACCESS_SHIFT = 0.35, 0.75, -0.05  # φmin, τφ years, h
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


@dataclass(frozen=True)
class CyclePath:
    """A run; arrays are (steps, draws).

    `shock_step` (draws,) is the quarter at whose end the shock strikes, −1 for none.
    """

    capex: Array  # annual rate, $bn
    unit_cost: Array  # $bn per GW-year
    price: Array  # $bn per GW-year
    capacity: Array  # GW
    demand: Array  # GW
    margin: Array  # expected price over unit cost
    external_share: Array  # of capex, 0–1
    hazard: Array  # per year
    shock_step: NDArray[np.int64]


def simulate(
    p: CycleParameters, years: int, *, shock_step: int | None = None, rng: np.random.Generator | None = None
) -> CyclePath:
    """Run the closed loop from 1 January 2026.

    P = P0·clip((D/K)^{1/ε}, .25, 2); P^e += dt(P−P^e)/τe; c_s = c0(Y/K0)^−b; c = c_s(P^e/P0)^.2; m = P^e/c;
    K* = D·e^{min(g,.6)τb}·clip(m/m0, .2, 3)^η; A* = max(0, δK+(K*−K−W+δKτb)/τK); R = k0(c_s/c0)A/CFO;
    φ* = φmin+(1−φmin)/(1+e^{−12(m−1−h)+4(R*−1.5)⁺}) with R* at A*; A = max(φA*, κ·A a year ago);
    external share (1−1/R)⁺; λ = λ0·exp(1.5(R−1)⁺+3(1−m)⁺); shock: D×(1−J), g×½, φ* = φmin for two years.

    The equations leave four things open; these readings give the published no-shock path exactly and its Monte Carlo
    run within sampling error: growth fades continuously and demand compounds at the end of a step (D·e^{g·dt});
    cumulative additions count capacity when it enters service; cash flow is read at the end of the quarter; a shock
    strikes at the end of a quarter, so it moves the next one. At most one shock a run.

    Args:
        p: parameters; array fields must share one length.
        years: length of the run, whole years.
        shock_step: the shock strikes at the end of this quarter (0 is the first; −1 strikes at the start), for certain.
        rng: draws the shock from the hazard instead; without either there is no shock.
    """
    fields = np.broadcast_arrays(*(np.atleast_1d(np.asarray(value, dtype=float)) for value in vars(p).values()))
    q = dict(zip(vars(p), fields, strict=True))
    draws = fields[0].shape[0]
    steps = years * STEPS_PER_YEAR
    exponent = -np.log2(1.0 - q["learning_rate"])  # b
    margin0 = q["price0"] / q["cost0"]

    demand, capacity, cumulative = q["capacity0"].copy(), q["capacity0"].copy(), q["capacity0"].copy()
    in_progress = q["additions0"] * q["build_time"]
    expected, access = q["price0"].copy(), np.ones(draws)
    growth_left = np.ones(draws)
    struck = np.full(draws, -1, dtype=np.int64)
    frozen_until = np.full(draws, -1, dtype=np.int64)
    additions_made = np.empty((steps, draws))
    recorded = {name: np.empty((steps, draws)) for name in CyclePath.__dataclass_fields__ if name != "shock_step"}

    def strike(hit: NDArray[np.bool_], step: int) -> None:
        demand[hit] *= 1.0 - q["shock_size"][hit]
        growth_left[hit] *= 0.5
        struck[hit] = step
        frozen_until[hit] = step + round(FREEZE * STEPS_PER_YEAR)

    if shock_step == -1:
        strike(np.ones(draws, dtype=bool), -1)
    for step in range(steps):
        years_in = step * STEP
        growth = q["growth"] * np.exp(-GROWTH_FADE * years_in) * growth_left
        price = q["price0"] * np.clip((demand / capacity) ** (1.0 / q["elasticity"]), 0.25, 2.0)
        expected += STEP * (price - expected) / EXPECTATION_DELAY
        learned = (cumulative / q["capacity0"]) ** -exponent  # c_s/c0
        unit_cost = q["cost0"] * learned * (expected / q["price0"]) ** 0.2
        margin = expected / unit_cost
        wanted_stock = (
            demand
            * np.exp(np.minimum(growth, 0.6) * q["build_time"])
            * np.clip(margin / margin0, 0.2, 3.0) ** MARGIN_EXPONENT
        )
        supply_line = in_progress - DECAY * capacity * q["build_time"]
        wanted = np.maximum(0.0, DECAY * capacity + (wanted_stock - capacity - supply_line) / CAPACITY_ADJUSTMENT)
        cash_flow = q["cash_flow"] * (1.0 + q["cash_growth"]) ** (years_in + STEP)
        cost_per_gw = q["capex_per_gw"] * learned
        strain = 4.0 * np.maximum(0.0, cost_per_gw * wanted / cash_flow - 1.5)
        closed = np.minimum(-12 * (margin - 1 - ACCESS_SHIFT) + strain, 500.0)  # beyond that exp overflows; φ* is φmin
        target = ACCESS_FLOOR + (1 - ACCESS_FLOOR) / (1 + np.exp(closed))
        target = np.where(step <= frozen_until, ACCESS_FLOOR, target)
        access += STEP * (target - access) / ACCESS_DELAY
        year_ago = additions_made[step - STEPS_PER_YEAR] if step >= STEPS_PER_YEAR else q["additions0"]
        additions = np.maximum(access * wanted, SPENDING_FLOOR * year_ago)
        additions_made[step] = additions
        capex = cost_per_gw * additions
        ratio = capex / cash_flow  # R
        danger = 1.5 * np.maximum(ratio - 1, 0.0) + 3 * np.maximum(1 - margin, 0.0)
        hazard = q["hazard"] * np.exp(np.minimum(danger, 500.0))
        external = np.maximum(0.0, 1.0 - 1.0 / np.maximum(ratio, 1e-9))
        state = (capex, unit_cost, price, capacity, demand, margin, external, hazard)
        for series, value in zip(recorded.values(), state, strict=True):
            series[step] = value

        if rng is not None:
            strike((rng.random(draws) < -np.expm1(-hazard * STEP)) & (struck < 0), step)
        elif shock_step == step:
            strike(np.ones(draws, dtype=bool), step)
        entering = np.maximum(0.0, in_progress + STEP * (additions - in_progress / q["build_time"]))
        in_progress = entering
        finished = in_progress / q["build_time"]
        capacity = capacity + STEP * (finished - DECAY * capacity)
        cumulative = cumulative + STEP * finished
        demand *= np.exp(growth * STEP)
    return CyclePath(**recorded, shock_step=struck)


def by_year(series: Array) -> Array:
    """Annual means of a (steps, draws) array, as (years, draws); for capex, a rate, that is the year's total."""
    steps, draws = series.shape
    means: Array = series.reshape(steps // STEPS_PER_YEAR, STEPS_PER_YEAR, draws).mean(axis=1)
    return means
