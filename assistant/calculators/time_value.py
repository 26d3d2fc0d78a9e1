"""Money over time: compounding, loans, and the value of a row of payments, by numpy-financial.

Rates are decimals a year; amounts stand in the input ``unit``. Payments come at the end of each period.
Source: the formulas of numpy-financial, after Wheeler, D. A., E. Rathke and R. Weir (2009), OpenFormula.

    >>> from assistant.calculators.trace import run
    >>> round(run("cash_flows", {"outlay": 10.0, "yearly": 2.0, "years": 8, "rate": 0.09}).value("npv"), 3)
    1.07
"""

from __future__ import annotations

import math
from typing import Any

import numpy_financial as npf

from assistant.calculators.arithmetic import AS_GIVEN, amount, unit_input
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Output, Outputs, quantity


class Compound(CalculatorInput):
    """What grows, how fast, how long."""

    start: float = quantity(1.0, unit="@unit", label=Bilingual(zh="起点", en="start"), source="one", above=0.0)
    rate: float = quantity(unit="fraction", label=Bilingual(zh="年增长率", en="yearly rate"), above=-1.0, at_most=100.0)
    periods: float = quantity(unit="years", label=Bilingual(zh="年数", en="years"), at_least=0.0, at_most=1000.0)
    unit: str = unit_input()


class Loan(CalculatorInput):
    """A sum repaid in level payments."""

    principal: float = amount("本金", "principal", above=0.0)
    rate: float = quantity(unit="fraction", label=Bilingual(zh="年利率", en="yearly rate"), at_least=0.0, at_most=10.0)
    periods: float = quantity(unit="years", label=Bilingual(zh="年数", en="years"), above=0.0, at_most=200.0)
    frequency: int = quantity(
        1,
        unit="",
        label=Bilingual(zh="每年还款次数", en="payments a year"),
        source="yearly payments",
        at_least=1,
        at_most=365,
        option_cues={
            "12": ("monthly", "a month", "per month", "每月", "月供", "按月", "每個月", "每个月"),
            "4": ("quarterly", "a quarter", "per quarter", "每季", "按季"),
        },
    )
    unit: str = unit_input()


class CashFlows(CalculatorInput):
    """An outlay today and what it brings in."""

    outlay: float = quantity(
        0.0, unit="@unit", label=Bilingual(zh="今天投入", en="outlay today"), source="none", at_least=0.0
    )
    yearly: float = amount("每年现金流", "cash flow a year")
    years: int = quantity(unit="years", label=Bilingual(zh="年数", en="years"), at_least=1, at_most=500)
    rate: float | None = quantity(
        None, unit="fraction", label=Bilingual(zh="折现率", en="discount rate"), above=-1.0, at_most=10.0
    )
    residual: float = quantity(0.0, unit="@unit", label=Bilingual(zh="期末残值", en="value at the end"), source="none")
    unit: str = quantity("number", unit="", label=Bilingual(zh="单位", en="unit"), source=AS_GIVEN)


def _compound(i: Compound) -> Outputs:
    factor = math.exp(i.periods * math.log1p(i.rate))
    return {"end": i.start * factor, "factor": factor, "gain": i.start * (factor - 1)}


def _loan(i: Loan) -> Outputs:
    count = i.periods * i.frequency
    payment = -float(npf.pmt(i.rate / i.frequency, count, i.principal))
    return {"payment": payment, "paid": payment * count, "interest": payment * count - i.principal}


def _flows(i: CashFlows) -> list[float]:
    return [-i.outlay, *[i.yearly] * (i.years - 1), i.yearly + i.residual]


def _cash_flows(i: CashFlows) -> Outputs:
    """npv and pv need a rate; irr and payback an outlay; what cannot be had is None."""
    flows, npv, worth, irr = _flows(i), None, None, None
    if i.rate is not None:
        npv = float(npf.npv(i.rate, flows))
        worth = npv + i.outlay
    if i.outlay > 0:
        found = float(npf.irr(flows))
        irr = found if math.isfinite(found) else None
    payback = i.outlay / i.yearly if i.outlay > 0 and i.yearly > 0 and i.outlay <= i.yearly * i.years else None
    return {"npv": npv, "pv": worth, "irr": irr, "payback": payback}


def _output(name: str, unit: str, zh: str, en: str) -> Output:
    return Output(name, unit, Bilingual(zh=zh, en=en))


COMPOUND: Calculator[Any] = Calculator(
    "compound",
    Bilingual(zh="复利增长", en="Growth over years"),
    Compound,
    (
        _output("end", "@unit", "终值", "end"),
        _output("factor", "multiple", "倍数", "times"),
        _output("gain", "@unit", "增加额", "gain"),
    ),
    "end = start·(1 + rate)^years",
    _compound,
    headline="end",
    plain=True,
    examples=("At 10% a year, how long to double?", "按10%复利,多少年翻倍"),
    formulas={"factor": "(1+{rate})^{periods}", "end": "{start}*{factor}", "gain": "{start}*({factor}-1)"},
)
LOAN: Calculator[Any] = Calculator(
    "loan",
    Bilingual(zh="等额还款", en="Level repayment"),
    Loan,
    (
        _output("payment", "@unit", "每期还款", "payment"),
        _output("interest", "@unit", "利息总额", "interest in all"),
        _output("paid", "@unit", "还款总额", "paid in all"),
    ),
    "payment = P·r/(1 − (1+r)^−n), r a period",
    _loan,
    headline="payment",
    plain=True,
    examples=("Yearly payment on a $5bn loan at 7% over 10 years?", "借50亿,利率7%,10年等额还,每年还多少"),
    formulas={
        "payment": "-PMT({rate}/{frequency},{periods}*{frequency},{principal})",
        "paid": "{payment}*{periods}*{frequency}",
        "interest": "{paid}-{principal}",
    },
)
CASH_FLOWS: Calculator[Any] = Calculator(
    "cash_flows",
    Bilingual(zh="现金流的价值", en="Value of a row of payments"),
    CashFlows,
    (
        Output("npv", "@unit", Bilingual(zh="净现值", en="net present value"), even=0.0),
        _output("irr", "fraction", "内部收益率", "IRR"),
        _output("payback", "years", "回收期", "payback"),
        _output("pv", "@unit", "现值", "present value"),
    ),
    "npv = −outlay + Σ yearly/(1+r)^t + residual/(1+r)^n",
    _cash_flows,
    headline="npv",
    plain=True,
    examples=("NPV of $10bn throwing off $2bn a year for 8 years at 9%?", "投100亿,每年回20亿,8年,折现率9%,净现值多少"),
    formulas={
        "pv": 'IF({rate}="","",-PV({rate},{years},{yearly},{residual}))',
        "npv": 'IF({rate}="","",{pv}-{outlay})',
        # level payments: RATE, begun near the rate that simple interest would give
        "irr": "IF({outlay}>0,IFERROR(RATE({years},{yearly},-{outlay},{residual},0,"
        '0.01+{yearly}/{outlay}+({residual}/{outlay}-1)/{years}),""),"")',
        "payback": 'IF(AND({outlay}>0,{yearly}>0,{outlay}<={yearly}*{years}),{outlay}/{yearly},"")',
    },
)
