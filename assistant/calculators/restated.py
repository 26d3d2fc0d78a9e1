"""A company's depreciation under another server life, by the engine that is held against the Forms 10-K.

Capex before and after a company's own series is labelled: earlier years are back-filled, later ones follow the
company's assumed path, or grow as the five firms together (`ai_capex`). Knows nothing of a company that no filing here
gives a series for; figures of one company never stand in for another's.

    >>> r = restated("Alphabet", 4.0, 2023)          # Alphabet disclosed 3.9 for going from 4 to 6 years
    >>> round(r.restated - r.booked, 2)
    3.79
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from assistant.calculators.ai_capex import AI_CAPEX
from assistant.calculators.company_fleets import MONTH, effect, fitted_constant
from assistant.calculators.server_lives import (
    ALPHABET,
    AMAZON,
    META,
    META_CAPEX,
    MICROSOFT,
    ORACLE,
    ORACLE_CAPEX,
    Company,
)
from assistant.calculators.vintages import Fleet
from assistant.errors import CalculatorInputError

Name = Literal["Microsoft", "Alphabet", "Amazon", "Meta", "Oracle", "CoreWeave"]
Scope = Literal["all", "existing"]

LAST_YEAR = max(AI_CAPEX)
META_SERVER_SHARE = 0.6  # of Meta's capex beyond its balances, as in Burry's reproduction (V:TTM); 63% in 2024
# CoreWeave's lives are known (V:FOOL), its series is not: the reader's capex is needed
COREWEAVE = Company("CoreWeave", 0, (), (), lives=((1.0, 5.0),), fits="nothing")
COREWEAVE_LIVES = ((2023.0, 6.0),)
COMPANIES: dict[str, Company] = {
    "Microsoft": MICROSOFT, "Alphabet": ALPHABET, "Amazon": AMAZON, "Meta": META, "Oracle": ORACLE,
    "CoreWeave": COREWEAVE,
}  # fmt: skip


class Restated(NamedTuple):
    """Charges of one year, USD bn, and what they stand on."""

    booked: float
    restated: float
    year: int
    since: float  # when the other life takes the place of the disclosed one
    share: float  # of capex that buys servers
    book_life: float  # years, in force in that year
    last_known: int  # last year of capex that is a filing's, or the reader's


def lives_of(company: Name) -> tuple[tuple[float, float], ...]:
    """The disclosed changes of life of the whole fleet, (date, years), oldest first.

    Amazon's of 2025 is none: it took back a subset only, about an eighth (`subset_of`).
    """
    if company == "CoreWeave":
        return COREWEAVE_LIVES
    rows = [row for row in COMPANIES[company].disclosures if row.tolerance is not None]
    return max((row.changes for row in rows), key=len)


def subset_of(company: Name) -> tuple[float, tuple[float, float]] | None:
    """The part of the fleet that a later change touched, and that change; what was guided over the whole fleet's.

    >>> part, change = subset_of("Amazon")
    >>> round(part, 2), change
    (0.13, (2025.0, 5.0))
    """
    for row in COMPANIES[company].disclosures:
        if row.tolerance is None:
            return row.effect / effect(COMPANIES[company], row, fitted_constant(COMPANIES[company])), row.changes[-1]
    return None


def capex_path(company: Name, capex: Mapping[int, float] | None = None) -> tuple[dict[int, float], int]:
    """Capex by year up to `LAST_YEAR`, USD bn, and the last year that is known rather than assumed.

    Args:
        company: whose series; for Amazon it is AWS's additions, for Meta additions of servers.
        capex: the reader's, in place of or after the company's own.

    Raises:
        CalculatorInputError: no series on file and none given.
    """
    given = dict(capex or {})
    if not COMPANIES[company].capex and not given:
        raise CalculatorInputError(
            "capex", f"{company}'s server purchases by year: none is on file", "nothing",
            allowed_zh=f"{company} 各年的服务器采购额:库中没有",
        )  # fmt: skip
    path = (COMPANIES[company].path() if COMPANIES[company].capex else {}) | given
    last = max(path)
    own = {"Oracle": ORACLE_CAPEX, "Meta": {y: META_SERVER_SHARE * spent for y, spent in META_CAPEX.items()}}
    for year in range(last + 1, LAST_YEAR + 1):
        ahead = own.get(company, {}) if not given else {}
        growth = AI_CAPEX[year] / AI_CAPEX[year - 1]
        path[year] = ahead[year] if year in ahead else path[year - 1] * growth
    return path, last


def restated(
    company: Name, life: float, year: int | None = None, *, since: int | None = None, share: float | None = None,
    capex: Mapping[int, float] | None = None, scope: Scope = "all",
) -> Restated:  # fmt: skip
    """Depreciation of a company's servers in a year, as booked and with another life.

    The other life takes the place of the last disclosed change by then (or holds from `since`): each asset's own book
    value of that day is spread over what remains of it, as ASC 250 has it; earlier changes stay as they were.

    Args:
        company: a company of `COMPANIES`.
        life: the other life, years.
        year: fiscal year; the last with known capex if None.
        since: 1 January of this year instead of the last disclosed change.
        share: of capex that buys servers, instead of the fitted one.
        capex: USD bn by year, instead of or beyond the company's series.
        scope: "existing" leaves out what enters service in the year, as companies' own estimates made beforehand do.

    Raises:
        CalculatorInputError: no capex on file, or a year outside the path.
    """
    declared = COMPANIES[company]
    path, known = capex_path(company, capex)
    year = known if year is None else year
    first = declared.first_year or min(path)  # earlier years are back-filled, and answer no question
    if not first <= year <= LAST_YEAR:
        raise CalculatorInputError("year", f"{first} to {LAST_YEAR}", year, allowed_zh=f"{first} 到 {LAST_YEAR} 年")
    constant = fitted_constant(declared)
    bought = share if share is not None else 1.0 if declared.fits == "prior life" else constant
    lives = ((1.0, constant),) if declared.fits == "prior life" else declared.lives
    changes = [change for change in lives_of(company) if change[0] <= year]
    start = float(since) if since is not None else changes[-1][0] if changes else float(first)
    if start > year:
        raise CalculatorInputError(
            "since", f"≤ {year}, the year asked about", since or 0, allowed_zh=f"≤ {year}(所问年份)"
        )

    def charged(changes: list[tuple[float, float]], part: float = 1.0) -> float:
        fleets = [
            Fleet.monthly(path, first_life, bought * weight * part, entry=1.0).with_changes(
                (date + MONTH, years) for date, years in changes
            )
            for weight, first_life in lives
        ]
        return sum((f.existing(year) if scope == "existing" else f).charge(year, year + 1) for f in fleets)

    booked, subset = charged(changes), subset_of(company)
    if subset is not None and subset[1][0] <= year:
        booked += charged([*changes, subset[1]], subset[0]) - charged(changes, subset[0])
    other = charged([*(c for c in changes if c[0] < start), (start, life)])
    return Restated(booked, other, year, start, bought, changes[-1][1] if changes else lives[0][1], known)
