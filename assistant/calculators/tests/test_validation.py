from dataclasses import replace

import pytest

from assistant.calculators.ai_capex import BURRY_CAPEX
from assistant.calculators.fleet import cumulative_gap
from assistant.calculators.implied_life import implied_life
from assistant.calculators.server_lives import ALPHABET, AMAZON, META, MICROSOFT, ORACLE, Company, Disclosure
from assistant.calculators.shale_heldout import band, held_out, refit
from assistant.calculators.shale_model import FACTS, PRICES, shale_path
from assistant.calculators.trace import run
from assistant.calculators.validation import (
    annual_table,
    company_fit,
    company_held_out_table,
    meta_prior_life,
    shale_held_out_table,
    shale_table_fit,
    validation_tables,
)
from assistant.calculators.validation_rows import ValidationRow
from assistant.calculators.vintages import Fleet, effect_of_change

ROWS = [row for table in validation_tables() for row in table.rows]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_every_validation_row_keeps_its_tolerance(row: ValidationRow) -> None:
    assert row.passed, f"{row.name}: {row.reference} disclosed, {row.ours:.4g} ours, {row.error:+.1%}"


def fleet_before(company: Company, share: float, year: int) -> Fleet:
    # Book values count a month's additions from its middle; only charges wait for the next month.
    fleet = Fleet.monthly(company.path(), company.lives[0][1], share)
    changes = {change for row in company.disclosures for change in row.changes}
    for date, life in sorted(change for change in changes if change[0] < year):
        fleet = fleet.with_change(date, life)
    return fleet


@pytest.mark.parametrize(
    ("company", "share", "year", "book_value"),
    [(ALPHABET, 0.356, 2023, 19.0), (ORACLE, 0.72, 2023, 4.4), (ORACLE, 0.72, 2025, 10.9)],
)
def test_book_values_at_the_change(company: Company, share: float, year: int, book_value: float) -> None:
    assert fleet_before(company, share, year).book_value(year) == pytest.approx(book_value, abs=0.05)


def test_alphabets_fleet_is_young() -> None:
    assert fleet_before(ALPHABET, 0.356, 2023).age(2023) == pytest.approx(1.2, abs=0.05)


@pytest.mark.parametrize(
    ("company", "constant", "within"),
    [(ALPHABET, 0.356, 0.001), (MICROSOFT, 0.57, 0.005), (ORACLE, 0.72, 0.005), (AMAZON, 0.71, 0.005),
     (META, 4.5, 0.01)],
)  # fmt: skip
def test_constants_are_those_of_the_next_month_convention(company: Company, constant: float, within: float) -> None:
    assert company_fit(company).constant == pytest.approx(constant, abs=within)


def test_a_change_in_a_month_is_charged_from_the_next() -> None:
    january = Disclosure("January", ((2025.0, 5.5),), 2025, 2025 + 1 / 12, 1.0, "none", fitted=False)
    company = replace(META, disclosures=(META.disclosures[0], january))
    assert company_fit(company).rows[1].ours == pytest.approx(0.0, abs=1e-9)


def test_an_estimate_made_beforehand_leaves_out_what_enters_in_the_year() -> None:
    rows = {row.name: row.ours for row in company_fit(ALPHABET).rows}
    entered = rows["Alphabet FY23 4→6"] - rows["Alphabet FY23 ex-ante, old assets"]
    spent = company_fit(ALPHABET).constant * ALPHABET.path()[2023]
    assert entered == pytest.approx(spent * 5.5 / 12 * (1 / 4 - 1 / 6))  # charged 5.5 months on average


def test_annual_version_fits_both_companies_within_one_per_cent() -> None:
    shares = [company_fit(company, annual=True).constant for company in (ALPHABET, ORACLE)]
    assert shares == pytest.approx([0.341, 0.685], abs=0.001)
    assert all(abs(row.error) <= 0.01 for row in annual_table().rows)


def test_one_constant_serves_both_changes_of_a_company() -> None:
    for company in (ALPHABET, MICROSOFT, ORACLE):
        fit = company_fit(company)
        assert 0.2 < fit.constant < 0.8
        assert len([row for row in fit.rows if row.role == "calibration"]) == 2


def test_metas_disclosure_implies_a_prior_life_below_five() -> None:
    assert meta_prior_life() == pytest.approx(4.5, abs=0.01)
    five = effect_of_change(Fleet.monthly(META.path(), 5.0), 2025.0, 5.5, 2025.0, 2026.0)
    assert five < 0.6 * 2.92  # from 5 years the same change would give little more than half of what was disclosed


def test_shale_fails_upward_out_of_sample() -> None:
    outside = [row for row in shale_table_fit().rows if row.role == "prediction"]
    assert outside and all(row.error > 0.3 for row in outside)


def test_burrys_figure_is_reproducible_but_not_identified() -> None:
    lives = [implied_life(BURRY_CAPEX, share, 6.0, 176.0, 2026, 2028) for share in (0.42, 0.5, 0.6)]
    assert lives == sorted(lives)
    assert lives[0] == pytest.approx(3.0, abs=0.05) and lives[1] == pytest.approx(3.4, abs=0.05)
    assert cumulative_gap(BURRY_CAPEX, 0.5, 6.0, 4.0, 2026, 2028) == pytest.approx(125.0, abs=0.5)


def test_years_held_out_are_told_apart_from_calibration_and_miss_by_more() -> None:
    seen = [row for row in shale_table_fit().rows if row.role == "calibration"]
    unseen = shale_held_out_table().rows
    assert {row.role for row in unseen} == {"held out"} and {row.name for row in unseen} == {row.name for row in seen}
    for metric in ("crude", "oil_rigs"):
        misses = [sum(abs(r.error) for r in rows if r.name.startswith(metric)) for rows in (seen, unseen)]
        assert misses[1] > misses[0]


def test_a_stored_refit_is_what_fitting_again_without_the_year_gives() -> None:
    again = shale_path(PRICES, p=refit(2012))[2012]
    stored = next(row for row in held_out() if (row.metric, row.year) == ("oil_rigs", 2012))
    assert again.oil_rigs == pytest.approx(stored.model, rel=0.02)


def test_every_counterfactual_has_a_band_around_it_and_the_facts_lie_in_theirs() -> None:
    for year in range(2010, 2017):
        for metric, (low, high) in band(PRICES, year).items():
            assert low < FACTS[metric].get(year, (low + high) / 2) < high
    trace = run("cycle_sim", {"year": 2016, "price_override": {"2015": 95.0, "2016": 95.0}})
    for metric in ("crude", "oil_rigs", "breakeven"):
        assert trace.value(f"{metric}_low") < trace.value(metric) < trace.value(f"{metric}_high")
    assert f"{trace.value('oil_rigs_low'):.0f}" in trace.summary.en


def test_after_the_sample_the_band_reaches_down_to_what_happened() -> None:
    assert band(PRICES, 2018)["oil_rigs"][0] <= FACTS["oil_rigs"][2018] * 1.001


def test_a_companys_constant_is_tried_on_the_disclosure_it_has_not_seen() -> None:
    rows = company_held_out_table().rows
    assert {row.role for row in rows} == {"held out"} and len(rows) == 9
    assert all(abs(row.error) < 0.10 for row in rows if not row.name.startswith("Amazon"))
