"""A growing fleet under two lives: how much less the books charge than a shorter life would.

Without growth a life does not change annual depreciation; the gap comes from growth or from a transition, and it
reverses. `share` is the part of capex that buys servers with the life in question.

    >>> round(steady_state_gap(400.0, 0.5, 0.2, 6.0, 3.0), 1)
    32.5
    >>> steady_state_gap(400.0, 0.5, 0.0, 6.0, 3.0)
    0.0
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from assistant.calculators.ai_capex import AI_CAPEX, AI_CAPEX_SOURCE
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
from assistant.calculators.vintages import Fleet
from assistant.calculators.wording import money, number
from assistant.errors import CalculatorInputError


def charge_ratio(life: Any, growth: Any) -> Any:
    """Steady-state depreciation over capex: f(L) = (1−e^{−γL})/(γL), γ = ln(1+g); 1 without growth.

    Args:
        life: L, years, > 0. Arrays broadcast.
        growth: g a year, fraction, > −1.

    >>> round(charge_ratio(6.0, 0.2), 4), charge_ratio(6.0, 0.0)
    (0.608, 1.0)
    """
    exponent = np.log1p(np.asarray(growth, dtype=float)) * life
    small = np.abs(exponent) < 1e-12
    value = np.where(small, 1.0, -np.expm1(-exponent) / np.where(small, 1.0, exponent))
    return value if value.ndim else float(value)


def steady_state_gap(capex: Any, share: Any, growth: Any, book_life: Any, econ_life: Any) -> Any:
    """Depreciation the books do not charge, a fleet growing steadily: I·s·[f(L_e) − f(L_b)].

    Args:
        capex: I, USD bn in the year asked about. All arguments broadcast as arrays.
        share: s, fraction of capex that buys these servers.
        growth: g, fraction a year, > −1.
        book_life: L_b, years.
        econ_life: L_e, years.

    Returns:
        USD bn a year; positive when the books charge too little.

    Raises:
        CalculatorInputError: growth ≤ −100%.
    """
    if np.any(np.asarray(growth) <= -1.0):
        raise CalculatorInputError("growth", "> -1 (a fall of 100% leaves no fleet)", str(growth), allowed_zh="> -1")
    return capex * share * (charge_ratio(econ_life, growth) - charge_ratio(book_life, growth))


def fleet_gap(
    capex: Mapping[int, float], share: float, book_life: float, econ_life: float, year: int
) -> dict[str, float]:
    """One year's charge of a vintage fleet under the book and the economic life.

    Each year's capex·share is a vintage in service at mid-year, charged straight line; lives may be fractional.

    Args:
        capex: year → USD bn, every year that still depreciates.
        share: fraction bought as these servers.
        book_life: years.
        econ_life: years.
        year: calendar year asked about.

    Returns:
        dep_book, dep_econ, gap = dep_econ − dep_book, USD bn.

    Raises:
        CalculatorInputError: no capex given up to that year.

    >>> from assistant.calculators.ai_capex import BURRY_CAPEX
    >>> {k: round(v, 1) for k, v in fleet_gap(BURRY_CAPEX, 0.5, 6.0, 3.0, 2028).items()}
    {'dep_book': 202.2, 'dep_econ': 286.7, 'gap': 84.4}
    """
    if not any(vintage <= year for vintage in capex):
        allowed = f"{min(capex)} or later, the first year of capex" if capex else "a year with capex"
        raise CalculatorInputError("year", allowed, year, allowed_zh="不早于第一笔资本开支的年份")
    charged = [Fleet.annual(capex, life, share).charge(year, year + 1.0) for life in (book_life, econ_life)]
    return {"dep_book": charged[0], "dep_econ": charged[1], "gap": charged[1] - charged[0]}


def cumulative_gap(
    capex: Mapping[int, float], share: float, book_life: float, econ_life: float, first: int, last: int
) -> float:
    """The gaps of `first` to `last`, both included, added up, USD bn.

    >>> from assistant.calculators.ai_capex import BURRY_CAPEX
    >>> round(cumulative_gap(BURRY_CAPEX, 0.42, 6.0, 3.0, 2026, 2028), 0)
    176.0
    """
    return sum(fleet_gap(capex, share, book_life, econ_life, year)["gap"] for year in range(first, last + 1))


def share_input() -> Any:
    """The part of capex that buys servers."""
    return quantity(
        0.5,
        unit="fraction",
        label=Bilingual(zh="服务器占资本开支比例", en="server share of capex"),
        source="0.5–0.6: half of Microsoft's is short-lived (V:TGP), about 60% of Alphabet's is servers (V:GS)",
        above=0.0,
        at_most=1.0,
    )


def book_life_input() -> Any:
    """The life in the books."""
    return quantity(
        6.0,
        unit="years",
        label=Bilingual(zh="账面年限", en="book life"),
        source="Microsoft, Alphabet and Oracle: 6 years (V:F1)",
        above=0.0,
        at_most=100.0,
        quotes=(FOUR_TO_SIX_AND_A_HALF.figure(6.5), FIVE_OR_SEVEN.figure(7.0)),
    )


def econ_life_input() -> Any:
    """The life the asset really has."""
    return quantity(
        unit="years",
        label=Bilingual(zh="经济寿命", en="economic life"),
        above=0.0,
        at_most=100.0,
        quotes=(FIVE_OR_SEVEN.figure(5.0), ABOUT_FIVE_YEARS.figure(5.0)),
    )


class SteadyStateInput(CalculatorInput):
    """A steadily growing fleet and its two lives."""

    capex: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="年资本开支", en="annual capex"),
        above=0.0,
    )
    share: float = share_input()
    growth: float = quantity(
        unit="fraction",
        label=Bilingual(zh="资本开支年增速", en="growth of capex"),
        above=-1.0,
        at_most=5.0,
    )
    book_life: float = book_life_input()
    econ_life: float = econ_life_input()


REVERSES = Note(
    text=Bilingual(
        zh="没有增长时,折旧年限不改变年折旧额;少提来自增长或过渡期,以后会反转。",
        en="Without growth a life does not change annual depreciation; the gap comes from growth or transition "
        "and reverses.",
    )
)
LIVES_DISCLOSED = Note(
    kind="filing",
    text=Bilingual(
        zh="披露的账面年限:微软 6、Alphabet 6、亚马逊 5–6、Meta 5.5、甲骨文 6;没有一家达到 Rob 说的 6.5 年。",
        en="Disclosed book lives: Microsoft 6, Alphabet 6, Amazon 5–6, Meta 5.5, Oracle 6; none reaches Rob's 6.5.",
    ),
    source="V:F1, V:F2",
)


def _steady_notes(inputs: SteadyStateInput, outputs: Outputs) -> tuple[Note, ...]:
    said = ABOUT_FIVE_YEARS.note(Bilingual(zh="关于真实寿命的说法", en="On the real life"))
    return (REVERSES, said, LIVES_DISCLOSED)


def _steady_charts(inputs: SteadyStateInput, outputs: Outputs) -> tuple[Chart, ...]:
    growth = np.linspace(0.0, max(0.6, inputs.growth), 13)
    gaps = steady_state_gap(inputs.capex, inputs.share, growth, inputs.book_life, inputs.econ_life)
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="少提折旧随增速变化", en="The gap by growth of capex"),
            x_label=Bilingual(zh="年增速", en="growth a year"),
            x_unit="fraction",
            x=tuple(growth.tolist()),
            unit="USD bn",
            series=(Series(name=Bilingual(zh="年少提折旧", en="gap a year"), values=tuple(gaps.tolist())),),
        ),
    )


def _gap_summary(inputs: Any, outputs: Outputs) -> Bilingual:
    gap = number(outputs, "gap")
    size = money(abs(gap))
    less = Bilingual(zh="少", en="less") if gap >= 0 else Bilingual(zh="多", en="more")
    return Bilingual(
        zh=f"账面({inputs.book_life:g} 年)比经济寿命({inputs.econ_life:g} 年)每年{less.zh}提折旧 {size.zh}。",
        en=f"The books ({inputs.book_life:g} years) charge {size.en} a year {less.en} than a "
        f"{inputs.econ_life:g}-year life would.",
    )


def _charge_formula(life: str) -> str:
    """A year's charge of the fleet as a spreadsheet computes it; (|x| − |x − L| + L)/2 is x held between 0 and L."""
    age = "{year}-{capex.keys}-0.5"
    within = f"ABS({age}+1)-ABS({age}+1-{life})-ABS({age})+ABS({age}-{life})"
    return f"{{share}}/{life}*SUMPRODUCT({{capex}},({within})/2)"


STEADY_STATE_GAP = Calculator(
    name="steady_state_gap",
    title=Bilingual(zh="稳态折旧差额", en="Steady-state depreciation gap"),
    inputs=SteadyStateInput,
    outputs=(Output("gap", "USD bn", Bilingual(zh="年少提折旧", en="depreciation not charged, a year"), yearly=True),),
    equation="gap = I·s·[f(L_e) − f(L_b)]; f(L) = (1−e^{−γL})/(γL), γ = ln(1+g), f = 1 at g = 0",
    compute=lambda i: {"gap": steady_state_gap(i.capex, i.share, i.growth, i.book_life, i.econ_life)},
    formulas={
        "gap": "IF({growth}=0,0,{capex}*{share}*((1-(1+{growth})^-{econ_life})/{econ_life}"
        "-(1-(1+{growth})^-{book_life})/{book_life})/LN(1+{growth}))"
    },
    headline="gap",
    notes=_steady_notes,
    charts=_steady_charts,
    summary=_gap_summary,
    examples=(
        "每年资本开支4000亿美元,一半是服务器,增速20%,账面6年、实际3年,每年少提多少折旧?",
        "Capex of $400bn growing 20% a year, half servers, booked over 6 years but lasting 3: what is the gap?",
    ),
    source="derived here from straight-line vintages",
)


class FleetGapInput(CalculatorInput):
    """A capex path and two lives, in one year."""

    capex: dict[int, float] = quantity(
        AI_CAPEX,
        unit="USD bn",
        label=Bilingual(zh="各年资本开支", en="capex by year"),
        source=AI_CAPEX_SOURCE,
        at_least=0.0,
    )
    share: float = share_input()
    book_life: float = book_life_input()
    econ_life: float = econ_life_input()
    year: int = quantity(
        unit="",
        label=Bilingual(zh="年份", en="calendar year"),
        at_least=1990,
        at_most=2100,
    )


def _fleet_notes(inputs: FleetGapInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [REVERSES, LIVES_DISCLOSED]
    if inputs.year > max(inputs.capex):
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh=f"资本开支只给到 {max(inputs.capex)} 年,其后按零计。",
                    en=f"Capex is given up to {max(inputs.capex)}; later years count as none.",
                ),
            )
        )
    return tuple(notes)


def _fleet_charts(inputs: FleetGapInput, outputs: Outputs) -> tuple[Chart, ...]:
    years = range(min(inputs.capex), max(max(inputs.capex), inputs.year) + 1)
    rows = [fleet_gap(inputs.capex, inputs.share, inputs.book_life, inputs.econ_life, year) for year in years]
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="两种年限下的年折旧", en="Annual depreciation under both lives"),
            x_label=Bilingual(zh="年份", en="year"),
            x=tuple(float(year) for year in years),
            unit="USD bn",
            series=tuple(
                Series(name=name, values=tuple(row[key] for row in rows))
                for key, name in (
                    ("dep_book", Bilingual(zh="账面年限", en="book life")),
                    ("dep_econ", Bilingual(zh="经济寿命", en="economic life")),
                    ("gap", Bilingual(zh="差额", en="gap")),
                )
            ),
        ),
    )


FLEET_GAP = Calculator(
    name="fleet_gap",
    title=Bilingual(zh="车队折旧差额", en="Fleet depreciation gap"),
    inputs=FleetGapInput,
    outputs=(
        Output(
            "dep_book",
            "USD bn",
            Bilingual(zh="账面年折旧", en="book depreciation"),
            yearly=True,
        ),
        Output(
            "dep_econ",
            "USD bn",
            Bilingual(zh="经济年折旧", en="economic depreciation"),
            yearly=True,
        ),
        Output("gap", "USD bn", Bilingual(zh="差额", en="gap"), yearly=True),
    ),
    equation=(
        "dep(L) in year y = Σ_v I_v·s/L × overlap of [a, a+1] with [0, L], a = y − v − ½ (in service at mid-year); "
        "gap = dep(L_e) − dep(L_b)"
    ),
    compute=lambda i: fleet_gap(i.capex, i.share, i.book_life, i.econ_life, i.year),
    formulas={
        "dep_book": _charge_formula("{book_life}"),
        "dep_econ": _charge_formula("{econ_life}"),
        "gap": "{dep_econ}-{dep_book}",
    },
    headline="gap",
    notes=_fleet_notes,
    charts=_fleet_charts,
    summary=_gap_summary,
    examples=(
        "如果芯片真实寿命只有3年,2028年五家巨头少提多少折旧?",
        "If chips really last 3 years, how much do the five firms undercharge in 2027?",
    ),
    source=AI_CAPEX_SOURCE,
)
