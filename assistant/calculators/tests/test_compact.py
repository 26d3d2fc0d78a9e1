"""Delay, GPU-backed debt, the growth a price implies, a cluster: against numpy-financial and against themselves."""

from __future__ import annotations

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculators.chip_value import value_by_age
from assistant.calculators.trace import replay, run
from assistant.errors import CalculatorInputError

CLUSTER = {"gpus": 10_000.0, "cost": 40_000.0}


def test_a_year_late_is_the_present_value_of_a_year_late_at_lower_rents() -> None:
    flows = [0.0] + [2.0 * 0.65**j for j in range(5)]
    late = [0.0, 0.0] + [2.0 * 0.65 ** (j + 1) for j in range(5)]
    trace = run("cost_of_delay", {"yearly": 2.0, "years": 5, "delay": 1.0, "capex": 5.0})
    assert trace.value("cost") == pytest.approx(npf.npv(0.09, flows) - npf.npv(0.09, late))
    assert trace.value("per_month") * 12 == pytest.approx(trace.value("cost"))
    assert trace.value("share") * 5.0 == pytest.approx(trace.value("cost"))
    assert run("cost_of_delay", {"yearly": 2.0, "years": 5, "delay": 1.0}).value("share") is None


@given(st.floats(0.1, 5.0), st.floats(0.1, 5.0))
def test_a_longer_delay_never_costs_less_nor_more_than_everything(one: float, more: float) -> None:
    short, long = (run("cost_of_delay", {"yearly": 2.0, "years": 5, "delay": d}) for d in (one, one + more))
    assert short.value("cost") <= long.value("cost") <= long.value("value") + 1e-12


def test_payments_and_balloon_repay_the_loan() -> None:
    trace = run("gpu_debt", {"cost": 10.0, "balloon": 0.3, "market": 0.1, "cash": 2.5})
    payments = [-8.0, *[trace.value("payment")] * 4, trace.value("payment") + trace.value("balloon_due")]
    assert npf.irr(payments) == pytest.approx(0.10)
    assert trace.value("dscr") == pytest.approx(2.5 / trace.value("payment"))


@given(st.floats(0.0, 0.9), st.floats(0.0, 1.2), st.floats(0.0, 1.0))
def test_the_guarantor_bears_the_fall_first_and_nothing_is_lost_twice(
    b: float, market: float, guarantee: float
) -> None:
    trace = run("gpu_debt", {"cost": 1.0, "balloon": b, "market": market, "guarantee": guarantee})
    covered = market + trace.value("guarantor_pays") + trace.value("lender_loss")
    assert covered >= b - 1e-12
    if market >= max(b, guarantee):
        assert trace.value("guarantor_pays") == trace.value("lender_loss") == 0.0


@given(st.floats(-0.1, 0.4))
def test_the_implied_growth_is_the_one_that_made_the_price(growth: float) -> None:
    flows = [100.0 * (1 + growth) ** t for t in range(1, 11)]
    price = npf.npv(0.09, [0.0, *flows]) + flows[-1] * 1.03 / (0.09 - 0.03) / 1.09**10
    assert run("reverse_dcf", {"price": float(price), "cash_flow": 100.0}).value("growth") == pytest.approx(
        growth, abs=1e-6
    )


def test_a_price_needs_a_rate_above_the_growth_for_ever() -> None:
    with pytest.raises(CalculatorInputError) as refused:
        run("reverse_dcf", {"price": 4000.0, "cash_flow": 100.0, "rate": 0.02})
    assert refused.value.field == "rate"


def test_at_the_break_even_rent_the_cluster_is_worth_nothing_more_than_it_costs() -> None:
    rent = run("cluster", CLUSTER).value("break_even_rent")
    even = run("cluster", {**CLUSTER, "rent0": rent})
    assert even.value("npv") == pytest.approx(0.0, abs=1e-9)
    assert even.value("irr") == pytest.approx(0.09, abs=1e-6)


def test_without_tax_a_cluster_is_its_chips_value_less_their_price() -> None:
    untaxed = run("cluster", {**CLUSTER, "tax_rate": 0.0})
    worth = float(value_by_age(2.3, 0.35, 1.275 * 1.2 * 0.08, 0.09, 0.8, 6)[0])
    assert untaxed.value("npv") == pytest.approx((worth - 40_000.0) * 10_000 / 1e9)


def test_writing_off_at_once_is_worth_more_than_by_schedule() -> None:
    at_once, slowly = (run("cluster", {**CLUSTER, "bonus": bonus}).value("npv") for bonus in (1.0, 0.0))
    assert at_once > slowly


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("cost_of_delay", {"yearly": 2.0, "years": 5, "delay": 0.5}),
     ("gpu_debt", {"cost": 1.0, "balloon": 0.2, "market": 0.1}),
     ("reverse_dcf", {"price": 40.0, "cash_flow": 1.0}), ("cluster", CLUSTER)],
)  # fmt: skip
def test_small_declarations_replay_and_speak_both_languages(name: str, arguments: dict[str, float]) -> None:
    trace = run(name, arguments)
    assert replay(trace) and trace.summary.zh and trace.summary.en
    assert not any(isinstance(r.value, float) and np.isnan(r.value) for r in trace.outputs)
