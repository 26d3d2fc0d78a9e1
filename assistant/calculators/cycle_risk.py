"""How likely an AI shock is under stated assumptions, when, and how deep: the Monte Carlo run as a calculator.

The probabilities restate the base hazard λ0, a judgement; every answer prints it. Model: `monte_carlo`.

    >>> CYCLE_MONTE_CARLO.headline
    'p_shock'
"""

from __future__ import annotations

from typing import Any

from assistant.calculators.capex_cycle import unknown_trigger
from assistant.calculators.closed_loop import FIRST_YEAR
from assistant.calculators.cycle_assumptions import CycleAssumptions
from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    Chart,
    Note,
    Output,
    Outputs,
    Series,
    quantity,
)
from assistant.calculators.monte_carlo import DRAWS, FAN, HORIZON, monte_carlo
from assistant.calculators.wording import number, numbers, percent

PERCENTILES = Bilingual(zh="10/50/90 分位", en="10th/50th/90th percentile")


class CycleMonteCarloInput(CycleAssumptions):
    """Most likely values; six of them (g, LR, ε, J, λ0, τb) are drawn from triangles around them."""

    horizon: int = quantity(
        HORIZON,
        unit="years",
        label=Bilingual(zh="观察年数(自 2026)", en="years watched, from 2026"),
        source="judgement of this project",
        at_least=5,
        at_most=20,
    )
    draws: int = quantity(
        DRAWS,
        unit="draws",
        label=Bilingual(zh="抽样次数", en="draws"),
        source="standard error of the chance 0.2 points and of the median date 0.02 years",
        at_least=100,
        at_most=200_000,
    )
    seed: int = quantity(
        0,
        unit="",
        label=Bilingual(zh="随机种子(十个相连种子的第一个)", en="random seed (the first of ten)"),
        source="none is chosen: ten consecutive seeds from 0 are pooled",
        at_least=0,
    )


def _compute(inputs: CycleMonteCarloInput) -> dict[str, Any]:
    result = monte_carlo(inputs.parameters(), inputs.draws, inputs.horizon, inputs.seed)
    return {
        "p_shock": 1.0 - result.p_no_shock,
        "p_no_shock": result.p_no_shock,
        "p_error": result.p_error,
        "years_to_shock": list(result.years_to_shock),
        "years_error": list(result.years_error),
        "capex_drawdown": list(result.capex_drawdown),
        "unit_cost_ratio": list(result.unit_cost_ratio),
    }


def _notes(inputs: CycleMonteCarloInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        Note(
            kind="warning",
            text=Bilingual(
                zh=f"时间是输入,不是发现:它取决于基础概率 λ0 = {inputs.hazard:g}/年,这是判断值。",
                en=f"Timing is an input, not a finding: it follows from the base hazard λ0 = {inputs.hazard:g} a "
                f"year, a judgement.",
            ),
        ),
        Note(
            text=Bilingual(
                zh="g、学习率、ε、J、λ0、τb 取三角分布,以所给值为众数;区间按默认区间同比缩放。"
                "“距冲击年数”只含可再跟踪三年的冲击。",
                en="g, learning rate, ε, J, λ0 and τb are triangular with the given value as mode; ranges scale with "
                "it. Years to a "
                "shock count only shocks that can be followed for three more years.",
            )
        ),
        _held(inputs),
        unknown_trigger(),
    )


def _held(inputs: CycleMonteCarloInput) -> Note:
    """What is not drawn, and how the draws are made."""
    held = (
        f"κ {inputs.spending_floor:g}, η {inputs.response:g}, φmin {inputs.access_floor:g}",
        f"{inputs.freeze:g}",
        f"×{inputs.growth_after:g}",
    )
    return Note(
        text=Bilingual(
            zh=f"不抽样、保持给定值:冻结 {held[1]} 年、冲击后增速 {held[2]}、{held[0]};它们决定降幅。"
            "种子不挑:十个相连的种子合并,并给出标准误;冲击日期在所属季度内均匀分布。",
            en=f"Not drawn but held: freeze {held[1]} years, growth after {held[2]}, {held[0]}; they decide the fall. "
            "No seed is chosen: ten consecutive ones are pooled and give the standard errors; a shock's date is spread "
            "evenly inside its quarter.",
        )
    )


def _charts(inputs: CycleMonteCarloInput, outputs: Outputs) -> tuple[Chart, ...]:
    result = monte_carlo(inputs.parameters(), inputs.draws, inputs.horizon, inputs.seed)
    years = tuple(FIRST_YEAR + i for i in range(inputs.horizon))
    axis = Bilingual(zh="年份", en="year")
    return (
        Chart(
            kind="fan",
            title=Bilingual(zh="AI 年度资本开支的分布", en="Distribution of AI capex by year"),
            x_label=axis,
            x=years,
            unit="USD bn",
            series=tuple(
                Series(name=Bilingual(zh=f"{q:.0f} 分位", en=f"{q:.0f}th percentile"), values=row)
                for q, row in zip(FAN, result.capex_fan, strict=True)
            ),
        ),
        Chart(
            kind="histogram",
            title=Bilingual(
                zh=f"冲击发生在哪一年(λ0 = {inputs.hazard:g}/年)",
                en=f"Year of the shock (λ0 = {inputs.hazard:g} a year)",
            ),
            x_label=axis,
            x=years,
            unit="fraction",
            series=(Series(name=Bilingual(zh="占全部抽样", en="share of all draws"), values=result.shocks_by_year),),
        ),
    )


def _summary(inputs: CycleMonteCarloInput, outputs: Outputs) -> Bilingual:
    chance = percent(number(outputs, "p_shock"), 0)
    fall, years = numbers(outputs, "capex_drawdown"), numbers(outputs, "years_to_shock")
    errors = numbers(outputs, "years_error")
    if not years or not errors:
        return Bilingual(
            zh=f"在 λ0 = {inputs.hazard:g}/年的假设下,{inputs.horizon} 年内发生冲击的概率为 {chance}。",
            en=f"Assuming λ0 = {inputs.hazard:g} a year, the chance of a shock within {inputs.horizon} years is "
            f"{chance}.",
        )
    return Bilingual(
        zh=f"在 λ0 = {inputs.hazard:g}/年的假设下,{inputs.horizon} 年内发生冲击的概率为 {chance};若发生,中位数在第 "
        f"{years[1]:.1f} 年(±{errors[1]:.2f}),"
        f"两年内资本开支下降 {percent(fall[1], 0)}。",
        en=f"Assuming λ0 = {inputs.hazard:g} a year, the chance of a shock within {inputs.horizon} years is {chance};"
        f" if it comes, the median is after {years[1]:.1f} years (±{errors[1]:.2f}) "
        f"and capex falls {percent(fall[1], 0)} within two.",
    )


CYCLE_MONTE_CARLO = Calculator(
    name="cycle_monte_carlo",
    title=Bilingual(zh="AI 冲击的概率与幅度(蒙特卡洛)", en="Chance and depth of an AI shock (Monte Carlo)"),
    inputs=CycleMonteCarloInput,
    outputs=(
        Output("p_shock", "fraction", Bilingual(zh="期内发生冲击的概率", en="chance of a shock within the horizon")),
        Output(
            "p_no_shock",
            "fraction",
            Bilingual(zh="期内无冲击的概率", en="chance of no shock within the horizon"),
        ),
        Output("p_error", "fraction", Bilingual(zh="概率的标准误", en="standard error of the chance")),
        Output(
            "years_to_shock",
            "years",
            Bilingual(zh=f"距冲击年数,{PERCENTILES.zh}", en=f"years to the shock, {PERCENTILES.en}"),
        ),
        Output(
            "years_error", "years", Bilingual(zh="距冲击年数的标准误", en="standard errors of the years to the shock")
        ),
        Output(
            "capex_drawdown",
            "fraction",
            Bilingual(
                zh=f"两年内资本开支降幅,{PERCENTILES.zh}", en=f"fall of capex within two years, {PERCENTILES.en}"
            ),
        ),
        Output(
            "unit_cost_ratio",
            "multiple",
            Bilingual(zh=f"三年后单位成本倍数,{PERCENTILES.zh}", en=f"unit cost three years later, {PERCENTILES.en}"),
        ),
    ),
    equation="λ = λ0·exp(1.5(R−1)⁺ + 3(1−m)⁺) a year, R = capex/cash flow, m = price/cost; P(shock in a quarter) = "
    "1−e^{−λ/4}; "
    "the path is capex_cycle's",
    compute=_compute,
    headline="p_shock",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "未来12年AI泡沫破裂的概率有多大?",
        "How likely is an AI bust within 10 years if the hazard is 12% a year?",
    ),
    source="model of this project; triangular ranges are judgement",
)
