"""Turns of phrase that hide a calculation or an input of one; the sentences are ours and stand for kinds of wording."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.calculators.trace import CalculationTrace
from assistant.numeric.follow_up import NumericRequest, answer_numeric, understand_numeric
from assistant.numeric.idioms import plain
from assistant.numeric.numerals import normalized
from corpus.normalize import language_of


def understood(*questions: str) -> NumericRequest | None:
    """The last request of a conversation."""
    request: NumericRequest | None = None
    for question in questions:
        request = understand_numeric(question, request, "zh" if language_of(question) == "zh" else "en")
    return request


def assert_reads(questions: tuple[str, ...], calculator: str, stated: dict[str, object]) -> None:
    request = understood(*questions)
    assert request is not None, questions
    assert request.calculator == calculator
    assert {name: request.arguments.get(name) for name in stated} == pytest.approx(stated)


@pytest.mark.parametrize(
    "question",
    ["what's 17 times 23", "What is 15% of 80?", "12 x 12?", "what is 28 divided by 26", "What's 20 percent of 350?",
     "What is the square root of 144?", "Can you multiply 36 by 12?", "3加5等于几?", "12乘以8等于多少?"],
)  # fmt: skip
def test_plain_arithmetic_is_no_multiple_of_earnings(question: str) -> None:
    assert understood(question) is None


def test_a_scale_after_a_calculation_is_no_plain_arithmetic() -> None:
    request = understood("LCOE of gas at $5 with a 10% WACC?", "and if gas doubled?")
    assert request is not None and request.arguments["gas_price"] == pytest.approx(10)


@pytest.mark.parametrize(
    "question",
    ["双倍余额递减,60亿,4年,最后一年提多少折旧?", "DDB on $6bn over 4 years: depreciation in the final year?"],
)
def test_the_last_year_is_the_life(question: str) -> None:
    assert_reads((question,), "depreciation_schedule", {"cost": 6, "life": 4, "year": 4})


def test_the_last_year_of_macrs_is_the_sixth_and_may_follow() -> None:
    assert_reads(("MACRS charge in year 5 on $22bn?", "and the final year?"), "depreciation_schedule", {"year": 6})


@pytest.mark.parametrize(
    "question",
    ["Had oil stayed at $95, how many rigs would there have been in 2015?",
     "How many rigs would have run in 2015 had oil held at $95 in 2015?",
     "Suppose oil had never crashed and stayed at $95 in 2015. How many rigs in 2015?"],
)  # fmt: skip
def test_a_supposition_without_if_is_no_look_up_of_what_happened(question: str) -> None:
    assert_reads((question,), "cycle_sim", {"year": 2015})
    request = understood(question)
    assert request is not None and request.arguments["price_override"] == {"2015": 95.0}


def test_the_table_still_answers_what_did_happen() -> None:
    assert_reads(("How much did oil fall between 2014 and 2015?",), "shale_table",
                 {"year0": 2014, "year1": 2015, "metric": "wti"})  # fmt: skip


@pytest.mark.parametrize(
    ("question", "calculator", "stated"),
    [
        ("rent starts at three dollars an hour and halves every year: when does the chip retire?", "chip_retirement",
         {"rent0": 3, "decline": 0.5}),
        ("How long can you run an H100 earning $2.20 an hour if prices drop 45% annually?", "chip_retirement",
         {"rent0": 2.2, "decline": 0.45}),
        ("a GPU leases at $2.6/h, lease rates fall by a third each year, 6 cent power - economic life?",
         "chip_retirement", {"rent0": 2.6, "decline": 1 / 3, "power_price": 0.06}),
        ("Capex of $250bn stopped growing, half of it servers, 6 years booked versus 3 real: steady-state gap?",
         "steady_state_gap", {"growth": 0, "share": 0.5, "book_life": 6, "econ_life": 3}),
        ("$60bn of GPUs, 6 years cut to 3 after year one. How bad is the hit?", "useful_life_change",
         {"age": 1, "old_life": 6, "new_life": 3}),
        ("$18 billion of hardware, 3 years into a 6-year schedule, stretched to 8. How much lighter is depreciation?",
         "useful_life_change", {"age": 3, "old_life": 6, "new_life": 8}),
        ("PV of the tax shield on $100bn under MACRS at 21% tax and 8%?", "tax_shield",
         {"tax_rate": 0.21, "discount": 0.08}),
        ("What's it worth to write off $40bn immediately in present value, at 21% tax and an 8% discount rate?",
         "tax_shield", {"bonus": 1, "tax_rate": 0.21, "discount": 0.08}),
        ("LCOE gas: 2400 $/kW, 85% CF, HR 7, $5 gas", "gas_lcoe", {"heat_rate": 7, "capacity_factor": 0.85}),
        ("What would gas power cost per MWh with $6 gas?", "gas_lcoe", {"gas_price": 6}),
        ("Capex up 35% y/y, margins at 1.2 and 30% outside funding: what phase is that?", "cycle_phase",
         {"margin": 1.2, "external_share": 0.3}),
        ("A stock re-rates from 18x to 24x while EPS slips 5%. Price move?", "multiple_decomposition",
         {"pe0": 18, "pe1": 24, "eps_growth": -0.05}),
        ("If we spend 1.4 trillion over 8 years what's the capex per year?", "capex_roi", {"capex": 1400, "years": 8}),
        ("资本开支同比掉了三成,算周期的哪个阶段?", "cycle_phase", {"growth": -0.3}),
        ("220亿的园区,出资四分之一、其余借款,利率7.25%,18年,现金收益率10.5%,股权回报率?", "jv_leverage",
         {"debt_share": 0.75, "debt_rate": 0.0725}),
    ],
)  # fmt: skip
def test_the_wording_gives_the_input(question: str, calculator: str, stated: dict[str, object]) -> None:
    assert_reads((question,), calculator, stated)


def test_a_figure_taken_back_counts_for_nothing() -> None:
    question = "A firm earns 60 billion and under-depreciates by 100 billion, sorry, ten billion, 21% tax: overstated?"
    assert_reads((question,), "overstatement", {"gap": 10, "net_income": 60})


def test_the_cost_of_debt_said_as_debt_cost_is_no_share_of_the_cost() -> None:
    first = "A $27bn JV with 80% debt at 6.58% over 24 years and a 9% cash yield: DSCR?"
    assert_reads((first, "what if the debt cost 8%?"), "jv_leverage", {"cost": 27, "debt_rate": 0.08})


def test_a_lone_figure_of_a_thread_changes_the_input_of_its_size() -> None:
    first = "H100 at $2/h, rent falls 35% a year, power $0.08/kWh: when does it retire?"
    assert_reads((first, "suppose we'd started at $3"), "chip_retirement", {"rent0": 3, "power_price": 0.08})


def test_an_order_to_calculate_needs_no_figure_where_nothing_has_to_be_given() -> None:
    request = understood("What life does Burry's number imply?")
    assert request is not None and request.calculator == "implied_life"
    assert isinstance(answer_numeric(request), CalculationTrace)
    assert understood("What did Bruce say about a bust?") is None


@given(st.text(max_size=80))
def test_plain_words_keep_their_places(text: str) -> None:
    before, after = normalized(text), plain(normalized(text))
    assert len(after.text) == len(after.origin)
    assert list(after.origin) == sorted(after.origin)
    assert set(after.origin) <= set(before.origin)


@pytest.mark.parametrize(
    "question",
    [
        "A $12bn cluster is depreciated over 6 years instead of 4, after 1 year: how much lower is the charge?",
        "$12bn of servers, written off over 6 years rather than 4, one year in, effect on depreciation?",
        "120亿美元的服务器按6年而不是4年折旧,用了1年后改,利润多多少?",
    ],
)
def test_one_life_instead_of_another_changes_to_the_first(question: str) -> None:
    assert_reads((question,), "useful_life_change", {"cost": 12.0, "old_life": 4.0, "new_life": 6.0, "age": 1.0})


def test_a_life_instead_of_another_is_no_age() -> None:
    request = understood("$12bn of chips depreciated over 6 years instead of 4: how much lower is the charge?")
    assert request is not None and request.refusal is None
    assert request.missing == ("age",)
