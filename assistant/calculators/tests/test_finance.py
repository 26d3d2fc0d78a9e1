"""Funding, returns, leverage, power, growth, multiples and cash against the published examples, and what each "
"refuses."""

from __future__ import annotations

import math
import re
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.calculators.annuity import capital_recovery_factor
from assistant.calculators.capex_roi import capex_roi
from assistant.calculators.declaration import Calculator, Slot
from assistant.calculators.funding import funding_closure
from assistant.calculators.gas_lcoe import gas_lcoe
from assistant.calculators.growth import growth_contribution
from assistant.calculators.jv_leverage import jv_leverage
from assistant.calculators.multiples import multiple_decomposition
from assistant.calculators.power import power_gap
from assistant.calculators.real_cash import real_cash
from assistant.calculators.registry import calculators
from assistant.calculators.sources import SOURCES
from assistant.calculators.trace import replay, run
from assistant.calculators.units import UNITS
from assistant.calculators.vendor_share import vendor_share
from assistant.calculators.waterfall import JPMORGAN_SOURCES, funding_waterfall, required_revenue
from assistant.errors import CalculatorInputError

OURS = (
    "shale_table", "cycle_sim", "capex_cycle", "cycle_monte_carlo", "learning_curve", "cycle_phase", "cycle_map",
    "funding_closure", "vendor_share", "funding_waterfall", "required_revenue", "capex_roi", "jv_leverage",
    "power_gap", "gas_lcoe", "growth_contribution", "multiple_decomposition", "real_cash",
)  # fmt: skip
RING = (("NVIDIA", "OpenAI", 100.0), ("OpenAI", "Oracle", 100.0), ("Oracle", "NVIDIA", 100.0))
EXAMPLES: dict[str, dict[str, Any]] = {
    "funding_closure": {"internal": RING, "external": 60.0, "need": 200.0},
    "vendor_share": {},
    "funding_waterfall": {"total": 5000.0},
    "required_revenue": {"capex": 5000.0},
    "capex_roi": {"capex": 350.0, "revenue": 100.0, "years": 8.0},
    "jv_leverage": {},
    "power_gap": {"gap_low": 10.0, "gap_high": 20.0, "years": 5.0},
    "gas_lcoe": {},
    "growth_contribution": {},
    "multiple_decomposition": {"pe0": 28.0, "pe1": 26.0},
    "real_cash": {"years": 10.0},
}

CYCLE_EXAMPLES: dict[str, dict[str, Any]] = {
    "shale_table": {"metric": "wti", "year0": 2010, "year1": 2016},
    "cycle_sim": {"year": 2018},
    "capex_cycle": {"shock_year": 2028},
    "cycle_monte_carlo": {"draws": 100},
    "learning_curve": {"cost0": 100.0, "ratio": 4.0, "learning_rate": 0.4},
    "cycle_phase": {"growth": 0.3},
}

amounts = st.floats(0.0, 1e6)
rates = st.floats(0.0, 0.5)


def test_three_hundreds_net_to_zero_and_sixty_outside_is_a_sixth() -> None:
    result = funding_closure(RING, 60.0)
    assert result["external_share"] == pytest.approx(0.1667, abs=1e-4)
    assert set(result["net_by_party"].values()) == {0.0}
    assert result["max_cycle_flow"] == 100.0
    assert result["closed"] is None


def test_the_weakest_link_limits_what_goes_round() -> None:
    flows = (("A", "B", 90.0), ("B", "C", 40.0), ("C", "A", 70.0), ("B", "A", 15.0), ("C", "D", 500.0))
    assert funding_closure(flows, 0.0)["max_cycle_flow"] == 40.0
    assert funding_closure((("A", "B", 5.0), ("A", "C", 9.0)), 0.0)["max_cycle_flow"] == 0.0


def test_the_loop_is_closed_only_when_outside_falls_short_of_need_less_cash() -> None:
    assert funding_closure(RING, 100.0, need=200.0, own_cash=100.0)["closed"] is False
    assert funding_closure(RING, 99.0, need=200.0, own_cash=100.0)["closed"] is True


def test_no_flows_have_no_external_share() -> None:
    assert funding_closure((), 0.0)["external_share"] is None


@pytest.mark.parametrize("flow", [("A", "A", 1.0), ("nvidia ", "NVIDIA", 1.0), ("A", "B", -1.0), ("A", "B", math.nan)])
def test_negative_flows_and_flows_to_oneself_are_refused(flow: tuple[str, str, float]) -> None:
    with pytest.raises(CalculatorInputError, match="internal"):
        funding_closure((flow,), 10.0)


@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("EFAB"), amounts), max_size=12), amounts)
def test_internal_funding_nets_to_zero(flows: list[tuple[str, str, float]], external: float) -> None:
    flows = [flow for flow in flows if flow[0] != flow[1]]
    result = funding_closure(flows, external)
    gross = result["gross_internal"]
    assert math.fsum(result["net_by_party"].values()) == pytest.approx(0.0, abs=1e-9 * (1 + gross))
    assert 0.0 <= result["max_cycle_flow"] <= gross + 1e-9
    if result["external_share"] is not None:
        assert 0.0 <= result["external_share"] <= 1.0


def test_ten_invested_per_thirty_five_bought() -> None:
    assert vendor_share(10.0, 35.0) == {"vendor_share": pytest.approx(0.2857, abs=1e-4), "outside_cash": 25.0}


def test_three_hundred_and_fifty_deployed() -> None:
    result = capex_roi(350.0, 0.10, 6.0, 0.60, 100.0)
    assert result["capital_charge"] == pytest.approx(80.4, abs=0.05)
    assert result["required_revenue"] == pytest.approx(133.9, abs=0.05)
    assert result["coverage"] == pytest.approx(0.747, abs=0.0005)
    assert result["breakeven_utilisation"] == pytest.approx(1 / result["coverage"])


def test_a_stock_over_one_years_revenue_is_labelled() -> None:
    trace = run("capex_roi", {"capex": 1400.0, "revenue": 100.0, "years": 8.0})
    assert trace.value("annual_capex") == 175.0
    assert trace.value("revenue_to_capex") == pytest.approx(0.0714, abs=1e-4)
    assert any(note.kind == "warning" and "balance sheets" in note.text.en for note in trace.notes)
    assert run("capex_roi", {"capex": 350.0}).value("coverage") is None


@pytest.mark.parametrize(
    "change",
    [{"gross_margin": 0.0}, {"gross_margin": 1.1}, {"rate": 0.51}, {"rate": -0.1}, {"life": 0.9}, {"capex": 0.0}],
)
def test_capex_roi_refuses_what_is_out_of_range(change: dict[str, float]) -> None:
    with pytest.raises(CalculatorInputError, match=next(iter(change))):
        run("capex_roi", {"capex": 350.0, **change})
    with pytest.raises(CalculatorInputError):
        capex_roi(**{"capex": 350.0, "rate": 0.1, "life": 6.0, "gross_margin": 0.6, **change})


def test_sweeps_take_arrays() -> None:
    lives = np.array([4.0, 5.0, 6.0])
    charges = capex_roi(350.0, 0.1, lives, 0.6)["capital_charge"]
    assert charges.shape == (3,) and charges[-1] == pytest.approx(80.4, abs=0.05)
    assert gas_lcoe(2157.0, 0.09, 20.0, 0.85, 6.6, np.array([3.5, 6.0]), 6.0)["lcoe"][1] == pytest.approx(77.3, abs=0.1)


@given(rate=st.floats(0.0, 0.5), higher=st.floats(0.0, 0.5), years=st.floats(1.0, 60.0), longer=st.floats(0.0, 40.0))
def test_the_annuity_rises_with_the_rate_and_falls_with_the_years(
    rate: float, higher: float, years: float, longer: float
) -> None:
    base = capital_recovery_factor(rate, years)
    assert capital_recovery_factor(rate + higher, years) >= base * (1 - 1e-9)
    assert capital_recovery_factor(rate, years + longer) <= base * (1 + 1e-9)
    assert base >= max(rate, 1.0 / years) * (1 - 1e-9)


def test_the_annuity_is_continuous_at_a_rate_of_zero() -> None:
    assert capital_recovery_factor(1e-12, 10) == pytest.approx(0.1, rel=1e-9)
    assert capital_recovery_factor(0.0, 10) == 0.1


@given(rate=st.floats(0.001, 0.5), years=st.integers(1, 60))
def test_annuity_payments_are_worth_the_capital(rate: float, years: int) -> None:
    payment = capital_recovery_factor(rate, years)
    assert sum(payment / (1 + rate) ** t for t in range(1, years + 1)) == pytest.approx(1.0)


def test_the_leveraged_venture() -> None:
    result = jv_leverage(27.0, 0.80, 0.0658, 24, 0.09)
    assert (result["debt"], result["equity"]) == (pytest.approx(21.6), pytest.approx(5.4))
    assert result["debt_service"] == pytest.approx(1.81, abs=0.005)
    assert result["dscr"] == pytest.approx(1.34, abs=0.005)
    assert result["equity_irr"] == pytest.approx(0.103, abs=0.0005)


def test_cover_below_one_is_answered_and_flagged() -> None:
    trace = run("jv_leverage", {"cash_yield": 0.05})
    assert trace.value("dscr") < 1.0
    assert trace.value("equity_irr") is None
    assert trace.notes[0].kind == "warning" and "wiped out" in trace.notes[0].text.en
    assert "清零" in trace.summary.zh


def test_without_debt_equity_earns_the_project() -> None:
    result = jv_leverage(27.0, 0.0, 0.0658, 24, 0.09)
    assert result["dscr"] is None
    assert pytest.approx(27.0 * capital_recovery_factor(result["equity_irr"], 24)) == 27.0 * 0.09


def test_all_debt_is_refused() -> None:
    with pytest.raises(CalculatorInputError, match="debt_share"):
        run("jv_leverage", {"debt_share": 1.0})


@given(
    share=st.floats(0.0, 0.9),
    rate=rates,
    tenor=st.integers(1, 40),
    cash=st.floats(0.01, 0.6),
    left=st.floats(0.0, 50.0),
)
def test_the_equity_irr_makes_the_equity_worth_its_cost(
    share: float, rate: float, tenor: int, cash: float, left: float
) -> None:
    result = jv_leverage(27.0, share, rate, tenor, cash, left)
    irr = result["equity_irr"]
    assume(irr is not None and irr > -0.5)
    payment = 27.0 * cash - result["debt_service"]
    worth = sum(payment / (1 + irr) ** t for t in range(1, tenor + 1)) + left / (1 + irr) ** tenor
    assert worth == pytest.approx(result["equity"], rel=1e-5)


def test_ethans_gap_and_what_it_costs() -> None:
    result = power_gap(10.0, 20.0, 5.0, 50.0)
    assert (result["gap_low_gw"], result["gap_high_gw"]) == (50.0, 100.0)
    assert (result["capex_low"], result["capex_high"]) == (2500.0, 5000.0)
    notes = run("power_gap", EXAMPLES["power_gap"]).notes
    assert any("18 to 32 GW" in note.text.en for note in notes)


def test_a_high_below_the_low_is_refused() -> None:
    with pytest.raises(CalculatorInputError, match="gap_high"):
        run("power_gap", {"gap_low": 20.0, "gap_high": 10.0, "years": 5.0})


def test_energy_for_power_is_refused() -> None:
    from assistant.calculators.trace import Origin

    with pytest.raises(CalculatorInputError, match="gap_low"):
        run("power_gap", EXAMPLES["power_gap"], {"gap_low": Origin(kind="user", unit="GWh")})


def test_gas_power_costs_sixty_dollars() -> None:
    assert gas_lcoe(2157.0, 0.09, 20.0, 0.85, 6.6, 3.5, 6.0)["lcoe"] == pytest.approx(60.8, abs=0.05)


def test_furmans_figures() -> None:
    result = growth_contribution(0.016, 0.04, 0.37)
    assert result["contribution"] == pytest.approx(0.0148)
    assert result["share_of_growth"] == pytest.approx(0.925)
    assert result["ex_subtract"] == pytest.approx(0.0012)
    assert result["ex_renormalised"] == pytest.approx(0.00125)


@pytest.mark.parametrize("weight", [0.0, 1.0, -0.1, 4.0])
def test_a_weight_outside_zero_to_one_is_refused(weight: float) -> None:
    with pytest.raises(CalculatorInputError, match="weight"):
        growth_contribution(0.016, weight, 0.37)
    with pytest.raises(CalculatorInputError, match="weight"):
        run("growth_contribution", {"weight": weight})


@given(g=st.floats(-0.5, 0.5), w=st.floats(0.01, 0.99), gi=st.floats(-0.9, 2.0))
def test_parts_of_growth_add_up_to_the_whole(g: float, w: float, gi: float) -> None:
    result = growth_contribution(g, w, gi)
    assert result["contribution"] + result["ex_subtract"] == pytest.approx(g, abs=1e-12)
    assert w * gi + (1 - w) * result["ex_renormalised"] == pytest.approx(g, abs=1e-9)


def test_no_growth_has_no_shares() -> None:
    assert growth_contribution(0.0, 0.04, 0.37)["share_of_growth"] is None


def test_from_28_to_26_times() -> None:
    result = multiple_decomposition(28.0, 26.0, 0.20)
    assert result["price_change"] == pytest.approx(0.114, abs=0.0005)
    assert result["multiple_log"] == pytest.approx(-0.074, abs=0.0005)
    assert result["earnings_log"] == pytest.approx(0.182, abs=0.0005)
    assert result["flat_price_pe"] == pytest.approx(23.3, abs=0.05)
    assert multiple_decomposition(28.0, 26.0, 0.0)["price_change"] == pytest.approx(-0.071, abs=0.0005)


@given(pe0=st.floats(0.5, 500.0), pe1=st.floats(0.5, 500.0), growth=st.floats(-0.95, 5.0))
def test_the_log_decomposition_adds_up(pe0: float, pe1: float, growth: float) -> None:
    result = multiple_decomposition(pe0, pe1, growth)
    assert result["multiple_log"] + result["earnings_log"] == pytest.approx(
        math.log1p(result["price_change"]), abs=1e-9
    )
    flat = multiple_decomposition(pe0, result["flat_price_pe"], growth)
    assert flat["price_change"] == pytest.approx(0.0, abs=1e-9)


def test_a_loss_has_no_multiple() -> None:
    with pytest.raises(CalculatorInputError, match="a loss has no P/E"):
        multiple_decomposition(-12.0, 26.0, 0.2)


def test_jpmorgans_waterfall_leaves_cash_flow_1775() -> None:
    assert funding_waterfall(5000.0, JPMORGAN_SOURCES)["residual"] == pytest.approx(1775.0)
    assert run("funding_waterfall", {"total": 1000.0}).value("residual") < 0


@given(total=st.floats(1.0, 1e6), sources=st.dictionaries(st.text(max_size=5), amounts, max_size=6))
def test_a_waterfall_always_reaches_its_total(total: float, sources: dict[str, float]) -> None:
    result = funding_waterfall(total, sources)
    assert result["funded"] + result["residual"] == pytest.approx(total, abs=1e-6)


def test_jpmorgans_650_a_year_and_its_cross_check() -> None:
    assert required_revenue(5000.0, 0.10, 0.769)["revenue"] == pytest.approx(650.0, rel=0.001)
    assert pytest.approx(0.769, abs=0.0005) == 5000.0 * 0.10 / 650.0
    assert pytest.approx(650.0, rel=0.001) == 34.72 * 12 * 1.56
    trace = run("required_revenue", {"capex": 5000.0})
    assert any("$813.7bn" in note.text.en for note in trace.notes)  # the ten-year annuity, published as 814


def test_cash_loses_a_quarter_in_ten_years_but_not_at_four_percent() -> None:
    assert real_cash(100.0, 0.0, 0.03, 10.0)["real_value"] == pytest.approx(74.4, abs=0.05)
    assert real_cash(100.0, 0.04, 0.03, 10.0)["real_value"] == pytest.approx(110.1, abs=0.05)
    assert "does not hold" in run("real_cash", {"years": 10.0, "nominal_rate": 0.04}).notes[0].text.en
    assert "holds only" in run("real_cash", {"years": 10.0}).notes[0].text.en


def test_a_result_without_bound_is_refused_in_a_sentence() -> None:
    with pytest.raises(CalculatorInputError, match="finite result"):
        run("real_cash", {"years": 200.0, "inflation": -0.999999})


@given(
    i=rates,
    more=st.floats(0.0, 0.2),
    inflation=st.floats(-0.05, 0.5),
    years=st.floats(0.0, 60.0),
    tax=st.floats(0, 0.9),
)
def test_purchasing_power_rises_with_interest_and_falls_with_inflation(
    i: float, more: float, inflation: float, years: float, tax: float
) -> None:
    base = real_cash(100.0, i, inflation, years, tax)["real_value"]
    assert real_cash(100.0, i + more, inflation, years, tax)["real_value"] >= base * (1 - 1e-12)
    assert real_cash(100.0, i, inflation + more, years, tax)["real_value"] <= base * (1 + 1e-12)


@pytest.mark.parametrize(("name", "arguments"), EXAMPLES.items())
def test_every_trace_replays_and_every_chart_is_square(name: str, arguments: dict[str, Any]) -> None:
    trace = run(name, arguments)
    assert replay(trace)
    assert trace.summary.zh and trace.summary.en
    for chart in trace.charts:
        assert all(len(series.values) == len(chart.x) for series in chart.series)
        if chart.kind == "waterfall":
            (steps,) = chart.series
            values = [value for value in steps.values if value is not None]
            assert sum(values[:-1]) == pytest.approx(values[-1])


def turns() -> list[tuple[str, str]]:
    raw = (files("corpus") / "data/ai-bubble-2025-11-15/transcript.txt").read_text(encoding="utf-8")
    names = ("Bruce Liu", "Rob Li", "Yang Ren", "Ethan Xu", "陈茜", "刘一鸣")
    pieces = re.split(rf"^({'|'.join(names)}):$", raw, flags=re.MULTILINE)
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


@pytest.mark.parametrize("name", OURS)
def test_quotes_are_verbatim_and_by_their_speaker(name: str) -> None:
    declared: Calculator[Any] = calculators()[name]
    said = [(quoted.speaker, quoted.quote) for field in declared.fields for quoted in field.quotes]
    trace = run(name, {**CYCLE_EXAMPLES, **EXAMPLES}.get(name, {}))
    said += [(note.speaker, note.quote) for note in trace.notes if note.kind == "transcript"]
    for speaker, quote in said:
        assert any(speaker == who and quote in text for who, text in turns()), quote


@pytest.mark.parametrize("name", OURS)
def test_units_are_known_and_source_keys_exist(name: str) -> None:
    declared = calculators()[name]
    assert all(unit in UNITS for unit in [f.unit for f in declared.fields] + [o.unit for o in declared.outputs])
    sources = [field.source for field in declared.fields] + [declared.source]
    keys = [key for source in sources for key in re.findall(r"V:([A-Z0-9-]+)", source)]
    assert set(keys) <= set(SOURCES)
    assert all(", " in source or source.startswith("V:") for source in sources if "V:" in source)


@pytest.mark.parametrize("name", OURS)
def test_the_values_of_quotes_and_defaults_lie_in_the_declared_range(name: str) -> None:
    for field in calculators()[name].fields:
        slot: Slot = field.slot
        numbers = [quoted.value for quoted in field.quotes if isinstance(quoted.value, int | float)]
        assert all(slot.admits(float(number)) for number in numbers)
        if isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert field.source and slot.admits(float(field.default))
