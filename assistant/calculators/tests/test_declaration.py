import json
from pathlib import Path
from typing import Any

import pytest

from assistant.calculators import said
from assistant.calculators.declaration import Calculator, CalculatorInput, InputField
from assistant.calculators.registry import calculator, calculators
from assistant.calculators.sources import SOURCES
from assistant.calculators.trace import CalculationTrace, Origin, replay, run, sweep
from assistant.calculators.units import UNITS, convert
from assistant.calculators.worked_examples import worked_examples
from assistant.errors import CalculatorInputError
from assistant.tools import as_langchain_tool, calculator_tools, json_schema

ALL = list(calculators().values())
TRANSCRIPTS = sorted((Path(__file__).parents[3] / "corpus" / "data").rglob("*.txt"))
CHANGE = {"cost": 300.0, "old_life": 5.0, "new_life": 7.0, "age": 2.0}


def fields() -> list[tuple[Calculator[Any], InputField]]:
    return [(declared, field) for declared in ALL for field in declared.fields]


def spoken() -> dict[str, str]:
    """Speaker → everything said, read from the transcript's bare speaker lines."""
    words: dict[str, str] = {}
    speaker = ""
    for line in TRANSCRIPTS[0].read_text(encoding="utf-8").split("\n"):
        if line.endswith(":") and len(line) < 20:
            speaker = line[:-1]
        elif speaker:
            words[speaker] = words.get(speaker, "") + line + "\n"
    return words


@pytest.mark.parametrize("declared", ALL, ids=lambda c: c.name)
def test_declaration_is_complete(declared: Calculator[Any]) -> None:
    assert declared.equation and (declared.source or declared.plain)
    assert declared.output(declared.headline)
    for field in declared.fields:
        assert field.label.zh and field.label.en
        assert field.required or field.default is None or field.source, field.name
        assert field.unit in {*UNITS, "any"} or field.unit.startswith("@"), (field.name, field.unit)


def test_quotes_that_supply_inputs_are_verbatim_and_said_by_that_speaker() -> None:
    words = spoken()
    quotes = [quote for _, field in fields() for quote in field.quotes]
    assert len(quotes) > 20
    for quote in quotes:
        assert quote.quote in words[quote.speaker], quote.quote
    for name, value in vars(said).items():
        if isinstance(value, said.Said):
            assert value.quote in words[value.speaker], name


def test_every_quoted_value_is_admitted_by_its_field() -> None:
    for declared, field in fields():
        for quote in field.quotes:
            if isinstance(quote.value, int | float):
                assert field.slot.admits(float(quote.value)), (declared.name, field.name)


def test_links_point_at_outputs_that_exist_in_the_same_unit() -> None:
    for _, field in fields():
        for link in field.links:
            assert calculator(link.calculator).output(link.output).unit == field.unit


def test_every_cited_key_is_spelled_out() -> None:
    cited = " ".join([c.source for c in ALL] + [field.source for _, field in fields()])
    keys = {word.strip("().,;:") for word in cited.replace("V:", " V:").split() if word.startswith("V:")}
    assert {key.removeprefix("V:") for key in keys} <= set(SOURCES)


@pytest.mark.parametrize("example", worked_examples(), ids=lambda e: f"{e.calculator}.{e.output}")
def test_trace_of_a_worked_example_replays_after_json(example: Any) -> None:
    trace = run(example.calculator, example.arguments)
    again = CalculationTrace.model_validate_json(trace.model_dump_json())
    assert again == trace
    assert replay(again)
    assert example.holds


def test_replay_notices_a_changed_number() -> None:
    trace = run("useful_life_change", CHANGE)
    forged = json.loads(trace.model_dump_json())
    forged["outputs"][3]["value"] = -30.0
    assert not replay(CalculationTrace.model_validate(forged))


def test_arguments_say_where_they_came_from() -> None:
    quote = calculator("useful_life_change").field("old_life").quotes[0]
    origin = Origin(kind="quote", quote=quote.quote, speaker=quote.speaker)
    trace = run("useful_life_change", {**CHANGE, "old_life": quote.value}, {"old_life": origin})
    assert trace.argument("old_life").origin.speaker == "Rob Li"
    assert trace.argument("cost").origin.kind == "user"
    assert trace.argument("salvage").origin.kind == "default"
    assert trace.argument("salvage").origin.source


def test_units_are_converted_and_never_mixed() -> None:
    trace = run("useful_life_change", {**CHANGE, "cost": 300_000.0}, {"cost": Origin(kind="user", unit="USD mn")})
    assert trace.value("delta_dep") == pytest.approx(-24.0)
    with pytest.raises(CalculatorInputError, match="USD bn"):
        run("useful_life_change", CHANGE, {"cost": Origin(kind="user", unit="GW")})
    with pytest.raises(CalculatorInputError):
        convert(3.0, "GWh", "GW", field="gap_low")
    with pytest.raises(CalculatorInputError):
        convert(3.0, "CNY", "USD bn", field="cost")


@pytest.mark.parametrize("bad", ["300", True, float("nan"), float("inf"), [300.0], -1.0])
def test_no_number_is_guessed_from_something_else(bad: object) -> None:
    with pytest.raises(CalculatorInputError) as refused:
        run("useful_life_change", {**CHANGE, "cost": bad})
    assert refused.value.field == "cost"


def test_unknown_calculator_and_unknown_input_are_refused() -> None:
    with pytest.raises(CalculatorInputError, match="calculator"):
        run("astrology", {})
    with pytest.raises(CalculatorInputError, match="colour"):
        run("useful_life_change", {**CHANGE, "colour": 3.0})


def test_a_missing_input_is_asked_for_not_assumed() -> None:
    with pytest.raises(CalculatorInputError) as refused:
        run("useful_life_change", {"cost": 100.0, "old_life": 4.0, "age": 2.0})
    assert refused.value.field == "new_life"
    assert refused.value.read == "nothing"


def test_sweep_leaves_a_gap_where_a_value_is_refused() -> None:
    chart = sweep(
        "useful_life_change", {k: v for k, v in CHANGE.items() if k != "new_life"}, "new_life", (1.0, 5.0, 7.0)
    )
    assert chart.series[0].values[0] is None
    assert chart.series[0].values[1:] == pytest.approx((0.0, -24.0))
    with pytest.raises(CalculatorInputError):
        sweep("useful_life_change", CHANGE, "new_life", (1.0, 2.0))


def test_schema_carries_unit_range_and_source() -> None:
    schema = json_schema(calculator("tax_shield"))
    rate = schema["properties"]["tax_rate"]
    assert (rate["unit"], rate["minimum"], rate["exclusiveMaximum"], rate["source"]) == (
        "fraction",
        0.0,
        1.0,
        "IRC §11",
    )
    assert "cost" in schema["required"] and "tax_rate" not in schema["required"]


def test_tool_calls_give_the_trace_and_refusals_reach_the_model() -> None:
    tool = as_langchain_tool(calculator("useful_life_change"))
    call = {"name": tool.name, "args": CHANGE, "id": "1", "type": "tool_call"}
    message = tool.invoke(call)
    assert message.artifact.value("delta_dep") == -24.0
    refused = tool.invoke({**call, "args": {**CHANGE, "cost": -5.0}})
    assert refused.status == "error"
    assert "cost" in refused.content


def test_inputs_from_nowhere_are_refused_by_the_tool() -> None:
    def origins_of(name: str, arguments: Any) -> dict[str, Origin]:
        raise CalculatorInputError("cost", "a figure of the user's or of the debate", arguments["cost"])

    tool = as_langchain_tool(calculator("useful_life_change"), origins_of)
    refused = tool.invoke({"name": tool.name, "args": CHANGE, "id": "1", "type": "tool_call"})
    assert refused.status == "error"


def test_every_calculator_is_a_tool() -> None:
    assert [tool.name for tool in calculator_tools()] == list(calculators())


def test_input_models_are_frozen_and_closed() -> None:
    for declared in ALL:
        assert issubclass(declared.inputs, CalculatorInput)
        assert declared.inputs.model_config["frozen"] and declared.inputs.model_config["extra"] == "forbid"
