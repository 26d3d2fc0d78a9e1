"""The one declaration of a calculator; its tool, schema, help, form and language slots are all read from it.

Knows how a calculator is described (inputs with unit, range, default, source and labels; outputs; equation;
remarks; charts) and nothing about any particular one. It does not parse language and draws nothing.

A calculator is one module-level value in a module of this folder; `registry` finds it there, so adding one touches one
file:

    class DoublingInput(CalculatorInput):
        rate: float = quantity(unit="fraction", label=Bilingual(zh="增长率", en="growth rate"), above=0.0)

    def doubling_time(rate: float) -> float: ...

    DOUBLING = Calculator(
        name="doubling", title=Bilingual(zh="翻倍时间", en="Doubling time"), inputs=DoublingInput,
        outputs=(Output("years", "years", Bilingual(zh="年数", en="years")),), equation="ln 2 / ln(1+g)",
        compute=lambda i: {"years": doubling_time(i.rate)}, headline="years",
        examples=("At 7% a year, how long to double?", "年增7%,多久翻倍?"))
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.fields import FieldInfo

from assistant.errors import CalculatorInputError

Language = Literal["zh", "en"]
InputKind = Literal["number", "integer", "choice", "flag", "text", "list", "series", "amounts", "flows"]
Outputs = Mapping[str, JsonValue]


class Frozen(BaseModel):
    """A value object: never changed after it is made, and nothing in it that was not declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(Frozen):
    """The same words in both languages of the product."""

    zh: str
    en: str

    def __getitem__(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Note(Frozen):
    """A remark a careful analyst adds to a result.

    `kind` keeps apart what was said and what is on file: "transcript" (a guest's words; `speaker` and verbatim `quote`
    given), "filing" (a disclosed or published figure; `source` given), "remark" (how to read the result) and "warning"
    (something in the inputs that makes the result fragile).
    """

    kind: Literal["remark", "transcript", "filing", "warning"] = "remark"
    text: Bilingual
    speaker: str = ""
    quote: str = ""
    source: str = ""


class Series(Frozen):
    """One line, bar group or band edge; `values[i]` belongs to `Chart.x[i]`, None where there is no value."""

    name: Bilingual
    values: tuple[float | None, ...]


class Chart(Frozen):
    """Chart data that any door can draw. `x` holds numbers (years, for example) or categories.

    "waterfall": one series of signed steps, the last being the total. "histogram": `x` holds the bins' left edges and
    one extra right edge is not stored (bins are equal). "fan": series ordered from the lowest quantile to the highest.
    """

    kind: Literal["line", "bar", "waterfall", "histogram", "fan"]
    title: Bilingual
    x_label: Bilingual
    x_unit: str = ""
    x: tuple[float | str, ...]
    unit: str = Field(description="unit of every value in every series")
    series: tuple[Series, ...]


class QuotedFigure(Frozen):
    """A figure of the debate that may stand in for an input: the verbatim words, who said them, the value in the
    field's unit."""

    quote: str
    speaker: str
    value: JsonValue
    originator: str = Field(default="", description="whose figure it is when the speaker relays it")
    about: Bilingual | None = Field(
        default=None, description="what the figure is, when the field's label does not say it"
    )


@dataclass(frozen=True)
class Link:
    """An earlier result that may supply an input: `sign` × that output of that calculator."""

    calculator: str
    output: str
    sign: int = 1


@dataclass(frozen=True)
class Cues:
    """Words by which a question turns a switch on, matched case-insensitively."""

    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()

    def of(self, language: Language) -> tuple[str, ...]:
        """The phrases of one language."""
        return self.zh if language == "zh" else self.en


def phrases(text: str) -> tuple[str, ...]:
    """Phrases from one string, a comma between them: "rent, rents for, per gpu-hour"."""
    return tuple(phrase.strip() for phrase in text.split(","))


@dataclass(frozen=True)
class Slot:
    """What a field says about itself beyond its type; pydantic calls it to enrich the JSON schema."""

    unit: str
    label: Bilingual
    source: str
    cues: Cues
    quotes: tuple[QuotedFigure, ...]
    links: tuple[Link, ...]
    option_cues: Mapping[str, tuple[str, ...]]
    above: float | None
    at_least: float | None
    below: float | None
    at_most: float | None
    complement: str = ""
    of: str = ""

    def __call__(self, schema: dict[str, Any]) -> None:
        """Add unit, label, source and range to the field's JSON schema."""
        schema.update({"unit": self.unit, "label": self.label.model_dump(), "source": self.source})
        limits = {
            "exclusiveMinimum": self.above,
            "minimum": self.at_least,
            "exclusiveMaximum": self.below,
            "maximum": self.at_most,
        }
        values = schema.get("items", schema.get("additionalProperties", schema))
        if isinstance(values, dict):
            values.update({name: limit for name, limit in limits.items() if limit is not None})

    @property
    def allowed(self) -> Bilingual:
        """The allowed range in words, both languages, with its unit."""
        low = [f"> {self.above:g}"] if self.above is not None else []
        low += [f"≥ {self.at_least:g}"] if self.at_least is not None else []
        high = [f"< {self.below:g}"] if self.below is not None else []
        high += [f"≤ {self.at_most:g}"] if self.at_most is not None else []
        limits = low + high
        if not limits:
            return Bilingual(zh="任意有限数", en="any finite number")
        unit = f" {self.unit}" if self.unit else ""
        return Bilingual(zh=" 且 ".join(limits) + unit, en=" and ".join(limits) + unit)

    def admits(self, number: float) -> bool:
        """Whether one number lies in the allowed range."""
        return (
            (self.above is None or number > self.above)
            and (self.at_least is None or number >= self.at_least)
            and (self.below is None or number < self.below)
            and (self.at_most is None or number <= self.at_most)
        )


def quantity(
    default: Any = ...,
    *,
    unit: str,
    label: Bilingual,
    source: str = "",
    above: float | None = None,
    at_least: float | None = None,
    below: float | None = None,
    at_most: float | None = None,
    cues: Cues = Cues(),
    quotes: tuple[QuotedFigure, ...] = (),
    links: tuple[Link, ...] = (),
    option_cues: Mapping[str, tuple[str, ...]] | None = None,
    complement: str = "",
    of: str = "",
) -> Any:
    """Declare one input; no `default` makes it required.

    Args:
        default: used, and labelled with `source`, only when the user gave nothing. A default without a source is an
        error. unit: "USD bn", "years", "fraction", "GW", "USD/kWh", …; "" for a choice, a flag or a pure number.
        above, at_least, below, at_most: the allowed range, exclusive, inclusive, exclusive, inclusive. For a list or a
            series they hold for each value.
        cues: for a switch, the words that turn it on ("with bonus", "奖励折旧").
        quotes: figures of the debate that can supply it.
        links: earlier results that can supply it.
        option_cues: for a choice, each option's own words.
        complement: the input that is 1 minus this one, and is set by it.
        of: the input that this one is a share of, so that an amount states it too.

    Raises:
        ValueError: a default (other than None) without a source.
    """
    if default is not ... and default is not None and not source:
        raise ValueError(f"the default {default!r} of {label.en!r} has no source")
    slot = Slot(unit, label, source, cues, quotes, links, dict(option_cues or {}), above, at_least, below, at_most,
                complement, of)  # fmt: skip
    description = f"{label.en} / {label.zh}" + (f", in {unit}" if unit else "") + f"; {slot.allowed['en']}"
    return Field(default, description=description, json_schema_extra=slot)


class CalculatorInput(BaseModel):
    """Base of every input model: frozen, no unknown fields, no "5" for 5, no True for 1, finite numbers only."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)

    @model_validator(mode="after")
    def _within_ranges(self) -> Self:
        for name, info in type(self).model_fields.items():
            slot = info.json_schema_extra
            if isinstance(slot, Slot):
                for number in numbers_in(getattr(self, name)):
                    if not slot.admits(number):
                        raise CalculatorInputError(name, slot.allowed.en, f"{number:g}", allowed_zh=slot.allowed.zh)
        return self


def numbers_in(value: object) -> list[float]:
    """Every number inside an input value, in order; choices and flags hold none."""
    if isinstance(value, bool):
        return []
    if isinstance(value, int | float):
        return [float(value)]
    if isinstance(value, Mapping):
        return [number for item in value.values() for number in numbers_in(item)]
    if isinstance(value, tuple | list):
        return [number for item in value for number in numbers_in(item)]
    return []


I = TypeVar("I", bound=CalculatorInput)  # noqa: E741 (the input model of one calculator)


@dataclass(frozen=True)
class Output:
    """One result: name, unit and label. A list-valued result (a schedule) has the unit of its items.

    `cues` are the words by which a question asks for it, beyond its label; `even` is its value at break-even, and
    `yearly` says that it is so much a year.
    """

    name: str
    unit: str
    label: Bilingual
    even: float | None = None
    yearly: bool = False


@dataclass(frozen=True)
class InputField:
    """A field of an input model as the doors see it: a form draws it, help prints it, a slot filler fills it.

    `slot` holds what was declared; unit, label, source, cues, quotes and links are read through it.
    """

    name: str
    kind: InputKind
    required: bool
    default: Any
    options: tuple[str, ...]
    slot: Slot

    @property
    def unit(self) -> str:
        """Unit of the value, or of each value."""
        return self.slot.unit

    @property
    def label(self) -> Bilingual:
        """What a form or a help text calls it."""
        return self.slot.label

    @property
    def source(self) -> str:
        """Where the default comes from; "" without a default."""
        return self.slot.source

    @property
    def cues(self) -> Cues:
        """Words by which a sentence names it."""
        return self.slot.cues

    @property
    def quotes(self) -> tuple[QuotedFigure, ...]:
        """Figures of the debate that can supply it."""
        return self.slot.quotes

    @property
    def links(self) -> tuple[Link, ...]:
        """Earlier results that can supply it."""
        return self.slot.links

    @property
    def allowed(self) -> Bilingual:
        """The allowed values in words, with the unit."""
        if self.kind == "choice":
            return Bilingual(zh="、".join(self.options), en=", ".join(self.options))
        if self.kind == "flag":
            return Bilingual(zh="是或否", en="true or false")
        return self.slot.allowed


def _no_notes(inputs: Any, outputs: Outputs) -> tuple[Note, ...]:
    return ()


def _no_charts(inputs: Any, outputs: Outputs) -> tuple[Chart, ...]:
    return ()


@dataclass(frozen=True)
class Calculator(Generic[I]):
    """One calculator.

    Attributes:
        name: public name, the same for tool, command and schema.
        inputs: the input model; its fields are made by `quantity`.
        outputs: declared results; `compute` returns exactly these names.
        equation: the formula as text, symbols explained.
        compute: inputs → outputs by name; pure. Raises CalculatorInputError for what only several fields together show.
        headline: the output that answers the usual question.
        summary: one sentence that states the result in both languages; the doors fall back to label and value.
        examples: questions it answers, as users type them.
        plain: arithmetic without a subject, over whatever was said or stands there.
        formulas: outputs as a spreadsheet computes them, without the "=": inputs and other outputs stand in braces, an
            input before an output of the same name, `{capex.keys}` for the years or names of a table. Where the formula
            itself hangs on a choice, a function of the inputs writes it, "" for none. What is not here is a value only.
    """

    name: str
    title: Bilingual
    inputs: type[I]
    outputs: tuple[Output, ...]
    equation: str
    compute: Callable[[I], Outputs]
    headline: str
    notes: Callable[[I, Outputs], tuple[Note, ...]] = _no_notes
    charts: Callable[[I, Outputs], tuple[Chart, ...]] = _no_charts
    summary: Callable[[I, Outputs], Bilingual] | None = None
    examples: tuple[str, ...] = ()
    source: str = ""
    plain: bool = False
    formulas: Mapping[str, str | Callable[[I], str]] = dataclasses.field(default_factory=dict, compare=False)

    @cached_property
    def fields(self) -> tuple[InputField, ...]:
        """The inputs in declared order."""
        hints = typing.get_type_hints(self.inputs)
        return tuple(_input_field(name, info, hints[name]) for name, info in self.inputs.model_fields.items())

    def field(self, name: str) -> InputField:
        """The input of that name.

        Raises:
            KeyError: there is none.
        """
        return {field.name: field for field in self.fields}[name]

    def unit_of(self, declared: InputField | Output, inputs: Any) -> str:
        """The unit of an input or output, where the declaration says "@unit" the one that the inputs name."""
        return str(getattr(inputs, declared.unit[1:])) if declared.unit.startswith("@") else declared.unit

    def output(self, name: str) -> Output:
        """The output of that name.

        Raises:
            KeyError: there is none.
        """
        return {output.name: output for output in self.outputs}[name]


def _input_field(name: str, info: FieldInfo, annotation: Any) -> InputField:
    slot = info.json_schema_extra
    if not isinstance(slot, Slot):
        raise TypeError(f"input {name!r} must be declared with quantity(…)")
    kind, options = _kind(annotation)
    required = info.is_required()
    return InputField(name, kind, required, None if required else info.get_default(), options, slot)


def _kind(annotation: Any) -> tuple[InputKind, tuple[str, ...]]:
    """Kind and, for a choice, the options, read from the type; `X | None` counts as X."""
    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin in (typing.Union, types.UnionType):
        return _kind(next(a for a in arguments if a is not type(None)))
    if origin is Literal:
        return "choice", tuple(str(option) for option in arguments)
    simple: dict[Any, InputKind] = {float: "number", int: "integer", bool: "flag", str: "text"}
    if annotation in simple:
        return simple[annotation], ()
    compound: dict[Any, InputKind] = {
        tuple[float, ...]: "list",
        dict[int, float]: "series",
        dict[str, float]: "amounts",
        tuple[tuple[str, str, float], ...]: "flows",
    }
    if annotation in compound:
        return compound[annotation], ()
    raise TypeError(f"no input kind for {annotation!r}")
