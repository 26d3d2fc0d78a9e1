"""A changed useful life: the charge before and after, and what it does to earnings.

A change of useful life is a change of estimate (ASC 250-10-45-17): prospective, nothing is restated; the book value on
the day of the change is spread over what remains of the new life. It moves profit between years, never cash: US tax
lives are statutory (IRC §168), so the tax bill stays where it was.

Straight line only. Sign: `delta_dep` of `useful_life_change` is new minus old charge, negative when a life is extended;
`earnings_effect` takes the positive saving.

    >>> useful_life_change(100.0, 4.0, 6.0, 2.0)["delta_dep"]
    -12.5
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
    Series,
    quantity,
)
from assistant.calculators.fleet import LIVES_DISCLOSED
from assistant.calculators.said import FIVE_OR_SEVEN, FOUR_FIVE_TO_SIX, FOUR_TO_SIX_AND_A_HALF
from assistant.calculators.wording import money, number
from assistant.errors import CalculatorInputError


def useful_life_change(cost: Any, old_life: Any, new_life: Any, age: Any, salvage: Any = 0.0) -> dict[str, Any]:
    """Straight-line charge before and after a change of life, for one vintage.

    NBV = C − (C−S)·a/L0; old = (C−S)/L0; new = (NBV−S)/(L1−a). Source: ASC 250-10-45-17; ASC 360-10-35-4.

    Args:
        cost: original cost C, USD bn (any money unit; the outputs share it). Arrays broadcast.
        old_life: L0, years.
        new_life: L1, years, counted from the day the asset entered service.
        age: a, years in service on the day of the change.
        salvage: S, in the unit of cost.

    Returns:
        nbv, old_dep, new_dep (per year), delta_dep = new_dep − old_dep.

    Raises:
        CalculatorInputError: S > C; an asset already fully depreciated (a ≥ L0); L1 ≤ a with book value left, which is
            expensed at once and has no new annual charge.

    >>> useful_life_change(100.0, 4.0, 6.0, 2.0)
    {'nbv': 50.0, 'old_dep': 25.0, 'new_dep': 12.5, 'delta_dep': -12.5}
    """
    if np.any(np.asarray(salvage) > cost):
        raise CalculatorInputError("salvage", f"0 to the cost ({cost})", str(salvage), allowed_zh=f"0 到原值({cost})")
    if np.any(np.asarray(age) >= old_life):
        raise CalculatorInputError(
            "age",
            f"< {old_life} years: at that age the asset is fully depreciated, sits in gross cost only, and a new "
            "life has no effect",
            f"{age} years",
            allowed_zh=f"< {old_life} 年:到这个年龄资产已提足折旧,只留在原值里,改年限不再有影响",
        )
    nbv = cost - (cost - salvage) * age / old_life
    if np.any((np.asarray(new_life) <= age) & (nbv > salvage)):
        raise CalculatorInputError(
            "new_life",
            f"> {age} years, the age at the change; with a life already over, the remaining book value is expensed now",
            f"{new_life} years",
            allowed_zh=f"> {age} 年(变更时的年龄);若新年限已过,剩余账面价值应立即费用化",
        )
    old_dep = (cost - salvage) / old_life
    new_dep = (nbv - salvage) / (new_life - age)
    return {"nbv": nbv, "old_dep": old_dep, "new_dep": new_dep, "delta_dep": new_dep - old_dep}


class UsefulLifeChangeInput(CalculatorInput):
    """A batch of assets bought together, and the day its life is changed."""

    cost: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="资产原值", en="asset cost"),
        above=0.0,
    )
    old_life: float = quantity(
        unit="years",
        label=Bilingual(zh="原折旧年限", en="old life"),
        above=0.0,
        at_most=100.0,
        quotes=(FOUR_TO_SIX_AND_A_HALF.figure(4.0), FIVE_OR_SEVEN.figure(5.0), FOUR_FIVE_TO_SIX.figure(4.5)),
    )
    new_life: float = quantity(
        unit="years",
        label=Bilingual(zh="新折旧年限", en="new life"),
        above=0.0,
        at_most=100.0,
        quotes=(FOUR_TO_SIX_AND_A_HALF.figure(6.5), FIVE_OR_SEVEN.figure(7.0), FOUR_FIVE_TO_SIX.figure(6.0)),
    )
    age: float = quantity(
        0.0,
        unit="years",
        label=Bilingual(zh="变更时已使用年数", en="age at the change"),
        source="taken as new; say how many years it has been used",
        at_least=0.0,
    )
    salvage: float = quantity(
        0.0,
        unit="USD bn",
        label=Bilingual(zh="残值", en="salvage value"),
        source="convention: no salvage",
        at_least=0.0,
    )


def _change_notes(inputs: UsefulLifeChangeInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="年限变更属于会计估计变更,未来适用,不追溯重述;总折旧额不变,只是移到以后年度。",
                en="A change of useful life is a change of estimate: prospective, no restatement. Total "
                "depreciation is "
                "unchanged; it moves to later years.",
            ),
            source="ASC 250-10-45-17",
        ),
        Note(
            text=Bilingual(
                zh="现金流不变:美国税法折旧年限是法定的(IRC §168),账面年限影响的是递延税,不是当期现金税。",
                en="Cash does not move: US tax lives are statutory (IRC §168), so the book life shifts deferred "
                "tax, not cash tax.",
            ),
            source="IRC §168",
        ),
    ]
    if max(inputs.old_life, inputs.new_life) > 6.0:
        notes.append(
            FOUR_TO_SIX_AND_A_HALF.note(Bilingual(zh="Rob 说平均已到 6.5 年", en="Rob says the average is 6.5 years"))
        )
        notes.append(LIVES_DISCLOSED)
    return tuple(notes)


def _change_charts(inputs: UsefulLifeChangeInput, outputs: Outputs) -> tuple[Chart, ...]:
    """Book value by age under both lives, in years, at every half-year."""
    end = max(inputs.old_life, inputs.new_life)
    ages = np.unique(np.append(np.arange(0.0, end, 0.5), [inputs.age, end]))
    base = inputs.cost - inputs.salvage
    old = inputs.salvage + base * np.clip(1 - ages / inputs.old_life, 0, 1)
    at_change = inputs.salvage + base * (1 - inputs.age / inputs.old_life)
    left = np.clip((inputs.new_life - ages) / (inputs.new_life - inputs.age), 0, 1)
    new = np.where(ages <= inputs.age, old, inputs.salvage + (at_change - inputs.salvage) * left)
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="变更前后的账面价值", en="Book value before and after the change"),
            x_label=Bilingual(zh="使用年数", en="years in service"),
            x_unit="years",
            x=tuple(ages.tolist()),
            unit="USD bn",
            series=(
                Series(name=Bilingual(zh="原年限", en="old life"), values=tuple(old.tolist())),
                Series(name=Bilingual(zh="新年限", en="new life"), values=tuple(new.tolist())),
            ),
        ),
    )


def _change_summary(inputs: UsefulLifeChangeInput, outputs: Outputs) -> Bilingual:
    delta = number(outputs, "delta_dep")
    old, new, size = (money(value) for value in (number(outputs, "old_dep"), number(outputs, "new_dep"), abs(delta)))
    more = Bilingual(zh="多", en="more") if delta <= 0 else Bilingual(zh="少", en="less")
    return Bilingual(
        zh=f"年折旧由 {old.zh} 变为 {new.zh},税前利润每年{more.zh} {size.zh}。",
        en=f"Annual depreciation goes from {old.en} to {new.en}: {size.en} {more.en} pre-tax profit a year.",
    )


USEFUL_LIFE_CHANGE = Calculator(
    name="useful_life_change",
    title=Bilingual(zh="折旧年限变更", en="Change of useful life"),
    inputs=UsefulLifeChangeInput,
    outputs=(
        Output(
            "nbv",
            "USD bn",
            Bilingual(zh="变更日账面价值", en="book value at the change"),
        ),
        Output(
            "old_dep",
            "USD bn",
            Bilingual(zh="原年折旧", en="old annual depreciation"),
            yearly=True,
        ),
        Output(
            "new_dep",
            "USD bn",
            Bilingual(zh="新年折旧", en="new annual depreciation"),
            yearly=True,
        ),
        Output(
            "delta_dep",
            "USD bn",
            Bilingual(zh="年折旧变化(新−旧)", en="change in annual depreciation (new − old)"),
            even=0.0,
            yearly=True,
        ),
    ),
    equation="NBV = C − (C−S)·a/L0; old = (C−S)/L0; new = (NBV−S)/(L1−a); delta = new − old; effect on operating "
    "income = −delta",
    compute=lambda i: useful_life_change(i.cost, i.old_life, i.new_life, i.age, i.salvage),
    formulas={
        "nbv": "{cost}-({cost}-{salvage})*{age}/{old_life}",
        "old_dep": "({cost}-{salvage})/{old_life}",
        "new_dep": "({nbv}-{salvage})/({new_life}-{age})",
        "delta_dep": "{new_dep}-{old_dep}",
    },
    headline="delta_dep",
    notes=_change_notes,
    charts=_change_charts,
    summary=_change_summary,
    examples=(
        "一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?",
        "A $100bn server fleet moves from a 4-year to a 6-year life after 2 years. How much does depreciation fall?",
    ),
    source="ASC 250-10-45-17 (V:DT)",
)
