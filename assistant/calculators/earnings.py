"""What a depreciation saving does to reported earnings, and how far a gap overstates them.

Accounting only: nothing here is cash, so a discounted cash flow does not move.

    >>> earnings_effect(3.9, 0.23, 12.7, 25.0)["delta_net_income"]
    3.003
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Chart,
    Link,
    Note,
    Output,
    Outputs,
    Series,
    quantity,
)
from assistant.calculators.said import FIVE_OR_SEVEN
from assistant.calculators.taxes import tax_rate_input
from assistant.calculators.wording import given, money, number
from assistant.errors import CalculatorInputError


def earnings_effect(delta_dep: Any, tax_rate: Any = 0.21, shares: Any = None, pe: Any = None) -> dict[str, Any]:
    """Net income, EPS and accounting-implied value of a depreciation saving.

    ΔNI = ΔD(1−τ); ΔEPS = ΔNI / diluted shares; Δvalue = ΔEPS·P/E.

    Args:
        delta_dep: ΔD, USD bn a year; positive is a saving (a longer life), negative a larger charge. Arrays broadcast.
        tax_rate: τ, fraction.
        shares: diluted shares, billions; without them EPS and value are None.
        pe: price/earnings multiple; without it value is None.

    Returns:
        delta_net_income (USD bn), delta_eps (USD), delta_value_per_share (USD).

    >>> earnings_effect(4.0, 0.25, 10.0, 20.0)
    {'delta_net_income': 3.0, 'delta_eps': 0.3, 'delta_value_per_share': 6.0}
    """
    net = delta_dep * (1.0 - tax_rate)
    eps = None if shares is None else net / shares
    value = None if eps is None or pe is None else eps * pe
    return {"delta_net_income": net, "delta_eps": eps, "delta_value_per_share": value}


def overstatement(gap: Any, net_income: Any, tax_rate: Any = 0.21) -> dict[str, Any]:
    """How far net income stands above what it would be with the gap charged.

    NI_adj = NI − gap(1−τ); overstated % = 100(NI/NI_adj − 1): the denominator is the *adjusted* income.

    Args:
        gap: depreciation not charged, USD bn a year, positive when the books charge too little. Arrays broadcast.
        net_income: NI as reported, USD bn.
        tax_rate: τ, fraction.

    Returns:
        adjusted_net_income (USD bn), overstated_pct (%).

    Raises:
        CalculatorInputError: NI_adj ≤ 0, where a percentage has no meaning.

    >>> {k: round(v, 1) for k, v in overstatement(20.0, 100.0, 0.14).items()}
    {'adjusted_net_income': 82.8, 'overstated_pct': 20.8}
    """
    adjusted = net_income - gap * (1.0 - tax_rate)
    if np.any(np.asarray(adjusted) <= 0):
        raise CalculatorInputError(
            "net_income",
            f"> {np.max(gap * (1.0 - np.asarray(tax_rate))):g} USD bn, the gap after tax: at or below it the adjusted "
            "income is not positive and a percentage is undefined",
            f"{net_income} USD bn",
            allowed_zh=f"> {np.max(gap * (1.0 - np.asarray(tax_rate))):g} USD bn(税后差额);否则调整后净利润不为正,"
            "百分比无意义",
        )
    return {"adjusted_net_income": adjusted, "overstated_pct": 100.0 * (net_income / adjusted - 1.0)}


class EarningsEffectInput(CalculatorInput):
    """A yearly saving and what turns it into earnings per share and value."""

    delta_dep: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="少提的折旧", en="depreciation saved"),
        links=(
            Link("useful_life_change", "delta_dep", sign=-1),
            Link("steady_state_gap", "gap"),
            Link("fleet_gap", "gap"),
        ),
    )
    tax_rate: float = tax_rate_input()
    shares: float | None = quantity(
        None,
        unit="shares bn",
        label=Bilingual(zh="摊薄股数", en="diluted shares"),
        above=0.0,
    )
    pe: float | None = quantity(
        None,
        unit="multiple",
        label=Bilingual(zh="市盈率", en="price/earnings"),
        above=0.0,
    )


def _effect_notes(inputs: EarningsEffectInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        Note(
            text=Bilingual(
                zh="这是会计口径:现金流不变,因此 DCF 估值不变;“估值提升”只在市场按利润定价时成立。",
                en="Accounting-implied only: cash flow, and hence a DCF, is unchanged; the value holds only if "
                "the market "
                "prices reported earnings.",
            )
        ),
        FIVE_OR_SEVEN.note(Bilingual(zh="Rob 的说法", en="Rob's words")),
        Note(
            kind="filing",
            text=Bilingual(
                zh="披露的实际税后口径(1−净利润/折旧变化):Alphabet 23%、微软 19%、亚马逊与甲骨文 22%、Meta 11%。",
                en="Tax implied by disclosures (1 − net income/depreciation effect): Alphabet 23%, Microsoft 19%, "
                "Amazon and "
                "Oracle 22%, Meta 11%.",
            ),
            source="V:F1, V:F2",
        ),
    )


def _effect_charts(inputs: EarningsEffectInput, outputs: Outputs) -> tuple[Chart, ...]:
    net = inputs.delta_dep * (1.0 - inputs.tax_rate)
    return (
        Chart(
            kind="waterfall",
            title=Bilingual(zh="从折旧到净利润", en="From depreciation to net income"),
            x_label=Bilingual(zh="项目", en="step"),
            x=("depreciation saved / 少提折旧", "tax / 税", "net income / 净利润"),
            unit="USD bn",
            series=(
                Series(name=Bilingual(zh="影响", en="effect"), values=(inputs.delta_dep, net - inputs.delta_dep, net)),
            ),
        ),
    )


def _effect_summary(inputs: EarningsEffectInput, outputs: Outputs) -> Bilingual:
    net = number(outputs, "delta_net_income")
    size = money(abs(net))
    more = Bilingual(zh="增加", en="rises") if net >= 0 else Bilingual(zh="减少", en="falls")
    zh, en = f"净利润{more.zh} {size.zh}", f"Net income {more.en} by {size.en}"
    if given(outputs, "delta_eps"):
        eps = number(outputs, "delta_eps")
        zh, en = f"{zh},每股 {eps:.3g} 美元", f"{en}, ${eps:.3g} a share"
    if given(outputs, "delta_value_per_share"):
        value = number(outputs, "delta_value_per_share")
        zh, en = f"{zh},按市盈率折合每股 {value:.4g} 美元", f"{en}, ${value:.4g} a share at that multiple"
    return Bilingual(zh=f"{zh}。", en=f"{en}.")


EARNINGS_EFFECT = Calculator(
    name="earnings_effect",
    title=Bilingual(zh="折旧变化对利润的影响", en="Earnings effect of a depreciation saving"),
    inputs=EarningsEffectInput,
    outputs=(
        Output(
            "delta_net_income",
            "USD bn",
            Bilingual(zh="净利润变化", en="change in net income"),
            yearly=True,
        ),
        Output(
            "delta_eps",
            "USD",
            Bilingual(zh="每股收益变化", en="change in EPS"),
            yearly=True,
        ),
        Output(
            "delta_value_per_share",
            "USD",
            Bilingual(zh="每股价值变化(会计口径)", en="accounting-implied value per share"),
        ),
    ),
    equation="ΔNI = ΔD·(1−τ); ΔEPS = ΔNI / diluted shares; Δvalue = ΔEPS·P/E; ΔD is the positive saving",
    compute=lambda i: earnings_effect(i.delta_dep, i.tax_rate, i.shares, i.pe),
    formulas={
        "delta_net_income": "{delta_dep}*(1-{tax_rate})",
        "delta_eps": 'IF({shares}="","",{delta_net_income}/{shares})',
        "delta_value_per_share": 'IF(OR({shares}="",{pe}=""),"",{delta_eps}*{pe})',
    },
    headline="delta_net_income",
    notes=_effect_notes,
    charts=_effect_charts,
    summary=_effect_summary,
    examples=(
        "折旧少提39亿美元,税率23%,净利润多多少?",
        "Depreciation falls by $3.9bn; at 21% tax, 12.7bn shares and 25x, what happens to EPS?",
    ),
    source="ASC 250-10-50-4; V:F1",
)


class OverstatementInput(CalculatorInput):
    """Depreciation not charged, and the income it is held against."""

    gap: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="少提的折旧", en="depreciation gap"),
        links=(
            Link("fleet_gap", "gap"),
            Link("steady_state_gap", "gap"),
            Link("useful_life_change", "delta_dep", sign=-1),
        ),
    )
    tax_rate: float = tax_rate_input()
    net_income: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="报告净利润", en="reported net income"),
    )


def _overstatement_notes(inputs: OverstatementInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        Note(
            text=Bilingual(
                zh="百分比的分母是调整后的净利润,不是报告净利润。",
                en="The percentage is over the adjusted net income, not the reported one.",
            )
        ),
        Note(
            text=Bilingual(
                zh="这是时间差:少提的折旧以后要补回;没有增长时改年限不改变年折旧。",
                en="A timing effect: what is not charged now is charged later, and without growth a life does not "
                "change "
                "annual depreciation.",
            )
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="Burry 发帖称到 2028 年甲骨文高估 26.9%、Meta 高估 20.8%;这些数字不在本场辩论里,方法与路径未公布。",
                en="Burry posted that by 2028 Oracle is overstated by 26.9% and Meta by 20.8%; those figures are "
                "not in the "
                "debate, and his path and method are unpublished.",
            ),
            source="V:TTM",
        ),
    )


def _overstatement_charts(inputs: OverstatementInput, outputs: Outputs) -> tuple[Chart, ...]:
    adjusted = inputs.net_income - inputs.gap * (1 - inputs.tax_rate)
    return (
        Chart(
            kind="waterfall",
            title=Bilingual(zh="从报告净利润到调整后净利润", en="From reported to adjusted net income"),
            x_label=Bilingual(zh="项目", en="step"),
            x=("reported / 报告", "gap / 少提折旧", "tax / 税", "adjusted / 调整后"),
            unit="USD bn",
            series=(
                Series(
                    name=Bilingual(zh="净利润", en="net income"),
                    values=(inputs.net_income, -inputs.gap, inputs.gap * inputs.tax_rate, adjusted),
                ),
            ),
        ),
    )


def _overstatement_summary(inputs: OverstatementInput, outputs: Outputs) -> Bilingual:
    share, adjusted = number(outputs, "overstated_pct"), money(number(outputs, "adjusted_net_income"))
    return Bilingual(
        zh=f"净利润比调整后({adjusted.zh})高 {share:.4g}%。",
        en=f"Net income stands {share:.4g}% above the adjusted {adjusted.en}.",
    )


OVERSTATEMENT = Calculator(
    name="overstatement",
    title=Bilingual(zh="利润高估幅度", en="Overstatement of net income"),
    inputs=OverstatementInput,
    outputs=(
        Output(
            "adjusted_net_income",
            "USD bn",
            Bilingual(zh="调整后净利润", en="adjusted net income"),
        ),
        Output(
            "overstated_pct",
            "%",
            Bilingual(zh="高估幅度(占调整后净利润)", en="overstated, % of adjusted income"),
        ),
    ),
    equation="NI_adj = NI − gap·(1−τ); overstated = 100·(NI/NI_adj − 1)",
    compute=lambda i: overstatement(i.gap, i.net_income, i.tax_rate),
    formulas={
        "adjusted_net_income": "{net_income}-{gap}*(1-{tax_rate})",
        "overstated_pct": "100*({net_income}/{adjusted_net_income}-1)",
    },
    headline="overstated_pct",
    notes=_overstatement_notes,
    charts=_overstatement_charts,
    summary=_overstatement_summary,
    examples=(
        "少提200亿美元折旧,净利润1000亿,税率14%,利润虚增多少?",
        "Gap of $20bn, net income $100bn, 14% tax: how overstated?",
    ),
    source="V:TTM for the claim; equation derived here",
)
