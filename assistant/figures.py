"""Whether a figure in our own words is one that the source holds. Pure.

Figures are compared as quantities, not as digits: "$30 billion" is in 300亿美元, "15%" is not in 15年, "5 years" is in
4-5年. What does not read as a quantity (H100, 几万亿) must stand in the source as it is written, or by its magnitude.

    >>> stray_figure("It costs about $30 billion.", ("大约300亿美元。",))
    >>> stray_figure("It lasts 15 years.", ("涨了15%。",))
    '15 years'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.calculators.units import UNITS
from assistant.numeric.quantities import Quantity, read_quantities
from corpus.normalize import fold_text

_COUNTED = 12  # "the twelve": counted things written in words
_PLAIN_SHARE = re.compile(r"(?:a |one )?(?:half|third|quarter|fifth)|一半|半|[三四五]分之一", re.IGNORECASE)
_ROUNDING = 0.006  # relative: a computed 13.333 may be told as 13.3
_DIGITS = re.compile(r"[a-z0-9][a-z0-9.,/\-]*")
_NTH = re.compile(r"(?:first|second|latter|other)[ -]$", re.IGNORECASE)
_MAGNITUDES = (
    re.compile(r"万亿|兆|(?<![a-z])trillions?(?![a-z])"),
    re.compile(r"(?<!万)亿|(?<![a-z])billions?(?![a-z])"),
    re.compile(r"万(?!亿|一)|(?<![a-z])(?:millions?|thousands?)(?![a-z])"),
    re.compile(
        r"(?:翻|好几|数|几|多)倍|(?<![a-z])(?:double[sd]?|doubling|triple[sd]?|tripling|halve[sd]?|halving|\w+fold)(?![a-z])"
    ),
    re.compile(r"百分之|(?<![a-z])per ?cent(?![a-z])|%"),
)


class Known(NamedTuple):
    """What a source says in figures: read quantities, computed values, and its folded text."""

    said: tuple[Quantity, ...]
    computed: tuple[tuple[str, float], ...]
    text: str


def known(texts: Iterable[str], calculations: Sequence[CalculationTrace] = ()) -> Known:
    """The figures of some texts and calculations."""
    texts = [*texts]
    computed: list[tuple[str, float]] = []
    for trace in calculations:
        parts = [(p.value, p.unit) for p in trace.arguments] + [(p.value, p.unit) for p in trace.outputs]
        for held, unit in parts:
            values = held if isinstance(held, list) else [held]
            for value in values:
                if isinstance(value, int | float) and not isinstance(value, bool):
                    computed.append(_based(value, unit, None))
        texts += [
            trace.summary.zh,
            trace.summary.en,
            *(text for note in trace.notes for text in (note.text.zh, note.text.en)),
        ]
    return Known(tuple(q for text in texts for q in _quantities(text)), tuple(computed), fold_text("\n".join(texts)))


def stray_figure(text: str, texts: Iterable[str], calculations: Sequence[CalculationTrace] = ()) -> str | None:
    """The first figure of ``text`` that stands in none of the texts and calculations, as written; None when all do."""
    return stray(text, known(texts, calculations))


def stray(text: str, source: Known) -> str | None:
    """The same against figures read before."""
    rest, at = [], 0
    for quantity in _quantities(text):
        part_of_a_year = quantity.text.lower() == "half" and _NTH.search(text[: quantity.start])
        if not part_of_a_year and not _stands(quantity, source):
            return quantity.text
        rest.append(text[at : quantity.start])
        at = quantity.end
    rest.append(text[at:])
    return _stray_token(fold_text(" ".join(rest)), source.text)


def _stray_token(rest: str, source: str) -> str | None:
    for match in _DIGITS.finditer(rest):
        token = match[0].strip(".,/-")
        if any(c.isdigit() for c in token) and not re.search(rf"(?<![a-z0-9]){re.escape(token)}(?![a-z0-9])", source):
            return token
    if other := next((c for c in rest if c.isdigit() and not c.isascii() and c not in source), None):
        return other
    for magnitude in _MAGNITUDES:
        if (found := magnitude.search(rest)) and not magnitude.search(source):
            return found[0]
    return None


@lru_cache(maxsize=8192)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return read_quantities(text)


def _based(value: float, unit: str, currency: str | None) -> tuple[str, float]:
    """Dimension and value in its base unit; another currency is another dimension."""
    dimension, factor = UNITS.get(unit, (unit, 1.0))
    return (f"{dimension} {currency}" if currency not in (None, "USD") else dimension), abs(float(value)) * factor


def _ends(quantity: Quantity) -> tuple[tuple[str, float], ...]:
    ends = (quantity.low, quantity.high) if quantity.is_range else (quantity.low,)
    return tuple(_based(end, quantity.unit, quantity.currency) for end in ends)


def _stands(quantity: Quantity, source: Known) -> bool:
    worded = not any(c.isdigit() for c in quantity.text)
    if quantity.family == "plain" and worded and quantity.high <= _COUNTED:
        return True  # "the four", 两点: the count of what we list, no figure of anybody's
    if quantity.family == "fraction" and worded and _PLAIN_SHARE.fullmatch(quantity.text) and source.said:
        return True  # "half" of what the source says in figures; whether it is half, the meaning's check tells
    if quantity.family == "year" and _within_years(quantity, source):
        return True
    if quantity.family == "plain" and not worded:
        written = fold_text(quantity.text).strip(" ,.-+")
        if re.search(rf"(?<![0-9.])(?<![a-z]){re.escape(written)}(?![0-9]|\.[0-9])", source.text):
            return True
    return all(_end_stands(end, quantity, source) for end in _ends(quantity))


def _within_years(quantity: Quantity, source: Known) -> bool:
    """Whether a calendar year lies between the first and the last of a calculation, or within a range that was said."""
    (dimension, value), *_ = _ends(quantity)
    years = [v for d, v in source.computed if d == dimension]
    ranges = [(q.low, q.high) for q in source.said if q.family == "year" and q.is_range]
    return (bool(years) and min(years) <= value <= max(years)) or any(low <= value <= high for low, high in ranges)


def _end_stands(end: tuple[str, float], quantity: Quantity, source: Known) -> bool:
    dimension, value = end
    for other in source.said:
        for its_dimension, its_value in _ends(other):
            unnamed_money = dimension == "money" and other.family == "plain" and value >= 1e6
            if (its_dimension == dimension or unnamed_money) and _same(value, its_value, 1e-9):
                return True
    return any(d == dimension and _same(value, v, _ROUNDING) for d, v in source.computed)


def _same(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))
