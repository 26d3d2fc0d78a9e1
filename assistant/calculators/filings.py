"""What companies reported for a year: operating income, net income and diluted earnings per share.

By fiscal year, USD bn and USD a share, from the income statements of the Forms 10-K; `REPORTED_SOURCE` says where each
was read. Diluted shares follow as net income over earnings per share (within rounding, 0.1%).

    >>> round(reported("Alphabet", 2024).shares, 2)
    12.45
"""

from __future__ import annotations

from typing import NamedTuple


class Reported(NamedTuple):
    """One fiscal year."""

    operating_income: float
    net_income: float
    eps: float

    @property
    def shares(self) -> float:
        """Diluted shares, billions."""
        return self.net_income / self.eps


REPORTED: dict[str, dict[int, Reported]] = {
    "Microsoft": {
        2021: Reported(69.916, 61.271, 8.05), 2022: Reported(83.383, 72.738, 9.65),
        2023: Reported(88.523, 72.361, 9.68), 2024: Reported(109.433, 88.136, 11.80),
        2025: Reported(128.528, 101.832, 13.64),
    },
    "Alphabet": {
        2022: Reported(74.842, 59.972, 4.56), 2023: Reported(84.293, 73.795, 5.80),
        2024: Reported(112.390, 100.118, 8.04),
    },
    "Amazon": {2023: Reported(36.852, 30.425, 2.90), 2024: Reported(68.593, 59.248, 5.53)},
    "Meta": {2023: Reported(46.751, 39.098, 14.87), 2024: Reported(69.380, 62.360, 23.86)},
    "Oracle": {
        2023: Reported(13.093, 8.503, 3.07), 2024: Reported(15.353, 10.467, 3.71), 2025: Reported(17.678, 12.443, 4.34),
    },
}  # fmt: skip
REPORTED_SOURCE = {"Microsoft": "V:INC-MSFT", "Alphabet": "V:INC-GOOG", "Amazon": "V:INC-AMZN",
                   "Meta": "Form 10-K 2024, recalled (high confidence)", "Oracle": "V:INC-ORCL"}  # fmt: skip


def reported(company: str, year: int) -> Reported | None:
    """The company's year, None where it is not on file."""
    return REPORTED.get(company, {}).get(year)


def latest(company: str, year: int) -> tuple[int, Reported] | None:
    """The last year on file up to `year`, else the first; None for a company without any."""
    years = sorted(REPORTED.get(company, {}))
    if not years:
        return None
    chosen = max((y for y in years if y <= year), default=years[0])
    return chosen, REPORTED[company][chosen]
