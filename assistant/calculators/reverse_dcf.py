"""The growth that a price implies: a discounted cash flow solved backwards.

price = Σ_{t≤n} F(1+g)^t/(1+r)^t + F(1+g)^n·(1+g∞)/((r−g∞)(1+r)^n); g is solved for: what the price assumes, not a
forecast. Source: Damodaran, Investment Valuation, on implied growth; Rappaport and Mauboussin, Expectations Investing.

    >>> round(reverse_dcf(ReverseDcfInput(price=4000.0, cash_flow=100.0))["growth"], 3)
    0.141
"""

from __future__ import annotations

from scipy.optimize import brentq

from assistant.calculators.compact import asked, assumed, result
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Outputs
from assistant.errors import CalculatorInputError

JUDGEMENT = "judgement of this project"


class ReverseDcfInput(CalculatorInput):
    """A price, the free cash flow it is paid for, and the terms on which it is discounted."""

    price: float = asked("USD bn", "市值", "market value", above=0.0)
    cash_flow: float = asked("USD bn", "当年自由现金流", "free cash flow of this year", above=0.0)
    rate: float = assumed(
        0.09, "fraction", "折现率", "discount rate", "assumption: middle of 8–10%", above=0.0, at_most=1.0
    )
    years: int = assumed(
        10, "years", "高增长年数", "years of that growth", "judgement of this project", at_least=1, at_most=60
    )
    terminal: float = assumed(
        0.03, "fraction", "永续增长率", "growth for ever after", "judgement of this project", above=-0.5, below=0.5
    )


def _worth(growth: float, i: ReverseDcfInput) -> tuple[float, float]:
    """Value of the years of growth and of what comes after, USD bn."""
    step = (1 + growth) / (1 + i.rate)
    return sum(i.cash_flow * step**t for t in range(1, i.years + 1)), (
        i.cash_flow * step**i.years * (1 + i.terminal) / (i.rate - i.terminal)
    )


def reverse_dcf(i: ReverseDcfInput) -> Outputs:
    """growth a year; end_cash_flow in USD bn; terminal_share of the price."""
    if i.rate <= i.terminal:
        raise CalculatorInputError(
            "rate", f"> {i.terminal:g}, the growth for ever after", i.rate, allowed_zh=f"> 永续增长率 {i.terminal:g}"
        )
    if sum(_worth(-0.95, i)) > i.price or sum(_worth(10.0, i)) < i.price:
        raise CalculatorInputError(
            "price",
            "a price that growth between −95% and 1,000% a year explains",
            i.price,
            allowed_zh="年增速 −95% 到 1000% 能解释的市值",
        )
    growth = float(brentq(lambda g: sum(_worth(g, i)) - i.price, -0.95, 10.0))
    end = i.cash_flow * (1 + growth) ** i.years
    return {"growth": growth, "end_cash_flow": end, "terminal_share": _worth(growth, i)[1] / i.price}


REVERSE_DCF: Calculator[ReverseDcfInput] = Calculator(
    "reverse_dcf", Bilingual(zh="市值隐含的增速", en="Growth that a price implies"), ReverseDcfInput,
    (result("growth", "fraction", "隐含年增速", "implied growth a year"),
     result("end_cash_flow", "USD bn", "期末年自由现金流", "free cash flow at the end"),
     result("terminal_share", "fraction", "终值占市值", "share of the price that comes after")),
    "price = Σ F(1+g)^t/(1+r)^t + F(1+g)^n(1+g∞)/((r−g∞)(1+r)^n), solved for g", reverse_dcf, headline="growth",
    source="Damodaran, Investment Valuation; Rappaport and Mauboussin 2001",
    examples=("A market value of $4tn on $100bn of free cash flow: what growth does it imply?",
              "市值4万亿、自由现金流1000亿,隐含的增速是多少?"),
)  # fmt: skip
