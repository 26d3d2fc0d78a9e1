"""Figures of a question → fields of one calculator: what a figure can be in a field's unit, and which becomes which.

The assignment with the greatest total log-odds; a figure that suits no field stays over, and is told. A share may be a
share of an amount ("residual 30 % of cost"), or change what stands there ("half the revenue"); figures said of one
input side by side are to be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from pydantic import JsonValue
from scipy.optimize import linear_sum_assignment

from assistant.calculators.declaration import Calculator, InputField, Output
from assistant.calculators.units import convert, same_dimension
from assistant.numeric.figured import EVEN, NIL, Figured, Placed
from assistant.numeric.heard import (
    Weights,
    fields_of,
    figure_features,
    slot_score,
)
from assistant.numeric.measures import YEAR_END

Mode = Literal["value", "share", "change", "of"]
Field = InputField | Output
SPOKEN_IN = 2025  # the year from which "until 2030" counts; the models start there too
_NEVER = -1e3
_OUTSIDE = 3.0  # log-odds against an input whose range a figure leaves
_AIMS = 2.0  # … and against a result that is to be reached, where the figure may as well be given
_TURNS = 4.0  # in favour of a result that has a value at break-even, for words that say so
_LEFT_OVER = -2.0  # log-odds below which a figure is rather nobody's
_JOINS = re.compile(
    r"(?:[\s,，、/|]|(?:and|or|vs\.?|versus|against|with|to|then|an?|the|at|on|for|by|of|both|also|years?|life|lives|rate)(?![a-z])"
    r"|和|或者?|还是|与|跟|对比?|比|到|换成|改成|另一个|另一种|一个|按|用|以|年|分别)*"
)


@dataclass(frozen=True)
class Reading:
    """What a figure comes to in a field.

    Attributes:
        values: in the field's unit; two for a range.
        mode: "share" of the calculator's whole amount, "change" of what stands there, "of" an amount that the input is
            a share of, or a plain value.
    """

    values: tuple[float, ...]
    mode: Mode = "value"
    assumed: str = ""


@dataclass
class Bound:
    """What a question gives to one calculator.

    Attributes:
        figures: field → the figures said of it, several where they are to be compared, or are a list.
        readings: number of a figure → what it comes to in its field.
        over: figures that found no field.
        worths: number of a figure → log-odds of its place.
        score: total log-odds.
        unit: the unit of the amounts, for calculators that leave it to the reader; else "".
        currency: of the money that was bound, None for dollars or none.
    """

    figures: dict[str, list[int]] = field(default_factory=dict)
    readings: dict[int, Reading] = field(default_factory=dict)
    over: list[int] = field(default_factory=list)
    worths: dict[int, float] = field(default_factory=dict)
    score: float = 0.0
    unit: str = ""
    currency: str | None = None


def bind(
    figured: Figured,
    calculator: Calculator[Any],
    preferred: Mapping[str, float] | None = None,
    known: Sequence[str] = (),
    using: Weights | None = None,
    unit: str = "",
    skip: Sequence[int] = (),
) -> Bound:
    """Everything a question says about a calculator's inputs and results.

    Args:
        preferred: what a field is worth beyond its words, in log-odds: a follow-up prefers what the thread was about.
        known: fields that have a value already, which a share can change.
        unit: the unit of the amounts so far, in a follow-up.
        skip: figures that only point at something.
    """
    bound = Bound(currency=_currency(figured))
    numbered = [(number, placed) for number, placed in enumerate(figured.figures) if number not in skip]
    bound.unit = unit_of_amounts(figured, calculator, unit)
    fields = [f for f in fields_of(calculator) if _takes_figures(f)]
    columns = [f for f in fields for _ in range(len(numbered) if _is_many(f) else 1)]
    scores = np.full((len(numbered), len(columns) + len(numbered)), _LEFT_OVER)
    readings: dict[tuple[int, str], Reading] = {}
    worths: dict[int, dict[str, float]] = {}
    for row, (number, placed) in enumerate(numbered):
        found = figure_features(figured, number)
        worth = worths[number] = {}
        for declared in fields:
            read = reads_as(placed, declared, bound.unit, known)
            if read is not None:
                readings[number, declared.name] = read
                worth[declared.name] = slot_score(figured, number, found, calculator, declared, using)
                worth[declared.name] += _TURNS if placed.quantity.unit == EVEN else 0.0
                worth[declared.name] -= _AIMS if isinstance(declared, Output) and placed.quantity.unit != EVEN else 0.0
                worth[declared.name] += (preferred or {}).get(declared.name, 0.0)
                if read.mode == "value" and isinstance(declared, InputField) and not _admits(declared, read):
                    worth[declared.name] -= _OUTSIDE
        scores[row, : len(columns)] = [worth.get(column.name, _NEVER) for column in columns]
    if not numbered:
        return bound
    rows, chosen = linear_sum_assignment(scores, maximize=True)
    for row, at in zip(map(int, rows), map(int, chosen), strict=True):
        if at < len(columns) and scores[row, at] > _LEFT_OVER:
            number, name = numbered[row][0], columns[at].name
            _take(bound, number, name, readings[number, name], float(scores[row, at]))
    for number, _ in numbered:
        if number not in bound.readings and not _joined(figured, number, worths[number], readings, bound):
            bound.over.append(number)
    for numbers in bound.figures.values():
        numbers.sort()
    return bound


def _admits(declared: InputField, read: Reading) -> bool:
    return all(declared.slot.admits(value) for value in read.values)


def _take(bound: Bound, number: int, name: str, read: Reading, score: float) -> None:
    bound.figures.setdefault(name, []).append(number)
    bound.readings[number] = read
    bound.worths[number] = score
    bound.score += score


def _joined(
    figured: Figured, number: int, worth: Mapping[str, float], readings: Mapping[tuple[int, str], Reading], bound: Bound
) -> bool:
    """Whether a figure stands beside another of its field, as a further value to compare or a further item."""
    best = max(worth, key=lambda name: worth[name], default="")
    others = bound.figures.get(best, [])
    if not others or worth[best] <= _LEFT_OVER - 1.0:
        return False
    near = min(others, key=lambda other: abs(other - number))
    first, second = sorted((figured.figures[near], figured.figures[number]), key=lambda p: p.start)
    beside = abs(near - number) == 1 and _JOINS.fullmatch(figured.text, first.end, second.start)
    if not beside and worth[best] <= 1.5:
        return False
    _take(bound, number, best, readings[number, best], max(0.0, worth[best]))
    return True


def _takes_figures(declared: Field) -> bool:
    if isinstance(declared, Output):
        return bool(declared.unit)
    return declared.kind in ("number", "integer") or _is_many(declared)


def _is_many(declared: Field) -> bool:
    """An input of several figures."""
    return isinstance(declared, InputField) and declared.kind in ("list", "series", "amounts")


def _currency(figured: Figured) -> str | None:
    """The one currency of a question's money, None for dollars, for none, and for several."""
    said = {p.quantity.currency for p in figured.figures if p.quantity.family in ("money", "price")} - {None}
    return said.pop() if len(said) == 1 and "USD" not in said else None


def unit_of_amounts(figured: Figured, calculator: Calculator[Any], last: str) -> str:
    """For a calculator whose amounts have the reader's unit: that of most of the figures that are amounts."""
    if "unit" not in calculator.inputs.model_fields:
        return ""
    units = [canonical(p) for p in figured.figures if p.quantity.unit not in (EVEN, NIL)]
    amounts = [u for u in units if u not in ("fraction", "years", "year", "number", "multiple", "points", "")]
    if amounts:
        return max(amounts, key=amounts.count)
    if last:
        return last
    kinds = {"fraction", "multiple", "years"} & set(units)
    fields = {f.unit for f in calculator.fields}
    spare = [u for u in units if u in kinds and u not in fields]
    return max(spare, key=spare.count) if spare else "number"


def canonical(placed: Placed) -> str:
    """The unit in which a figure is kept: money in billions of its currency, the rest as it was written."""
    quantity = placed.quantity
    currency = quantity.currency or "USD"
    match quantity.family:
        case "money":
            return f"{currency} bn" if abs(quantity.value) >= 1e6 else currency
        case "price":
            return quantity.unit.replace("USD", currency)
        case "fraction":
            return "fraction"
        case "plain":
            return "number"
        case "count":
            return "number" if quantity.unit in ("items", "units") else quantity.unit
        case _:
            return quantity.unit


def reads_as(placed: Placed, declared: Field, unit: str, known: Sequence[str] = ()) -> Reading | None:
    """What a figure comes to in a field's unit, None where it cannot be it."""
    quantity, wanted = placed.quantity, declared.unit
    if quantity.unit == EVEN:
        even = declared.even if isinstance(declared, Output) else None
        return None if even is None else Reading((even,))
    if quantity.unit == NIL:
        if isinstance(declared, Output) or declared.kind not in ("number", "integer") or declared.unit == "":
            return None
        return Reading((0.0,)) if declared.slot.admits(0.0) else None
    ends = (quantity.low,) if not quantity.is_range else (quantity.low, quantity.high)
    kind = declared.kind if isinstance(declared, InputField) else "number"
    if wanted == "any":
        return None if quantity.family in ("year", "ordinal_year", "points") else Reading(ends)
    if wanted.startswith("@"):
        return _amount(placed, ends, unit, declared.name in known)
    if kind == "integer" and wanted == "":
        calendar = isinstance(declared, InputField) and (declared.slot.at_least or 0) >= 1900
        if calendar != (quantity.family == "year"):
            return None
        whole = quantity.family in ("year", "ordinal_year", "plain", "years") and quantity.value == int(quantity.value)
        return Reading(ends) if whole else None
    if isinstance(declared, InputField) and declared.slot.of and quantity.family == "money":
        return Reading(tuple(e / 1e9 for e in ends), "of")
    moved = None if _is_move(declared) and quantity.family == "fraction" else _moves(placed, declared, known)
    plainly = _plainly(placed, ends, wanted, declared)
    if moved is not None and (plainly is None or quantity.family in ("multiple", "points") or _worded(placed)):
        return moved
    return plainly or moved


def _plainly(placed: Placed, ends: tuple[float, ...], wanted: str, declared: Field) -> Reading | None:
    quantity = placed.quantity
    match quantity.family:
        case "year":
            until = wanted == "years" and ends[0] > SPOKEN_IN
            return Reading(tuple(e - SPOKEN_IN for e in ends), assumed=f"{SPOKEN_IN} → {ends[0]:g}") if until else None
        case "ordinal_year":
            if wanted != "years" or quantity.unit == YEAR_END:
                return Reading(ends) if wanted == "years" else None
            return Reading(tuple(e - 1 for e in ends), assumed="年初 / start of the year")
        case "plain":
            if wanted == "fraction":
                return Reading(tuple(e / 100 for e in ends), assumed="%") if ends[0] >= 1 else Reading(ends)
            return Reading(ends, assumed=wanted)
        case "fraction" if quantity.text.endswith("折") and _is_move(declared) and not _is_fall(declared):
            return Reading(tuple(e / 100 - 1 for e in ends))  # 打八折 takes a fifth off
        case "multiple":
            if _is_move(declared) and not _is_fall(declared):
                return Reading(tuple(e - 1 for e in ends))  # earnings double: growth of 100 %
            return Reading(ends) if wanted in ("multiple", "number", "") else None
        case "points" if wanted == "fraction" and not quantity.direction:
            return Reading(tuple(dict.fromkeys(quantity.in_unit("fraction"))))
        case "money":
            return _money(ends, wanted, quantity.currency)
        case "count":
            if wanted == "number":
                return Reading(ends)
        case _:
            pass
    if quantity.family == "price" and quantity.unit == "USD/unit" and wanted in ("USD", "USD bn"):
        return Reading(tuple(convert(e, "USD", wanted, field=declared.name) for e in ends))
    if quantity.family == "fraction" and wanted == "fraction" and quantity.direction and _is_fall(declared):
        low, high = quantity.in_unit("fraction")
        return Reading((-low,) if low == high else (-high, -low)) if low < 0 else Reading((low,))
    if quantity.family == "fraction" and wanted == "fraction" and quantity.direction and not _is_move(declared):
        low, high = (abs(end) for end in quantity.in_unit("fraction"))
        return Reading((low,) if low == high else (min(low, high), max(low, high)))
    if quantity.family == "fraction" and wanted in ("multiple", ""):
        return Reading(tuple(e / 100 if quantity.unit == "%" else e for e in ends))
    if not same_dimension(quantity.unit, wanted):
        return None
    return Reading(tuple(convert(e, quantity.unit, wanted, field=declared.name) for e in ends))


def _money(ends: tuple[float, ...], wanted: str, currency: str | None) -> Reading | None:
    if same_dimension("USD", wanted):
        return Reading(tuple(convert(e, "USD", wanted, field="amount") for e in ends))
    if wanted.startswith("USD bn/"):
        return Reading(tuple(e / 1e9 for e in ends), assumed=wanted)
    if wanted.startswith("USD/") and abs(ends[-1]) < 1e6:
        return Reading(ends, assumed=wanted)
    if wanted == "number" or (wanted == "shares bn" and currency is None):
        return Reading(tuple(e / (1e9 if wanted == "shares bn" else 1) for e in ends), assumed=wanted)
    return None


def _amount(placed: Placed, ends: tuple[float, ...], unit: str, known: bool) -> Reading | None:
    """An amount in the reader's own unit; a bare number takes the unit of the others."""
    quantity, own = placed.quantity, canonical(placed)
    if quantity.family in ("year", "ordinal_year", "points"):
        return None
    if quantity.family == "plain":
        return Reading(ends)
    if known and quantity.family in ("multiple", "fraction") and unit not in ("multiple", "fraction"):
        return _moves_by(placed)
    if own == unit:
        return Reading(tuple(_in_own_unit(placed, end) for end in ends))
    ours, theirs = unit[:3], own[:3]
    if quantity.family in ("money", "price") and ours != theirs:
        return None
    scale = unit.replace(ours, "USD", 1) if quantity.family in ("money", "price") else unit
    if not same_dimension(quantity.unit, scale):
        return None
    return Reading(tuple(convert(e, quantity.unit, scale, field="amount") for e in ends))


def _in_own_unit(placed: Placed, end: float) -> float:
    """One end of a figure in its canonical unit."""
    if placed.quantity.family == "money" and canonical(placed).endswith(" bn"):
        return end / 1e9
    return end / 100 if placed.quantity.family == "fraction" and placed.quantity.unit == "%" else end


_FALLS = re.compile(r"fall|declin|cut|drop|haircut")
_GROWS = re.compile(r"grow|change|rise|gain")


def _is_fall(declared: Field) -> bool:
    """A field that is itself a fall, so that "down 30 %" states it."""
    return declared.unit == "fraction" and bool(
        _FALLS.search(declared.label.en) or re.search("跌|降", declared.label.zh)
    )


def _is_move(declared: Field) -> bool:
    """A field that is itself a change, of which a share that moves is the value and not a change."""
    grows = _GROWS.search(declared.label.en) or re.search("增|涨|变化", declared.label.zh)
    return declared.unit == "fraction" and (_is_fall(declared) or bool(grows))


def _worded(placed: Placed) -> bool:
    """A share that is a verb: halved, doubles, 减半; or that moves: up 20 %."""
    quantity = placed.quantity
    return quantity.direction != 0 or (quantity.family == "multiple" and not any(c.isdigit() for c in quantity.text))


def _moves(placed: Placed, declared: Field, known: Sequence[str]) -> Reading | None:
    """A share, a multiple or points as a change of what stands in a field, or as a share of the whole amount.

    Only what the thread or a quote of the debate gave can be changed, never a default.
    """
    if isinstance(declared, Output) or placed.quantity.family not in ("fraction", "multiple", "points"):
        return None
    if placed.quantity.family == "points" and (declared.unit != "fraction" or not placed.quantity.direction):
        return None
    plain_multiple = placed.quantity.family == "multiple" and declared.unit in ("multiple", "number", "any", "")
    if plain_multiple and not _worded(placed):
        return None
    shareable = placed.quantity.family != "fraction" or _worded(placed) or same_dimension(declared.unit, "USD")
    if (declared.name in known or declared.quotes) and (shareable or declared.unit in ("fraction", "multiple", "")):
        shared = placed.quantity.family == "fraction" and not _worded(placed)
        if not (shared and declared.unit in ("fraction", "multiple", "")) and (
            not shared or declared.name in known or placed.quantity.unit == "fraction"
        ):
            return _moves_by(placed)
    if placed.quantity.family == "fraction" and same_dimension(declared.unit, "USD"):
        low, high = placed.quantity.in_unit("fraction")
        return Reading((abs(low),) if low == high else (low, high), "share")
    return None


def _moves_by(placed: Placed) -> Reading:
    """What the present value is multiplied by, or, for points, what is added."""
    quantity = placed.quantity
    if quantity.family == "multiple":
        return Reading((quantity.low,) if not quantity.is_range else (quantity.low, quantity.high), "change")
    low, high = quantity.in_unit("fraction")
    values = (low,) if low == high else (low, high)
    if quantity.family == "points":
        sign = -1.0 if quantity.direction < 0 and low > 0 else 1.0
        return Reading(tuple(sign * v for v in values), "change", assumed="points")
    if quantity.direction or quantity.low < 0:
        return Reading(tuple(1.0 + v for v in values), "change")
    return Reading(values, "change")


def resolved(read: Reading, present: JsonValue, whole: JsonValue) -> float | None:
    """The value of a field once what stands there and the whole amount are known; None where they are not."""
    value = read.values[0]
    if read.mode == "value":
        return value
    if read.mode == "of":
        return value / whole if isinstance(whole, int | float) and whole else None
    base = present if read.mode == "change" else whole
    if isinstance(base, bool) or not isinstance(base, int | float):
        return None
    return base + value if read.assumed == "points" else base * value
