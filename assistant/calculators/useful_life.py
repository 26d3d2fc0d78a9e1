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
    Cues,
    Note,
    Output,
    Outputs,
    Series,
    phrases,
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
        cues=Cues(
            zh=phrases(
                "原值, 成本, 买了, 花了, 价值, 一批, 机器, 服务器, 设备, 投入, 资产, 集群, 机房, 芯片, 显卡, 采购, 规模"
            ),
            en=phrases(
                "cost, worth, bought, spent, batch, fleet, servers, machines, capex, asset, cluster, "
                "gear, kit, equipment, hardware, gpus, accelerators, chips"
            ),
        ),
    )
    old_life: float = quantity(
        unit="years",
        label=Bilingual(zh="原折旧年限", en="old life"),
        above=0.0,
        at_most=100.0,
        cues=Cues(
            zh=phrases("原来, 本来, 原先, 原定, 之前, 按, 从, 原年限, 旧年限, 年折, 折旧期, 现行, 现在按, 目前按, 由"),
            en=phrases(
                "from, originally, was, old life, initially, depreciated over, instead of, on a, "
                "schedule of, depreciated, book life of, existing life, scheduled"
            ),
        ),
        quotes=(FOUR_TO_SIX_AND_A_HALF.figure(4.0), FIVE_OR_SEVEN.figure(5.0), FOUR_FIVE_TO_SIX.figure(4.5)),
    )
    new_life: float = quantity(
        unit="years",
        label=Bilingual(zh="新折旧年限", en="new life"),
        above=0.0,
        at_most=100.0,
        cues=Cues(
            zh=phrases(
                "改成, 改为, 延长到, 延长至, 拉长到, 缩短到, 变成, 调到, 新年限, 到, 改按, 改, 改用, "
                "换成, 调成, 调整为, 调整到, 拉到, 拉长, 延到, 延至, 缩到, 缩至, 缩短成, 改回, 降到, "
                "提高到, 变为"
            ),
            en=phrases(
                "to, changed to, extended to, cut to, shortened to, new life, becomes, into, stretch to, "
                "stretched to, lengthen to, lengthened to, moved to, moves to, revised to, reset to, "
                "now, instead, pull it in to, pulled in to, shorten to, switch to, goes to, go to, "
                "extend to, change to"
            ),
        ),
        quotes=(FOUR_TO_SIX_AND_A_HALF.figure(6.5), FIVE_OR_SEVEN.figure(7.0), FOUR_FIVE_TO_SIX.figure(6.0)),
    )
    age: float = quantity(
        0.0,
        unit="years",
        label=Bilingual(zh="变更时已使用年数", en="age at the change"),
        source="taken as new; say how many years it has been used",
        at_least=0.0,
        cues=Cues(
            zh=phrases(
                "年初, 第, 用了, 已用, 使用了, 年后, 年龄, 满, 已经用了, 已使用, 用过, 用满, 已运行, "
                "运行了, 服役, 投产, 已提, 折了, 第几年"
            ),
            en=phrases(
                "age, after, years old, in service, at the start of year, already used, old, aged, "
                "in use, into its life, into service, have run, running for, has run, already, "
                "once they are, in when, years in, year in"
            ),
        ),
    )
    salvage: float = quantity(
        0.0,
        unit="USD bn",
        label=Bilingual(zh="残值", en="salvage value"),
        source="convention: no salvage",
        at_least=0.0,
        cues=Cues(zh=("残值", "剩余价值"), en=("salvage", "residual", "scrap")),
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
            cues=Cues(
                zh=(
                    "账面净值",
                    "账面价值",
                    "净值",
                ),
                en=(
                    "nbv",
                    "book value",
                    "carrying",
                ),
            ),
        ),
        Output(
            "old_dep",
            "USD bn",
            Bilingual(zh="原年折旧", en="old annual depreciation"),
            cues=Cues(
                zh=(
                    "原折旧",
                    "改之前",
                ),
                en=(
                    "before the change",
                    "old charge",
                ),
            ),
            yearly=True,
        ),
        Output(
            "new_dep",
            "USD bn",
            Bilingual(zh="新年折旧", en="new annual depreciation"),
            cues=Cues(
                zh=phrases("新折旧, 新的年折旧, 此后每年, 以后每年, 之后每年, 改后每年, 每年提"),
                en=(
                    "new depreciation",
                    "new annual",
                    "new yearly",
                    "new charge",
                    "going forward",
                ),
            ),
            yearly=True,
        ),
        Output(
            "delta_dep",
            "USD bn",
            Bilingual(zh="年折旧变化(新−旧)", en="change in annual depreciation (new − old)"),
            cues=Cues(
                zh=phrases("少提, 多提, 多出, 少多少, 多多少, 变化, 影响, 差多少"),
                en=phrases(
                    "change, fall, rise, save, saving, delta, effect, impact, hit, less depreciation, more depreciation"
                ),
            ),
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
    cues=Cues(
        zh=phrases(
            "折旧 & 改成, 折旧 & 改为, 折旧 & 延长, 折旧 & 缩短, 年限 & 改, 年限 & 延长, 寿命 & 改, "
            "寿命 & 延长, 折旧 & 缩到, 折旧 & 调成, 折旧 & 调整, 折旧 & 拉长, 折旧 & 年改, "
            "旧年限 & 新年限, 原年限 & 新年限, 折旧期 & 由, 年折 & 改, 年限 & 缩, 年限 & 拉长, "
            "年限 & 调, 折旧 & 改按, 使用寿命 & 到, 折旧 & 换成"
        ),
        en=phrases(
            "depreciat & extend, depreciat & chang, useful life & chang, life & extend, "
            "life & from & to, life & cut, useful life, useful lives, depreciat & stretch, "
            "depreciat & lengthen, depreciat & shorten, life & stretch, life & lengthen, "
            "life & shorten, d&a & schedule, depreciat & instead of, life & moves, "
            "depreciat & schedule & old, life & to & depreciat, depreciat & moved"
        ),
    ),
    notes=_change_notes,
    charts=_change_charts,
    summary=_change_summary,
    examples=(
        "一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?",
        "A $100bn server fleet moves from a 4-year to a 6-year life after 2 years. How much does depreciation fall?",
    ),
    source="ASC 250-10-45-17 (V:DT)",
)
