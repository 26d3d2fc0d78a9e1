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

from assistant import measures
from assistant.calculators.units import convert
from assistant.measures import CALENDAR_YEAR, DOLLARS, FRACTION, PLAIN, Family, Unit
from assistant.numerals import Numeral, normalized, read_numeral

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
        at, quantity = _read(folded.text, start.start(), floor)
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
    return (
        after is not None
        and after.family == "price"
        and text[quantity.start] in "一1"
        and quantity.low == quantity.high == 1
        and quantity.family in ("hours", "power", "energy", "count")
        and after.start - quantity.end <= 8
    )


def _placed(quantity: Quantity, text: str, origin: tuple[int, ...]) -> Quantity:
    """The same figure at its place in the original text."""
    start, end = origin[quantity.start], origin[quantity.end - 1] + 1
    return replace(quantity, text=text[start:end], start=start, end=end)


# where a figure may begin: a digit, a Chinese numeral or one of the words that count
_START = re.compile(
    r"[\d½⅓⅔¼¾⅕⅛]|(?<!\d)\.\d|[零一二两三四五六七八九十百千万亿廿卅数半第翻腰减砍打对]"
    r"|(?<![a-z])(?:an?|half|halv[a-z]{1,3}|[a-z]{2,9}fold|quadrupled?s?|tripling|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen"
    r"|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|zero|first|second"
    r"|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|year|double[sd]?|doubling|triple[sd]?|twice|couple|fy|cy)(?![a-z])"
    r"|(?<![a-z])[fc]y(?=\d)"
)
_RUN = re.compile(r"[\d,.]+|[零一二两三四五六七八九十百千万亿廿卅几多]+")
_LETTER = re.compile(r"[a-z_]")
_SHORT_YEARS = re.compile(r"([09]\d)[、到-]([09]\d) ?年(?!代)")
_LAST_DIGITS = re.compile(r"(\d\d)(?![\d.%a-z]|[万亿个成倍吉美])(?: ?年)?")
_HALF_ARTICLE = re.compile(r" (?:an? |of an? )")
_HALF_AFTER = re.compile(r"半(?![导年途])| and an? half(?![a-z])")
_NAME_BEFORE = re.compile(r"[a-z_]-?$")
_WORD_BEFORE = re.compile(r"(?:^|[^a-z])(?:us|usd|rmb|cny|eur|gbp|hk|fy|cy|to|by|about|or|and|up|down|at|mid-)$")
_WORD_TAIL = re.compile(r"[\w.]*")
_SINGLE_AFTER = re.compile(r"[一-鿿]")
_ONE_AND_A_HALF = re.compile(r"a (?:year|hour) and an? half(?![a-z])")
_COUPLE = re.compile(r"(?:a )?couple of ")


@dataclass(frozen=True, slots=True)
class _Operand:
    """A number and its own unit; `unit` is None when none is written beside it."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    numeral: Numeral
    unit: Unit | None
    signed: bool = False  # the currency sign stands before it


def _read(text: str, at: int, floor: int) -> tuple[int, Quantity | None]:
    """(where to go on, the figure that starts at `at`); words before it are looked at back to `floor` only."""
    if noise := measures.NOISE.match(text, at):
        return noise.end(), None
    if found := measures.ORDINAL_YEAR.match(text, at):
        number = _ordinal_value(found)
        if number is not None:
            value = float(number)
            return found.end(), Quantity("", at, found.end(), value, value, "ordinal_year", "years")
    if worded := measures.WORDED_PATTERN.match(text, at):
        unit = measures.WORDED[worded[0]]
        value = float(unit.factor)
        move: Literal[-1, 0] = -1 if value < 0 else 0
        return worded.end(), Quantity("", at, worded.end(), value, value, unit.family, unit.unit, direction=move)
    if text[at].isdigit() and _inside_a_name(text, at):
        tail = _WORD_TAIL.match(text, at)
        return tail.end() if tail else at + 1, None
    if calendar := _calendar(text, at):
        return calendar.end, calendar
    first = _operand(text, at, floor)
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


def _operand(text: str, at: int, floor: int) -> _Operand | None:
    """One number with the unit written beside it."""
    if couple := _COUPLE.match(text, at):
        numeral: Numeral | None = Numeral(at, couple.end() - 1, Decimal(2), Decimal(2), "english")
    elif _ONE_AND_A_HALF.match(text, at):
        numeral = Numeral(at, at + 1, Decimal(1), Decimal(1), "english")
    else:
        numeral = read_numeral(text, at)
    if numeral is None:
        return None
    if numeral.kind == "half":
        return _half(text, numeral)
    low, high, end = numeral.low, numeral.high, numeral.end
    sign = measures.currency_before(text, at)
    if sign and sign[1] < floor:
        sign = None  # the sign belongs to the figure before
    start = sign[1] if sign else at
    if text.startswith("个半", end) and measures.unit_after(text, end + 2):
        low, high, end = low + Decimal("0.5"), high + Decimal("0.5"), end + 2
    after = measures.unit_after(text, end)
    unit: Unit | None
    if sign and not (after and after[0].family == "money"):
        unit = sign[0]
    elif after:
        unit, end = after
        if sign and unit.factor == 1:
            unit = sign[0]
    else:
        unit = None
    if unit and unit.family in ("years", "multiple", "fraction", "hours"):
        low, high, end = _and_a_half(text, low, high, end)
    if unit is None:
        if numeral.kind == "fraction":
            unit = FRACTION
        elif numeral.kind != "multiplier" and _in_hundred_millions(text, numeral):
            unit = DOLLARS
        elif not _stands_alone(text, numeral):
            return None
    elif numeral.kind == "multiplier" and unit.family != "money":
        return None
    return _Operand(start, end, low, high, numeral, unit, signed=bool(sign))


def _in_hundred_millions(text: str, numeral: Numeral) -> bool:
    """Written with 亿, bn or more: in this trade that is money even without a currency."""
    return numeral.suffix >= 10**8 or "亿" in text[numeral.start : numeral.end]


def _half(text: str, numeral: Numeral) -> _Operand | None:
    """半年, half a trillion dollars, half of: a half needs something to be half of."""
    if measures.NOT_BEFORE_HALF.search(text[max(0, numeral.start - 7) : numeral.start]):
        return None
    half = numeral.low
    article = _HALF_ARTICLE.match(text, numeral.end)
    end = article.end() if article else numeral.end
    if article and (scaled := read_numeral("1 " + text[end : end + 24], 0)) and scaled.suffix > 1:
        end += scaled.end - 2
        after = measures.unit_after(text, end)
        unit = after[0] if after else DOLLARS
        value = half * scaled.suffix
        whole = replace(numeral, end=end, suffix=scaled.suffix)
        return _Operand(numeral.start, after[1] if after else end, value, value, whole, unit)
    after = measures.unit_after(text, end)
    if after and after[0].family in ("years", "hours", "power", "energy", "multiple"):
        return _Operand(numeral.start, after[1], half, half, numeral, after[0])
    if text[numeral.start] == "半":
        return None
    return _Operand(numeral.start, numeral.end, half, half, numeral, FRACTION)


def _and_a_half(text: str, low: Decimal, high: Decimal, end: int) -> tuple[Decimal, Decimal, int]:
    """五年半, 两成半, "a year and a half": half a unit more, said after the unit."""
    match = _HALF_AFTER.match(text, end)
    return (low + Decimal("0.5"), high + Decimal("0.5"), match.end()) if match else (low, high, end)


def _stands_alone(text: str, numeral: Numeral) -> bool:
    """Whether a number without unit is a figure: 一 and "one" usually are not, nor is 三 inside a word."""
    if numeral.kind == "digits":
        return not _LETTER.match(text, numeral.end)  # 5G, 3D, 1e9 are names
    if numeral.kind == "multiplier":
        return False
    word = text[numeral.start : numeral.end]
    if numeral.kind == "english":
        return word not in ("one", "a", "an")
    if len(word) > 1:
        return True
    follows = text[numeral.end : numeral.end + 1]
    if follows and follows in "到至~-" and read_numeral(text, numeral.end + 1):
        return True
    told = text[max(0, numeral.start - 1) : numeral.start] in tuple("成到是为按用变至改~-")
    return told and (not _SINGLE_AFTER.match(follows) or follows in "吗呢吧的了到至")


_FLOWS = ("money", "power", "energy", "fraction", "points", "count")


def _finished(text: str, first: _Operand, floor: int) -> tuple[int, Quantity]:
    """A figure with its range, rate, sign and approximation; and where reading goes on."""
    first, low, high, end, unit = _with_range(text, first)
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
    sign, word_start, minus = measures.direction(text, first.start, end)
    if sign < 0 and word_start >= floor and (minus or family in ("fraction", "points")):
        start, low, high = word_start, -high, -low
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


def _with_range(text: str, first: _Operand) -> tuple[_Operand, Decimal, Decimal, int, Unit]:
    """(first number, low, high, end, unit) once a second number has been looked for.

    "8到12个吉瓦" is a range. "从4到6年", "28到26倍" and "28→26倍" are two figures, the first taking the unit of the second.
    """
    alone = first, first.low, first.high, first.end, first.unit or PLAIN
    arrow = measures.ARROW.match(text, first.end)
    mark = arrow or measures.RANGE_MARK.match(text, first.end)
    if not mark:
        return alone
    sign = measures.CURRENCY_SIGN.match(text, mark.end())
    begin = sign.end() if sign else mark.end()
    second = None if measures.NOISE.match(text, mark.end()) else _operand(text, begin, mark.end())
    if second is None or not _comparable(first, second):
        return alone
    before = text[max(0, first.start - 16) : first.start]
    kind = "moved" if arrow or measures.FROM_BEFORE.search(before) else mark.lastgroup
    unit = second.unit if second.unit and (second.unit.currency or not first.unit) else first.unit or PLAIN
    low, high = _scaled_like(first, second, descending=kind == "moved")
    apart = (first, low, high, first.end, unit) if first.unit is None or first.signed else alone
    if kind == "loose" and first.unit is None:
        if first.numeral.kind == "chinese" and low % 10 == 1 and high % 10 == 9:  # 十几、二十: the ten is the floor
            low -= 1
        elif not _neighbours(low, second.low):
            return apart
    elif kind in ("loose", "moved") or (kind == "both" and not measures.BETWEEN_BEFORE.search(before)):
        return apart
    return (first, low, second.high, second.end, unit) if low < second.low else apart


def _comparable(first: _Operand, second: _Operand) -> bool:
    """Whether two numbers may belong together: the same unit, or only the second (or a leading sign) names one."""
    if first.unit is None:
        return True
    if second.unit is None:
        return first.signed
    ours, theirs = first.unit, second.unit
    return ours.unit == theirs.unit and (ours.currency == theirs.currency or None in (ours.currency, theirs.currency))


def _scaled_like(first: _Operand, second: _Operand, descending: bool) -> tuple[Decimal, Decimal]:
    """The first number with the multiplier it shares with the second: the 5 of 5到7万亿, the 三 of 三到四百亿."""
    if first.numeral.suffix != 1 or second.numeral.suffix == 1:
        return first.low, first.high
    shared = second.numeral.suffix
    for divisor in (1, 100, 1000):  # 二百到三百亿 shares 亿, not 百亿
        factor = shared / divisor
        if factor == 1 or factor.to_integral_value() != factor:
            break
        if first.high * factor <= second.high:
            return first.low * factor, first.high * factor
    return (first.low * shared, first.high * shared) if descending and first.high < 1000 else (first.low, first.high)


def _neighbours(low: Decimal, high: Decimal) -> bool:
    """5、6 and 30、40 are one vague figure; 4、6 are two."""
    step = high - low
    return step > 0 and step in (1, 10, 100, 1000) and low % step == 0
