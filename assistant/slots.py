"""Figures of a question → inputs of one calculator, led by its declaration: unit, cue words, range, order.

`fill` finds the assignment of figures to inputs with the greatest total bond, at most one figure an input. A figure whose
unit fits no input stays unused, and one that is clearly said of an input but cannot be it is refused, never dropped.
Compound inputs (lists, year series, named amounts, flows) are read by `compounds`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from assistant import compounds, measures
from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.units import UNITS, convert, same_dimension
from assistant.compounds import Fill
from assistant.cues import Placed, Reading, bond
from assistant.errors import CalculatorInputError

CLOSE = 0.3  # a bond from which a figure counts as said of an input
SPOKEN_IN = 2025  # the year from which "until 2030" counts

# inputs that are two ends of one thing: gap_low/gap_high, pe0/pe1, old_life/new_life, first_year/last_year
_ENDS = (("low", "high"), ("0", "1"), ("old", "new"), ("first", "last"))
_NONE_BEFORE = re.compile(r"(?:没有|不计|不考虑|无|零|(?<![a-z])(?:no|zero|without(?: any)?)) ?$")
_START_AFTER = re.compile(r"的?(?:初|年初|开始|一开始|开头)")
_START_BEFORE = re.compile(r"(?:start|beginning) of (?:the )?$")
_END_AFTER = re.compile(r"的?(?:末|底|结束|年末|年底|过完)")
_END_BEFORE = re.compile(r"end of (?:the )?$")
_UNTIL_BEFORE = re.compile(r"(?:到|至|by|until|till|through) ?$")


@dataclass
class Filling:
    """What a question gives to one calculator.

    Attributes:
        fills: values by input name.
        unused: figures that found no input.
        relative: figures that change an input instead of stating it ("half the revenue", 利率提高50个基点).
        score: total bond; higher is better.
        refusal: the first figure that is plainly said of an input and cannot be it.
    """

    fills: dict[str, Fill] = field(default_factory=dict)
    unused: list[Placed] = field(default_factory=list)
    relative: list[Placed] = field(default_factory=list)
    score: float = 0.0
    refusal: CalculatorInputError | None = None


def pairs(calculator: Calculator[Any]) -> list[tuple[str, str]]:
    """(first, second) names of inputs that a range or a change fills together."""
    names = {f.name: f for f in calculator.fields}
    found = []
    for name, declared in names.items():
        for first, second in _ENDS:
            other = re.sub(rf"(?:^|(?<=_)|(?<=[a-z])(?=\d)){first}(?=_|$)", second, name)
            if other != name and other in names and names[other].unit == declared.unit:
                found.append((name, other))
    return found


def fill(
    reading: Reading, calculator: Calculator[Any], preferred: Mapping[str, float] = MappingProxyType({})
) -> Filling:
    """Everything the question says about this calculator's inputs.

    Args:
        preferred: extra score by input name; a follow-up prefers the inputs that the thread was about.
    """
    result = Filling()
    left = [figure for figure in reading.figures if not is_relative(reading, figure, calculator)]
    result.relative = [figure for figure in reading.figures if figure not in left]
    for declared in calculator.fields:
        if declared.kind == "choice" and (option := _option(reading, declared)):
            result.fills[declared.name] = Fill(*option)
            result.score += 0.5
        elif declared.kind == "flag" and any(reading.has(cue) for cue in cues_of(declared)):
            result.fills[declared.name] = Fill(True, next(cue for cue in cues_of(declared) if reading.has(cue)))
        elif declared.kind in ("list", "series", "amounts", "flows"):
            found = compounds.read(reading, declared, calculator, left)
            if found:
                result.fills[declared.name] = found.fill
                result.score += 0.5
                left = [figure for figure in left if figure not in found.used]
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    _assign(reading, calculator, numbers, _split(calculator, numbers, left), result, preferred)
    _fill_last(numbers, result)
    _fill_twins(calculator, result)
    _explicit_zeros(reading, numbers, result)
    _refuse_misfits(reading, numbers, result)
    return result


def is_relative(reading: Reading, figure: Placed, calculator: Calculator[Any]) -> bool:
    """Whether a share, multiple or move is said of an input that is no share or multiple itself.

    "half the revenue", 收入减少20%, 利率提高50个基点 and "double the gap" change what is there; 一半是服务器 states a share.
    """
    quantity = figure.quantity
    if quantity.family == "points" and quantity.direction:
        return True
    moves = quantity.family == "fraction" and (
        quantity.unit == "fraction" or quantity.direction != 0 or quantity.low == 50
    )
    if not moves and quantity.family != "multiple":
        return False
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    taking = [f for f in numbers if _fitting(figure, f, "") is not None]
    others = [f for f in numbers if f not in taking and f.unit not in ("", "fraction", "multiple")]
    theirs = max((bond(reading, figure, cues_of(f)) for f in others), default=0.0)
    own = max((bond(reading, figure, cues_of(f)) for f in taking), default=0.0)
    return theirs >= 0.5 and theirs > own + 0.05


def cues_of(declared: InputField) -> tuple[str, ...]:
    """The input's cue words in both languages: people mix them."""
    return (*declared.cues.zh, *declared.cues.en)


def _option(reading: Reading, declared: InputField) -> tuple[str, str] | None:
    """The option whose longest own word the question holds, and that word."""
    best: tuple[str, str] | None = None
    for option, words in declared.slot.option_cues.items():
        for word in words:
            if reading.has(word) and (best is None or len(word) > len(best[1])):
                best = option, word
    return best


def _split(calculator: Calculator[Any], numbers: Sequence[InputField], figures: Sequence[Placed]) -> list[Placed]:
    """Ranges cut into their two ends where two inputs take them."""
    units = {f.name: f for f in numbers}
    ends = [units[first] for first, second in pairs(calculator) if first in units and second in units]
    out: list[Placed] = []
    for figure in figures:
        if figure.quantity.is_range and any(_fitting(figure, declared, "") for declared in ends):
            out += [replace(figure, half="low"), replace(figure, half="high")]
        else:
            out.append(figure)
    return out


def _fitting(figure: Placed, declared: InputField, before: str, after: str = "") -> tuple[float, float, str] | None:
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


_ORDINAL_CUES = frozenset(("第", "at the start of year", "end of year"))


def _ordinal(n: float, declared: InputField, before: str, after: str) -> tuple[float, float, str] | None:
    """第三年 as an index is 3; as a time gone by it is 2 at its start and 3 at its end."""
    if declared.kind == "integer" and declared.unit == "":
        return n, 0.5, ""
    if declared.unit != "years" or not any(cue in _ORDINAL_CUES for cue in cues_of(declared)):
        return None
    if _END_AFTER.match(after) or _END_BEFORE.search(before):
        return n, 0.4, ""
    started = bool(_START_AFTER.match(after) or _START_BEFORE.search(before))
    by_end = not started and any(cue in ("末", "end of year") for cue in cues_of(declared))
    return (n, 0.4, "年末 / year end") if by_end else (n - 1, 0.4, "" if started else "年初 / start of the year")


def _assign(
    reading: Reading,
    calculator: Calculator[Any],
    numbers: Sequence[InputField],
    figures: Sequence[Placed],
    result: Filling,
    preferred: Mapping[str, float],
) -> None:
    """The best one-to-one assignment, by dynamic programming over the figures and the set of inputs used."""
    ends = pairs(calculator)
    dimensions = [UNITS.get(f.unit, (f.unit, 1.0))[0] for f in numbers if f.name not in result.fills]
    options: list[list[tuple[int, float, Fill]]] = []
    for figure in figures[:12]:
        choices = []
        for index, declared in enumerate(numbers):
            if declared.name in result.fills:
                continue
            scored = _scored(reading, figure, declared, index, dimensions, ends)
            if scored:
                choices.append((index, scored[0] + preferred.get(declared.name, 0.0), scored[1]))
        choices.sort(key=lambda choice: -choice[1])
        options.append(choices[:5])
    states: dict[int, tuple[float, tuple[tuple[int, Fill] | None, ...]]] = {0: (0.0, ())}
    for choices in options:
        following: dict[int, tuple[float, tuple[tuple[int, Fill] | None, ...]]] = {}
        for used, (score, chain) in states.items():
            for index, gain, value in [(-1, 0.0, None), *choices]:
                if index >= 0 and used >> index & 1:
                    continue
                mask = used | (1 << index if index >= 0 else 0)
                # of two equal ways the one that keeps the declared order
                ordered = 0.01 if index > max((i for i, _ in (c for c in chain if c)), default=-1) else 0.0
                total = score + gain + (ordered if index >= 0 else 0.0)
                if mask not in following or total > following[mask][0]:
                    following[mask] = total, (*chain, None if index < 0 or value is None else (index, value))
        states = following
    score, chain = max(states.values(), key=lambda state: state[0])
    result.score += score
    for figure, choice in zip(figures, chain, strict=False):
        if choice is None:
            result.unused.append(figure)
        else:
            result.fills[numbers[choice[0]].name] = choice[1]
    result.unused += figures[12:]


def _scored(
    reading: Reading,
    figure: Placed,
    declared: InputField,
    position: int,
    dimensions: Sequence[str],
    ends: Sequence[tuple[str, str]],
) -> tuple[float, Fill] | None:
    before, after = reading.text[max(0, figure.start - 16) : figure.start], reading.text[figure.end : figure.end + 8]
    fitting = _fitting(figure, declared, before, after)
    if fitting is None:
        return None
    if figure.half and not any(declared.name == (low if figure.half == "low" else high) for low, high in ends):
        return None
    value, natural, assumed = fitting
    close = bond(reading, figure, cues_of(declared))
    quantity = figure.quantity
    if value < 0 and quantity.direction < 0 and quantity.text[:1] not in "-−负" and not declared.slot.admits(value):
        value = -value  # "falls 35 %" of an input that is itself a fall
    to = None
    if quantity.is_range and not figure.half:
        low, high = (_fitting(replace(figure, half=half), declared, before, after) for half in ("low", "high"))
        if low and high:
            value, to = low[0], high[0]
    sole = dimensions.count(UNITS.get(declared.unit, (declared.unit, 1.0))[0]) == 1
    score = natural + close + _role(before, declared)
    if natural == 0.0 and close < CLOSE:
        return None  # a bare number, or money without its "per …", needs its word beside it
    if declared.required:
        score += 0.2
    elif close < CLOSE and not sole:
        score -= 0.25 + 0.01 * position
    if sole:
        score += 0.15
    if not declared.slot.admits(value) and not (to is not None and declared.slot.admits(to)):
        score -= 0.5 if close < CLOSE else 0.25
    if figure.half:
        score += 0.3
    if score <= 0:
        return None
    shown = int(value) if declared.kind == "integer" and float(value).is_integer() else value
    return score, Fill(shown, quantity.text, close, assumed, to)


_FROM = frozenset(("从", "由", "原来", "本来", "原先", "from", "was", "originally", "starting"))


def _role(before: str, declared: InputField) -> float:
    """从 … 到 …: a figure after "to" is no input that speaks of where things came from, and the other way round."""
    came = any(cue in _FROM for cue in cues_of(declared))
    goes = any(cue.endswith("到") or cue == "to" or cue.endswith(" to") for cue in cues_of(declared))
    if came == goes:
        return 0.0
    if measures.FROM_BEFORE.search(before):
        return 0.15 if came else -0.3
    if measures.TO_BEFORE.search(before):
        return 0.15 if goes else -0.3
    return 0.0


def _fill_last(numbers: Sequence[InputField], result: Filling) -> None:
    """One required input open and one bare number left: they are each other's (booked over 6 years but lasting 3)."""
    open_ = [f for f in numbers if f.required and f.name not in result.fills]
    bare = [figure for figure in result.unused if figure.quantity.family == "plain" and not figure.quantity.is_range]
    if len(open_) == 1 and len(bare) == 1 and result.fills:
        fitting = _fitting(bare[0], open_[0], "")
        if fitting and open_[0].slot.admits(fitting[0]):
            result.fills[open_[0].name] = Fill(fitting[0], bare[0].quantity.text, 0.2, open_[0].unit)
            result.unused.remove(bare[0])


def _fill_twins(calculator: Calculator[Any], result: Filling) -> None:
    """One figure for a low and a high end is both: 每年缺15吉瓦."""
    for low, high in pairs(calculator):
        if low.endswith("low") or "low_" in low:
            if low in result.fills and high not in result.fills:
                result.fills[high] = result.fills[low]
            elif high in result.fills and low not in result.fills:
                result.fills[low] = result.fills[high]


def _explicit_zeros(reading: Reading, numbers: Sequence[InputField], result: Filling) -> None:
    """没有利息, "no salvage": a nought that was said, not a default."""
    for declared in numbers:
        if declared.name in result.fills or not declared.slot.admits(0.0):
            continue
        for cue in cues_of(declared):
            for start, end in reading.spans(cue) if len(cue.strip()) > 1 else []:
                if nothing := _NONE_BEFORE.search(reading.text[max(0, start - 12) : start]):
                    result.fills[declared.name] = Fill(0.0, nothing[0].strip() + reading.text[start:end])


def _refuse_misfits(reading: Reading, numbers: Sequence[InputField], result: Filling) -> None:
    """A figure said of an input in a unit that is not the input's: refused, with field, range and what was read."""
    for figure in result.unused:
        quantity = figure.quantity
        if quantity.family in ("plain", "year", "ordinal_year", "count", "multiple"):
            continue
        for declared in numbers:
            if declared.name in result.fills and result.fills[declared.name].bond >= CLOSE:
                continue
            fits = _fitting(figure, declared, "") is not None
            if not fits and (bond(reading, figure, cues_of(declared)) >= 0.5 or _sisters(figure, declared)):
                result.refusal = CalculatorInputError(
                    declared.name,
                    f"a figure in {declared.unit or 'plain numbers'}, {declared.allowed.en}",
                    quantity.text,
                    allowed_zh=f"以 {declared.unit or '纯数'} 为单位,{declared.allowed.zh}",
                )
                return


def _sisters(figure: Placed, declared: InputField) -> bool:
    """Units that people mix up: GW with GWh, dollars with another currency."""
    dimension = UNITS.get(declared.unit, ("", 1.0))[0]
    family = figure.quantity.family
    foreign = figure.quantity.currency not in (None, "USD")
    return (family == "energy" and dimension == "power") or (family == "money" and foreign and dimension == "money")
