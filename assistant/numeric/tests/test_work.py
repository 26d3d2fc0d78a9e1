"""Plans are worked out generically: traps of solving, comparing, feeding and stating."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.calculators.trace import Origin, run
from assistant.numeric.plan import Clarification, Feed, NumericPlan, Refusal
from assistant.numeric.work import Done, work

USER = Origin(kind="user", read="as given")


def plan(calculator: str, asked: str = "", **more: object) -> NumericPlan:
    fields: dict[str, object] = {"question": "?", "language": "en", "calculator": calculator, "asked": asked}
    return NumericPlan.model_validate(fields | more)


def done(of: NumericPlan) -> Done:
    found = work(of)
    assert isinstance(found, Done), found
    return found


def test_a_missing_input_is_asked_for_by_name_and_nothing_is_computed() -> None:
    found = work(plan("loan", "payment", arguments={"principal": 5.0, "rate": 0.07}, missing=("periods",)))
    assert isinstance(found, Clarification)
    assert found.missing == ("periods",)


def test_money_that_is_not_dollars_is_stated_in_its_own_currency() -> None:
    arguments = {"cost": 50.0, "life": 8.0, "method": "SL", "year": 1}
    found = done(plan("depreciation_schedule", "dep_year", arguments=arguments, currency="CNY"))
    assert found.asked is not None
    assert found.asked.unit == "CNY bn"
    assert "$" not in found.lead.en + found.lead.zh
    assert "62.5" in found.lead.zh


@settings(max_examples=40)
@given(st.floats(1.0, 500.0), st.floats(0.01, 0.3), st.integers(2, 40))
def test_an_input_solved_for_gives_back_the_result(principal: float, rate: float, periods: int) -> None:
    payment = run("loan", {"principal": principal, "rate": rate, "periods": periods}).value("payment")
    known = {"principal": principal, "periods": float(periods)}
    found = done(plan("loan", "rate", op="solve", arguments=known, target={"payment": payment}, missing=("rate",)))
    assert found.asked is not None
    again = run("loan", known | {"rate": found.asked.value}).value("payment")
    assert again == pytest.approx(payment, rel=1e-6)


def test_a_target_out_of_reach_is_refused_and_no_number_is_stated() -> None:
    arguments = {"start": 10.0, "periods": 5.0, "unit": "USD bn"}
    found = work(plan("compound", "rate", op="solve", arguments=arguments, target={"end": -4.0}, missing=("rate",)))
    assert isinstance(found, Refusal)
    assert found.message


def test_compared_values_are_each_computed_as_if_alone_and_keep_their_order() -> None:
    values = (7.0, 3.0, 5.0)
    arguments = {"cost": 60.0, "method": "SL", "year": 1}
    found = done(plan("depreciation_schedule", "dep_year", op="compare", arguments=arguments, versus={"life": values}))
    cells = [" ".join(cell.en for cell in row) for row in found.rows]
    assert [expected in cell for expected, cell in zip(("8.571", "$20bn", "$12bn"), cells, strict=True)] == [True] * 3


def test_two_compared_inputs_are_a_table_of_every_pair() -> None:
    found = done(
        plan(
            "depreciation_schedule", "dep_year", op="compare", arguments={"method": "SL", "year": 1},
            versus={"life": (4.0, 5.0), "cost": (10.0, 20.0, 30.0)},
        )
    )  # fmt: skip
    cells = " ".join(cell.en for row in found.rows for cell in row)
    for amount in ("2.5", "5", "7.5", "2", "4", "6"):
        assert amount in cells


def test_a_result_fed_on_keeps_its_sign_and_both_calculations_are_shown() -> None:
    first = plan("part_of", "part", arguments={"whole": 30.0, "share": 0.2, "unit": "USD bn"})
    second = plan(
        "spread", "each", arguments={"periods": 3.0, "unit": "USD bn"}, missing=("total",), first=first,
        feed=Feed(field="total", output="part"),
    )  # fmt: skip
    found = done(second)
    assert found.asked is not None
    assert found.asked.value == pytest.approx(2.0)
    assert [trace.calculator for trace in found.traces] == ["spread", "part_of"]


def test_so_much_a_quarter_divides_what_is_so_much_a_year() -> None:
    arguments = {"cost": 20.0, "life": 4.0, "method": "SL", "year": 1}
    found = done(plan("depreciation_schedule", "dep_year", arguments=arguments, per="quarter"))
    assert found.asked is not None
    assert found.asked.value == pytest.approx(1.25)


def test_a_doubtful_reading_asks_back_and_leads_with_no_number() -> None:
    arguments = {"whole": 30.0, "share": 0.2, "unit": "USD bn"}
    found = done(plan("part_of", "part", arguments=arguments, origins={"whole": USER, "share": USER}, doubt=True))
    assert found.tentative
    assert found.lead.en.count("?") == 1
    assert found.asked is None or found.tentative


def test_a_plan_stored_by_the_version_before_still_opens() -> None:
    stored = {
        "question": "?", "language": "en", "calculator": "loan", "wanted": "payment",
        "arguments": {"principal": 5.0, "rate": 0.07, "periods": 10.0}, "other_end": {"rate": 0.09}, "earlier": [],
    }  # fmt: skip
    opened = NumericPlan.model_validate(stored)
    assert opened.asked == "payment"
    assert opened.op == "compare"
    assert opened.versus == {"rate": (0.07, 0.09)}
