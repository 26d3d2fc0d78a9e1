"""Numeric follow-ups and chains: what a thread carries into the next calculation.

"same but 5 years" changes one input of the last calculation, "and at 25% tax?" feeds its result into the next one,
如果一半呢 scales what the thread was about. A question with a business and figures of its own starts afresh.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from assistant.calculators.declaration import Calculator, InputField, Language
from assistant.calculators.registry import calculator, calculators
from assistant.calculators.trace import CalculationTrace, Origin
from assistant.calculators.units import same_dimension
from assistant.numeric.asked import asks_for, points_at_output, yes_or_no
from assistant.numeric.bonds import Placed, Reading, bond
from assistant.numeric.compounds import Fill
from assistant.numeric.fitting import cues_of, fitting, is_ratio
from assistant.numeric.levels import said_level
from assistant.numeric.outputs import asks_output
from assistant.numeric.recognition import cue_score
from assistant.numeric.request import Feed, NumericRequest, asks_last_year, build
from assistant.numeric.slots import CLOSE, POINTED, Filling, fill, pairs

_FOLLOWS = re.compile(
    r"的话|^\W*(?:那么?|如果|假如|要是|换成|改成|改为|再|还是|同样|其他不变|其它不变|若|按|用|把)|呢[?？!。 ]*$|"
    r"不变|同样的?|还是那|刚才|上面|"
    r"^\W*(?:and|but|so|same|say|only|just|what if|what about|how about|now|then|instead|with|at|if|make (?:it|that)"
    r"|try|use|suppose|let's|lets|drop|cut|raise|or)(?![a-z])|"
    r"(?<![a-z])(?:same|instead|unchanged|everything else|otherwise|all else)(?![a-z])"
)
_ATTRIBUTIVE = re.compile(r"(?:说|提|讲|给|提出|提到)(?:过|到|出)?的")
_REPORT = re.compile(
    r"说|认为|觉得|怎么看|观点|(?<!let's )(?<!lets )(?<=[a-z] )say(?![a-z])|"
    r"(?<![a-z])(?:says|said|think|thinks|view|opinion)(?![a-z])"
)


def follow(reading: Reading, previous: CalculationTrace | NumericRequest, language: Language) -> NumericRequest | None:
    """The request of a follow-up, None when the question stands on its own or carries no calculation.

    Args:
        previous: the last calculation, or its request, which remembers what was asked of it and what it was built on.
    """
    if _REPORT.search(_ATTRIBUTIVE.sub(" ", reading.text)) or (not reading.figures and yes_or_no(reading)):
        return None
    last = calculator(previous.calculator)
    known = _known(previous)
    pending = isinstance(previous, NumericRequest) and bool(previous.missing)
    brief = 24 if reading.figures and reading.text.isascii() else 12
    marked = bool(_FOLLOWS.search(reading.text)) or pending or len(reading.text) <= brief
    preferred, pointing = _preferred(last, previous), _pointing(reading, last, known)
    for _, name in pointing:
        preferred[name] = preferred.get(name, 0.0) + POINTED
    for name in _nearest(reading, last, known):
        preferred[name] = preferred.get(name, 0.0) + 0.5
    filling = fill(reading, last, preferred, [figure for figure, _ in pointing])
    short = len(reading.text) <= (64 if reading.text.isascii() else 32)
    whole = all(not f.required or f.name in filling.fills for f in last.fields)
    anew = whole and len(filling.fills) > 1 and (not short or len(filling.fills) >= len(known))
    if not marked and anew and cue_score(reading, last):
        return None
    onward = _onward(reading, last, previous, language)
    if onward is not None and (marked or short or cue_score(reading, calculator(onward.calculator))):
        return onward
    if _own_business(reading, last, filling):
        return None
    named = points_at_output(reading, last)
    _take_named(reading, last, filling, known)
    said = bool(filling.relative) or any(read.bond >= CLOSE for read in filling.fills.values())
    said = said or (named and not reading.figures)
    if not marked and not (short and said):
        return None
    upstream = _upstream(reading, previous, filling, language)
    if upstream is not None:
        return upstream
    _take_as_new(reading, last, filling, known)
    _take_scale(reading, last, filling, known)
    _take_level(reading, last, filling, known)
    ends = asks_last_year(reading, last)
    if filling.fills or filling.relative or filling.refusal or ends or (named and not reading.figures and not pending):
        asks = named and (not (filling.fills or filling.relative) or asks_for(reading))
        return _again(build(reading, last, filling, language, known), previous, asks)
    return None


def _again(request: NumericRequest, previous: CalculationTrace | NumericRequest, named: bool) -> NumericRequest:
    """The same calculation once more: what fed it feeds it still, and its output is wanted again if none is named."""
    if not isinstance(previous, NumericRequest):
        return request
    kept: dict[str, Any] = {} if named else {"wanted": previous.wanted}
    if previous.feed is not None and previous.feed.field not in request.arguments:
        kept |= {"first": previous.first, "earlier": previous.earlier, "feed": previous.feed}
        kept["missing"] = tuple(name for name in request.missing if name != previous.feed.field)
    return request.model_copy(update=kept)


def _upstream(
    reading: Reading, previous: CalculationTrace | NumericRequest, filling: Filling, language: Language
) -> NumericRequest | None:
    """A change to what the last calculation was built on, carried through: 2028年呢, when the gap is of a year."""
    if not isinstance(previous, NumericRequest) or previous.feed is None or filling.fills:
        return None
    source = previous.first or previous.earlier
    if source is None:
        return None
    before = calculator(source.calculator)
    known = _known(source)
    read = fill(reading, before, _preferred(before, source))
    if not read.fills and not read.relative:
        return None
    first = build(reading, before, read, language, known)
    return previous.model_copy(update={"question": reading.question, "first": first, "earlier": None})


def chain(reading: Reading, target: Calculator[Any], language: Language) -> NumericRequest | None:
    """Two calculations in sequence, when one question gives the inputs of the first and asks for the second.

    The target is the calculator that was recognised, or the one that goes on from it: a change of life with a tax rate
    and a share count asks for earnings per share.
    """
    for after, declared, link in _links():
        first = calculator(link.calculator)
        if target not in (after, first) or not (cue_score(reading, after) or _asks(reading, after)):
            continue
        downstream, upstream = fill(reading, after), fill(reading, first)
        if not cue_score(reading, first) and sum(read.bond >= CLOSE for read in upstream.fills.values()) < 2:
            continue
        direct = downstream.fills.get(declared.name)
        ready = all(not f.required or f.name in upstream.fills for f in first.fields)
        if not ready or (direct is not None and direct.bond >= CLOSE):
            continue
        taken = {read.read for read in upstream.fills.values()}
        for name in [n for n, read in downstream.fills.items() if read.read in taken and n not in upstream.fills]:
            del downstream.fills[name]
        downstream.fills.pop(declared.name, None)
        open_ = [f for f in after.fields if f.required and f is not declared and f.name not in downstream.fills]
        if any(not f.quotes for f in open_ if f.name != declared.name):
            continue
        downstream.refusal = None
        before = build(reading, first, upstream, language)
        request = build(reading, after, downstream, language, supplied=declared.name)
        feed = Feed(field=declared.name, output=link.output, sign=link.sign)
        return request.model_copy(update={"first": before, "feed": feed})
    return None


def _asks(reading: Reading, target: Calculator[Any]) -> bool:
    """Whether the question wants an output of the calculator, by its words, and says an input of it closely."""
    return asks_output(reading, target) and any(read.bond >= 0.6 for read in fill(reading, target).fills.values())


def _links() -> list[tuple[Calculator[Any], InputField, Any]]:
    """(calculator, its input, the link that can supply it), in the registry's order."""
    return [(c, f, link) for c in calculators().values() for f in c.fields for link in f.links]


def _onward(
    reading: Reading, last: Calculator[Any], previous: CalculationTrace | NumericRequest, language: Language
) -> NumericRequest | None:
    """The calculation that goes on from the last one's result and suits best: "and at 25% tax?", 净利润呢?"""
    if isinstance(previous, NumericRequest) and previous.missing:
        return None
    own = fill(reading, last)
    if any(read.bond >= CLOSE for read in own.fills.values()) or own.relative:
        return None
    best: tuple[float, NumericRequest] | None = None
    for after, declared, link in _links():
        if link.calculator != last.name or after is last:
            continue
        filling = fill(reading, after)
        direct = filling.fills.pop(declared.name, None)
        said = [read for read in filling.fills.values() if read.bond >= CLOSE]
        asked = cue_score(reading, after) > 0 or _named(reading, after)
        open_ = [f for f in after.fields if f.required and f is not declared and f.name not in filling.fills]
        if (direct and direct.bond >= CLOSE) or open_ or not (said or (asked and not filling.unused)):
            continue
        score = len(said) + cue_score(reading, after) - 0.5 * len(filling.unused)
        if best is None or score > best[0]:
            filling.refusal = None
            request = build(reading, after, filling, language, supplied=declared.name)
            feed = Feed(field=declared.name, output=link.output, sign=link.sign)
            source = {"first": previous} if isinstance(previous, NumericRequest) else {"earlier": previous}
            best = score, request.model_copy(update={**source, "feed": feed})
    return best[1] if best else None


def _take_named(
    reading: Reading, last: Calculator[Any], filling: Filling, known: Mapping[str, tuple[JsonValue, Origin]]
) -> None:
    """A sum said of one of the thread's named amounts changes that one: 发债只有8000亿呢."""
    for declared in last.fields:
        amounts = known[declared.name][0] if declared.kind == "amounts" and declared.name in known else None
        if not isinstance(amounts, dict):
            continue
        changed = dict(amounts)
        for figure in reading.figures:
            close = {key: bond(reading, figure, (key,)) for key in amounts}
            key = max(close, key=lambda k: close[k], default="")
            if key and close[key] >= CLOSE and same_dimension(figure.quantity.unit, declared.unit):
                changed[key] = figure.quantity.in_unit(declared.unit, declared.name)[0]
                for name in [n for n, read in filling.fills.items() if read.read == figure.quantity.text]:
                    del filling.fills[name]
        if changed != amounts:
            filling.fills[declared.name] = Fill(changed, reading.question)


def _named(reading: Reading, target: Calculator[Any]) -> bool:
    """Whether a short question says an output of the calculator, or half of a cue phrase (净利润呢? and EPS?)."""
    if points_at_output(reading, target):
        return True
    if not reading.figures and len(reading.text) > (32 if reading.text.isascii() else 12):
        return False
    parts = [part for phrase in (*target.cues.zh, *target.cues.en) for part in phrase.split(" & ")]
    return any(len(part) >= 3 and reading.has(part) for part in parts)


def _own_business(reading: Reading, last: Calculator[Any], filling: Filling) -> bool:
    """Whether another calculator is meant and is given all that it needs."""
    if cue_score(reading, last):
        return False
    for other in calculators().values():
        if other is last or not cue_score(reading, other):
            continue
        theirs = fill(reading, other)
        whole = all(not f.required or f.name in theirs.fills for f in other.fields)
        if theirs.fills and whole and len(theirs.fills) > len(filling.fills) + len(filling.relative):
            return True
    return False


def _known(previous: CalculationTrace | NumericRequest) -> dict[str, tuple[JsonValue, Origin]]:
    """Values of the thread by input: the user's become carried, quotes and defaults stay what they were."""
    if isinstance(previous, NumericRequest):
        pairs_ = [(name, value, previous.origins[name]) for name, value in previous.arguments.items()]
    else:
        pairs_ = [(a.name, a.value, a.origin) for a in previous.arguments if a.origin.kind != "default"]
    return {name: (value, _carried(origin)) for name, value, origin in pairs_}


def _carried(origin: Origin) -> Origin:
    if origin.kind == "user":
        return Origin(kind="carried", read=origin.read, source=origin.source)
    return origin.model_copy(update={"unit": None})


def _preferred(last: Calculator[Any], previous: CalculationTrace | NumericRequest) -> dict[str, float]:
    """What the thread set comes first, what it changed last before that, and of an old and a new value the new one."""
    origins = (
        previous.origins if isinstance(previous, NumericRequest) else {a.name: a.origin for a in previous.arguments}
    )
    preferred = {name: 0.3 for name, origin in origins.items() if origin.kind != "default"}
    if any(origin.kind == "carried" for origin in origins.values()):
        for name, origin in origins.items():
            preferred[name] = preferred.get(name, 0.0) + 0.2 * (origin.kind == "user")
    for _, second in pairs(last):
        preferred[second] = preferred.get(second, 0.0) + 0.1
    return preferred


def _nearest(reading: Reading, last: Calculator[Any], known: Mapping[str, tuple[JsonValue, Origin]]) -> list[str]:
    """The thread's inputs that a lone figure is of the size of: $3 after a rent of $2 is no price of power."""
    names = []
    for name, (value, _) in known.items():
        declared = last.field(name)
        fits = fitting(reading.figures[0], declared, "") if len(reading.figures) == 1 else None
        if fits and isinstance(value, int | float) and value > 0 and value / 3 <= fits[0] <= value * 3:
            names.append(name)
    return names


def _take_level(
    reading: Reading, last: Calculator[Any], filling: Filling, known: Mapping[str, tuple[JsonValue, Origin]]
) -> None:
    """An old and a new value that stay level: 如果估值不变呢, "with a flat multiple"."""
    for first, second in pairs(last):
        if first not in known or {first, second} & set(filling.fills) or "low" in first:
            continue
        words = (*cues_of(last.field(first)), *cues_of(last.field(second)))
        if found := next((words_ for words_ in (said_level(reading, cue) for cue in words) if words_), ""):
            filling.fills[second] = Fill(known[first][0], found)


_OLD = re.compile(r"原来|本来|原先|起初|从|(?<![a-z])(?:from|was|were|original(?:ly)?|old|initial(?:ly)?)(?![a-z])")


def _take_as_new(
    reading: Reading, last: Calculator[Any], filling: Filling, known: Mapping[str, tuple[JsonValue, Origin]]
) -> None:
    """Of an old and a new value that the thread has, a single figure changes the new one unless the old is named."""
    for first, second in pairs(last):
        lone = first in filling.fills and second not in filling.fills and {first, second} <= set(known)
        if lone and "low" not in first and not _OLD.search(reading.text):
            filling.fills[second] = filling.fills.pop(first)


_INSTEAD_BEFORE = re.compile(r"(?:instead of|rather than|not|而不是|不是|从|由|from) ?(?:the )?$")


_MOVED_AFTER = re.compile(r" ?(?:-{0,2}>|→|到|变成?|改成?|to(?![a-z])) ?[\d$]")


def _pointing(
    reading: Reading, last: Calculator[Any], known: Mapping[str, tuple[JsonValue, Origin]]
) -> list[tuple[Placed, str]]:
    """Figures that name an input by its present value: the 3 of "4 years instead of 3"."""
    found = []
    for figure in reading.figures:
        before = reading.text[max(0, figure.start - 16) : figure.start]
        moved = _INSTEAD_BEFORE.search(before) or _MOVED_AFTER.match(reading.text, figure.end)
        if len(reading.figures) < 2 or not moved:
            continue
        for name, (value, _) in known.items():
            declared = last.field(name)
            fits = fitting(figure, declared, "")
            if fits and declared.kind in ("number", "integer") and fits[0] == value:
                found.append((figure, name))
                break
    return found


def _take_scale(
    reading: Reading, last: Calculator[Any], filling: Filling, known: Mapping[str, tuple[JsonValue, Origin]]
) -> None:
    """A bare half, third or 翻倍 scales the thread's amount, unless the thread had such a share of its own."""
    for figure in reading.figures:
        quantity = figure.quantity
        worded = not any(char.isdigit() for char in quantity.text)
        doubled = quantity.family == "multiple" and worded
        shared = quantity.family == "fraction" and (quantity.unit == "fraction" or worded or quantity.direction != 0)
        if not doubled and not shared:
            continue
        name = next((n for n, read in filling.fills.items() if read.read == quantity.text), None)
        if name is not None:
            fits = name in known and not doubled
            if filling.fills[name].bond >= CLOSE or fits or is_ratio(last.field(name)):
                continue
            del filling.fills[name]
        elif figure in filling.unused:
            filling.unused.remove(figure)
        else:
            continue
        filling.relative.append(figure)
