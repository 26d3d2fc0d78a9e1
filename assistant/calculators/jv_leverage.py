"""A leveraged data-centre joint venture: debt, equity, debt service, cover, and the return on equity.

Knows level debt service and level cash; knows nothing of tax, fees or ramp-up. What the debate calls 20 % / 80 % is
*ownership* (Meta and outside investors), not leverage: the venture itself borrowed 27.3 of 29.5.

    >>> result = jv_leverage(27.0, 0.80, 0.0658, 24, 0.09)
    >>> [f"{result[k]:.2f}" for k in ("debt_service", "dscr")], f"{result['equity_irr']:.3f}"
    (['1.81', '1.34'], '0.103')
"""

from __future__ import annotations

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
from assistant.calculators.wording import given, money, number, percent
from assistant.errors import CalculatorInputError

TWENTY_EIGHTY = "Meta只需出资20%就能共同投资一个数据中心,其余80%资金来自外部投资者或国家资本。"
SHADOW_BANKS = "公开市场上能看到的东西都很健康,“脏东西”藏在private credit里,因为看不到,条款变化空间很大。"


def jv_leverage(
    cost: float,
    debt_share: float,
    debt_rate: float,
    tenor: int,
    cash_yield: float,
    residual: float = 0.0,
) -> dict[str, Any]:
    """Level debt service on the borrowed part, its cover, and the internal rate of return on the rest.

    debt = C·d; service = debt·CRF(r_D, n); DSCR = C·y/service; equity IRR solves
    −E + Σ_{t≤n} (C·y − service)/(1+i)^t + residual/(1+i)^n = 0. Compare r_E = r_U + (D/E)(r_U − r_D).

    Args:
        cost: C, USD bn > 0.
        debt_share: d, decimal in [0, 1).
        debt_rate: r_D a year, decimal ≥ 0.
        tenor: n, whole years ≥ 1; the debt is repaid and the venture ends with it.
        cash_yield: y, yearly cash before debt service over cost, decimal ≥ 0.
        residual: value left at the end, USD bn ≥ 0.

    Returns:
        debt, equity, debt_service (USD bn a year), dscr (None without debt), equity_irr (decimal; None when cash
        does not cover debt service, which wipes equity out, or when equity gets nothing at all).

    Raises:
        CalculatorInputError: an input out of range.
    """
    checks: tuple[tuple[str, float, bool, str], ...] = (
        ("cost", cost, cost > 0, "> 0 USD bn"),
        ("debt_share", debt_share, 0 <= debt_share < 1, "≥ 0 and < 1; with no equity there is no equity return"),
        ("tenor", tenor, tenor >= 1, "≥ 1 year"),
        ("cash_yield", cash_yield, cash_yield >= 0, "≥ 0"),
        ("residual", residual, residual >= 0, "≥ 0 USD bn"),
    )
    for field, value, admitted, allowed in checks:
        if not admitted:
            raise CalculatorInputError(field, allowed, value)
    debt = cost * debt_share
    equity = cost - debt
    service = debt * float(capital_recovery_factor(debt_rate, tenor))
    cash = cost * cash_yield
    return {
        "debt": debt,
        "equity": equity,
        "debt_service": service,
        "dscr": cash / service if service > 0 else None,
        "equity_irr": _irr(equity, cash - service, residual, tenor) if cash >= service else None,
    }


def _irr(equity: float, payment: float, residual: float, years: int) -> float | None:
    """Rate at which level payments and a final value are worth `equity`; None when nothing ever comes back."""
    if payment <= 0 and residual <= 0:
        return None
    import numpy_financial as npf

    flows = np.full(years + 1, payment)
    flows[0] = -equity
    flows[-1] += residual
    return float(npf.irr(flows))


class JvLeverageInput(CalculatorInput):
    """The venture's cost, its debt, and its cash."""

    cost: float = quantity(
        27.0,
        unit="USD bn",
        label=Bilingual(zh="项目总成本", en="cost of the venture"),
        source="size of the Meta–Blue Owl venture as announced, V:AIC",
        above=0.0,
    )
    debt_share: float = quantity(
        0.80,
        unit="fraction",
        label=Bilingual(zh="债务占比", en="debt share"),
        of="cost",
        source="the debate's outside 80% read as debt (the bond is 27.3 of 29.5), V:FUD",
        at_least=0.0,
        below=1.0,
        quotes=(
            QuotedFigure(
                quote=TWENTY_EIGHTY,
                speaker="陈茜",
                value=0.80,
                about=Bilingual(zh="外部出资占比(所有权),不是杠杆", en="outside money (ownership), not leverage"),
            ),
        ),
    )
    equity_share: float | None = quantity(
        None,
        unit="fraction",
        label=Bilingual(zh="自有资金占比", en="own share"),
        complement="debt_share",
        of="cost",
        above=0.0,
        at_most=1.0,
    )
    debt_rate: float = quantity(
        0.0658,
        unit="fraction",
        label=Bilingual(zh="债务利率", en="interest rate on the debt"),
        source="V:FUD",
        at_least=0.0,
        at_most=0.5,
    )
    tenor: int = quantity(
        24,
        unit="years",
        label=Bilingual(zh="期限", en="tenor"),
        source="bond of 2025 due 2049, V:FUD",
        at_least=1,
        at_most=60,
    )
    cash_yield: float = quantity(
        0.09,
        unit="fraction",
        label=Bilingual(zh="现金收益率(占成本)", en="cash yield on cost"),
        of="cost",
        source="judgement of this project",
        at_least=0.0,
        at_most=1.0,
    )
    residual: float = quantity(
        0.0,
        unit="USD bn",
        label=Bilingual(zh="期末残值", en="residual value"),
        source="convention: nothing left",
        at_least=0.0,
    )


def _notes(inputs: JvLeverageInput, outputs: Outputs) -> tuple[Note, ...]:
    notes = [
        Note(
            kind="transcript",
            text=Bilingual(
                zh="陈茜说的 20%/80% 是出资(所有权)比例,不是杠杆率。",
                en="The 20% / 80% in the debate is who owns, not how much is borrowed.",
            ),
            speaker="陈茜",
            quote=TWENTY_EIGHTY,
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="披露:295 亿中 273 亿为债务,利率 6.58%,2049 年到期,评级 A+。",
                en="As reported: $27.3bn of debt in $29.5bn, 6.58%, due 2049, rated A+.",
            ),
            source="V:AIC, V:FUD",
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="表外义务:Meta 的租约 4 年一续,另有残值担保;承租人可不续租,担保在那时才成为负债。",
                en="The off-balance claim: Meta's lease runs four years, renewable, with a residual-value guarantee; "
                "it turns into "
                "a liability when the tenant does not renew.",
            ),
            source="V:INN",
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 的保留:风险在看不见的私募信贷里。",
                en="Bruce's caveat: the risk hides in private credit.",
            ),
            speaker="Bruce Liu",
            quote=SHADOW_BANKS,
        ),
    ]
    if given(outputs, "dscr") and number(outputs, "dscr") < 1.0:
        notes.insert(
            0,
            Note(
                kind="warning",
                text=Bilingual(
                    zh="偿债覆盖率低于 1:现金不够还本付息,权益被清零。",
                    en="Debt service cover is below 1: cash does not pay the debt, equity is wiped out.",
                ),
            ),
        )
    return tuple(notes)


def _charts(inputs: JvLeverageInput, outputs: Outputs) -> tuple[Chart, ...]:
    """Equity cash flow by year: −equity, then cash after debt service, the residual at the end."""
    after = inputs.cost * inputs.cash_yield - number(outputs, "debt_service")
    flows = [-number(outputs, "equity"), *[after] * inputs.tenor]
    flows[-1] += inputs.residual
    return (
        Chart(
            kind="bar",
            title=Bilingual(zh="权益现金流", en="Cash flow to equity"),
            x_label=Bilingual(zh="年", en="year"),
            x=tuple(range(inputs.tenor + 1)),
            unit="USD bn",
            series=(Series(name=Bilingual(zh="权益现金流", en="to equity"), values=tuple(flows)),),
        ),
    )


def _summary(inputs: JvLeverageInput, outputs: Outputs) -> Bilingual:
    debt, service = money(number(outputs, "debt")), money(number(outputs, "debt_service"))
    zh, en = f"债务 {debt.zh},每年还本付息 {service.zh}", f"Debt is {debt.en}, debt service {service.en} a year"
    if given(outputs, "dscr"):
        zh += f",偿债覆盖率 {number(outputs, 'dscr'):.2f}"
        en += f", cover {number(outputs, 'dscr'):.2f}"
    if given(outputs, "equity_irr"):
        irr = percent(number(outputs, "equity_irr"))
        return Bilingual(zh=f"{zh},权益 IRR {irr}。", en=f"{en}, equity IRR {irr}.")
    return Bilingual(zh=f"{zh};权益没有回报(清零)。", en=f"{en}; equity gets nothing (wiped out).")


JV_LEVERAGE = Calculator(
    name="jv_leverage",
    title=Bilingual(zh="杠杆合资项目", en="Leveraged joint venture"),
    inputs=JvLeverageInput,
    outputs=(
        Output(
            "debt",
            "USD bn",
            Bilingual(zh="债务", en="debt"),
        ),
        Output(
            "equity",
            "USD bn",
            Bilingual(zh="权益", en="equity"),
        ),
        Output(
            "debt_service",
            "USD bn",
            Bilingual(zh="年还本付息", en="debt service a year"),
            yearly=True,
        ),
        Output(
            "dscr",
            "multiple",
            Bilingual(zh="偿债覆盖率", en="debt service cover (DSCR)"),
            even=1.0,
        ),
        Output(
            "equity_irr",
            "fraction",
            Bilingual(zh="权益内部收益率", en="equity IRR"),
            even=0.0,
        ),
    ),
    equation="debt = C·d; service = debt·r(1+r)^n/((1+r)^n−1); DSCR = C·y/service; IRR: E = Σ(C·y−service)/(1+i)^t + "
    "residual/(1+i)^n; r_E = r_U + (D/E)(r_U−r_D)",
    compute=lambda i: jv_leverage(i.cost, i.debt_share, i.debt_rate, i.tenor, i.cash_yield, i.residual),
    formulas={
        "debt": "{cost}*{debt_share}",
        "equity": "{cost}-{debt}",
        "debt_service": "-PMT({debt_rate},{tenor},{debt})",
        "dscr": 'IF({debt_service}>0,{cost}*{cash_yield}/{debt_service},"")',
        "equity_irr": 'IF(OR({cost}*{cash_yield}<{debt_service},{cost}*{cash_yield}-{debt_service}+{residual}<=0),"",'
        "RATE({tenor},{cost}*{cash_yield}-{debt_service},-{equity},{residual},0,"
        "0.01+({cost}*{cash_yield}-{debt_service})/{equity}+({residual}/{equity}-1)/{tenor}))",
    },
    headline="equity_irr",
    notes=_notes,
    charts=_charts,
    summary=_summary,
    examples=(
        "270亿的数据中心合资项目,80%是债,利率6.58%,24年,现金收益率9%,权益回报是多少?",
        "A $27bn JV with 80% debt at 6.58% over 24 years and a 9% cash yield: DSCR and equity IRR?",
    ),
    source="annuity and IRR, V:AIC, V:FUD, V:INN",
)
