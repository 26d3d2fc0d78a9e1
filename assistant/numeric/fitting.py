"""Whether a figure can be an input at all, and how naturally: unit, range of meaning, old or new, stated or changing.

Judged from the declared unit and the words right beside the figure; which of several inputs it becomes is decided in
`slots`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.registry import calculator
from assistant.calculators.units import convert, same_dimension
from assistant.numeric import measures
from assistant.numeric.bonds import Placed, Reading, bond, spans

_START_AFTER = re.compile(r"的?(?:初|年初|开始|一开始|开头)")
_START_BEFORE = re.compile(r"(?:start|beginning) of (?:the )?$")
_END_AFTER = re.compile(
    r"的?(?:末|底|结束|年末|年底|过完|之?后|以后|过后)| (?:is |was )?(?:over|ends?|ended|done)(?![a-z])"
)
_END_BEFORE = re.compile(r"(?:end of|after|following|past|completing) (?:the |its |their )?$")
_UNTIL_BEFORE = re.compile(r"(?:到|至|by|within|until|till|through) ?$")
SPOKEN_IN = 2025  # the year from which "until 2030" counts
_HALVED = frozenset(("腰斩", "减半", "砍半", "打对折", "halved", "halves", "halving", "halve"))
_ORDINAL_CUES = frozenset(("第", "at the start of year", "end of year"))
_FROM = frozenset(("从", "由", "原来", "本来", "原先", "from", "was", "originally", "starting"))
_ONCE = re.compile(r"(?:原来|本来|原先|以前|之前|(?<![a-z])(?:originally|formerly|previously|was|used to be)) ?$")
_NOW = re.compile(r"(?:现在|如今|目前|改|(?<![a-z])(?:now|currently)) ?$")


def cues_of(declared: InputField) -> tuple[str, ...]:
    """The input's cue words and label in both languages: people mix them."""
    english = declared.label.en.split("(")[0].strip()
    return (*declared.cues.zh, *declared.cues.en, declared.label.zh.split("(")[0], english, *_initials(english))


_WORDS_ALSO = frozenset(("us", "ad", "am", "pm", "la", "ma", "pa", "ha", "hi", "id", "ok", "tv", "pc", "ai", "it"))


@lru_cache(maxsize=512)
def _initials(label: str) -> tuple[str, ...]:
    """HR for a heat rate, CF for a capacity factor: what analysts write for a label of two or three words."""
    words = label.split()
    letters = "".join(word[0].lower() for word in words)
    if 2 <= len(words) <= 3 and all(word.isalpha() and len(word) > 3 for word in words) and letters not in _WORDS_ALSO:
        return (letters,)
    return ()


@lru_cache(maxsize=2048)
def _covers(text: str, name: str, field: str) -> tuple[tuple[int, int], ...]:
    """Where a text says the words of a calculator's other inputs."""
    others = (f for f in calculator(name).fields if f.name != field)
    cues = {cue for f in others for cue in cues_of(f) if len(cue.strip()) > 1}
    phrases = (*calculator(name).cues.zh, *calculator(name).cues.en)
    cues |= {part for phrase in phrases for part in phrase.split(" & ") if len(part) > 1}  # the tax of "tax shield"
    return tuple(span for cue in cues for span in spans(text, cue))


def said_of(reading: Reading, figure: Placed, declared: InputField, name: str) -> float:
    """How closely a figure belongs to an input of the named calculator: 0 (not at all) to about 1."""
    return bond(reading, figure, cues_of(declared), _covers(reading.text, name, declared.name))


def fitting(figure: Placed, declared: InputField, before: str, after: str = "") -> tuple[float, float, str] | None:
    """(value in the input's unit, how naturally it fits from 0 to 0.5, what was assumed), None when it cannot be it."""
    quantity, unit, value = figure.quantity, declared.unit, figure.value
    calendar = declared.kind == "integer" and unit == "" and (declared.slot.at_least or 0) >= 1900
    match quantity.family:
        case "year":
            if calendar:
                return value, 0.5, ""
            if unit == "years" and _UNTIL_BEFORE.search(before) and value > SPOKEN_IN:
                return value - SPOKEN_IN, 0.2, f"{SPOKEN_IN} → {value:g}"
            return None
        case "ordinal_year":
            return None if calendar else _ordinal(value, declared, before, after)
        case "plain":
            if unit == "fraction" and 1 < value <= 100:
                return value / 100, 0.0, f"{value:g} %"
            if unit == "USD bn" and value >= 1e5:  # 8000万的机器
                return value / 1e9, 0.0, "USD"
            return value, 0.0, unit
        case "multiple":
            if unit == "fraction" and _GROWTH.search(declared.label.en) and quantity.text.lower() in measures.WORDED:
                return None if _GROWTH.search(before) else (value - 1, 0.0, "")  # earnings double: growth of 100 %
            # "doubles" and 翻倍 tell a change; an input they only are where its own word stands
            changed = quantity.text.lower() in measures.WORDED and not is_ratio(declared)
            return (value, 0.0 if changed else 0.35, "") if unit in ("multiple", "") else None
        case "money":
            return _money(figure, declared, after)
        case "price":
            if quantity.unit == "USD/unit" and unit == "USD":
                return value, 0.3, ""
            if quantity.unit == "USD bn/GW" and unit == "USD bn/GW-year":
                return value, 0.0, "per year"
        case "count":
            if unit == "number" or (unit == "" and quantity.unit == "draws"):
                return value, 0.1, ""
        case "fraction":
            if unit in ("multiple", ""):
                return convert(value, quantity.unit, "fraction", field=declared.name), 0.0, ""
        case "hours" | "energy":
            return None
        case _:
            pass
    if quantity.currency not in (None, "USD") or not same_dimension(quantity.unit, unit):
        return None
    return convert(value, quantity.unit, unit, field=declared.name), 0.35, ""


_GROWTH = re.compile(r"growth|grow|增速|增长率")


_APIECE = re.compile(r" ?(?:each|apiece|a piece|a pop)(?![a-z])| ?一个")


def is_ratio(declared: InputField) -> bool:
    """An input that is itself how many times something has grown (累计产量倍数)."""
    return declared.unit == "multiple" and "ratio" in declared.label.en


def _money(figure: Placed, declared: InputField, after: str) -> tuple[float, float, str] | None:
    quantity, unit, value = figure.quantity, declared.unit, figure.value
    if quantity.currency not in (None, "USD"):
        return None
    assumed = "" if quantity.currency else "USD"
    if same_dimension("USD", unit):
        stated = convert(value, "USD", unit, field=declared.name)
        plausible = stated >= 1e-3 if unit == "USD bn" else stated < 1e7
        return stated, 0.35 if plausible else 0.05, assumed
    if unit.startswith("USD bn/"):
        return value / 1e9, 0.3 if _APIECE.match(after) else 0.0, unit
    if unit.startswith("USD/") and value < 1e6:
        return value, 0.0, unit
    if quantity.currency is None and quantity.text[-1:] not in "元块" and unit in ("shares bn", "number"):
        return (value / 1e9 if unit == "shares bn" else value), 0.0, unit  # 股数120亿, a throughput of 4mn
    return None


def _ordinal(n: float, declared: InputField, before: str, after: str) -> tuple[float, float, str] | None:
    """第三年 as an index is 3; as a time gone by it is 2 at its start and 3 at its end."""
    if declared.kind == "integer" and declared.unit == "":
        return (n, 0.5, "") if declared.slot.at_least == 1 else None
    if declared.unit == "years" and _UNTIL_BEFORE.search(before):
        return n, 0.45 if any(cue in _ORDINAL_CUES for cue in cues_of(declared)) else 0.2, ""
    if declared.unit != "years" or not any(cue in _ORDINAL_CUES for cue in cues_of(declared)):
        return None
    if _END_AFTER.match(after) or _END_BEFORE.search(before):
        return n, 0.4, ""
    started = bool(_START_AFTER.match(after) or _START_BEFORE.search(before))
    by_end = not started and any(cue in ("末", "end of year") for cue in cues_of(declared))
    return (n, 0.4, "年末 / year end") if by_end else (n - 1, 0.4, "" if started else "年初 / start of the year")


def role(before: str, declared: InputField) -> float:
    """从 … 到 …: a figure after "to" is no input that speaks of where things came from, and the other way round."""
    came = any(cue in _FROM for cue in cues_of(declared))
    goes = any(cue.endswith("到") or cue == "to" or cue.endswith(" to") for cue in cues_of(declared))
    if came == goes:
        return 0.0
    if measures.FROM_BEFORE.search(before) or _ONCE.search(before):
        return 0.3 if came else -0.6
    if measures.TO_BEFORE.search(before):
        return 0.3 if goes else -0.6
    return 0.3 if goes and _NOW.search(before) else 0.0


_NEW = re.compile(r"新(?!增)|替换|(?<![a-z])(?:new(?:er)?|replacement|successor|next[ -]gen\w*)(?![a-z])")
_OLD = re.compile(r"旧|老|现有|(?<![a-z])(?:old(?:er)?|existing|incumbent)(?![a-z])")


def generation(reading: Reading, figure: Placed, declared: InputField, calculator: Calculator[Any]) -> float:
    """A new thing's inputs after 新 or "new", the old one's after 旧 or "old", where a calculator tells them apart."""
    newer = [f for f in calculator.fields if f.name.startswith("new_")]
    if not any(same_dimension(f.unit, declared.unit) for f in newer) or any("old" in f.name for f in calculator.fields):
        return 0.0
    spoken = [max((m.start() for m in p.finditer(reading.text, 0, figure.start)), default=-1) for p in (_NEW, _OLD)]
    if spoken[0] == spoken[1]:
        return 0.0
    return 0.4 if (spoken[0] > spoken[1]) == (declared in newer) else -0.4


def is_shared_out(reading: Reading, figure: Placed) -> bool:
    """Whether a share is of something's own time: spends a third of its life on training."""
    return figure.quantity.unit == "fraction" and bool(_SPENT.search(reading.text, 0, figure.start))


def is_relative(reading: Reading, figure: Placed, calculator: Calculator[Any]) -> bool:
    """Whether a share, multiple or move is said of an input that is no share or multiple itself.

    "half the revenue", 收入减少20% and 利率提高50个基点 change what is there; 一半是服务器 states a share.
    """
    quantity = figure.quantity
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    if quantity.unit == "fraction" and (the := _OF_THE.match(reading.text, figure.end)):
        named = (span for f in numbers for cue in cues_of(f) for span in reading.spans(cue) if len(cue) > 3)
        if any(start == the.end() for start, _ in named) and not _SHARED_OUT.search(reading.text, the.end()):
            return True  # "half the learning rate", a third of the revenue
    if quantity.family == "points" and quantity.direction:
        return True
    if quantity.direction < 0 and quantity.text.lower() in _HALVED:
        return not (_YEARLY.match(reading.text, figure.end) and any(is_fall(f) for f in numbers))
    moves = quantity.family == "fraction" and (
        quantity.unit == "fraction" or quantity.direction != 0 or quantity.low == 50
    )
    if not moves and quantity.family != "multiple":
        return _share_of_money(reading, figure, calculator)
    taking = [f for f in numbers if fitting(figure, f, "") is not None]
    barred = ("", "multiple") if quantity.family == "multiple" else ("", "fraction", "multiple")
    others = [f for f in numbers if f not in taking and f.unit not in barred]
    ties = {f.name: said_of(reading, figure, f, calculator.name) for f in numbers}
    about = max(others, key=lambda f: ties[f.name], default=None)
    if about is None or ties[about.name] < 0.5:
        return False
    fall = next((f for f in taking if quantity.direction < 0 and is_fall(f)), None)
    if fall is not None:  # "rents fall 30%" is the fall of the rent, "power falls 30%" is not
        return not _alike(about, fall)
    own = max((ties[f.name] for f in taking), default=0.0)
    return own < 0.5 and ties[about.name] > own + 0.05


_YEARLY = re.compile(r" ?(?:every|each|per|a) (?:single )?year| ?(?:annually|yearly)")
_SPENT = re.compile(r"(?<![a-z])(?:spend(?:s|ing)?|spent|devot(?:es?|ing|ed)) ?$")
_OF_THE = re.compile(r" (?:of )?(?:the|that|this|its) ")
_SHARED_OUT = re.compile(
    r"(?<![a-z])(?:is|are|goes?|went|being|in) (?:on |in |to |into |for )?(?:servers?|chips|gpus|debt|tax)"
)


def is_fall(declared: InputField) -> bool:
    """An input that is itself a fall (租金年跌幅), so that "down 30%" states it."""
    return declared.unit == "fraction" and bool(re.search("跌|降", declared.label.zh))


def _alike(one: InputField, other: InputField) -> bool:
    """Whether two inputs speak of the same thing, by their labels' words (rent today, yearly fall of the rent)."""
    words = [set(re.findall(r"[一-鿿]", f.label.zh)) - set("年每当前") for f in (one, other)]
    return len(words[0] & words[1]) >= 2


_RATE_AFTER = re.compile(
    r" ?(?:[a-z-]+ )?(?:rates?|yields?|returns?|margins?|growth|interest|tax|inflation)(?![a-z])"
    r"|的?[^,，。;；\d]{0,4}率"
)


_ELSEWHERE_AFTER = re.compile(r" (?:in|on|at|from|by|over|a|per)(?![a-z])")


def _share_of_money(reading: Reading, figure: Placed, calculator: Calculator[Any]) -> bool:
    """Whether a share is plainly said of an amount (残值一成, "10% salvage") and no share input is nearer."""
    text = reading.text
    if figure.quantity.family != "fraction" or text.endswith("at ", 0, figure.start):
        return False
    if _RATE_AFTER.match(text, figure.end) or _ELSEWHERE_AFTER.match(text, figure.end):
        return False
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    ties = {f.name: said_of(reading, figure, f, calculator.name) for f in numbers}
    whole = next((f for f in numbers if f.required and same_dimension(f.unit, "USD")), None)
    amounts = [f for f in numbers if same_dimension(f.unit, "USD") and (f is not whole or figure.quantity.unit != "%")]
    theirs = max((ties[f.name] for f in amounts), default=0.0)
    shares = max((ties[f.name] for f in numbers if f.unit == "fraction"), default=0.0)
    return theirs >= 0.5 and theirs > shares + 0.15
