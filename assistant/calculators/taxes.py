"""What depreciation is worth in tax: the present value of the shield, and the deferred tax it leaves.

US federal rate 21% (IRC §11) unless given. Tax lives are statutory (IRC §168), so a longer book life moves deferred tax
and leaves the cash tax bill where it was. Year-end discounting, year 1 is the year of purchase.

    >>> round(tax_shield(100.0, "MACRS5", 0.21, 0.08), 2)
    17.04
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
    phrases,
    quantity,
)
from assistant.calculators.said import FIVE_OR_SEVEN, FOUR_TO_SIX_AND_A_HALF
from assistant.calculators.schedules import (
    MACRS5_FOURTH_QUARTER,
    MACRS5_HALF_YEAR,
    METHOD_CUES,
    Method,
    schedule,
)

BONUS_SOURCE = "convention: no bonus unless asked; US law gives 100% after 19 January 2025 (V:OBBB)"
BONUS_WORDS = {
    "1": phrases(
        "full expensing, fully expens, fully deduct, immediate expensing, expensed immediately, expense it all, "
        "on day one, expensed in year one, written off at once, 全额抵扣, 全额扣除, 全额费用化, 一次性抵扣, "
        "一次性扣除, 一次性全扣, 一次性费用化, 一次性折完, 首年全扣, 当年全扣"
    )
}


def tax_shield(
    cost: float, method: Method, tax_rate: Any, discount: Any, life: float | None = None, bonus: float = 0.0
) -> Any:
    """Present value of the tax saved by depreciation: τ·ΣD_t/(1+r)^t, year-end.

    Args:
        cost: USD bn.
        method: a schedule's name; book lives are used only for the non-MACRS ones.
        tax_rate: τ, fraction; arrays broadcast with `discount`.
        discount: r, fraction a year.
        life: years, for the non-MACRS methods.
        bonus: share charged at once in year 1.

    Returns:
        USD bn, shaped as tax_rate and discount.

    Raises:
        CalculatorInputError: as `schedule`.

    >>> [round(tax_shield(100.0, m, 0.21, 0.08, 6.0, b), 2) for m, b in (("MACRS5", 0), ("MACRS5", 1), ("SL", 0))]
    [17.04, 19.44, 16.18]
    """
    charges = np.asarray(schedule(cost, life, method, bonus=bonus))
    years = np.arange(1, len(charges) + 1)
    factors = (1.0 + np.asarray(discount, dtype=float))[..., None] ** -years  # (..., n_years)
    value = np.asarray(tax_rate) * (factors @ charges)
    return value if value.ndim else float(value)


def deferred_tax(cost: Any, book_life: Any, elapsed: Any, tax_rate: Any = 0.21, bonus: Any = 0.0) -> Any:
    """Deferred tax liability: τ·(book net value − tax basis).

    Book: straight line over `book_life`, no salvage. Tax: bonus b at once, then MACRS five-year half-year on the rest;
    inside a year the table is used pro rata. Source: ASC 740-10-25; IRC §168.

    Args:
        cost: USD bn. All arguments broadcast as arrays.
        book_life: years.
        elapsed: years since purchase.
        tax_rate: fraction.
        bonus: share charged at once.

    Returns:
        USD bn; negative is a deferred tax asset.

    >>> round(deferred_tax(100.0, 6.0, 2.0), 2)
    3.92
    """
    book = cost * np.clip(1.0 - np.asarray(elapsed, dtype=float) / book_life, 0.0, 1.0)
    cumulative = np.concatenate(([0.0], np.cumsum([0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576])))
    charged = np.interp(elapsed, np.arange(len(cumulative)), cumulative)
    basis = np.where(np.asarray(elapsed) > 0, (1.0 - np.asarray(bonus)) * cost * (1.0 - charged), cost)
    value = np.asarray(tax_rate) * (book - basis)
    return value if value.ndim else float(value)


def tax_rate_input() -> Any:
    """The federal corporate rate, as every calculator here declares it."""
    return quantity(
        0.21,
        unit="fraction",
        label=Bilingual(zh="税率", en="tax rate"),
        source="IRC §11",
        at_least=0.0,
        below=1.0,
    )


class TaxShieldInput(CalculatorInput):
    """A purchase, its tax schedule, and the rates that value it."""

    cost: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="资产原值", en="asset cost"),
        above=0.0,
    )
    method: Method = quantity(
        "MACRS5",
        unit="",
        label=Bilingual(zh="折旧方法", en="method"),
        source="IRC §168: servers are five-year property (V:IRS)",
        option_cues=METHOD_CUES,
    )
    tax_rate: float = tax_rate_input()
    discount: float = quantity(
        0.08,
        unit="fraction",
        label=Bilingual(zh="折现率", en="discount rate"),
        source="assumption: low end of the usual 8–10%",
        above=-1.0,
        at_most=1.0,
    )
    life: float | None = quantity(
        None,
        unit="years",
        label=Bilingual(zh="折旧年限", en="life"),
        above=0.0,
        at_most=100.0,
        quotes=(FIVE_OR_SEVEN.figure(7.0), FOUR_TO_SIX_AND_A_HALF.figure(6.5)),
    )
    bonus: float = quantity(
        0.0,
        unit="fraction",
        label=Bilingual(zh="首年一次性折旧比例", en="bonus depreciation"),
        source=BONUS_SOURCE,
        at_least=0.0,
        at_most=1.0,
        option_cues=BONUS_WORDS,
    )


CASH_TAX_NOTE = Note(
    kind="filing",
    text=Bilingual(
        zh="在美国税法折旧年限是法定的(IRC §168):账面折旧变慢并不多缴当期税,只减少递延税负债。",
        en="US tax lives are statutory (IRC §168): slower books do not raise cash tax, they only lower the "
        "deferred tax liability.",
    ),
    source="IRC §168",
)


def _shield_notes(inputs: TaxShieldInput, outputs: Outputs) -> tuple[Note, ...]:
    said = FIVE_OR_SEVEN.note(
        Bilingual(
            zh="Rob 说折旧快抵税多、折旧慢账面好看:这是两本账。",
            en="Rob's trade-off, faster books for tax or slower books for profit, sets two separate books against "
            "each other.",
        )
    )
    notes = [said, CASH_TAX_NOTE]
    if inputs.bonus == 0.0 and inputs.method.startswith("MACRS"):
        full = tax_shield(inputs.cost, inputs.method, inputs.tax_rate, inputs.discount, inputs.life, 1.0)
        notes.append(
            Note(
                text=Bilingual(
                    zh=f"2025 年 1 月 19 日之后取得的资产可 100% 一次性抵扣:现值为 {full:.4g}。",
                    en=f"Property acquired after 19 January 2025 may be written off at once (100% bonus): {full:.4g}.",
                ),
                source="V:OBBB",
            )
        )
    return tuple(notes)


def _shield_charts(inputs: TaxShieldInput, outputs: Outputs) -> tuple[Chart, ...]:
    charges = schedule(inputs.cost, inputs.life, inputs.method, bonus=inputs.bonus)
    return (
        Chart(
            kind="bar",
            title=Bilingual(zh="各年抵税额", en="Tax saved each year"),
            x_label=Bilingual(zh="年份序号", en="year"),
            x=tuple(float(t + 1) for t in range(len(charges))),
            unit="USD bn",
            series=(
                Series(name=Bilingual(zh="名义", en="nominal"), values=tuple(inputs.tax_rate * c for c in charges)),
                Series(
                    name=Bilingual(zh="现值", en="present value"),
                    values=tuple(inputs.tax_rate * c / (1 + inputs.discount) ** (t + 1) for t, c in enumerate(charges)),
                ),
            ),
        ),
    )


def _shield_formula(inputs: TaxShieldInput) -> str:
    """The present value as a spreadsheet computes it, for the tax tables and for straight line."""
    tables = {"MACRS5": MACRS5_HALF_YEAR, "MACRS5_MQ": MACRS5_FOURTH_QUARTER}
    if inputs.method in tables:
        spread = f"NPV({{discount}},{','.join(map(str, tables[inputs.method]))})"
    elif inputs.method == "SL":  # whole years, and what is left of the last
        spread = "(-PV({discount},INT({life}),1)+({life}-INT({life}))/(1+{discount})^(INT({life})+1))/{life}"
    else:
        return ""
    return f"{{tax_rate}}*{{cost}}*((1-{{bonus}})*{spread}+{{bonus}}/(1+{{discount}}))"


TAX_SHIELD = Calculator(
    name="tax_shield",
    title=Bilingual(zh="折旧税盾现值", en="Present value of the depreciation tax shield"),
    inputs=TaxShieldInput,
    outputs=(
        Output(
            "pv",
            "USD bn",
            Bilingual(zh="税盾现值", en="present value of the tax shield"),
        ),
    ),
    equation="pv = τ·Σ D_t/(1+r)^t, year-end; D_t the schedule's charges, τ tax rate, r discount rate",
    compute=lambda i: {"pv": tax_shield(i.cost, i.method, i.tax_rate, i.discount, i.life, i.bonus)},
    formulas={"pv": _shield_formula},
    headline="pv",
    notes=_shield_notes,
    charts=_shield_charts,
    examples=(
        "1000亿设备用MACRS折旧,税率21%,折现率8%,税盾值多少?",
        "PV of the tax shield on $100bn with 100% bonus at 8%?",
    ),
    source="IRC §11, §168; V:IRS; V:OBBB",
)


class DeferredTaxInput(CalculatorInput):
    """A purchase, its book life, and how long ago it was made."""

    cost: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="资产原值", en="asset cost"),
        above=0.0,
    )
    book_life: float = quantity(
        6.0,
        unit="years",
        label=Bilingual(zh="账面折旧年限", en="book life"),
        source="Microsoft, Alphabet and Oracle: 6 years (V:F1)",
        above=0.0,
        at_most=100.0,
        quotes=(FOUR_TO_SIX_AND_A_HALF.figure(6.5), FIVE_OR_SEVEN.figure(7.0)),
    )
    elapsed: float = quantity(
        unit="years",
        label=Bilingual(zh="已过年数", en="years elapsed"),
        at_least=0.0,
    )
    tax_rate: float = tax_rate_input()
    bonus: float = quantity(
        0.0,
        unit="fraction",
        label=Bilingual(zh="首年一次性折旧比例", en="bonus depreciation"),
        source=BONUS_SOURCE,
        at_least=0.0,
        at_most=1.0,
        option_cues=BONUS_WORDS,
    )


def _deferred_notes(inputs: DeferredTaxInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [CASH_TAX_NOTE]
    if inputs.bonus == 0.0:
        full = deferred_tax(inputs.cost, inputs.book_life, inputs.elapsed, inputs.tax_rate, 1.0)
        notes.append(
            Note(
                text=Bilingual(
                    zh=f"若按 100% 一次性抵扣(2025 年 1 月 19 日之后取得),递延税负债为 {full:.4g}。",
                    en=f"With 100% bonus (acquired after 19 January 2025) the liability would be {full:.4g}.",
                ),
                source="V:OBBB",
            )
        )
    return tuple(notes)


def _deferred_charts(inputs: DeferredTaxInput, outputs: Outputs) -> tuple[Chart, ...]:
    years = np.arange(0.0, max(inputs.book_life, 6.0) + 1.0)
    liability = deferred_tax(inputs.cost, inputs.book_life, years, inputs.tax_rate, inputs.bonus)
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="递延税负债的起落", en="The deferred tax liability builds and reverses"),
            x_label=Bilingual(zh="购入后年数", en="years since purchase"),
            x_unit="years",
            x=tuple(years.tolist()),
            unit="USD bn",
            series=(
                Series(name=Bilingual(zh="递延税负债", en="deferred tax liability"), values=tuple(liability.tolist())),
            ),
        ),
    )


# Book value less tax basis; of each tax year's share the part counts that has passed.
_DTL = (
    "{tax_rate}*{cost}*(MAX(0,MIN(1,1-{elapsed}/{book_life}))-IF({elapsed}>0,(1-{bonus})*(1-("
    + "+".join(f"{share}*MAX(0,MIN(1,{{elapsed}}-{year}))" for year, share in enumerate(MACRS5_HALF_YEAR))
    + ")),1))"
)

DEFERRED_TAX = Calculator(
    name="deferred_tax",
    title=Bilingual(zh="递延税负债", en="Deferred tax liability"),
    inputs=DeferredTaxInput,
    outputs=(
        Output(
            "dtl",
            "USD bn",
            Bilingual(zh="递延税负债", en="deferred tax liability"),
        ),
    ),
    equation="dtl = τ·(book NBV − tax basis); book straight line over L, tax bonus b then MACRS5 on (1−b)C",
    compute=lambda i: {"dtl": deferred_tax(i.cost, i.book_life, i.elapsed, i.tax_rate, i.bonus)},
    formulas={"dtl": _DTL},
    headline="dtl",
    notes=_deferred_notes,
    charts=_deferred_charts,
    examples=(
        "1000亿设备账面6年折旧,2年后递延税负债多少?",
        "Deferred tax on $100bn after 2 years with a 6-year book life?",
    ),
    source="ASC 740-10-25; IRC §168; V:IRS",
)
