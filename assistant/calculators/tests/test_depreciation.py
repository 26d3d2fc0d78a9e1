import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculators.ai_capex import BURRY_CAPEX
from assistant.calculators.cascade import cascade
from assistant.calculators.chip_value import economic_depreciation, value_by_age
from assistant.calculators.chips import chip_retirement
from assistant.calculators.earnings import earnings_effect, overstatement
from assistant.calculators.fleet import charge_ratio, fleet_gap, steady_state_gap
from assistant.calculators.impairment import ifrs_loss, impairment_test
from assistant.calculators.power_site import power_limited_retirement
from assistant.calculators.schedules import MACRS5, schedule
from assistant.calculators.taxes import deferred_tax, tax_shield
from assistant.calculators.trace import run
from assistant.calculators.useful_life import useful_life_change
from assistant.calculators.vintages import Fleet, effect_of_change
from assistant.errors import CalculatorInputError

costs = st.floats(0.01, 1e4)
lives = st.integers(1, 40)
shares = st.floats(0.0, 1.0)


@given(costs, lives, shares, st.sampled_from(["SL", "DB", "DDB", "SYD"]))
def test_schedule_adds_up_to_cost_minus_salvage(cost: float, life: int, salvage_share: float, method: str) -> None:
    salvage = cost * salvage_share
    charges = schedule(cost, float(life), method, salvage)  # type: ignore[arg-type]
    assert sum(charges) == pytest.approx(cost - salvage, rel=1e-9, abs=1e-9 * cost)
    assert min(charges) >= -1e-9 * cost
    assert len(charges) == life


@given(costs, st.floats(0.5, 30.0))
def test_straight_line_with_a_broken_life_still_adds_up(cost: float, life: float) -> None:
    assert sum(schedule(cost, life, "SL")) == pytest.approx(cost)


@given(costs, st.lists(st.floats(0.0, 1e3), min_size=1, max_size=20).filter(lambda units: sum(units) > 1e-6))
def test_units_of_production_adds_up(cost: float, units: list[float]) -> None:
    assert sum(schedule(cost, None, "UOP", units=tuple(units))) == pytest.approx(cost)


@given(costs, shares, st.sampled_from(list(MACRS5)))
def test_macrs_adds_up_to_cost_with_any_bonus(cost: float, bonus: float, method: str) -> None:
    charges = schedule(cost, None, method, salvage=0.0, bonus=bonus)  # type: ignore[arg-type]
    assert sum(charges) == pytest.approx(cost, rel=1e-9)


def test_macrs_tables_sum_to_one_and_a_later_quarter_charges_less_at_first() -> None:
    assert all(sum(table) == pytest.approx(1.0) for table in MACRS5.values())
    first = [MACRS5[f"MACRS5_{quarter}"][0] for quarter in ("MQ1", "MQ2", "MQ3", "MQ")]
    assert first == [0.35, 0.25, 0.15, 0.05]  # 7/8, 5/8, 3/8 and 1/8 of a year at the 40 % rate
    assert all(table[1] == pytest.approx(0.4 * (1 - table[0])) for table in MACRS5.values())


def test_macrs_ignores_salvage() -> None:
    assert schedule(100.0, None, "MACRS5", salvage=20.0) == schedule(100.0, None, "MACRS5")


def test_ddb_switches_to_straight_line_and_stops_at_salvage() -> None:
    assert schedule(100.0, 5.0, "DDB") == pytest.approx((40.0, 24.0, 14.4, 10.8, 10.8))
    assert sum(schedule(100.0, 5.0, "DDB", salvage=30.0)) == pytest.approx(70.0)


@given(costs, st.floats(1.0, 20.0), st.floats(0.01, 0.99), st.floats(0.1, 20.0), st.floats(0.0, 0.9))
def test_change_of_life_conserves_book_value(
    cost: float, old_life: float, age_share: float, more: float, salvage_share: float
) -> None:
    age, salvage = old_life * age_share, cost * salvage_share
    new_life = age + more
    change = useful_life_change(cost, old_life, new_life, age, salvage)
    charged = change["old_dep"] * age + change["new_dep"] * (new_life - age)
    assert charged == pytest.approx(cost - salvage)
    assert change["nbv"] == pytest.approx(cost - change["old_dep"] * age)
    assert (change["delta_dep"] <= 1e-9 * cost) == (new_life >= old_life - 1e-9) or abs(new_life - old_life) < 1e-6


@given(costs, st.floats(0.0, 0.6), st.floats(0.01, 0.3), st.floats(0.001, 0.2))
def test_shield_is_worth_less_at_a_higher_rate(cost: float, tax_rate: float, rate: float, step: float) -> None:
    low, high = tax_shield(cost, "MACRS5", tax_rate, rate), tax_shield(cost, "MACRS5", tax_rate, rate + step)
    assert high <= low
    assert low <= tax_rate * cost + 1e-9 * cost


def test_shield_takes_an_array_of_rates() -> None:
    swept = tax_shield(100.0, "MACRS5", 0.21, np.array([0.08, 0.10]))
    assert swept == pytest.approx([tax_shield(100.0, "MACRS5", 0.21, 0.08), tax_shield(100.0, "MACRS5", 0.21, 0.10)])


@given(st.floats(1.0, 15.0), st.floats(0.0, 20.0), shares)
def test_deferred_tax_reverses_to_zero(book_life: float, elapsed: float, bonus: float) -> None:
    assert deferred_tax(100.0, book_life, 0.0, 0.21, bonus) == pytest.approx(0.0)
    assert deferred_tax(100.0, book_life, 20.0 + elapsed, 0.21, bonus) == pytest.approx(0.0)


def test_deferred_tax_of_full_bonus_is_tax_on_the_book_value() -> None:
    assert deferred_tax(100.0, 6.0, 2.0, 0.21, 1.0) == pytest.approx(0.21 * 100 * 4 / 6)


def test_earnings_effect_leaves_out_what_was_not_given() -> None:
    assert earnings_effect(4.0, 0.25) == {"delta_net_income": 3.0, "delta_eps": None, "delta_value_per_share": None}


@given(st.floats(1.0, 30.0), st.floats(-0.9, 3.0))
def test_charge_ratio_falls_with_life_only_when_growing(life: float, growth: float) -> None:
    shorter, longer = charge_ratio(life, growth), charge_ratio(life + 1.0, growth)
    if growth > 1e-9:
        assert longer < shorter
    if growth < -1e-9:
        assert longer > shorter


def test_without_growth_a_life_does_not_change_annual_depreciation() -> None:
    assert steady_state_gap(400.0, 0.6, 0.0, 6.0, 3.0) == 0.0
    flat = dict.fromkeys(range(2000, 2030), 100.0)
    assert fleet_gap(flat, 1.0, 6.0, 3.0, 2029)["gap"] == pytest.approx(0.0)


def test_vintages_approach_the_steady_state() -> None:
    growing = {year: 1.2 ** (year - 1980) for year in range(1980, 2030)}
    gap = fleet_gap(growing, 1.0, 6.0, 3.0, 2029)["gap"]
    assert gap == pytest.approx(steady_state_gap(growing[2029], 1.0, 0.2, 6.0, 3.0), rel=0.02)


@given(st.floats(0.3, 10.0), st.floats(0.3, 10.0), st.floats(2018.0, 2024.0))
def test_a_change_of_life_moves_charges_but_keeps_their_sum(old: float, new: float, date: float) -> None:
    fleet = Fleet.annual(BURRY_CAPEX, old)
    changed = fleet.with_change(date, new)
    assert changed.charge(2000.0, 2100.0) == pytest.approx(sum(BURRY_CAPEX.values()))
    assert effect_of_change(fleet, date, new, 2000.0, 2100.0) == pytest.approx(0.0, abs=1e-6)
    assert changed.charge(2000.0, date) == pytest.approx(fleet.charge(2000.0, date))  # prospective


def test_one_vintage_in_the_fleet_agrees_with_the_single_asset() -> None:
    single = useful_life_change(100.0, 4.0, 6.0, 2.0)
    fleet = Fleet.annual({2020: 100.0}, 4.0).with_change(2022.5, 6.0)
    assert fleet.book_value(2022.5) == pytest.approx(single["nbv"])
    assert fleet.charge(2022.5, 2023.5) == pytest.approx(single["new_dep"])


def test_shortening_below_the_age_expenses_the_rest_at_once() -> None:
    fleet = Fleet.annual({2020: 100.0}, 6.0).with_change(2024.5, 3.0)
    assert fleet.charge(2024.5, 2024.6) == pytest.approx(100.0 * 2 / 6)
    assert fleet.book_value(2025.0) == pytest.approx(0.0)


def test_chip_below_its_cash_cost_is_retired_now() -> None:
    assert chip_retirement(0.1, 0.3)["years"] == 0.0


def test_chip_retirement_sweeps_arrays() -> None:
    years = chip_retirement(2.0, np.array([0.2, 0.35, 0.5]))["years"]
    assert list(years) == sorted(years, reverse=True)


def test_power_short_site_never_retires_later_than_cash_cost() -> None:
    alone = chip_retirement(2.0, 0.35)["years"]
    assert power_limited_retirement(2.0, 0.35, 0.1224, 1.275, 4.0, 0.18, 2.2, 1.8) < alone
    assert power_limited_retirement(2.0, 0.35, 0.1224, 1.275, 2.0, 0.18, 2.2, 1.8) == pytest.approx(alone)


@given(st.floats(0.5, 5.0), st.floats(0.1, 0.6), st.floats(0.01, 0.3))
def test_economic_depreciation_adds_up_to_the_first_value(rent: float, decline: float, discount: float) -> None:
    values = value_by_age(rent, decline, 0.12, discount, 0.8)
    assert -np.diff(values).sum() == pytest.approx(values[0])
    assert (np.diff(values) <= 1e-9).all()


@given(st.floats(0.5, 5.0), st.floats(0.05, 0.6), st.floats(0.0, 0.3), st.integers(1, 30))
def test_a_chip_that_stays_in_its_tier_is_worth_the_same_by_both_calculators(
    rent: float, decline: float, discount: float, life: int
) -> None:
    """They once differed by $12,000 for one chip: one paid the first year at today's rent, the other at its end's."""
    tiers = (rent, 0.02, 0.01)  # tiers below the cash cost: what the cascade adds is nothing
    here = cascade(tiers, (1.0, 0.0, 0.0), decline, 0.1224, discount, 0.8, life)
    there = economic_depreciation(rent, decline, 1, 0.1224, discount, 0.8, life)
    assert here["value_without"] == pytest.approx(there["value_start"], abs=1e-6)
    assert here["fleet_value"] == pytest.approx(there["value_start"], abs=1e-6)


def test_cascade_never_hurts_and_needs_shares_that_add_up() -> None:
    result = cascade((2.4, 1.6, 0.9), (1 / 3, 1 / 3, 1 / 3), 0.35, 0.1224)
    assert result["value"] > result["value_without"]
    with pytest.raises(CalculatorInputError, match="adding up to 1"):
        cascade((2.4, 1.6, 0.9), (0.5, 0.5, 0.5), 0.35, 0.1224)


def test_fair_value_below_book_alone_is_no_impairment() -> None:
    assert impairment_test(100.0, 100.0, 50.0) == {"impaired": False, "loss": 0.0}


@given(st.floats(1.0, 1e3), st.floats(0.0, 1e3), st.floats(0.0, 1e3), st.floats(0.0, 50.0))
def test_ifrs_writes_down_to_the_better_of_using_and_selling(
    carrying: float, in_use: float, fair: float, costs: float
) -> None:
    loss = ifrs_loss(carrying, in_use, fair, costs)
    assert loss is not None and 0 <= loss <= carrying + costs
    assert loss == 0 or carrying - loss == pytest.approx(max(in_use, fair - costs))


def test_the_two_standards_part_where_undiscounted_flows_suffice() -> None:
    arguments = {"carrying": 100.0, "undiscounted": 110.0, "fair_value": 70.0, "value_in_use": 85.0}
    trace = run("impairment_test", arguments)
    assert (trace.value("loss"), trace.value("ifrs_loss")) == (0.0, 15.0)
    assert "IAS 36" in trace.summary.en and any("reversed" in note.text.en for note in trace.notes)
    without = run("impairment_test", {k: v for k, v in arguments.items() if k != "value_in_use"})
    assert without.value("ifrs_loss") is None and any("value in use" in note.text.en for note in without.notes)


CHANGE = {"cost": 100.0, "old_life": 4.0, "new_life": 6.0, "age": 2.0}
SCHEDULE = {"cost": 100.0, "life": 5.0, "year": 1}
STEADY = {"capex": 400.0, "growth": 0.2, "econ_life": 3.0}


@pytest.mark.parametrize(
    ("calculator", "arguments", "field"),
    [
        ("depreciation_schedule", {**SCHEDULE, "life": 0.0}, "life"),
        ("depreciation_schedule", {"cost": 100.0, "year": 1}, "life"),
        ("depreciation_schedule", {**SCHEDULE, "salvage": 120.0}, "salvage"),
        ("depreciation_schedule", {**SCHEDULE, "bonus": 1.2}, "bonus"),
        ("depreciation_schedule", {**SCHEDULE, "method": "MACRS7"}, "method"),
        ("depreciation_schedule", {**SCHEDULE, "year": 1.5}, "year"),
        ("useful_life_change", {**CHANGE, "old_life": 0.0}, "old_life"),
        ("useful_life_change", {**CHANGE, "new_life": 2.0}, "new_life"),
        ("useful_life_change", {**CHANGE, "salvage": 101.0}, "salvage"),
        ("useful_life_change", {**CHANGE, "age": 4.0}, "age"),
        ("tax_shield", {"cost": 100.0, "tax_rate": 1.0}, "tax_rate"),
        ("tax_shield", {"cost": 100.0, "tax_rate": -0.1}, "tax_rate"),
        ("deferred_tax", {"cost": 100.0, "elapsed": 2.0, "bonus": -0.5}, "bonus"),
        ("steady_state_gap", {**STEADY, "growth": -1.0}, "growth"),
        ("overstatement", {"gap": 200.0, "net_income": 100.0}, "net_income"),
        ("chip_retirement", {"power_price": 0.0}, "power_price"),
        ("fleet_gap", {"econ_life": 3.0, "year": 2010}, "year"),
        ("implied_life", {"target": 5000.0}, "target"),
    ],
)
def test_refusal_names_the_field(calculator: str, arguments: dict[str, object], field: str) -> None:
    with pytest.raises(CalculatorInputError) as refused:
        run(calculator, arguments)
    assert refused.value.field == field
    assert field in refused.value.sentence("zh")


def test_life_already_over_is_expensed_now_and_says_so() -> None:
    with pytest.raises(CalculatorInputError, match="expensed now"):
        useful_life_change(100.0, 4.0, 2.0, 2.0)


def test_overstatement_is_over_the_adjusted_income() -> None:
    assert overstatement(20.0, 100.0, 0.0)["overstated_pct"] == pytest.approx(25.0)
