"""What US shale did, 2008–2016: oil price, crude output, oil rigs, break-even and events, and changes between years.

Knows the published annual figures; the model fitted to them is `open_loop`. Knows nothing outside 2008–16 except the
two years that test the model out of sample.

Analogy used throughout: oil price ↔ revenue per GW-year or GPU-hour rent; rigs ↔ capex; crude ↔ GW in service;
break-even ↔ full-cycle unit cost; OPEC's decision of 27 November 2014 ↔ unknown.

    >>> shale_table("oil_rigs", 2009, 2014)["value1"]
    1528.0
"""

from __future__ import annotations

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
from assistant.calculators.wording import number
from assistant.errors import CalculatorInputError

Metric = Literal["wti", "crude", "oil_rigs"]
FIRST_YEAR, LAST_YEAR = 2008, 2016

# WTI spot at Cushing, annual mean, USD/bbl (EIA via datasets/oil-prices, wti-year.csv); 2017–18 only for the model's
# out-of-sample test (EIA, recalled, confidence high)
WTI = {
    2008: 99.67,
    2009: 61.95,
    2010: 79.48,
    2011: 94.88,
    2012: 94.05,
    2013: 97.98,
    2014: 93.17,
    2015: 48.66,
    2016: 43.29,
}
WTI_AFTER = {2017: 50.80, 2018: 65.23}
# US crude output, mb/d (EIA as reported by energy.gov, zerorpm, toinnov, peak-oil.org; ±0.06; 2008 was first printed
# 4.95)
CRUDE = {2008: 5.00, 2009: 5.36, 2010: 5.48, 2011: 5.65, 2012: 6.50, 2013: 7.47, 2014: 8.76, 2015: 9.42, 2016: 8.86}
# US oil rigs, annual mean (2013–15 Halliburton annual report 2015, p. 43; others EIA Monthly Energy Review 5.1,
# recalled)
OIL_RIGS = {
    2008: 379.0,
    2009: 278.0,
    2010: 591.0,
    2011: 984.0,
    2012: 1357.0,
    2013: 1375.0,
    2014: 1528.0,
    2015: 751.0,
    2016: 408.0,
}
OIL_RIGS_AFTER = {2017: 703.0, 2018: 841.0}  # EIA, recalled, confidence high
# Full-cycle break-even, USD/bbl (Rystad Energy; 2014 recalled, confidence low; 2015 is an upper bound)
BREAKEVEN = {2013: 80.0, 2014: 66.0, 2015: 48.0, 2016: 35.0}
TABLE: dict[str, dict[int, float]] = {"wti": WTI, "crude": CRUDE, "oil_rigs": OIL_RIGS}
UNIT = {"wti": "USD/bbl", "crude": "mb/d", "oil_rigs": "rigs"}
LABEL = {
    "wti": Bilingual(zh="WTI 油价", en="WTI oil price"),
    "crude": Bilingual(zh="美国原油产量", en="US crude output"),
    "oil_rigs": Bilingual(zh="美国石油钻机数", en="US oil rigs"),
}
SOURCE = {
    "wti": "V:WTI",
    "crude": "V:DOE, V:ZR, V:TO, V:PEAK, V:EIA12",
    "oil_rigs": "V:HAL, EIA Monthly Energy Review 5.1 (recalled; years other than 2013–15)",
}
EVENTS = {
    2009: Bilingual(zh="谷底", en="trough"),
    2014: Bilingual(zh="11 月 27 日 OPEC 决定不减产", en="27 November: OPEC decides not to cut output"),
    2015: Bilingual(zh="44 家北美油气生产商破产", en="44 North American producers go bankrupt"),
    2016: Bilingual(
        zh="70 家破产(累计 114 家、742 亿美元);美国本土 48 州资本开支 −56%",
        en="70 bankruptcies (114 and $74.2bn cumulative); Lower-48 capex down 56%",
    ),
}

OIL_ABOUT_100 = "因为那时石油价格长期稳定在100美元左右,能挣到钱。"
NEGATIVE_CASH_FLOW = "那个行业更差,不像Tech有现金流,长达十年美国石油行业都是负自由现金流,就是靠不停融资。"
UNKNOWN_EVENT = "我不知道AI对应的那个事件是什么,这是我们未来需要研究的方向。"


def shale_table(metric: Metric, year0: int, year1: int) -> dict[str, float]:
    """Two annual figures of the shale cycle and the change between them.

    change_pct = 100·(value1/value0 − 1). Source: see the tables above.

    Args:
        metric: "wti" (USD/bbl), "crude" (mb/d) or "oil_rigs" (count).
        year0: year compared with, 2008–2016.
        year1: year compared, 2008–2016.

    Returns:
        value0, value1 in the metric's unit; change_pct in per cent.

    Raises:
        CalculatorInputError: an unknown metric, or a year outside 2008–2016.

    >>> f"{shale_table('oil_rigs', 2014, 2016)['change_pct']:.1f}"
    '-73.3'
    """
    if metric not in TABLE:
        raise CalculatorInputError("metric", "wti, crude, oil_rigs", metric)
    for field, year in (("year0", year0), ("year1", year1)):
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CalculatorInputError(
                field, f"{FIRST_YEAR} to {LAST_YEAR}", year, allowed_zh=f"{FIRST_YEAR} 到 {LAST_YEAR} 年"
            )
    value0, value1 = TABLE[metric][year0], TABLE[metric][year1]
    return {"value0": value0, "value1": value1, "change_pct": 100.0 * (value1 / value0 - 1.0)}


class ShaleTableInput(CalculatorInput):
    """Which figure, and the two years."""

    metric: Metric = quantity(
        unit="",
        label=Bilingual(zh="指标", en="metric"),
        option_cues={
            "wti": ("油价", "石油价格", "原油价格", "wti", "oil price", "price of oil", "crude price"),
            "crude": (
                "产量",
                "原油产量",
                "crude output",
                "crude production",
                "oil production",
                "oil output",
                "production",
            ),
            "oil_rigs": ("钻机", "钻井", "oil rigs", "rigs", "rig count"),
        },
    )
    year0: int = quantity(
        unit="",
        label=Bilingual(zh="起始年", en="first year"),
        at_least=FIRST_YEAR,
        at_most=LAST_YEAR,
    )
    year1: int = quantity(
        unit="",
        label=Bilingual(zh="终止年", en="last year"),
        at_least=FIRST_YEAR,
        at_most=LAST_YEAR,
    )


def _notes(inputs: ShaleTableInput, outputs: Outputs) -> tuple[Note, ...]:
    span = range(min(inputs.year0, inputs.year1), max(inputs.year0, inputs.year1) + 1)
    notes = [Note(kind="filing", text=LABEL[inputs.metric], source=SOURCE[inputs.metric])]
    notes += [
        Note(
            kind="filing",
            text=Bilingual(zh=f"{year}:{EVENTS[year].zh}。", en=f"{year}: {EVENTS[year].en}."),
            source="V:HB, V:WM",
        )
        for year in span
        if year in EVENTS
    ]
    if inputs.metric == "wti" and {2011, 2012, 2013, 2014} & set(span):
        notes.append(
            Note(
                kind="transcript",
                text=Bilingual(
                    zh="Bruce 说油价长期稳定在 100 美元左右;2011–14 年的年均价为 93–98 美元,2010 年为 79 美元。",
                    en="Bruce says oil held at about $100; annual means were $93–98 in 2011–14 and $79 in 2010.",
                ),
                speaker="Bruce Liu",
                quote=OIL_ABOUT_100,
            )
        )
    return tuple(notes)


def _charts(inputs: ShaleTableInput, outputs: Outputs) -> tuple[Chart, ...]:
    column = TABLE[inputs.metric]
    return (
        Chart(
            kind="line",
            title=Bilingual(zh=f"页岩周期:{LABEL[inputs.metric].zh}", en=f"Shale cycle: {LABEL[inputs.metric].en}"),
            x_label=Bilingual(zh="年份", en="year"),
            x=tuple(column),
            unit=UNIT[inputs.metric],
            series=(Series(name=LABEL[inputs.metric], values=tuple(column.values())),),
        ),
    )


def _summary(inputs: ShaleTableInput, outputs: Outputs) -> Bilingual:
    value0, value1 = number(outputs, "value0"), number(outputs, "value1")
    change = f"{number(outputs, 'change_pct'):+.1f}%"
    label, unit = LABEL[inputs.metric], UNIT[inputs.metric]
    return Bilingual(
        zh=f"{label.zh}:{inputs.year0} 年 {value0:,.4g},{inputs.year1} 年 {value1:,.4g}({unit}),变化 {change}。",
        en=f"{label.en}: {value0:,.4g} in {inputs.year0}, {value1:,.4g} in {inputs.year1} ({unit}), {change}.",
    )


SHALE_TABLE = Calculator(
    name="shale_table",
    title=Bilingual(zh="页岩油周期数据(2008–2016)", en="Shale cycle figures (2008–2016)"),
    inputs=ShaleTableInput,
    outputs=(
        Output(
            "value0",
            "",
            Bilingual(
                zh="起始年数值(wti: USD/bbl;crude: mb/d;oil_rigs: 台)",
                en="first year's figure (wti: USD/bbl; crude: mb/d; oil_rigs: count)",
            ),
        ),
        Output("value1", "", Bilingual(zh="终止年数值(单位同上)", en="last year's figure (same unit)")),
        Output(
            "change_pct",
            "%",
            Bilingual(zh="变化率", en="change"),
        ),
    ),
    equation="change_pct = 100·(value1/value0 − 1)",
    compute=lambda i: shale_table(i.metric, i.year0, i.year1),
    formulas={"change_pct": "100*({value1}/{value0}-1)"},
    headline="change_pct",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "页岩油那一轮,2009 到 2014 年钻机数涨了多少?",
        "How far did the oil price fall from 2014 to 2016?",
    ),
    source="V:WTI, V:DOE, V:ZR, V:TO, V:PEAK, V:HAL, V:RYS",
)
