"""A calculation that shows its work and can be run again to the same number.

`run` is the only way to a `CalculationTrace`: it takes arguments and where each came from, fills labelled defaults,
refuses what it cannot use, computes, and records all of it as JSON-ready values.

    trace = run("useful_life_change", {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0})
    trace.value("delta_dep")      # -12.5
    replay(trace)                 # True
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, JsonValue, ValidationError

from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    Chart,
    Frozen,
    InputField,
    InputKind,
    Note,
    Outputs,
    Series,
)
from assistant.calculators.registry import calculator
from assistant.calculators.units import convert
from assistant.calculators.wording import stated
from assistant.errors import CalculatorInputError

OriginKind = Literal["user", "quote", "default", "carried"]


SOLVED = "solved for / 求解所得"  # the source of an input that was solved for


class Origin(Frozen):
    """Where an argument came from.

    "user": read from the question (`read` holds the words). "quote": a sentence of the debate (`quote` verbatim,
    `speaker`, and `sentence_id` where known). "default": the declaration's, with `source`. "carried": given or computed
    earlier in the conversation (`read` or `source` says where).
    """

    kind: OriginKind
    read: str = ""
    quote: str = ""
    speaker: str = ""
    sentence_id: str = ""
    source: str = ""
    unit: str | None = Field(default=None, description="unit of the value handed to run(); None: the field's own unit")


class Argument(Frozen):
    """One input as used, in the field's unit."""

    name: str
    label: Bilingual
    value: JsonValue
    unit: str
    origin: Origin


class Result(Frozen):
    """One output."""

    name: str
    label: Bilingual
    value: JsonValue
    unit: str


class CalculationTrace(Frozen):
    """A finished calculation: inputs with origins, outputs with units, equation, remarks and charts."""

    calculator: str
    title: Bilingual
    arguments: tuple[Argument, ...]
    outputs: tuple[Result, ...]
    headline: str
    summary: Bilingual
    equation: str
    notes: tuple[Note, ...]
    charts: tuple[Chart, ...]

    def value(self, output: str) -> Any:
        """The value of one output.

        Raises:
            KeyError: no such output.
        """
        return {result.name: result.value for result in self.outputs}[output]

    def argument(self, name: str) -> Argument:
        """The argument of that name.

        Raises:
            KeyError: no such argument.
        """
        return {argument.name: argument for argument in self.arguments}[name]


def run(name: str, arguments: Mapping[str, object], origins: Mapping[str, Origin] | None = None) -> CalculationTrace:
    """Run one calculator and record everything.

    Args:
        name: public name of the calculator.
        arguments: values by input name, in the field's unit or in `origins[name].unit`, which is converted.
        origins: where each argument came from; an argument without one counts as the user's.

    Raises:
        CalculatorInputError: unknown calculator or input, missing or unusable value, unit of another dimension.
    """
    declared = calculator(name)
    given_origins = dict(origins or {})
    by_name = {field.name: field for field in declared.fields}
    unknown = [key for key in (*arguments, *given_origins) if key not in by_name]
    if unknown:
        raise CalculatorInputError(unknown[0], f"one of {', '.join(by_name)}", "an input this calculator does not have",
                                   allowed_zh=f"{'、'.join(by_name)} 之一")  # fmt: skip
    arguments, given_origins = _completed(declared, arguments, given_origins)
    values: dict[str, Any] = {}
    used: dict[str, Origin] = {}
    for field in declared.fields:
        if arguments.get(field.name) is not None:
            origin = given_origins.get(field.name, Origin(kind="user"))
            values[field.name] = _in_field_unit(field, arguments[field.name], origin)
            used[field.name] = origin
        elif field.required:
            raise CalculatorInputError(field.name, field.allowed.en, "nothing", allowed_zh=field.allowed.zh)
        else:
            values[field.name] = field.default
            used[field.name] = Origin(kind="default", source=field.source)
    inputs = validated(declared, values)
    outputs = computed(declared, inputs)
    return CalculationTrace(
        calculator=declared.name,
        title=declared.title,
        arguments=tuple(
            Argument(
                name=f.name,
                label=f.label,
                value=_json(getattr(inputs, f.name)),
                unit=declared.unit_of(f, inputs),
                origin=used[f.name],
            )
            for f in declared.fields
            if getattr(inputs, f.name) is not None
        ),
        outputs=tuple(
            Result(name=o.name, label=o.label, value=outputs[o.name], unit=declared.unit_of(o, inputs))
            for o in declared.outputs
        ),
        headline=declared.headline,
        summary=_summary(declared, inputs, outputs),
        equation=declared.equation,
        notes=declared.notes(inputs, outputs),
        charts=declared.charts(inputs, outputs),
    )


def _completed(
    declared: Calculator[Any], arguments: Mapping[str, object], origins: dict[str, Origin]
) -> tuple[Mapping[str, object], dict[str, Origin]]:
    """A share that was said by what it leaves, as the input that it sets: own money of 20 % is debt of 80 %."""
    for field in declared.fields:
        share, other = arguments.get(field.name), field.slot.complement
        if not other or isinstance(share, bool) or not isinstance(share, int | float):
            continue
        origin = origins.get(field.name, Origin(kind="user"))
        told = arguments.get(other)
        if (
            origins.get(other, Origin(kind="default")).kind == "user"
            and isinstance(told, int | float)
            and abs(told + share - 1) > 1e-6
        ):
            raise CalculatorInputError(field.name, f"1 − {other} ({1 - told:g})", f"{share:g}")
        arguments = {**{k: v for k, v in arguments.items() if k != field.name}, other: round(1.0 - share, 12)}
        origins = {**{k: v for k, v in origins.items() if k != field.name},
                   other: origin.model_copy(update={"source": f"1 − {share:.4g}"})}  # fmt: skip
    return arguments, origins


def replay(trace: CalculationTrace) -> bool:
    """Whether running the recorded arguments again gives the recorded outputs, exactly.

    Raises:
        CalculatorInputError: the calculator is gone or no longer takes these arguments.
    """
    declared = calculator(trace.calculator)
    again = computed(declared, validated(declared, values_of(trace)))
    return again == {result.name: result.value for result in trace.outputs}


def values_of(trace: CalculationTrace) -> dict[str, Any]:
    """What the input model of a trace's calculator takes: its arguments, and None or the default for the others.

    Raises:
        CalculatorInputError: the calculator is gone or no longer takes these arguments.
    """
    declared = calculator(trace.calculator)
    values = {f.name: f.default for f in declared.fields if not f.required}
    kinds = {f.name: f.kind for f in declared.fields}
    for argument in trace.arguments:
        if argument.name not in kinds:
            raise CalculatorInputError(argument.name, f"one of {', '.join(kinds)}", "an input that no longer exists")
        values[argument.name] = shaped(argument.name, kinds[argument.name], argument.value)
    return values


def sweep(name: str, arguments: Mapping[str, object], field: str, values: tuple[float, ...], output: str = "") -> Chart:
    """One output over many values of one input, as a line; refused values leave a gap.

    Args:
        output: defaults to the calculator's headline.

    Raises:
        CalculatorInputError: unknown calculator or input, or every value was refused.
    """
    declared = calculator(name)
    if field not in declared.inputs.model_fields:
        raise CalculatorInputError(field, f"one of {', '.join(declared.inputs.model_fields)}", "an unknown input")
    swept, wanted = declared.field(field), declared.output(output or declared.headline)
    line: list[float | None] = []
    refusal: CalculatorInputError | None = None
    for value in values:
        try:
            result = run(name, {**arguments, field: value}).value(wanted.name)
        except CalculatorInputError as error:
            refusal, result = error, None
        line.append(result)
    if refusal is not None and all(value is None for value in line):
        raise refusal
    return Chart(
        kind="line",
        title=Bilingual(zh=f"{declared.title.zh}:{wanted.label.zh}随{swept.label.zh}变化",
                        en=f"{declared.title.en}: {wanted.label.en} by {swept.label.en}"),
        x_label=swept.label, x_unit=swept.unit, x=values, unit=wanted.unit,
        series=(Series(name=wanted.label, values=tuple(line)),),
    )  # fmt: skip


def validated(declared: Calculator[Any], values: Mapping[str, object]) -> Any:
    """The input model of already shaped values.

    Raises:
        CalculatorInputError: pydantic's first complaint, as field, allowed range and what was read.
    """
    try:
        return declared.inputs(**values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else declared.name
        field = {f.name: f for f in declared.fields}.get(name)
        allowed = field.allowed if field else Bilingual(zh=first["msg"], en=first["msg"])
        raise CalculatorInputError(name, allowed.en, str(first.get("input")), allowed_zh=allowed.zh) from error


def computed(declared: Calculator[Any], inputs: Any) -> dict[str, JsonValue]:
    """The outputs as JSON values, under exactly the declared names.

    Raises:
        TypeError: the calculator returned other names than it declares.
        CalculatorInputError: the inputs contradict one another, or the result is not a finite number.
    """
    outputs: Outputs = declared.compute(inputs)
    names = {output.name for output in declared.outputs}
    if set(outputs) != names:
        raise TypeError(f"{declared.name} returned {sorted(outputs)}, declared are {sorted(names)}")
    return {output.name: _json(outputs[output.name]) for output in declared.outputs}


def _in_field_unit(field: InputField, value: object, origin: Origin) -> Any:
    taken = shaped(field.name, field.kind, value)
    if origin.unit is None or origin.unit == field.unit:
        return taken
    if isinstance(taken, bool | str) or not isinstance(taken, int | float | tuple | dict):
        raise CalculatorInputError(field.name, field.allowed.en, f"{value} {origin.unit}", allowed_zh=field.allowed.zh)

    def converted(item: Any) -> Any:
        if isinstance(item, int | float):
            return convert(float(item), origin.unit or "", field.unit, field=field.name)
        if isinstance(item, dict):
            return {key: converted(inner) for key, inner in item.items()}
        return tuple(converted(inner) if not isinstance(inner, str) else inner for inner in item)

    return shaped(field.name, field.kind, converted(taken))


def shaped(name: str, kind: InputKind, value: Any) -> Any:
    """JSON's shapes into Python's (lists to tuples, keys to years, 5.0 to 5 for an integer); never words into
    numbers."""
    if hasattr(value, "tolist"):  # numpy
        value = value.tolist()
    if kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if kind == "integer" and isinstance(value, float) and value.is_integer():
        return int(value)
    if kind == "list" and isinstance(value, list | tuple):
        return tuple(shaped(name, "number", item) for item in value)
    if kind == "flows" and isinstance(value, list | tuple):
        return tuple(
            tuple(shaped(name, "number", part) for part in edge) if isinstance(edge, list | tuple) else edge
            for edge in value
        )
    if kind in ("series", "amounts") and isinstance(value, Mapping):
        key = _year if kind == "series" else str
        return {key(k): shaped(name, "number", v) for k, v in value.items()}
    return value


def _year(key: object) -> object:
    return int(key) if isinstance(key, str) and key.strip().isdecimal() else key


def _json(value: Any) -> JsonValue:
    """A plain JSON value; numpy scalars and arrays become floats and lists.

    Raises:
        CalculatorInputError: a number is not finite, so the inputs lie outside what the equation can bear.
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        raise CalculatorInputError(
            "inputs", "values that give a finite result", str(value), allowed_zh="能得出有限结果的数值"
        )
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{value!r} is not a JSON value")


def _summary(declared: Calculator[Any], inputs: Any, outputs: Outputs) -> Bilingual:
    if declared.summary is not None:
        return declared.summary(inputs, outputs)
    output = declared.output(declared.headline)
    text = stated(outputs[output.name], declared.unit_of(output, inputs))
    label = f"{output.label.en[:1].upper()}{output.label.en[1:]}"
    return Bilingual(zh=f"{output.label.zh}:{text.zh}。", en=f"{label}: {text.en}.")
