"""`/v1/calculators`: every calculator, its declaration as JSON, and running it with all inputs shown."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints
from starlette.responses import Response

from assistant.calculators.declaration import Bilingual, Calculator, InputField, InputKind
from assistant.calculators.registry import calculators
from assistant.calculators.sheet import CSV, XLSX
from assistant.calculators.sources import citation
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.tools import json_schema
from corpus.library import Debate
from ui.errors import UsageError
from ui.limits import AnswerQueue
from ui.rest.examples import CALCULATION
from ui.sheet import SheetFormat, sheet_file
from ui.words import Language

_NAME = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$"),
    Path(description="Name of a calculator.", examples=["useful_life_change"]),
]
_Unit = Annotated[str, StringConstraints(min_length=1, max_length=40)]


class CalculatorSummary(BaseModel):
    """A calculator in a line."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["useful_life_change"])
    title: Bilingual
    examples: list[str] = Field(description="Questions it answers.", examples=[["What if lives were 5 years?"]])


class CalculatorList(BaseModel):
    """All calculators."""

    model_config = ConfigDict(extra="forbid")

    calculators: list[CalculatorSummary]


class InputOut(BaseModel):
    """One input: what it is, in which unit, what is allowed, and where its default comes from."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["old_life"])
    label: Bilingual
    kind: InputKind = Field(examples=["number"])
    unit: str = Field(examples=["years"])
    required: bool = Field(examples=[True])
    default: JsonValue = Field(description="Used, and labelled, when nothing is given.", examples=[None])
    source: str = Field(description="Where the default comes from.", examples=[""])
    allowed: Bilingual
    options: list[str] = Field(description="For a choice.", examples=[[]])


class OutputOut(BaseModel):
    """One result."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(examples=["delta_dep"])
    label: Bilingual
    unit: str = Field(examples=["USD bn"])


class CalculatorOut(CalculatorSummary):
    """A calculator's whole declaration."""

    equation: str = Field(examples=["(C − A)/(L₂ − a) − C/L₁"])
    inputs: list[InputOut]
    outputs: list[OutputOut]
    input_schema: dict[str, Any] = Field(description="JSON Schema of `arguments`.", examples=[{"type": "object"}])


class CalculationRequest(BaseModel):
    """Inputs by name."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {"arguments": {"cost": 300, "old_life": 5, "new_life": 7, "age": 2}},
                {"arguments": {"cost": 300000, "old_life": 5, "new_life": 7, "age": 2}, "units": {"cost": "USD mn"}},
            ]
        },
    )

    arguments: dict[str, JsonValue] = Field(
        description="Values in each input's own unit, or in the one named in `units`; see `input_schema`.",
        max_length=64,
        examples=[{"cost": 300, "old_life": 5, "new_life": 7, "age": 2}],
    )
    units: dict[str, _Unit] = Field(
        default={},
        max_length=64,
        description="Other units of the same dimension, by input.",
        examples=[{"cost": "USD bn"}],
    )


def router(queue: AnswerQueue, debate: Debate) -> APIRouter:
    """The routes under ``/v1/calculators``."""
    routes = APIRouter(prefix="/v1/calculators", tags=["calculators"])
    listed = CalculatorList(calculators=[summary(c) for c in calculators().values()]).model_dump_json().encode()

    @routes.get("", summary="All calculators", response_model=CalculatorList)
    async def list_calculators() -> Response:
        """Names, titles and the questions each answers."""
        return Response(listed, media_type="application/json")

    @routes.get("/{name}", summary="One calculator")
    async def read_calculator(name: _NAME) -> CalculatorOut:
        """Inputs with units, ranges, defaults and their sources; outputs; the equation."""
        return declaration(find(name))

    @routes.post(
        "/{name}",
        summary="Run a calculator",
        response_model=CalculationTrace,
        responses={200: {"content": {"application/json": {"example": CALCULATION}}}},
    )
    async def run_calculator(name: _NAME, asked: CalculationRequest) -> Response:
        """The result with every input and where it came from. An input that cannot be used is a 422 that names it."""
        find(name)
        trace = await queue.run(lambda: calculate(name, asked.arguments, asked.units).model_dump_json().encode())
        return Response(trace, media_type="application/json")

    @routes.post(
        "/{name}/export",
        summary="Run a calculator, as a spreadsheet",
        response_class=Response,
        responses={
            200: {
                "description": "A workbook of four sheets (inputs, live formulas, sources, sensitivity), or its CSV.",
                "content": {
                    XLSX: {"schema": {"type": "string", "format": "binary"}},
                    CSV.partition(";")[0]: {"schema": {"type": "string"}, "example": "Inputs,Input,Item,Value,…\r\n"},
                },
            }
        },
    )
    async def export_calculation(
        name: _NAME,
        asked: CalculationRequest,
        format: Annotated[SheetFormat, Query(description="Workbook or CSV.", examples=["xlsx"])] = "xlsx",
        lang: Annotated[Language, Query(description="Language of its texts.", examples=["en"])] = "en",
    ) -> Response:
        """Formulas over the inputs' cells wherever the calculator has a closed form; a simulation states its values."""
        find(name)
        file = await queue.run(lambda: sheet_file(calculate(name, asked.arguments, asked.units), format, lang, debate))
        return Response(file.content, media_type=file.media_type, headers=file.headers)

    return routes


def calculate(name: str, arguments: dict[str, JsonValue], units: dict[str, str] | None = None) -> CalculationTrace:
    """Run a calculator on what a caller sent.

    Raises:
        CalculatorInputError: An input is missing, unknown or cannot be used.
    """
    units = units or {}
    given = {key: value for key, value in arguments.items() if value is not None}
    origins = {key: Origin(kind="user", unit=units.get(key)) for key in {**given, **units}}
    return run(name, given, origins)


def find(name: str) -> Calculator[Any]:
    """The calculator of that name.

    Raises:
        UsageError: There is none.
    """
    found = calculators().get(name)
    if found is None:
        raise UsageError(f"There is no calculator {name[:60]!r}; GET /v1/calculators lists them.")
    return found


def summary(calculator: Calculator[Any]) -> CalculatorSummary:
    """A calculator in a line."""
    return CalculatorSummary(name=calculator.name, title=calculator.title, examples=list(calculator.examples))


def declaration(calculator: Calculator[Any]) -> CalculatorOut:
    """All that a calculator declares."""
    return CalculatorOut(
        **summary(calculator).model_dump(),
        equation=calculator.equation,
        inputs=[_input(field) for field in calculator.fields],
        outputs=[OutputOut(name=o.name, label=o.label, unit=o.unit) for o in calculator.outputs],
        input_schema=json_schema(calculator),
    )


def _input(field: InputField) -> InputOut:
    return InputOut(
        name=field.name, label=field.label, kind=field.kind, unit=field.unit, required=field.required,
        default=plain(field.default), source=citation(field.source) if field.source else "", allowed=field.allowed,
        options=list(field.options),
    )  # fmt: skip


def plain(value: Any) -> JsonValue:
    """A default as JSON: tuples are lists, keys are text."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value  # type: ignore[no-any-return]
