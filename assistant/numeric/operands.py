"""A number with the unit written beside it, and what a second number makes of it: a range, a change, a list.

Works on the normalized search copy; looks a bounded number of characters around, so reading stays linear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from assistant.numeric import measures
from assistant.numeric.measures import DOLLARS, FRACTION, PLAIN, Unit
from assistant.numeric.numerals import Numeral, read_numeral

_HALF_ARTICLE = re.compile(r" (?:an? |of an? )")
_OF_A_SCALE = re.compile(r" of an? (?:hundred|thousand|million|billion|trillion)(?![a-z])")
_HALF_AFTER = re.compile(r"半(?![导年途])| and an? half(?![a-z])")
_DIGITS = "一二三四五六七八九"
_TENTHS = re.compile(
    rf"[{_DIGITS}1-9](?![0-9.,:/一二三四五六七八九十百千万亿年月日个倍成折块张台次项家天周小季吉兆千瓦%.多来几到至~-])"
)
_LETTER = re.compile(r"[a-z_]")
_SINGLE_AFTER = re.compile(r"[一-鿿]")
_A_YEAR = re.compile(r"a (?:year|hour)(?![a-z])")  # usually a rate; a time only in these frames
_A_YEAR_BEFORE = re.compile(r"(?:after|within|for) $")
_A_YEAR_AFTER = re.compile(r"a (?:year (?:old|later|in(?![a-z])|on(?![a-z])|ago)|(?:year|hour) and an? half(?![a-z]))")
_COUPLE = re.compile(r"(?:a )?couple of ")
_DECADE = re.compile(r"an? decade(?!s)")
_LIST_COMMA = re.compile(r", ?(?=\d)")
_LIST_AND = re.compile(r",? and (?=\d)")
_PURE_BEFORE = re.compile(r"(?<![a-z])(?:pue|p/e|pe)(?: (?:of|is|at))? ?$")
_THINGS = ("GPUs", "servers", "units")
_LONGEST_LIST = 8


@dataclass(frozen=True, slots=True)
class Operand:
    """A number and its own unit; `unit` is None when none is written beside it."""

    start: int
    end: int
    low: Decimal
    high: Decimal
    numeral: Numeral
    unit: Unit | None
    signed: bool = False  # the currency sign stands before it


def read_operand(text: str, at: int, floor: int) -> Operand | None:
    """One number with the unit written beside it."""
    if decade := _DECADE.match(text, at):
        numeral: Numeral | None = Numeral(at, decade.end() - 7, Decimal(1), Decimal(1), "english")
    elif couple := _COUPLE.match(text, at):
        numeral = Numeral(at, couple.end() - 1, Decimal(2), Decimal(2), "english")
    elif _A_YEAR.match(text, at) and (
        _A_YEAR_BEFORE.search(text[max(0, at - 8) : at]) or _A_YEAR_AFTER.match(text, at)
    ):
        numeral = Numeral(at, at + 1, Decimal(1), Decimal(1), "english")
    else:
        numeral = read_numeral(text, at)
    if numeral is None:
        return None
    if numeral.kind == "half" or (numeral.kind == "fraction" and _OF_A_SCALE.match(text, numeral.end)):
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
    elif after and not (numeral.kind == "fraction" and after[0].family in ("count", "money", "fraction")):
        unit, end = after  # "two-thirds servers" is a share
        if unit.unit in _THINGS and high >= 10**8:  # 50bn of chips is what they cost
            unit, end = DOLLARS, numeral.end
        if sign and unit.factor == 1:
            unit = sign[0]
    else:
        unit = None
    if unit and unit.family in ("years", "multiple", "fraction", "hours"):
        low, high, end = _and_a_half(text, low, high, end)
    if unit and (tenths := _TENTHS.match(text, end)) and text[end - 1] in "成毛角块":
        step = Decimal(int(tenths[0]) if tenths[0].isdecimal() else _DIGITS.index(tenths[0]) + 1) / 10
        low, high, end = low + step, high + step, tenths.end()
        if money := measures.unit_after(text, end):
            end = money[1] if money[0].family == "money" else end
    if unit is None:
        if numeral.kind == "fraction":
            unit = FRACTION
        elif numeral.kind != "multiplier" and _in_hundred_millions(text, numeral):
            unit = DOLLARS
        elif not _stands_alone(text, numeral):
            return None
    elif numeral.kind == "multiplier" and unit.family != "money":
        return None
    return Operand(start, end, low, high, numeral, unit, signed=bool(sign))


def _in_hundred_millions(text: str, numeral: Numeral) -> bool:
    """Written with 亿, bn or more: in this trade that is money even without a currency."""
    written = text[numeral.start : numeral.end]
    return numeral.suffix >= 10**8 or "亿" in written or written.endswith(("mn", "mln"))


def _half(text: str, numeral: Numeral) -> Operand | None:
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
        return Operand(numeral.start, after[1] if after else end, value, value, whole, unit)
    after = measures.unit_after(text, end)
    if after and after[0].family in ("years", "hours", "power", "energy", "multiple"):
        return Operand(numeral.start, after[1], half, half, numeral, after[0])
    if text[numeral.start] == "半":
        return None
    return Operand(numeral.start, numeral.end, half, half, numeral, FRACTION)


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
        return word not in ("one", "a", "an") or text.endswith("age ", 0, numeral.start)
    if len(word) > 1:
        return True
    follows = text[numeral.end : numeral.end + 1]
    if follows and follows in "到至~-改变" and read_numeral(text, numeral.end + 1):
        return True
    told = text[max(0, numeral.start - 1) : numeral.start] in tuple("成到是为按用变至改~-")
    return told and (not _SINGLE_AFTER.match(follows) or follows in "吗呢吧的了到至")


def with_range(text: str, first: Operand) -> tuple[Operand, Decimal, Decimal, int, Unit]:
    """(first number, low, high, end, unit) once a second number has been looked for.

    "8到12个吉瓦" is a range. "从4到6年", "28到26倍" and "28→26倍" are two figures, the first taking the unit of the
    second.
    """
    alone = first, first.low, first.high, first.end, first.unit or PLAIN
    if first.unit is None and _LIST_COMMA.match(text, first.end) and (borrowed := _listed(text, first)):
        shared = borrowed.numeral.suffix
        return first, first.low * shared, first.high * shared, first.end, borrowed.unit or PLAIN
    arrow = measures.ARROW.match(text, first.end)
    mark = arrow or measures.RANGE_MARK.match(text, first.end)
    if not mark:
        return alone
    sign = measures.CURRENCY_SIGN.match(text, mark.end())
    begin = sign.end() if sign else mark.end()
    second = None if measures.NOISE.match(text, mark.end()) else read_operand(text, begin, mark.end())
    if first.unit and not sign and measures.CALENDAR.match(text, begin):
        second = None  # $93 through 2015
    if second is None or not _comparable(first, second):
        return alone
    if first.unit is None and mark.lastgroup == "both" and _owns(text, second) and 10 * first.high <= second.low:
        return alone  # margins at 1.2 and 30% outside funding
    before = text[max(0, first.start - 16) : first.start].rstrip("-")
    kind = "moved" if arrow or measures.FROM_BEFORE.search(before) else mark.lastgroup
    unit = second.unit if second.unit and (second.unit.currency or not first.unit) else first.unit or PLAIN
    low, high = _scaled_like(first, second, descending=kind == "moved")
    if first.unit is None and _PURE_BEFORE.search(before):
        return alone  # PUE 1.3 and 9 cents
    apart = (first, low, high, first.end, unit) if first.unit is None or first.signed else alone
    listed = kind in ("loose", "both") and first.unit is None and second.unit is None
    if listed and (borrowed := _borrowed(text, second)):
        return (
            first,
            first.low * borrowed.numeral.suffix,
            first.high * borrowed.numeral.suffix,
            first.end,
            borrowed.unit or PLAIN,
        )
    if kind == "loose" and first.unit is None and not _goes_on(text, second.end):
        if first.numeral.kind == "chinese" and low % 10 == 1 and high % 10 == 9:  # 十几、二十: the ten is the floor
            low -= 1
        elif not _neighbours(low, second.low):
            return apart
    elif kind in ("loose", "moved") or (kind == "both" and not measures.BETWEEN_BEFORE.search(before)):
        return apart
    return (first, low, second.high, second.end, unit) if low < second.low else apart


_NOUN = re.compile(r" (?!of(?![a-z])|and(?![a-z])|or(?![a-z]))[a-z]{3,}")


def _owns(text: str, share: Operand) -> bool:
    """Whether a share has its own noun after it, so that it says nothing of the number before."""
    return share.unit is not None and share.unit.family == "fraction" and bool(_NOUN.match(text, share.end))


def _listed(text: str, item: Operand) -> Operand | None:
    """The last item of "10, 20 and 40 billion", whose unit all share, when every one before it is bare."""
    for _ in range(_LONGEST_LIST):
        comma, last = _LIST_COMMA.match(text, item.end), _LIST_AND.match(text, item.end)
        mark = comma or last
        following = _item(text, mark.end()) if mark else None
        if following is None or last:
            return following if following and following.unit else None
        if following.unit is not None:
            return None
        item = following
    return None


@lru_cache(maxsize=64)
def _item(text: str, at: int) -> Operand | None:
    """One further number of a list; neighbours in a list look at the same ones."""
    return read_operand(text, at, at)


def _goes_on(text: str, at: int) -> bool:
    """Whether another item of a list follows: 100、200、300."""
    mark = measures.RANGE_MARK.match(text, at)
    return bool(mark and mark.lastgroup == "loose" and _item(text, mark.end()))


def _borrowed(text: str, item: Operand) -> Operand | None:
    """The last item of a list, whose unit all share, when every one before it is bare."""
    for _ in range(_LONGEST_LIST):
        mark = measures.RANGE_MARK.match(text, item.end)
        following = _item(text, mark.end()) if mark and mark.lastgroup in ("loose", "both") else None
        if following is None or following.unit is not None:
            return following
        item = following
    return None


def _comparable(first: Operand, second: Operand) -> bool:
    """Whether two numbers may belong together: the same unit, or only the second (or a leading sign) names one."""
    if first.unit is None:
        return True
    if second.unit is None:
        return first.signed
    ours, theirs = first.unit, second.unit
    return ours.unit == theirs.unit and (ours.currency == theirs.currency or None in (ours.currency, theirs.currency))


def _scaled_like(first: Operand, second: Operand, descending: bool) -> tuple[Decimal, Decimal]:
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
