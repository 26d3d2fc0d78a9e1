"""Circular funding: how much of an ecosystem's money only goes round, and whether it could fund itself outside.

Knows flows between named parties and money from outside, on one time base. It cannot know which promises will be kept:
letters of intent, multi-year contracts and one year's cash must be put on one time base before they are entered.

    >>> ring = (("NVIDIA", "OpenAI", 100.0), ("OpenAI", "Oracle", 100.0), ("Oracle", "NVIDIA", 100.0))
    >>> result = funding_closure(ring, 60.0)
    >>> f"{result['external_share']:.3f}", result["net_by_party"], result["max_cycle_flow"]
    ('0.167', {'NVIDIA': 0.0, 'OpenAI': 0.0, 'Oracle': 0.0}, 100.0)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

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

Flow = tuple[str, str, float]

THREE_HUNDREDS = (
    "NVIDIA承诺给OpenAI提供约1000亿美元的GPU服务器;OpenAI转向Oracle承诺采购1000亿美元级别的算力服务;"
    "Oracle再去向NVIDIA下1000亿美元的订单采购GPU。"
)
FUNDED_OUTSIDE = "其实想这个问题很简单,标准就是:它在外面能不能再融到钱?"
ONLY_INSIDE = "如果某天外部funding不再支持AI ecosystem,只能靠内部转,那时所谓的内循环才成立。"


def funding_closure(
    internal: Sequence[Flow],
    external: float,
    need: float | None = None,
    own_cash: float | None = None,
) -> dict[str, Any]:
    """Share of outside money in a funding network, what each party nets, and the largest sum that goes full circle.

    external_share = E/(E + Σ internal). Net of a party = received − paid inside. Max cycle flow: the largest sum
    that can pass along some closed chain of payments (the smallest payment on the best such chain). Bruce's test:
    closed only if outside capacity E < need − own cash.

    Args:
        internal: (payer, receiver, amount ≥ 0) in USD bn, one time base; several flows of a pair are added.
        external: E, money from outside, or the capacity to raise it, USD bn ≥ 0.
        need: what the network must spend, USD bn; None leaves the test undecided.
        own_cash: the network's own cash, USD bn; None counts as 0 once `need` is given.

    Returns:
        gross_internal, external_share (None when no money flows), net_by_party (sums to zero), max_cycle_flow, closed
        (bool or None).

    Raises:
        CalculatorInputError: a negative flow, a flow to oneself, a negative E.

    >>> funding_closure((("A", "B", 30.0),), 10.0, need=50.0, own_cash=20.0)["closed"]
    True
    """
    if external < 0:
        raise CalculatorInputError("external", "≥ 0 USD bn", external, allowed_zh="≥ 0 USD bn")
    pairs: dict[tuple[str, str], float] = {}
    net: dict[str, float] = {}
    for payer, receiver, amount in internal:
        if payer.strip().casefold() == receiver.strip().casefold():
            raise CalculatorInputError(
                "internal",
                "flows between two different parties",
                f"{payer} → {receiver}",
                allowed_zh="两个不同主体之间的资金流",
            )
        if not amount >= 0:
            raise CalculatorInputError(
                "internal",
                "amounts ≥ 0 USD bn; turn the arrow instead",
                f"{payer} → {receiver}: {amount:g}",
                allowed_zh="金额 ≥ 0 USD bn;方向相反请调换双方",
            )
        pairs[payer, receiver] = pairs.get((payer, receiver), 0.0) + amount
        net[payer] = net.get(payer, 0.0) - amount
        net[receiver] = net.get(receiver, 0.0) + amount
    gross = float(sum(pairs.values()))
    total = external + gross
    return {
        "gross_internal": gross,
        "external_share": external / total if total > 0 else None,
        "net_by_party": net,
        "max_cycle_flow": _max_cycle_flow(pairs),
        "closed": None if need is None else external < need - (own_cash or 0.0),
    }


def _max_cycle_flow(pairs: Mapping[tuple[str, str], float]) -> float:
    """Largest amount for which the flows of at least that size still contain a cycle; 0 without any cycle."""
    for amount in sorted({size for size in pairs.values() if size > 0}, reverse=True):
        if _has_cycle({edge for edge, size in pairs.items() if size >= amount}):
            return amount
    return 0.0


def _has_cycle(edges: set[tuple[str, str]]) -> bool:
    """Whether directed edges contain a cycle: strip parties nobody pays until none is left or none can be stripped."""
    left = set(edges)
    while left:
        paid = {receiver for _, receiver in left}
        kept = {edge for edge in left if edge[0] in paid}
        if len(kept) == len(left):
            return True
        left = kept
    return False


class FundingClosureInput(CalculatorInput):
    """Who pays whom, and the money from outside."""

    internal: tuple[tuple[str, str, float], ...] = quantity(
        unit="USD bn",
        label=Bilingual(zh="内部资金流(付款方→收款方)", en="internal flows (payer → receiver)"),
        at_least=0.0,
        quotes=(
            QuotedFigure(
                quote=THREE_HUNDREDS,
                speaker="陈茜",
                value=[["NVIDIA", "OpenAI", 100.0], ["OpenAI", "Oracle", 100.0], ["Oracle", "NVIDIA", 100.0]],
                about=Bilingual(zh="三笔约1000亿美元", en="three flows of about $100bn"),
            ),
        ),
    )
    external: float = quantity(
        unit="USD bn",
        label=Bilingual(zh="外部资金", en="outside money"),
        at_least=0.0,
    )
    need: float | None = quantity(
        None,
        unit="USD bn",
        label=Bilingual(zh="资金需求", en="funding need"),
        at_least=0.0,
    )
    own_cash: float | None = quantity(
        None,
        unit="USD bn",
        label=Bilingual(zh="自有现金", en="own cash"),
        at_least=0.0,
    )


def _closure_notes(inputs: FundingClosureInput, outputs: Outputs) -> tuple[Note, ...]:
    return (
        Note(
            kind="transcript",
            text=Bilingual(
                zh="Bruce 的标准:能否在外部融资;只有外部断供时内循环才成立。",
                en="Bruce's test: can it raise money outside? The loop is closed only when outside funding stops.",
            ),
            speaker="Bruce Liu",
            quote=FUNDED_OUTSIDE,
        ),
        Note(
            kind="transcript",
            text=Bilingual(zh="他认为现在离那一步还早。", en="He thinks that point is still far off."),
            speaker="Bruce Liu",
            quote=ONLY_INSIDE,
        ),
        Note(
            kind="warning",
            text=Bilingual(
                zh="意向书、多年合同与一年的现金须先统一到同一时间口径,才能相互抵消;“约1000亿”三笔多为意向或多年承诺。",
                en="Letters of intent, multi-year contracts and one year's cash may be netted only on one time base; "
                "the three "
                "“about $100bn” are mostly intentions or multi-year commitments.",
            ),
        ),
        Note(
            kind="filing",
            text=Bilingual(
                zh="实际披露:每 350 亿美元 GPU 采购对应 100 亿美元投资;甲骨文合同 3000 亿美元,其中芯片 400 亿美元。",
                en="As reported: $10bn invested per $35bn of GPUs; an Oracle contract of $300bn, $40bn of chips.",
            ),
            source="V:NS, V:REG2",
        ),
    )


def _closure_charts(inputs: FundingClosureInput, outputs: Outputs) -> tuple[Chart, ...]:
    net = outputs["net_by_party"]
    parties = {str(k): float(str(v)) for k, v in net.items()} if isinstance(net, dict) else {}
    return (
        Chart(
            kind="bar",
            title=Bilingual(zh="内部资金流的净额", en="Net internal flow by party"),
            x_label=Bilingual(zh="主体", en="party"),
            x=tuple(parties),
            unit="USD bn",
            series=(Series(name=Bilingual(zh="净收入", en="net received"), values=tuple(parties.values())),),
        ),
    )


def _closure_summary(inputs: FundingClosureInput, outputs: Outputs) -> Bilingual:
    gross = money(number(outputs, "gross_internal"))
    share = percent(number(outputs, "external_share")) if given(outputs, "external_share") else "–"
    zh = f"内部资金流合计 {gross.zh},外部资金占 {share}。"
    en = f"Internal flows add up to {gross.en}; outside money is {share} of the total."
    if given(outputs, "closed"):
        closed = bool(outputs["closed"])
        zh += "按 Bruce 的标准,内循环" + ("成立。" if closed else "不成立。")
        en += f" By Bruce's test the loop is {'closed' if closed else 'not closed'}."
    return Bilingual(zh=zh, en=en)


FUNDING_CLOSURE = Calculator(
    name="funding_closure",
    title=Bilingual(zh="资金内循环检验", en="Funding closure"),
    inputs=FundingClosureInput,
    outputs=(
        Output(
            "gross_internal",
            "USD bn",
            Bilingual(zh="内部资金流合计", en="gross internal flows"),
        ),
        Output("external_share", "fraction", Bilingual(zh="外部资金占比", en="share of outside money")),
        Output(
            "net_by_party",
            "USD bn",
            Bilingual(zh="各方净额", en="net by party"),
        ),
        Output("max_cycle_flow", "USD bn", Bilingual(zh="最大循环额", en="largest sum going full circle")),
        Output(
            "closed",
            "",
            Bilingual(zh="内循环是否成立", en="is the loop closed"),
        ),
    ),
    equation="external_share = E/(E + Σ internal); net = received − paid; closed if E < need − own cash",
    compute=lambda i: funding_closure(i.internal, i.external, i.need, i.own_cash),
    formulas={
        "gross_internal": "SUM({internal})",
        "external_share": 'IF({external}+{gross_internal}=0,"",{external}/({external}+{gross_internal}))',
        "closed": 'IF({need}="","",{external}<{need}-IF({own_cash}="",0,{own_cash}))',
    },
    headline="external_share",
    notes=_closure_notes,
    charts=_closure_charts,
    summary=_closure_summary,
    examples=(
        "NVIDIA、OpenAI、Oracle 三家各1000亿互相循环,外部再来600亿,外部占比是多少?",
        "If NVIDIA, OpenAI and Oracle pass $100bn around and raise $60bn outside, what share is external?",
    ),
    source="identity; test as Bruce Liu states it",
)
