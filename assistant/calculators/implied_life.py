"""The economic life that a claimed understatement of depreciation implies: reproducible, not identified.

Burry's claim, 176 USD bn over 2026–28 (V:TTM), is not in the debate; his capex path and method are unpublished. With
our path the claim fits a life of 3.0 years at a server share of 0.42 and 3.4 years at 0.5: the life is only as good as
those inputs.

    >>> round(implied_life(BURRY_CAPEX, 0.42, 6.0, BURRY_GAP, 2026, 2028), 1)
    3.0
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from assistant.calculators.ai_capex import BURRY_CAPEX, BURRY_SOURCE
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
from assistant.calculators.fleet import (
    REVERSES,
    book_life_input,
    cumulative_gap,
    share_input,
)
from assistant.calculators.wording import money
from assistant.errors import CalculatorInputError

BURRY_GAP, BURRY_YEARS = 176.0, (2026, 2028)


def implied_life(
    capex: Mapping[int, float], share: float, book_life: float, target: float, first: int, last: int
) -> float:
    """The economic life at which the cumulative gap equals a claimed understatement.

    Args:
        capex: year → USD bn.
        share: fraction bought as these servers.
        book_life: years.
        target: claimed understatement of depreciation over first … last, USD bn.
        first: first year of the claim.
        last: its last year.

    Returns:
        Years, to 1e-9.

    Raises:
        CalculatorInputError: no life between one year and the book life gives that much.

    >>> round(implied_life(BURRY_CAPEX, 0.5, 6.0, 176.0, 2026, 2028), 1)
    3.4
    """
    if first > last:
        raise CalculatorInputError("last_year", f"≥ {first}", last)

    def excess(life: float) -> float:
        return cumulative_gap(capex, share, book_life, life, first, last) - target

    # The gap is not monotone below about three years (a very short life has run off by the time asked about), so the
    # longest life that fits is looked for downwards from the book life.
    lives = np.linspace(book_life, 1.0, 81)
    previous = lives[0]
    for life in lives[1:]:
        if excess(float(life)) >= 0.0:
            return _bisect(excess, float(life), float(previous))
        previous = life
    most = max(excess(float(life)) for life in lives) + target
    raise CalculatorInputError(
        "target", f"> 0 and ≤ {most:.4g} USD bn, the most that any life between 1 and {book_life:g} years gives",
        f"{target:g} USD bn", allowed_zh=f"> 0 且 ≤ {most:.4g} USD bn(1 至 {book_life:g} 年之间任何年限能给出的最大值)",
    )  # fmt: skip


def _bisect(excess: Callable[[float], float], low: float, high: float) -> float:
    """The root of a function that is ≥ 0 at `low` and < 0 at `high`, to 1e-9."""
    while high - low > 1e-9:
        middle = (low + high) / 2.0
        low, high = (middle, high) if excess(middle) >= 0.0 else (low, middle)
    return (low + high) / 2.0


class ImpliedLifeInput(CalculatorInput):
    """A claimed understatement and the fleet it is about."""

    target: float = quantity(
        BURRY_GAP,
        unit="USD bn",
        label=Bilingual(zh="声称少提的折旧", en="claimed understatement"),
        source="Michael Burry, 2026–28 (V:TTM); not in the debate",
        above=0.0,
    )
    capex: dict[int, float] = quantity(
        BURRY_CAPEX,
        unit="USD bn",
        label=Bilingual(zh="各年资本开支", en="capex by year"),
        source=BURRY_SOURCE,
        at_least=0.0,
    )
    share: float = share_input()
    book_life: float = book_life_input()
    first_year: int = quantity(
        BURRY_YEARS[0],
        unit="",
        label=Bilingual(zh="起始年", en="first year"),
        source="V:TTM",
        at_least=1990,
        at_most=2100,
    )
    last_year: int = quantity(
        BURRY_YEARS[1],
        unit="",
        label=Bilingual(zh="结束年", en="last year"),
        source="V:TTM",
        at_least=1990,
        at_most=2100,
    )


def _implied_notes(inputs: ImpliedLifeInput, outputs: Outputs) -> tuple[Note, ...]:
    at_three = cumulative_gap(
        inputs.capex, inputs.share, inputs.book_life, min(3.0, inputs.book_life), inputs.first_year, inputs.last_year
    )
    return (
        Note(
            kind="warning",
            text=Bilingual(
                zh="可以复现,但不能识别:Burry 的资本开支路径和方法没有公布,服务器占比每变一点,隐含寿命就变;"
                "这不说明他对。",
                en="Reproducible, not identified: Burry's capex path and method are unpublished and the implied "
                "life moves with "
                "the server share; this does not show that he is right.",
            ),
            source="V:TTM",
        ),
        Note(
            text=Bilingual(
                zh=f"同一车队按 3 年寿命,少提合计 {money(at_three).zh}。",
                en=f"The same fleet at a 3-year life gives {money(at_three).en} in total.",
            )
        ),
        Note(
            kind="transcript",
            text=Bilingual(
                zh="辩论里只转述了 Burry 的批评,没有他的数字。",
                en="The debate relays Burry's criticism, not his figures.",
            ),
            speaker="陈茜",
            quote="并通过拉长资产折旧年限来“虚增利润”。",
        ),
        REVERSES,
    )


def _implied_charts(inputs: ImpliedLifeInput, outputs: Outputs) -> tuple[Chart, ...]:
    lives = np.linspace(2.0, inputs.book_life, 17)
    first, last = inputs.first_year, inputs.last_year
    gaps = [cumulative_gap(inputs.capex, inputs.share, inputs.book_life, float(life), first, last) for life in lives]
    return (
        Chart(
            kind="line",
            title=Bilingual(zh="累计少提折旧随真实寿命变化", en="Cumulative gap by economic life"),
            x_label=Bilingual(zh="经济寿命", en="economic life"),
            x_unit="years",
            x=tuple(lives.tolist()),
            unit="USD bn",
            series=(Series(name=Bilingual(zh="累计差额", en="cumulative gap"), values=tuple(gaps)),),
        ),
    )


IMPLIED_LIFE = Calculator(
    name="implied_life",
    title=Bilingual(zh="少提折旧隐含的寿命", en="Economic life implied by a claimed understatement"),
    inputs=ImpliedLifeInput,
    outputs=(
        Output(
            "econ_life",
            "years",
            Bilingual(zh="隐含经济寿命", en="implied economic life"),
        ),
    ),
    equation="the L_e at which Σ_y [dep(L_e) − dep(L_b)] = the claim; dep as in fleet_gap",
    compute=lambda i: {"econ_life": implied_life(i.capex, i.share, i.book_life, i.target, i.first_year, i.last_year)},
    headline="econ_life",
    notes=_implied_notes,
    charts=_implied_charts,
    examples=("Burry说的1760亿美元少提折旧,隐含芯片寿命几年?", "What useful life does Burry's $176bn imply?"),
    source="V:TTM; " + BURRY_SOURCE,
)
