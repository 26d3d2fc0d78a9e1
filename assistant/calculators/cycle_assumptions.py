"""What every run of the AI capex cycle assumes, as inputs with range, default and the default's source.

Knows the assumptions only; `capex_cycle` and `cycle_risk` add what is theirs. Four defaults come from published figures
or the debate; the rest is judgement and says so.
"""

from __future__ import annotations

from typing import Any

from assistant.calculators.closed_loop import CycleParameters
from assistant.calculators.declaration import (
    Bilingual,
    CalculatorInput,
    Cues,
    QuotedFigure,
    phrases,
    quantity,
)

EIGHT_TO_TWELVE = "我们现在看到的美国每一年能落地的数据中心可能在8到12个吉瓦左右,之后几年还会更大,但这个规模显然不够。"
JUDGEMENT = "judgement of this project"


def _parameter(default: float, unit: str, zh: str, en: str, source: str, cues: Cues, **limits: Any) -> Any:
    return quantity(default, unit=unit, label=Bilingual(zh=zh, en=en), source=source, cues=cues, **limits)


class CycleAssumptions(CalculatorInput):
    """Inputs shared by the scenario and the Monte Carlo run; every default is labelled."""

    growth: float = _parameter(
        0.40,
        "fraction",
        "AI 需求年增速(起始)",
        "AI demand growth a year, at the start",
        JUDGEMENT + "; decays 20% a year",
        Cues(zh=("需求增", "需求", "增速"), en=("demand growth", "demand grows", "demand")),
        above=0.0,
        at_most=2.0,
    )
    learning_rate: float = _parameter(
        0.20,
        "fraction",
        "学习率",
        "learning rate",
        JUDGEMENT + " within documented rates, V:NAG",
        Cues(zh=("学习率",), en=("learning rate",)),
        above=0.0,
        at_most=0.6,
    )
    elasticity: float = _parameter(
        1.3,
        "",
        "需求价格弹性",
        "price elasticity of demand",
        JUDGEMENT,
        Cues(zh=("弹性",), en=("elasticity",)),
        at_least=0.2,
        at_most=10.0,
    )
    shock_size: float = _parameter(
        0.35,
        "fraction",
        "冲击消失的需求比例",
        "share of demand lost in a shock",
        JUDGEMENT,
        Cues(
            zh=("需求减少", "需求下降", "冲击"),
            en=phrases("shock size, demand lost, demand falls, demand drops, demand loss, loss of demand"),
        ),
        above=0.0,
        at_most=0.6,
    )
    hazard: float = _parameter(
        0.08,
        "fraction",
        "冲击的基础概率 λ0",
        "base hazard of a shock λ0",
        JUDGEMENT + "; sets the timing",
        Cues(
            zh=phrases("λ0, 基础概率, 每年概率, 冲击概率, 年概率, 基准概率"),
            en=phrases("λ0, lambda0, hazard, probability a year, chance a year, annual probability, base rate"),
        ),
        above=0.0,
        at_most=1.0,
    )
    build_time: float = _parameter(
        1.5,
        "years",
        "建设周期",
        "time to build",
        JUDGEMENT,
        Cues(zh=("建设周期", "建设时间", "工期"), en=("time to build", "build time", "construction time")),
        at_least=0.5,
        at_most=6.0,
    )
    price0: float = _parameter(
        12.0,
        "USD bn/GW-year",
        "每吉瓦年收入",
        "revenue per GW-year",
        JUDGEMENT,
        Cues(zh=("每吉瓦收入", "每吉瓦年收入", "租金", "单价"), en=("revenue per gw", "price per gw", "rent")),
        above=0.0,
        at_most=200.0,
    )
    cost0: float = _parameter(
        11.0,
        "USD bn/GW-year",
        "每吉瓦年全周期成本",
        "full-cycle cost per GW-year",
        JUDGEMENT,
        Cues(zh=("全周期成本", "每吉瓦年成本"), en=("full-cycle cost", "cost per gw-year")),
        above=0.0,
        at_most=200.0,
    )
    capex_per_gw: float = _parameter(
        42.0,
        "USD bn/GW",
        "每吉瓦资本开支",
        "capex per GW",
        "between 35 and 50–60, V:BERN, V:BAR",
        Cues(zh=("每吉瓦资本开支", "每吉瓦投资", "每GW"), en=("capex per gw", "per gw", "per gigawatt")),
        above=0.0,
        at_most=500.0,
    )
    cash_flow: float = _parameter(
        700.0,
        "USD bn",
        "建设方经营现金流(2026)",
        "builders' operating cash flow in 2026",
        "V:JPM1",
        Cues(zh=("经营现金流", "现金流"), en=("operating cash flow", "cash flow")),
        above=0.0,
    )
    cash_growth: float = _parameter(
        0.12,
        "fraction",
        "现金流年增速",
        "growth of cash flow a year",
        JUDGEMENT,
        Cues(zh=("现金流增",), en=("cash flow growth", "cash flow grows")),
        above=-0.5,
        at_most=1.0,
    )
    capacity0: float = _parameter(
        20.0,
        "GW",
        "起始在役容量",
        "capacity in service at the start",
        JUDGEMENT,
        Cues(zh=("在役", "现有容量"), en=("in service", "installed capacity")),
        above=0.0,
        at_most=1000.0,
    )
    additions0: float = _parameter(
        10.0,
        "GW",
        "起始年新增容量",
        "capacity added a year at the start",
        "midpoint of Ethan Xu's 8–12 GW",
        Cues(zh=("每年新增", "每年落地", "新增容量"), en=("added a year", "additions", "builds a year")),
        above=0.0,
        at_most=1000.0,
        quotes=(
            QuotedFigure(
                quote=EIGHT_TO_TWELVE,
                speaker="Ethan Xu",
                value=10.0,
                about=Bilingual(zh="8–12 吉瓦的中点", en="midpoint of his 8 to 12 GW"),
            ),
        ),
    )

    def parameters(self) -> CycleParameters:
        """The same as the model takes them."""
        return CycleParameters(**{name: getattr(self, name) for name in CycleParameters.__dataclass_fields__})
