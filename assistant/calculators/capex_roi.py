"""What capex costs a year once return and wear are counted, and whether revenue covers it.

Knows the level annual charge that repays capital with a return over its life. Does not know who owns the assets:
most of OpenAI's $1.4tn sits on others' balance sheets, and a stock spread over years is no match for one year's
revenue.

    >>> result = capex_roi(350.0, 0.10, 6.0, 0.60, revenue=100.0)
    >>> [f"{result[k]:.1f}" for k in ("capital_charge", "required_revenue")], f"{result['coverage']:.3f}"
    (['80.4', '133.9'], '0.747')
"""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.calculators.annuity import capital_recovery_factor
from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Chart,
    Note,
    Output,
    Outputs,
    QuotedFigure,
    Series,
    quantity,
)
from assistant.calculators.wording import given, money, number, percent
from assistant.errors import CalculatorInputError

PLAN = "同时我们看到OpenAI提出了1.4万亿美元的Capex计划。"
DOUBTED = "我们自己对OpenAI的这个1.4万亿投资也是存疑的,这个数额确实是一个天文数字。"
REVENUE_2027 = "OpenAI说他到2027年会达到1000亿美元的营收目标,但算力他们已经准备投入万亿了,中间还是有很大的缺口。"


def capex_roi(
    capex: Any,
    rate: Any,
    life: Any,
    gross_margin: Any,
    revenue: Any = None,
    years: Any = None,
) -> dict[str, Any]:
    """Annual charge of capital, the revenue it needs, and how far revenue covers it.

    CRF = r(1+r)^n/((1+r)^n − 1); charge = K·CRF; required = K·CRF/GM; coverage = revenue·GM/charge;
    revenue_to_capex = revenue/K; annual_capex = K/years. Where `revenue` is revenue at full use, 1/coverage is the
    utilisation at which capital breaks even.

    Args:
        capex: K, capital deployed, USD bn > 0. Arrays broadcast.
        rate: r, required return, decimal in [0, 0.5].
        life: n, years ≥ 1.
        gross_margin: GM before capital cost, decimal in (0, 1].
        revenue: a year, USD bn ≥ 0; None leaves what needs it None.
        years: over which K is spent; None leaves annual_capex None.

    Returns:
        annual_capex, revenue_to_capex, capital_charge, required_revenue, coverage, breakeven_utilisation.

    Raises:
        CalculatorInputError: an input out of range.
    """
    checks = (
        ("capex", capex, np.asarray(capex) > 0, "> 0 USD bn"),
        ("rate", rate, (np.asarray(rate) >= 0) & (np.asarray(rate) <= 0.5), "0 to 0.5 a year"),
        ("life", life, np.asarray(life) >= 1, "≥ 1 year"),
        ("gross_margin", gross_margin, (np.asarray(gross_margin) > 0) & (np.asarray(gross_margin) <= 1), "> 0 and ≤ 1"),
        ("revenue", revenue, np.asarray(0.0 if revenue is None else revenue) >= 0, "≥ 0 USD bn"),
        ("years", years, np.asarray(1.0 if years is None else years) > 0, "> 0 years"),
    )
    for field, value, admitted, allowed in checks:
        if not np.all(admitted):
            raise CalculatorInputError(field, allowed, str(value))
    charge = capex * capital_recovery_factor(rate, life)
    earns = revenue is not None and np.all(np.asarray(revenue) > 0)
    return {
        "annual_capex": None if years is None else capex / years,
        "revenue_to_capex": None if revenue is None else revenue / capex,
        "capital_charge": charge,
        "required_revenue": charge / gross_margin,
        "coverage": None if revenue is None else revenue * gross_margin / charge,
        "breakeven_utilisation": charge / (gross_margin * revenue) if earns else None,
    }


class CapexRoiInput(CalculatorInput):
    """Capital, what it must earn and for how long, and the revenue it brings."""

    capex: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="投入资本", en="capital deployed"),
        above=0.0,
        quotes=(
            QuotedFigure(quote=PLAN, speaker="陈茜", value=1400.0, originator="OpenAI"),
            QuotedFigure(quote=DOUBTED, speaker="Yang Ren", value=1400.0, originator="OpenAI"),
        ),
    )
    rate: float = quantity(
        0.10,
        unit="fraction",
        label=Bilingual(zh="要求回报率", en="required return a year"),
        source="V:JPM2",
        at_least=0.0,
        at_most=0.5,
    )
    life: float = quantity(
        6.0,
        unit="years",
        label=Bilingual(zh="使用年限", en="useful life"),
        source="V:F1, V:F2",
        at_least=1.0,
        at_most=100.0,
    )
    gross_margin: float = quantity(
        0.60,
        unit="fraction",
        label=Bilingual(zh="毛利率(未扣资本成本)", en="gross margin before capital cost"),
        source="judgement of this project",
        above=0.0,
        at_most=1.0,
    )
    revenue: float | None = quantity(
        None,
        unit="USD bn",
        label=Bilingual(zh="年收入", en="revenue a year"),
        at_least=0.0,
        quotes=(QuotedFigure(quote=REVENUE_2027, speaker="陈茜", value=100.0, originator="OpenAI"),),
    )
    years: float | None = quantity(
        None,
        unit="years",
        label=Bilingual(zh="投入分摊年数", en="years over which it is spent"),
        above=0.0,
        at_most=100.0,
    )


def _notes(inputs: CapexRoiInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="资本费用按等额年金计算,含回报与回收;毛利率未扣资本成本。",
                en="The charge is a level annuity, return and recovery together; the gross margin is before capital "
                "cost.",
            )
        )
    ]
    if given(outputs, "revenue_to_capex"):
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="收入/资本开支是一年收入对多年存量,口径不同;OpenAI 的 1.4 万亿分 8 年,"
                    "且大部分在别人的资产负债表上。",
                    en="Revenue over capex sets one year's revenue against a stock spent over years; OpenAI's $1.4tn "
                    "runs over eight "
                    "years and sits mostly on others' balance sheets.",
                ),
                source="V:TB, V:PY",
            )
        )
    if inputs.capex == 1400.0:
        notes.append(
            Note(
                kind="transcript",
                text=Bilingual(
                    zh="Yang 对 1.4 万亿存疑,认为市场也没有按它完全落实定价。",
                    en="Yang doubts the $1.4tn and thinks the market has not priced it in.",
                ),
                speaker="Yang Ren",
                quote=DOUBTED,
            )
        )
        notes.append(
            Note(
                kind="filing",
                text=Bilingual(
                    zh="汇丰估计 OpenAI 资金缺口 2070 亿美元†(†辩论之后公布)。",
                    en="HSBC puts OpenAI's funding gap at $207bn† († published after the debate).",
                ),
                source="V:HSBC",
            )
        )
    return tuple(notes)


def _charts(inputs: CapexRoiInput, outputs: Outputs) -> tuple[Chart, ...]:
    names = [Bilingual(zh="资本费用", en="capital charge"), Bilingual(zh="所需收入", en="required revenue")]
    values = [number(outputs, "capital_charge"), number(outputs, "required_revenue")]
    if inputs.revenue is not None:
        names += [Bilingual(zh="收入", en="revenue"), Bilingual(zh="毛利", en="gross profit")]
        values += [inputs.revenue, inputs.revenue * inputs.gross_margin]
    return (
        Chart(
            kind="bar",
            title=Bilingual(zh="每年的资本费用与收入", en="Capital charge and revenue a year"),
            x_label=Bilingual(zh="项目", en="item"),
            x=tuple(f"{name.zh} / {name.en}" for name in names),
            unit="USD bn",
            series=(Series(name=Bilingual(zh="每年", en="a year"), values=tuple(values)),),
        ),
    )


def _summary(inputs: CapexRoiInput, outputs: Outputs) -> Bilingual:
    charge, needed = money(number(outputs, "capital_charge")), money(number(outputs, "required_revenue"))
    zh = (
        f"{money(inputs.capex).zh}按 {percent(inputs.rate)}、{inputs.life:g} 年,"
        f"每年资本费用 {charge.zh},所需收入 {needed.zh}"
    )
    en = (
        f"{money(inputs.capex).en} at {percent(inputs.rate)} over {inputs.life:g} years costs {charge.en} a year "
        f"and needs {needed.en} of revenue"
    )
    if given(outputs, "coverage"):
        cover = percent(number(outputs, "coverage"))
        zh, en = f"{zh};现有收入覆盖 {cover}", f"{en}; revenue covers {cover}"
    if given(outputs, "annual_capex"):
        yearly = money(number(outputs, "annual_capex"))
        zh, en = f"平均每年投入 {yearly.zh}。{zh}", f"{yearly.en} a year of capex. {en}"
    return Bilingual(zh=zh + "。", en=en + ".")


CAPEX_ROI = Calculator(
    name="capex_roi",
    title=Bilingual(zh="资本开支回报", en="Return on capex"),
    inputs=CapexRoiInput,
    outputs=(
        Output(
            "annual_capex",
            "USD bn",
            Bilingual(zh="年均资本开支", en="capex a year"),
            yearly=True,
        ),
        Output(
            "revenue_to_capex",
            "multiple",
            Bilingual(zh="一年收入/全部资本开支", en="one year's revenue over all capex"),
        ),
        Output(
            "capital_charge",
            "USD bn",
            Bilingual(zh="年资本费用", en="capital charge a year"),
            yearly=True,
        ),
        Output(
            "required_revenue",
            "USD bn",
            Bilingual(zh="所需年收入", en="required revenue a year"),
            yearly=True,
        ),
        Output(
            "coverage",
            "fraction",
            Bilingual(zh="覆盖率", en="coverage"),
            even=1.0,
        ),
        Output(
            "breakeven_utilisation",
            "fraction",
            Bilingual(zh="盈亏平衡利用率", en="break-even utilisation"),
        ),
    ),
    equation="CRF = r(1+r)^n/((1+r)^n−1); charge = K·CRF; required = charge/GM; coverage = revenue·GM/charge; "
    "annual = K/years; break-even utilisation = charge/(GM·revenue at full use)",
    compute=lambda i: capex_roi(i.capex, i.rate, i.life, i.gross_margin, i.revenue, i.years),
    formulas={
        "annual_capex": 'IF({years}="","",{capex}/{years})',
        "revenue_to_capex": 'IF({revenue}="","",{revenue}/{capex})',
        "capital_charge": "-PMT({rate},{life},{capex})",
        "required_revenue": "{capital_charge}/{gross_margin}",
        "coverage": 'IF({revenue}="","",{revenue}*{gross_margin}/{capital_charge})',
        "breakeven_utilisation": 'IF({revenue}="","",IF({revenue}>0,1/{coverage},""))',
    },
    headline="required_revenue",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "3500亿美元的机器,10%回报、6年、毛利率60%,一年要多少收入才够?",
        "OpenAI's $1.4tn over eight years: how much a year, and what does $100bn of revenue cover?",
    ),
    source="annuity, V:TB, V:PY",
)
