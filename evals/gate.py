"""Floors that a run must keep. A measure that could not be scored keeps no floor.

``floors.toml`` holds one ``[[floor]]`` table each: ``measure``, ``at_least`` or ``at_most``, and optionally the group:
``split``, ``language``, ``kind``, ``suite``.

    python -m evals gate runs/ours/abc1234
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from evals.errors import FloorError
from evals.measures import MEASURES, shown
from evals.statistics import GROUPINGS
from evals.types import Report

FLOORS = Path(__file__).parent / "floors.toml"
_GROUP = ("split", "language", "kind", "suite")


class Floor(NamedTuple):
    """One bound on one aggregate."""

    measure: str
    group: dict[str, str]
    at_least: float | None
    at_most: float | None


class Verdict(NamedTuple):
    """Whether a floor holds, in a sentence."""

    holds: bool
    sentence: str


def read_floors(path: Path) -> list[Floor]:
    """The floors of a file, in order.

    Raises:
        FloorError: The file is missing, not TOML, or a floor names an unknown measure, group or bound.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8")).get("floor", [])
    except OSError as error:
        raise FloorError(f"Cannot read {path}: {error.strerror or error}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FloorError(f"{path.name} is not TOML: {error}.") from error
    if not isinstance(tables, list) or not tables:
        raise FloorError(f"{path.name} holds no [[floor]]; a gate without floors lets everything through.")
    return [_floor(path, number, table) for number, table in enumerate(tables, start=1)]


def _floor(path: Path, number: int, table: dict[str, object]) -> Floor:
    place = f"{path.name}, floor {number}"
    unknown = set(table) - {"measure", "at_least", "at_most", *_GROUP}
    if unknown:
        raise FloorError(f"{place}: does not know {sorted(unknown)[0]!r}.")
    measure = table.get("measure")
    if not isinstance(measure, str) or measure not in MEASURES:
        raise FloorError(f"{place}: there is no measure {measure!r}; choose among {', '.join(MEASURES)}.")
    group = {name: str(table[name]) for name in _GROUP if name in table}
    if not any(set(group) == set(names) for names in GROUPINGS):
        raise FloorError(f"{place}: reports have no group by {', '.join(group)}.")
    bounds = [table.get(name) for name in ("at_least", "at_most")]
    if sum(isinstance(b, int | float) and not isinstance(b, bool) for b in bounds) != 1 or None not in bounds:
        raise FloorError(f"{place}: give one number, at_least or at_most.")
    low, high = (None if bound is None else float(str(bound)) for bound in bounds)
    return Floor(measure, group, low, high)


def hold(report: Report, floors: Sequence[Floor]) -> list[Verdict]:
    """A verdict per floor, in order."""
    return [_verdict(report, floor) for floor in floors]


def _verdict(report: Report, floor: Floor) -> Verdict:
    place = " ".join(floor.group.values()) or "all"
    title = f"{MEASURES[floor.measure].title} ({place})"
    found = report.find(floor.measure, **floor.group)
    if found is None or found.value is None:
        return Verdict(False, f"BROKEN {title}: could not be scored.")
    value = shown(floor.measure, found.value)
    if floor.at_least is not None:
        holds, bound = found.value >= floor.at_least, f"at least {floor.at_least:g}"
    else:
        holds, bound = found.value <= (floor.at_most or 0.0), f"at most {floor.at_most:g}"
    return Verdict(holds, f"{'holds ' if holds else 'BROKEN'} {title}: {value}, wanted {bound}.")
