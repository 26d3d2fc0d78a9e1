"""Whether a figure can be an input at all, and how naturally: unit, range of meaning, old or new, stated or changing.

Judged from the declared unit and the words right beside the figure; which of several inputs it becomes is decided in
`slots`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.units import convert, same_dimension
from assistant.numeric import measures
from assistant.numeric.bonds import Placed, Reading, bond

_START_AFTER = re.compile(r"的?(?:初|年初|开始|一开始|开头)")
_START_BEFORE = re.compile(r"(?:start|beginning) of (?:the )?$")
_END_AFTER = re.compile(r"的?(?:末|底|结束|年末|年底|过完)")
_END_BEFORE = re.compile(r"end of (?:the )?$")
_UNTIL_BEFORE = re.compile(r"(?:到|至|by|within|until|till|through) ?$")
SPOKEN_IN = 2025  # the year from which "until 2030" counts
_HALVED = frozenset(("腰斩", "减半", "砍半", "打对折", "halved", "halves", "halving", "halve"))
_ORDINAL_CUES = frozenset(("第", "at the start of year", "end of year"))
_FROM = frozenset(("从", "由", "原来", "本来", "原先", "from", "was", "originally", "starting"))
_ONCE = re.compile(r"(?:原来|本来|原先|以前|之前|(?<![a-z])(?:originally|formerly|previously|was|used to be)) ?$")
_NOW = re.compile(r"(?:现在|如今|目前|改|(?<![a-z])(?:now|currently)) ?$")


def cues_of(declared: InputField) -> tuple[str, ...]:
    """The input's cue words and label in both languages: people mix them."""
    labels = (declared.label.zh.split("(")[0], declared.label.en.split("(")[0].strip())
    return (*declared.cues.zh, *declared.cues.en, *labels)


def fitting(figure: Placed, declared: InputField, before: str, after: str = "") -> tuple[float, float, str] | None:
    """(value in the input's unit, how naturally it fits from 0 to 0.5, what was assumed), None when it cannot be it."""
    quantity, unit, value = figure.quantity, declared.unit, figure.value
    calendar = declared.kind == "integer" and unit == "" and (declared.slot.at_least or 0) >= 1900
    match quantity.family:
        case "year":
            if calendar:
                return value, 0.5, ""
            if unit == "years" and _UNTIL_BEFORE.search(before) and value > SPOKEN_IN:
                return value - SPOKEN_IN, 0.2, f"{SPOKEN_IN} → {value:g}"
            return None
        case "ordinal_year":
            return None if calendar else _ordinal(value, declared, before, after)
        case "plain":
            if unit == "fraction" and 1 < value <= 100:
                return value / 100, 0.0, f"{value:g} %"
            return value, 0.0, unit
        case "multiple":
            return (value, 0.35, "") if unit in ("multiple", "", "number") else None
        case "money":
            return _money(figure, declared)
        case "price":
            if quantity.unit == "USD/unit" and unit == "USD":
                return value, 0.3, ""
            if quantity.unit == "USD bn/GW" and unit == "USD bn/GW-year":
                return value, 0.0, "per year"
        case "count":
            if unit == "number" or (unit == "" and quantity.unit == "draws"):
                return value, 0.1, ""
        case "fraction":
            if unit in ("multiple", ""):
                return convert(value, quantity.unit, "fraction", field=declared.name), 0.0, ""
        case "hours" | "energy":
            return None
        case _:
            pass
    if quantity.currency not in (None, "USD") or not same_dimension(quantity.unit, unit):
        return None
    return convert(value, quantity.unit, unit, field=declared.name), 0.35, ""


def _money(figure: Placed, declared: InputField) -> tuple[float, float, str] | None:
    quantity, unit, value = figure.quantity, declared.unit, figure.value
    if quantity.currency not in (None, "USD"):
        return None
    assumed = "" if quantity.currency else "USD"
    if same_dimension("USD", unit):
        stated = convert(value, "USD", unit, field=declared.name)
        plausible = stated >= 1e-3 if unit == "USD bn" else stated < 1e7
        return stated, 0.35 if plausible else 0.05, assumed
    if unit.startswith("USD bn/"):
        return value / 1e9, 0.0, unit
    if unit.startswith("USD/") and value < 1e6:
        return value, 0.0, unit
    return None


def _ordinal(n: float, declared: InputField, before: str, after: str) -> tuple[float, float, str] | None:
    """第三年 as an index is 3; as a time gone by it is 2 at its start and 3 at its end."""
    if declared.kind == "integer" and declared.unit == "":
        return (n, 0.5, "") if declared.slot.at_least == 1 else None
    if declared.unit == "years" and _UNTIL_BEFORE.search(before):
        return n, 0.2, ""
    if declared.unit != "years" or not any(cue in _ORDINAL_CUES for cue in cues_of(declared)):
        return None
    if _END_AFTER.match(after) or _END_BEFORE.search(before):
        return n, 0.4, ""
    started = bool(_START_AFTER.match(after) or _START_BEFORE.search(before))
    by_end = not started and any(cue in ("末", "end of year") for cue in cues_of(declared))
    return (n, 0.4, "年末 / year end") if by_end else (n - 1, 0.4, "" if started else "年初 / start of the year")


def role(before: str, declared: InputField) -> float:
    """从 … 到 …: a figure after "to" is no input that speaks of where things came from, and the other way round."""
    came = any(cue in _FROM for cue in cues_of(declared))
    goes = any(cue.endswith("到") or cue == "to" or cue.endswith(" to") for cue in cues_of(declared))
    if came == goes:
        return 0.0
    if measures.FROM_BEFORE.search(before) or _ONCE.search(before):
        return 0.3 if came else -0.6
    if measures.TO_BEFORE.search(before):
        return 0.3 if goes else -0.6
    return 0.3 if goes and _NOW.search(before) else 0.0


def is_relative(reading: Reading, figure: Placed, calculator: Calculator[Any]) -> bool:
    """Whether a share, multiple or move is said of an input that is no share or multiple itself.

    "half the revenue", 收入减少20% and 利率提高50个基点 change what is there; 一半是服务器 states a share.
    """
    quantity = figure.quantity
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    if quantity.family == "points" and quantity.direction:
        return True
    if quantity.direction < 0 and not any(char.isdigit() for char in quantity.text) and quantity.text in _HALVED:
        return True
    moves = quantity.family == "fraction" and (
        quantity.unit == "fraction" or quantity.direction != 0 or quantity.low == 50
    )
    if not moves and quantity.family != "multiple":
        return bool(_share_of_money(reading, figure, numbers))
    taking = [f for f in numbers if fitting(figure, f, "") is not None]
    barred = ("", "multiple") if quantity.family == "multiple" else ("", "fraction", "multiple")
    others = [f for f in numbers if f not in taking and f.unit not in barred]
    theirs = max((bond(reading, figure, cues_of(f)) for f in others), default=0.0)
    own = max((bond(reading, figure, cues_of(f)) for f in taking), default=0.0)
    return theirs >= 0.5 and own < 0.5 and theirs > own + 0.05


def _share_of_money(reading: Reading, figure: Placed, numbers: Sequence[InputField]) -> InputField | None:
    """The amount that a share is plainly said of (残值一成, "10% salvage"), None when a share input is nearer."""
    if figure.quantity.family != "fraction" or reading.text.endswith("at ", 0, figure.start):
        return None
    whole = next((f for f in numbers if f.required and same_dimension(f.unit, "USD")), None)
    amounts = [f for f in numbers if same_dimension(f.unit, "USD") and (f is not whole or figure.quantity.unit != "%")]
    best = max(amounts, key=lambda f: bond(reading, figure, cues_of(f)), default=None)
    if best is None:
        return None
    shares = max((bond(reading, figure, cues_of(f)) for f in numbers if f.unit == "fraction"), default=0.0)
    theirs = bond(reading, figure, cues_of(best))
    return best if theirs >= 0.6 and theirs > shares + 0.15 else None
