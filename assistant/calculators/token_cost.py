"""What a million tokens cost: capital and cash cost of a GPU-hour over the tokens it makes.

>>> round(cost_per_million_tokens(1.2, 0.1224, 3.6e6), 3)
0.367
"""

from __future__ import annotations

from typing import Any

from assistant.calculators.chips import POWER_INPUTS, cash_cost
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Output, quantity


def cost_per_million_tokens(capital_per_hour: Any, cost: Any, tokens_per_hour: Any) -> Any:
    """(capital + m) / tokens per hour, USD per million tokens; capital and m in USD per GPU-hour.

    >>> round(cost_per_million_tokens(1.2, 0.1224, 3.6e6), 3)
    0.367
    """
    return (capital_per_hour + cost) / tokens_per_hour * 1e6


class CostPerTokenInput(CalculatorInput):
    """One GPU-hour: what it costs and what it makes."""

    capital: float = quantity(
        unit="USD/h",
        label=Bilingual(zh="资本费用(每GPU小时)", en="capital charge per GPU-hour"),
        at_least=0.0,
    )
    tokens_per_hour: float = quantity(
        unit="number",
        label=Bilingual(zh="每小时token数", en="tokens per GPU-hour"),
        above=0.0,
    )
    kw: float = POWER_INPUTS["kw"]
    pue: float = POWER_INPUTS["pue"]
    power_price: float = POWER_INPUTS["power_price"]
    other: float = POWER_INPUTS["other"]


COST_PER_TOKEN = Calculator(
    name="cost_per_token",
    title=Bilingual(zh="每百万token成本", en="Cost of a million tokens"),
    inputs=CostPerTokenInput,
    outputs=(Output("cost_per_million_tokens", "USD", Bilingual(zh="每百万token成本", en="cost per million tokens")),),
    equation="(capital + m) / tokens per hour × 10⁶, m = kW·PUE·price + other",
    compute=lambda i: {
        "cost_per_million_tokens": cost_per_million_tokens(
            i.capital, cash_cost(i.kw, i.pue, i.power_price, i.other), i.tokens_per_hour
        )
    },
    formulas={"cost_per_million_tokens": "({capital}+{kw}*{pue}*{power_price}+{other})/{tokens_per_hour}*1000000"},
    headline="cost_per_million_tokens",
    examples=(
        "每GPU小时资本费用1.2美元,每小时360万token,每百万token成本多少?",
        "At a capital charge of $1.2/h and 3.6 million tokens per hour, what does a million tokens cost?",
    ),
    source="V:DGX for power; equation derived here",
)
