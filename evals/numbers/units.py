"""A shown number in the unit of an expected one, by the calculators' table of units.

On top of that table: currencies are kept apart, a number that names no currency or scale is compared as it stands, and
so much a quarter, or a piece, is a number of its own.

    >>> in_unit(1.5, "USD bn", "USD mn"), in_unit(6e9, "number", "bn"), in_unit(1.0, "CNY bn", "USD bn")
    (1500.0, 6.0, None)
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.calculators.units import UNITS
from assistant.numeric.units_asked import currency_of

_EACH = re.compile(r"/(?:quarter|month|day|unit)$")
_UNNAMED = {"mn": 1e6, "bn": 1e9, "tn": 1e12, "万": 1e4, "亿": 1e8, "万亿": 1e12}  # amounts of no currency
_RATIOS = ("multiple", "fraction")  # 1.75 times is 175 %


class _Unit(NamedTuple):
    dimension: str
    factor: float
    currency: str = ""


def known(unit: str) -> bool:
    """Whether values in this unit can be compared."""
    return _parsed(unit) is not None


def in_unit(value: float, unit: str, wanted: str) -> float | None:
    """`value` of `unit` stated in `wanted`, None where the two measure different things."""
    have, want = _parsed(unit), _parsed(wanted)
    if have is None or want is None or not _comparable(unit, wanted, have, want):
        return None
    return value * have.factor / want.factor


def _comparable(unit: str, wanted: str, have: _Unit, want: _Unit) -> bool:
    if have.dimension == want.dimension:
        return have.currency == want.currency or "" in (have.currency, want.currency)
    if {have.dimension, want.dimension} == {"money", "number"}:  # a currency that one of the two leaves out
        return "multiple" not in (unit, wanted)
    return unit in _RATIOS and want.dimension in ("number", "fraction") and wanted not in ("", "number")


def _parsed(unit: str) -> _Unit | None:
    unit = _EACH.sub("", unit)
    if unit in _UNNAMED:
        return _Unit("number", _UNNAMED[unit])
    unit = {"pp": "%", "any": "number"}.get(unit, unit)
    currency = currency_of(unit)
    if currency and not unit.startswith("US cents"):
        unit = re.sub(r"^USD cents", "US cents", "USD" + unit[len(currency) :])
    if unit not in UNITS:
        return None
    dimension, factor = UNITS[unit]
    return _Unit(dimension, factor, currency)
