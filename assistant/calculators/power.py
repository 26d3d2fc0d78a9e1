"""The power gap of the United States in gigawatts and in dollars.

Knows power (GW) and energy (GWh) apart and never mixes them. Knows the debate's yearly shortfall, not where it falls.

    >>> result = power_gap(10.0, 20.0, 5.0, 50.0)
    >>> result["gap_low_gw"], result["gap_high_gw"], result["capex_high"]
    (50.0, 100.0, 5000.0)
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
from assistant.calculators.wording import money, number
from assistant.errors import CalculatorInputError

BUILT_LOW, BUILT_HIGH = 8.0, 12.0  # GW a year, as Ethan Xu states

YEARLY_GAP = "这个缺口可能每年就在十几、二十个吉瓦左右。"
BY_2030 = "也就是说,每年累积下来,到2030年,我们可能会看到50到100个吉瓦左右的数据中心“缺口”在美国出现。"
BUILD = "我们现在看到的美国每一年能落地的数据中心可能在8到12个吉瓦左右,之后几年还会更大,但这个规模显然不够。"


def power_gap(gap_low: Any, gap_high: Any, years: Any, capex_per_gw: Any) -> dict[str, Any]:
    """A yearly shortfall of power, accumulated, and the capex that capacity would take.

    gap_gw = gap·years; capex = gap_gw·capex per GW.

    Args:
        gap_low: low end of the shortfall, GW a year ≥ 0. Arrays broadcast.
        gap_high: high end, GW a year ≥ gap_low.
        years: > 0.
        capex_per_gw: USD bn per GW > 0.

    Returns:
        gap_low_gw, gap_high_gw (GW), capex_low, capex_high (USD bn).

    Raises:
        CalculatorInputError: high below low, or an input out of range.
    """
    if np.any(np.asarray(gap_low) < 0):
        raise CalculatorInputError("gap_low", "≥ 0 GW", str(gap_low), allowed_zh="≥ 0 GW")
    if np.any(np.asarray(gap_high) < gap_low):
        raise CalculatorInputError(
            "gap_high", f"≥ the low end ({gap_low} GW)", str(gap_high), allowed_zh=f"不低于下限({gap_low} GW)"
        )
    for field, value, unit in (("years", years, "years"), ("capex_per_gw", capex_per_gw, "USD bn/GW")):
        if np.any(np.asarray(value) <= 0):
            raise CalculatorInputError(field, f"> 0 {unit}", str(value))
    low, high = gap_low * years, gap_high * years
    return {
        "gap_low_gw": low,
        "gap_high_gw": high,
        "capex_low": low * capex_per_gw,
        "capex_high": high * capex_per_gw,
    }


class PowerGapInput(CalculatorInput):
    """A yearly shortfall, for how long, and the price of a gigawatt."""

    gap_low: float = quantity(
        unit="GW",
        label=Bilingual(zh="每年缺口下限", en="yearly gap, low end"),
        at_least=0.0,
        at_most=1000.0,
        quotes=(
            QuotedFigure(
                quote=YEARLY_GAP,
                speaker="Ethan Xu",
                value=10.0,
                about=Bilingual(zh="“十几、二十”按 10–20 计", en="“ten-odd, twenty” read as 10 to 20"),
            ),
        ),
    )
    gap_high: float = quantity(
        unit="GW",
        label=Bilingual(zh="每年缺口上限", en="yearly gap, high end"),
        at_least=0.0,
        at_most=1000.0,
        quotes=(QuotedFigure(quote=YEARLY_GAP, speaker="Ethan Xu", value=20.0),),
    )
    years: float = quantity(
        unit="years",
        label=Bilingual(zh="累计年数", en="years accumulated"),
        above=0.0,
        at_most=50.0,
        quotes=(
            QuotedFigure(
                quote=BY_2030,
                speaker="Ethan Xu",
                value=5.0,
                about=Bilingual(zh="2025 年到 2030 年", en="2025 to 2030"),
            ),
        ),
    )
    capex_per_gw: float = quantity(
        50.0,
        unit="USD bn/GW",
        label=Bilingual(zh="每吉瓦资本开支", en="capex per GW"),
        source="low end of 50–60, V:BAR",
        above=0.0,
        at_most=500.0,
    )


def _gap_notes(inputs: PowerGapInput, outputs: Outputs) -> tuple[Note, ...]:
    low, high = inputs.gap_low + BUILT_LOW, inputs.gap_high + BUILT_HIGH
    return (
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Ethan 的两句话自洽:每年十几、二十吉瓦 × 5 年 = 50–100 吉瓦。",
                en="Ethan's two figures agree: ten-odd to twenty GW a year for five years is 50 to 100 GW.",
            ),
            speaker="Ethan Xu",
            quote=BY_2030,
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh=f"加上他说的每年落地 8–12 吉瓦,要补上缺口每年需建 {low:g}–{high:g} 吉瓦。",
                en=f"On top of the 8–12 GW he says are built a year, closing the gap takes {low:g} to {high:g} GW a "
                f"year.",
            ),
            speaker="Ethan Xu",
            quote=BUILD,
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="摩根士丹利:到 2028 年缺口 44 吉瓦,各种变通后为 13 吉瓦。",
                en="Morgan Stanley: a shortfall of 44 GW to 2028, 13 GW after workarounds.",
            ),
            source="V:MSP",
        ),
        Note(
            text=Bilingual(
                zh="吉瓦是功率,吉瓦时是能量,两者不可混用。",
                en="GW is power, GWh is energy; the two are never mixed.",
            )
        ),
    )


def _gap_charts(inputs: PowerGapInput, outputs: Outputs) -> tuple[Chart, ...]:
    years = [*range(int(inputs.years) + 1)]
    span = tuple(float(year) for year in years) + ((inputs.years,) if inputs.years > years[-1] else ())
    return (
        Chart(
            kind="fan",
            title=Bilingual(zh="累计电力缺口", en="Accumulated power gap"),
            x_label=Bilingual(zh="年数", en="years"),
            x_unit="years",
            x=span,
            unit="GW",
            series=(
                Series(name=Bilingual(zh="下限", en="low"), values=tuple(inputs.gap_low * year for year in span)),
                Series(name=Bilingual(zh="上限", en="high"), values=tuple(inputs.gap_high * year for year in span)),
            ),
        ),
    )


def _gap_summary(inputs: PowerGapInput, outputs: Outputs) -> Bilingual:
    low, high = number(outputs, "gap_low_gw"), number(outputs, "gap_high_gw")
    capex_low, capex_high = money(number(outputs, "capex_low")), money(number(outputs, "capex_high"))
    return Bilingual(
        zh=f"{inputs.years:g} 年累计缺口 {low:g}–{high:g} 吉瓦,对应资本开支 {capex_low.zh}–{capex_high.zh}。",
        en=f"Over {inputs.years:g} years the gap is {low:g} to {high:g} GW: {capex_low.en} to {capex_high.en} of "
        f"capex.",
    )


POWER_GAP = Calculator(
    name="power_gap",
    title=Bilingual(zh="电力缺口", en="Power gap"),
    inputs=PowerGapInput,
    outputs=(
        Output("gap_low_gw", "GW", Bilingual(zh="累计缺口下限", en="accumulated gap, low")),
        Output(
            "gap_high_gw",
            "GW",
            Bilingual(zh="累计缺口上限", en="accumulated gap, high"),
        ),
        Output("capex_low", "USD bn", Bilingual(zh="对应资本开支下限", en="capex, low")),
        Output(
            "capex_high",
            "USD bn",
            Bilingual(zh="对应资本开支上限", en="capex, high"),
        ),
    ),
    equation="gap_gw = gap·years; capex = gap_gw·capex per GW",
    compute=lambda i: power_gap(i.gap_low, i.gap_high, i.years, i.capex_per_gw),
    formulas={
        "gap_low_gw": "{gap_low}*{years}",
        "gap_high_gw": "{gap_high}*{years}",
        "capex_low": "{gap_low_gw}*{capex_per_gw}",
        "capex_high": "{gap_high_gw}*{capex_per_gw}",
    },
    headline="gap_high_gw",
    notes=_gap_notes,
    charts=_gap_charts,
    summary=_gap_summary,
    examples=(
        "如果每年缺口15到25吉瓦,累积5年,每吉瓦500亿美元,一共要多少钱?",
        "A gap of 10 to 20 GW a year for 5 years at $50bn per GW: how much capex?",
    ),
    source="Ethan Xu in the debate, V:BAR, V:BERN",
)
