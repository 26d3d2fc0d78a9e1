"""A site short of power: when newer chips earn more from the same kilowatts.

>>> round(power_limited_retirement(2.0, 0.35, 0.1224, 1.275, 4.0, 0.18, 2.2, 1.8), 2)
1.05
"""

from __future__ import annotations

import math

from assistant.calculators.chips import POWER_INPUTS, cash_cost, chip_retirement, decline_input, rent_input
from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Note,
    Output,
    Outputs,
    quantity,
)
from assistant.calculators.said import Said

POWER_TAKEN = Said("Ethan Xu", "因为他们已经发现,经过过去一两年在电网上“抢电”,基本上电网的电已经被抢得差不多了。")


def power_limited_retirement(
    rent0: float, decline: float, cost: float, kw: float,
    new_rent: float, new_cost: float, new_capital: float, new_kw: float,
) -> float:  # fmt: skip
    """Years until a site short of power earns more per kW from new chips, their capital charge included.

    Retire when (p_old − m)/kW_old < (p_new − m_new − capital_new)/kW_new; the new chip's rent is held as given.

    Args:
        rent0: p0 of the old chip today, USD per GPU-hour.
        decline: d, fraction a year, in (0, 1).
        cost: m, its cash cost, USD per GPU-hour.
        kw: its power, kW.
        new_rent: rent of the new chip, USD per GPU-hour.
        new_cost: its cash cost.
        new_capital: its capital charge, USD per GPU-hour.
        new_kw: its power, kW.

    Returns:
        Years; 0 when the new chip already earns more. Never later than the cash-cost retirement.

    >>> round(power_limited_retirement(2.0, 0.35, 0.1224, 1.275, 4.0, 0.18, 2.2, 1.8), 2)
    1.05
    """
    hurdle = cost + kw * max(0.0, (new_rent - new_cost - new_capital) / new_kw)
    return max(0.0, math.log(rent0 / hurdle) / -math.log1p(-decline))


class PowerLimitedInput(CalculatorInput):
    """The chip that stands on the site, and the one that wants its power."""

    rent0: float = rent_input()
    decline: float = decline_input()
    new_rent: float = quantity(
        unit="USD/h",
        label=Bilingual(zh="新芯片租金(每GPU小时)", en="rent of the new chip, per GPU-hour"),
        above=0.0,
    )
    new_capital: float = quantity(
        unit="USD/h",
        label=Bilingual(zh="新芯片资本费用(每小时)", en="capital charge of the new chip, per hour"),
        at_least=0.0,
    )
    new_kw: float = quantity(
        unit="kW",
        label=Bilingual(zh="新芯片功率", en="power of the new chip"),
        above=0.0,
    )
    kw: float = POWER_INPUTS["kw"]
    pue: float = POWER_INPUTS["pue"]
    power_price: float = POWER_INPUTS["power_price"]
    other: float = POWER_INPUTS["other"]


def _years(inputs: PowerLimitedInput) -> Outputs:
    cost = cash_cost(inputs.kw, inputs.pue, inputs.power_price, inputs.other)
    new_cost = cash_cost(inputs.new_kw, inputs.pue, inputs.power_price, inputs.other)
    alone = chip_retirement(inputs.rent0, inputs.decline, inputs.kw, inputs.pue, inputs.power_price, inputs.other)[
        "years"
    ]
    limited = power_limited_retirement(
        inputs.rent0, inputs.decline, cost, inputs.kw, inputs.new_rent, new_cost, inputs.new_capital, inputs.new_kw
    )
    return {"years": limited, "years_by_cash_cost": alone}


def _notes(inputs: PowerLimitedInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        POWER_TAKEN.note(Bilingual(zh="Ethan 说电网的电快被抢完", en="Ethan says the grid's power is nearly taken")),
        Note(
            text=Bilingual(
                zh="新芯片的租金假定不变;它若也下跌,旧芯片会留得更久。",
                en="The new chip's rent is held; if it falls too, the old chip stays longer.",
            )
        ),
    )


POWER_LIMITED_RETIREMENT = Calculator(
    name="power_limited_retirement",
    title=Bilingual(zh="电力受限时的芯片退役", en="Chip retirement where power is short"),
    inputs=PowerLimitedInput,
    outputs=(
        Output("years", "years", Bilingual(zh="退役年数", en="years to retirement")),
        Output("years_by_cash_cost", "years", Bilingual(zh="只看现金成本的年数", en="years by cash cost alone")),
    ),
    equation="retire when (p_old − m)/kW_old < (p_new − m_new − capital_new)/kW_new; p_old = p0(1−d)^t",
    compute=_years,
    formulas={
        "years": "MAX(0,LN({rent0}/({kw}*{pue}*{power_price}+{other}+{kw}*MAX(0,{new_rent}-{new_kw}*{pue}*{power_price}"
        "-{other}-{new_capital})/{new_kw}))/-LN(1-{decline}))",
        "years_by_cash_cost": "MAX(0,LN({rent0}/({kw}*{pue}*{power_price}+{other}))/-LN(1-{decline}))",
    },
    headline="years",
    notes=_notes,
    examples=(
        "电力受限的园区,旧卡租金2美元每年跌35%,新卡4美元、资本费用2.2美元、1.8千瓦,几年退役?",
        "Power-limited site: the old chip rents at $2/h falling 35% a year, a new one at $4/h with a capital charge of "
        "$2.2/h and 1.8 kW. When does the old one retire?",
    ),
    source="equation derived here",
)
