"""A price change split into the multiple and the earnings.

Knows P/E at two dates and earnings growth between them, both on one basis (trailing or forward, never mixed). The
split is exact in logs. Loss-making companies have no P/E.

    >>> result = multiple_decomposition(28.0, 26.0, 0.20)
    >>> f"{result['price_change']:.3f}", f"{result['multiple_log']:.3f}", f"{result['earnings_log']:.3f}"
    ('0.114', '-0.074', '0.182')
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
    QuotedFigure,
    Series,
    quantity,
)
from assistant.calculators.wording import number, percent
from assistant.errors import CalculatorInputError

FROM_28_TO_26 = "此前QQQ一度冲至28倍估值,直追2021年高点,如今回调至26倍,这是良性发展。"
NEAR_TWENTY = "QQQ同比增幅已接近20%,基本面未变,目前仅是健康的回调。"
NOT_PRICED_IN = "英伟达还在190块钱,这明显就没有price-in那么宏大的故事。"


def multiple_decomposition(pe0: Any, pe1: Any, eps_growth: Any) -> dict[str, Any]:
    """Price change from the change of multiple and of earnings.

    price_change = (pe1/pe0)(1+g) − 1; ln(1+price_change) = ln(pe1/pe0) + ln(1+g); flat_price_pe = pe0/(1+g), the
    multiple at which growth g leaves the price unchanged.

    Args:
        pe0: P/E before > 0. Arrays broadcast.
        pe1: P/E after > 0, on the same basis.
        eps_growth: g, earnings growth between the dates, decimal > −1.

    Returns:
        price_change (decimal), multiple_log, earnings_log (log points as decimals), flat_price_pe.

    Raises:
        CalculatorInputError: a P/E ≤ 0 (loss-making) or g ≤ −100 %.
    """
    for field, value in (("pe0", pe0), ("pe1", pe1)):
        if np.any(np.asarray(value) <= 0):
            raise CalculatorInputError(
                field, "> 0: a loss has no P/E", str(value), allowed_zh="> 0:亏损时市盈率没有意义"
            )
    if np.any(np.asarray(eps_growth) <= -1):
        raise CalculatorInputError("eps_growth", "> −1 (−100 %)", str(eps_growth), allowed_zh="> −1(−100%)")
    logs = (np.log(pe1 / pe0), np.log1p(eps_growth))
    multiple_log, earnings_log = (value if np.ndim(value) else float(value) for value in logs)
    return {
        "price_change": pe1 / pe0 * (1.0 + eps_growth) - 1.0,
        "multiple_log": multiple_log,
        "earnings_log": earnings_log,
        "flat_price_pe": pe0 / (1.0 + eps_growth),
    }


class MultipleDecompositionInput(CalculatorInput):
    """Two multiples on one basis, and earnings growth between them."""

    pe0: float = quantity(
        unit="multiple",
        label=Bilingual(zh="期初市盈率", en="P/E before"),
        above=0.0,
        at_most=10_000.0,
        quotes=(QuotedFigure(quote=FROM_28_TO_26, speaker="Bruce Liu", value=28.0),),
    )
    pe1: float = quantity(
        unit="multiple",
        label=Bilingual(zh="期末市盈率", en="P/E after"),
        above=0.0,
        at_most=10_000.0,
        quotes=(QuotedFigure(quote=FROM_28_TO_26, speaker="Bruce Liu", value=26.0),),
    )
    eps_growth: float = quantity(
        0.0,
        unit="fraction",
        label=Bilingual(zh="盈利增速", en="earnings growth"),
        source="convention: earnings unchanged",
        above=-1.0,
        at_most=100.0,
        quotes=(
            QuotedFigure(
                quote=NEAR_TWENTY,
                speaker="Bruce Liu",
                value=0.20,
                about=Bilingual(
                    zh="“近20%”含义不明,按盈利增速理解", en="“near 20%” is ambiguous; read as earnings growth"
                ),
            ),
        ),
    )


def _notes(inputs: MultipleDecompositionInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="两个市盈率须同为滚动或同为预期口径。",
                en="Both multiples must be trailing, or both forward.",
            )
        )
    ]
    if {inputs.pe0, inputs.pe1} & {28.0, 26.0}:
        notes.append(
            Note(
                kind="transcript",
                text=Bilingual(
                    zh="Bruce:QQQ 从 28 倍回到 26 倍;“同比增幅近20%”没有说是盈利还是价格。",
                    en="Bruce: QQQ from 28× to 26×; his “near 20% on the year” does not say earnings or price.",
                ),
                speaker="Bruce Liu",
                quote=FROM_28_TO_26,
            )
        )
        notes.append(
            Note(
                kind="filing",
                text=Bilingual(
                    zh="纳斯达克 100 的预期市盈率在 2025 年 10 月 24 日为 27.39 倍。",
                    en="The Nasdaq-100's forward P/E was 27.39 on 24 October 2025.",
                ),
                source="V:TRE",
            )
        )
    notes.append(
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 以英伟达约 190 美元说明市场没有为宏大叙事定价。",
                en="Bruce takes NVIDIA at about $190 to show the grand story is not priced in.",
            ),
            speaker="Bruce Liu",
            quote=NOT_PRICED_IN,
        )
    )
    return tuple(notes)


def _charts(inputs: MultipleDecompositionInput, outputs: Outputs) -> tuple[Chart, ...]:
    multiple, earnings = number(outputs, "multiple_log"), number(outputs, "earnings_log")
    return (
        Chart(
            kind="waterfall",
            title=Bilingual(zh="价格变化的对数分解", en="Price change in logs"),
            x_label=Bilingual(zh="部分", en="part"),
            x=("估值 / multiple", "盈利 / earnings", "价格 / price"),
            unit="fraction",
            series=(
                Series(
                    name=Bilingual(zh="对数变化", en="log change"), values=(multiple, earnings, multiple + earnings)
                ),
            ),
        ),
    )


MULTIPLE_DECOMPOSITION = Calculator(
    name="multiple_decomposition",
    title=Bilingual(zh="估值与盈利分解", en="Multiple and earnings decomposition"),
    inputs=MultipleDecompositionInput,
    outputs=(
        Output(
            "price_change",
            "fraction",
            Bilingual(zh="价格变化", en="price change"),
            even=0.0,
        ),
        Output(
            "multiple_log",
            "fraction",
            Bilingual(zh="估值贡献(对数)", en="from the multiple (log)"),
        ),
        Output(
            "earnings_log",
            "fraction",
            Bilingual(zh="盈利贡献(对数)", en="from earnings (log)"),
        ),
        Output(
            "flat_price_pe",
            "multiple",
            Bilingual(zh="价格不变的市盈率", en="P/E that leaves the price flat"),
        ),
    ),
    equation="price change = (pe1/pe0)(1+g) − 1; ln = ln(pe1/pe0) + ln(1+g); flat-price P/E = pe0/(1+g)",
    compute=lambda i: multiple_decomposition(i.pe0, i.pe1, i.eps_growth),
    formulas={
        "price_change": "{pe1}/{pe0}*(1+{eps_growth})-1",
        "multiple_log": "LN({pe1}/{pe0})",
        "earnings_log": "LN(1+{eps_growth})",
        "flat_price_pe": "{pe0}/(1+{eps_growth})",
    },
    headline="price_change",
    notes=_notes,
    charts=_charts,
    summary=lambda i, o: Bilingual(
        zh=f"市盈率由 {i.pe0:g} 到 {i.pe1:g}、盈利 {percent(i.eps_growth)},价格变化 "
        f"{percent(number(o, 'price_change'))}"
        f"(对数:估值 {percent(number(o, 'multiple_log'))},盈利 {percent(number(o, 'earnings_log'))});"
        f"价格持平的市盈率为 {number(o, 'flat_price_pe'):.1f} 倍。",
        en=f"P/E from {i.pe0:g} to {i.pe1:g} with earnings {percent(i.eps_growth)}: price "
        f"{percent(number(o, 'price_change'))} "
        f"(logs: multiple {percent(number(o, 'multiple_log'))}, earnings {percent(number(o, 'earnings_log'))}); the "
        f"price "
        f"would be flat at {number(o, 'flat_price_pe'):.1f}×.",
    ),
    examples=(
        "QQQ从28倍跌到26倍,盈利增长20%,价格涨了多少?",
        "If the P/E goes from 30 to 25 and earnings grow 10%, what happens to the price?",
    ),
    source="log identity",
)
