"""How numbers are written: Arabic, Chinese and English numerals, fractions and halves.

Knows digits with thousands separators (1,400), Chinese numerals in either script and mixed with digits (三百亿,
1.4万亿, 3千5百), Chinese approximations (三四十, 十几, 几百, 二十多), English words (one hundred and fifty) and
fractions (1/3, 三分之一, two-thirds, ½). Knows no units.

The usual converters were tried and left out: they refuse 1.4万亿, 三四十, 一点五亿, "five and a half" and "a third",
turn 一些 into 1些, and give no positions.

    >>> found = read_numeral(normalized("約１．４萬億美元").text, 1)
    >>> (found.start, found.end, float(found.low), found.kind)
    (1, 6, 1400000000000.0, 'chinese')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.normalize import Folded, fold_text

NumeralKind = Literal["digits", "chinese", "english", "fraction", "half", "multiplier"]

MAX_DIGITS = 24  # longer runs are identifiers, not figures

_FORMS = (
    dict.fromkeys(map(ord, "−－–—‒﹣"), "-")
    | dict.fromkeys(map(ord, "∼〜～"), "~")
    | dict.fromkeys(map(ord, "○〇"), "零")
)
_FINANCIAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")
_FINANCIAL_RUN = re.compile("[壹贰叁肆伍陆柒捌玖拾佰仟零万亿]{2,}")  # alone, 陆 and 伍 are ordinary words
_GLYPHS = {"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅛": (1, 8)}


def normalized(text: str) -> Folded:
    """The search copy in which numbers are read: also plain numerals, dashes and spaces, and ½ kept apart from 1/2.

    A full-width comma separates thousands only between full-width digits (１，０００); elsewhere it ends a clause.
    """
    pieces: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        if char == "，":
            around = text[max(0, at - 1) : at + 2]
            piece = "," if len(around) == 3 and _full_width(around[0]) and _full_width(around[2]) else char
        else:
            piece = " " if char.isspace() else char if char in _GLYPHS else fold_text(char).translate(_FORMS)
        pieces.append(piece)
        origin.extend([at] * len(piece))
    plain = _FINANCIAL_RUN.sub(lambda run: run[0].translate(_FINANCIAL), "".join(pieces))
    return Folded(plain, tuple(origin))


def _full_width(char: str) -> bool:
    return "０" <= char <= "９"


@dataclass(frozen=True, slots=True)
class Numeral:
    """One written number. `low` == `high` unless the words are vague (三四十, 十几, 二十多).

    `suffix` is the trailing multiplier (7万亿 → 10¹²), which the first number of a range may share. "multiplier" is a
    bare 百亿 or 万亿 with no digit before it, and "half" a bare 半 or half: both mean a number only beside a unit.
    """

    start: int
    end: int
    low: Decimal
    high: Decimal
    kind: NumeralKind
    suffix: Decimal = Decimal(1)


_DIGITS = re.compile(r"\d{1,3}(?:,\d{3}){1,8}(?!\d)(?:\.\d{1,24})?|\d{1,25}(?:\.\d{1,24})?|\.\d{1,24}")
_SLASHED = re.compile(r"(\d{1,2}) ?/ ?(\d{1,3})(?![\d/.%])")
_MIXED = re.compile(r"(\d{1,3})(?: (\d) ?/ ?(\d)(?![\d/])|([½⅓⅔¼¾⅕⅛]))")

_Span = tuple[Decimal, Decimal]  # (low, high)
_ZERO: _Span = (Decimal(0), Decimal(0))

_CN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_CN_SMALL = {"十": 10, "百": 100, "千": 1000}
_CN_LARGE = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_CN_RUN = re.compile(
    r"(?:(?<![万亿])\d[\d,]{0,24}(?:\.\d{1,24})?|\d{1,24}(?:\.\d{1,24})?(?=[百千万亿])|"
    r"(?<=万)\d(?=块|元|美|[,，。;?？ ]|$)|"
    r"[零一二两三四五六七八九十百万亿廿卅]|千(?!瓦)|兆(?![瓦赫字])|几(?=[十百千万亿])|(?<=[十百])几|数(?=[十百千万亿])"
    r"|[多余来](?=个?[万亿年倍成块吉兆%美股台张人小])|个(?=[百千]?[万亿])|点(?=[零一二三四五六七八九])){1,40}"
)
_NEXT_FIGURE = re.compile(r"(?<=[万亿])[一二两三四五六七八九]$")
_CN_SCALE = re.compile(r" ([百千]?[万亿]+)(?![一-鿿]?[事分])")
_CN_FRACTION = re.compile(
    r"(?P<below>[百千万]|\d{1,3}|[一二两三四五六七八九十百]{1,4})分之"
    r"(?P<above>\d+(?:\.\d+)?|(?:[零一二两三四五六七八九十百点]|(?<=十)几)+)"
    r"(?:[到至~-](?P<to>\d+(?:\.\d+)?(?!\d|[%年])|[零一二两三四五六七八九十百点]+(?![分年成])))?"
)

_EN_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_EN_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_EN_LARGE = {
    "hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "millions": 10**6, "mn": 10**6, "mln": 10**6,
    "mm": 10**6, "m": 10**6, "billion": 10**9, "billions": 10**9, "bn": 10**9, "bln": 10**9, "b": 10**9,
    "trillion": 10**12, "trillions": 10**12, "tn": 10**12, "trn": 10**12, "t": 10**12,
}  # fmt: skip
_EN_WORD = re.compile(r"[a-z]+")
_EN_JOIN = re.compile(r"[ -]")
_EN_SCALE = re.compile(
    r"(?:[ -]?(hundred|thousand|millions?|mln|mn|mm|billions?|bln|bn|trillions?|trn|tn)|([kmbt]))(?![a-z])"
)
_EN_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
}  # fmt: skip
_EN_FRACTION = re.compile(
    r"(?P<above>an?|one|two|three|four|five|seven|nine|[1-9])[ -]"
    rf"(?P<below>{'|'.join(sorted(_EN_PARTS, key=len, reverse=True))})(?![a-z])"
    r"(?![ -](?:years?|party|time|way|world|wave|option|generation|on|results?|earnings)(?![a-z]))"
)
_EN_ROUND = re.compile(r" (?:hundred|thousand|million|billion|trillion|dozen)(?![a-z])")
_EN_DECIMAL = re.compile(r"[ -]([a-z]+)")
_EN_AND_HALF = re.compile(r" and (?:an?|one)[ -](half|third|quarter)(?![a-z])")


def read_numeral(text: str, at: int) -> Numeral | None:
    """The longest number that starts exactly at `at` of a normalized text, or None."""
    if at >= len(text):
        return None
    return _glyph(text, at) or _fraction(text, at) or _arabic(text, at) or _chinese(text, at) or _english(text, at)


def _exact(start: int, end: int, value: Decimal, kind: NumeralKind, suffix: Decimal = Decimal(1)) -> Numeral:
    return Numeral(start, end, value, value, kind, suffix)


def _glyph(text: str, at: int) -> Numeral | None:
    if text[at] not in _GLYPHS:
        return None
    above, below = _GLYPHS[text[at]]
    return _exact(at, at + 1, Decimal(above) / below, "fraction")


def _fraction(text: str, at: int) -> Numeral | None:
    if match := _MIXED.match(text, at):
        above, below = _GLYPHS[match[4]] if match[4] else (int(match[2]), int(match[3]))
        if 0 < above < below:
            return _exact(at, match.end(), int(match[1]) + Decimal(above) / below, "digits")
    if match := _SLASHED.match(text, at):
        above, below = int(match[1]), int(match[2])
        if 0 < above < below <= 100 and (above, below) != (24, 7):
            return _exact(at, match.end(), Decimal(above) / below, "fraction")
    if found := _chinese_fraction(text, at):
        return found
    if match := _EN_FRACTION.match(text, at):
        count = match["above"]
        above = int(count) if count.isdigit() else 1 if count in ("a", "an") else _EN_UNITS[count]
        if count not in ("a", "an") or not match["below"].endswith("s"):
            return _exact(at, match.end(), Decimal(above) / _EN_PARTS[match["below"]], "fraction")
    return None


def _chinese_fraction(text: str, at: int) -> Numeral | None:
    """三分之一, 百分之五, 百分之三十到四十."""
    match = _CN_FRACTION.match(text, at)
    if not match:
        return None
    base = _product(match["below"]) if match["below"] in "百千万" else (_chinese_value(match["below"]) or _ZERO)[0]
    above = _chinese_value(match["above"])
    if not base or not above:
        return None
    to = _chinese_value(match["to"]) if match["to"] else None
    if to and to[1] > above[0]:
        return Numeral(at, match.end(), above[0] / base, to[1] / base, "fraction")
    return Numeral(at, match.end("above"), above[0] / base, above[1] / base, "fraction")


def _arabic(text: str, at: int) -> Numeral | None:
    match = _DIGITS.match(text, at)
    if not match or len(match[0]) > MAX_DIGITS:
        return None
    if (run := _CN_RUN.match(text, at)) and run.end() > match.end() and (found := _chinese(text, at)):
        return found
    value, end, suffix = Decimal(match[0].replace(",", "")), match.end(), Decimal(1)
    if spaced := _CN_SCALE.match(text, end):
        suffix, end = _product(spaced[1]), spaced.end()
        return _exact(at, end, value * suffix, "digits", suffix)
    while (scale := _EN_SCALE.match(text, end)) and suffix < 10**12:
        suffix *= _EN_LARGE[scale[1] or scale[2]]
        end = scale.end()
    if half := _EN_AND_HALF.match(text, end):
        value, end = value + Decimal(1) / _EN_PARTS[half[1]], half.end()
        while (scale := _EN_SCALE.match(text, end)) and suffix < 10**12:
            suffix *= _EN_LARGE[scale[1] or scale[2]]
            end = scale.end()
    return _exact(at, end, value * suffix, "digits", suffix)


def _chinese(text: str, at: int) -> Numeral | None:
    if text[at] == "半":
        return _exact(at, at + 1, Decimal("0.5"), "half")
    match = _CN_RUN.match(text, at)
    if not match:
        return None
    run = match[0].rstrip("个,")
    if not run or run.isascii():
        return None
    if vague := re.fullmatch(r"([一二两三四五六七八九]?十)几(.+)", run):
        # 十几二十: the speaker's floor and ceiling, not a number of its own
        floor, ceiling = _chinese_value(vague[1]), _chinese_value(vague[2])
        if floor and ceiling and ceiling[0] > floor[0] and vague[2][0] not in "百千万亿多余来":
            return Numeral(at, at + len(run), floor[0], ceiling[1], "chinese")
    if _NEXT_FIGURE.search(run) and text[at + len(run) : at + len(run) + 1] in tuple("年个倍成月度小%点张"):
        run = run[:-1]  # 1.4万亿八年: two figures side by side
    for end in range(len(run), max(0, len(run) - 3), -1):
        if value := _chinese_value(run[:end]):
            tail = re.search(r"[百千]?[万亿兆]+$", run[:end])
            suffix = Decimal(1)
            if tail and (head := _chinese_value(run[: tail.start()])) and head[0]:
                suffix = value[0] / head[0]
            bare = all(c in "百千万亿兆" for c in run[:end])
            return Numeral(at, at + end, value[0], value[1], "multiplier" if bare else "chinese", suffix)
    return None


def _chinese_value(run: str) -> _Span | None:
    """(low, high) of a run of Chinese numerals and digits, None when the run is not one number."""
    plain = run.replace("廿", "二十").replace("卅", "三十").replace("个", "").replace(",", "")
    if positional := re.fullmatch(r"[零一二三四五六七八九]{4}", plain):
        year = Decimal("".join(str(_CN_DIGITS[c]) for c in positional[0]))
        return year, year
    if pointed := re.fullmatch(r"(.+)点([零一二三四五六七八九]+)([百千万亿兆]*)", plain):
        whole = _chinese_value(pointed[1])
        decimals = Decimal("0." + "".join(str(_CN_DIGITS[c]) for c in pointed[2]))
        factor = _product(pointed[3])
        return ((whole[0] + decimals) * factor, (whole[1] + decimals) * factor) if whole else None
    if not plain or re.search(r"[点]", plain):
        return None
    return _composed(re.findall(r"\d+(?:\.\d+)?|.", plain))


def _product(multipliers: str) -> Decimal:
    factor = Decimal(1)
    for char in multipliers:
        factor *= (_CN_SMALL | _CN_LARGE)[char]
    return factor


def _composed(tokens: list[str]) -> _Span | None:
    """Adds up: digit times 十百千 within a section, a section times 万, all of that times 亿 (一万四千亿 = 1.4e12)."""
    if tokens[0] in "百千万亿兆" and not all(token in "百千万亿兆" for token in tokens):
        return None
    parts = {1: _ZERO, 10**4: _ZERO, 10**8: _ZERO, 10**12: _ZERO}  # the finished section at each level
    pending: _Span | None = None
    last, zero, ceiling = Decimal(1), False, 10**4
    for position, token in enumerate(tokens):
        if token == "零" and position:
            if pending is not None:
                return None
            zero = True
        elif token in ("几", "数"):
            if pending is not None:
                return None
            pending = (Decimal(1 if last == 10 else 2), Decimal(9))
        elif token in _CN_DIGITS or token[0].isdigit():
            value = Decimal(_CN_DIGITS.get(token, token))
            if pending is None:
                pending = (value, value)
            elif token in _CN_DIGITS and (value - pending[0] == 1 or (pending[0] == 3 and value == 5)):
                pending = (pending[0], value)  # 三四十, 两三年, 三五年
            else:
                return None
        elif token in _CN_SMALL:
            multiplier = _CN_SMALL[token]
            if multiplier >= ceiling or (pending is None and position and token != "十"):
                return None
            low, high = pending or (Decimal(1), Decimal(1))
            parts[1] = (parts[1][0] + low * multiplier, parts[1][1] + high * multiplier)
            pending, last, zero, ceiling = None, Decimal(multiplier), False, multiplier
        elif token in _CN_LARGE:
            multiplier = _CN_LARGE[token]
            below = [parts[level] for level in parts if level < multiplier] + ([pending] if pending else [])
            low, high = sum((span[0] for span in below), Decimal(0)), sum((span[1] for span in below), Decimal(0))
            if not high:
                if position:
                    return None
                low = high = Decimal(1)
            if parts[multiplier] != _ZERO:
                return None
            parts |= {level: _ZERO for level in parts if level < multiplier}
            parts[multiplier] = (low * multiplier, high * multiplier)
            pending, last, zero, ceiling = None, Decimal(multiplier), False, 10**4
        elif token in ("多", "余", "来") and position:
            if pending is not None:  # 300多: up to the next number of as many round digits
                step = Decimal(1)
                while pending[0] and pending[0] % (step * 10) == 0:
                    step *= 10
                pending = (pending[0], pending[0] + step)
            else:
                level = int(last) if last in parts else 1
                parts[level] = (parts[level][0], parts[level][1] + last)
        else:
            return None
    if pending is not None:
        if last >= 100 and not zero and len(tokens[-1]) == 1 and tokens[-1] != "几":
            pending = (pending[0] * last / 10, pending[1] * last / 10)  # 三百五, 13万2
        parts[1] = (parts[1][0] + pending[0], parts[1][1] + pending[1])
    return sum((low for low, _ in parts.values()), Decimal(0)), sum((high for _, high in parts.values()), Decimal(0))


def _english(text: str, at: int) -> Numeral | None:
    match = _EN_WORD.match(text, at)
    if not match:
        return None
    if match[0] == "half":
        return _exact(at, match.end(), Decimal("0.5"), "half")
    if match[0] == "dozen":
        return None
    total = section = Decimal(0)
    suffix, last, end, seen = Decimal(1), "", at, False
    position = at
    while word := _EN_WORD.match(text, position):
        name = word[0]
        if name in _EN_UNITS and (last in ("", "large") or (last == "tens" and 0 < _EN_UNITS[name] < 10)):
            section, last = section + _EN_UNITS[name], "unit"
        elif name in _EN_TENS and last in ("", "large"):
            section, last = section + _EN_TENS[name], "tens"
        elif name == "a" and not seen and _EN_ROUND.match(text, word.end()):
            section, last = Decimal(1), "unit"
        elif name == "dozen" and seen:
            section, last = section * 12, "unit"
        elif name in _EN_LARGE and len(name) > 3 and seen:
            if name == "hundred":
                section *= 100
            else:
                total, section = total + section * _EN_LARGE[name], Decimal(0)
            suffix = Decimal(_EN_LARGE[name]) if last != "large" else suffix * _EN_LARGE[name]
            last = "large"
        elif name == "and" and last == "large" and seen:
            follows = _EN_WORD.match(text, word.end() + 1)
            if not follows or (follows[0] not in _EN_UNITS and follows[0] not in _EN_TENS):
                break
        elif name == "point" and last in ("unit", "tens"):
            decimals, position = _english_decimals(text, word.end())
            if not decimals:
                break
            section, last, end = section + Decimal("0." + decimals), "unit", position
            join = _EN_JOIN.match(text, position)
            position = join.end() if join else position
            continue
        else:
            break
        seen = seen or name != "and"
        end = word.end() if name != "and" else end
        join = _EN_JOIN.match(text, word.end())
        if not join:
            break
        position = join.end()
    if not seen:
        return None
    value = total + section
    if half := _EN_AND_HALF.match(text, end):
        value, end = value + Decimal(1) / _EN_PARTS[half[1]], half.end()
        while (scale := _EN_SCALE.match(text, end)) and scale[1] and suffix < 10**12:
            suffix *= _EN_LARGE[scale[1]]
            value *= _EN_LARGE[scale[1]]
            end = scale.end()
    return _exact(at, end, value, "english", suffix)


def _english_decimals(text: str, at: int) -> tuple[str, int]:
    digits, end = "", at
    while (word := _EN_DECIMAL.match(text, end)) and _EN_UNITS.get(word[1], 99) < 10:
        digits, end = digits + str(_EN_UNITS[word[1]]), word.end()
    return digits, end
