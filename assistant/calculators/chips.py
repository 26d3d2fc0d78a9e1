"""When a chip stops paying: cash cost against a falling rent, and what the chip is worth until then.

Rent falls by a constant share a year, p_j = p0(1−d)^j; the cash cost of running is m = kW·PUE·price + other, all per
hour of one GPU. Electricity alone almost never retires a chip within four years; a site short of power retires sooner,
since there a new chip competes for the same kilowatts.

    >>> round(chip_retirement(2.0, 0.35)["years"], 1)
    6.5
"""

from __future__ import annotations

import math
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
    Series,
    quantity,
)
from assistant.calculators.said import (
    OLD_CHIPS_WHEN_SCARCE,
    RENT_STABLE,
    SEVEN_YEAR_TPUS,
)
from assistant.calculators.wording import number
from assistant.errors import CalculatorInputError

DGX_KW_PER_GPU = 1.275  # 10.2 kW for 8 GPUs, V:DGX


def cash_cost(kw: Any, pue: Any, power_price: Any, other: Any = 0.0) -> Any:
    """Cash cost of running one GPU for an hour: m = kW·PUE·price + other, USD/h.

    >>> round(cash_cost(1.275, 1.2, 0.08), 4)
    0.1224
    """
    return kw * pue * power_price + other


def chip_retirement(
    rent0: Any, decline: Any, kw: Any = DGX_KW_PER_GPU, pue: Any = 1.2, power_price: Any = 0.08, other: Any = 0.0
) -> dict[str, Any]:
    """Years until the rent no longer covers the cash cost: ln(p0/m) / −ln(1−d).

    Args:
        rent0: p0, USD per GPU-hour today. All arguments broadcast as arrays.
        decline: d, fraction a year, in (0, 1).
        kw: power of one GPU with its share of the server, kW.
        pue: power usage effectiveness, ≥ 1.
        power_price: USD/kWh.
        other: further cash cost, USD per GPU-hour.

    Returns:
        cash_cost_per_hour (USD/h) and years; 0 years when the rent is below the cash cost already.

    Raises:
        CalculatorInputError: no cash cost at all, so that no falling rent ever retires the chip; d outside (0, 1).
    """
    cost = cash_cost(kw, pue, power_price, other)
    if np.any(np.asarray(cost) <= 0):
        raise CalculatorInputError(
            "power_price", "> 0 USD/kWh (or another cash cost > 0): without a cash cost no chip is ever retired",
            f"{power_price} USD/kWh", allowed_zh="> 0 USD/kWh(或其他现金成本 > 0):没有现金成本就永远不会退役",
        )  # fmt: skip
    if np.any((np.asarray(decline) <= 0) | (np.asarray(decline) >= 1)):
        raise CalculatorInputError("decline", "> 0 and < 1", str(decline), allowed_zh="> 0 且 < 1")
    years = np.maximum(np.log(np.asarray(rent0) / cost) / -np.log1p(-np.asarray(decline)), 0.0)
    return {"cash_cost_per_hour": cost, "years": years if years.ndim else float(years)}


def rent_input() -> Any:
    """Today's rent of an H100."""
    return quantity(
        2.3,
        unit="USD/h",
        label=Bilingual(zh="当前租金(每GPU小时)", en="rent today, per GPU-hour"),
        source="H100 through 2025: $2.2–2.4, middle (V:H100)",
        above=0.0,
    )


def decline_input() -> Any:
    """How fast the rent falls."""
    return quantity(
        0.35,
        unit="fraction",
        label=Bilingual(zh="租金年跌幅", en="yearly fall of the rent"),
        source="assumption: middle of 20–50%",
        above=0.0,
        below=1.0,
    )


def power_inputs() -> dict[str, Any]:
    """kW, PUE, power price and other cash cost, as every chip calculator declares them."""
    return {
        "kw": quantity(
            DGX_KW_PER_GPU,
            unit="kW",
            label=Bilingual(zh="单GPU功率", en="power per GPU"),
            source="10.2 kW for 8 GPUs (V:DGX)",
            above=0.0,
        ),
        "pue": quantity(
            1.2,
            unit="multiple",
            label=Bilingual(zh="PUE", en="PUE"),
            source="V:DGX",
            at_least=1.0,
            at_most=3.0,
        ),
        "power_price": quantity(
            0.08,
            unit="USD/kWh",
            label=Bilingual(zh="电价", en="power price"),
            source="EIA, US industrial price, recalled (medium confidence)",
            at_least=0.0,
        ),
        "other": quantity(
            0.0,
            unit="USD/h",
            label=Bilingual(zh="其他现金成本", en="other cash cost per hour"),
            source="convention: electricity only",
            at_least=0.0,
        ),
    }


POWER_INPUTS = power_inputs()


class ChipRetirementInput(CalculatorInput):
    """A chip's rent, its fall, and what it costs to run."""

    rent0: float = rent_input()
    decline: float = decline_input()
    kw: float = POWER_INPUTS["kw"]
    pue: float = POWER_INPUTS["pue"]
    power_price: float = POWER_INPUTS["power_price"]
    other: float = POWER_INPUTS["other"]


def _retirement_notes(inputs: ChipRetirementInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        Note(
            text=Bilingual(
                zh="只看电费,芯片几乎不会在 4 年内退役;电力受限的园区要看每千瓦赚多少,新芯片挤占同样的电,退役会更早。",
                en="Electricity alone almost never retires a chip within 4 years; a power-limited site compares "
                "earnings per kW, "
                "and there the newer chip retires the older one sooner.",
            )
        ),
        RENT_STABLE.note(Bilingual(zh="Yang 说 Hopper 租金稳定", en="Yang says Hopper rent is stable")),
        Note(
            kind="filing",
            text=Bilingual(
                zh="H100 租金 2025 年约 2.2–2.4 美元,10 月低至 1.70 美元(2026 年回升†):“稳定”要打折扣。",
                en="H100 rent was about $2.2–2.4 through 2025 with an October low of $1.70 (and a rebound in "
                "2026†): “stable” "
                "needs that qualification.",
            ),
            source="V:H100",
        ),
        SEVEN_YEAR_TPUS.note(Bilingual(zh="Ethan 关于旧芯片仍在用", en="Ethan on old chips still in use")),
        OLD_CHIPS_WHEN_SCARCE.note(Bilingual(zh="Rob 的保留", en="Rob's reservation")),
    )


def _rent_chart(inputs: Any, cost: float, years: int) -> Chart:
    x = tuple(float(year) for year in range(years + 1))
    return Chart(
        kind="line",
        title=Bilingual(zh="租金与现金成本", en="Rent against cash cost"),
        x_label=Bilingual(zh="年", en="years from now"),
        x_unit="years",
        x=x,
        unit="USD/h",
        series=(
            Series(
                name=Bilingual(zh="租金", en="rent"), values=tuple(inputs.rent0 * (1 - inputs.decline) ** t for t in x)
            ),
            Series(name=Bilingual(zh="现金成本", en="cash cost"), values=(cost,) * len(x)),
        ),
    )


def _retirement_charts(inputs: ChipRetirementInput, outputs: Outputs) -> tuple[Chart, ...]:
    return (
        _rent_chart(inputs, number(outputs, "cash_cost_per_hour"), min(60, math.ceil(number(outputs, "years")) + 1)),
    )


def _retirement_summary(inputs: ChipRetirementInput, outputs: Outputs) -> Bilingual:
    cost, years = number(outputs, "cash_cost_per_hour"), number(outputs, "years")
    return Bilingual(
        zh=f"现金成本每小时 {cost:.4g} 美元,租金每年跌 {100 * inputs.decline:g}%,约 {years:.3g} 年后不再覆盖成本。",
        en=f"Cash cost is ${cost:.4g} an hour; with rent falling {100 * inputs.decline:g}% a year it is no longer "
        "covered "
        f"after about {years:.3g} years.",
    )


CHIP_RETIREMENT = Calculator(
    name="chip_retirement",
    title=Bilingual(zh="芯片退役年限", en="Chip retirement"),
    inputs=ChipRetirementInput,
    outputs=(
        Output(
            "cash_cost_per_hour",
            "USD/h",
            Bilingual(zh="每小时现金成本", en="cash cost per GPU-hour"),
        ),
        Output(
            "years",
            "years",
            Bilingual(zh="退役年数", en="years to retirement"),
        ),
    ),
    equation="m = kW·PUE·price + other; years = ln(p0/m) / −ln(1−d); p0 rent per GPU-hour, d its yearly fall",
    compute=lambda i: chip_retirement(i.rent0, i.decline, i.kw, i.pue, i.power_price, i.other),
    formulas={
        "cash_cost_per_hour": "{kw}*{pue}*{power_price}+{other}",
        "years": "MAX(0,LN({rent0}/{cash_cost_per_hour})/-LN(1-{decline}))",
    },
    headline="years",
    notes=_retirement_notes,
    charts=_retirement_charts,
    summary=_retirement_summary,
    examples=(
        "租金2美元一小时,每年跌35%,芯片几年退役?",
        "H100 at $2/h, rent falls 35% a year, power $0.08/kWh: when does it retire?",
    ),
    source="V:DGX; V:H100; equation derived here",
)
