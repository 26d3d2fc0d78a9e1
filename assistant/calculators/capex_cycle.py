"""AI capex as a cycle: a scenario with or without a shock, and the distribution when its date is drawn.

The models are `closed_loop` and `monte_carlo`; this file declares them as calculators. What they cannot know is said
with every result: the date of a shock is an input (λ0), and what would set it off is unknown.

    >>> f"{capex_cycle(CycleParameters(), years=5)['cumulative_capex']:.0f}"
    '5295'
"""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from assistant.calculators.ai_capex import AI_CAPEX
from assistant.calculators.closed_loop import FIRST_YEAR, STEPS_PER_YEAR, CycleParameters, by_year, simulate
from assistant.calculators.cycle_assumptions import CycleAssumptions
from assistant.calculators.cycle_map import TROUGH_YEAR, shale_against_ai
from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    Chart,
    Note,
    Output,
    Outputs,
    Series,
    quantity,
)
from assistant.calculators.drawdown import NOTHING, taken_apart, with_variants
from assistant.calculators.phase import cycle_phase
from assistant.calculators.shale import NEGATIVE_CASH_FLOW, UNKNOWN_EVENT
from assistant.calculators.wording import money, number, numbers, percent
from assistant.errors import CalculatorInputError

DEFAULT_YEARS = 5  # 2026–30, the span of the published estimates

CAUSES = {
    "demand": Bilingual(zh="需求消失", en="demand lost"),
    "growth": Bilingual(zh="增速放慢", en="slower growth after"),
    "freeze": Bilingual(zh="融资冻结", en="funding freeze"),
    "cost": Bilingual(zh="单位造价下降", en="cheaper capacity"),
    "cycle": Bilingual(zh="无冲击也有的起落", en="the cycle without a shock"),
}

FIVE_TO_SEVEN = "JPMorgan算了,接下来可能AI相关有5到7万亿美元CapEx要投。"


def capex_cycle(p: CycleParameters, years: int | None = None, shock_year: int | None = None) -> dict[str, Any]:
    """Annual path of AI capex from 2026 under one set of assumptions.

    Equations: `closed_loop.simulate`. Fields of `p` are floats.

    Args:
        p: assumptions.
        years: length, 1–20; None for 2026–30, or longer where the third year after a shock lies later.
        shock_year: a shock strikes at the start of this calendar year; None for no shock.

    Returns:
        cumulative_capex and capex (by year) USD bn; external_share 0–1, capacity GW, unit_cost USD bn per GW-year,
        margin, phase by year; drawdown, the largest fall of annual capex from an earlier year, 0–1, and the points of
        it by cause (`drawdown.Drawdown`): drawdown_demand, _growth, _freeze, _cost, _cycle, which add up to it.

    Raises:
        CalculatorInputError: a shock outside the years run.
    """
    if years is None:
        years = DEFAULT_YEARS if shock_year is None else max(DEFAULT_YEARS, shock_year - FIRST_YEAR + 4)
    last = FIRST_YEAR + years - 1
    if shock_year is not None and not FIRST_YEAR <= shock_year <= last:
        raise CalculatorInputError(
            "shock_year",
            f"{FIRST_YEAR} to {last}, the years run",
            shock_year,
            allowed_zh=f"{FIRST_YEAR} 到 {last}(所模拟的年份)",
        )
    step = None if shock_year is None else (shock_year - FIRST_YEAR) * STEPS_PER_YEAR - 1
    path = simulate(p, years) if step is None else with_variants(p, years, step)
    names = ("capex", "external_share", "capacity", "unit_cost", "margin")
    annual = {name: by_year(getattr(path, name))[:, 0].tolist() for name in names}
    capex: list[float] = annual["capex"]
    peaks = list(accumulate(capex, max))
    fall = taken_apart(by_year(path.capex), by_year(path.additions))
    named = []
    for i, spent in enumerate(capex):
        before = capex[i - 1] if i else AI_CAPEX[FIRST_YEAR - 1]
        peak = max(peaks[i - 1] if i else 0.0, AI_CAPEX[FIRST_YEAR - 1])
        named.append(
            cycle_phase(
                spent / max(before, NOTHING) - 1, spent / peak, annual["margin"][i], annual["external_share"][i]
            )["phase"]
        )
    causes = {f"drawdown_{cause}": getattr(fall, cause) for cause in CAUSES}
    return {"cumulative_capex": sum(capex), "drawdown": fall.total, "phase": named, **annual, **causes}


class CapexCycleInput(CycleAssumptions):
    """A scenario: assumptions, its length, and whether and when a shock comes."""

    shock_year: int | None = quantity(
        None,
        unit="",
        label=Bilingual(zh="冲击年份", en="year of the shock"),
        at_least=FIRST_YEAR,
        at_most=FIRST_YEAR + 19,
    )
    years: int | None = quantity(
        None,
        unit="years",
        label=Bilingual(
            zh="模拟年数(自 2026;不给则 5 年,有冲击时至其后第三年)",
            en="years run from 2026; if not given five, or to the third year after a shock",
        ),
        at_least=1,
        at_most=20,
    )


def _scenario_notes(inputs: CapexCycleInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="P0、c0、ε、J、λ0 为判断值,不是观测值;结果是情景,不是预测。",
                en="P0, c0, ε, J and λ0 are judgement, not observations; the result is a scenario, not a forecast.",
            )
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 引述摩根大通:5 到 7 万亿美元;无冲击默认路径 2026–30 年合计 5.3 万亿。",
                en="Bruce relays JPMorgan's $5–7tn; the default path without a shock adds up to $5.3tn over 2026–30.",
            ),
            speaker="Bruce Liu",
            quote=FIVE_TO_SEVEN,
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh="页岩靠融资(资本开支/现金流大于 1,十年负自由现金流);AI 起点约 0.7。",
                en="Shale lived on financing (capex over cash flow above 1, a decade of negative free cash flow); AI "
                "starts near 0.7.",
            ),
            speaker="Bruce Liu",
            quote=NEGATIVE_CASH_FLOW,
        ),
    ]
    if inputs.shock_year is not None:
        notes += [FROZEN, unknown_trigger()]
    if max(numbers(outputs, "external_share")) > 0.5:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="至少一年有一半以上的资本开支要靠外部资金。",
                    en="In at least one year more than half of capex needs outside money.",
                ),
            )
        )
    return tuple(notes)


FROZEN = Note(
    kind="warning",
    text=Bilingual(
        zh="冲击不只是少掉的需求:冻结年数、之后的增速、κ、η、φmin 都是判断值,可改;降幅按原因分解,各项相加等于总降幅"
        "(Shapley 平均,负值表示抵消)。",
        en="A shock is more than the demand it removes: years frozen, growth after, κ, η and φmin are judgement and "
        "inputs. The fall is split by cause and the parts add up to it (Shapley averages; a negative part works "
        "against it).",
    ),
)


def unknown_trigger() -> Note:
    """Bruce Liu's open question, attached to every result with a shock."""
    return Note(
        kind="transcript",
        text=Bilingual(
            zh="什么会触发冲击并不知道;候选:开源模型价格战、效率跃升、融资中断。",
            en="What would set it off is unknown; candidates are a price war in open models, a jump in efficiency, a "
            "funding stop.",
        ),
        speaker="Bruce Liu",
        quote=UNKNOWN_EVENT,
    )


def _scenario_charts(inputs: CapexCycleInput, outputs: Outputs) -> tuple[Chart, ...]:
    capex = numbers(outputs, "capex")
    years = tuple(FIRST_YEAR + i for i in range(len(capex)))
    series = [Series(name=Bilingual(zh="本情景", en="this scenario"), values=capex)]
    if inputs.shock_year is not None:
        calm = capex_cycle(inputs.parameters(), len(capex))["capex"]
        series.append(Series(name=Bilingual(zh="无冲击", en="no shock"), values=tuple(calm)))
    drop = tuple(number(outputs, f"drawdown_{cause}") for cause in CAUSES)
    history = {year: spent for year, spent in AI_CAPEX.items() if TROUGH_YEAR <= year < FIRST_YEAR}
    ai = {**history, **dict(zip(years, capex, strict=True))}
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="AI 年度资本开支", en="AI capex by year"),
            x_label=Bilingual(zh="年份", en="year"),
            x=years,
            unit="USD bn",
            series=tuple(series),
        ),
        Chart(
            kind="waterfall",
            title=Bilingual(zh="最大降幅的构成", en="What the largest fall is made of"),
            x_label=Bilingual(zh="原因", en="cause"),
            x=(*(f"{label.en} / {label.zh}" for label in CAUSES.values()), "fall / 降幅"),
            unit="fraction",
            series=(Series(name=Bilingual(zh="贡献", en="part"), values=(*drop, number(outputs, "drawdown"))),),
        ),
        shale_against_ai(ai, Bilingual(zh="AI:资本开支(2026 起为模型)", en="AI: capex (model from 2026)")),
    )


def _scenario_summary(inputs: CapexCycleInput, outputs: Outputs) -> Bilingual:
    total = money(number(outputs, "cumulative_capex"))
    last = FIRST_YEAR + len(numbers(outputs, "capex")) - 1
    if inputs.shock_year is None:
        return Bilingual(
            zh=f"无冲击情景下,{FIRST_YEAR}–{last} 年 AI 资本开支合计 {total.zh}。",
            en=f"Without a shock, AI capex adds up to {total.en} over {FIRST_YEAR}–{last}.",
        )
    fall = percent(number(outputs, "drawdown"), 0)
    return Bilingual(
        zh=f"若 {inputs.shock_year} 年初发生冲击,年资本开支最多较高点下降 {fall},{FIRST_YEAR}–{last} 年合计 "
        f"{total.zh}。",
        en=f"With a shock at the start of {inputs.shock_year}, annual capex falls by up to {fall} from its peak; "
        f"{FIRST_YEAR}–{last} adds up to {total.en}.",
    )


CAPEX_CYCLE = Calculator(
    name="capex_cycle",
    title=Bilingual(zh="AI 资本开支周期情景", en="AI capex cycle scenario"),
    inputs=CapexCycleInput,
    outputs=(
        Output(
            "cumulative_capex",
            "USD bn",
            Bilingual(zh="累计资本开支", en="cumulative capex"),
        ),
        Output(
            "drawdown",
            "fraction",
            Bilingual(zh="年资本开支最大回撤", en="largest fall of annual capex"),
        ),
        *(
            Output(f"drawdown_{cause}", "fraction", Bilingual(zh=f"回撤:{label.zh}", en=f"of the fall: {label.en}"))
            for cause, label in CAUSES.items()
        ),
        Output("capex", "USD bn", Bilingual(zh="各年资本开支", en="capex by year")),
        Output("external_share", "fraction", Bilingual(zh="各年外部融资占比", en="share of outside money by year")),
        Output("capacity", "GW", Bilingual(zh="各年在役容量", en="capacity in service by year")),
        Output("unit_cost", "USD bn/GW-year", Bilingual(zh="各年单位成本", en="unit cost by year")),
        Output("margin", "multiple", Bilingual(zh="各年价格/成本", en="price over cost by year")),
        Output("phase", "", Bilingual(zh="各年阶段", en="phase by year")),
    ),
    equation="P=P0·clip((D/K)^{1/ε},.25,2); c=c0(Y/K0)^−b(P^e/P0)^.2; m=P^e/c; K*=D·e^{min(g,.6)τb}·clip(m/m0,.2,3)^η; "
    "A*=max(0,δK+(K*−K−W+δKτb)/τK); A=max(φA*,κ·A a year ago); capex=k0(c_s/c0)A; external share=(1−CFO/capex)⁺; "
    "shock: D×(1−J), g×factor, φ to its floor while frozen; the fall by Shapley value; dt=¼ y",
    compute=lambda i: capex_cycle(i.parameters(), i.years, i.shock_year),
    headline="cumulative_capex",
    notes=_scenario_notes,
    charts=_scenario_charts,
    summary=_scenario_summary,
    examples=(
        "如果 2028 年发生价格战,AI 资本开支会掉多少?",
        "What happens to AI capex over the next 8 years if the bust comes in 2029?",
    ),
    source="V:STE, Greenwood–Hanson 2015, V:NAG",
)
