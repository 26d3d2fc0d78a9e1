"""Calculators from the command line: the declarations are the help, the parser and the refusals."""

from __future__ import annotations

import json

import pytest

from assistant.calculators.registry import calculators
from assistant.errors import CalculatorInputError
from ui.cli.command import main
from ui.inputs import parse_value
from ui.numbers import format_value, sparkline

_CHANGE = ["calc", "useful_life_change", "--old-life", "5", "--new-life", "7", "--age", "2"]


def test_list_and_help_come_from_the_declarations(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calc", "list"]) == 0
    listed = [row.split()[0] for row in capsys.readouterr().out.splitlines()]
    assert listed == list(calculators())
    for name, declared in calculators().items():
        assert main(["calc", name, "--help"]) == 0
        shown = " ".join(capsys.readouterr().out.split())
        assert declared.title.zh in shown
        for field in declared.fields:
            assert f"--{field.name.replace('_', '-')} " in shown
            assert not field.unit or f"in {field.unit}" in shown, field.name


def test_a_number_in_another_unit_is_converted(capsys: pytest.CaptureFixture[str]) -> None:
    for cost in ("300", "300 USD bn", "300,000 USD mn", "0.3USD tn"):
        assert main([*_CHANGE, "--cost", cost, "--json"]) == 0
        outputs = {o["name"]: o["value"] for o in json.loads(capsys.readouterr().out)["outputs"]}
        assert outputs["delta_dep"] == pytest.approx(-24.0)


def test_both_spellings_of_an_input_are_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calc", "useful_life_change", "--cost", "300", "--old_life", "5", "--new_life=7", "--age", "2"]) == 0
    assert "180 USD bn" in capsys.readouterr().out


@pytest.mark.parametrize("cost", ["300 GW", "lots", "-1", "nan", "1 CNY"])
def test_what_an_input_cannot_be_is_refused_by_name(cost: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*_CHANGE, f"--cost={cost}"]) == 2
    printed = capsys.readouterr()
    assert printed.out == "" and "cost" in printed.err and printed.err.count("\n") == 1


def test_a_missing_input_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(_CHANGE) == 2
    assert "cost" in capsys.readouterr().err


def test_every_kind_of_input_reads_its_shape() -> None:
    examples = {
        "number": ("0.21", 0.21), "integer": ("5", 5), "flag": ("yes", True), "list": ("1, 2.5", (1.0, 2.5)),
        "series": ("2025=1,2026=2.5", {"2025": 1.0, "2026": 2.5}),
        "amounts": ("Meta=1; Google=2", {"Meta": 1.0, "Google": 2.0}),
        "flows": ("NVIDIA>OpenAI=100", (("NVIDIA", "OpenAI", 100.0),)),
    }  # fmt: skip
    seen = set()
    for declared in calculators().values():
        for field in declared.fields:
            if field.kind in examples:
                text, value = examples[field.kind]
                assert parse_value(field, text)[0] == value
                with pytest.raises(CalculatorInputError):
                    parse_value(field, "lots of it")
                seen.add(field.kind)
    assert {"number", "integer", "series"} <= seen


def test_validation_prints_every_table_and_its_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    from assistant.calculators.validation import validation_tables

    tables = validation_tables()
    passed = all(row.passed for table in tables for row in table.rows)
    assert main(["calc", "validate", "--lang", "en"]) == (0 if passed else 1)
    printed = capsys.readouterr().out
    assert all(table.title.en in printed and row.name in printed for table in tables for row in table.rows)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1234567.891, "USD bn", "1,234,567.89 USD bn"), (0.0, "years", "0 years"), (0.1667, "fraction", "16.67%"),
        (2012, "year", "2012 year"), (2012.5, "calendar year", "2012.5 calendar year"), (None, "GW", "–"),
        (True, "", "yes"), ([1.0, 2.0], "GW", "1, 2 GW"), ({"2025": 3.0}, "USD bn", "2025: 3 USD bn"),
        (1e-7, "", "1e-07"),
    ],
)  # fmt: skip
def test_values_are_short_and_keep_their_number(value: object, unit: str, shown: str) -> None:
    assert format_value(value, unit) == shown


def test_a_long_schedule_says_how_long_it_is() -> None:
    assert format_value([float(n) for n in range(20)]) == "0, 1, 2, 3, 4, 5, 6, …, 19 (20)"
    assert "10" in format_value([float(n) for n in range(20)], shown=None)


def test_a_sparkline_keeps_its_ends_and_its_gaps() -> None:
    assert sparkline([0.0, None, 7.0]) == "▁ █" and len(sparkline([float(n) for n in range(500)])) == 48
    assert sparkline([]) == "" and sparkline([2.0, 2.0]) == "▄▄"
