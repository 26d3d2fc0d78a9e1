import pytest

from assistant.calculators.ai_capex import AI_CAPEX
from assistant.calculators.restate import COMPANY_WORDS
from assistant.calculators.restated import COMPANIES, capex_path, restated
from assistant.calculators.trace import replay, run
from assistant.errors import CalculatorInputError

# the old life supposed again must give back what the company disclosed: USD bn, relative tolerance
DISCLOSED = {
    "Alphabet FY21 3→4": ("Alphabet", 3.0, 2021, "all", 2.6, 0.05),
    "Alphabet FY23 4→6": ("Alphabet", 4.0, 2023, "all", 3.9, 0.05),
    "Alphabet FY23 ex-ante": ("Alphabet", 4.0, 2023, "existing", 3.4, 0.05),
    "Microsoft FY23 4→6": ("Microsoft", 4.0, 2023, "existing", 3.7, 0.10),
    "Oracle FY23 4→5": ("Oracle", 4.0, 2023, "existing", 0.434, 0.05),
    "Oracle FY25 5→6": ("Oracle", 5.0, 2025, "existing", 0.733, 0.05),
    "Amazon 2020 3→4": ("Amazon", 3.0, 2020, "all", 2.7, 0.25),
    "Amazon 2022 4→5": ("Amazon", 4.0, 2022, "all", 3.6, 0.25),
    "Amazon 2024 5→6": ("Amazon", 5.0, 2024, "all", 3.2, 0.25),
    "Meta 2025 4.5→5.5": ("Meta", 4.5, 2025, "existing", 2.92, 0.05),
}


@pytest.mark.parametrize("name", DISCLOSED)
def test_the_old_life_gives_back_the_disclosed_effect(name: str) -> None:
    company, life, year, scope, effect, tolerance = DISCLOSED[name]
    trace = run("restate_company", {"company": company, "life": life, "year": year, "scope": scope})
    assert trace.value("delta") == pytest.approx(effect, rel=tolerance)
    assert trace.value("operating_income") == -trace.value("delta")
    assert replay(trace)


@pytest.mark.parametrize(
    ("company", "life", "year", "income", "eps"),
    [("Alphabet", 4.0, 2023, 3.0, 0.24), ("Microsoft", 4.0, 2023, 3.0, 0.40), ("Oracle", 5.0, 2025, 0.573, 0.20),
     ("Amazon", 5.0, 2024, 2.5, 0.23)],
)  # fmt: skip
def test_income_and_eps_follow_the_companys_own_tax_and_shares(
    company: str, life: float, year: int, income: float, eps: float
) -> None:
    scope = "existing" if company in ("Microsoft", "Oracle") else "all"
    trace = run("restate_company", {"company": company, "life": life, "year": year, "scope": scope})
    within = 0.25 if company == "Amazon" else 0.10 if company == "Microsoft" else 0.05
    assert -trace.value("net_income") == pytest.approx(income, rel=within)
    assert -trace.value("eps") == pytest.approx(eps, rel=within)


def test_the_disclosed_life_changes_nothing() -> None:
    for company, life in (("Microsoft", 6.0), ("Alphabet", 6.0), ("Oracle", 6.0), ("Meta", 5.5)):
        assert restated(company, life, 2026).restated == pytest.approx(restated(company, life, 2026).booked)  # type: ignore[arg-type]


def test_a_shorter_life_of_a_growing_fleet_costs_more() -> None:
    for company in ("Microsoft", "Alphabet", "Amazon", "Meta", "Oracle"):
        deltas = [restated(company, life, 2026).restated for life in (3.0, 4.0, 5.0, 6.0)]
        assert deltas == sorted(deltas, reverse=True)


def test_metas_restatement_agrees_with_the_gap_that_reproduces_burry() -> None:
    made = restated("Meta", 3.0, 2028)
    assert made.restated - made.booked == pytest.approx(20.0, rel=0.10)


def test_years_beyond_the_filings_are_announced_as_assumed() -> None:
    known, assumed = (run("restate_company", {"company": "Microsoft", "life": 3.0, "year": y}) for y in (2023, 2026))
    assert not any("assumed" in note.text.en for note in known.notes)
    assert any("assumed" in note.text.en and note.kind == "warning" for note in assumed.notes)
    assert capex_path("Microsoft")[0][2024] == pytest.approx(28.11 * AI_CAPEX[2024] / AI_CAPEX[2023])


def test_what_is_not_on_file_stays_empty_and_no_other_companys_figure_stands_in() -> None:
    trace = run("restate_company", {"company": "Microsoft", "life": 3.0, "year": 2026})
    assert trace.value("operating_income_restated") is None and trace.value("eps_restated") is None
    assert any("not on file" in note.text.en for note in trace.notes)
    known = run("restate_company", {"company": "Microsoft", "life": 3.0, "year": 2025})
    assert known.value("operating_income_restated") == pytest.approx(128.528 - known.value("delta"))
    with pytest.raises(CalculatorInputError, match="CoreWeave's server purchases"):
        run("restate_company", {"company": "CoreWeave", "life": 4.0})
    own = run("restate_company", {"company": "CoreWeave", "life": 4.0, "capex": {"2023": 3.0, "2024": 9.0}})
    assert own.value("delta") > 0 and own.value("net_income") is None and own.value("eps") is None


def test_without_a_year_the_last_one_with_data_is_taken_and_named() -> None:
    for company, year in (("Alphabet", 2023), ("Oracle", 2025), ("Meta", 2024)):
        trace = run("restate_company", {"company": company, "life": 4.0})
        assert trace.value("fiscal_year") == year and str(year) in trace.summary.zh


@pytest.mark.parametrize(("arguments", "field"), [({"year": 2009}, "year"), ({"year": 2024, "since": 2026}, "since")])
def test_a_year_outside_the_path_and_a_change_after_it_are_refused(arguments: dict[str, int], field: str) -> None:
    with pytest.raises(CalculatorInputError) as refused:
        run("restate_company", {"company": "Oracle", "life": 4.0, **arguments})
    assert refused.value.field == field


def test_a_change_made_now_carries_the_one_off_that_an_old_change_does_not() -> None:
    now, long_ago = (restated("Microsoft", 3.0, 2026, since=since) for since in (2026, None))
    assert now.restated > long_ago.restated


def test_every_company_is_called_by_names_of_both_languages() -> None:
    assert set(COMPANY_WORDS) == set(COMPANIES)
    assert all(any(w.isascii() for w in words) for words in COMPANY_WORDS.values())
