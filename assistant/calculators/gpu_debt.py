"""A loan on GPUs with a balloon, and who bears the hardware's fall: the residual's guarantor first, then the lender.

Level payments leave the balloon at maturity; it is met by what the hardware fetches or, if more, the guaranteed
residual. The guarantor pays guarantee − market value, the lender loses balloon − max(market, guarantee). Source: the
terms reported for Hyperion, a lease with a residual-value guarantee (V:INN).

    >>> made = gpu_debt(GpuDebtInput(cost=10.0, balloon=0.3, guarantee=0.2, market=0.1))
    >>> round(made["payment"], 3), round(made["guarantor_pays"], 2), round(made["lender_loss"], 2)
    (1.619, 1.0, 1.0)
"""

from __future__ import annotations

import numpy_financial as npf

from assistant.calculators.compact import asked, assumed, optional, result
from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Outputs

JUDGEMENT = "judgement of this project"


class GpuDebtInput(CalculatorInput):
    """The hardware, the loan on it, and what stands behind the residual; shares are of the hardware's cost."""

    cost: float = asked("USD bn", "硬件原值", "cost of the hardware", above=0.0)
    advance: float = assumed(
        0.8, "fraction", "贷款占原值", "loan as a share of cost", JUDGEMENT, above=0.0, at_most=1.0
    )
    rate: float = assumed(0.10, "fraction", "利率", "interest rate", JUDGEMENT, at_least=0.0, at_most=1.0)
    tenor: int = assumed(5, "years", "期限", "tenor", JUDGEMENT, at_least=1, at_most=40)
    balloon: float = asked("fraction", "到期尾款占原值", "balloon as a share of cost", at_least=0.0, below=1.0)
    market: float = asked("fraction", "到期市值占原值", "market value at maturity as a share of cost", at_least=0.0)
    guarantee: float = assumed(
        0.0, "fraction", "担保的残值占原值", "guaranteed residual as a share of cost", "convention: none unless given",
        at_least=0.0, at_most=1.0,
    )  # fmt: skip
    cash: float | None = optional("USD bn", "年现金流", "cash flow a year", above=0.0)


def gpu_debt(i: GpuDebtInput) -> Outputs:
    """Amounts in USD bn; dscr needs the cash flow."""
    payment = -float(npf.pmt(i.rate, i.tenor, i.advance * i.cost, -i.balloon * i.cost))
    return {
        "payment": payment, "dscr": None if i.cash is None else i.cash / payment, "balloon_due": i.balloon * i.cost,
        "guarantor_pays": max(0.0, i.guarantee - i.market) * i.cost,
        "lender_loss": max(0.0, i.balloon - max(i.market, i.guarantee)) * i.cost,
    }  # fmt: skip


GPU_DEBT: Calculator[GpuDebtInput] = Calculator(
    "gpu_debt", Bilingual(zh="GPU 抵押贷款与残值担保", en="GPU-backed debt with a residual guarantee"), GpuDebtInput,
    (result("lender_loss", "USD bn", "贷款人损失", "lender's loss"),
     result("guarantor_pays", "USD bn", "担保人赔付", "guarantor pays"),
     result("payment", "USD bn", "每年还款", "payment a year", yearly=True),
     result("dscr", "multiple", "偿债覆盖率", "DSCR", even=1.0),
     result("balloon_due", "USD bn", "到期尾款", "balloon due")),
    "payment: level, advance·cost down to balloon·cost; guarantor: (guarantee − market)⁺·cost; lender: (balloon − "
    "max(market, guarantee))⁺·cost", gpu_debt, headline="lender_loss", source="V:INN",
    examples=("$10bn of GPUs, 80% loan, 30% balloon, worth 10% at maturity, 20% guaranteed: what does the lender lose?",
              "100亿的GPU贷款八成,尾款30%,到期只值10%、担保残值20%,担保人赔多少?"),
)  # fmt: skip
