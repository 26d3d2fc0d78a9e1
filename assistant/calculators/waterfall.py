"""Who pays for the build-out, and what it must earn: a funding waterfall and the revenue a return implies.

Knows JPMorgan's published split of $5tn and its $650bn of annual revenue; whatever the named sources do not cover is
the residual, which JPMorgan leaves to operating cash flow.

    >>> f"{funding_waterfall(5000.0, JPMORGAN_SOURCES)['residual']:.0f}"
    '1775'
    >>> f"{required_revenue(5000.0, 0.10, 0.769)['revenue']:.0f}"
    '650'
"""

from __future__ import annotations

from collections.abc import Mapping
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
from assistant.calculators.wording import money, number, percent
from assistant.errors import CalculatorInputError

FIVE_TO_SEVEN = "JPMorgan算了,接下来可能AI相关有5到7万亿美元CapEx要投。"
WHERE_FROM = "首先是Hyperscaler自生钱(经营现金流),然后靠公开市场债券市场,还要靠新起的美国“影子银行”即private credit。"
GOVERNMENT_DEBT = "经过过去20年周期,“国家”借债太多,“企业”资产负债表反而非常健康。"

# JPMorgan's split of 5tn, $bn; asset-backed: 30–40 a year over five years
JPMORGAN_SOURCES = {
    "investment grade": 1500.0,
    "leveraged finance": 150.0,
    "securitisation": 175.0,
    "private credit / government": 1400.0,
}
SOURCE_NAMES = {
    "investment grade": Bilingual(zh="投资级债券", en="investment grade"),
    "leveraged finance": Bilingual(zh="杠杆融资", en="leveraged finance"),
    "securitisation": Bilingual(zh="证券化", en="securitisation"),
    "private credit / government": Bilingual(zh="私募信贷/政府", en="private credit / government"),
}


def funding_waterfall(total: float, sources: Mapping[str, float]) -> dict[str, float]:
    """What named sources cover of a total, and what is left.

    funded = Σ sources; residual = total − funded. funded + residual = total always.

    Args:
        total: amount to fund, USD bn > 0.
        sources: amount by source, USD bn ≥ 0.

    Returns:
        funded and residual, USD bn; the residual is negative when sources exceed the total.

    Raises:
        CalculatorInputError: total ≤ 0 or a negative source.
    """
    if total <= 0:
        raise CalculatorInputError("total", "> 0 USD bn", total, allowed_zh="> 0 USD bn")
    for name, amount in sources.items():
        if amount < 0:
            raise CalculatorInputError(
                "sources", "amounts ≥ 0 USD bn", f"{name}: {amount:g}", allowed_zh="各项金额 ≥ 0 USD bn"
            )
    funded = float(sum(sources.values()))
    return {"funded": funded, "residual": total - funded}


def required_revenue(capex: Any, rate: Any, margin: Any) -> dict[str, Any]:
    """Annual revenue that gives a return on capital for ever, with nothing ever replaced.

    revenue = K·r/margin.

    Args:
        capex: K, USD bn > 0. Arrays broadcast.
        rate: required return r a year, decimal in [0, 0.5].
        margin: cash margin on revenue, decimal in (0, 1].

    Returns:
        revenue, USD bn a year.

    Raises:
        CalculatorInputError: an input out of range.
    """
    checks = (
        ("capex", capex, np.asarray(capex) > 0, "> 0 USD bn"),
        ("rate", rate, (np.asarray(rate) >= 0) & (np.asarray(rate) <= 0.5), "0 to 0.5 a year"),
        ("margin", margin, (np.asarray(margin) > 0) & (np.asarray(margin) <= 1), "> 0 and ≤ 1"),
    )
    for field, value, admitted, allowed in checks:
        if not np.all(admitted):
            raise CalculatorInputError(field, allowed, str(value))
    return {"revenue": capex * rate / margin}


JPMORGAN_TOTALS = (
    QuotedFigure(
        quote=FIVE_TO_SEVEN,
        speaker="Bruce Liu",
        value=5000.0,
        originator="JPMorgan",
        about=Bilingual(zh="5 到 7 万亿的低端", en="low end of 5 to 7 trillion"),
    ),
    QuotedFigure(
        quote=FIVE_TO_SEVEN,
        speaker="Bruce Liu",
        value=7000.0,
        originator="JPMorgan",
        about=Bilingual(zh="5 到 7 万亿的高端", en="high end of 5 to 7 trillion"),
    ),
)


class FundingWaterfallInput(CalculatorInput):
    """The total, and what each source brings."""

    total: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="需要筹集的总额", en="total to fund"),
        above=0.0,
        quotes=JPMORGAN_TOTALS,
    )
    sources: dict[str, float] = quantity(
        JPMORGAN_SOURCES,
        unit="USD bn",
        label=Bilingual(zh="各资金来源", en="sources of money"),
        source="V:JPM",
        at_least=0.0,
    )


def _waterfall_notes(inputs: FundingWaterfallInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 列出的来源:经营现金流、公开债市、私募信贷。",
                en="Bruce names the sources: operating cash flow, public bonds, private credit.",
            ),
            speaker="Bruce Liu",
            quote=WHERE_FROM,
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 说债权人更愿借给企业:国家借了二十年债,企业资产负债表健康。",
                en="Bruce says lenders prefer companies: states borrowed for twenty years, corporate balance sheets "
                "are sound.",
            ),
            speaker="Bruce Liu",
            quote=GOVERNMENT_DEBT,
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="摩根大通拆分 5 万亿:投资级 1.5,杠杆 0.15,证券化每年 300–400 亿(5 年 0.175),私募信贷及政府 1.4 万亿;"
                "其余 1.775 万亿由现金流承担(本项目推算)。",
                en="JPMorgan splits $5tn: investment grade 1.5, leveraged 0.15, securitisation $30–40bn a year "
                "(0.175 over five "
                "years), private credit and government 1.4; cash flow is left with 1.775 (derived here).",
            ),
            source="V:JPM",
        ),
    ]
    if number(outputs, "residual") < 0:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(zh="来源之和超过总额。", en="The sources add up to more than the total."),
            )
        )
    return tuple(notes)


def _waterfall_charts(inputs: FundingWaterfallInput, outputs: Outputs) -> tuple[Chart, ...]:
    residual = number(outputs, "residual")
    return (
        Chart(
            kind="waterfall",
            title=Bilingual(zh="钱从哪里来", en="Where the money comes from"),
            x_label=Bilingual(zh="来源", en="source"),
            x=(*inputs.sources, "余额 / residual", "总额 / total"),
            unit="USD bn",
            series=(
                Series(
                    name=Bilingual(zh="金额", en="amount"),
                    values=(*inputs.sources.values(), residual, inputs.total),
                ),
            ),
        ),
    )


FUNDING_WATERFALL = Calculator(
    name="funding_waterfall",
    title=Bilingual(zh="资金来源瀑布", en="Funding waterfall"),
    inputs=FundingWaterfallInput,
    outputs=(
        Output(
            "funded",
            "USD bn",
            Bilingual(zh="已有来源", en="funded"),
        ),
        Output(
            "residual",
            "USD bn",
            Bilingual(zh="余额(靠现金流)", en="residual, left to cash flow"),
            even=0.0,
        ),
    ),
    equation="funded = Σ sources; residual = total − funded",
    compute=lambda i: funding_waterfall(i.total, i.sources),
    formulas={"funded": "SUM({sources})", "residual": "{total}-{funded}"},
    headline="residual",
    notes=_waterfall_notes,
    charts=_waterfall_charts,
    summary=lambda i, o: Bilingual(
        zh=f"{money(i.total).zh}中已有来源 {money(number(o, 'funded')).zh},余额 {money(number(o, 'residual')).zh}。",
        en=f"Of {money(i.total).en}, {money(number(o, 'funded')).en} is funded; {money(number(o, 'residual')).en} is "
        f"left.",
    ),
    examples=(
        "5万亿里投资级债1.5万亿、杠杆1500亿、ABS 1750亿、私募信贷1.4万亿,还差多少靠现金流?",
        "JPMorgan's $7tn with the same sources: how much is left to cash flow?",
    ),
    source="V:JPM",
)


class RequiredRevenueInput(CalculatorInput):
    """Capital, the return it must earn, and the margin on revenue."""

    capex: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="投入资本", en="capital invested"),
        above=0.0,
        quotes=JPMORGAN_TOTALS,
    )
    rate: float = quantity(
        0.10,
        unit="fraction",
        label=Bilingual(zh="要求回报率", en="required return a year"),
        source="V:JPM2",
        at_least=0.0,
        at_most=0.5,
    )
    margin: float = quantity(
        0.769,
        unit="fraction",
        label=Bilingual(zh="现金利润率", en="cash margin on revenue"),
        source="implied by JPMorgan's $650bn a year on $5tn at 10% (derived here)",
        above=0.0,
        at_most=1.0,
    )


def _revenue_notes(inputs: RequiredRevenueInput, outputs: Outputs) -> tuple[Note, ...]:
    ten_years = money(inputs.capex * float(capital_recovery_factor(inputs.rate, 10)))
    per_iphone = number(outputs, "revenue") / 1.56 / 12
    return (
        Note(
            kind="warning",
            text=Bilingual(
                zh=f"这是永续口径,没有任何设备更换;按 10 年年金收回资本,每年需 {ten_years.zh}(未计运营成本)。",
                en=f"This is a perpetuity with no replacement; recovering the capital over ten years takes "
                f"{ten_years.en} a year "
                "before operating cost.",
            ),
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="摩根大通:5 万亿、10% 回报需年收入 6500 亿,隐含利润率 76.9%,"
                "相当于 15.6 亿 iPhone 用户每人每月 34.72 美元;"
                f"本结果相当于每人每月 {per_iphone:.2f} 美元。",
                en="JPMorgan: $650bn a year for 10% on $5tn, an implied margin of 76.9%, or $34.72 a month from each "
                "of 1.56bn "
                f"iPhone users; this result is ${per_iphone:.2f} a month.",
            ),
            source="V:JPM2",
        ),
    )


REQUIRED_REVENUE = Calculator(
    name="required_revenue",
    title=Bilingual(zh="回报所需的年收入", en="Revenue a return requires"),
    inputs=RequiredRevenueInput,
    outputs=(Output("revenue", "USD bn", Bilingual(zh="所需年收入", en="required revenue a year"), yearly=True),),
    equation="revenue = K·r/margin (a perpetuity)",
    compute=lambda i: required_revenue(i.capex, i.rate, i.margin),
    formulas={"revenue": "{capex}*{rate}/{margin}"},
    headline="revenue",
    notes=_revenue_notes,
    summary=lambda i, o: Bilingual(
        zh=f"{money(i.capex).zh}要有 {percent(i.rate)} 的回报、利润率 {percent(i.margin)},"
        f"每年需收入 {money(number(o, 'revenue')).zh}。",
        en=f"For a {percent(i.rate)} return on {money(i.capex).en} at a {percent(i.margin)} margin, "
        f"revenue must be {money(number(o, 'revenue')).en} a year.",
    ),
    examples=(
        "5万亿投入要10%回报,利润率50%,一年要多少收入?",
        "What revenue does a 10% return on $7tn need?",
    ),
    source="V:JPM2",
)
