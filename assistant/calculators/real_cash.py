"""What cash will buy later: nominal interest after tax against inflation.

A comparison of purchasing power, no advice. "炮灰" (cannon fodder), as the debate calls cash, holds only while
interest after tax stays below inflation.

    >>> [f"{real_cash(100.0, rate, 0.03, 10.0)['real_value']:.1f}" for rate in (0.0, 0.04)]
    ['74.4', '110.1']
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
from assistant.calculators.wording import number, percent
from assistant.errors import CalculatorInputError

CANNON_FODDER = "如果钱以现金的形式去存在,最后就是真正的“炮灰”。"


def real_cash(amount: Any, nominal_rate: Any, inflation: Any, years: Any, tax: Any = 0.0) -> dict[str, Any]:
    """Purchasing power of an amount held as cash.

    real_value = A((1+i(1−τ))/(1+π))^n; real_change_pct = 100·(real_value/A − 1).

    Args:
        amount: A, any money unit > 0; the result shares it. Arrays broadcast.
        nominal_rate: i a year, decimal > −1.
        inflation: π a year, decimal > −1.
        years: n ≥ 0.
        tax: τ on interest, decimal in [0, 1).

    Returns:
        real_value in today's money, real_change_pct in per cent.

    Raises:
        CalculatorInputError: an input out of range.
    """
    checks = (
        ("amount", amount, np.asarray(amount) > 0, "> 0"),
        ("nominal_rate", nominal_rate, np.asarray(nominal_rate) > -1, "> −1 (−100 %)"),
        ("inflation", inflation, np.asarray(inflation) > -1, "> −1 (−100 %)"),
        ("years", years, np.asarray(years) >= 0, "≥ 0 years"),
        ("tax", tax, (np.asarray(tax) >= 0) & (np.asarray(tax) < 1), "≥ 0 and < 1"),
    )
    for field, value, admitted, allowed in checks:
        if not np.all(admitted):
            raise CalculatorInputError(field, allowed, str(value))
    with np.errstate(over="ignore"):  # an infinite result is refused with a sentence, not with a traceback
        factor = np.power((1.0 + nominal_rate * (1.0 - tax)) / (1.0 + inflation), np.asarray(years, dtype=float))
    factor = factor if factor.ndim else float(factor)
    return {"real_value": amount * factor, "real_change_pct": 100.0 * (factor - 1.0)}


class RealCashInput(CalculatorInput):
    """An amount of cash, what it earns, and what prices do."""

    amount: float = quantity(
        100.0,
        unit="USD",
        label=Bilingual(zh="现金金额", en="amount of cash"),
        source="index: 100 today",
        above=0.0,
    )
    nominal_rate: float = quantity(
        0.0,
        unit="fraction",
        label=Bilingual(zh="名义利率", en="nominal interest rate"),
        source="idle cash: no interest",
        above=-1.0,
        at_most=10.0,
    )
    inflation: float = quantity(
        0.03,
        unit="fraction",
        label=Bilingual(zh="通胀率", en="inflation"),
        source="V:CPI",
        above=-1.0,
        at_most=100.0,
    )
    years: float = quantity(
        unit="years",
        label=Bilingual(zh="年数", en="years"),
        at_least=0.0,
        at_most=200.0,
    )
    tax: float = quantity(
        0.0,
        unit="fraction",
        label=Bilingual(zh="利息税率", en="tax on interest"),
        source="convention: no tax",
        at_least=0.0,
        below=1.0,
    )


def _notes(inputs: RealCashInput, outputs: Outputs) -> tuple[Note, ...]:
    after_tax = inputs.nominal_rate * (1.0 - inputs.tax)
    relation = "<" if after_tax < inputs.inflation else "≥"
    verdict_zh = "成立" if after_tax < inputs.inflation else "不成立"
    verdict_en = "holds" if after_tax < inputs.inflation else "does not hold"
    return (
        Note(
            kind="transcript",
            text=Bilingual(
                zh=f"“炮灰”只在税后利率低于通胀时成立;此处 {percent(after_tax)} {relation} "
                f"{percent(inputs.inflation)},{verdict_zh}。",
                en=f"Cash as cannon fodder holds only while interest after tax is below inflation; here "
                f"{percent(after_tax)} "
                f"{relation} {percent(inputs.inflation)}: it {verdict_en}.",
            ),
            speaker="Bruce Liu",
            quote=CANNON_FODDER,
        ),
        Note(
            text=Bilingual(
                zh="这是购买力比较,不是投资建议。",
                en="A comparison of purchasing power, not advice.",
            )
        ),
    )


def _charts(inputs: RealCashInput, outputs: Outputs) -> tuple[Chart, ...]:
    grid = np.linspace(0.0, inputs.years, min(max(int(np.ceil(inputs.years)), 1), 60) + 1)
    path = real_cash(inputs.amount, inputs.nominal_rate, inputs.inflation, grid, inputs.tax)["real_value"]
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="现金的购买力", en="Purchasing power of cash"),
            x_label=Bilingual(zh="年数", en="years"),
            x_unit="years",
            x=tuple(grid.tolist()),
            unit="USD",
            series=(Series(name=Bilingual(zh="按今天的价格", en="in today's money"), values=tuple(path.tolist())),),
        ),
    )


REAL_CASH = Calculator(
    name="real_cash",
    title=Bilingual(zh="现金的实际购买力", en="Real value of cash"),
    inputs=RealCashInput,
    outputs=(
        Output(
            "real_value",
            "USD",
            Bilingual(zh="实际价值(今天的价格)", en="real value in today's money"),
        ),
        Output(
            "real_change_pct",
            "%",
            Bilingual(zh="购买力变化", en="change of purchasing power"),
        ),
    ),
    equation="real_value = A((1+i(1−τ))/(1+π))^n",
    compute=lambda i: real_cash(i.amount, i.nominal_rate, i.inflation, i.years, i.tax),
    formulas={
        "real_value": "{amount}*((1+{nominal_rate}*(1-{tax}))/(1+{inflation}))^{years}",
        "real_change_pct": "100*({real_value}/{amount}-1)",
    },
    headline="real_value",
    notes=_notes,
    charts=_charts,
    summary=lambda i, o: Bilingual(
        zh=f"{i.amount:,.6g} 美元现金,{i.years:g} 年后的购买力相当于今天的 {number(o, 'real_value'):,.6g} 美元"
        f"({number(o, 'real_change_pct'):+.1f}%)。",
        en=f"${i.amount:,.6g} of cash buys what ${number(o, 'real_value'):,.6g} buys today after {i.years:g} years "
        f"({number(o, 'real_change_pct'):+.1f}%).",
    ),
    examples=(
        "100块现金放10年,通胀3%,没有利息,还值多少?",
        "What is $100 in cash worth after 10 years at 4% interest and 3% inflation?",
    ),
    source="Fisher relation, V:CPI",
)
