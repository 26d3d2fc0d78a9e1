"""Figures of a question → inputs of one calculator, led by its declaration: unit, cue words, range, order.

`fill` finds the assignment of figures to inputs with the greatest total bond, at most one figure an input. A figure
whose unit fits no input stays unused, and one that is clearly said of an input but cannot be it is refused.
Compound inputs (lists, year series, named amounts, flows) are read by `compounds`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.units import UNITS, same_dimension
from assistant.errors import CalculatorInputError
from assistant.numeric import compounds, measures
from assistant.numeric.bonds import Placed, Reading
from assistant.numeric.complements import take_rest
from assistant.numeric.compounds import Fill
from assistant.numeric.fitting import cues_of, fitting, generation, is_fall, is_relative, is_shared_out, role, said_of
from assistant.numeric.levels import explicit_zeros, grows

POINTED = 0.6  # preference of an input that the question names by its present value
PLACED = 0.12  # what it is worth that a figure finds an input at all
CLOSE = 0.3  # a bond from which a figure counts as said of an input

# inputs that are two ends of one thing: gap_low/gap_high, pe0/pe1, old_life/new_life, first_year/last_year
_ENDS = (("low", "high"), ("0", "1"), ("old", "new"), ("first", "last"))


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
    reading: Reading,
    calculator: Calculator[Any],
    preferred: Mapping[str, float] = MappingProxyType({}),
    skip: Sequence[Placed] = (),
) -> Filling:
    """Everything the question says about this calculator's inputs.

    Args:
        preferred: extra score by input name; a follow-up prefers the inputs that the thread was about.
        skip: figures that only point at something.
    """
    result = Filling()
    figures = [figure for figure in reading.figures if figure not in skip and not is_shared_out(reading, figure)]
    left = [figure for figure in figures if not is_relative(reading, figure, calculator)]
    result.relative = [figure for figure in figures if figure not in left]
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
    left = take_rest(reading, numbers, left, result.fills)
    explicit_zeros(reading, numbers, result.fills)
    _assign(reading, calculator, numbers, _split(calculator, numbers, left), result, preferred)
    _fill_last(reading, numbers, result)
    _fill_worded(reading, numbers, result)
    _fill_twins(calculator, result)
    _refuse_misfits(reading, calculator, numbers, result)
    _settle_rivals(reading, calculator, numbers, result)
    return result


def _option(reading: Reading, declared: InputField) -> tuple[str, str] | None:
    """The option whose own word begins first in the question, the longest of those, and that word."""
    found = [
        (start, start - end, option, word)
        for option, words in declared.slot.option_cues.items()
        for word in words
        for start, end in reading.spans(word)
    ]
    if not found:
        return None
    first = min(found)
    finer = [item for item in found if item[2] != first[2] and item[2].startswith(first[2])]  # MACRS5_MQ after MACRS5
    return min([*finer, first], key=lambda item: item not in finer)[2:]


def _split(calculator: Calculator[Any], numbers: Sequence[InputField], figures: Sequence[Placed]) -> list[Placed]:
    """Ranges cut into their two ends where two inputs take them."""
    units = {f.name: f for f in numbers}
    ends = [units[first] for first, second in pairs(calculator) if first in units and second in units]
    out: list[Placed] = []
    for figure in figures:
        if figure.quantity.is_range and any(fitting(figure, declared, "") for declared in ends):
            out += [replace(figure, half="low"), replace(figure, half="high")]
        else:
            out.append(figure)
    return out


def _assign(
    reading: Reading,
    calculator: Calculator[Any],
    numbers: Sequence[InputField],
    figures: Sequence[Placed],
    result: Filling,
    preferred: Mapping[str, float],
) -> None:
    """The best one-to-one assignment, by dynamic programming over the figures and the set of inputs used."""
    dimensions = [UNITS.get(f.unit, (f.unit, 1.0))[0] for f in numbers if f.name not in result.fills]
    options: list[list[tuple[int, float, Fill]]] = []
    for figure in figures[:12]:
        choices = []
        for index, declared in enumerate(numbers):
            if declared.name in result.fills:
                continue
            scored = _scored(
                reading, figure, declared, calculator, index, dimensions, preferred.get(declared.name, 0.0)
            )
            if scored:
                choices.append((index, *scored))
        if all(read.bond < CLOSE for _, _, read in choices):  # no word says which: the thread does
            choices = [(i, score + preferred.get(numbers[i].name, 0.0), read) for i, score, read in choices]
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
                total = score + gain + (ordered + PLACED if index >= 0 else 0.0)
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
    calculator: Calculator[Any],
    position: int,
    dimensions: Sequence[str],
    liking: float,
) -> tuple[float, Fill] | None:
    ends = pairs(calculator)
    before, after = reading.text[max(0, figure.start - 16) : figure.start], reading.text[figure.end : figure.end + 8]
    fits = fitting(figure, declared, before, after)
    if fits is None:
        return None
    if quantity_bound := figure.quantity.bound:
        side = "low" if quantity_bound == "at_least" else "high"
        other = "high" if side == "low" else "low"
        if other in declared.name.split("_") and any(declared.name in pair for pair in ends):
            return None  # at least 10, at most 20: which end is said
    if figure.half and not any(declared.name == (low if figure.half == "low" else high) for low, high in ends):
        return None
    value, natural, assumed = fits
    close = said_of(reading, figure, declared, calculator.name)
    quantity = figure.quantity
    if quantity.family == "year" and declared.unit == "years" and dimensions.count("time") > 1 and close < CLOSE:
        return None  # "by 2030" is a duration only where there is one, or where its word stands
    said = not quantity.negative or (is_fall(declared) and quantity.per == "year")
    if value < 0 and quantity.direction < 0 and said and not grows(declared) and not declared.slot.admits(value):
        # "30 % below the peak" is a share of 70 %; "falls 35 %" of an input that is itself a fall is 35 %
        value = 1 + value if declared.unit == "fraction" and "占" in declared.label.zh else -value
    to = None
    if quantity.is_range and not figure.half:
        low, high = (fitting(replace(figure, half=half), declared, before, after) for half in ("low", "high"))
        if low and high:
            value, to = low[0], high[0]
    sole = dimensions.count(UNITS.get(declared.unit, (declared.unit, 1.0))[0]) == 1
    score = natural + close + role(before, declared) + generation(reading, figure, declared, calculator)
    if natural == 0.0 and close < CLOSE:
        # a bare number, or money without its "per …", needs its word beside it, or a thread that supplies it
        liked = liking > 0
        alone = liked and len(reading.figures) == 1  # "and 7?": the thread tells the unit
        bare = quantity.family == "plain" or (quantity.family == "money" and declared.unit.startswith("USD/"))
        shared = bare and (alone or (declared.required and _spoken_of(reading, declared.unit)))
        if not shared and not (liked and quantity.family in ("money", "price")):
            return None
        score += 0.4 if liking >= POINTED or alone else 0.1
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


def _spoken_of(reading: Reading, unit: str) -> bool:
    """Whether another figure has this unit, so that a bare one may share it: booked over 6 years but lasting 3."""
    return unit != "" and any(same_dimension(f.quantity.unit, unit) for f in reading.figures if f.quantity.unit)


def _fill_worded(reading: Reading, numbers: Sequence[InputField], result: Filling) -> None:
    """Inputs whose value the declaration knows by words alone: "fully expensed" is a bonus of 1."""
    for declared in numbers:
        if declared.name not in result.fills and (option := _option(reading, declared)):
            result.fills[declared.name] = Fill(float(option[0]), option[1])


def _fill_last(reading: Reading, numbers: Sequence[InputField], result: Filling) -> None:
    """One required input open and one bare number left: they are each other's (booked over 6 years but lasting 3)."""
    open_ = [
        f
        for f in numbers
        if f.required
        and f.name not in result.fills
        and f.unit
        and (f.unit != "fraction" or _spoken_of(reading, f.unit))
    ]
    bare = [figure for figure in result.unused if figure.quantity.family == "plain" and not figure.quantity.is_range]
    if len(open_) == 1 and len(bare) == 1 and result.fills:
        fits = fitting(bare[0], open_[0], "")
        if fits and open_[0].slot.admits(fits[0]):
            result.fills[open_[0].name] = Fill(fits[0], bare[0].quantity.text, 0.2, open_[0].unit)
            result.unused.remove(bare[0])


def _fill_twins(calculator: Calculator[Any], result: Filling) -> None:
    """One figure for a low and a high end is both: 每年缺15吉瓦."""
    for low, high in pairs(calculator):
        if low.endswith("low") or "low_" in low:
            if low in result.fills and high not in result.fills:
                result.fills[high] = result.fills[low]
            elif high in result.fills and low not in result.fills:
                result.fills[low] = result.fills[high]


def _refuse_misfits(
    reading: Reading, calculator: Calculator[Any], numbers: Sequence[InputField], result: Filling
) -> None:
    """A figure said of an input in a unit that is not the input's: refused, with field, range and what was read."""
    for figure in result.unused:
        quantity = figure.quantity
        if quantity.family in ("plain", "year", "ordinal_year", "count", "multiple"):
            continue
        open_ = [f for f in numbers if f.name not in result.fills]
        fits = [(f, read) for f in open_ if (read := fitting(figure, f, "")) and read[1] >= 0.3]
        if fits and not any(f.slot.admits(read[0]) for f, read in fits):
            result.refusal = CalculatorInputError(
                fits[0][0].name, fits[0][0].allowed.en, quantity.text, allowed_zh=fits[0][0].allowed.zh
            )
            return
        for declared in numbers:
            if declared.name in result.fills and result.fills[declared.name].bond >= CLOSE:
                continue
            if fitting(figure, declared, "") is None and (
                said_of(reading, figure, declared, calculator.name) >= 0.5 or _sisters(figure, declared)
            ):
                result.refusal = CalculatorInputError(
                    declared.name,
                    f"a figure in {declared.unit or 'plain numbers'}, {declared.allowed.en}",
                    quantity.text,
                    allowed_zh=f"以 {declared.unit or '纯数'} 为单位,{declared.allowed.zh}",
                )
                return


def _settle_rivals(
    reading: Reading, calculator: Calculator[Any], numbers: Sequence[InputField], result: Filling
) -> None:
    """Two figures for one input: the later of "from … to …", otherwise a contradiction, which is refused."""
    for figure in list(result.unused):
        if figure.half or figure.quantity.family in ("plain", "year", "ordinal_year", "count"):
            continue
        before = reading.text[max(0, figure.start - 16) : figure.start]
        for declared in numbers:
            taken = result.fills.get(declared.name)
            fits = fitting(figure, declared, before)
            close = said_of(reading, figure, declared, calculator.name)
            if taken is None or fits is None or close < 0.6 or taken.bond < 0.6 or fits[0] == taken.value:
                continue
            if measures.FROM_BEFORE.search(before):
                return
            if measures.TO_BEFORE.search(before):
                result.fills[declared.name] = Fill(fits[0], figure.quantity.text, close, fits[2])
                return
            both = f"{taken.read}, {figure.quantity.text}"
            allowed = f"one value, {declared.allowed.en}"
            result.refusal = CalculatorInputError(
                declared.name, allowed, both, allowed_zh=f"一个值,{declared.allowed.zh}"
            )
            return


def _sisters(figure: Placed, declared: InputField) -> bool:
    """Units that people mix up: GW with GWh, dollars with another currency."""
    dimension = UNITS.get(declared.unit, ("", 1.0))[0]
    family = figure.quantity.family
    foreign = figure.quantity.currency not in (None, "USD")
    return (family == "energy" and dimension == "power") or (family == "money" and foreign and dimension == "money")
