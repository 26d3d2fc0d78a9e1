"""Where in a capital cycle a year stands, by rule.

Knows capex growth, distance from the last peak, margin and outside funding; knows nothing about the future. The rules
are ours, set so that shale's rigs read: 2009 bust, 2010–12 build-out, 2013–14 late build, 2015–16 bust, 2017–18
recovery.

    >>> cycle_phase(0.67, 1.0, 1.09, 0.02)
    {'phase': 'build-out', 'fragile': False}
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from assistant.calculators.declaration import (
    Bilingual,
    Calculator,
    CalculatorInput,
    Note,
    Output,
    Outputs,
    quantity,
)
from assistant.calculators.wording import percent

PHASES = {
    "bust": Bilingual(zh="破裂", en="bust"),
    "recovery": Bilingual(zh="复苏", en="recovery"),
    "build-out": Bilingual(zh="建设期", en="build-out"),
    "late-build": Bilingual(zh="建设后期", en="late build"),
}


def cycle_phase(
    growth: float,
    share_of_prior_peak: float | None = None,
    margin: float | None = None,
    external_share: float | None = None,
) -> dict[str, Any]:
    """Phase of one year, first rule that fits: bust, recovery, build-out, late build.

    growth ≤ −20 % → bust; capex < 80 % of the prior peak (so after a bust) → recovery; growth ≥ 20 % → build-out,
    "fragile" when margin < 1 or external share > ½; else late-build.

    Args:
        growth: of capex on the year before, decimal.
        share_of_prior_peak: capex over its highest earlier year; None counts as no bust before.
        margin: expected price over full-cycle unit cost; None is not judged.
        external_share: share of capex paid with outside money, 0–1; None is not judged.

    Returns:
        phase: "bust", "recovery", "build-out" or "late-build". fragile: only ever true in a build-out.

    >>> cycle_phase(0.72, share_of_prior_peak=0.46)["phase"]    # rigs in 2017
    'recovery'
    """
    if growth <= -0.2:
        return {"phase": "bust", "fragile": False}
    if share_of_prior_peak is not None and share_of_prior_peak < 0.8:
        return {"phase": "recovery", "fragile": False}
    if growth >= 0.2:
        thin = margin is not None and margin < 1.0
        borrowed = external_share is not None and external_share > 0.5
        return {"phase": "build-out", "fragile": thin or borrowed}
    return {"phase": "late-build", "fragile": False}


def phases(series: Mapping[int, float]) -> dict[int, str]:
    """Phase of every year of a capex-like series but the first; the prior peak is the highest earlier year in the
    series.

    >>> phases({2013: 1375, 2014: 1528, 2015: 751})
    {2014: 'late-build', 2015: 'bust'}
    """
    years = sorted(series)
    named: dict[int, str] = {}
    for before, year in pairwise(years):
        peak = max(series[earlier] for earlier in years if earlier < year)
        named[year] = cycle_phase(series[year] / series[before] - 1.0, series[year] / peak)["phase"]
    return named


class CyclePhaseInput(CalculatorInput):
    """What is known of the year."""

    growth: float = quantity(
        unit="fraction",
        label=Bilingual(zh="资本开支同比增速", en="capex growth on the year before"),
        at_least=-1.0,
        at_most=20.0,
    )
    share_of_prior_peak: float | None = quantity(
        None,
        unit="fraction",
        label=Bilingual(zh="占前高的比例", en="share of the prior peak"),
        at_least=0.0,
    )
    margin: float | None = quantity(
        None,
        unit="multiple",
        label=Bilingual(zh="价格/全周期成本", en="price over full-cycle cost"),
        at_least=0.0,
    )
    external_share: float | None = quantity(
        None,
        unit="fraction",
        label=Bilingual(zh="外部融资占比", en="share of outside money"),
        at_least=0.0,
        at_most=1.0,
    )


def _phase_notes(inputs: CyclePhaseInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            text=Bilingual(
                zh="规则按页岩油钻机校准:2009 破裂,2010–12 建设期,2013–14 建设后期,2015–16 破裂,2017–18 复苏。"
                "阶段描述现状,不是择时信号。",
                en="The rules are set on shale's rigs: 2009 bust, 2010–12 build-out, 2013–14 late build, 2015–16 "
                "bust, 2017–18 "
                "recovery. A phase describes where a year stands; it does not time anything.",
            ),
            source="V:HAL, EIA Monthly Energy Review 5.1 (recalled)",
        )
    ]
    if outputs["fragile"]:
        notes.append(
            Note(
                kind="warning",
                text=Bilingual(
                    zh="建设期但脆弱:价格低于全周期成本,或一半以上靠外部资金。",
                    en="A build-out, but fragile: price below full-cycle cost, or more than half paid with outside "
                    "money.",
                ),
            )
        )
    if inputs.external_share is None:
        notes.append(
            Note(
                kind="filing",
                text=Bilingual(
                    zh="融资上 AI 更早:五大厂资本开支约为经营现金流的 0.7 倍(500/700 以上†),页岩大于 1;甲骨文 FY25 "
                    "为 1.02,FY26 为 1.74†。"
                    "†为辩论之后公布。",
                    en="On funding AI is earlier: hyperscalers spend about 0.7 of operating cash flow (500/700+†), "
                    "shale more than 1; "
                    "Oracle 1.02 in FY25 and 1.74† in FY26. † published after the debate.",
                ),
                source="V:JPM1, V:F1",
            )
        )
    return tuple(notes)


def _phase_summary(inputs: CyclePhaseInput, outputs: Outputs) -> Bilingual:
    phase = PHASES[str(outputs["phase"])]
    return Bilingual(
        zh=f"按规则属于“{phase.zh}”{'(脆弱)' if outputs['fragile'] else ''}:资本开支同比 {percent(inputs.growth)}。",
        en=f"By the rules this is a {phase.en}{' (fragile)' if outputs['fragile'] else ''}: capex "
        f"{percent(inputs.growth)} on the year.",
    )


CYCLE_PHASE = Calculator(
    name="cycle_phase",
    title=Bilingual(zh="资本周期阶段", en="Phase of the capital cycle"),
    inputs=CyclePhaseInput,
    outputs=(
        Output("phase", "", Bilingual(zh="阶段", en="phase")),
        Output("fragile", "", Bilingual(zh="是否脆弱", en="fragile")),
    ),
    equation="in order: growth ≤ −20 % → bust; capex < 80 % of prior peak → recovery; growth ≥ 20 % → build-out "
    "(fragile if margin < 1 or external share > ½); else late-build",
    compute=lambda i: cycle_phase(i.growth, i.share_of_prior_peak, i.margin, i.external_share),
    formulas={
        "phase": 'IF({growth}<=-0.2,"bust",IF(AND({share_of_prior_peak}<>"",{share_of_prior_peak}<0.8),"recovery",'
        'IF({growth}>=0.2,"build-out","late-build")))',
        "fragile": 'AND({phase}="build-out",OR(AND({margin}<>"",{margin}<1),'
        'AND({external_share}<>"",{external_share}>0.5)))',
    },
    headline="phase",
    notes=_phase_notes,
    summary=_phase_summary,
    examples=(
        "资本开支同比增长30%,外部融资占六成,属于周期的什么阶段?",
        "Capex is down 25% on the year. Which phase of the cycle is that?",
    ),
    source="rules of this project, set on shale's rig counts",
)
