"""A cluster of GPUs as an investment after tax: net present value, internal return, and the rent that breaks even.

Per GPU: −cost + Σ_j [(1−τ)·8760·u·(p_j − m)⁺ + τ·D_j]/(1+r)^j, p_j as in `chip_value`, D_j the tax depreciation. A loss
for tax is used elsewhere at once. Source: present value; IRC §168.

    >>> made = cluster(ClusterInput(gpus=10_000.0, cost=40_000.0))
    >>> round(made["npv"], 3), round(made["break_even_rent"], 2)
    (-0.174, 4.52)
"""

from __future__ import annotations

import math

import numpy as np
import numpy_financial as npf
from scipy.optimize import brentq

from assistant.calculators.chip_value import discount_input, present_value, utilisation_input, yearly_flow
from assistant.calculators.chips import POWER_INPUTS, cash_cost, decline_input, rent_input
from assistant.calculators.compact import asked, assumed, result
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Outputs
from assistant.calculators.schedules import schedule
from assistant.calculators.taxes import tax_rate_input


class ClusterInput(CalculatorInput):
    """How many GPUs, what each costs all in, what it rents for and costs to run, and the tax."""

    gpus: float = asked("number", "GPU 数量", "number of GPUs", above=0.0)
    cost: float = asked("USD", "单GPU全部投资", "cost of one GPU, all in", above=0.0)
    rent0: float = rent_input()
    decline: float = decline_input()
    life: int = assumed(
        6, "years", "服役年数", "years in service", "Microsoft and Alphabet book lives (V:F1)", at_least=1, at_most=30
    )
    utilisation: float = utilisation_input()
    discount: float = discount_input()
    tax_rate: float = tax_rate_input()
    bonus: float = assumed(
        1.0,
        "fraction",
        "首年一次性折旧比例",
        "bonus depreciation",
        "100% for property acquired after 19 January 2025 (V:OBBB)",
        at_least=0.0,
        at_most=1.0,
    )
    kw: float = POWER_INPUTS["kw"]
    pue: float = POWER_INPUTS["pue"]
    power_price: float = POWER_INPUTS["power_price"]
    other: float = POWER_INPUTS["other"]


def _flows(i: ClusterInput, rent0: float) -> list[float]:
    """After-tax flows of one GPU in years 1, 2, …, USD."""
    years = np.arange(1, i.life + 1)
    earned = yearly_flow(
        rent0 * (1 - i.decline) ** years, cash_cost(i.kw, i.pue, i.power_price, i.other), i.utilisation
    )
    shield = i.tax_rate * np.asarray(schedule(i.cost, None, "MACRS5", bonus=i.bonus))
    flows = np.zeros(max(i.life, len(shield)))
    flows[: i.life] += (1 - i.tax_rate) * earned
    flows[: len(shield)] += shield
    return [float(flow) for flow in flows]


def cluster(i: ClusterInput) -> Outputs:
    """npv and cost in USD bn, irr a year, break_even_rent in USD per GPU-hour in the first day's money."""
    flows = _flows(i, i.rent0)
    even = brentq(lambda rent: present_value(_flows(i, rent), i.discount) - i.cost, 0.0, 1e6)
    irr = float(npf.irr([-i.cost, *flows]))
    total = i.gpus / 1e9
    return {"npv": (present_value(flows, i.discount) - i.cost) * total, "irr": irr if math.isfinite(irr) else None,
            "break_even_rent": float(even), "investment": i.cost * total}  # fmt: skip


CLUSTER: Calculator[ClusterInput] = Calculator(
    "cluster", Bilingual(zh="GPU 集群的净现值与保本租金", en="Cluster: NPV and break-even rent"), ClusterInput,
    (result("npv", "USD bn", "税后净现值", "net present value after tax", even=0.0),
     result("irr", "fraction", "内部收益率", "IRR"), result("break_even_rent", "USD/h", "保本租金", "break-even rent"),
     result("investment", "USD bn", "总投资", "investment")),
    "per GPU: −cost + Σ_j [(1−τ)·8760·u·(p_j − m)⁺ + τ·D_j]/(1+r)^j, p_j = p0(1−d)^j, D bonus then MACRS5",
    cluster, headline="npv", source="IRC §168; V:H100; V:DGX; V:OBBB",
    examples=("10,000 GPUs at $40,000 each all in: what rent breaks even?",
              "一万张卡、每张全部投资4万美元,租金2.3美元,净现值多少?"),
)  # fmt: skip
