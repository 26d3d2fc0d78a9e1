"""One reading of a question → its plan: values, targets and comparisons, what is asked, what is still open.

Nothing the reader stated is rewritten: a share of an amount is a new value, never the amount; what an earlier answer
gave stays unless a figure says otherwise; a quote or a default never takes the place of a figure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from assistant.calculators.declaration import Calculator, InputField, Language, Output
from assistant.calculators.registry import calculator
from assistant.calculators.trace import Origin
from assistant.calculators.units import same_dimension
from assistant.errors import CalculatorInputError
from assistant.numeric import compounds
from assistant.numeric.binding import Bound, resolved
from assistant.numeric.figured import EVEN, NIL, PER, Figured
from assistant.numeric.heard import asked_features, asked_score
from assistant.numeric.plan import Feed, NumericPlan
from assistant.numeric.units_asked import CURRENCIES, currency_of, units_asked
from assistant.numeric.work import refused

_LAST_YEAR = re.compile(
    r"最后一年|最末一年|末年|(?<![a-z])(?:final[ -]year|(?:the|its|their|that|very) last year)(?!s|"
    r" of (?:the )?(?:decade|century))"
)
_BASES = (  # that no calculation may put together, by the unit of the figures
    ("multiple", re.compile(r"静态|滚动|(?<![a-z])(?:trailing|ttm|ltm)(?![a-z])"),
     re.compile(r"预期|动态|前瞻|(?<![a-z])(?:forward|ntm)(?![a-z])")),
    ("fraction", re.compile(r"环比|折年|年化|(?<![a-z])(?:annuali[sz]ed|saar|qoq)(?![a-z])"),
     re.compile(r"同比|(?<![a-z])(?:yoy|year[ -](?:over|on)[ -]year)(?![a-z])")),
)  # fmt: skip
_MACRS_YEARS = 6  # five-year property by the half-year convention
_THEN = re.compile(r"再|又|然后|接着|(?<![a-z])(?:then|followed by|again|further|after that|another)(?![a-z])")
_ALSO = 0.3  # log-odds from which a further result is asked for as well


@dataclass
class Tried:
    """One way to read a question."""

    calculator: Calculator[Any]
    bound: Bound
    score: float = 0.0
    last: NumericPlan | None = None  # what it edits
    source: NumericPlan | None = None  # what feeds it
    feed: Feed | None = None
    read: dict[str, compounds.Fill] = field(default_factory=dict)  # inputs that are more than a number
    lent: tuple[str, float, Origin] | None = None  # what a quote on the screen gives: input, value, origin


def is_index(declared: InputField) -> bool:
    """An input that counts years from 1 (第几年): the first when none is said."""
    return declared.kind == "integer" and declared.unit == "" and declared.slot.at_least == 1


def plan_of(best: Tried, figured: Figured, language: Language) -> NumericPlan:
    """The plan of the reading that was chosen; a change to what fed the last plan is carried through."""
    last, declared = best.last, best.calculator
    plan = NumericPlan(
        question=figured.question, language=language, calculator=declared.name,
        currency=best.bound.currency or (last.currency if last is not None else "") if _one_currency(best) else "",
        per=next((per for per, words in PER if words.search(figured.text)), ""),
        unused=tuple(figured.figures[n].quantity.text for n in best.bound.over if _informs(figured, n)),
    )  # fmt: skip
    plan = _filled(plan, best, figured)
    plan = _with_units(plan, best, figured)
    plan = _with_twins(plan, best, figured)
    plan = _with_asked(plan, best, figured)
    plan = _with_open(plan, best, figured)
    if best.feed is not None:
        plan = plan.model_copy(update={"first": best.source, "feed": best.feed})
    elif best.source is not None and last is not None:  # what fed the last plan is changed
        upstream = plan.model_copy(update={"asked": last.asked})
        if plan.op == "solve" and last.op != "solve":  # a result that was aimed at cannot feed what stands on it
            upstream = last.model_copy(update={"unused": tuple(p.quantity.text for p in figured.figures)})
        return best.source.model_copy(update={"question": figured.question, "first": upstream})
    elif last is not None and last.feed is not None and last.feed.field not in plan.origins:
        plan = plan.model_copy(update={"first": last.first, "feed": last.feed,
                                       "missing": tuple(m for m in plan.missing if m != last.feed.field)})  # fmt: skip
    return plan


def _informs(figured: Figured, number: int) -> bool:
    """Whether a figure that found no place is told: not a count of things, not a year of the calendar."""
    quantity = figured.figures[number].quantity
    return quantity.family not in ("count", "ordinal_year", "year") and quantity.unit not in (EVEN, NIL)


def _one_currency(best: Tried) -> bool:
    """Whether nothing but the reader's money goes into a calculation, so that its currency is only a name."""
    given = set(best.bound.figures) | set(best.read) | set(best.last.arguments if best.last else ())
    if any(f.unit.startswith("@") for f in best.calculator.fields):
        return False  # such amounts carry their unit
    lent = [f for f in best.calculator.fields if f.unit.startswith("USD") and f.name not in given]
    return all(f.default in (None, 0.0) and not (f.required and f.quotes) for f in lent)


def _filled(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """Inputs, targets and values to compare from the figures; what the thread had stays."""
    last, declared = best.last, best.calculator
    arguments: dict[str, JsonValue] = dict(last.arguments) if last is not None else {}
    origins = {n: _carried(o) for n, o in last.origins.items()} if last is not None else {}
    versus: dict[str, tuple[float, ...]] = {}
    target: dict[str, float] = dict(last.target) if last is not None and last.op == "solve" else {}
    outputs = {o.name for o in declared.outputs} - {f.name for f in declared.fields}
    unresolved: list[str] = []
    if "unit" in declared.inputs.model_fields and best.bound.unit:
        arguments["unit"] = best.bound.unit
    for name, read in best.read.items():
        arguments[name], origins[name] = read.value, Origin(kind="user", read=read.read, source=read.assumed)
    plainly_first = sorted(
        best.bound.figures, key=lambda n: best.bound.readings[best.bound.figures[n][0]].mode != "value"
    )
    for name in plainly_first:
        numbers = best.bound.figures[name]
        if name in outputs:
            target[name] = best.bound.readings[numbers[0]].values[0]
            continue
        values, words = _values(name, numbers, best, figured, arguments)
        if not values:
            unresolved.append(name)
            continue
        kind = declared.field(name).kind
        if kind == "list":
            arguments[name] = list(values)
        elif len(values) > 1 and declared.plain and _THEN.search(figured.text):
            arguments[name] = math.prod(1.0 + value for value in values) - 1.0  # first up a tenth, then down a fifth
        elif len(values) > 1:
            versus[name] = values
            arguments[name] = _whole(values[0], kind)
        else:
            arguments[name] = _whole(values[0], kind)
        assumed = best.bound.readings[numbers[0]].assumed
        origins[name] = Origin(kind="user", read=words, source=assumed)
    if last is not None and last.op == "compare" and not versus and best.bound.figures:
        versus = {n: v for n, v in last.versus.items() if n not in best.bound.figures}
    _years_between(declared, best, figured, arguments, origins)
    op = "solve" if target else "compare" if versus else "compute"
    refusal = None
    try:
        _consistent(declared, arguments, best, figured)
    except CalculatorInputError as error:
        refusal = refused(plan, error)
    return plan.model_copy(
        update={"arguments": arguments, "origins": origins, "versus": versus, "target": target, "op": op,
                "missing": tuple(unresolved), "refusal": refusal}
    )  # fmt: skip


def _years_between(
    declared: Calculator[Any],
    best: Tried,
    figured: Figured,
    arguments: dict[str, JsonValue],
    origins: dict[str, Origin],
) -> None:
    """Two calendar years: the ends of what has two, else years of plain growth (from 2023 to 2028)."""
    fields = {f.name: f for f in declared.fields}
    pair = [f.name for f in declared.fields if f.kind == "integer" and (f.slot.at_least or 0) >= 1900]
    spans = [n for n in best.bound.over if figured.figures[n].quantity.family == "year" and
             figured.figures[n].quantity.is_range]  # fmt: skip
    if len(pair) == 2 and len(spans) == 1 and not set(pair) & set(best.bound.figures):
        span = figured.figures[spans[0]].quantity
        for name, year in zip(pair, (span.low, span.high), strict=True):
            arguments[name], origins[name] = int(year), Origin(kind="user", read=span.text)
        best.bound.over.remove(spans[0])
        return
    years = [n for n in best.bound.over if figured.figures[n].quantity.family == "year"]
    if not declared.plain or "periods" not in fields or "first_year" in fields or "periods" in arguments or not years:
        return
    ends = [end for n in years for end in (figured.figures[n].quantity.low, figured.figures[n].quantity.high)]
    if max(ends) > min(ends):
        arguments["periods"] = max(ends) - min(ends)
        origins["periods"] = Origin(kind="user", read=", ".join(figured.figures[n].quantity.text for n in years))
        best.bound.over = [n for n in best.bound.over if n not in years]


def _values(
    name: str, numbers: Sequence[int], best: Tried, figured: Figured, arguments: Mapping[str, JsonValue]
) -> tuple[tuple[float, ...], str]:
    """What the figures of one input come to, with the words they were read from; nothing where the base is unknown."""
    declared = best.calculator.field(name)
    present = arguments.get(name)
    if present is None:
        present = declared.quotes[0].value if declared.quotes else declared.default
    whole = arguments.get(declared.slot.of) if declared.slot.of else next(
        (arguments[f.name] for f in best.calculator.fields
         if f.required and f.name != name and f.name in arguments and same_dimension(f.unit, declared.unit)), None
    )  # fmt: skip
    values: list[float] = []
    for number in numbers:
        read = best.bound.readings[number]
        for value in read.values:
            one = resolved(read.__class__((value,), read.mode, read.assumed), present, whole)
            if one is None:
                return (), ""
            values.append(one)
    first, last = figured.figures[numbers[0]].quantity, figured.figures[numbers[-1]].quantity
    return tuple(dict.fromkeys(values)) if declared.kind != "list" else tuple(values), figured.question[
        first.start : last.end
    ]


def _with_units(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """The unit that is asked for: of a conversion its target, else the one in which the result is shown."""
    asked = units_asked(figured)
    if "to" not in best.calculator.inputs.model_fields:
        return plan.model_copy(update={"shown": asked[-1]}) if asked else plan
    unit = str(plan.arguments.get("unit", ""))
    money = bool(currency_of(unit))
    others = [u for u in asked if u != unit and (currency_of(u) != currency_of(unit) if money else True)]
    others = others or [u for u in asked if u != unit and ("/" in u) == ("/" in unit)]
    told = [str(plan.arguments["to"])] if "to" in plan.arguments else []
    to = (others or told or [""])[-1]
    if to in CURRENCIES and unit.endswith(" bn"):
        to += " bn"
    if not to and "rate" in plan.arguments and currency_of(unit):
        to = ("CNY" if currency_of(unit) == "USD" else "USD") + unit[3:]
    return plan.model_copy(update={"arguments": {**plan.arguments, "to": to}}) if to else plan


_ONE_END = re.compile(r"上限|下限|最[高低多少]|上端|下端|(?<![a-z])(?:low|high|upper|lower|top|bottom)(?![a-z])")


def _with_twins(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """The low and the high end of one thing: a range is both, and so is one figure unless it is said of one end."""
    arguments, origins, versus = dict(plan.arguments), dict(plan.origins), dict(plan.versus)
    names = {f.name for f in best.calculator.fields}
    for low in names:
        high = low.replace("low", "high")
        told = [n for n in (low, high) if n in best.bound.figures]
        if high == low or high not in names or len(told) != 1 or _ONE_END.search(figured.text):
            continue
        values = versus.pop(told[0], ())
        value = arguments.get(told[0])
        ends = (min(values), max(values)) if len(values) == 2 else (value, value)
        for name, end in zip((low, high), ends, strict=True):
            if end is not None:
                arguments[name], origins[name] = end, origins.get(told[0], Origin(kind="user"))
        if (
            len(best.bound.readings)
            and best.bound.readings[best.bound.figures[told[0]][0]].mode == "change"
            and best.last
        ):
            factor = best.bound.readings[best.bound.figures[told[0]][0]].values[0]
            for name in (low, high):
                before = best.last.arguments.get(name)
                if isinstance(before, int | float):
                    arguments[name] = before * factor
    op = plan.op if versus or plan.op != "compare" else "compute"
    return plan.model_copy(update={"arguments": arguments, "origins": origins, "versus": versus, "op": op,
                                   "missing": tuple(m for m in plan.missing if m not in arguments)})  # fmt: skip


def _whole(value: float, kind: str) -> JsonValue:
    return int(value) if kind == "integer" and float(value).is_integer() else value


def _consistent(declared: Calculator[Any], arguments: Mapping[str, JsonValue], best: Tried, figured: Figured) -> None:
    """Each stated value lies in its range, on one basis; money is of one currency unless it is to be converted.

    Raises:
        CalculatorInputError: one does not.
    """
    money = {p.quantity.currency: p.quantity.text for p in figured.figures if p.quantity.currency}
    if len(money) > 1 and "to" not in declared.inputs.model_fields:
        raise CalculatorInputError(
            next(iter(best.bound.figures), ""), "amounts of one currency: convert one of them first",
            " + ".join(money.values()), allowed_zh="同一币种的金额:请先换算其中一种",
        )  # fmt: skip
    units = [f.unit for f in declared.fields if f.name in best.bound.figures]
    for unit, one, other in _BASES:
        first, second = one.search(figured.text), other.search(figured.text)
        if first and second and units.count(unit) > 1:
            name = next(f.name for f in declared.fields if f.name in best.bound.figures and f.unit == unit)
            raise CalculatorInputError(
                name, "figures on one basis", f"{first[0]} + {second[0]}", allowed_zh="口径一致的数"
            )
    for name in best.bound.figures:
        field_ = {f.name: f for f in declared.fields}.get(name)
        value = arguments.get(name)
        if field_ is None or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if not field_.slot.admits(float(value)):
            words = figured.figures[best.bound.figures[name][0]].quantity.text
            raise CalculatorInputError(name, field_.allowed.en, words, allowed_zh=field_.allowed.zh)


def _with_asked(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """What is asked for: a result, or with a target the input that is to be solved for."""
    declared, last = best.calculator, best.last
    found = asked_features(figured)
    given = set(best.bound.figures) | set(best.read)
    had = given | set(plan.arguments) | set(plan.target)
    fields: list[InputField | Output] = [*declared.fields, *declared.outputs]
    scores = {f.name: asked_score(figured, found, declared, f, had) for f in fields}
    outputs = {o.name for o in declared.outputs}
    inputs = {
        f.name for f in declared.fields if f.kind in ("number", "integer") and f.unit not in ("", "draws")
    } - given
    inputs -= {f.name for f in declared.fields if f.slot.complement}
    if plan.target:
        open_ = [f.name for f in declared.fields if f.required and f.name not in plan.arguments]
        pool = {n: scores[n] for n in inputs if not open_ or n in open_}
        if last is not None and last.op == "solve" and last.asked in pool:
            pool[last.asked] += 2.0
        if pool:
            asked = max(pool, key=lambda n: pool[n])
            kept = {n: v for n, v in plan.arguments.items() if n != asked}
            return plan.model_copy(update={"asked": asked, "arguments": kept})
        aims = [figured.figures[n].quantity.text for name in plan.target for n in best.bound.figures.get(name, ())]
        plan = plan.model_copy(update={"target": {}, "op": "compute", "unused": (*plan.unused, *aims)})
    results = {n: scores[n] for n in outputs if n in scores and n not in given}
    kept_one = last.asked if last is not None and last.asked in results else ""
    firmly = 1.5 if best.bound.figures or best.read or plan.per else 0.0
    if kept_one and max(results.values()) < results[kept_one] + firmly:
        return plan.model_copy(update={"asked": kept_one})
    asked = max(results, key=lambda n: results[n], default=declared.headline)
    also = [o.name for o in declared.outputs if o.name in results and o.name != asked]
    also = [n for n in also if results[n] > max(_ALSO, results[asked] - 1.0)]
    return plan.model_copy(update={"asked": asked, "also": tuple(also)})


def _with_open(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """What is still open: a first year, the debate's own figure where it is meant, else it is to be asked for."""
    arguments, origins = dict(plan.arguments), dict(plan.origins)
    missing = list(plan.missing)
    if best.source is not None and best.last is None and not best.calculator.plain:
        _take_from_thread(best.calculator, best.source, arguments, origins)
    if best.lent is not None:
        arguments[best.lent[0]], origins[best.lent[0]] = best.lent[1:]
    for declared in best.calculator.fields:
        if not declared.required or declared.name in (*arguments, *missing):
            continue
        if plan.op == "solve" and declared.name == plan.asked:
            continue
        if best.feed is not None and declared.name == best.feed.field:
            continue
        if is_index(declared) and not _LAST_YEAR.search(figured.text):
            arguments[declared.name] = 1
            origins[declared.name] = Origin(kind="default", source="first year / 首年")
        elif not take_quote(declared, figured.text, arguments, origins):
            missing.append(declared.name)
    _take_last_year(best.calculator, figured, arguments, origins)
    missing = [name for name in missing if name not in arguments]
    return plan.model_copy(update={"arguments": arguments, "origins": origins, "missing": tuple(missing)})


def _take_from_thread(
    declared: Calculator[Any],
    source: NumericPlan | None,
    arguments: dict[str, JsonValue],
    origins: dict[str, Origin],
) -> None:
    """What the reader gave to the calculations before, where an input has its name and its unit: the tax rate, say."""
    units = {f.name: f.unit for f in declared.fields if f.default is not None}
    while source is not None:
        theirs = {f.name: f.unit for f in calculator(source.calculator).fields}
        for name, origin in source.origins.items():
            told = origin.kind in ("user", "carried") and name not in arguments and name in source.arguments
            if told and name in units and units[name] == theirs.get(name):
                arguments[name], origins[name] = source.arguments[name], _carried(origin)
        source = source.first


def _take_last_year(
    declared: Calculator[Any], figured: Figured, arguments: dict[str, JsonValue], origins: dict[str, Origin]
) -> None:
    """最后一年 and "the last year" of a schedule: its life, rounded up."""
    said = _LAST_YEAR.search(figured.text)
    life = _MACRS_YEARS if str(arguments.get("method")).startswith("MACRS") else arguments.get("life")
    if said and isinstance(life, int | float):
        for field_ in declared.fields:
            if is_index(field_):
                arguments[field_.name] = math.ceil(life)
                origins[field_.name] = Origin(kind="user", read=said[0])


def take_quote(
    declared: InputField, question: str, arguments: dict[str, JsonValue], origins: dict[str, Origin]
) -> bool:
    """Takes the debate's own figure for an input, as such."""
    if not declared.quotes:
        return False
    named = [q for q in declared.quotes if _names(question, q.speaker) or _names(question, q.originator)]
    figure = (named or list(declared.quotes))[0]
    arguments[declared.name] = figure.value
    origins[declared.name] = Origin(kind="quote", quote=figure.quote, speaker=figure.speaker)
    return True


def _names(question: str, person: str) -> bool:
    """Whether a question names somebody, by any part of the name."""
    return any(len(part) > 1 and part.lower() in question for part in person.split())


def _carried(origin: Origin) -> Origin:
    if origin.kind == "user":
        return Origin(kind="carried", read=origin.read, source=origin.source)
    return origin.model_copy(update={"unit": None})
