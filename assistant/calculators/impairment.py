"""Impairment of long-lived assets held and used, under US GAAP (ASC 360) and beside it under IFRS (IAS 36).

US GAAP tests recoverability on undiscounted cash flows first, then writes down to fair value. IFRS has no first step:
the carrying amount goes down to the recoverable amount, and may come back.

>>> impairment_test(100.0, 90.0, 70.0)
{'impaired': True, 'loss': 30.0}
"""

from __future__ import annotations

from typing import Any

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
from assistant.calculators.wording import money, number


def impairment_test(carrying: float, undiscounted: float, fair_value: float) -> dict[str, Any]:
    """Impaired only if the undiscounted cash flows fall short of the carrying amount; the loss goes down to fair value.

    Source: ASC 360-10-35-17. A fair value below the carrying amount alone is no impairment.

    Args:
        carrying: book value, USD bn.
        undiscounted: future cash flows of the asset group, not discounted, USD bn.
        fair_value: USD bn.

    Returns:
        impaired, and loss (USD bn; 0 when recoverable; never negative).

    >>> impairment_test(100.0, 110.0, 70.0)
    {'impaired': False, 'loss': 0.0}
    """
    impaired = undiscounted < carrying
    return {"impaired": impaired, "loss": max(0.0, carrying - fair_value) if impaired else 0.0}


def ifrs_loss(
    carrying: float, value_in_use: float | None, fair_value: float, costs_to_sell: float = 0.0
) -> float | None:
    """Loss under IAS 36: carrying amount over the higher of value in use and fair value less costs of disposal.

    Source: IAS 36.18, .59. All in USD bn.

    Args:
        carrying: book value.
        value_in_use: present value of the cash flows expected from the asset; None if not known.
        fair_value: as for US GAAP.
        costs_to_sell: of disposal.

    Returns:
        The loss, 0 where the recoverable amount covers the books; None where it hangs on a value in use not given.

    >>> ifrs_loss(100.0, 80.0, 70.0, 2.0), ifrs_loss(100.0, None, 110.0), ifrs_loss(100.0, None, 70.0)
    (20.0, 0.0, None)
    """
    net = fair_value - costs_to_sell
    if value_in_use is None:
        return 0.0 if net >= carrying else None
    return max(0.0, carrying - max(value_in_use, net))


class ImpairmentInput(CalculatorInput):
    """An asset group on the day of the test."""

    carrying: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="账面价值", en="carrying amount"),
        above=0.0,
    )
    undiscounted: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="未折现现金流", en="undiscounted cash flows"),
    )
    fair_value: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="公允价值", en="fair value"),
        at_least=0.0,
    )
    value_in_use: float | None = quantity(
        None,
        unit="USD bn",
        label=Bilingual(zh="使用价值(折现后的现金流)", en="value in use (cash flows discounted)"),
        at_least=0.0,
    )
    costs_to_sell: float = quantity(
        0.0,
        unit="USD bn",
        label=Bilingual(zh="处置费用", en="costs of disposal"),
        source="convention: none unless given",
        at_least=0.0,
    )


def _compute(i: ImpairmentInput) -> Outputs:
    loss = ifrs_loss(i.carrying, i.value_in_use, i.fair_value, i.costs_to_sell)
    return {**impairment_test(i.carrying, i.undiscounted, i.fair_value), "ifrs_loss": loss}


def _notes(inputs: ImpairmentInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="先看未折现现金流能否收回账面价值;减值后以公允价值为新基础,以后不得转回(美国准则)。",
                en="Recoverability first, on undiscounted cash flows; after a loss fair value is the new basis "
                "and there is no "
                "reversal (US GAAP).",
            ),
            source="ASC 360-10-35-17, -20",
        )
    ]
    if outputs["ifrs_loss"] is None:
        text = Bilingual(
            zh="国际准则(IAS 36)的损失还需要使用价值(折现后的现金流):"
            "可收回金额取使用价值与公允价值减处置费用的较高者。",
            en="The loss under IFRS (IAS 36) also needs the value in use, the cash flows discounted: the recoverable "
            "amount is the higher of it and fair value less costs of disposal.",
        )
        notes.append(Note(text=text, source="IAS 36.18"))
    elif outputs["ifrs_loss"] != outputs["loss"]:
        text = Bilingual(
            zh="两套准则结论不同:IAS 36 没有未折现现金流这一步,且以后可以转回。",
            en="The two standards differ here: IAS 36 has no step on undiscounted cash flows, and its loss may be "
            "reversed.",
        )
        notes.append(Note(text=text, source="IAS 36.59, .114"))
    if not outputs["impaired"] and inputs.fair_value < inputs.carrying:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="公允价值低于账面,但未折现现金流足够,因此不计减值:账面可能高于市价很久。",
                    en="Fair value is below the books, yet the undiscounted cash flows suffice: no loss, and the "
                    "books may stay "
                    "above the market for long.",
                ),
            )
        )
    return tuple(notes)


def _charts(inputs: ImpairmentInput, outputs: Outputs) -> tuple[Chart, ...]:
    return (
        Chart(
            kind="bar",
            title=Bilingual(zh="减值测试", en="Impairment test"),
            x_label=Bilingual(zh="项目", en="item"),
            x=("carrying / 账面", "undiscounted / 未折现现金流", "fair value / 公允价值"),
            unit="USD bn",
            series=(
                Series(
                    name=Bilingual(zh="金额", en="amount"),
                    values=(inputs.carrying, inputs.undiscounted, inputs.fair_value),
                ),
            ),
        ),
    )


def _summary(inputs: ImpairmentInput, outputs: Outputs) -> Bilingual:
    if outputs["impaired"]:
        loss = money(number(outputs, "loss"))
        zh, en = f"已减值,损失 {loss.zh}", f"Impaired: the loss is {loss.en}"
    else:
        zh = "不减值:未折现现金流不低于账面价值"
        en = "Not impaired: the undiscounted cash flows cover the carrying amount"
    if inputs.value_in_use is not None:
        ifrs = money(number(outputs, "ifrs_loss"))
        zh, en = f"{zh}(美国准则);按 IAS 36 损失 {ifrs.zh}", f"{en} (US GAAP); under IAS 36 the loss is {ifrs.en}"
    return Bilingual(zh=f"{zh}。", en=f"{en}.")


IMPAIRMENT_TEST = Calculator(
    name="impairment_test",
    title=Bilingual(zh="减值测试", en="Impairment test"),
    inputs=ImpairmentInput,
    outputs=(
        Output(
            "impaired",
            "",
            Bilingual(zh="是否减值", en="impaired"),
        ),
        Output("loss", "USD bn", Bilingual(zh="减值损失", en="impairment loss")),
        Output("ifrs_loss", "USD bn", Bilingual(zh="国际准则(IAS 36)减值损失", en="impairment loss, IFRS (IAS 36)")),
    ),
    equation="US GAAP: impaired if undiscounted < carrying; loss = carrying − fair value; new basis, no reversal. "
    "IAS 36: loss = (carrying − max(value in use, fair value − costs of disposal))⁺",
    compute=_compute,
    formulas={
        "impaired": "{undiscounted}<{carrying}",
        "loss": "IF({impaired},MAX(0,{carrying}-{fair_value}),0)",
        "ifrs_loss": 'IF({value_in_use}="",IF({fair_value}-{costs_to_sell}>={carrying},0,""),'
        "MAX(0,{carrying}-MAX({value_in_use},{fair_value}-{costs_to_sell})))",
    },
    headline="loss",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "账面1000亿,未折现现金流900亿,公允价值700亿,要减值多少?",
        "Carrying 100bn, undiscounted cash flows 90bn, fair value 70bn: what is the impairment?",
        "Under IFRS: carrying 100bn, undiscounted 110bn, fair value 70bn, value in use 85bn, what is the loss?",
    ),
    source="ASC 360-10-35-17; IAS 36.18, .59",
)
