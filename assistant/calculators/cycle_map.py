"""The shale year that today's capex corresponds to, by growth from the trough alone.

Knows oil rigs of 2009–14 and AI capex since 2023; knows nothing of funding, on which AI stands earlier than shale did.

    >>> f"{cycle_map(420.0, 156.0)['shale_year']:.1f}"
    '2010.5'
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from assistant.calculators.ai_capex import AI_CAPEX, AI_CAPEX_SOURCE, LAST_GUIDED
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
from assistant.calculators.shale import OIL_RIGS
from assistant.calculators.wording import number
from assistant.errors import CalculatorInputError

TROUGH_YEAR = 2023
SHALE_YEARS = range(2009, 2015)

STILL_EARLY = "我都不认为它是到中期,我觉得还是在早期的这个周期里面。"


def cycle_map(capex: Any, trough_capex: Any) -> dict[str, Any]:
    """The shale year whose rigs stood at the same multiple of their trough.

    multiple = capex/trough; shale year by interpolating ln(multiple) between ln(rigs_y/rigs_2009) of 2009–14,
    clamped at the ends. Source: rig counts of `shale`.

    Args:
        capex: annual capex today, USD bn. Arrays broadcast.
        trough_capex: annual capex at the start of the build-out, USD bn.

    Returns:
        multiple (≥ 0) and shale_year (decimal year, 2009.0–2014.0).

    Raises:
        CalculatorInputError: an amount that is not positive.
    """
    for field, value in (("capex", capex), ("trough_capex", trough_capex)):
        if np.any(np.asarray(value) <= 0):
            raise CalculatorInputError(field, "> 0 USD bn", str(value), allowed_zh="> 0 USD bn")
    multiple = capex / trough_capex
    year = np.interp(np.log(multiple), [math.log(m) for m in _rig_multiples()], list(SHALE_YEARS))
    return {"multiple": multiple, "shale_year": year if np.ndim(year) else float(year)}


def _rig_multiples() -> list[float]:
    """Oil rigs of 2009–14 over those of 2009: 1, 2.126, 3.540, 4.881, 4.946, 5.496."""
    return [OIL_RIGS[year] / OIL_RIGS[2009] for year in SHALE_YEARS]


class CycleMapInput(CalculatorInput):
    """Capex now and at the start of the build-out."""

    capex: float = quantity(
        AI_CAPEX[2025],
        unit="USD bn",
        label=Bilingual(zh="当年资本开支", en="capex of the year"),
        source="V:LUM",
        above=0.0,
    )
    trough_capex: float = quantity(
        AI_CAPEX[TROUGH_YEAR],
        unit="USD bn",
        label=Bilingual(zh="起点资本开支", en="capex at the trough"),
        source="five largest builders in 2023, Form 10-K",
        above=0.0,
    )


def _map_notes(inputs: CycleMapInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="只按增长对照(资本开支 ↔ 钻机)。增长上支持 Bruce;融资上 AI 更早:五大厂资本开支约为经营现金流的 "
                "0.7 倍†,页岩大于 1。†为辩论之后公布。",
                en="A mapping by growth alone (capex ↔ rigs). It supports Bruce on growth; on funding AI is earlier "
                "still: hyperscalers "
                "spend about 0.7 of operating cash flow†, shale more than 1. † published after the debate.",
            ),
            source="V:JPM1",
        ),
        Note(
            kind="transcript",
            text=Bilingual(zh="Bruce 认为仍在早期。", en="Bruce holds that it is still early."),
            speaker="Bruce Liu",
            quote=STILL_EARLY,
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh=f"五家公司资本开支/156(2023):2025 年 {_over_trough(2025)},2026 年指引 {_over_trough(2026)};"
                f"周期模型的无冲击路径 2027 年 {_over_trough(2027)},已超过页岩的峰值(5.5×)。",
                en=f"Five firms' capex over 156 (2023): {_over_trough(2025)} in 2025, {_over_trough(2026)} guided for "
                f"2026; the cycle model's path without a shock has {_over_trough(2027)} in 2027, past shale's peak "
                "(5.5×).",
            ),
            source=AI_CAPEX_SOURCE,
        ),
    ]
    if not 1.0 <= number(outputs, "multiple") <= _rig_multiples()[-1]:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="倍数超出页岩 2009–14 年的范围(1–5.5×),年份取端点。",
                    en="The multiple lies outside shale's 2009–14 range (1–5.5×); the year is that of the nearer end.",
                ),
            )
        )
    return tuple(notes)


def _over_trough(year: int) -> str:
    return f"{AI_CAPEX[year] / AI_CAPEX[TROUGH_YEAR]:.1f}×"


def shale_against_ai(ai: Mapping[int, float], ai_name: Bilingual) -> Chart:
    """Oil rigs since 2009 and AI capex since its first year, both as multiples of that first year, by years since."""
    first = min(ai)
    length = max(len(ai), 2016 - 2009 + 1)
    rigs = tuple(OIL_RIGS[2009 + k] / OIL_RIGS[2009] if 2009 + k in OIL_RIGS else None for k in range(length))
    capex = tuple(ai[first + k] / ai[first] if first + k in ai else None for k in range(length))
    return Chart(
        kind="line",
        title=Bilingual(zh="页岩与 AI:投入相对起点的倍数", en="Shale against AI: build-out as a multiple of its start"),
        x_label=Bilingual(zh=f"起点后年数(页岩 2009,AI {first})", en=f"years since the start (shale 2009, AI {first})"),
        x_unit="years",
        x=tuple(float(k) for k in range(length)),
        unit="multiple",
        series=(
            Series(name=Bilingual(zh="页岩:石油钻机", en="shale: oil rigs"), values=rigs),
            Series(name=ai_name, values=capex),
        ),
    )


def _map_summary(inputs: CycleMapInput, outputs: Outputs) -> Bilingual:
    multiple, year = number(outputs, "multiple"), number(outputs, "shale_year")
    return Bilingual(
        zh=f"资本开支是起点的 {multiple:.2f} 倍,按钻机增长对应页岩的 {year:.1f} 年。",
        en=f"Capex is {multiple:.2f}× its trough; by rig growth that corresponds to shale in {year:.1f}.",
    )


def _interpolated() -> str:
    """The shale year as a spreadsheet computes it: each year's stretch counts for the part of it that is passed."""
    logs = [math.log(m) for m in _rig_multiples()]
    parts = [f"MAX(0,MIN(1,(LN({{multiple}})-{low!r})/{high - low!r}))" for low, high in pairwise(logs)]
    return f"{SHALE_YEARS[0]}+{'+'.join(parts)}"


CYCLE_MAP = Calculator(
    name="cycle_map",
    title=Bilingual(zh="对应页岩周期的哪一年", en="Which shale year this corresponds to"),
    inputs=CycleMapInput,
    outputs=(
        Output(
            "multiple",
            "multiple",
            Bilingual(zh="相对起点的倍数", en="multiple of the trough"),
        ),
        Output("shale_year", "", Bilingual(zh="对应的页岩年份", en="corresponding shale year")),
    ),
    equation="multiple = capex/trough; shale year: ln(multiple) interpolated between ln(rigs_y/rigs_2009), 2009–14, "
    "clamped",
    compute=lambda i: cycle_map(i.capex, i.trough_capex),
    formulas={"multiple": "{capex}/{trough_capex}", "shale_year": _interpolated()},
    headline="shale_year",
    notes=_map_notes,
    charts=lambda i, o: (
        shale_against_ai(
            {year: spent for year, spent in AI_CAPEX.items() if TROUGH_YEAR <= year <= LAST_GUIDED},
            Bilingual(zh="AI:五家公司资本开支", en="AI: capex of five firms"),
        ),
    ),
    summary=_map_summary,
    examples=(
        "AI 资本开支从 1560 亿涨到 5500 亿,相当于页岩周期的哪一年?",
        "If capex reaches $680bn from a trough of $156bn, which shale year is that?",
    ),
    source=AI_CAPEX_SOURCE,
)
