"""Calculators as LangChain tools; the only place where the two meet.

A tool's schema, description and refusals come from the calculator's declaration. The numbers a chat model passes must
be the user's, a quote's or a default: `origins_of` is handed the arguments, returns where each came from, and raises
CalculatorInputError for one that came from nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import JsonValue

from assistant.calculators.declaration import Calculator
from assistant.calculators.registry import calculators
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.errors import CalculatorInputError

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

OriginsOf = Callable[[str, Mapping[str, JsonValue]], Mapping[str, Origin]]


def json_schema(calculator: Calculator[Any]) -> dict[str, Any]:
    """JSON schema of a calculator's inputs, with units, ranges, defaults and their sources."""
    schema: dict[str, Any] = calculator.inputs.model_json_schema()
    schema["title"] = calculator.name
    schema["description"] = tool_description(calculator)
    return schema


def tool_description(calculator: Calculator[Any]) -> str:
    """What the tool does, its equation, and each output with its unit."""
    outputs = ", ".join(f"{o.name} ({o.label.en}{', ' + o.unit if o.unit else ''})" for o in calculator.outputs)
    return f"{calculator.title.en} / {calculator.title.zh}. {calculator.equation} Returns {outputs}."


def as_langchain_tool(calculator: Calculator[Any], origins_of: OriginsOf | None = None) -> StructuredTool:
    """The calculator as a tool: content is the trace's JSON, artifact the CalculationTrace.

    A refusal reaches the model as a tool message with the refusing sentence, so it can ask the user back.
    """
    from langchain_core.tools import StructuredTool, ToolException

    def calculate(**arguments: JsonValue) -> tuple[str, CalculationTrace]:
        try:
            origins = origins_of(calculator.name, arguments) if origins_of else None
            trace = run(calculator.name, arguments, origins)
        except CalculatorInputError as error:
            raise ToolException(str(error)) from error
        return trace.model_dump_json(exclude={"charts"}), trace

    return StructuredTool.from_function(
        func=calculate,
        name=calculator.name,
        description=tool_description(calculator),
        args_schema=json_schema(calculator),
        response_format="content_and_artifact",
        handle_tool_error=True,
    )


def calculator_tools(origins_of: OriginsOf | None = None) -> list[StructuredTool]:
    """Every calculator as a tool, in the registry's order."""
    return [as_langchain_tool(calculator, origins_of) for calculator in calculators().values()]
