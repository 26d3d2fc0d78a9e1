"""The unit in which a question wants its answer: in TWh, 折成人民币, cents per kWh.

>>> units_asked(Figured("$45/MWh in cents per kWh?"))
['US cents/kWh']
"""

from __future__ import annotations

import re

from assistant.calculators.units import convert, same_dimension
from assistant.numeric import measures
from assistant.numeric.figured import Figured

CURRENCIES = ("USD", "CNY", "EUR", "GBP", "JPY", "HKD")
_LEAD = re.compile(
    r"(?:(?<![a-z])(?:in|into|to|as|how many|per)|[成为合是]|多少|几|等于)(?: the)? ?(?:几|多少)?个?"
    r"(?:万亿|亿|万|trillion |billion |million |bn |tn )?$"
)
_WITHIN = frozenset(("years", "hours", "count", "plain", "fraction", "points", "multiple"))


def units_asked(figured: Figured) -> list[str]:
    """Units that stand in a question without a figure, after a word that asks for them, in order."""
    text = figured.text
    spans = [(p.start, p.end) for p in figured.figures]
    found: list[str] = []
    at = 0
    while at < len(text):
        inside = next((end for start, end in spans if start <= at < end), None)
        if inside is not None:
            at = inside
            continue
        unit = measures.unit_after(text, at) if _LEAD.search(text, max(0, at - 24), at) else None
        sign = None if unit else _sign(text, at)
        if unit is None and sign is None:
            at += 1
            continue
        named, end = (unit[0], unit[1]) if unit else sign  # type: ignore[misc]
        if named.family in _WITHIN:
            at = end
            continue
        written = named.unit if named.currency in (None, "USD") else named.unit.replace("USD", named.currency)
        if named.family == "money" and (price := measures.price_unit(text, at, end)):
            written, end = price[0], price[2]
            if written == "USD/kWh" and str(named.factor) == "0.01":
                written = "US cents/kWh"
        found.append(written)
        at = max(end, at + 1)
    return found


def _sign(text: str, at: int) -> tuple[measures.Unit, int] | None:
    match = measures.CURRENCY_SIGN.match(text, at) if _LEAD.search(text, max(0, at - 24), at) else None
    if match is None:
        return None
    named = measures.currency_before(text, match.start(1) + len(match[1]))
    return (named[0], match.end()) if named else None


def shown_as(value: float, unit: str, wanted: str) -> tuple[float, str] | None:
    """A value in the wanted unit, None where that measures something else or already is what it is in."""
    if not wanted or wanted == unit or currency_of(wanted) != currency_of(unit):
        return None
    if unit.endswith(" bn") and wanted in CURRENCIES:
        return None  # money is stated in its usual multiple
    if not same_dimension(_plain(unit), _plain(wanted)):
        return None
    return convert(value, _plain(unit), _plain(wanted), field="unit"), wanted


def currency_of(unit: str) -> str:
    """The currency of a unit of money or of a price, "" for other units."""
    if unit.startswith("US cents"):
        return "USD"
    return unit[:3] if unit[:3] in CURRENCIES else ""


def _plain(unit: str) -> str:
    return "USD" + unit[3:] if unit[:3] in CURRENCIES and not unit.startswith("US cents") else unit
