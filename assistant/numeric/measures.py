"""The words around a number: units, currencies, "per", range marks, directions, approximations, and look-alikes.

Patterns only, all for the normalized search copy (lower case, simplified, half width); `quantities` reads with them.
Every pattern looks at a few characters before or after a number, so reading stays linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Family = Literal[
    "money", "fraction", "points", "years", "year", "ordinal_year", "power", "energy", "price", "hours", "multiple",
    "count", "plain",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """What a unit word says: family, unit as in `calculators.units`, how many of that unit, and the currency."""

    family: Family
    unit: str
    factor: Decimal = Decimal(1)
    currency: str | None = None


PLAIN = Unit("plain", "")
DOLLARS = Unit("money", "USD")
FRACTION = Unit("fraction", "fraction")
CALENDAR_YEAR = Unit("year", "year")

# tried in this order: what begins like a shorter word stands before it
_UNITS: tuple[tuple[str, Unit], ...] = (
    (r"bps?(?![a-z])|basis[ -]points?|个?基点", Unit("points", "bps")),
    (r"个?百分点|(?:%|percent(?:age)?|pct)[ -]?(?:points?|pts?)(?![a-z])|pp(?:ts?)?(?![a-z])|个点(?!子)",
     Unit("points", "%")),
    (r"%|per ?cent(?:age)?(?![a-z])|pct(?![a-z])", Unit("fraction", "%")),
    (r"成(?![本立为了功长熟交果员品就分绩都人色])|折(?![旧现扣算合腾叠磨射])", Unit("fraction", "%", Decimal(10))),
    (r"twh|太瓦时|terawatt[ -]?hours?", Unit("energy", "TWh")),
    (r"gwh|吉瓦小?时|gigawatt[ -]?hours?", Unit("energy", "GWh")),
    (r"mwh|兆瓦小?时|megawatt[ -]?hours?", Unit("energy", "MWh")),
    (r"kwh|千瓦小?时|度电|度(?![假过量数日])|kilowatt[ -]?hours?", Unit("energy", "kWh")),
    (r"tw(?![a-z])|太瓦|terawatts?", Unit("power", "TW")),
    (r"gw(?![a-z])|吉瓦|gigs?(?![a-z])|gigawatts?", Unit("power", "GW")),
    (r"mw(?![a-z])|兆瓦|megawatts?", Unit("power", "MW")),
    (r"kw(?![a-z])|千瓦|kilowatts?", Unit("power", "kW")),
    (r"w(?![a-z])|瓦特?|watts?(?![a-z])", Unit("power", "W")),
    (r"mmbtu ?(?:/|per) ?mwh", Unit("count", "MMBtu/MWh")),
    (r"mmbtu|百万英热(?:单位)?", Unit("count", "MMBtu")),
    (r"mb/d|million (?:barrels|bbl) (?:a|per) day|百万桶/?每?[日天]",
     Unit("count", "mb/d")),
    (r"美分|us cents?|cents?(?![a-z])|¢|c(?=/kwh|(?: a| per)? (?:kwh|power|"
     r"electric))", Unit("money", "USD", Decimal("0.01"), "USD")),
    (r"美元|美金|美刀|刀|us\$|\$(?= ?/)|us ?dollars?|usd|dollars?|bucks?(?![a-z])",
     Unit("money", "USD", currency="USD")),
    (r"(?:元)?人民币|元|rmb|cny|yuan", Unit("money", "USD", currency="CNY")),
    (r"欧元|euros?(?![a-z])|eur(?![a-z])", Unit("money", "USD", currency="EUR")),
    (r"英镑|gbp|pounds?(?![a-z])", Unit("money", "USD", currency="GBP")),
    (r"日元|jpy|yen(?![a-z])", Unit("money", "USD", currency="JPY")),
    (r"港元|港币|hkd", Unit("money", "USD", currency="HKD")),
    (r"[毛角]钱?(?![利率度色])", Unit("money", "USD", Decimal("0.1"))),
    (r"块钱?(?! ?(?:gpu|卡|芯片|显卡|板))", DOLLARS),
    (r"倍|x(?![a-z0-9])|×(?! ?\d)|times(?! (?:a|per|as) )|-?fold(?![a-z])", Unit("multiple", "multiple")),
    (r"小时|钟头|hours?(?![a-z])|hrs?(?![a-z])|h(?![a-z0-9])", Unit("hours", "hours")),
    (r"个?月(?=[^\d]|$)|months?(?![a-z])|mths?(?![a-z])", Unit("years", "months")),
    (r"个季度|quarters(?![a-z])", Unit("years", "quarters")),
    (r"decades?(?![a-z])", Unit("years", "years", Decimal(10))),
    (r"周?年(?![代级报度])|years?(?![a-z])|yrs?(?![a-z])|y(?![a-z])", Unit("years", "years")),
    (r"(?:diluted )?shares?(?![a-z])|股(?![权份票本东])", Unit("count", "shares")),
    (r"tok(?:en)?s?(?![a-z])", Unit("count", "tokens")),
    (r"parameters?(?![a-z])|参数", Unit("count", "parameters")),
    (r"[张块片颗台]? ?(?:gpus?|卡|显卡|芯片|chips?|accelerators?)(?![a-z])|[张片颗]", Unit("count", "GPUs")),
    (r"台|servers?(?![a-z])", Unit("count", "servers")),
    (r"次(?![级先贷])|draws?(?![a-z])|runs?(?![a-z])|simulations?(?![a-z])|paths?(?![a-z])", Unit("count", "draws")),
    (r"人(?!民)|家(?!族)|项|名|位|users?(?![a-z])|people|companies|firms?", Unit("count", "items")),
    (r"天|days?(?![a-z])|weeks?(?![a-z])|周(?!年)", Unit("count", "days")),
    (r"rigs?(?![a-z])", Unit("count", "rigs")),
    (r"[部辆](?![分门])|(?:i?phones?|cars?|units?)(?![a-z])", Unit("count", "units")),
    (r"barrels?|桶|bbl", Unit("count", "barrels")),
)  # fmt: skip
_UNIT = re.compile("|".join(f"(?P<u{i}>{pattern})" for i, (pattern, _) in enumerate(_UNITS)))
_UNIT_LINK = re.compile(r"[ -]?个? ?(?:of )?")


def unit_after(text: str, at: int) -> tuple[Unit, int] | None:
    """The unit word at `at`, a space, hyphen or 个 before it allowed, and where it ends."""
    link = _UNIT_LINK.match(text, at)
    for begin in (at, link.end() if link else at):
        if (match := _UNIT.match(text, begin)) and match.lastgroup:
            if begin > at and match[0] in ("w", "c", "月"):  # "5 w…" is a word, and "12 月" December
                continue
            return _UNITS[int(match.lastgroup[1:])][1], match.end()
    return None


_CURRENCY_BEFORE = re.compile(r"(us\$|hk\$|\$|€|£|¥|usd|rmb|cny|eur|gbp|美元|人民币) ?$")
CURRENCY_SIGN = re.compile(r"(us\$|hk\$|\$|€|£|¥|usd|rmb|cny|eur|gbp) ?")
_CURRENCIES = {
    "us$": "USD", "$": "USD", "usd": "USD", "美元": "USD", "hk$": "HKD", "€": "EUR", "eur": "EUR", "£": "GBP",
    "gbp": "GBP", "¥": "CNY", "rmb": "CNY", "cny": "CNY", "人民币": "CNY",
}  # fmt: skip


def currency_before(text: str, at: int) -> tuple[Unit, int] | None:
    """The currency sign that ends at `at`, and where it starts."""
    if match := _CURRENCY_BEFORE.search(text[max(0, at - 6) : at]):
        return Unit("money", "USD", currency=_CURRENCIES[match[1]]), max(0, at - 6) + match.start()
    return None


# money per what, the unit that makes, and how many dollars per written dollar
_PER: tuple[tuple[str, str, str], ...] = (
    (r"kwh|千瓦小?时|度电?(?![假过量])|kilowatt[ -]?hours?", "USD/kWh", "1"),
    (r"mwh|兆瓦小?时|megawatt[ -]?hours?", "USD/MWh", "1"),
    (r"gwh|吉瓦小?时", "USD/MWh", "0.001"),
    (r"mmbtu|百万英热(?:单位)?", "USD/MMBtu", "1"),
    (r"(?:gpu|卡|chip)[ -·/]?(?:每?小时|hours?|hrs?|h(?![a-z]))|个?小时|hours?(?![a-z])|hrs?(?![a-z])|h(?![a-z])",
     "USD/h", "1"),
    (r"gw(?![a-z])|个?吉瓦|gigawatts?", "USD bn/GW", "1e-9"),
    (r"mw(?![a-z])|个?兆瓦|megawatts?", "USD/kW", "0.001"),
    (r"kw(?![a-z])|千瓦|kilowatts?", "USD/kW", "1"),
    (r"w(?![a-z])|瓦|watts?", "USD/kW", "1000"),
    (r"barrels?|bbl|桶", "USD/bbl", "1"),
    (r"(?:diluted )?share(?![a-z])|股", "USD/share", "1"),
    (r"(?:million|百万) ?tokens?", "USD/million tokens", "1"),
    (r"(?:gpu|chip|card|server|iphone|user)(?![a-z])|[张块片颗台]卡?|卡|部", "USD/unit", "1"),
)  # fmt: skip
_PER_WORD = "|".join(f"(?P<p{i}>{pattern})" for i, (pattern, _, _) in enumerate(_PER))
_PER_AFTER = re.compile(rf" ?(?:/ ?|per |an? |each |每一?个?|一个?)(?:{_PER_WORD})")
_PER_BEFORE = re.compile(rf".*(?:每一?个?|一个?|per |each )(?:{_PER_WORD})[^\d,，。;；!?？]{{0,6}}?$")


# "per MWh with $6 gas": the money is another thing's
_APART = re.compile(r" (?:at|with|if|on|and|for|when|from|given) (?:us)?\$?$")


def price_unit(text: str, start: int, end: int) -> tuple[str, Decimal, int] | None:
    """For money at [start, end): the price unit, the factor on the money, and where the words end."""
    after = _PER_AFTER.match(text, end)
    match = after or _PER_BEFORE.match(text[max(0, start - 16) : start])
    if not match or not match.lastgroup or (not after and _APART.search(match[0])):
        return None
    _, unit, factor = _PER[int(match.lastgroup[1:])]
    if not after and unit == "USD/unit" and "每" not in match[0] and "per" not in match[0]:
        return None  # 一台设备6亿美元 is no price per machine
    return unit, Decimal(factor), after.end() if after else end


_YEARLY_AFTER = re.compile(
    r" ?(?:/ ?(?:yr|year|y|年)(?![a-z])|per (?:year|annum)|(?:a|each|every) year(?!s)|annually|yearly|p\.?a\.?(?![a-z])"
    r"|每年|一年(?!折))"
)
_YEARLY_BEFORE = re.compile(r"(?:每一?年|年均|annual(?:ly)?|yearly|per year|年化)[^\d,，。;；!?？]{0,8}?$")


def yearly(text: str, start: int, end: int) -> int | None:
    """Where the figure's words end if it is one per year (每年 before, "a year" after), else None."""
    if match := _YEARLY_AFTER.match(text, end):
        return match.end()
    return end if _YEARLY_BEFORE.search(text[max(0, start - 16) : start]) else None


RANGE_MARK = re.compile(
    r" ?(?:(?P<firm>到|至|~|-|through(?![a-z])|-?to(?![a-z]))-?|(?P<loose>or(?![a-z])|或者?|、)"
    r"|(?P<both>and(?![a-z])|和|与)) ?"
)
ARROW = re.compile(r" ?-{0,2}(?:>|→|➔|⇒|=>) ?")
_SIGN = r"(?:us\$|\$|¥|€|£)?$"
FROM_BEFORE = re.compile(r"(?:从|由|自|from) ?(?:原来的?|原先的?|以前的?|约|about |around )?" + _SIGN)
BETWEEN_BEFORE = re.compile(r"(?:between|介于|在) ?(?:about |约)?" + _SIGN)
TO_BEFORE = re.compile(r"(?:到|至|成|为|变|to|into|=) ?" + _SIGN)

_ABOUT_BEFORE = re.compile(
    r"(?:约|大约|大概|差不多|将近|接近|近|大致|about|around|roughly|approximately|approx\.?|circa|~|≈|some|nearly|almost)"
    r" ?" + _SIGN
)
_ABOUT_AFTER = re.compile(r" ?(?:左右|上下|or so(?![a-z])|-?ish(?![a-z]))")
_AT_LEAST = re.compile(r"(?:超过|至少|不低于|不少于|高于|大于|over|more than|at least|above|upwards of) ?" + _SIGN)
_AT_MOST = re.compile(
    r"(?:不到|不足|至多|最多|不超过|低于|少于|小于|under|less than|at most|below|up to|fewer than) ?" + _SIGN
)


def approximation(text: str, start: int, end: int) -> bool:
    """Whether 约, about, ~ or 左右 stands beside the figure."""
    return bool(_ABOUT_BEFORE.search(text[max(0, start - 16) : start]) or _ABOUT_AFTER.match(text, end))


def bound(text: str, start: int, family: Family) -> Literal["at_least", "at_most", ""]:
    """超过 and "over" bound from below, 不到 and "under" from above; "over 8 years" is a duration, no bound."""
    before = text[max(0, start - 16) : start]
    if family == "years" and before.endswith("over "):
        return ""
    return "at_most" if _AT_MOST.search(before) else "at_least" if _AT_LEAST.search(before) else ""


_BY = r" ?(?:by )?(?:about |around |roughly )?$"
_DOWN = re.compile(
    r"(?:下跌|下降|下滑|降低|减少|缩水|缩减|贬值?|回落|暴跌|大跌|削减|萎缩|衰减|跌|降|减|亏|缩|砍|少|便宜|下调|掉|滑落|下挫|缩减)(?:了|掉|去了?)?约?$|比[^,，。]{1,8}低(?:了)?约?$"
    r"|(?<![a-z])(?:down|falls?|falling|fell|drops?|dropped|dropping|declin(?:e|es|ed|ing)|cut|cuts|decreas(?:e|es|ed|ing)"
    r"|shr[iu]nks?|shrank|los(?:e|es|t|ing)|slips?|slipped|slid(?:es?|ing)?|dip(?:s|ped)?|contract(?:s|ed|ing)?|eas(?:es|ed)|plunges?|plunged|lower|sinks?|tumbles?|slump(?:s|ed)?)"
    + _BY
)
_UP = re.compile(
    r"(?:上涨|上升|增长|增加|提高|提升|反弹|上调|涨|升|增|加|贵|(?<!最)[多高大])(?:了|出)?约?$"
    r"|(?<![a-z])(?:up|ris(?:e|es|ing)|rose|grow(?:s|ing|n)?|grew|gain(?:s|ed)?|increas(?:e|es|ed|ing)|higher|climb(?:s|ed)?)"
    + _BY
)
_DOWN_AFTER = re.compile(
    r" (?:drop|decline|fall|decrease|cut|lower|less|cheaper|plunge|slump|haircut)(?![a-z])| ?的?(?:跌幅|降幅)"
)
_UP_AFTER = re.compile(r" (?:higher|dearer|pricier|bigger|larger|longer|more(?: expensive)?)(?![a-z]| than)")
_MINUS = re.compile(r"(?:(?<![^\s(=:,，。;；从由为是到成至])(?:us\$|\$|¥)?-|负的?|minus |negative )" + _SIGN)


_MINUS_SHARE = re.compile(r"(?<=[一-鿿])-$")


def direction(text: str, start: int, end: int, share: bool = False) -> tuple[Literal[-1, 0, 1], int, bool]:
    """(sign of the stated move, where its word starts, whether a minus sign rather than a verb says it).

    Args:
        share: whether the figure is a share; its minus may follow a word (通胀-2%), where others have a dash.
    """
    window = max(0, start - 24)
    before = text[window:start]
    if match := _MINUS.search(before) or (_MINUS_SHARE.search(before) if share else None):
        return -1, window + match.start(), True
    if match := _DOWN.search(before):
        return -1, window + match.start(), False
    if match := _UP.search(before):
        return 1, window + match.start(), False
    return (-1 if _DOWN_AFTER.match(text, end) else 1 if _UP_AFTER.match(text, end) else 0), start, False


# begin like a number, are none
_BEFORE_CLOCK = ("at ", "after ", "before ", "around ", "until ", "between ", "and ", "from ")
_CLOCK = (  # 12:30 after a word for a time; a ratio is written so as well
    r"\d{1,3}:[0-5]\d:[0-5]\d|(?:"
    + "|".join(f"(?<={word})" for word in _BEFORE_CLOCK)
    + r")\d{1,3}:[0-5]\d(?!\d)|\d{1,3}:[0-5]\d(?=到|至|之|以|后|前|左右|那|的时|时)"
)
NOISE = re.compile(
    rf"{_CLOCK}|"
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2} ?月\d{1,2} ?[日号]|(?:\d{1,2}|[一二三四五六七八九十]{1,2})月(?!份)"
    r"|\d{1,2} ?[日号](?!线)|[一二三四1-4] ?季[度报]|[一二三四五六七八九]十年代|\d{2,4}年代|\d{2,4}s(?![a-z])"
    r"|第 ?[一二三四五六七八九十百\d]{1,4}(?![一二三四五六七八九十百\d ]|个?年(?!级))|24/7|(?:8|10|20)-[kqf](?![a-z])"
    r"|半(?:导|途|信|天|场|路|价|数|径|衰)|十分(?!之)|千万[别不要]|万一(?!千)|half[ -]year convention"
    r"|(?:five|5)[ -]y(?:ea)?rs?[ -](?=macrs|property|class|recovery)"
    r"|double[ -]declin[a-z]*|(?<=per )1 ?m(?:illion|n)?(?= ?tok)|(?:five|four|six|seven|\d)(?= (?:big|large|"
    r"major|biggest|largest) (?:tech |cloud )?(?:firms|companies|players|hyperscalers))|"
    r"(?<=every )doubl(?:ing|e)(?![a-z])|(?<=each )doubl(?:ing|e)(?![a-z])|(?<=per )doubling"
    r"|(?<=每)翻(?:一番|一倍|番|倍)|一年(?![后前内半期之以左时折到])(?=[一-鿿])|(?<=[哪每同某这那当])一年"
    r"|一[块张台](?=[\d一二三四五六七八九十]|[a-z])|[一两二三四五六七八九十]个年[限头]"
    r"|一(?:度(?!电)|些|直|样|般|定|下|起|旦|边|向|致|次性|线|方面)|两(?:者|边|码)"
)
NOT_BEFORE_HALF = re.compile(r"(?:[上下前后大]|first |second |latter |other |better )$")

_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
YEAR_END = "year end"  # the unit of an ordinal year whose end is meant
YEAR_ENDS = re.compile(r" ?(?:年?[末底]|结束|之后|以后|过后)|'s end(?![a-z])|[ -]end(?![a-z])")
END_OF = re.compile(r"(?:(?<![a-z])(?:end of|after)(?: the)? |满)$")
ORDINAL_YEAR = re.compile(
    r"第 ?(?P<cn>[一二三四五六七八九十]{1,3}|\d{1,2}) ?个?年(?!级)"
    rf"|(?P<en>\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})(?:[ -]|\) )year(?![a-z])"
    r"|(?:year |yr\.? ?)(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten)(?![a-z\d%]|\.\d)"
)


def ordinal(word: str) -> int | None:
    """3 for "third" and "3rd"."""
    digits = re.match(r"\d+", word)
    return int(digits[0]) if digits else _ORDINALS.get(word)


CALENDAR = re.compile(
    r"(?:fy|cy)? ?'?(?P<year>(?:19|20)\d\d)(?![\d,.]*\d)e?(?: ?年(?!代))?|fy ?'?(?P<fiscal>\d\d)(?!\d)"
    r"|(?P<short>0\d|9\d) ?年(?!代)"
)

_HALVED = Unit("fraction", "%", Decimal(-50))
_HALF = Unit("fraction", "%", Decimal(50))
_WHOLE = Unit("fraction", "%", Decimal(100))
# words that are figures by themselves
WORDED = {
    **dict.fromkeys(("百分百", "百分之百"), _WHOLE),
    **dict.fromkeys(("一半", "对半"), _HALF),
    "dime": Unit("money", "USD", Decimal("0.1")), "nickel": Unit("money", "USD", Decimal("0.05")),
    **dict.fromkeys(("腰斩", "减半", "砍半", "打对折", "halved", "halves", "halving", "halve"), _HALVED),
    **{word: Unit("multiple", "multiple", Decimal(times)) for words, times in (
        (("翻倍", "翻番", "翻一倍", "翻一番", "翻了一倍", "翻了一番"), 2),
        (("double", "doubles", "doubled", "doubling", "twice", "twofold"), 2),
        (("triple", "triples", "tripled", "tripling", "threefold"), 3),
        (("翻两倍", "翻了两倍"), 3),
        (("翻两番", "翻了两番", "quadruple", "quadruples", "quadrupled", "quadrupling", "fourfold"), 4),
        (("fivefold",), 5), (("sixfold",), 6), (("sevenfold",), 7),
        (("翻三番", "翻了三番", "eightfold"), 8), (("ninefold",), 9), (("tenfold",), 10),
        (("twentyfold",), 20), (("thirtyfold",), 30), (("fiftyfold",), 50), (("hundredfold",), 100),
        (("翻四番", "翻了四番", "sixteenfold"), 16),
    ) for word in words},
}  # fmt: skip
WORDED_PATTERN = re.compile(
    "|".join(word + ("(?![a-z])" if word.isascii() else "") for word in sorted(WORDED, key=len, reverse=True))
)
