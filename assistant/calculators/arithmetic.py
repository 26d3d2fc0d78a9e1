"""Plain arithmetic over figures with units: shares, changes, sums, rates, spreads, and one unit stated in another.

Amounts stand in one unit, the input ``unit``; "@unit" in a declaration means that unit, so that yuan stay yuan and
gigawatts gigawatts. Shares are decimals. Nothing here knows any subject.

    >>> from assistant.calculators.trace import run
    >>> run("part_of", {"whole": 30.0, "share": 0.2, "unit": "USD bn"}).value("part")
    6.0
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from assistant.calculators.declaration import Bilingual, Calculator, CalculatorInput, Output, Outputs, quantity
from assistant.calculators.units import convert, same_dimension
from assistant.errors import CalculatorInputError

AS_GIVEN = "as the reader gave them"


def unit_input() -> Any:
    """The unit of a calculation's amounts."""
    return quantity("number", unit="", label=Bilingual(zh="单位", en="unit"), source=AS_GIVEN)


def amount(zh: str, en: str, **limits: Any) -> Any:
    """A required amount in the calculation's unit."""
    return quantity(unit="@unit", label=Bilingual(zh=zh, en=en), **limits)


def fraction(zh: str, en: str, **limits: Any) -> Any:
    """A required share or change, decimal."""
    return quantity(unit="fraction", label=Bilingual(zh=zh, en=en), **limits)


class _Amounts(CalculatorInput):
    unit: str = unit_input()


class PartOf(_Amounts):
    """A whole and a share of it."""

    whole: float = amount("整体", "whole")
    share: float = fraction("份额", "share")


class ShareOfWhole(_Amounts):
    """A part and the whole it is compared with."""

    part: float = amount("部分", "part")
    whole: float = amount("整体", "whole")


class Change(_Amounts):
    """An amount before and after."""

    before: float = amount("原来", "before")
    after: float = amount("后来", "after")


class AfterChange(_Amounts):
    """An amount and what it changes by."""

    before: float = amount("原来", "before")
    change: float = fraction("变化", "change", at_least=-1.0)


class Difference(_Amounts):
    """Two amounts."""

    first: float = amount("第一个数", "first amount")
    second: float = amount("第二个数", "second amount")


class Total(_Amounts):
    """Amounts to add up."""

    parts: tuple[float, ...] = amount("各项", "amounts")


class TimesEach(_Amounts):
    """How many, and how much each."""

    number: float = quantity(unit="any", label=Bilingual(zh="数量", en="number"), at_least=0.0)
    each: float = amount("每个", "each")

    @property
    def product(self) -> str:
        """The unit of the total: so much per gigawatt, times gigawatts, is so much."""
        return self.unit.partition("/")[0]


class Spread(_Amounts):
    """A total and the years over which it is spread evenly."""

    total: float = amount("总额", "total")
    periods: float = quantity(unit="years", label=Bilingual(zh="年数", en="years"), above=0.0)


class BuildUp(_Amounts):
    """So much a year, from one calendar year through another, or for a number of years."""

    each: float = amount("每年", "each year")
    first_year: int | None = quantity(
        None, unit="", label=Bilingual(zh="起始年", en="first year"), at_least=1900, at_most=2200
    )
    last_year: int | None = quantity(
        None, unit="", label=Bilingual(zh="结束年", en="last year"), at_least=1900, at_most=2200
    )
    periods: float | None = quantity(None, unit="years", label=Bilingual(zh="年数", en="years"), above=0.0)


class AtLeastOnce(CalculatorInput):
    """A chance that comes up every year, and for how many years."""

    chance: float = fraction("每年概率", "chance a year", at_least=0.0, at_most=1.0)
    periods: float = quantity(unit="years", label=Bilingual(zh="年数", en="years"), above=0.0)


class RunningEnergy(CalculatorInput):
    """Power that runs all year, at some share of the time, and what the energy costs."""

    power: float = quantity(unit="GW", label=Bilingual(zh="功率", en="power"), above=0.0)
    utilisation: float = quantity(
        1.0,
        unit="fraction",
        label=Bilingual(zh="利用率", en="utilisation"),
        source="running all the time",
        above=0.0,
        at_most=1.0,
    )
    years: float = quantity(1.0, unit="years", label=Bilingual(zh="年数", en="years"), source="one year", above=0.0)
    price: float | None = quantity(None, unit="USD/kWh", label=Bilingual(zh="电价", en="price of power"), at_least=0.0)


class ConvertUnit(CalculatorInput):
    """An amount, its unit, and the unit wanted; between currencies the rate is the reader's."""

    amount: float = quantity(unit="@unit", label=Bilingual(zh="数额", en="amount"))
    unit: str = unit_input()
    to: str = quantity("number", unit="", label=Bilingual(zh="换成", en="to"), source=AS_GIVEN)
    rate: float | None = quantity(None, unit="number", label=Bilingual(zh="汇率", en="exchange rate"), above=0.0)


def _ratio(part: float, whole: float, field: str) -> float:
    if whole == 0:
        raise CalculatorInputError(field, "any figure but 0", "0", allowed_zh="非零的数")
    return part / whole


def _change(i: Change) -> Outputs:
    share = _ratio(i.after - i.before, abs(i.before), "before")
    return {"change": share, "difference": i.after - i.before, "times": _ratio(i.after, i.before, "before")}


def years_between(first: int | None, last: int | None, periods: float | None) -> float:
    """The years of a stretch, both ends included.

    Raises:
        CalculatorInputError: neither two years nor a number of years, or the last before the first.
    """
    if first is not None and last is not None:
        if last < first:
            raise CalculatorInputError("last_year", f"≥ {first}", str(last), allowed_zh=f"≥ {first}")
        return float(last - first + 1)
    if periods is None:
        raise CalculatorInputError("periods", "> 0 years", "nothing", allowed_zh="> 0 年")
    return periods


def _build_up(i: BuildUp) -> Outputs:
    years = years_between(i.first_year, i.last_year, i.periods)
    return {"total": i.each * years, "years": years}


def _converted(i: ConvertUnit) -> Outputs:
    """Within a dimension by the table; between currencies by the rate, units of the second for one US dollar."""
    ours, theirs = _currency(i.unit), _currency(i.to)
    if ours == theirs and same_dimension(_dollars(i.unit), _dollars(i.to)):
        return {"converted": convert(i.amount, _dollars(i.unit), _dollars(i.to), field="to")}
    if not ours or not theirs or not same_dimension(_dollars(i.unit), _dollars(i.to)):
        raise CalculatorInputError(
            "to", f"a unit of what {i.unit} measures", i.to, allowed_zh=f"与 {i.unit} 同类的单位"
        )
    if i.rate is None:
        raise CalculatorInputError("rate", f"{ours}/{theirs}, > 0", "nothing", allowed_zh=f"{ours}/{theirs} 汇率,> 0")
    scaled = convert(i.amount, _dollars(i.unit), _dollars(i.to), field="to")
    # a rate above 1 is so many of the smaller currency for one of the larger, as people quote it
    to_smaller = CURRENCY_SIZE[theirs] > CURRENCY_SIZE[ours]
    return {"converted": scaled * i.rate if to_smaller == (i.rate >= 1) else scaled / i.rate}


# how small one unit of money is, roughly: only so that "at 7.1" is read the right way round
CURRENCY_SIZE = {"GBP": 0.8, "EUR": 0.9, "USD": 1.0, "CNY": 7.0, "HKD": 7.8, "JPY": 150.0}


def _currency(unit: str) -> str:
    return "USD" if unit.startswith("US cents") else unit[:3] if unit[:3] in CURRENCY_SIZE else ""


def _dollars(unit: str) -> str:
    """The unit of the same scale in the table, which knows one currency."""
    return "USD" + unit[3:] if _currency(unit) not in ("", "USD") else unit


def _conversion(i: ConvertUnit) -> str:
    """The conversion as a spreadsheet does it: times the factor between the units, and by the rate if any."""
    factor = _converted(ConvertUnit(amount=1.0, unit=i.unit, to=i.to, rate=i.rate and 1.0))["converted"]
    if i.rate is None or _currency(i.unit) == _currency(i.to):
        return f"{{amount}}*{factor!r}"
    to_smaller = CURRENCY_SIZE[_currency(i.to)] > CURRENCY_SIZE[_currency(i.unit)]
    return f"{{amount}}*{factor!r}{'*' if to_smaller == (i.rate >= 1) else '/'}{{rate}}"


def _plain(
    name: str,
    title: Bilingual,
    inputs: type[Any],
    outputs: tuple[Output, ...],
    equation: str,
    compute: Callable[[Any], Outputs],
    *examples: str,
    formulas: Mapping[str, str],
) -> Calculator[Any]:
    return Calculator(
        name,
        title,
        inputs,
        outputs,
        equation,
        compute,
        headline=outputs[0].name,
        examples=examples,
        plain=True,
        formulas=formulas,
    )


def _amount(name: str, zh: str, en: str) -> Output:
    return Output(name, "@unit", Bilingual(zh=zh, en=en))


PART_OF = _plain(
    "part_of",
    Bilingual(zh="一部分", en="A share of an amount"),
    PartOf,
    (_amount("part", "部分", "part"),),
    "part = whole·share",
    lambda i: {"part": i.whole * i.share},
    "What's 20% of $30bn?",
    "300亿的20%是多少",
    formulas={"part": "{whole}*{share}"},
)
SHARE_OF_WHOLE = _plain(
    "share_of_whole",
    Bilingual(zh="占比", en="Share or multiple"),
    ShareOfWhole,
    (
        Output("share", "fraction", Bilingual(zh="占比", en="share")),
        Output("times", "multiple", Bilingual(zh="倍数", en="times")),
    ),
    "share = times = part/whole",
    lambda i: {"share": _ratio(i.part, i.whole, "whole"), "times": _ratio(i.part, i.whole, "whole")},
    "What percentage of 120 is 28?",
    "7万亿是1.4万亿的几倍",
    formulas={"share": "{part}/{whole}", "times": "{part}/{whole}"},
)
CHANGE = _plain(
    "change",
    Bilingual(zh="变化幅度", en="Change"),
    Change,
    (
        Output("change", "fraction", Bilingual(zh="变化幅度", en="change")),
        _amount("difference", "变化额", "change in amount"),
        Output("times", "multiple", Bilingual(zh="倍数", en="times")),
    ),
    "change = (after − before)/|before|",
    _change,
    "From 28 to 26, how many per cent is that?",
    "从28降到26,跌了百分之几",
    formulas={
        "change": "({after}-{before})/ABS({before})",
        "difference": "{after}-{before}",
        "times": "{after}/{before}",
    },
)
AFTER_CHANGE = _plain(
    "after_change",
    Bilingual(zh="变化之后", en="After a change"),
    AfterChange,
    (_amount("after", "后来", "after"),),
    "after = before·(1 + change)",
    lambda i: {"after": i.before * (1 + i.change)},
    "$50bn cut by a fifth: what is left?",
    "500亿砍掉两成还剩多少",
    formulas={"after": "{before}*(1+{change})"},
)
DIFFERENCE = _plain(
    "difference",
    Bilingual(zh="差", en="Difference"),
    Difference,
    (_amount("difference", "差", "difference"),),
    "difference = |first − second|",
    lambda i: {"difference": abs(i.first - i.second)},
    "How much more is $7tn than $5tn?",
    "7万亿比5万亿多多少",
    formulas={"difference": "ABS({first}-{second})"},
)
TOTAL = _plain(
    "total",
    Bilingual(zh="合计", en="Sum and average"),
    Total,
    (_amount("total", "合计", "total"), _amount("average", "平均", "average")),
    "total = Σ parts; average = total/n",
    lambda i: {"total": math.fsum(i.parts), "average": _ratio(math.fsum(i.parts), len(i.parts), "parts")},
    "What do 360, 120 and 80 add up to?",
    "360、120和80加起来是多少",
    formulas={"total": "SUM({parts})", "average": "AVERAGE({parts})"},
)
TIMES_EACH = _plain(
    "times_each",
    Bilingual(zh="数量乘单价", en="Number times each"),
    TimesEach,
    (Output("total", "@product", Bilingual(zh="合计", en="total")),),
    "total = number·each",
    lambda i: {"total": i.number * i.each},
    "12 sites at $3bn each",
    "12个园区每个30亿一共多少",
    formulas={"total": "{number}*{each}"},
)
SPREAD = _plain(
    "spread",
    Bilingual(zh="按年均摊", en="Spread evenly"),
    Spread,
    (Output("each", "@unit", Bilingual(zh="每年", en="each year"), yearly=True),),
    "each = total/years",
    lambda i: {"each": i.total / i.periods},
    "$6 trillion over 5 years is how much a year?",
    "6万亿分5年,每年多少",
    formulas={"each": "{total}/{periods}"},
)
BUILD_UP = _plain(
    "build_up",
    Bilingual(zh="逐年累计", en="So much a year"),
    BuildUp,
    (_amount("total", "累计", "total"), Output("years", "years", Bilingual(zh="年数", en="years"))),
    "total = each·(last − first + 1)",
    _build_up,
    "12 GW a year from 2026 through 2030: how much in total?",
    "每年12吉瓦,从2026到2030年一共多少",
    formulas={
        "years": 'IF(OR({first_year}="",{last_year}=""),{periods},{last_year}-{first_year}+1)',
        "total": "{each}*{years}",
    },
)
RUNNING_ENERGY = _plain(
    "running_energy",
    Bilingual(zh="一年的电量与电费", en="Energy and its bill"),
    RunningEnergy,
    (
        Output("energy", "TWh", Bilingual(zh="电量", en="energy")),
        Output("bill", "USD bn", Bilingual(zh="电费", en="power bill")),
    ),
    "energy = power·8,760 h·utilisation·years; bill = energy·price",
    lambda i: {
        "energy": i.power * 8.76 * i.utilisation * i.years,
        "bill": None if i.price is None else i.power * 8.76 * i.utilisation * i.years * i.price,
    },
    "1 GW running at 90% for a year is how many TWh?",
    "1吉瓦满负荷跑一年是多少太瓦时",
    formulas={"energy": "{power}*8.76*{utilisation}*{years}", "bill": 'IF({price}="","",{energy}*{price})'},
)
AT_LEAST_ONCE = _plain(
    "at_least_once",
    Bilingual(zh="至少发生一次", en="At least once"),
    AtLeastOnce,
    (
        Output("probability", "fraction", Bilingual(zh="至少一次的概率", en="chance of at least one")),
        Output("none", "fraction", Bilingual(zh="一次都不发生的概率", en="chance of none")),
    ),
    "1 − (1 − chance)^years",
    lambda i: {"probability": 1 - (1 - i.chance) ** i.periods, "none": (1 - i.chance) ** i.periods},
    "8% a year, independently: the odds of at least one in ten years?",
    "每年概率8%,十年至少发生一次的概率",
    formulas={"probability": "1-(1-{chance})^{periods}", "none": "(1-{chance})^{periods}"},
)
CONVERT_UNIT = Calculator(
    "convert_unit",
    Bilingual(zh="换算", en="Conversion"),
    ConvertUnit,
    (Output("converted", "@to", Bilingual(zh="换算后", en="converted")),),
    "converted = amount in the other unit",
    _converted,
    headline="converted",
    plain=True,
    examples=("How much is 2,500亿元 in dollars at 7.1?", "3.2 GWh是多少TWh"),
    formulas={"converted": _conversion},
)
