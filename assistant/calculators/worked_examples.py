"""Worked examples of every calculator: inputs, an output, the published or derived value, and how close ours must be.

The values were worked out independently of the code and are given to the digits printed, so a tolerance is half a unit
of the last one.

    >>> all(example.holds for example in worked_examples())
    True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.calculators.registry import calculator
from assistant.calculators.trace import run


@dataclass(frozen=True)
class WorkedExample:
    """`calculator(arguments)[output]` should be `expected` within ± `within`, both in the output's unit."""

    calculator: str
    arguments: Mapping[str, Any]
    output: str
    expected: float
    within: float

    @property
    def ours(self) -> float:
        """The value computed now."""
        return float(run(self.calculator, self.arguments).value(self.output))

    @property
    def holds(self) -> bool:
        """Whether ours is as close as it must be."""
        return abs(self.ours - self.expected) <= self.within

    @property
    def unit(self) -> str:
        """Unit of the output."""
        return calculator(self.calculator).output(self.output).unit


_CHANGE = {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0}
_PATH = {"capex": 350.0, "rate": 0.10, "life": 6.0, "gross_margin": 0.60}
_JV = {"cost": 27.0, "debt_share": 0.8, "debt_rate": 0.0658, "tenor": 24, "cash_yield": 0.09}
_FURMAN = {"g_total": 0.016, "weight": 0.04, "g_component": 0.37}
_QQQ = {"pe0": 28.0, "pe1": 26.0, "eps_growth": 0.20}
_CASH = {"amount": 100.0, "inflation": 0.03, "years": 10.0}

_EXAMPLES: tuple[tuple[str, dict[str, Any], str, float, float], ...] = (
    ("depreciation_schedule", {"cost": 100.0, "method": "MACRS5", "year": 2}, "dep_year", 32.0, 1e-9),
    ("depreciation_schedule", {"cost": 100.0, "method": "MACRS5_MQ", "year": 1}, "dep_year", 5.0, 1e-9),
    ("depreciation_schedule", {"cost": 100.0, "method": "SL", "life": 6.0, "year": 1}, "dep_year", 16.667, 0.0005),
    ("tax_shield", {"cost": 100.0, "method": "MACRS5", "tax_rate": 0.21, "discount": 0.08}, "pv", 17.04, 0.005),
    (
        "tax_shield",
        {"cost": 100.0, "method": "MACRS5", "tax_rate": 0.21, "discount": 0.08, "bonus": 1.0},
        "pv",
        19.44,
        0.005,
    ),
    ("tax_shield", {"cost": 100.0, "method": "SL", "life": 6.0, "discount": 0.08}, "pv", 16.18, 0.005),
    ("useful_life_change", _CHANGE, "nbv", 50.0, 1e-9),
    ("useful_life_change", _CHANGE, "old_dep", 25.0, 1e-9),
    ("useful_life_change", _CHANGE, "new_dep", 12.5, 1e-9),
    ("useful_life_change", _CHANGE, "delta_dep", -12.5, 1e-9),
    ("chip_retirement", {"rent0": 2.0, "decline": 0.35}, "cash_cost_per_hour", 0.1224, 0.00005),
    ("chip_retirement", {"rent0": 2.0, "decline": 0.35}, "years", 6.5, 0.05),
    ("implied_life", {"share": 0.5}, "econ_life", 3.4, 0.05),
    ("overstatement", {"gap": 20.0, "tax_rate": 0.14, "net_income": 100.0}, "overstated_pct", 20.8, 0.05),
    ("capex_roi", _PATH, "capital_charge", 80.4, 0.05),
    ("capex_roi", _PATH, "required_revenue", 133.9, 0.05),
    ("jv_leverage", _JV, "debt_service", 1.81, 0.01),
    ("jv_leverage", _JV, "dscr", 1.34, 0.005),
    ("jv_leverage", _JV, "equity_irr", 0.103, 0.0005),
    ("gas_lcoe", {}, "lcoe", 60.8, 0.05),
    ("growth_contribution", _FURMAN, "contribution", 0.0148, 0.00005),
    ("growth_contribution", _FURMAN, "share_of_growth", 0.925, 0.0005),
    ("growth_contribution", _FURMAN, "ex_subtract", 0.0012, 0.00005),
    ("multiple_decomposition", _QQQ, "price_change", 0.114, 0.0005),
    ("multiple_decomposition", _QQQ, "multiple_log", -0.074, 0.0005),
    ("multiple_decomposition", _QQQ, "earnings_log", 0.182, 0.0005),
    ("multiple_decomposition", _QQQ, "flat_price_pe", 23.3, 0.05),
    ("real_cash", {**_CASH, "nominal_rate": 0.0}, "real_value", 74.4, 0.05),
    ("real_cash", {**_CASH, "nominal_rate": 0.04}, "real_value", 110.1, 0.05),
    ("cycle_map", {"capex": 420.0, "trough_capex": 156.0}, "multiple", 2.7, 0.05),
    ("cycle_map", {"capex": 420.0, "trough_capex": 156.0}, "shale_year", 2010.5, 0.05),
    ("cycle_map", {"capex": 550.0, "trough_capex": 156.0}, "shale_year", 2011.0, 0.05),
    ("cycle_map", {"capex": 680.0, "trough_capex": 156.0}, "shale_year", 2011.6, 0.05),
    ("restate_company", {"company": "Alphabet", "life": 4.0, "year": 2023}, "delta", 3.80, 0.05),
    ("cost_of_delay", {"yearly": 2.0, "years": 5, "delay": 1.0}, "cost", 1.696, 0.0005),
    ("gpu_debt", {"cost": 10.0, "balloon": 0.3, "market": 0.1, "guarantee": 0.2}, "lender_loss", 1.0, 1e-9),
    ("reverse_dcf", {"price": 4000.0, "cash_flow": 100.0}, "growth", 0.141, 0.0005),
    ("cluster", {"gpus": 10_000.0, "cost": 40_000.0}, "break_even_rent", 4.52, 0.005),
)


def worked_examples() -> tuple[WorkedExample, ...]:
    """All of them, depreciation first."""
    return tuple(WorkedExample(*example) for example in _EXAMPLES)
