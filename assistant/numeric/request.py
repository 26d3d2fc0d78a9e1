"""What a numeric question comes to: a calculator, its arguments with where each came from, and what is missing.

`build` puts the inputs together in this order: the reader's words, what the thread carries, the debate's quotes, and
leaves the rest to the declaration's labelled defaults. Nothing that the reader gave is replaced.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pydantic import Field, JsonValue

from assistant.calculators.declaration import Calculator, Frozen, InputField, Language
from assistant.calculators.trace import CalculationTrace, Origin
from assistant.calculators.units import same_dimension
from assistant.errors import CalculatorInputError
from assistant.numeric.asked import is_index
from assistant.numeric.bonds import Placed, Reading
from assistant.numeric.compounds import Fill
from assistant.numeric.fitting import said_of
from assistant.numeric.outputs import wanted
from assistant.numeric.slots import Filling, pairs


class Refusal(Frozen):
    """A question that cannot be computed as put: `message` names the input, its range and what was read."""

    calculator: str
    field: str
    allowed: str
    read: str
    message: str = Field(description="One sentence in the question's language.")


class Clarification(Frozen):
    """What is still needed before anything can be computed."""

    calculator: str
    missing: tuple[str, ...] = Field(description="Names of the inputs asked for.")
    message: str = Field(description="One sentence in the question's language.")


class Feed(Frozen):
    """An input that an earlier calculation supplies: `sign` × its output."""

    field: str
    output: str
    sign: int


class NumericRequest(Frozen):
    """A calculation as understood; `arguments` are in the inputs' own units.

    Attributes:
        wanted: the output the question asks for.
        missing: required inputs that nobody gave and nothing may stand in for.
        other_end: values at the upper end of ranges given for single inputs.
        first: the calculation to run before this one, and `feed` what it supplies.
        earlier: a finished calculation of the thread that supplies `feed` instead.
    """

    question: str
    language: Language
    calculator: str
    arguments: dict[str, JsonValue]
    origins: dict[str, Origin]
    wanted: str
    missing: tuple[str, ...] = ()
    other_end: dict[str, JsonValue] = Field(default_factory=dict)
    first: NumericRequest | None = None
    earlier: CalculationTrace | None = None
    feed: Feed | None = None
    refusal: Refusal | None = None


def build(
    reading: Reading,
    calculator: Calculator[Any],
    filling: Filling,
    language: Language,
    known: Mapping[str, tuple[JsonValue, Origin]] = MappingProxyType({}),
    supplied: str = "",
) -> NumericRequest:
    """The request from what was read, what is known from the thread, quotes and defaults, in that order.

    Args:
        known: values and origins by input name from the thread.
        supplied: an input that an earlier calculation will supply.
    """
    arguments: dict[str, JsonValue] = {}
    origins: dict[str, Origin] = {}
    other_end: dict[str, JsonValue] = {}
    for name, (value, origin) in known.items():
        arguments[name], origins[name] = value, origin
    for name, read in filling.fills.items():
        arguments[name], origins[name] = read.value, _said(read)
        if read.to is not None:
            other_end[name] = read.to
    missing = [
        name for figure in filling.relative if (name := _change(reading, calculator, figure, arguments, origins))
    ]
    for declared in calculator.fields:
        if declared.required and declared.name not in (*arguments, *missing, supplied):
            if year := _year_of_series(declared, arguments):
                arguments[declared.name] = year
                origins[declared.name] = Origin(kind="user", read=str(year), source="last year named / 所说的最后一年")
            elif is_index(declared):
                arguments[declared.name] = 1
                origins[declared.name] = Origin(kind="default", source="first year / 首年")
            elif not take_quote(declared, reading.question, arguments, origins):
                missing.append(declared.name)
    _take_last_year(reading, calculator, filling, arguments, origins)
    error = filling.refusal or _mixed_bases(reading, calculator, filling)
    refusal = refused(calculator.name, error, language) if error else None
    return NumericRequest(
        question=reading.question,
        language=language,
        calculator=calculator.name,
        arguments=arguments,
        origins=origins,
        wanted=wanted(reading, calculator, filling.fills),
        missing=tuple(missing),
        other_end=other_end,
        refusal=refusal,
    )


_LAST_YEAR = re.compile(
    r"最后一年|最末一年|末年|(?<![a-z])(?:final[ -]year|(?:the|its|their|that|very) last year)(?!s|"
    r" of (?:the )?(?:decade|century))"
)
_MACRS_YEARS = 6  # five-year property by the half-year convention


def asks_last_year(reading: Reading, calculator: Calculator[Any]) -> bool:
    """Whether the last year of a calculator's schedule is asked for."""
    return any(is_index(f) for f in calculator.fields) and bool(_LAST_YEAR.search(reading.text))


def _take_last_year(
    reading: Reading,
    calculator: Calculator[Any],
    filling: Filling,
    arguments: dict[str, JsonValue],
    origins: dict[str, Origin],
) -> None:
    """最后一年 and "the final year" of a schedule: its life, rounded up."""
    said = _LAST_YEAR.search(reading.text)
    life = _MACRS_YEARS if str(arguments.get("method")).startswith("MACRS") else arguments.get("life")
    if not said or not isinstance(life, int | float):
        return
    for declared in calculator.fields:
        told = filling.fills.get(declared.name)
        if is_index(declared) and (told is None or told.value == 1):
            arguments[declared.name] = math.ceil(life)
            origins[declared.name] = Origin(kind="user", read=said[0])


# figures on two bases that no calculation may put together
_BASES = (
    ("multiple", re.compile(r"静态|滚动|(?<![a-z])(?:trailing|ttm|ltm)"),
     re.compile(r"预期|动态|前瞻|(?<![a-z])forward")),
    ("fraction", re.compile(r"环比|折年|年化|(?<![a-z])(?:annuali[sz]ed|saar|qoq)"),
     re.compile(r"同比|(?<![a-z])(?:yoy|year[ -](?:over|on)[ -]year)")),
)  # fmt: skip


def _mixed_bases(reading: Reading, calculator: Calculator[Any], filling: Filling) -> CalculatorInputError | None:
    """Trailing with forward multiples, annualised with year-on-year growth: a contradiction in the inputs."""
    for unit, one, other in _BASES:
        first, second = one.search(reading.text), other.search(reading.text)
        names = [name for name in filling.fills if calculator.field(name).unit == unit]
        if first and second and len(names) >= 2:
            both = f"{first[0]} + {second[0]}"
            return CalculatorInputError(
                names[-1], f"figures on one basis; {calculator.field(names[-1]).allowed.en}", both,
                allowed_zh=f"口径一致的数;{calculator.field(names[-1]).allowed.zh}")  # fmt: skip
    return None


def _year_of_series(declared: InputField, arguments: Mapping[str, JsonValue]) -> int | None:
    """The last year of a series that was given, for an input that asks for a calendar year."""
    if declared.kind != "integer" or (declared.slot.at_least or 0) < 1900:
        return None
    years = [int(year) for value in arguments.values() if isinstance(value, dict) for year in value if year.isdecimal()]
    return max(years, default=None)


def _said(read: Fill) -> Origin:
    return Origin(kind="user", read=read.read, source=read.assumed)


def take_quote(
    declared: InputField, question: str, arguments: dict[str, JsonValue], origins: dict[str, Origin]
) -> bool:
    """Takes the debate's own figure for an input, as such."""
    if not declared.quotes:
        return False
    named = [
        quoted for quoted in declared.quotes if _names(question, quoted.speaker) or _names(question, quoted.originator)
    ]
    figure = (named or list(declared.quotes))[0]
    arguments[declared.name] = figure.value
    origins[declared.name] = Origin(kind="quote", quote=figure.quote, speaker=figure.speaker)
    return True


def _names(question: str, person: str) -> bool:
    """Whether a question names somebody, by any part of the name."""
    return any(len(part) > 1 and part.lower() in question.lower() for part in person.split())


def refused(name: str, error: CalculatorInputError, language: Language) -> Refusal:
    """The refusal of an input error, its sentence in the question's language."""
    return Refusal(
        calculator=name,
        field=error.field,
        allowed=error.allowed if language == "en" else error.allowed_zh,
        read=error.read,
        message=error.sentence(language),
    )


def _change(
    reading: Reading,
    calculator: Calculator[Any],
    figure: Placed,
    arguments: dict[str, JsonValue],
    origins: dict[str, Origin],
) -> str:
    """Applies "half", 翻倍, 减少20% or +50 bps to the input it is said of, as known so far.

    Returns:
        The name of an input that is to change but has no value yet, else "".
    """
    quantity = figure.quantity
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    fractions = [f for f in numbers if f.unit == "fraction"]
    pool = fractions if quantity.family == "points" else [f for f in numbers if f not in fractions] or numbers
    bonds = {f.name: said_of(reading, figure, f, calculator.name) for f in numbers}
    if any(bonds[f.name] >= 0.5 for f in fractions):
        pool = numbers
    target = max(pool, key=lambda f: (bonds[f.name], _prominence(f, origins)), default=None)
    if target is None:
        return ""
    base = arguments.get(target.name, target.quotes[0].value if target.quotes else target.default)
    if (
        quantity.unit == "%"
        and not quantity.direction
        and any(char.isdigit() or char in "成折" for char in quantity.text)
    ):
        whole = next((f for f in pool if f.required and f is not target and same_dimension(f.unit, target.unit)), None)
        base = arguments.get(whole.name) if whole else base  # "10 % salvage" is a share of the cost
    if isinstance(base, bool) or not isinstance(base, int | float):
        return target.name
    if quantity.family == "points":
        step = quantity.in_unit("fraction")[0]
        value = base + (step if quantity.direction >= 0 or step < 0 else -step)
    elif quantity.family == "multiple":
        value = base * quantity.value
    else:
        share = quantity.in_unit("fraction")[0]
        value = base * (1 + share) if quantity.direction else base * share
    arguments[target.name] = int(value) if target.kind == "integer" and float(value).is_integer() else value
    origins[target.name] = Origin(kind="user", read=quantity.text, source=f"{base:g} → {value:g}")
    for low, high in pairs(calculator):
        twin = {low: high, high: low}.get(target.name)
        if twin not in arguments or "low" not in low or not isinstance(arguments[twin], float):
            continue
        if not _ONE_END.search(reading.text):
            arguments[twin] = float(str(arguments[twin])) * value / base if base else arguments[twin]
            origins[twin] = origins[target.name]
    return ""


_ONE_END = re.compile(r"上限|下限|最[高低多少]|(?<![a-z])(?:low|high|upper|lower)(?![a-z])")


def _prominence(declared: InputField, origins: Mapping[str, Origin]) -> tuple[bool, bool]:
    """The user's own inputs first, amounts before years."""
    return (declared.name in origins and origins[declared.name].kind in ("user", "carried"), declared.unit != "years")
