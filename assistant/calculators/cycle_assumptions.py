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
    QuotedFigure,
    quantity,
)

EIGHT_TO_TWELVE = "我们现在看到的美国每一年能落地的数据中心可能在8到12个吉瓦左右,之后几年还会更大,但这个规模显然不够。"
JUDGEMENT = "judgement of this project"


def _parameter(default: float, unit: str, zh: str, en: str, source: str, **limits: Any) -> Any:
    return quantity(default, unit=unit, label=Bilingual(zh=zh, en=en), source=source, **limits)


class CycleAssumptions(CalculatorInput):
    """Inputs shared by the scenario and the Monte Carlo run; every default is labelled."""

    growth: float = _parameter(
        0.40,
        "fraction",
        "AI 需求年增速(起始)",
        "AI demand growth a year, at the start",
        JUDGEMENT + "; decays 20% a year",
        above=0.0,
        at_most=2.0,
    )
    learning_rate: float = _parameter(
        0.20,
        "fraction",
        "学习率",
        "learning rate",
        JUDGEMENT + " within documented rates, V:NAG",
        above=0.0,
        at_most=0.6,
    )
    elasticity: float = _parameter(
        1.3,
        "",
        "需求价格弹性",
        "price elasticity of demand",
        JUDGEMENT,
        at_least=0.2,
        at_most=10.0,
    )
    shock_size: float = _parameter(
        0.35,
        "fraction",
        "冲击消失的需求比例",
        "share of demand lost in a shock",
        JUDGEMENT,
        above=0.0,
        at_most=0.6,
    )
    hazard: float = _parameter(
        0.08,
        "fraction",
        "冲击的基础概率 λ0",
        "base hazard of a shock λ0",
        JUDGEMENT + "; sets the timing",
        above=0.0,
        at_most=1.0,
    )
    build_time: float = _parameter(
        1.5,
        "years",
        "建设周期",
        "time to build",
        JUDGEMENT,
        at_least=0.5,
        at_most=6.0,
    )
    price0: float = _parameter(
        12.0,
        "USD bn/GW-year",
        "每吉瓦年收入",
        "revenue per GW-year",
        JUDGEMENT,
        above=0.0,
        at_most=200.0,
    )
    cost0: float = _parameter(
        11.0,
        "USD bn/GW-year",
        "每吉瓦年全周期成本",
        "full-cycle cost per GW-year",
        JUDGEMENT,
        above=0.0,
        at_most=200.0,
    )
    capex_per_gw: float = _parameter(
        42.0,
        "USD bn/GW",
        "每吉瓦资本开支",
        "capex per GW",
        "between 35 and 50–60, V:BERN, V:BAR",
        above=0.0,
        at_most=500.0,
    )
    cash_flow: float = _parameter(
        700.0,
        "USD bn",
        "建设方经营现金流(2026)",
        "builders' operating cash flow in 2026",
        "V:JPM1",
        above=0.0,
    )
    cash_growth: float = _parameter(
        0.12,
        "fraction",
        "现金流年增速",
        "growth of cash flow a year",
        JUDGEMENT,
        above=-0.5,
        at_most=1.0,
    )
    capacity0: float = _parameter(
        20.0,
        "GW",
        "起始在役容量",
        "capacity in service at the start",
        JUDGEMENT,
        above=0.0,
        at_most=1000.0,
    )
    additions0: float = _parameter(
        10.0,
        "GW",
        "起始年新增容量",
        "capacity added a year at the start",
        "midpoint of Ethan Xu's 8–12 GW",
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

    freeze: float = _parameter(
        2.0,
        "years",
        "冲击后融资冻结年数",
        "years that a shock freezes funding",
        JUDGEMENT + "; shale had two bad years",
        at_least=0.0,
        at_most=10.0,
    )
    growth_after: float = _parameter(
        0.5,
        "multiple",
        "冲击后需求增速为原来的几倍",
        "demand growth after a shock, as a multiple of before",
        JUDGEMENT + ": halved",
        at_least=0.0,
        at_most=2.0,
    )
    spending_floor: float = _parameter(
        0.5,
        "fraction",
        "年新增容量不低于上年的比例 κ",
        "least additions, as a share of a year ago κ",
        "oil rigs fell 51% and 46% a year (Halliburton and EIA counts of 2015–16)",
        at_least=0.0,
        at_most=1.0,
    )
    response: float = _parameter(
        2.0,
        "",
        "扩产对利润的反应 η",
        "response of wanted capacity to margin η",
        JUDGEMENT,
        at_least=0.0,
        at_most=6.0,
    )
    access_floor: float = _parameter(
        0.35,
        "fraction",
        "融资可得性下限 φmin",
        "least access to money φmin",
        JUDGEMENT,
        above=0.0,
        at_most=1.0,
    )

    def parameters(self) -> CycleParameters:
        """The same as the model takes them."""
        return CycleParameters(**{name: getattr(self, name) for name in CycleParameters.__dataclass_fields__})
