"""Depreciation schedules of one asset, book and tax.

Straight line (SL), declining balance (DB), double declining with switch (DDB), sum of the years' digits (SYD), units of
production (UOP) and the US tax schedule for five-year property (MACRS5 half-year; MACRS5_MQ1, _MQ2, _MQ3 and MACRS5_MQ
mid-quarter, placed in service in the first, second, third and fourth), each with an immediate bonus share. Year 1 is
the year of purchase; charges are positive; every schedule adds up to cost − salvage (to cost for MACRS).

    >>> [round(charge, 2) for charge in schedule(100.0, 5.0, "SYD")]
    [33.33, 26.67, 20.0, 13.33, 6.67]
"""

from __future__ import annotations

import math
from typing import Literal

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
from assistant.calculators.said import ABOUT_FIVE_YEARS, FIVE_OR_SEVEN, FOUR_TO_SIX_AND_A_HALF
from assistant.errors import CalculatorInputError

Method = Literal["SL", "DB", "DDB", "SYD", "UOP", "MACRS5", "MACRS5_MQ1", "MACRS5_MQ2", "MACRS5_MQ3", "MACRS5_MQ"]

# IRS Publication 946, five-year property: table A-1 (half-year), tables A-2 to A-5 (mid-quarter, by the quarter placed
# in service).
MACRS5_HALF_YEAR = (0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576)
MACRS5_FOURTH_QUARTER = (0.05, 0.38, 0.228, 0.1368, 0.1094, 0.0958)
MACRS5: dict[str, tuple[float, ...]] = {
    "MACRS5": MACRS5_HALF_YEAR,
    "MACRS5_MQ1": (0.35, 0.26, 0.156, 0.1101, 0.1101, 0.0138),
    "MACRS5_MQ2": (0.25, 0.30, 0.18, 0.1137, 0.1137, 0.0426),
    "MACRS5_MQ3": (0.15, 0.34, 0.204, 0.1224, 0.1130, 0.0706),
    "MACRS5_MQ": MACRS5_FOURTH_QUARTER,
}

METHOD_CUES = {
    "SL": ("straight line", "straight-line", "直线法", "直线", "年限平均", "平均年限"),
    "DB": ("declining balance", "余额递减",),
    "DDB": ("double declining", "double-declining", "ddb", "双倍余额递减"),
    "SYD": ("sum of the years", "sum-of-years", "sum of years", "syd", "年数总和"),
    "UOP": ("units of production", "unit of production", "uop", "工作量法", "产量法"),
    "MACRS5": ("macrs", "macrs5", "加速成本回收"),
    "MACRS5_MQ1": ("mid-quarter q1", "first-quarter macrs", "macrs q1", "季中 第一季度", "季中一季度", "第一季度投用"),
    "MACRS5_MQ2": ("mid-quarter q2", "second-quarter macrs", "macrs q2", "季中 第二季度", "季中二季度", "第二季度投用"),
    "MACRS5_MQ3": ("mid-quarter q3", "third-quarter macrs", "macrs q3", "季中 第三季度", "季中三季度", "第三季度投用"),
    "MACRS5_MQ": ("mid-quarter", "mid quarter", "季中", "中季度", "第四季度投用"),
}  # fmt: skip


def schedule(
    cost: float,
    life: float | None,
    method: Method = "SL",
    salvage: float = 0.0,
    bonus: float = 0.0,
    rate: float | None = None,
    units: tuple[float, ...] = (),
) -> tuple[float, ...]:
    """Annual charges, year 1 first.

    SL (C−S)/L, the last year cut at the life's end. DB r·BV, r = `rate` or 1.5/L. DDB max(2BV/L, (BV−S)/(L−t+1)). SYD
    (C−S)(L−t+1)/(L(L+1)/2). UOP (C−S)·u_t/Σu. MACRS: table × (1−b)C. DB writes off what is left above salvage in its
    last year, and no method goes below salvage. Source: ASC 360-10-35-4; IRS Publication 946.

    Args:
        cost: C, USD bn (any money unit; the charges share it).
        life: L, years; not needed for MACRS5 (five-year class, six calendar years) nor UOP.
        salvage: S, in the unit of cost.
        bonus: share b of the cost charged at once, in year 1; the method runs on the rest.
        rate: DB only, per year.
        units: UOP only, output of each year.

    Raises:
        CalculatorInputError: salvage above the (remaining) cost, life missing or ≤ 0, SYD with a broken year, UOP
            without units.

    >>> schedule(100.0, None, "MACRS5")
    (20.0, 32.0, 19.2, 11.52, 11.52, 5.76)
    >>> [round(c, 2) for c in schedule(100.0, 5.0, "DDB", salvage=10.0)]
    [40.0, 24.0, 14.4, 8.64, 2.96]
    """
    if not 0.0 <= bonus <= 1.0:
        raise CalculatorInputError("bonus", "0 to 1", bonus, allowed_zh="0 到 1")
    at_once = bonus * cost
    remaining = cost - at_once
    if method in MACRS5:
        charges = [round(share * remaining, 12) for share in MACRS5[method]]
    else:
        if salvage > remaining:
            raise CalculatorInputError(
                "salvage", f"0 to {remaining:g}, the cost after any bonus", salvage,
                allowed_zh=f"0 到 {remaining:g}(扣除一次性折旧后的原值)",
            )  # fmt: skip
        charges = _book_charges(remaining, life, method, salvage, rate, units)
    return (charges[0] + at_once, *charges[1:])


def _book_charges(
    cost: float, life: float | None, method: Method, salvage: float, rate: float | None, units: tuple[float, ...]
) -> list[float]:
    base = cost - salvage
    if method == "UOP":
        if not units or sum(units) <= 0 or min(units) < 0:
            raise CalculatorInputError("units", "the output of each year, ≥ 0 and not all 0", str(list(units)) if units
                                       else "nothing", allowed_zh="每年的工作量,≥ 0 且不全为 0")  # fmt: skip
        return [base * used / sum(units) for used in units]
    if life is None or life <= 0:
        raise CalculatorInputError("life", "> 0 years", "nothing" if life is None else life, allowed_zh="> 0 年")
    years = math.ceil(life)
    if method == "SL":
        return [base / life * min(1.0, life - t) for t in range(years)]
    if method == "SYD":
        if life != years:
            raise CalculatorInputError(
                "life", "whole years for SYD", f"{life:g} years", allowed_zh="年数总和法要整年数"
            )
        return [base * (years - t) / (years * (years + 1) / 2) for t in range(years)]
    charges: list[float] = []
    book = cost
    for t in range(1, years + 1):
        if method == "DDB":
            charge = max(2 * book / life, (book - salvage) / max(life - t + 1, 1.0))
        else:
            charge = (rate if rate is not None else 1.5 / life) * book
        charge = book - salvage if t == years else min(charge, book - salvage)
        charges.append(charge)
        book -= charge
    return charges


class ScheduleInput(CalculatorInput):
    """One asset, a method, and the year asked about."""

    cost: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="资产原值", en="asset cost"),
        above=0.0,
    )
    life: float | None = quantity(
        None,
        unit="years",
        label=Bilingual(zh="折旧年限", en="life"),
        above=0.0,
        at_most=100.0,
        quotes=(FIVE_OR_SEVEN.figure(5.0), FOUR_TO_SIX_AND_A_HALF.figure(6.5), ABOUT_FIVE_YEARS.figure(5.0)),
    )
    method: Method = quantity(
        "SL",
        unit="",
        label=Bilingual(zh="折旧方法", en="method"),
        source="straight line, as the five hyperscalers disclose (V:F1)",
        option_cues=METHOD_CUES,
    )
    salvage: float = quantity(
        0.0,
        unit="USD bn",
        label=Bilingual(zh="残值", en="salvage value"),
        source="convention: no salvage",
        at_least=0.0,
    )
    bonus: float = quantity(
        0.0,
        unit="fraction",
        label=Bilingual(zh="首年一次性折旧比例", en="bonus depreciation"),
        source="convention: no bonus unless asked; US law gives 100% after 19 January 2025 (V:OBBB)",
        at_least=0.0,
        at_most=1.0,
    )
    year: int = quantity(
        unit="",
        label=Bilingual(zh="第几年", en="year (1 = purchase)"),
        at_least=1,
        at_most=100,
    )
    rate: float | None = quantity(
        None,
        unit="fraction",
        label=Bilingual(zh="余额递减率", en="declining-balance rate"),
        above=0.0,
        below=1.0,
    )
    units: tuple[float, ...] | None = quantity(
        None,
        unit="number",
        label=Bilingual(zh="各年工作量", en="output of each year"),
        at_least=0.0,
    )


def _charges(inputs: ScheduleInput) -> tuple[float, ...]:
    return schedule(
        inputs.cost, inputs.life, inputs.method, inputs.salvage, inputs.bonus, inputs.rate, inputs.units or ()
    )


def _formula(inputs: ScheduleInput) -> str:
    """The year's charge as a spreadsheet computes it with this method; double declining has no short one."""
    cost, year = "{cost}*(1-{bonus})", "{year}"
    base = f"({cost}-{{salvage}})"
    rate, left = 'IF({rate}="",1.5/{life},{rate})', f"MAX({{salvage}},{cost}*(1-RATE)^({year}-1))-{{salvage}}"
    methods = {
        "SL": f"{base}/{{life}}*MAX(0,MIN(1,{{life}}-{year}+1))",
        "SYD": f"IF({year}>{{life}},0,{base}*({{life}}-{year}+1)/({{life}}*({{life}}+1)/2))",
        "UOP": f"IF({year}>COUNT({{units}}),0,{base}*INDEX({{units}},{year})/SUM({{units}}))",
        "DB": f"IF({year}>ROUNDUP({{life}},0),0,IF({year}=ROUNDUP({{life}},0),LEFT,MIN(RATE*(LEFT+{{salvage}}),LEFT)))",
        "MACRS5": _table_formula(MACRS5_HALF_YEAR),
        "MACRS5_MQ": _table_formula(MACRS5_FOURTH_QUARTER),
    }
    if inputs.method not in methods:
        return ""
    charge = methods[inputs.method].replace("LEFT", f"({left})").replace("RATE", rate)
    return f"{charge}+IF({year}=1,{{bonus}}*{{cost}},0)"


def _table_formula(shares: tuple[float, ...]) -> str:
    last, table = len(shares), ",".join(map(str, shares))
    return f"IF({{year}}>{last},0,{{cost}}*(1-{{bonus}})*CHOOSE(MIN({{year}},{last}),{table}))"


def _compute(inputs: ScheduleInput) -> Outputs:
    charges = _charges(inputs)
    return {"dep_year": charges[inputs.year - 1] if inputs.year <= len(charges) else 0.0}


def _notes(inputs: ScheduleInput, outputs: Outputs) -> tuple[Note, ...]:
    charges = _charges(inputs)
    notes: list[Note] = []
    if inputs.year > len(charges):
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh=f"第 {inputs.year} 年已提足折旧(共 {len(charges)} 年),当年为 0。",
                    en=f"Year {inputs.year} lies past the schedule's {len(charges)} years: fully depreciated, "
                    "charge 0.",
                ),
            )
        )
    if inputs.method.startswith("MACRS"):
        notes.append(
            Note(
                text=Bilingual(
                    zh="MACRS 是税法折旧,不看账面年限,也不扣残值;五年期财产跨六个日历年。",
                    en="MACRS is tax depreciation: it ignores book life and salvage, and five-year property spans "
                    "six calendar years.",
                ),
                source="V:IRS",
            )
        )
        if inputs.method == "MACRS5":
            notes.append(
                Note(
                    text=Bilingual(
                        zh="全年新增超过 40% 落在第四季度时须改用季中惯例,按各自投用的季度"
                        "(MACRS5_MQ1、_MQ2、_MQ3、MACRS5_MQ)。",
                        en="If more than 40% of the year's additions fall in the fourth quarter, mid-quarter "
                        "applies, each purchase by its own quarter (MACRS5_MQ1, _MQ2, _MQ3, MACRS5_MQ).",
                    ),
                    source="V:IRS",
                )
            )
    elif inputs.bonus > 0:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="一次性折旧只存在于税法;账面不会这样提。",
                    en="Bonus depreciation exists in tax law only; the books would not do this.",
                ),
                source="V:OBBB",
            )
        )
    if inputs.method == "DB":
        notes.append(
            Note(
                text=Bilingual(
                    zh="余额递减法不会自然提完,最后一年提足剩余部分。未给折旧率时取 1.5/年限。",
                    en="Declining balance never ends by itself; the last year takes what is left. Without a rate, "
                    "1.5/life is used.",
                )
            )
        )
    return tuple(notes)


def _charts(inputs: ScheduleInput, outputs: Outputs) -> tuple[Chart, ...]:
    charges = _charges(inputs)
    book = [inputs.cost - sum(charges[: t + 1]) for t in range(len(charges))]
    return (
        Chart(
            kind="bar",
            title=Bilingual(zh="各年折旧与年末账面价值", en="Annual charge and year-end book value"),
            x_label=Bilingual(zh="年份序号", en="year"),
            x=tuple(float(t + 1) for t in range(len(charges))),
            unit="USD bn",
            series=(
                Series(name=Bilingual(zh="当年折旧", en="charge"), values=charges),
                Series(name=Bilingual(zh="年末账面价值", en="book value"), values=tuple(book)),
            ),
        ),
    )


DEPRECIATION_SCHEDULE = Calculator(
    name="depreciation_schedule",
    title=Bilingual(zh="折旧表", en="Depreciation schedule"),
    inputs=ScheduleInput,
    outputs=(Output("dep_year", "USD bn", Bilingual(zh="当年折旧", en="depreciation in that year"), yearly=True),),
    equation=(
        "C cost, S salvage, L life, BV book value, t year. SL (C−S)/L; DB r·BV; DDB max(2BV/L, (BV−S)/(L−t+1)); "
        "SYD (C−S)(L−t+1)/(L(L+1)/2); UOP (C−S)·u_t/Σu; MACRS5 20/32/19.2/11.52/11.52/5.76% of C; bonus b: bC at once"
    ),
    compute=_compute,
    formulas={"dep_year": _formula},
    headline="dep_year",
    notes=_notes,
    charts=_charts,
    examples=(
        "1000亿美元的服务器按6年直线折旧,每年折旧多少?",
        "What is the MACRS depreciation of a $100bn purchase in year 2?",
    ),
    source="ASC 360-10-35-4; V:IRS; V:OBBB",
)
