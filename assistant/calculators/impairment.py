"""Impairment of long-lived assets held and used (ASC 360): a recoverability test, then a loss to fair value.

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
    Cues,
    Note,
    Output,
    Outputs,
    Series,
    phrases,
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


class ImpairmentInput(CalculatorInput):
    """An asset group on the day of the test."""

    carrying: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="账面价值", en="carrying amount"),
        above=0.0,
        cues=Cues(
            zh=phrases("账面价值, 账面, 净值, 账面净值, 账上, 账面值"),
            en=phrases(
                "carrying, book value, carried at, on the books, carry, book, carrying amount, on our books, carries"
            ),
        ),
    )
    undiscounted: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="未折现现金流", en="undiscounted cash flows"),
        cues=Cues(
            zh=phrases("未折现, 现金流, 未来现金, 不折现, 未贴现, 未来能收回, 可收回"),
            en=phrases(
                "undiscounted, cash flow, cash flows, throw off, future cash flows, undiscounted flows, "
                "expected cash, flows"
            ),
        ),
    )
    fair_value: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="公允价值", en="fair value"),
        at_least=0.0,
        cues=Cues(
            zh=phrases("公允, 市价, 市场价值, 公允价值, 卖掉, 可变现"),
            en=phrases("fair value, market value, worth, fair, fetch, sell for, market price"),
        ),
    )


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
    if not outputs["impaired"]:
        return Bilingual(
            zh="不减值:未折现现金流不低于账面价值。",
            en="Not impaired: the undiscounted cash flows cover the carrying amount.",
        )
    loss = money(number(outputs, "loss"))
    return Bilingual(zh=f"已减值,损失 {loss.zh}。", en=f"Impaired: the loss is {loss.en}.")


IMPAIRMENT_TEST = Calculator(
    name="impairment_test",
    title=Bilingual(zh="减值测试", en="Impairment test"),
    inputs=ImpairmentInput,
    outputs=(
        Output(
            "impaired",
            "",
            Bilingual(zh="是否减值", en="impaired"),
            cues=Cues(
                zh=(
                    "要不要减",
                    "是否减值",
                    "用减",
                ),
                en=(
                    "is it impaired",
                    "impaired?",
                ),
            ),
        ),
        Output(
            "loss",
            "USD bn",
            Bilingual(zh="减值损失", en="impairment loss"),
            cues=Cues(
                zh=(
                    "减值多少",
                    "减多少",
                    "损失",
                ),
                en=(
                    "loss",
                    "write-down",
                    "writedown",
                    "how much",
                ),
            ),
        ),
    ),
    equation="impaired if undiscounted < carrying; loss = carrying − fair value; new basis, no reversal",
    compute=lambda i: impairment_test(i.carrying, i.undiscounted, i.fair_value),
    formulas={
        "impaired": "{undiscounted}<{carrying}",
        "loss": "IF({impaired},MAX(0,{carrying}-{fair_value}),0)",
    },
    headline="loss",
    cues=Cues(zh=("减值", "计提损失"), en=("impair", "write-down", "write down", "writedown")),
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "账面1000亿,未折现现金流900亿,公允价值700亿,要减值多少?",
        "Carrying 100bn, undiscounted cash flows 90bn, fair value 70bn: what is the impairment?",
    ),
    source="ASC 360-10-35-17",
)
