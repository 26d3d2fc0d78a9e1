"""Units of calculator inputs and the conversions between them.

Knows the units that inputs are declared in and their multiples, in one table: dimension and factor. Knows no currency
rates: yuan are not dollars, and energy is never power.

    >>> convert(300_000, "USD mn", "USD bn", field="cost")
    300.0
"""

from __future__ import annotations

from assistant.errors import CalculatorInputError

# unit → (dimension, how many of the dimension's base unit one of it is)
UNITS: dict[str, tuple[str, float]] = {
    "": ("number", 1.0),
    "number": ("number", 1.0),
    "multiple": ("number", 1.0),
    "fraction": ("fraction", 1.0),
    "%": ("fraction", 1e-2),
    "bps": ("fraction", 1e-4),
    "years": ("time", 1.0),
    "months": ("time", 1.0 / 12.0),
    "quarters": ("time", 0.25),
    "hours": ("time", 1.0 / 8760.0),
    "USD": ("money", 1.0),
    "USD k": ("money", 1e3),
    "USD mn": ("money", 1e6),
    "USD bn": ("money", 1e9),
    "USD tn": ("money", 1e12),
    "CNY": ("yuan", 1.0),
    "W": ("power", 1e-9),
    "kW": ("power", 1e-6),
    "MW": ("power", 1e-3),
    "GW": ("power", 1.0),
    "TW": ("power", 1e3),
    "kWh": ("energy", 1e-6),
    "MWh": ("energy", 1e-3),
    "GWh": ("energy", 1.0),
    "TWh": ("energy", 1e3),
    "USD/kWh": ("price of energy", 1.0),
    "USD/MWh": ("price of energy", 1e-3),
    "US cents/kWh": ("price of energy", 1e-2),
    "USD/h": ("price per hour", 1.0),
    "USD/kW": ("cost of power", 1.0),
    "USD bn/GW": ("cost of power", 1e3),
    "USD bn/GW-year": ("revenue of power", 1.0),
    "USD/MMBtu": ("price of gas", 1.0),
    "MMBtu/MWh": ("heat rate", 1.0),
    "shares bn": ("shares", 1e9),
    "shares mn": ("shares", 1e6),
    "shares": ("shares", 1.0),
    "mb/d": ("oil flow", 1.0),
    "USD/bbl": ("price of oil", 1.0),
    "rigs": ("rigs", 1.0),
    "draws": ("draws", 1.0),
}


def same_dimension(unit: str, other: str) -> bool:
    """Whether a figure in one unit can be stated in the other; units not in the table match only themselves."""
    if unit == other:
        return True
    return unit in UNITS and other in UNITS and UNITS[unit][0] == UNITS[other][0]


def convert(value: float, unit: str, to: str, *, field: str) -> float:
    """State `value` in another unit.

    Raises:
        CalculatorInputError: the units measure different things (GWh for GW, yuan for dollars); nothing is guessed.
    """
    if unit == to:
        return value
    if not same_dimension(unit, to):
        raise CalculatorInputError(
            field,
            f"a figure in {to or 'plain numbers'}",
            f"{value:g} {unit}",
            allowed_zh=f"以 {to or '纯数'} 为单位的数",
        )
    factor = UNITS[unit][1] / UNITS[to][1]
    return value * factor if factor >= 1 else value / (UNITS[to][1] / UNITS[unit][1])
