"""Unit cost against cumulative volume: Wright's learning curve, forwards (cost) and backwards (rate).

Knows one firm rule: cost falls by the same share with every doubling of cumulative output. Does not know whether a
fall in cost was learning or something else (service deflation, high-grading, cheaper money).

    >>> f"{learning_curve(100.0, 4.0, learning_rate=0.2)['cost1']:.1f}"
    '64.0'
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
from assistant.calculators.wording import number, percent
from assistant.errors import CalculatorInputError

BREAKEVEN_FALL = "这个行业硬是把盈亏平衡点从100美元左右降到了今天的30、40美元。"


def learning_curve(cost0: Any, ratio: Any, learning_rate: Any = None, cost1: Any = None) -> dict[str, Any]:
    """Wright's law, solved for the later cost or for the learning rate.

    c1 = c0·ratio^{log2(1−LR)}; LR = 1 − 2^{ln(c1/c0)/ln(ratio)}. Source: Wright 1936; Nagy et al. 2013.

    Args:
        cost0: unit cost at the start, any unit. Arrays broadcast.
        ratio: cumulative output at the end over that at the start.
        learning_rate: cost fall per doubling, decimal; give this or `cost1`.
        cost1: unit cost at the end, in the unit of `cost0`; give this or `learning_rate`.

    Returns:
        cost1 and learning_rate, one given and one solved.

    Raises:
        CalculatorInputError: both or neither of learning_rate and cost1; a cost or ratio ≤ 0; ratio 1 when the rate
        is wanted.

    >>> f"{learning_curve(80.0, 3.0, cost1=35.0)['learning_rate']:.3f}"
    '0.406'
    """
    for field, value in (("cost0", cost0), ("ratio", ratio), ("cost1", 1.0 if cost1 is None else cost1)):
        if np.any(np.asarray(value) <= 0):
            raise CalculatorInputError(field, "> 0", str(value))
    if (learning_rate is None) == (cost1 is None):
        raise CalculatorInputError(
            "learning_rate",
            "exactly one of learning_rate and cost1",
            "neither" if cost1 is None else f"learning_rate {learning_rate} and cost1 {cost1}",
            allowed_zh="学习率与期末成本二者给且只给一个",
        )
    if cost1 is None:
        if np.any(np.asarray(learning_rate) >= 1):
            raise CalculatorInputError("learning_rate", "< 1", str(learning_rate))
        solved = cost0 * ratio ** np.log2(1.0 - learning_rate)
        return {"cost1": solved if np.ndim(solved) else float(solved), "learning_rate": learning_rate}
    if np.any(np.asarray(ratio) == 1):
        raise CalculatorInputError(
            "ratio",
            "other than 1: without growth no learning rate can be read off",
            str(ratio),
            allowed_zh="不等于 1:产量没有增长就无法反推学习率",
        )
    rate = 1.0 - 2.0 ** (np.log(cost1 / cost0) / np.log(ratio))
    return {"cost1": cost1, "learning_rate": rate if np.ndim(rate) else float(rate)}


class LearningCurveInput(CalculatorInput):
    """Start, growth of cumulative output, and either the rate or the end."""

    cost0: float = quantity(
        unit="USD",
        label=Bilingual(zh="起始单位成本", en="unit cost at the start"),
        above=0.0,
        quotes=(QuotedFigure(quote=BREAKEVEN_FALL, speaker="Bruce Liu", value=100.0),),
    )
    ratio: float = quantity(
        unit="multiple",
        label=Bilingual(zh="累计产量倍数", en="ratio of cumulative output"),
        above=0.0,
    )
    learning_rate: float | None = quantity(
        None,
        unit="fraction",
        label=Bilingual(zh="学习率(每翻一番的成本降幅)", en="learning rate (fall per doubling)"),
        at_least=0.0,
        below=1.0,
    )
    cost1: float | None = quantity(
        None,
        unit="USD",
        label=Bilingual(zh="期末单位成本", en="unit cost at the end"),
        above=0.0,
        quotes=(
            QuotedFigure(
                quote=BREAKEVEN_FALL,
                speaker="Bruce Liu",
                value=35.0,
                about=Bilingual(zh="“30、40美元”的中点", en="midpoint of his 30 to 40 dollars"),
            ),
        ),
    )


def _notes(inputs: LearningCurveInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            kind="filing",
            text=Bilingual(
                zh="参照:水力压裂学习率约 13%,巴肯钻井时间约 5%,页岩周期模型拟合值 19%。",
                en="For comparison: hydraulic fracturing about 13%, Bakken drilling time about 5%, the fitted shale "
                "model 19%.",
            ),
            source="V:FUK, V:RED",
        ),
        Note(
            text=Bilingual(
                zh="成本下降不全是学习:2014–16 年页岩盈亏平衡点的下降也来自油服降价和只打好井。",
                en="Not every fall in cost is learning: service deflation and high-grading also cut shale's "
                "break-even in 2014–16.",
            ),
            source="V:RYS",
        ),
    ]
    if number(outputs, "learning_rate") > 0.3:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="学习率高于 30%,高于绝大多数有记录的技术;多半混入了其他因素。",
                    en="A learning rate above 30% exceeds nearly every documented technology; other causes are "
                    "probably mixed in.",
                ),
                source="V:NAG",
            )
        )
    return tuple(notes)


def _charts(inputs: LearningCurveInput, outputs: Outputs) -> tuple[Chart, ...]:
    grid = np.geomspace(1.0, inputs.ratio, 25) if inputs.ratio != 1.0 else np.array([1.0])
    costs = inputs.cost0 * grid ** np.log2(1.0 - min(number(outputs, "learning_rate"), 0.999999))
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="学习曲线", en="Learning curve"),
            x_label=Bilingual(zh="累计产量(起点=1)", en="cumulative output (start = 1)"),
            x_unit="multiple",
            x=tuple(grid.tolist()),
            unit="USD",
            series=(Series(name=Bilingual(zh="单位成本", en="unit cost"), values=tuple(costs.tolist())),),
        ),
    )


def _summary(inputs: LearningCurveInput, outputs: Outputs) -> Bilingual:
    rate, cost1 = percent(number(outputs, "learning_rate")), number(outputs, "cost1")
    return Bilingual(
        zh=f"累计产量变为 {inputs.ratio:g} 倍、学习率 {rate} 时,单位成本由 {inputs.cost0:g} 变为 {cost1:.4g} 美元。",
        en=f"With {inputs.ratio:g}× cumulative output and a learning rate of {rate}, unit cost goes from "
        f"${inputs.cost0:g} to ${cost1:.4g}.",
    )


LEARNING_CURVE = Calculator(
    name="learning_curve",
    title=Bilingual(zh="学习曲线(莱特定律)", en="Learning curve (Wright's law)"),
    inputs=LearningCurveInput,
    outputs=(
        Output(
            "cost1",
            "USD",
            Bilingual(zh="期末单位成本", en="unit cost at the end"),
        ),
        Output(
            "learning_rate",
            "fraction",
            Bilingual(zh="学习率", en="learning rate"),
        ),
    ),
    equation="c1 = c0·ratio^{log2(1−LR)}; LR = 1 − 2^{ln(c1/c0)/ln(ratio)}",
    compute=lambda i: learning_curve(i.cost0, i.ratio, i.learning_rate, i.cost1),
    formulas={
        "cost1": 'IF({cost1}="",{cost0}*{ratio}^LOG(1-{learning_rate},2),{cost1})',
        "learning_rate": 'IF({learning_rate}="",1-2^(LN({cost1}/{cost0})/LN({ratio})),{learning_rate})',
    },
    headline="cost1",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "学习率20%,累计产量翻三番,单位成本从100美元降到多少?",
        "If break-even fell from $100 to $35 while cumulative output grew eightfold, what is the learning rate?",
    ),
    source="V:NAG, Wright 1936",
)
