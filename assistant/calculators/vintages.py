"""A fleet as dated vintages under straight-line depreciation, with changes of life along the way.

Every vintage has a date in service and a cost. A change of life on a date re-spreads each vintage's *own* book value
over what remains of the new life, t0 + L1 − now; vintages that enter later start with the new life. Dates are in years,
so 2023.5 is the middle of 2023. Exact: charges are constant between events and integrated over any window.

    >>> fleet = Fleet.annual({2020: 100.0}, life=4.0)          # in service at mid-2020
    >>> fleet.charge(2020.0, 2021.0), fleet.charge(2021.0, 2022.0)
    (12.5, 25.0)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Change:
    """From `date` on, assets live `life` years, counted from their own date in service."""

    date: float
    life: float


@dataclass(frozen=True)
class Fleet:
    """Vintages in service from `dates` at `costs`, (n_vintages,) each; the life at the start and its later changes."""

    dates: Floats
    costs: Floats
    life: float
    changes: tuple[Change, ...] = ()

    @classmethod
    def annual(cls, capex: Mapping[int, float], life: float, share: float = 1.0) -> Fleet:
        """One vintage a year, in service at mid-year."""
        years = sorted(capex)
        return cls(np.array(years, dtype=float) + 0.5, share * np.array([capex[y] for y in years], dtype=float), life)

    @classmethod
    def monthly(cls, capex: Mapping[int, float], life: float, share: float = 1.0, *, entry: float = 0.5) -> Fleet:
        """Twelve equal vintages a year, each in service at `entry` of its month: 0.5 its middle, 1 its end."""
        years = np.array(sorted(capex), dtype=float)
        dates = (years[:, None] + (np.arange(12) + entry) / 12.0).ravel()  # (n_years · 12,)
        costs = np.repeat([capex[int(y)] / 12.0 for y in years], 12)
        return cls(dates, share * costs, life)

    def with_change(self, date: float, life: float) -> Fleet:
        """The same fleet with one more change of life; changes are kept in order of date."""
        return replace(self, changes=tuple(sorted((*self.changes, Change(date, life)), key=lambda c: c.date)))

    def with_changes(self, changes: Iterable[tuple[float, float]]) -> Fleet:
        """The same fleet with every (date, life) applied."""
        fleet = self
        for date, life in changes:
            fleet = fleet.with_change(date, life)
        return fleet

    def existing(self, date: float) -> Fleet:
        """Only the vintages in service by `date`, those that enter on it included."""
        kept = self.dates <= date
        return replace(self, dates=self.dates[kept], costs=self.costs[kept])

    def charge(self, start: float, end: float) -> float:
        """Depreciation charged in [start, end); a book value left with no life left is expensed on the day of the
        change."""
        total = 0.0
        for opens, closes, rate, at_once in self._segments():
            overlap = np.clip(np.minimum(closes, end) - np.maximum(opens, start), 0.0, None)
            total += float(np.sum(rate * overlap))
            total += float(np.sum(at_once[(opens >= start) & (opens < end)]))
        return total

    def book_value(self, date: float) -> float:
        """Book value on `date`, in the unit of cost."""
        return float(np.sum(self._book_values(date)))

    def age(self, date: float) -> float:
        """Average age on `date`, weighted by book value, in years."""
        values = self._book_values(date)
        return float(np.sum(values * (date - self.dates)) / np.sum(values))

    def _book_values(self, date: float) -> Floats:
        values = np.where(self.dates < date, self.costs, 0.0)
        for opens, closes, rate, at_once in self._segments():
            values = values - rate * np.clip(np.minimum(closes, date) - opens, 0.0, None) - at_once * (opens < date)
        return np.clip(values, 0.0, None)

    def _segments(self) -> list[tuple[Floats, Floats, Floats, Floats]]:
        """Stretches of constant charge, (n_vintages,) each: opens, closes, rate a year, expensed at opening."""
        life = np.full_like(self.dates, self.life)
        for change in self.changes:  # what enters on or after a change starts with its life
            life = np.where(self.dates >= change.date, change.life, life)
        opens, closes, value = self.dates, self.dates + life, self.costs
        at_once = np.zeros_like(value)
        segments = []
        for change in self.changes:
            touched = (self.dates < change.date) & (value > 0.0)
            span = closes - opens
            rate = np.divide(value, span, out=np.zeros_like(value), where=span > 0)
            stop = np.where(touched, np.minimum(closes, change.date), opens)
            segments.append((opens, stop, np.where(touched, rate, 0.0), at_once))
            left = np.where(touched, value - rate * (stop - opens), value)
            left = np.where(np.abs(left) < 1e-12 * self.costs, 0.0, left)
            new_end = np.where(touched, self.dates + change.life, closes)
            over = touched & (new_end <= change.date)
            at_once = np.where(over, left, 0.0)
            value = np.where(over, 0.0, left)
            opens = np.where(touched, change.date, opens)
            closes = np.where(touched, np.maximum(new_end, opens), closes)
        span = closes - opens
        rate = np.divide(value, span, out=np.zeros_like(value), where=span > 0)
        segments.append((opens, closes, rate, at_once))
        return segments


def effect_of_change(fleet: Fleet, date: float, life: float, start: float, end: float) -> float:
    """What a change of life saves in [start, end): the charge without it minus the charge with it.

    Args:
        fleet: with every earlier change applied; `fleet.existing(date)` leaves out what enters later.
        date: day of the change.
        life: the new life, years.
        start: window's start, year.
        end: window's end, year.

    Returns:
        In the unit of cost; positive for a longer life.

    >>> effect_of_change(Fleet.annual({2020: 100.0}, 4.0), 2022.5, 6.0, 2022.5, 2023.5)
    12.5
    """
    return fleet.charge(start, end) - fleet.with_change(date, life).charge(start, end)
