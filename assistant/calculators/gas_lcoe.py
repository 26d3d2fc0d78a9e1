"""What power from one's own gas turbines costs, per MWh.

Knows capital, fuel and upkeep; no carbon price, backup or pipeline. Gas is the debate's stopgap: generation behind the
meter is about 5 % of what a gigawatt of data centre costs, so waiting for power costs more than power.

    >>> f"{gas_lcoe(2157.0, 0.09, 20.0, 0.85, 6.6, 3.5, 6.0)['lcoe']:.1f}"
    '60.8'
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.calculators.annuity import capital_recovery_factor
from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Chart,
    Note,
    Output,
    Outputs,
    Series,
    quantity,
)
from assistant.calculators.wording import number
from assistant.errors import CalculatorInputError

HOURS_A_YEAR = 8760.0

OWN_POWER = "在数据中心里面自己去购买大型的、中型的和小型的天然气发电机,自己给自己的供电。"


def gas_lcoe(
    capex_kw: Any,
    wacc: Any,
    years: Any,
    capacity_factor: Any,
    heat_rate: Any,
    gas_price: Any,
    om: Any,
) -> dict[str, Any]:
    """Levelised cost of electricity from gas.

    capital = capex·1000·CRF(wacc, n)/(8760·CF); fuel = heat rate·gas price; LCOE = capital + fuel + O&M.

    Args:
        capex_kw: USD per kW > 0. Arrays broadcast.
        wacc: decimal a year ≥ 0.
        years: n ≥ 1.
        capacity_factor: CF, decimal in (0, 1].
        heat_rate: MMBtu per MWh > 0.
        gas_price: USD per MMBtu ≥ 0.
        om: operation and maintenance, USD per MWh ≥ 0.

    Returns:
        capital, fuel and lcoe, USD per MWh.

    Raises:
        CalculatorInputError: an input out of range.
    """
    checks = (
        ("capex_kw", capex_kw, np.asarray(capex_kw) > 0, "> 0 USD/kW"),
        (
            "capacity_factor",
            capacity_factor,
            (np.asarray(capacity_factor) > 0) & (np.asarray(capacity_factor) <= 1),
            "> 0 and ≤ 1",
        ),
        ("heat_rate", heat_rate, np.asarray(heat_rate) > 0, "> 0 MMBtu/MWh"),
        ("gas_price", gas_price, np.asarray(gas_price) >= 0, "≥ 0 USD/MMBtu"),
        ("om", om, np.asarray(om) >= 0, "≥ 0 USD/MWh"),
    )
    for field, value, admitted, allowed in checks:
        if not np.all(admitted):
            raise CalculatorInputError(field, allowed, str(value))
    capital = capex_kw * 1000.0 * capital_recovery_factor(wacc, years) / (HOURS_A_YEAR * capacity_factor)
    fuel = heat_rate * gas_price
    return {"capital": capital, "fuel": fuel, "lcoe": capital + fuel + om}


class GasLcoeInput(CalculatorInput):
    """A gas plant behind the meter."""

    capex_kw: float = quantity(
        2157.0,
        unit="USD/kW",
        label=Bilingual(zh="单位造价", en="capital cost"),
        source="V:BNEF",
        above=0.0,
        at_most=50_000.0,
    )
    wacc: float = quantity(
        0.09,
        unit="fraction",
        label=Bilingual(zh="资本成本", en="cost of capital"),
        source="within 8–10%, judgement of this project",
        at_least=0.0,
        at_most=0.5,
    )
    years: float = quantity(
        20.0,
        unit="years",
        label=Bilingual(zh="寿命", en="life"),
        source="judgement of this project",
        at_least=1.0,
        at_most=60.0,
    )
    capacity_factor: float = quantity(
        0.85,
        unit="fraction",
        label=Bilingual(zh="利用率", en="capacity factor"),
        source="judgement of this project",
        above=0.0,
        at_most=1.0,
    )
    heat_rate: float = quantity(
        6.6,
        unit="MMBtu/MWh",
        label=Bilingual(zh="热耗率", en="heat rate"),
        source="judgement of this project: combined cycle",
        above=0.0,
        at_most=30.0,
    )
    gas_price: float = quantity(
        3.5,
        unit="USD/MMBtu",
        label=Bilingual(zh="气价", en="gas price"),
        source="judgement of this project",
        at_least=0.0,
        at_most=100.0,
    )
    om: float = quantity(
        6.0,
        unit="USD/MWh",
        label=Bilingual(zh="运维成本", en="operation and maintenance"),
        source="judgement of this project",
        at_least=0.0,
        at_most=1000.0,
    )


def _lcoe_notes(inputs: GasLcoeInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Ethan:短期靠数据中心自发电,主要是天然气。",
                en="Ethan: in the short run data centres generate their own power, mostly from gas.",
            ),
            speaker="Ethan Xu",
            quote=OWN_POWER,
        ),
        Note(
            text=Bilingual(
                zh="表后发电的造价约为每吉瓦 400–500 亿美元建设成本的 5%,所以缺电的代价高于电价本身。",
                en="Generation behind the meter is about 5% of the $40–50bn a gigawatt of data centre costs, so a "
                "delay for lack "
                "of power costs more than the power.",
            )
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="单位造价 2157 美元/千瓦†(†辩论之后公布);不含碳价、备用与输气费用。",
                en="$2,157 per kW† († published after the debate); no carbon price, backup or pipeline cost.",
            ),
            source="V:BNEF",
        ),
    )


def _lcoe_charts(inputs: GasLcoeInput, outputs: Outputs) -> tuple[Chart, ...]:
    parts = (number(outputs, "capital"), number(outputs, "fuel"), inputs.om, number(outputs, "lcoe"))
    return (
        Chart(
            kind="waterfall",
            title=Bilingual(zh="度电成本构成", en="What a MWh costs"),
            x_label=Bilingual(zh="构成", en="part"),
            x=("资本 / capital", "燃料 / fuel", "运维 / O&M", "合计 / total"),
            unit="USD/MWh",
            series=(Series(name=Bilingual(zh="美元/兆瓦时", en="USD per MWh"), values=parts),),
        ),
    )


GAS_LCOE = Calculator(
    name="gas_lcoe",
    title=Bilingual(zh="天然气自发电度电成本", en="Levelised cost of gas power"),
    inputs=GasLcoeInput,
    outputs=(
        Output(
            "capital",
            "USD/MWh",
            Bilingual(zh="资本部分", en="capital part"),
        ),
        Output("fuel", "USD/MWh", Bilingual(zh="燃料部分", en="fuel part")),
        Output(
            "lcoe",
            "USD/MWh",
            Bilingual(zh="平准化度电成本", en="levelised cost"),
        ),
    ),
    equation="LCOE = capex·1000·CRF(wacc,n)/(8760·CF) + heat rate·gas price + O&M",
    compute=lambda i: gas_lcoe(i.capex_kw, i.wacc, i.years, i.capacity_factor, i.heat_rate, i.gas_price, i.om),
    formulas={
        "capital": "-PMT({wacc},{years},{capex_kw}*1000)/(8760*{capacity_factor})",
        "fuel": "{heat_rate}*{gas_price}",
        "lcoe": "{capital}+{fuel}+{om}",
    },
    headline="lcoe",
    notes=_lcoe_notes,
    charts=_lcoe_charts,
    summary=lambda i, o: Bilingual(
        zh=f"天然气自发电的度电成本为 {number(o, 'lcoe'):.1f} 美元/兆瓦时(资本 {number(o, 'capital'):.1f}、"
        f"燃料 {number(o, 'fuel'):.1f}、运维 {i.om:g})。",
        en=f"Gas power costs ${number(o, 'lcoe'):.1f} per MWh (capital {number(o, 'capital'):.1f}, "
        f"fuel {number(o, 'fuel'):.1f}, O&M {i.om:g}).",
    ),
    examples=(
        "如果天然气涨到6美元,数据中心自发电的度电成本是多少?",
        "What is the LCOE of behind-the-meter gas at $5 gas and a 10% WACC?",
    ),
    source="V:BNEF",
)
