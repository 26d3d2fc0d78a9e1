"""A calculation as a spreadsheet: its formulas, computed by a library, give our values; its texts stay texts."""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import formulas
import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from assistant.calculators.declaration import Calculator, InputField, Language
from assistant.calculators.registry import calculator, calculators
from assistant.calculators.sheet import STEPS, Sheet, csv_text, sheets, xlsx
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.calculators.worked_examples import worked_examples
from assistant.errors import CalculatorInputError

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
            if cell.formula and column in "DH":  # the others differ by their column alone
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
    several = st.lists(number, min_size=1, max_size=3)
    return {
        "number": number,
        "flag": st.booleans(),
        "list": several.map(tuple),
        "series": st.dictionaries(st.integers(2015, 2030), number, min_size=1, max_size=3),
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
    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
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
    assert len(tried) >= 5


# ── the file ──


def opened(trace: CalculationTrace, language: Language = "en") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx(sheets(trace, language))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_holds_every_cell_and_the_values_beside_the_formulas(language: Language) -> None:
    for example in worked_examples():
        made = sheets(run(example.calculator, example.arguments), language)
        content = xlsx(made)
        book, values = (openpyxl.load_workbook(io.BytesIO(content), data_only=only) for only in (False, True))
        assert book.sheetnames == [sheet.title for sheet in made]
        for sheet in made:
            for row, cells in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(cells, start=1):
                    there = book[sheet.title].cell(row, column)
                    assert (there.data_type == "f") == bool(cell.formula)
                    assert not cell.formula or there.value == cell.formula
                    value = values[sheet.title].cell(row, column).value or ""
                    assert value == (
                        pytest.approx(cell.value) if isinstance(cell.value, float) and cell.value else cell.value or ""
                    )


def test_another_program_computes_the_whole_file(tmp_path: Path) -> None:
    trace = run("jv_leverage", {"cost": 30.0, "debt_share": 0.8, "tenor": 20, "cash_yield": 0.1, "residual": 5.0})
    path = tmp_path / "venture.xlsx"
    path.write_bytes(xlsx(sheets(trace, "zh")))
    solved = formulas.ExcelModel().loads(str(path)).finish().calculate()
    for row, result in enumerate(trace.outputs, start=2):
        shown = solved[f"'[venture.xlsx]计算'!C{row}"].value.item()
        assert shown == pytest.approx(result.value, rel=1e-9), result.name


def test_a_changed_input_changes_the_results() -> None:
    trace = run("useful_life_change", {"cost": 300.0, "old_life": 5.0, "new_life": 7.0, "age": 2.0})
    book = {sheet.title: sheet for sheet in sheets(trace, "en")}
    rows = [list(row) for row in book["Inputs"].rows]
    rows[1][2] = rows[1][2]._replace(value=100.0)
    book["Inputs"] = Sheet("Inputs", tuple(map(tuple, rows)))
    assert computed(book, "Calc", "C5") == pytest.approx(-8.0)
    moved = computed(book, "Sensitivity", "H3")  # the cost a fifth higher
    assert moved == pytest.approx(-9.6)


def test_a_simulation_says_that_its_values_do_not_follow() -> None:
    for name in ("capex_cycle", "cascade"):
        assert not calculator(name).formulas
        _, calc, _, sensitivity = sheets(run(name, {}), "en")
        cells = [cell for sheet in (calc, sensitivity) for row in sheet.rows for cell in row]
        assert not any(cell.formula for cell in cells)
        assert all("does not follow" in str(row[4].value) for row in calc.rows[1:])
        assert len(sensitivity.rows) > 3 and all("does not follow" in str(row[2].value) for row in sensitivity.rows[1:])


def test_many_draws_do_not_make_the_steps_slow() -> None:
    trace = run("cycle_monte_carlo", {"draws": 8000, "horizon": 5})
    steps = sheets(trace, "en")[3]
    assert "4000" in str(steps.rows[1][2].value)


def test_what_was_not_given_is_an_empty_cell_that_can_be_filled() -> None:
    trace = run("running_energy", {"power": 2.0})
    book = {sheet.title: sheet for sheet in sheets(trace, "en")}
    price, bill = book["Inputs"].rows[4], book["Calc"].rows[2]
    assert (price[2].value, price[4].value, bill[2].value) == (None, "not given", "")
    assert computed(book, "Calc", "C3") == ""
    rows = (*book["Inputs"].rows[:4], (*price[:2], price[2]._replace(value=0.05), *price[3:]))
    assert computed({**book, "Inputs": Sheet("Inputs", rows)}, "Calc", "C3") == pytest.approx(0.876)
    assert opened(trace)["Inputs"]["C5"].value is None


def test_a_step_beyond_the_range_says_so_and_whole_years_stay_whole() -> None:
    rows = sheets(run("at_least_once", {"chance": 0.9, "periods": 3.0}), "en")[3].rows
    assert [cell.value for cell in rows[2][3:]][-2:] == [pytest.approx(0.999999), "outside the range"]
    years = sheets(run("cash_flows", {"outlay": 10.0, "yearly": 2.0, "years": 7, "rate": 0.1}), "en")[3].rows
    assert [cell.value for cell in next(r for r in years if r[0].value == "years")[3:]] == [6, 6, 7, 8, 8]
    assert [cell.value for cell in rows[0][3:]] == list(STEPS)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_words_of_a_reader_never_become_a_formula(begins: str) -> None:
    evil = f'{begins}HYPERLINK("http://x",1)'
    origin = Origin(kind="user", read=evil)
    quoted = Origin(kind="quote", quote=evil, speaker=evil, sentence_id=evil)
    trace = run("funding_waterfall", {"total": 9.0, "sources": {evil: 1.0}}, {"total": origin, "sources": quoted})
    made = sheets(trace, "en")
    for sheet in opened(trace):
        for cell in (c for row in sheet.iter_rows() for c in row):
            assert cell.data_type != "f" or "HYPERLINK" not in str(cell.value)
            assert (
                cell.data_type == "f"
                or not str(cell.value or "").startswith(("=", "+", "-", "@", "\t", "\r"))
                or (cell.data_type == "n")
            )
    written = [cell for row in csv.reader(io.StringIO(csv_text(made))) for cell in row]
    assert sum(cell.startswith(f"'{begins}") for cell in written) >= 4
    assert not any(cell.startswith(begins) and "HYPERLINK" in cell for cell in written)


def test_csv_holds_the_same_rows_as_values() -> None:
    made = sheets(run("part_of", {"whole": 30.0, "share": 0.2, "unit": "USD bn"}), "zh")
    text = csv_text(made)
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert len(rows) == sum(len(sheet.rows) for sheet in made)
    assert ["计算", "部分", "", "6.0", "USD bn", "公式"] in rows
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_a_trace_of_an_older_calculator_is_stated_in_values() -> None:
    trace = run("part_of", {"whole": 30.0, "share": 0.2})
    older = trace.model_copy(update={"outputs": (trace.outputs[0].model_copy(update={"value": 7.0}),)})
    _, calc, _, steps = sheets(older, "en")
    assert (calc.rows[1][2].value, calc.rows[1][2].formula, len(steps.rows)) == (7.0, "", 1)
    gone = trace.model_copy(update={"calculator": "abacus"})
    with pytest.raises(CalculatorInputError, match="abacus"):
        sheets(gone, "en")
