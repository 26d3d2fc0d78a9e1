"""The shale cycle driven by a given oil price: a system-dynamics model of rigs, output and break-even, fitted 2010–16.

Knows how drilling followed price with a delay: expectations adapt, unit cost falls with cumulative output and with
service deflation, access to money follows the margin, wells take time to build. It does not know the price (given
from outside) and misses the capital discipline after a bust: out of sample it fails upward (2017 rigs 974 against
703, 2018 1636 against 841), unless access to money is capped at 0.6 when projecting.

Ancestry: Meadows 1970 (commodity cycles), Sterman 2000 (supply-line ordering), Kydland–Prescott 1982 (time to build),
Wright 1936 (learning).

    >>> f"{cycle_sim({}, 2013)['crude']:.2f}"      # 7.47 in fact
    '7.45'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Chart,
    Cues,
    Note,
    Output,
    Outputs,
    QuotedFigure,
    Series,
    phrases,
    quantity,
)
from assistant.calculators.shale import (
    BREAKEVEN,
    CRUDE,
    OIL_ABOUT_100,
    OIL_RIGS,
    OIL_RIGS_AFTER,
    UNKNOWN_EVENT,
    WTI,
    WTI_AFTER,
)
from assistant.calculators.wording import number
from assistant.errors import CalculatorInputError

START, LAST_FITTED, END = 2009, 2016, 2018
PRICES = {year: price for year, price in {**WTI, **WTI_AFTER}.items() if year >= START}
DISCIPLINE_CAP = 0.6  # what capital discipline left of the access to money after 2016

STEP = 0.25  # years; explicit Euler
CAPACITY, MARGIN_EXPONENT, CAPACITY_ADJUSTMENT = 2.14, 2.22, 0.75  # K̄ mb/d, η, τK years
DECLINE, LEARNING_EXPONENT, DEFLATION = 0.40, 0.30, 0.55  # δ per year, b (19 % a doubling), ξ
EXPECTATION_DELAY, BUILD_TIME = 0.66, 0.75  # τe, τb years
ACCESS_FLOOR, ACCESS_DELAY, ACCESS_SHIFT = 0.47, 0.78, -0.02  # φmin, τφ years, h
COST0, RIGS_PER_ADDITION, CONVENTIONAL = 130.0, 1140.67, 4.60  # c0 USD/bbl, rigs per mb/d a year, mb/d


@dataclass(frozen=True)
class ShaleYear:
    """Annual means of one modelled year."""

    crude: float  # mb/d
    oil_rigs: float
    breakeven: float  # USD/bbl
    phi: float  # access to money, 0–1
    margin: float  # expected price over full-cycle cost


def shale_path(
    prices: Mapping[int, float], last_year: int = END, discipline_cap: float | None = None
) -> dict[int, ShaleYear]:
    """Run the open loop from 2009 and return annual means.

    P^e += dt(P−P^e)/τe; c_s = c0·max(Y,1)^−b; c = c_s(P^e/95)^ξ; m = clip(P^e/c, .2, 4);
    A* = max(0, δK+(K̄m^η−K)/τK); φ* = φmin+(1−φmin)/(1+e^{−12(m−1−h)}); φ += dt(φ*−φ)/τφ; A = min(φA*, 8);
    W = max(0, W+dt(A−W/τb)); K += dt(W/τb−δK); Y += dt·K. Crude = K+4.60; rigs = 1140.67·A·c_s/c0; break-even = c.

    Args:
        prices: oil price by year, USD/bbl, covering 2009 to `last_year`.
        last_year: last year to model.
        discipline_cap: upper bound on φ in the years after the sample (2017 on), once rigs have fallen by a fifth in
            a year.
    """
    shale, produced, expected, access = 0.76, 1.0, 75.0, 0.8  # K mb/d, Y, P^e USD/bbl, φ
    in_progress = shale * DECLINE * BUILD_TIME  # W
    path: dict[int, ShaleYear] = {}
    bust_seen = False
    for year in range(START, last_year + 1):
        sums = [0.0] * 5
        for _ in range(round(1 / STEP)):
            expected += STEP * (prices[year] - expected) / EXPECTATION_DELAY
            learned_cost = COST0 * max(produced, 1.0) ** -LEARNING_EXPONENT
            cost = learned_cost * (expected / 95.0) ** DEFLATION
            margin = min(max(expected / cost, 0.2), 4.0)
            wanted = max(0.0, DECLINE * shale + (CAPACITY * margin**MARGIN_EXPONENT - shale) / CAPACITY_ADJUSTMENT)
            target = ACCESS_FLOOR + (1 - ACCESS_FLOOR) / (1 + math.exp(-12 * (margin - 1 - ACCESS_SHIFT)))
            access += STEP * (target - access) / ACCESS_DELAY
            if discipline_cap is not None and bust_seen and year > LAST_FITTED:
                access = min(access, discipline_cap)
            additions = min(access * wanted, 8.0)
            in_progress = max(0.0, in_progress + STEP * (additions - in_progress / BUILD_TIME))
            shale += STEP * (in_progress / BUILD_TIME - DECLINE * shale)
            produced += STEP * shale
            rigs = RIGS_PER_ADDITION * additions * learned_cost / COST0
            for i, value in enumerate((shale + CONVENTIONAL, rigs, cost, access, margin)):
                sums[i] += STEP * value
        path[year] = ShaleYear(*sums)
        bust_seen |= year > START and path[year].oil_rigs <= 0.8 * path[year - 1].oil_rigs
    return path


def cycle_sim(price_override: Mapping[int, float], year: int, discipline: bool = False) -> dict[str, float]:
    """State of US shale in one year, at the actual oil price except where overridden.

    Args:
        price_override: oil price by year, USD/bbl; years not named keep the actual annual mean.
        year: 2009–2018; after 2016 the model is out of its sample.
        discipline: cap the access to money at 0.6 after 2016.

    Returns:
        crude mb/d, oil_rigs, breakeven USD/bbl, phi 0–1, margin (multiple): annual means.

    Raises:
        CalculatorInputError: a year outside 2009–2018, in `year` or in the override.

    >>> f"{cycle_sim({2015: 93.17, 2016: 93.17}, 2016)['crude']:.1f}"    # no price war
    '11.3'
    """
    if not START <= year <= END:
        raise CalculatorInputError("year", f"{START} to {END}", year, allowed_zh=f"{START} 到 {END} 年")
    for overridden in price_override:
        if overridden not in PRICES:
            raise CalculatorInputError(
                "price_override",
                f"prices for the years {START} to {END}",
                overridden,
                allowed_zh=f"{START} 到 {END} 年的油价",
            )
    prices = {**PRICES, **price_override}
    return dict(vars(shale_path(prices, year, DISCIPLINE_CAP if discipline else None)[year]))


@dataclass(frozen=True)
class FitRow:
    """One figure the model is held against; `error` is model/actual − 1."""

    metric: str
    year: int
    actual: float
    model: float
    in_sample: bool

    @property
    def error(self) -> float:
        """Relative error, positive when the model is too high."""
        return self.model / self.actual - 1.0


def shale_fit() -> tuple[FitRow, ...]:
    """Model against fact, 2010–16 in sample, rigs of 2017–18 out of it; in the order crude, rigs, break-even."""
    path = shale_path(PRICES)
    facts = {"crude": CRUDE, "oil_rigs": {**OIL_RIGS, **OIL_RIGS_AFTER}, "breakeven": BREAKEVEN}
    return tuple(
        FitRow(metric, year, actual, getattr(path[year], metric), year <= LAST_FITTED)
        for metric, column in facts.items()
        for year, actual in column.items()
        if year > START
    )


class CycleSimInput(CalculatorInput):
    """The year asked about, and the oil prices to change."""

    year: int = quantity(
        unit="",
        label=Bilingual(zh="年份", en="year"),
        at_least=START,
        at_most=END,
        cues=Cues(
            zh=(
                "年",
                "到",
                "那一年",
                "当年",
            ),
            en=("in", "by", "year"),
        ),
    )
    price_override: dict[int, float] = quantity(
        {},
        unit="USD/bbl",
        label=Bilingual(zh="假设油价(按年)", en="assumed oil price, by year"),
        source="V:WTI, EIA annual mean for 2017–18 (recalled)",
        above=0.0,
        at_most=500.0,
        cues=Cues(
            zh=phrases("油价, 石油价格, 每桶, 美元/桶, 油价一直, 美元油价"),
            en=phrases(
                "oil price, oil at, per barrel, a barrel, /bbl, wti, averaged, stayed at, oil averaged, "
                "oil had, dollar oil, oil"
            ),
        ),
        quotes=(
            QuotedFigure(
                quote=OIL_ABOUT_100,
                speaker="Bruce Liu",
                value={"2010": 100.0, "2011": 100.0, "2012": 100.0, "2013": 100.0, "2014": 100.0},
                about=Bilingual(zh="2010–14 年油价约 100 美元", en="oil at about $100 in 2010–14"),
            ),
        ),
    )
    discipline: bool = quantity(
        False,
        unit="",
        label=Bilingual(zh="破裂后资本纪律(φ≤0.6)", en="capital discipline after the bust (φ ≤ 0.6)"),
        source="the fitted model has none; it therefore overshoots after 2016",
        cues=Cues(zh=("资本纪律",), en=("capital discipline",)),
    )


def _notes(inputs: CycleSimInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="模型用 2010–16 年拟合:原油产量平均误差 1.1%(最大 1.5%),钻机 9.6%(最大 17%),盈亏平衡点最大 6.4%。"
                "油价是外生输入;不含需求与全球供给的反馈。",
                en="Fitted on 2010–16: crude output mean error 1.1% (max 1.5%), rigs 9.6% (max 17%), break-even max "
                "6.4%. The oil "
                "price is an input; there is no feedback from world demand and supply.",
            )
        )
    ]
    if inputs.year > LAST_FITTED:
        capped = cycle_sim(inputs.price_override, inputs.year, discipline=True)["oil_rigs"]
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="2016 年之后属样本外,模型向上失灵(2017 年钻机 974 对实际 703,2018 年 1636 对 841):"
                    "缺少破裂后的资本纪律。"
                    f"把 φ 上限设为 0.6 时,{inputs.year} 年钻机为 {capped:.0f}。",
                    en="After 2016 the model is out of sample and fails upward (2017 rigs 974 against 703, 2018 1636 "
                    "against 841): it "
                    f"lacks the capital discipline that followed the bust. With φ capped at 0.6, {inputs.year} rigs "
                    f"are {capped:.0f}.",
                ),
                source="EIA rig counts, recalled",
            )
        )
    notes.append(
        Note(
            kind="transcript",
            text=Bilingual(
                zh="类比:油价对应每吉瓦年收入或 GPU 租金,钻机对应资本开支,盈亏平衡点对应全周期单位成本;OPEC "
                "决定对应什么,Bruce 说不知道。",
                en="Analogy: oil price ↔ revenue per GW-year or GPU rent, rigs ↔ capex, break-even ↔ full-cycle unit "
                "cost; what OPEC's "
                "decision corresponds to, Bruce says he does not know.",
            ),
            speaker="Bruce Liu",
            quote=UNKNOWN_EVENT,
        )
    )
    return tuple(notes)


def _charts(inputs: CycleSimInput, outputs: Outputs) -> tuple[Chart, ...]:
    path = shale_path({**PRICES, **inputs.price_override}, END, DISCIPLINE_CAP if inputs.discipline else None)
    base = shale_path(PRICES)
    facts = {"crude": CRUDE, "oil_rigs": {**OIL_RIGS, **OIL_RIGS_AFTER}}
    titles = {
        "crude": (Bilingual(zh="美国原油产量", en="US crude output"), "mb/d"),
        "oil_rigs": (Bilingual(zh="美国石油钻机数", en="US oil rigs"), "rigs"),
    }
    return tuple(
        Chart(
            kind="line",
            title=title,
            x_label=Bilingual(zh="年份", en="year"),
            x=tuple(path),
            unit=unit,
            series=(
                Series(
                    name=Bilingual(zh="本情景", en="this scenario"), values=tuple(getattr(p, m) for p in path.values())
                ),
                Series(
                    name=Bilingual(zh="模型,实际油价", en="model, actual price"),
                    values=tuple(getattr(p, m) for p in base.values()),
                ),
                Series(name=Bilingual(zh="实际", en="actual"), values=tuple(facts[m].get(year) for year in path)),
            ),
        )
        for m, (title, unit) in titles.items()
    )


def _summary(inputs: CycleSimInput, outputs: Outputs) -> Bilingual:
    crude, rigs, cost = number(outputs, "crude"), number(outputs, "oil_rigs"), number(outputs, "breakeven")
    return Bilingual(
        zh=f"模型中 {inputs.year} 年:石油钻机 {rigs:.0f} 台,原油产量 {crude:.2f} 百万桶/日,盈亏平衡点 {cost:.0f} "
        f"美元/桶。",
        en=f"In the model, {inputs.year}: {rigs:.0f} oil rigs, crude output {crude:.2f} mb/d, break-even ${cost:.0f} "
        f"a barrel.",
    )


CYCLE_SIM = Calculator(
    name="cycle_sim",
    title=Bilingual(zh="页岩周期模型(给定油价)", en="Shale cycle model at a given oil price"),
    inputs=CycleSimInput,
    outputs=(
        Output(
            "crude",
            "mb/d",
            Bilingual(zh="原油产量", en="crude output"),
            cues=Cues(
                zh=(
                    "原油",
                    "产量",
                ),
                en=phrases(
                    "crude, output, production, had oil stayed, would & rigs, oil stayed & output, would & oil price"
                ),
            ),
        ),
        Output(
            "oil_rigs",
            "rigs",
            Bilingual(zh="石油钻机数", en="oil rigs"),
            cues=Cues(
                zh=("钻机",),
                en=(
                    "rigs",
                    "rig count",
                ),
            ),
        ),
        Output(
            "breakeven",
            "USD/bbl",
            Bilingual(zh="全周期盈亏平衡点", en="full-cycle break-even"),
            cues=Cues(
                zh=(
                    "盈亏平衡",
                    "成本线",
                ),
                en=(
                    "break-even",
                    "breakeven",
                ),
            ),
        ),
        Output("phi", "fraction", Bilingual(zh="融资可得性 φ", en="access to money φ")),
        Output(
            "margin",
            "multiple",
            Bilingual(zh="预期油价/全周期成本", en="expected price over full-cycle cost"),
            cues=Cues(zh=("利润",), en=("margin",)),
        ),
    ),
    equation="dP^e/dt=(P−P^e)/τe; c=c0·Y^−b·(P^e/95)^ξ; m=P^e/c; A=min(φ·max(0,δK+(K̄m^η−K)/τK),8); dW/dt=A−W/τb; "
    "dK/dt=W/τb−δK; dφ/dt=(φ*(m)−φ)/τφ; crude=K+4.60; rigs=1140.67·A·c_s/c0; dt=¼ y, annual means",
    compute=lambda i: cycle_sim(i.price_override, i.year, i.discipline),
    headline="oil_rigs",
    cues=Cues(
        zh=phrases(
            "页岩 & 假如, 页岩 & 如果, 页岩 & 模型, 油价 & 如果, 油价 & 假如, 钻机 & 如果, "
            "沙特 & 没有, 页岩模型, 油价 & 要是, 油价 & 维持, 油价 & 假设, 钻机 & 假如"
        ),
        en=phrases(
            "shale & if, shale & model, shale & simulat, oil price & if, oil had stayed, "
            "price war & shale, rigs & if, shale model, oil & averaged & rig, oil had averaged, "
            "rig count & if, oil & had & output, counterfactual & oil"
        ),
    ),
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "如果 2015、2016 年油价一直是 95 美元,2016 年钻机会有多少?",
        "What would US crude output have been in 2016 if oil had stayed at $93 in 2015 and 2016?",
    ),
    source="V:WTI, V:HAL, V:RYS, V:STE",
)
