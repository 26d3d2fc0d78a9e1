"""What a late start costs: the same cash flows later, at the rents of a later day.

Value at the start V = Σ_j yearly·(1−d)^{j−1}/(1+r)^j; a delay of t years leaves V·((1−d)/(1+r))^t. The purchase is paid
already, so nothing is saved by waiting. Source: present value (any text); the fall of rents is that of `chips`.

    >>> round(cost_of_delay(DelayInput(yearly=2.0, years=5, delay=0.5))["cost"], 2)
    0.96
"""

from __future__ import annotations

from assistant.calculators.compact import asked, assumed, optional, result
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Outputs


class DelayInput(CalculatorInput):
    """What the site would earn, how late it is, and how fast rents fall meanwhile."""

    yearly: float = asked("USD bn", "投产首年现金流", "cash flow of the first year in service", above=0.0)
    years: int = asked("years", "运营年数", "years of operation", at_least=1, at_most=50)
    delay: float = asked("years", "推迟多久", "delay", above=0.0, at_most=20.0)
    decline: float = assumed(
        0.35,
        "fraction",
        "租金年跌幅",
        "yearly fall of the rent",
        "assumption: middle of 20–50%",
        at_least=0.0,
        below=1.0,
    )
    rate: float = assumed(
        0.09, "fraction", "折现率", "discount rate", "assumption: middle of 8–10%", at_least=0.0, at_most=1.0
    )
    capex: float | None = optional("USD bn", "已投入资本", "capital already spent", above=0.0)


def cost_of_delay(i: DelayInput) -> Outputs:
    """cost and value in USD bn, by the equation above; per_month is the average over the delay."""
    value = sum(i.yearly * (1 - i.decline) ** (j - 1) / (1 + i.rate) ** j for j in range(1, i.years + 1))
    cost = value * (1 - ((1 - i.decline) / (1 + i.rate)) ** i.delay)
    share = None if i.capex is None else cost / i.capex
    return {"cost": cost, "per_month": cost / (12 * i.delay), "value": value, "share": share}


COST_OF_DELAY: Calculator[DelayInput] = Calculator(
    "cost_of_delay", Bilingual(zh="推迟投产的代价", en="Cost of delay"), DelayInput,
    (result("cost", "USD bn", "推迟的代价", "cost of the delay"),
     result("per_month", "USD bn", "每月代价", "cost a month"),
     result("value", "USD bn", "准时的价值", "value if on time"),
     result("share", "fraction", "占已投入资本", "share of the capital")),
    "V = Σ_j yearly·(1−d)^{j−1}/(1+r)^j; cost = V·(1 − ((1−d)/(1+r))^delay)",
    cost_of_delay, headline="cost", source="present value; rents as in V:H100",
    examples=("What does a six-month delay cost a site that would earn $2bn in its first year, over 5 years?",
              "一个首年赚20亿、运营5年的园区,晚半年投产要亏多少?"),
)  # fmt: skip
