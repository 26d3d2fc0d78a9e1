"""How much of growth one component contributes, and what growth would be without it, computed in two ways.

Knows weights and growth rates of one period and one basis; annualised and year-on-year rates must not be mixed.
"Without" has two readings: subtract the contribution, or renormalise to the rest of the economy.

    >>> result = growth_contribution(0.016, 0.04, 0.37)
    >>> f"{result['contribution']:.4f}", f"{result['share_of_growth']:.3f}", f"{result['ex_subtract']:.4f}"
    ('0.0148', '0.925', '0.0012')
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Chart,
    Note,
    Output,
    Outputs,
    QuotedFigure,
    Series,
    quantity,
)
from assistant.calculators.wording import given, number, percent
from assistant.errors import CalculatorInputError

FURMAN = "如果去掉信息技术与软件,美国GDP增长率仅有0.1%。"
ABOUT_TWO = (
    "今年上半年美国经济增长约2%,一季度、二季度合计,来自“消费者”对GDP的贡献是1%,“企业投资”(不限于AI)粗略看也是1%。"
)
TWENTY_BEFORE = "Dot-com bubble时,美国科技相关投资连续6、7年每年保持20%高速增长。"
TWENTY_NOW = "今年二季度(2025年Q2),才是我们第一次看到同样指标year-over-year到20%增长。"


def growth_contribution(g_total: Any, weight: Any, g_component: Any) -> dict[str, Any]:
    """A component's contribution to growth, and growth without it.

    contribution = w·g_i; share = w·g_i/g; ex_subtract = g − w·g_i; ex_renormalised = (g − w·g_i)/(1−w).

    Args:
        g_total: g, growth of the whole, decimal. Arrays broadcast.
        weight: w, the component's share of the whole at the start, decimal in (0, 1).
        g_component: g_i, growth of the component over the same period on the same basis, decimal.

    Returns:
        contribution, share_of_growth (None when the whole does not grow), ex_subtract, ex_renormalised; decimals.

    Raises:
        CalculatorInputError: w outside (0, 1), or a growth of −100 % or less.
    """
    if np.any((np.asarray(weight) <= 0) | (np.asarray(weight) >= 1)):
        raise CalculatorInputError("weight", "> 0 and < 1", str(weight), allowed_zh="> 0 且 < 1")
    for field, value in (("g_total", g_total), ("g_component", g_component)):
        if np.any(np.asarray(value) <= -1):
            raise CalculatorInputError(field, "> −1 (−100 %)", str(value), allowed_zh="> −1(−100%)")
    contribution = weight * g_component
    return {
        "contribution": contribution,
        "share_of_growth": contribution / g_total if np.all(np.asarray(g_total) != 0) else None,
        "ex_subtract": g_total - contribution,
        "ex_renormalised": (g_total - contribution) / (1.0 - weight),
    }


class GrowthContributionInput(CalculatorInput):
    """Growth of the whole, and weight and growth of one component."""

    g_total: float = quantity(
        0.016,
        unit="fraction",
        label=Bilingual(zh="总体增长率", en="growth of the whole"),
        source="mean of −0.6% and 3.8% annualised, V:BEA",
        above=-1.0,
        at_most=10.0,
        quotes=(QuotedFigure(quote=ABOUT_TWO, speaker="Bruce Liu", value=0.02),),
    )
    weight: float = quantity(
        0.04,
        unit="fraction",
        label=Bilingual(zh="该部分占比", en="weight of the component"),
        source="V:FUR",
        above=0.0,
        below=1.0,
    )
    g_component: float = quantity(
        0.37,
        unit="fraction",
        label=Bilingual(zh="该部分增长率", en="growth of the component"),
        source="derived here from 92% of growth on 4% of GDP, V:FUR",
        above=-1.0,
        at_most=100.0,
        quotes=(
            QuotedFigure(quote=TWENTY_NOW, speaker="Bruce Liu", value=0.20),
            QuotedFigure(
                quote=TWENTY_BEFORE,
                speaker="Bruce Liu",
                value=0.20,
                about=Bilingual(zh="互联网泡沫时期", en="dot-com years"),
            ),
        ),
    )


def _notes(inputs: GrowthContributionInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            kind="transcript",
            text=Bilingual(
                zh="陈茜转述 Furman:不含信息技术,2025 上半年增长 0.1%。",
                en="陈茜 relays Furman: 0.1% in H1 2025 without information technology.",
            ),
            speaker="陈茜",
            quote=FURMAN,
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 的 1%+1% 按支出法拆分;IT 在投资之内、进口又抵扣,所以两种说法可以同时成立。",
                en="Bruce's 1% + 1% splits by expenditure; IT sits inside investment and imports net out, so both "
                "can hold.",
            ),
            speaker="Bruce Liu",
            quote=ABOUT_TWO,
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="BEA:2025 年一季度 −0.6%、二季度 3.8%(年化),上半年约 1.6%,不是 2%。",
                en="BEA: −0.6% and 3.8% annualised in the first two quarters of 2025, about 1.6% for the half, not 2%.",
            ),
            source="V:BEA",
        ),
        Note(text=Bilingual(zh="年化与同比不可混用。", en="Annualised and year-on-year rates must not be mixed.")),
    ]
    if inputs.g_component == 0.20:
        notes.append(
            Note(
                kind="filing",
                text=Bilingual(
                    zh="20% 只有按实际值才成立:1996–2000 的五年均值由 16% 升到 21%(实际),名义约 15%;2025 一季度为 "
                    "+14%,二季度 20% 未能核实。",
                    en="20% a year holds only in real terms: five-year averages of 16 to 21% for 1996–2000, about "
                    "15% nominal; 2025 "
                    "Q1 was +14%, and 20% in Q2 is unverified.",
                ),
                source="V:EPI, V:OPT",
            )
        )
    return tuple(notes)


def _charts(inputs: GrowthContributionInput, outputs: Outputs) -> tuple[Chart, ...]:
    rest, part = number(outputs, "ex_subtract"), number(outputs, "contribution")
    return (
        Chart(
            kind="waterfall",
            title=Bilingual(zh="增长的构成", en="What growth is made of"),
            x_label=Bilingual(zh="部分", en="part"),
            x=("其余 / rest", "该部分 / component", "总体 / total"),
            unit="fraction",
            series=(Series(name=Bilingual(zh="贡献", en="contribution"), values=(rest, part, inputs.g_total)),),
        ),
    )


def _summary(inputs: GrowthContributionInput, outputs: Outputs) -> Bilingual:
    part, rest = percent(number(outputs, "contribution"), 2), percent(number(outputs, "ex_subtract"), 2)
    renormalised = percent(number(outputs, "ex_renormalised"), 2)
    share = percent(number(outputs, "share_of_growth")) if given(outputs, "share_of_growth") else "–"
    return Bilingual(
        zh=f"该部分贡献 {part},占增长的 {share};去掉后剩 {rest}(扣减)或 {renormalised}(重新归一)。",
        en=f"The component contributes {part}, {share} of growth; without it {rest} (subtracted) or {renormalised} "
        "(renormalised) is left.",
    )


GROWTH_CONTRIBUTION = Calculator(
    name="growth_contribution",
    title=Bilingual(zh="对增长的贡献", en="Contribution to growth"),
    inputs=GrowthContributionInput,
    outputs=(
        Output(
            "contribution",
            "fraction",
            Bilingual(zh="贡献", en="contribution"),
        ),
        Output(
            "share_of_growth",
            "fraction",
            Bilingual(zh="占增长的比例", en="share of growth"),
        ),
        Output(
            "ex_subtract",
            "fraction",
            Bilingual(zh="扣除后的增长", en="growth less the contribution"),
        ),
        Output(
            "ex_renormalised",
            "fraction",
            Bilingual(zh="其余部分的增长", en="growth of the rest"),
        ),
    ),
    equation="contribution = w·g_i; share = w·g_i/g; ex = g − w·g_i; renormalised = (g − w·g_i)/(1−w)",
    compute=lambda i: growth_contribution(i.g_total, i.weight, i.g_component),
    formulas={
        "contribution": "{weight}*{g_component}",
        "share_of_growth": 'IF({g_total}=0,"",{contribution}/{g_total})',
        "ex_subtract": "{g_total}-{contribution}",
        "ex_renormalised": "({g_total}-{contribution})/(1-{weight})",
    },
    headline="contribution",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "如果GDP增长1.6%,IT占4%、增长37%,去掉IT还剩多少?",
        "GDP grows 2%, IT is 5% of GDP and grows 20%: what share of growth is it?",
    ),
    source="national accounts identity, V:FUR, V:BEA",
)
