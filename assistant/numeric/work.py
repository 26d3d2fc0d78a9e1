"""A numeric plan → its calculations and the number that was asked for: compute, solve for an input, compare.

Generic over any declaration. What is stated is what was asked, in the asked unit; where that cannot be had, one
sentence says what is missing or why.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np
from pydantic import JsonValue
from scipy.optimize import brentq

from assistant.calculators.declaration import Bilingual, Calculator, InputField, Output
from assistant.calculators.registry import calculator
from assistant.calculators.trace import SOLVED, CalculationTrace, Origin, computed, run, shaped, validated
from assistant.calculators.wording import stated
from assistant.errors import CalculatorInputError
from assistant.numeric.plan import Clarification, NumericPlan, Refusal
from assistant.numeric.units_asked import shown_as

_GRID = 160  # points between which a solution is looked for
_MOST = 36  # cells of a table
_PER_YEAR = {"quarter": 4.0, "month": 12.0, "day": 365.0}


class Stated(NamedTuple):
    """The number that was asked for."""

    value: float
    unit: str
    text: Bilingual


class Done(NamedTuple):
    """A finished plan.

    Attributes:
        traces: the calculation that is stated, then others that were compared, then what it was built on.
        asked: the number asked for; None where the result is no number.
        lead: the sentence that states it.
        columns, rows: a table, for comparisons.
        tentative: whether the lead asks back if it was read right.
    """

    traces: tuple[CalculationTrace, ...]
    asked: Stated | None
    lead: Bilingual
    columns: tuple[Bilingual, ...] = ()
    rows: tuple[tuple[Bilingual, ...], ...] = ()
    tentative: bool = False


def work(plan: NumericPlan) -> Done | Clarification | Refusal:
    """Run a plan."""
    if plan.refusal is not None:
        return plan.refusal
    if plan.first is not None and plan.feed is not None:
        before = work(plan.first)
        if not isinstance(before, Done):
            return before
        fed = _fed(plan, before)
        if isinstance(fed, Clarification):
            return fed
        done = work(fed)
        return done._replace(traces=(*done.traces, *before.traces)) if isinstance(done, Done) else done
    unknown = (plan.asked,) if plan.op == "solve" else ()
    missing = tuple(name for name in plan.missing if name not in (*unknown, *plan.versus))
    if missing:
        return _ask(plan, missing)
    try:
        done = {"solve": _solved, "compare": _compared, "compute": _computed}[plan.op](plan)
        return _tentative(plan, done) if plan.doubt and isinstance(done, Done) else done
    except CalculatorInputError as error:
        field = {f.name: f for f in calculator(plan.calculator).fields}.get(error.field)
        if error.read == "nothing" and field is not None:
            return _ask(plan, (error.field,))
        return refused(plan, error)


def refused(plan: NumericPlan, error: CalculatorInputError) -> Refusal:
    """The refusal of an input error, its sentence in the question's language."""
    declared = calculator(plan.calculator)
    labels = {f.name: f.label for f in declared.fields} | {o.name: o.label for o in declared.outputs}
    label = labels.get(error.field)
    return Refusal(
        calculator=plan.calculator,
        field=error.field,
        allowed=error.allowed if plan.language == "en" else error.allowed_zh,
        read=error.read,
        message=error.sentence(plan.language, label[plan.language] if label is not None else ""),
    )


def _fed(plan: NumericPlan, before: Done) -> NumericPlan | Clarification:
    """The plan with what the calculation before it supplies."""
    assert plan.feed is not None
    trace = before.traces[0]
    value = trace.value(plan.feed.output) if plan.feed.output else None
    if before.asked is not None and (value is None or plan.feed.output == trace.headline):
        value = before.asked.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _ask(plan, (plan.feed.field,))
    origin = Origin(kind="carried", source=f"{trace.calculator}.{plan.feed.output}")
    return plan.model_copy(
        update={
            "arguments": {**plan.arguments, plan.feed.field: plan.feed.sign * float(value)},
            "origins": {**plan.origins, plan.feed.field: origin},
            "missing": tuple(name for name in plan.missing if name != plan.feed.field),
            "first": None,
            "feed": None,
        }
    )


# ── one calculation ──


def _computed(plan: NumericPlan) -> Done | Refusal:
    trace = _traced(plan, plan.arguments)
    asked = _asked(plan, trace)
    return Done((trace,), asked, _with_others(plan, trace, _lead(plan, trace, asked)))


def _with_others(plan: NumericPlan, trace: CalculationTrace, lead: Bilingual) -> Bilingual:
    """The lead with the further results that were asked for and that it does not state."""
    for name in plan.also:
        result = next(o for o in trace.outputs if o.name == name)
        if result.value is None or stated(result.value, result.unit).en in lead.en:
            continue
        more = _sentence(result.label, result.value, result.unit)
        lead = Bilingual(zh=f"{lead.zh}{more.zh}", en=f"{lead.en} {more.en}")
    return lead


def _traced(plan: NumericPlan, arguments: Mapping[str, JsonValue]) -> CalculationTrace:
    """The calculation, what is asked for as its headline, its money in the reader's currency."""
    origins = {name: origin for name, origin in plan.origins.items() if name in arguments}
    trace = run(plan.calculator, arguments, origins)
    numbers = {o.name for o in trace.outputs if isinstance(o.value, int | float) and not isinstance(o.value, bool)}
    output = plan.asked if plan.asked in numbers else trace.headline
    if plan.currency:
        trace = in_currency(trace, plan.currency)
    if output != trace.headline:
        result = next(o for o in trace.outputs if o.name == output)
        says = stated(result.value, result.unit).en in trace.summary.en
        summary = trace.summary if says else _sentence(result.label, result.value, result.unit)
        trace = trace.model_copy(update={"headline": output, "summary": summary})
    return trace


def in_currency(trace: CalculationTrace, currency: str) -> CalculationTrace:
    """The same calculation of money of another currency: no rate, another name."""

    def renamed(unit: str) -> str:
        return currency + unit[3:] if unit.startswith("USD") else unit

    arguments = tuple(a.model_copy(update={"unit": renamed(a.unit)}) for a in trace.arguments)
    outputs = tuple(o.model_copy(update={"unit": renamed(o.unit)}) for o in trace.outputs)
    head = next(o for o in outputs if o.name == trace.headline)
    summary = _sentence(head.label, head.value, head.unit)
    return trace.model_copy(update={"arguments": arguments, "outputs": outputs, "summary": summary, "charts": ()})


def _asked(plan: NumericPlan, trace: CalculationTrace) -> Stated | None:
    result = next(o for o in trace.outputs if o.name == trace.headline)
    if isinstance(result.value, bool) or not isinstance(result.value, int | float):
        return None
    declared = calculator(plan.calculator)
    value = float(result.value)
    if plan.per and declared.output(result.name).yearly:
        value /= _PER_YEAR[plan.per]
        return Stated(value, f"{result.unit}/{plan.per}", _per(stated(value, result.unit), plan.per))
    value, unit = shown_as(value, result.unit, plan.shown) or (value, result.unit)
    return Stated(value, unit, stated(value, unit))


def _per(text: Bilingual, per: str) -> Bilingual:
    zh = {"quarter": "每季度", "month": "每月", "day": "每天"}[per]
    return Bilingual(zh=f"{zh} {text.zh}", en=f"{text.en} a {per}")


def _lead(plan: NumericPlan, trace: CalculationTrace, asked: Stated | None) -> Bilingual:
    """The sentence that states what was asked; the calculation's own where that says it."""
    result = next(o for o in trace.outputs if o.name == trace.headline)
    if asked is None or asked.unit == result.unit:
        return trace.summary
    label = next(o.label for o in trace.outputs if o.name == trace.headline)
    return Bilingual(zh=f"{label.zh}:{asked.text.zh}。", en=f"{_capital(label.en)}: {asked.text.en}.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(label: Bilingual, value: JsonValue, unit: str) -> Bilingual:
    text = stated(value, unit)
    return Bilingual(zh=f"{label.zh}:{text.zh}。", en=f"{_capital(label.en)}: {text.en}.")


# ── solving for an input ──


def _solved(plan: NumericPlan) -> Done | Refusal:
    """The input that gives a result the value it is to have, by bracketing inside the declared limits."""
    declared = calculator(plan.calculator)
    field, (name, target) = declared.field(plan.asked), next(iter(plan.target.items()))
    output = declared.output(name)
    given = {k: v for k, v in plan.arguments.items() if k != field.name}
    roots, nearest = solutions(declared, given, field, name, target)
    if not roots:
        wanted, found = (
            stated(target, _unit(declared, output, given)),
            stated(nearest[1], _unit(declared, output, given)),
        )
        at = stated(nearest[0], _unit(declared, field, given))
        allowed = Bilingual(
            en=f"a value that gives {output.label.en} {wanted.en}; none in range does, "
            f"the nearest is {at.en} with {found.en}",
            zh=f"使{output.label.zh}为{wanted.zh}的值;范围内没有,最接近的是{at.zh}(得{found.zh})",
        )
        error = CalculatorInputError(field.name, allowed.en, wanted.en, allowed_zh=allowed.zh)
        return refused(plan, error)
    solved = plan.model_copy(
        update={
            "arguments": {**given, field.name: roots[0]},
            "origins": {**plan.origins, field.name: Origin(kind="carried", source=SOLVED)},
        }
    )
    trace = _traced(solved.model_copy(update={"asked": name}), solved.arguments)
    unit = next(a.unit for a in trace.arguments if a.name == field.name)
    texts = [stated(root, unit) for root in roots]
    text = Bilingual(zh=" 或 ".join(t.zh for t in texts), en=" or ".join(t.en for t in texts))
    reached = next(o for o in trace.outputs if o.name == name)
    at = stated(reached.value, reached.unit)
    lead = Bilingual(
        zh=f"{field.label.zh}:{text.zh}(此时{output.label.zh}为{at.zh})。",
        en=f"{_capital(field.label.en)}: {text.en}, where {output.label.en} is {at.en}.",
    )
    return Done((trace,), Stated(float(roots[0]), unit, text), lead)


def solutions(
    declared: Calculator[Any], given: Mapping[str, JsonValue], field: InputField, output: str, target: float
) -> tuple[list[float], tuple[float, float]]:
    """(the values of an input that give an output a value, ascending; the nearest (input, output) tried)."""

    def miss(value: float) -> float:
        number: Any = round(value) if field.kind == "integer" else value
        try:
            found = _value(declared, given, field.name, number, output)
        except CalculatorInputError:
            return math.nan
        return found - target if isinstance(found, int | float) and not isinstance(found, bool) else math.nan

    points = list(_points(field, target))
    misses = [miss(point) for point in points]
    tried = [(abs(m), p, m) for p, m in zip(points, misses, strict=True) if not math.isnan(m)]
    if not tried:
        raise CalculatorInputError(output, "inputs for which it can be computed", "none",
                                   allowed_zh="可以计算的输入")  # fmt: skip
    _, at, off = min(tried)
    exact = 1e-9 * max(1.0, abs(target))
    roots: list[float] = [p for p, m in zip(points, misses, strict=True) if abs(m) <= exact]
    for (a, fa), (b, fb) in itertools.pairwise(zip(points, misses, strict=True)):
        if math.isnan(fa) or math.isnan(fb) or fa * fb >= 0:
            continue
        if field.kind == "integer":
            roots.append(float(b if abs(fb) <= abs(fa) or fb >= 0 else a))
        elif abs(root_miss := miss(root := float(brentq(miss, a, b, xtol=1e-12, maxiter=200)))) <= 1e-6 * max(
            1.0, abs(target), abs(fa), abs(fb)
        ) and not math.isnan(root_miss):  # fmt: skip
            roots.append(root)
    distinct = [r for i, r in enumerate(sorted(roots)) if i == 0 or r - sorted(roots)[i - 1] > 1e-9 * max(1.0, abs(r))]
    return distinct, (at, off + target)


def _value(declared: Calculator[Any], given: Mapping[str, JsonValue], name: str, value: Any, output: str) -> Any:
    """One output at one value of an input."""
    values = {f.name: f.default for f in declared.fields if not f.required}
    kinds = {f.name: f.kind for f in declared.fields}
    values |= {k: shaped(k, kinds[k], v) for k, v in given.items()} | {name: value}
    return computed(declared, validated(declared, values))[output]


def _points(field: InputField, target: float) -> Iterator[float]:
    """Where to look for a solution: within the declared limits, evenly for shares and counts, else by size."""
    slot = field.slot
    low = slot.above if slot.above is not None else slot.at_least
    high = slot.below if slot.below is not None else slot.at_most
    edge = 1e-9
    if field.kind == "integer":
        first = int(low) if low is not None else 1
        last = int(high) if high is not None and high - first <= 400 else first + 200
        yield from map(float, range(first, last + 1))
        return
    if field.unit == "fraction":
        start, end = (low if low is not None else -1.0) + edge, (high if high is not None else 5.0) - edge
        yield from np.linspace(start, min(end, 5.0), _GRID)
        return
    if field.unit == "years":
        start, end = (low or 0.0) + edge, min(high if high is not None else 200.0, 200.0)
        yield from np.linspace(start, end, 2 * _GRID)
        return
    sizes = np.geomspace(1e-6, 1e7, 2 * _GRID)
    if low is None or low < 0:
        yield from -sizes[::-1]
    yield from (float(s) for s in sizes if (low is None or s > low) and (high is None or s < high))


def _unit(declared: Calculator[Any], field: InputField | Output, given: Mapping[str, JsonValue]) -> str:
    return str(given.get("unit", "number")) if field.unit.startswith("@") else field.unit


# ── comparing ──


def _compared(plan: NumericPlan) -> Done | Refusal:
    """Every combination of the values that are to be compared, as a table; the difference of two."""
    names = list(plan.versus)[:2]
    grid = list(itertools.product(*(plan.versus[name] for name in names)))[:_MOST]
    traces = [_traced(plan, {**plan.arguments, **_whole(plan, names, values)}) for values in grid]
    stated_ = [_asked(plan, trace) for trace in traces]
    declared = calculator(plan.calculator)
    heads = [trace.argument(name) for trace in traces[:1] for name in names]
    cells = [tuple(stated(v, a.unit) for v, a in zip(values, heads, strict=True)) for values in grid]
    result = next(o for o in traces[0].outputs if o.name == traces[0].headline)
    texts = [
        s.text if s is not None else stated(t.value(t.headline), result.unit)
        for s, t in zip(stated_, traces, strict=True)
    ]
    columns, rows = _table(plan, names, heads, grid, cells, texts, result.label)
    ends = Bilingual(
        zh=";".join(f"{'、'.join(x.zh for x in c)} → {t.zh}" for c, t in zip(cells, texts, strict=True)),
        en="; ".join(f"{', '.join(x.en for x in c)} → {t.en}" for c, t in zip(cells, texts, strict=True)),
    )
    numbers = [s for s in stated_ if s is not None]
    asked = numbers[-1] if numbers else None
    lead = Bilingual(zh=f"{result.label.zh}:{ends.zh}。", en=f"{_capital(result.label.en)}: {ends.en}.")
    if len(numbers) == 2 and len(grid) == 2:
        gap = numbers[1].value - numbers[0].value
        unit = numbers[0].unit.split("/q")[0].split("/m")[0].split("/d")[0]
        points = f"{abs(gap) * (100 if unit == 'fraction' else 1):.4g}"
        differ = stated(abs(gap), unit)
        if unit in ("fraction", "%"):
            differ = Bilingual(zh=f"{points}个百分点", en=f"{points} percentage points")
        asked = Stated(gap, numbers[0].unit, differ)
        lead = Bilingual(zh=f"{lead.zh[:-1]},相差 {differ.zh}。", en=f"{lead.en[:-1]}; a difference of {differ.en}.")
    elif len(grid) > 4:
        by = [declared.field(n).label for n in names]
        lead = Bilingual(
            zh=f"{result.label.zh}随{'、'.join(b.zh for b in by)}变化,见表。",
            en=f"{_capital(result.label.en)} by {' and '.join(b.en for b in by)}: see the table.",
        )
    return Done(tuple(traces[:2]) if len(traces) == 2 else (traces[0],), asked, lead, columns, rows)


def _whole(plan: NumericPlan, names: list[str], values: tuple[float, ...]) -> dict[str, JsonValue]:
    """The values as their inputs take them: whole numbers for integers."""
    kinds = {f.name: f.kind for f in calculator(plan.calculator).fields}
    return {n: int(v) if kinds[n] == "integer" else v for n, v in zip(names, values, strict=True)}


def _table(
    plan: NumericPlan, names: list[str], heads: list[Any], grid: list[tuple[float, ...]],
    cells: list[tuple[Bilingual, ...]], texts: list[Bilingual], label: Bilingual,
) -> tuple[tuple[Bilingual, ...], tuple[tuple[Bilingual, ...], ...]]:  # fmt: skip
    """One row a value; for two inputs one row a value of the first and one column a value of the second."""
    if len(names) == 1:
        return (heads[0].label, label), tuple((*c, t) for c, t in zip(cells, texts, strict=True))
    across = list(dict.fromkeys(c[1].en for c in cells))
    shown = {c[1].en: c[1] for c in cells}
    corner = Bilingual(
        zh=f"{heads[0].label.zh} \\ {heads[1].label.zh}", en=f"{heads[0].label.en} \\ {heads[1].label.en}"
    )
    rows = []
    for first in dict.fromkeys(c[0].en for c in cells):
        line = {c[1].en: t for c, t in zip(cells, texts, strict=True) if c[0].en == first}
        head = next(c[0] for c in cells if c[0].en == first)
        rows.append((head, *(line.get(a, Bilingual(zh="", en="")) for a in across)))
    return (corner, *(shown[a] for a in across)), tuple(rows)


# ── asking back ──


def _ask(plan: NumericPlan, names: tuple[str, ...]) -> Clarification:
    """Asks for inputs by their labels, with unit and range."""
    declared = calculator(plan.calculator)
    known = {f.name for f in declared.fields}
    fields = [declared.field(name) for name in names if name in known]
    wording = Bilingual(
        zh=f"要算{declared.title.zh},还缺:" + "、".join(_needed(f).zh for f in fields) + "。请补上。",
        en=f"{declared.title.en} still needs " + "; ".join(_needed(f).en for f in fields) + ".",
    )
    return Clarification(calculator=declared.name, missing=names, message=wording[plan.language])


def _needed(field: InputField) -> Bilingual:
    if field.unit.startswith("@"):
        return field.label
    return Bilingual(zh=f"{field.label.zh}({field.allowed.zh})", en=f"{field.label.en} ({field.allowed.en})")


def _tentative(plan: NumericPlan, done: Done) -> Done:
    """The result with what was read before it, asked back: a reading with little margin is never stated as sure."""
    declared = calculator(plan.calculator)
    fields = {f.name: f for f in declared.fields}
    read = {n: o.read for n, o in plan.origins.items() if o.read and n in fields and n in plan.arguments}
    told = [(fields[n].label, Bilingual(zh=words, en=words)) for n, words in read.items()]
    for name, value in plan.target.items():  # what is to be reached was read from the question too
        output = declared.output(name)
        told.append((output.label, stated(value, _unit(declared, output, plan.arguments))))
    zh = "、".join(f"{label.zh} {words.zh}" for label, words in told)
    en = ", ".join(f"{label.en} {words.en}" for label, words in told)
    lead = Bilingual(
        zh=f"我读成这样:{declared.title.zh},{zh or '全部用默认值'}。对吗?如果对:{done.lead.zh}",
        en=f"I read this so: {declared.title.en}, {en or 'defaults throughout'}. Right? If so: {done.lead.en}",
    )
    return done._replace(lead=lead, tentative=True)
