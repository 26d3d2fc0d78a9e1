"""Old chips moving down to work that pays less: training, second tier, inference.

Values follow `chip_value`: year j is paid at its end at the rent of that day, so a chip that never moves down is worth
here what it is worth there.

>>> cascade((2.4, 1.6, 0.9), (1/3, 1/3, 1/3), 0.35, 0.1224)["tier_by_age"]
[1, 2, 2, 3, 3, 3]
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from assistant.calculators.chip_value import discount_input, present_value, utilisation_input, yearly_flow
from assistant.calculators.chips import POWER_INPUTS, cash_cost, decline_input
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
from assistant.calculators.said import ABOUT_FIVE_YEARS, OLD_CHIPS_WHEN_SCARCE, SEVEN_YEAR_TPUS
from assistant.calculators.wording import numbers
from assistant.errors import CalculatorInputError


def cascade(
    rents: tuple[float, ...], shares: tuple[float, ...], decline: float, cost: float,
    discount: float = 0.09, utilisation: float = 0.8, life: int = 6,
) -> dict[str, Any]:  # fmt: skip
    """A chip that moves down the tiers as it ages: training, second tier, inference.

    A tier re-prices its own chips by `decline` a year from their age-0 rent; a chip moves down when the next tier pays
    more than the re-priced tier it stands in. Lower tiers pay their given rent for any chip that still serves.

    Args:
        rents: p1 > p2 > …, USD per GPU-hour of each tier.
        shares: w of the fleet in each tier, adding up to 1.
        decline: re-pricing of the top tier, fraction a year.
        cost: m, cash cost, USD per GPU-hour.
        discount: r.
        utilisation: u.
        life: years a chip physically serves.

    Returns:
        rent_by_age (best rent at ages 0 … life−1), tier_by_age (1 = top), value (USD per new chip), fleet_value
        (Σ w·V of a chip that starts in each tier, USD per chip), value_without (top tier only, as `value_by_age`).

    Raises:
        CalculatorInputError: shares that do not add up to 1, or rents that do not fall from tier to tier.

    >>> result = cascade((2.4, 1.6, 0.9), (1/3, 1/3, 1/3), 0.35, 0.1224)
    >>> result["tier_by_age"], round(result["fleet_value"])
    ([1, 2, 2, 3, 3, 3], 26521)
    """
    if abs(sum(shares) - 1.0) > 1e-6 or len(shares) != len(rents):
        raise CalculatorInputError("shares", f"{len(rents)} shares adding up to 1", str(list(shares)),
                                   allowed_zh=f"{len(rents)} 个比例,合计为 1")  # fmt: skip
    if any(upper <= lower for upper, lower in pairwise(rents)):
        raise CalculatorInputError(
            "rents", "rents that fall from tier to tier", str(list(rents)), allowed_zh="逐级递减的租金"
        )

    def path(start: int) -> tuple[list[int], list[float]]:
        tiers, earned = [], []
        tier, since = start, 0
        for age in range(life + 1):
            repriced = rents[tier] * (1.0 - decline) ** (age - since) if tier < len(rents) - 1 else rents[tier]
            while tier < len(rents) - 1 and rents[tier + 1] > repriced:
                tier, since = tier + 1, age
                repriced = rents[tier]
            tiers.append(tier + 1)
            earned.append(repriced)
        return tiers, earned

    def worth(earned: list[float]) -> float:
        return present_value(yearly_flow(earned[1:], cost, utilisation), discount)

    tiers, earned = path(0)
    alone = [rents[0] * (1.0 - decline) ** age for age in range(life + 1)]
    fleet_value = sum(weight * worth(path(tier)[1]) for tier, weight in enumerate(shares))
    return {
        "tier_by_age": tiers[:life], "rent_by_age": earned[:life], "value": worth(earned),
        "value_without": worth(alone), "fleet_value": fleet_value,
    }  # fmt: skip


class CascadeInput(CalculatorInput):
    """Tiers of use, their rents and the fleet's split over them."""

    rents: tuple[float, ...] = quantity(
        (2.4, 1.6, 0.9), unit="USD/h", label=Bilingual(zh="各级租金(由高到低)", en="rent of each tier, highest first"),
        source="assumption: training at the top of $2.2–2.4 (V:H100), then two thirds and three eighths of "
               "it", above=0.0,
    )  # fmt: skip
    shares: tuple[float, ...] = quantity(
        (1 / 3, 1 / 3, 1 / 3), unit="fraction", label=Bilingual(zh="各级占比", en="share of each tier"),
        source="Microsoft's CTO as relayed by Ethan Xu: thirds", at_least=0.0, at_most=1.0,
        quotes=(ABOUT_FIVE_YEARS.figure([1 / 3, 1 / 3, 1 / 3]),),
    )  # fmt: skip
    decline: float = decline_input()
    life: int = quantity(
        6, unit="years", label=Bilingual(zh="服役年数", en="years in service"), source="Microsoft and Alphabet "
                                                                                   "book lives (V:F1)",
        at_least=1, at_most=30,
        quotes=(ABOUT_FIVE_YEARS.figure(5), SEVEN_YEAR_TPUS.figure(7)),
    )  # fmt: skip
    discount: float = discount_input()
    utilisation: float = utilisation_input()
    kw: float = POWER_INPUTS["kw"]
    pue: float = POWER_INPUTS["pue"]
    power_price: float = POWER_INPUTS["power_price"]
    other: float = POWER_INPUTS["other"]


def _cascade(inputs: CascadeInput) -> Outputs:
    cost = cash_cost(inputs.kw, inputs.pue, inputs.power_price, inputs.other)
    return cascade(inputs.rents, inputs.shares, inputs.decline, cost, inputs.discount, inputs.utilisation, inputs.life)


def _cascade_notes(inputs: CascadeInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        ABOUT_FIVE_YEARS.note(Bilingual(zh="三个三分之一出自这里", en="The thirds come from here")),
        Note(
            text=Bilingual(
                zh="低级用途的租金假定不跌;若算力不再稀缺,最低一级也会重新定价,结果会变小。",
                en="The lowest tier's rent is held; once compute is no longer scarce it re-prices too and the "
                "value shrinks.",
            )
        ),
        OLD_CHIPS_WHEN_SCARCE.note(Bilingual(zh="Rob 的保留", en="Rob's reservation")),
    )


def _cascade_charts(inputs: CascadeInput, outputs: Outputs) -> tuple[Chart, ...]:
    ages = tuple(float(age) for age in range(inputs.life))
    alone = tuple(inputs.rents[0] * (1 - inputs.decline) ** age for age in ages)
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="芯片逐级下放的租金", en="Rent of a chip that moves down the tiers"),
            x_label=Bilingual(zh="芯片年龄", en="age of the chip"),
            x_unit="years",
            x=ages,
            unit="USD/h",
            series=(
                Series(name=Bilingual(zh="逐级下放", en="with the cascade"), values=numbers(outputs, "rent_by_age")),
                Series(name=Bilingual(zh="只留在最高级", en="top tier only"), values=alone),
            ),
        ),
    )


CASCADE = Calculator(
    name="cascade",
    title=Bilingual(zh="芯片分级使用", en="Chip cascade"),
    inputs=CascadeInput,
    outputs=(
        Output("fleet_value", "USD", Bilingual(zh="车队平均每片价值", en="fleet value per chip, Σ w·V")),
        Output(
            "value",
            "USD",
            Bilingual(zh="新芯片价值(逐级下放)", en="value of a new chip, with the cascade"),
        ),
        Output(
            "value_without",
            "USD",
            Bilingual(zh="新芯片价值(不下放)", en="value of a new chip, top tier only"),
        ),
        Output("tier_by_age", "", Bilingual(zh="各年龄所在级", en="tier at each age")),
        Output("rent_by_age", "USD/h", Bilingual(zh="各年龄租金", en="rent at each age")),
    ),
    equation=(
        "move down when p_{k+1} > p_k(1−d)^n, n years in tier k; V = Σ_j 8760·u·(p_j − m)⁺/(1+r)^j, p_j at the end "
        "of year j; fleet value Σ w·V"
    ),
    compute=_cascade,
    headline="fleet_value",
    notes=_cascade_notes,
    charts=_cascade_charts,
    examples=(
        "按1/3训练、1/3次先进、1/3推理,芯片用6年值多少?",
        "What is a chip worth if it cascades from training to inference over 6 years?",
    ),
    source="V:H100; thirds from the debate",
)
