"""A company's server fleet on its own capex, and the one constant that its disclosed effects of changed lives fix.

Monthly vintages follow the next-month convention: what enters service or changes its life in a month is charged
accordingly from the next month. `validation` holds the engine against the filings; `restate` asks it for other lives.

    >>> from assistant.calculators.server_lives import ORACLE
    >>> round(fitted_constant(ORACLE), 2)
    0.72
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from statistics import geometric_mean

from scipy.optimize import brentq

from assistant.calculators.server_lives import Company, Disclosure
from assistant.calculators.vintages import Fleet, effect_of_change

MONTH = 1.0 / 12.0


def effect(company: Company, row: Disclosure, constant: float, annual: bool = False) -> float:
    """The model's effect of the last change of `row`, USD bn."""
    *earlier, (date, new_life) = row.changes
    lag = 0.0 if annual else MONTH
    if company.fits == "prior life":
        parts = [(1.0, constant)]
        share = 1.0
    else:
        parts = list(company.lives)
        share = constant
    total = 0.0
    for weight, life in parts:
        fleet = company_fleet(company, life, share * weight, earlier, annual)
        if row.existing_only:
            fleet = fleet.existing(row.start)
        total += effect_of_change(fleet, date + lag, new_life, row.start, row.end)
    return total


def company_fleet(
    company: Company, life: float, share: float, changes: Iterable[tuple[float, float]], annual: bool = False
) -> Fleet:
    """The company's fleet after `changes`; monthly by the next-month convention, or annual in service at mid-year."""
    if annual:
        fleet, lag = Fleet.annual(company.path(), life, share), 0.0
    else:
        fleet, lag = Fleet.monthly(company.path(), life, share, entry=1.0), MONTH
    return fleet.with_changes((date + lag, new_life) for date, new_life in changes)


@lru_cache
def fitted_constant(company: Company, annual: bool = False) -> float:
    """The server share of capex, or for `fits="prior life"` the life before the change in years, that fits its rows."""
    fitted = [row for row in company.disclosures if row.fitted]
    if company.fits == "nothing":
        return 1.0
    if company.fits == "prior life":
        row = fitted[0]
        return float(
            brentq(lambda life: effect(company, row, life, annual) - row.effect, 3.5, row.changes[-1][1] - 0.1)
        )
    ratios = [effect(company, row, 1.0, annual) / row.effect for row in fitted]  # effect is linear in the share
    return 1.0 / geometric_mean(ratios)
