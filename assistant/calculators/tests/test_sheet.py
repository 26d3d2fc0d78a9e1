"""A calculation as a spreadsheet: its formulas, computed by a library, give our values; its texts stay texts."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from typing import Any

import formulas
import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.registry import calculator, calculators
from assistant.calculators.sheet import STEPS, Sheet, csv_text, sheets, xlsx
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.calculators.worked_examples import worked_examples
from assistant.errors import CalculatorInputError

SIMULATED = {"capex_cycle", "cascade", "cycle_monte_carlo", "cycle_sim", "implied_life"}
LIVE = [name for name, declared in calculators().items() if declared.formulas]


# ── a spreadsheet program in twenty lines, over a formula library ──


@cache
def compiled(formula: str) -> Any:
    return formulas.Parser().ast(formula)[1].compile()


def computed(book: dict[str, Sheet], sheet: str, cell: str) -> Any:
    """What a spreadsheet program shows in a cell, by the formulas alone."""
    column, row = re.fullmatch(r"([A-Z])(\d+)", cell).groups()  # type: ignore[union-attr]
    found = book[sheet].rows[int(row) - 1][ord(column) - ord("A")]
    if not found.formula:
        return "" if found.value is None else found.value
    function = compiled(found.formula)
    value = function(*(looked_up(book, sheet, name) for name in function.inputs))
    value = value.item() if isinstance(value, np.ndarray) and value.size == 1 else value
    return value


def looked_up(book: dict[str, Sheet], sheet: str, name: str) -> Any:
    named, _, cells = name.rpartition("!")
    where = next((s for s in book if s.upper() == named.strip("'")), sheet)
    first, _, last = cells.partition(":")
    if not last:
        return computed(book, where, first)
    rows = range(int(first[1:]), int(last[1:]) + 1)
    return np.array([[computed(book, where, f"{first[0]}{row}")] for row in rows], dtype=object)


def same(shown: Any, ours: Any, formula: str) -> bool:
    """Equal to 1e-9 of the value; no number of ours is an empty text there."""
    if ours is None or isinstance(ours, bool | str):
        return bool(shown == ("" if ours is None else ours))
    # A rate that payments imply is found by trial, in any spreadsheet program: near 0 it is right to so many digits.
    near = 1e-9 if "RATE(" in formula else 1e-15
    return isinstance(shown, int | float) and shown == pytest.approx(ours, rel=1e-9, abs=near)


def wrong_cells(trace: CalculationTrace, steps: bool = False) -> list[tuple[str, Any, Any]]:
    book = {sheet.title: sheet for sheet in sheets(trace, "en")}
    outputs = {o.label.en: o.value for o in trace.outputs}
    found = []
    for number, row in enumerate(book["Calc"].rows[1:], start=2):
        if row[2].formula:
            shown = computed(book, "Calc", f"C{number}")
            if not same(shown, outputs[str(row[0].value)], row[2].formula):
                found.append((f"{row[0].value} {row[2].formula}", shown, outputs[str(row[0].value)]))
    for number, row in enumerate(book["Sensitivity"].rows[1:] if steps else (), start=2):
        for column, cell in zip("DEFGH", row[3:], strict=True):
            if cell.formula:
                shown = computed(book, "Sensitivity", f"{column}{number}")
                if not same(shown, cell.value, cell.formula + str(book["Calc"].rows)):
                    found.append((f"{row[0].value} {cell.formula}", shown, cell.value))
    return found


# ── inputs by the declarations ──


def value_of(field: InputField) -> st.SearchStrategy[Any]:
    """Values of the size that the unit has in life, and within the declared range."""
    by_unit = {
        "fraction": (0.01, 0.9),
        "years": (1.0, 30.0),
        "USD": (1.0, 500.0),
        "multiple": (1.1, 40.0),
        "": (0.5, 3.0),
    }
    low, high = by_unit.get(field.unit, (0.1, 1000.0))
    slot = field.slot
    low = max(low, slot.at_least if slot.at_least is not None else low, slot.above * 1.01 if slot.above else low)
    high = min(high, slot.at_most if slot.at_most is not None else high, slot.below * 0.99 if slot.below else high)
    if field.kind == "choice":
        return st.sampled_from(field.options)
    if field.kind == "integer":
        whole = {"": (2024, 2032)}.get(field.unit, (1, 25))
        if field.name == "year":
            whole = (1, 12)
        return st.integers(*whole).filter(slot.admits)
    number = st.floats(low, high, allow_nan=False).map(lambda x: float(f"{x:.6g}")).filter(slot.admits)
    several = st.lists(number, min_size=1, max_size=5)
    return {
        "number": number,
        "flag": st.booleans(),
        "list": several.map(tuple),
        "series": st.dictionaries(st.integers(2015, 2030), number, min_size=1, max_size=6),
        "amounts": st.dictionaries(st.sampled_from(["a", "b", "c"]), number, min_size=1),
        "flows": number.map(lambda x: (("A", "B", x), ("B", "C", x / 2), ("C", "A", x / 3))),
    }[field.kind]


OWN: dict[str, dict[str, Any]] = {  # what the ranges do not say
    "convert_unit": {"unit": ["USD mn", "CNY bn", "USD bn"], "to": ["USD bn", "USD tn"], "rate": [7.1]},
    "fleet_gap": {"year": [2018, 2025, 2030]},
    "shale_table": {"metric": ["wti", "oil_rigs"], "year0": [2009, 2012], "year1": [2014, 2016]},
}


@st.composite
def arguments_of(draw: st.DrawFn, declared: Calculator[Any]) -> dict[str, Any]:
    given_values: dict[str, Any] = {}
    for field in declared.fields:
        own = OWN.get(declared.name, {}).get(field.name)
        if own:
            given_values[field.name] = draw(st.sampled_from(own))
        elif field.kind != "text" and not field.slot.complement and (field.required or draw(st.booleans())):
            given_values[field.name] = draw(value_of(field))
    return given_values


@pytest.mark.parametrize("name", LIVE)
def test_the_formulas_give_our_values_whatever_the_inputs(name: str) -> None:
    tried: list[str] = []

    @seed(15)
    @settings(max_examples=15, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(arguments_of(calculator(name)))
    def check(arguments: dict[str, Any]) -> None:
        try:
            trace = run(name, arguments)
        except CalculatorInputError:
            assume(False)
        tried.append(name)
        wrong = wrong_cells(trace, steps=len(tried) == 3)
        assert not wrong, f"{arguments}: {wrong}"

    check()
    assert len(tried) >= 6
