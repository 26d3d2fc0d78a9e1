"""The level payment that repays a sum with interest; shared by every calculator that spreads a cost over years.

Sign: everything positive, payments at the end of each year. Rates are decimals per year, not per cent.

    >>> round(350 * capital_recovery_factor(0.10, 6), 1)
    80.4
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.errors import CalculatorInputError


def capital_recovery_factor(rate: Any, years: Any) -> Any:
    """Annual payment per unit of capital.

    CRF = r(1+r)^n / ((1+r)^n − 1), and its limit 1/n at r = 0. Source: any engineering-economics text (R hi).

    Args:
        rate: r, decimal per year, ≥ 0. Arrays broadcast.
        years: n, at least one.

    Raises:
        CalculatorInputError: r < 0 or n < 1.

    >>> capital_recovery_factor(0.0, 4)
    0.25
    """
    if np.any(np.asarray(rate) < 0):
        raise CalculatorInputError("rate", "≥ 0 per year", str(rate), allowed_zh="每年 ≥ 0")
    if np.any(np.asarray(years) < 1):
        raise CalculatorInputError("years", "≥ 1 year", str(years), allowed_zh="≥ 1 年")
    rate_array = np.asarray(rate, dtype=float)
    # r / (1 − (1+r)^−n) does not overflow for long lives; expm1/log1p keep digits where r is tiny
    discounting = -np.expm1(-np.asarray(years, dtype=float) * np.log1p(rate_array))
    with np.errstate(divide="ignore", invalid="ignore"):
        # below 1e-15 the limit is exact to double precision, and the quotient of two subnormals is not
        factor = np.where(rate_array < 1e-15, 1.0 / np.asarray(years, dtype=float), rate_array / discounting)
    return factor if factor.ndim else float(factor)
