"""Numbers with units, as people write them in Chinese and English.

`read_quantities` finds every figure of a text with its place, unit, range, direction and approximation. It knows the
units that the calculators are declared in, money in several currencies (never their exchange rates), and the words that
look like numbers but are not (一些, 上半年, H100, 第二季度). It does not know what a figure is for.

    >>> [(q.text, q.low, q.high, q.unit) for q in read_quantities("8到12个吉瓦, 跌20%")]
    [('8到12个吉瓦', 8.0, 12.0, 'GW'), ('跌20%', -20.0, -20.0, '%')]
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from typing import Literal

from assistant.calculators.units import convert
from assistant.numeric import measures
from assistant.numeric.measures import CALENDAR_YEAR, Family
from assistant.numeric.numerals import normalized, read_numeral
from assistant.numeric.operands import Operand, read_operand, with_range

MAX_TEXT = 100_000  # code points; what stands after is not a question


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure of a text.

    Attributes:
        text: the words, exactly `source[start:end]`.
        start, end: code points, half-open.
        low, high: the figure in `unit`, equal unless a range or a vague number was written; negative for a fall.
        family: what is measured. "points" are percentage or basis points, "year" a calendar year, "ordinal_year" the
            n-th year of something, "price" money per something, "plain" a number without unit.
        unit: a unit of `calculators.units` where that table has it ("USD", "%", "years", "GW", "USD/kWh").
        currency: "USD", "CNY", …; None when none was written (dollars are then an assumption) or it is not money.
        per: "year" for a yearly flow (每年, a year), else "".
        approximate: 约, about, ~, 左右, or a vague number such as 三四十.
        bound: "at_least" (超过, over), "at_most" (不到, under), or "".
        direction: -1 for a stated fall (跌, down), 1 for a stated rise, 0 when no direction is written.
    """

    text: str
    start: int
    end: int
    low: float
    high: float
    family: Family
    unit: str
    currency: str | None = None
    per: Literal["year", ""] = ""
    approximate: bool = False
    bound: Literal["at_least", "at_most", ""] = ""
    direction: Literal[-1, 0, 1] = 0

    @property
    def negative(self) -> bool:
        """Whether a minus sign says it, not a verb that falls."""
        return self.text[:1] in "-−–负" or self.text.lower().startswith(("minus", "negative"))

    @property
    def is_range(self) -> bool:
        """Whether more than one value was written."""
        return self.low != self.high

    @property
    def value(self) -> float:
        """The figure, or the middle of a range, in `unit`."""
        return self.low if self.low == self.high else (self.low + self.high) / 2

    def in_unit(self, unit: str, field: str = "value") -> tuple[float, float]:
        """(low, high) in another unit of the same dimension.

        Raises:
            CalculatorInputError: the units measure different things (GWh for GW, yuan for dollars).
        """
        written = self.unit if self.currency in (None, "USD") else self.unit.replace("USD", self.currency)
        return convert(self.low, written, unit, field=field), convert(self.high, written, unit, field=field)


def usd_billions(quantity: Quantity) -> tuple[float, float]:
    """(low, high) in billions of US dollars; money without a currency counts as dollars.

    Raises:
        CalculatorInputError: not money, or money of another currency.
    """
    return quantity.in_unit("USD bn")


def gigawatts(quantity: Quantity) -> tuple[float, float]:
    """(low, high) in GW.

    Raises:
        CalculatorInputError: not power; energy (GWh) is not.
    """
    return quantity.in_unit("GW")


def usd_per_kwh(quantity: Quantity) -> tuple[float, float]:
    """(low, high) of an energy price in USD/kWh.

    Raises:
        CalculatorInputError: not a price of energy in dollars.
    """
    return quantity.in_unit("USD/kWh")


def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Every figure of a text, in its order, none overlapping; linear in the length of the text.

    Args:
        text: Chinese, English or both, either script; at most MAX_TEXT code points are read.
    """
    folded = normalized(text[:MAX_TEXT])
    found: list[Quantity] = []
    at = floor = 0
    while start := _START.search(folded.text, at):
        after, quantity = _read(folded.text, start.start(), floor)
        at = max(after, start.start() + 1)  # whatever a pattern says, reading goes on
        if quantity:
            found.append(quantity)
            floor = quantity.end
    return tuple(
        _placed(quantity, text, folded.origin)
        for quantity, after in zip_longest(found, found[1:])
        if not _is_denominator(folded.text, quantity, after)
    )


def _is_denominator(text: str, quantity: Quantity, after: Quantity | None) -> bool:
    """The 一度 of 一度电8美分 and the 一个吉瓦 of 一个吉瓦要400亿 belong to the price that follows."""
    one = text[quantity.start] in "一1" and quantity.value == 1
    if one and quantity.family in ("hours", "power", "energy") and _PRICE_ASKED.match(text, quantity.end):
        return True
    return (
        after is not None
        and after.family == "price"
        and text[quantity.start] in "一1"
        and quantity.low == quantity.high == 1
        and quantity.family in ("hours", "power", "energy", "count")
        and after.start - quantity.end <= 8
        and not _BREAK.search(text, quantity.end, after.start)
    )


def _placed(quantity: Quantity, text: str, origin: tuple[int, ...]) -> Quantity:
    """The same figure at its place in the original text."""
    start, end = origin[quantity.start], origin[quantity.end - 1] + 1
    return replace(quantity, text=text[start:end], start=start, end=end)


# where a figure may begin: a digit, a Chinese numeral or one of the words that count
_START = re.compile(
    r"[\d½⅓⅔¼¾⅕⅛]|(?<!\d)\.\d|[零一二两三四五六七八九十百千万亿廿卅数半第翻腰减砍打对]"
    r"|(?<![a-z])(?:an?|half|halv[a-z]{1,3}|[a-z]{2,9}fold|quadrupl[a-z]{1,3}|tripling|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|zero|first|second"
    r"|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|year|yr|double[sd]?|doubling|triple[sd]?|twice|couple|dime|nickel|fy|cy)(?![a-z])"
    r"|(?<![a-z])[fc]y(?=\d)"
)
_PRICE_ASKED = re.compile(r"[^\d,，。;；]{0,4}(?:多少钱|要多少|多少美元)")
_LETTER = re.compile(r"[a-z_]")
_RUN = re.compile(r"[\d,.]+|[零一二两三四五六七八九十百千万亿廿卅几多]+")
_BREAK = re.compile(r"[,，、;；。]")
_SHORT_YEARS = re.compile(r"([09]\d)[、到-]([09]\d) ?年(?!代)")
_LAST_DIGITS = re.compile(r"(\d\d)(?![\d.%a-z]|[万亿个成倍吉美])(?: ?年)?")
_NAME_BEFORE = re.compile(r"[a-z_]-?$")
_WORD_BEFORE = re.compile(
    r"(?:^|[^a-z])(?:us|usd|rmb|cny|eur|gbp|hk|fy|cy|to|by|about|or|and|up|down|at|mid-|pue|pe|wacc|capex|eps|gdp|irr)$"
)
_TIMES_BEFORE = re.compile(r"(?:^|[^a-z0-9])[x×]$")
_SPLIT = re.compile(r"(\d{2})[/:](\d{2})(?![\d/.%])")  # 60/40 debt to equity: the first share
_WORD_TAIL = re.compile(r"[a-z0-9_.]*")


def _read(text: str, at: int, floor: int) -> tuple[int, Quantity | None]:
    """(where to go on, the figure that starts at `at`); words before it are looked at back to `floor` only."""
    if noise := measures.NOISE.match(text, at):
        return noise.end(), None
    if found := measures.ORDINAL_YEAR.match(text, at):
        number = _ordinal_value(found)
        if number is not None:
            value = float(number)
            ends = measures.YEAR_ENDS.match(text, found.end()) or measures.END_OF.search(text, max(0, at - 16), at)
            until = measures.YEAR_END if ends else "years"
            return found.end(), Quantity("", at, found.end(), value, value, "ordinal_year", until)
    if worded := measures.WORDED_PATTERN.match(text, at):
        unit = measures.WORDED[worded[0]]
        value = float(unit.factor)
        move: Literal[-1, 0] = -1 if value < 0 else 0
        return worded.end(), Quantity("", at, worded.end(), value, value, unit.family, unit.unit, direction=move)
    if text[at].isdigit() and _TIMES_BEFORE.search(text[max(0, at - 2) : at]):
        numeral = read_numeral(text, at)
        if numeral is not None:  # output x16
            value = float(numeral.low)
            return numeral.end, Quantity("", at - 1, numeral.end, value, float(numeral.high), "multiple", "multiple")
    if text[at].isdigit() and _inside_a_name(text, at):
        tail = _WORD_TAIL.match(text, at)
        return tail.end() if tail else at + 1, None
    if (split := _SPLIT.match(text, at)) and int(split[1]) + int(split[2]) == 100:
        return split.end(), Quantity("", at, split.end(), float(split[1]), float(split[1]), "fraction", "%")
    if calendar := _calendar(text, at):
        return calendar.end, calendar
    first = read_operand(text, at, floor)
    if first is None:
        return _past(text, at), None
    return _finished(text, first, floor)


def _past(text: str, at: int) -> int:
    """Where to go on after something that is no figure: past a whole run that is no number, past a name such as 5G."""
    numeral = read_numeral(text, at)
    if numeral is None:
        run = _RUN.match(text, at)
        return run.end() if run else at + 1
    if numeral.kind == "digits":
        tail = _WORD_TAIL.match(text, numeral.end) if _LETTER.match(text, numeral.end) else None
        return tail.end() if tail else numeral.end
    return numeral.end if numeral.kind == "multiplier" else at + 1


def _inside_a_name(text: str, at: int) -> bool:
    """Whether digits belong to a name: H100, GPT-4, Q3."""
    before = text[max(0, at - 8) : at]
    return bool(_NAME_BEFORE.search(before)) and not _WORD_BEFORE.search(before)


def _ordinal_value(found: re.Match[str]) -> int | None:
    if found["en"]:
        return measures.ordinal(found["en"])
    word = found["cn"] or found["n"]
    numeral = read_numeral(word, 0)
    return int(numeral.low) if numeral and numeral.end == len(word) and numeral.low == numeral.high else None


def _calendar(text: str, at: int) -> Quantity | None:
    """A calendar year or a span of them (2026, FY25, 08年, 2026到2028年, 2026–28)."""
    if measures.currency_before(text, at):
        return None
    if pair := _SHORT_YEARS.match(text, at):
        years = [1900 + int(short) if short[0] == "9" else 2000 + int(short) for short in pair.groups()]
        return Quantity("", at, pair.end(), float(years[0]), float(years[1]), "year", "year")
    match = measures.CALENDAR.match(text, at)
    if not match:
        return None
    first, end = _year_of(match), match.end()
    written = "年" in match[0] or match[0][:2] in ("fy", "cy")
    if not written and (unit := measures.unit_after(text, end)) and unit[0].family != "years":
        return None
    if not written and (numeral := read_numeral(text, at)) and numeral.end > end:
        return None
    last = first
    mark = measures.RANGE_MARK.match(text, end)
    if mark and mark["firm"] and not measures.FROM_BEFORE.search(text[max(0, at - 12) : at]):
        if other := measures.CALENDAR.match(text, mark.end()):
            last, end = _year_of(other), other.end()
        elif short := _LAST_DIGITS.match(text, mark.end()):
            last, end = first - first % 100 + int(short[1]), short.end()
    if last < first:
        last, end = first, match.end()
    return Quantity(
        "", at, end, float(first), float(last), "year", "year", approximate=measures.approximation(text, at, end)
    )


def _year_of(match: re.Match[str]) -> int:
    if match["year"]:
        return int(match["year"])
    if match["fiscal"]:
        return 2000 + int(match["fiscal"])
    return (2000 if match["short"][0] == "0" else 1900) + int(match["short"])


_FLOWS = ("money", "power", "energy", "fraction", "points", "count")


def _finished(text: str, first: Operand, floor: int) -> tuple[int, Quantity]:
    """A figure with its range, rate, sign and approximation; and where reading goes on."""
    first, low, high, end, unit = with_range(text, first)
    resume, per = end, False
    if unit.unit == "years" and low == high and 1900 <= low < 2100:  # 二零二六年
        unit = CALENDAR_YEAR
    low, high = low * unit.factor, high * unit.factor
    name, family = unit.unit, unit.family
    if family == "money" and (price := measures.price_unit(text, first.start, end)):
        name, family = price[0], "price"
        low, high, end = low * price[1], high * price[1], price[2]
        if name == "USD/kWh" and unit.factor == Decimal("0.01"):
            name, low, high = "US cents/kWh", low * 100, high * 100
    if family in _FLOWS and (flow_end := measures.yearly(text, first.start, end)) is not None:
        per, end = True, flow_end
    resume, start = max(resume, end), first.start
    sign, word_start, minus = measures.direction(text, first.start, end, family in ("fraction", "points", "money"))
    if sign < 0 and word_start >= floor and (minus or family in ("fraction", "points")):
        start = word_start
        low, high = (-low, high) if minus and low != high else (-high, -low)
        low, high = min(low, high), max(low, high)
    if family == "multiple" and sign > 0 and text[end - 1] == "倍":  # 多一倍 is twice as much, 涨到两倍 is two times
        low, high = low + 1, high + 1
    return resume, Quantity(
        "",
        start,
        end,
        float(low),
        float(high),
        family,
        name,
        currency=unit.currency,
        per="year" if per else "",
        approximate=first.numeral.low != first.numeral.high or measures.approximation(text, first.start, end),
        bound=measures.bound(text, first.start, family),
        direction=sign,
    )
