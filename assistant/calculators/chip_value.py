"""What a chip is worth while its rent falls, and how that differs from its book value.

One convention for every chip here and in `cascade`: year j is paid at its end, at the rent of that day, p0(1−d)^j; a
chip that no longer covers its cash cost is switched off and earns nothing.

    >>> round(float(value_by_age(2.2, 0.35, 0.1224, 0.09, 0.8)[0]))
    17904
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.calculators.chips import POWER_INPUTS, cash_cost, decline_input, rent_input
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
from assistant.calculators.said import BEHIND_AFTER_TWO, GENERATION_A_YEAR
from assistant.errors import CalculatorInputError

HOURS = 8760.0
HORIZON = 60  # years; rents that fall at all have long since met the cash cost


def yearly_flow(rent: Any, cost: float, utilisation: float) -> Any:
    """What a year at a rent brings in above the cash cost, USD per GPU: (8760·u·(p − m))⁺. Arrays broadcast."""
    return np.clip(HOURS * utilisation * (np.asarray(rent) - cost), 0.0, None)


def present_value(flows: Any, discount: float) -> float:
    """Flows of years 1, 2, … at their ends, worth today."""
    years = np.arange(1, len(flows) + 1)
    return float(np.sum(np.asarray(flows) / (1.0 + discount) ** years))


def value_by_age(
    rent0: float, decline: float, cost: float, discount: float, utilisation: float, life: int = HORIZON
) -> NDArray[np.float64]:
    """What the remaining rent is worth at the end of each year of age, (HORIZON + 1,) USD per GPU, age 0 first.

    V_a = Σ_{a<j≤life} (8760·u·(p_j − m))⁺ / (1+r)^{j−a}, p_j = p0(1−d)^j.
    """
    year = np.arange(1, HORIZON + 1)
    flows = np.where(year <= life, yearly_flow(rent0 * (1.0 - decline) ** year, cost, utilisation), 0.0)
    values = np.zeros(HORIZON + 1)
    for age in range(HORIZON - 1, -1, -1):
        values[age] = (values[age + 1] + flows[age]) / (1.0 + discount)
    return values


def economic_depreciation(
    rent0: float,
    decline: float,
    age: int,
    cost: float,
    discount: float = 0.09,
    utilisation: float = 0.8,
    life: int = HORIZON,
) -> dict[str, float]:
    """Fall of the chip's value over its `age`-th year: ED_a = V_{a−1} − V_a.

    Args:
        rent0: p0, USD per GPU-hour.
        decline: d, fraction a year, in (0, 1).
        age: a, whole years, 1 = first year.
        cost: m, cash cost, USD per GPU-hour.
        discount: r, fraction a year.
        utilisation: u, share of hours rented.
        life: whole years that it serves at most.

    Returns:
        value_start, value_end, econ_dep, USD per GPU.

    >>> {k: round(v) for k, v in economic_depreciation(2.2, 0.35, 1, 0.1224).items()}
    {'value_start': 17904, 'value_end': 10352, 'econ_dep': 7552}
    """
    values = value_by_age(rent0, decline, cost, discount, utilisation, life)
    if not 1 <= age <= HORIZON:
        raise CalculatorInputError("age", f"1 to {HORIZON} years", age)
    return {
        "value_start": float(values[age - 1]),
        "value_end": float(values[age]),
        "econ_dep": float(values[age - 1] - values[age]),
    }


def discount_input() -> Any:
    """The rate that values future rent."""
    return quantity(
        0.09,
        unit="fraction",
        label=Bilingual(zh="折现率", en="discount rate"),
        source="assumption: middle of 8–10%",
        above=-1.0,
        at_most=1.0,
    )


def utilisation_input() -> Any:
    """The share of hours that is rented out."""
    return quantity(
        0.8,
        unit="fraction",
        label=Bilingual(zh="利用率", en="utilisation"),
        source="assumption: 80% of hours rented",
        above=0.0,
        at_most=1.0,
    )


class EconomicDepreciationInput(CalculatorInput):
    """A chip, its rent and its price, in one year of its life."""

    rent0: float = rent_input()
    decline: float = decline_input()
    age: int = quantity(
        1, unit="", label=Bilingual(zh="第几年", en="year of age (1 = first)"), source="convention: the first year",
        at_least=1, at_most=HORIZON,
    )  # fmt: skip
    cost: float = quantity(
        30_000.0, unit="USD", label=Bilingual(zh="单GPU原值", en="price of one GPU with its share of the server"),
        source="assumption: about $30,000 per H100 in a server", above=0.0,
    )  # fmt: skip
    book_life: float = quantity(
        6.0, unit="years", label=Bilingual(zh="账面年限", en="book life"), source="Microsoft, Alphabet and Oracle:"
                                                                              " 6 years (V:F1)",
        above=0.0, at_most=100.0,
    )  # fmt: skip
    discount: float = discount_input()
    utilisation: float = utilisation_input()
    life: int = quantity(
        HORIZON, unit="years", label=Bilingual(zh="最多服役年数", en="years in service at most"),
        source="convention: until the rent no longer covers the cash cost", at_least=1, at_most=HORIZON,
    )  # fmt: skip
    kw: float = POWER_INPUTS["kw"]
    pue: float = POWER_INPUTS["pue"]
    power_price: float = POWER_INPUTS["power_price"]
    other: float = POWER_INPUTS["other"]


def _economic(inputs: EconomicDepreciationInput) -> Outputs:
    cost = cash_cost(inputs.kw, inputs.pue, inputs.power_price, inputs.other)
    result = economic_depreciation(
        inputs.rent0, inputs.decline, inputs.age, cost, inputs.discount, inputs.utilisation, inputs.life
    )
    book = inputs.cost / inputs.book_life * min(1.0, max(0.0, inputs.book_life - (inputs.age - 1)))
    return {**result, "book_dep": book}


def _values(inputs: EconomicDepreciationInput) -> NDArray[np.float64]:
    cost = cash_cost(inputs.kw, inputs.pue, inputs.power_price, inputs.other)
    return value_by_age(inputs.rent0, inputs.decline, cost, inputs.discount, inputs.utilisation, inputs.life)


def _economic_notes(inputs: EconomicDepreciationInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        GENERATION_A_YEAR.note(
            Bilingual(zh="刘一鸣的问题正是账面与价值之差", en="The question 刘一鸣 asks is this difference")
        ),
        BEHIND_AFTER_TWO.note(Bilingual(zh="Ethan 的看法", en="Ethan's view")),
    ]
    worth = float(_values(inputs)[0])
    if worth < inputs.cost:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh=f"按这些租金,新芯片只值 {worth:,.0f} 美元,低于买价 {inputs.cost:,.0f}:"
                    "租金路径或买价与投资决定不符。",
                    en=f"At these rents a new chip is worth ${worth:,.0f}, less than its price of "
                    f"${inputs.cost:,.0f}: the rent "
                    "path or the price does not fit a purchase that pays.",
                ),
            )
        )
    return tuple(notes)


def _economic_charts(inputs: EconomicDepreciationInput, outputs: Outputs) -> tuple[Chart, ...]:
    values = _values(inputs)
    ages = np.arange(0, 11)
    book = inputs.cost * np.clip(1 - ages / inputs.book_life, 0, 1)
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="经济价值与账面价值", en="Economic value against book value"),
            x_label=Bilingual(zh="芯片年龄", en="age of the chip"),
            x_unit="years",
            x=tuple(float(age) for age in ages),
            unit="USD",
            series=(
                Series(name=Bilingual(zh="经济价值", en="economic value"), values=tuple(values[:11].tolist())),
                Series(name=Bilingual(zh="账面价值", en="book value"), values=tuple(book.tolist())),
            ),
        ),
    )


def _worth_formula(age: str) -> str:
    """What rent is worth at an age, as a spreadsheet computes it: two annuities until rent meets cost."""
    cost = "({kw}*{pue}*{power_price}+{other})"
    lasts = f"IF({cost}>0,INT(LN({cost}/{{rent0}})/LN(1-{{decline}})),{HORIZON})"
    years = f"MAX(0,MIN({HORIZON},{{life}},{lasts})-{age})"
    rent = f"PV((1+{{discount}})/(1-{{decline}})-1,{years},{{rent0}}*(1-{{decline}})^{age})"
    return f"8760*{{utilisation}}*(PV({{discount}},{years},{cost})-{rent})"


ECONOMIC_DEPRECIATION = Calculator(
    name="economic_depreciation",
    title=Bilingual(zh="经济折旧", en="Economic depreciation"),
    inputs=EconomicDepreciationInput,
    outputs=(
        Output(
            "value_start",
            "USD",
            Bilingual(zh="年初经济价值", en="value at the start of the year"),
        ),
        Output(
            "value_end",
            "USD",
            Bilingual(zh="年末经济价值", en="value at its end"),
        ),
        Output("econ_dep", "USD", Bilingual(zh="当年经济折旧", en="economic depreciation"), yearly=True),
        Output(
            "book_dep",
            "USD",
            Bilingual(zh="当年账面折旧", en="book depreciation"),
            yearly=True,
        ),
    ),
    equation="V_a = Σ_{j>a} (8760·u·(p_j − m))⁺/(1+r)^{j−a}, p_j = p0(1−d)^j, m = kW·PUE·price + other; ED = "
    "V_{a−1} − V_a",
    compute=_economic,
    formulas={
        "value_start": _worth_formula("({age}-1)"),
        "value_end": _worth_formula("{age}"),
        "econ_dep": "{value_start}-{value_end}",
        "book_dep": "{cost}/{book_life}*MIN(1,MAX(0,{book_life}-{age}+1))",
    },
    headline="econ_dep",
    notes=_economic_notes,
    charts=_economic_charts,
    examples=(
        "租金2.2美元、每年跌35%,第一年经济折旧多少?",
        "Economic depreciation of a GPU in year 2 at $2.2/h falling 35% a year?",
    ),
    source="Hotelling 1925; V:DGX; V:H100",
)
