"""How much of what a vendor sells it paid for itself.

Knows one investment and the purchases over the same time; knows nothing of letters of intent.

    >>> f"{vendor_share(10.0, 35.0)['vendor_share']:.3f}"
    '0.286'
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Note,
    Output,
    Outputs,
    QuotedFigure,
    quantity,
)
from assistant.calculators.funding import THREE_HUNDREDS
from assistant.calculators.wording import money, number, percent
from assistant.errors import CalculatorInputError

HUNDRED_FOR_SHARES = "NVIDIA付出的是1000亿和OpenAI部分股权。"


def vendor_share(investment: Any, purchases: Any) -> dict[str, Any]:
    """Share of a customer's purchases that the vendor itself paid for.

    vendor_share = investment/purchases; outside_cash = purchases − investment.

    Args:
        investment: the vendor's money put into the customer, USD bn ≥ 0. Arrays broadcast.
        purchases: what the customer buys from the vendor over the same time, USD bn > 0.

    Returns:
        vendor_share (decimal; above 1 when the vendor puts in more than it sells) and outside_cash, USD bn.

    Raises:
        CalculatorInputError: purchases ≤ 0 or a negative investment.

    >>> f"{vendor_share(10.0, 35.0)['vendor_share']:.3f}"
    '0.286'
    """
    if np.any(np.asarray(purchases) <= 0):
        raise CalculatorInputError("purchases", "> 0 USD bn", str(purchases), allowed_zh="> 0 USD bn")
    if np.any(np.asarray(investment) < 0):
        raise CalculatorInputError("investment", "≥ 0 USD bn", str(investment), allowed_zh="≥ 0 USD bn")
    return {"vendor_share": investment / purchases, "outside_cash": purchases - investment}


class VendorShareInput(CalculatorInput):
    """The vendor's money and the customer's purchases, over the same time."""

    investment: float = quantity(
        10.0,
        unit="USD bn",
        label=Bilingual(zh="供应商投资额", en="vendor's investment"),
        source="V:NS",
        at_least=0.0,
        quotes=(QuotedFigure(quote=HUNDRED_FOR_SHARES, speaker="Yang Ren", value=100.0),),
    )
    purchases: float = quantity(
        35.0,
        unit="USD bn",
        label=Bilingual(zh="客户采购额", en="customer's purchases"),
        source="V:NS",
        above=0.0,
        quotes=(QuotedFigure(quote=THREE_HUNDREDS, speaker="陈茜", value=100.0),),
    )


def _vendor_notes(inputs: VendorShareInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            kind="filing",
            text=Bilingual(
                zh="披露的安排:NVIDIA 每投 100 亿美元,对应约 350 亿美元 GPU 采购(28.6%)。",
                en="The reported arrangement: $10bn invested per $35bn of GPUs (28.6%).",
            ),
            source="V:NS",
        ),
        Note(
            text=Bilingual(
                zh="投资换来股权,不是折扣;采购若分多年,须与投资统一时间口径。",
                en="The investment buys equity, it is no rebate; purchases over several years need the same time base.",
            )
        ),
    ]
    if number(outputs, "outside_cash") < 0:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="供应商投入超过客户采购:客户没有用外部现金付款。",
                    en="The vendor puts in more than it sells: the customer pays nothing from outside.",
                ),
            )
        )
    return tuple(notes)


VENDOR_SHARE = Calculator(
    name="vendor_share",
    title=Bilingual(zh="供应商融资占比", en="Vendor-financed share"),
    inputs=VendorShareInput,
    outputs=(
        Output(
            "vendor_share",
            "fraction",
            Bilingual(zh="供应商出资占采购", en="vendor-financed share of purchases"),
        ),
        Output(
            "outside_cash",
            "USD bn",
            Bilingual(zh="其余外部现金", en="cash from elsewhere"),
        ),
    ),
    equation="vendor_share = investment/purchases; outside_cash = purchases − investment",
    compute=lambda i: vendor_share(i.investment, i.purchases),
    formulas={"vendor_share": "{investment}/{purchases}", "outside_cash": "{purchases}-{investment}"},
    headline="vendor_share",
    notes=_vendor_notes,
    summary=lambda i, o: Bilingual(
        zh=f"供应商出资占采购额的 {percent(number(o, 'vendor_share'))},"
        f"其余 {money(number(o, 'outside_cash')).zh} 来自别处。",
        en=f"The vendor finances {percent(number(o, 'vendor_share'))} of the purchases; "
        f"{money(number(o, 'outside_cash')).en} comes from elsewhere.",
    ),
    examples=(
        "NVIDIA 投 100 亿,对方买 350 亿的 GPU,等于自己出了几成?",
        "If NVIDIA invests $10bn and the customer buys $35bn of GPUs, what share is vendor-financed?",
    ),
    source="V:NS",
)
