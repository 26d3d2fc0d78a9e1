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
from assistant.cues import Reading
from assistant.numeric import Feed, NumericRequest, build, output_likeness
from assistant.recognition import cue_score
from assistant.slots import CLOSE, Filling, fill, pairs

_FOLLOWS = re.compile(
    r"的话|^\W*(?:那么?|如果|假如|要是|换成|改成|改为|再|还是|同样|其他不变|其它不变|若|按|用|把)|呢[?？!。 ]*$|不变|同样的?|还是那|刚才|上面|"
    r"^\W*(?:and|but|same|what if|what about|how about|now|then|instead|with|at|if|make (?:it|that)|try|use|suppose|or)(?![a-z])|"
    r"(?<![a-z])(?:same|instead|unchanged|everything else|otherwise|all else)(?![a-z])"
)
_REPORT = re.compile(r"说|认为|觉得|怎么看|观点|(?<![a-z])(?:say|says|said|think|thinks|view|opinion)(?![a-z])")


def follow(reading: Reading, previous: CalculationTrace | NumericRequest, language: Language) -> NumericRequest | None:
    """The request of a follow-up, None when the question stands on its own or carries no calculation."""
    last = calculator(previous.calculator)
    known = _known(previous)
    if _REPORT.search(reading.text):
        return None
    pending = isinstance(previous, NumericRequest)
    follows = bool(_FOLLOWS.search(reading.text)) or pending or len(reading.text) <= 12
    filling = fill(reading, last, _preferred(last, known))
    others = [c for c in calculators().values() if c is not last and cue_score(reading, c)]
    fitting = cue_score(reading, last) > 0
    complete = all(not f.required or f.name in filling.fills for f in last.fields)
    if fitting and complete and not _FOLLOWS.search(reading.text):
        return None  # the whole question put anew
    chained = _onward(reading, last, previous, language)
    if chained is not None and (follows or any(origin.kind == "user" for origin in chained.origins.values())):
        return chained
    if not follows or (others and not fitting and _own_business(reading, others)):
        return None
    _take_scale(reading, last, filling, known)
    if filling.fills or filling.relative or filling.refusal:
        return build(reading, last, filling, language, known)
    named = max(output_likeness(reading.text, last).values(), default=0.0) > 0
    if not reading.figures and named and _FOLLOWS.search(reading.text) and not pending:
        return build(reading, last, filling, language, known)
    return None


def chain(reading: Reading, target: Calculator[Any], language: Language) -> NumericRequest | None:
    """Two calculations in sequence, when one question gives the inputs of the first and asks for the second.

    The target is the calculator that was recognised, or the one that goes on from it: a change of life with a tax rate and
    a share count asks for earnings per share.
    """
    for after, declared, link in _links():
        first = calculator(link.calculator)
        if target not in (after, first) or not (cue_score(reading, after) and cue_score(reading, first)):
            continue
        downstream, upstream = fill(reading, after), fill(reading, first)
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


def _links() -> list[tuple[Calculator[Any], InputField, Any]]:
    """(calculator, its input, the link that can supply it), in the registry's order."""
    return [(c, f, link) for c in calculators().values() for f in c.fields for link in f.links]


def _onward(
    reading: Reading, last: Calculator[Any], previous: CalculationTrace | NumericRequest, language: Language
) -> NumericRequest | None:
    """The next calculation that goes on from the last one's result: "and at 25% tax?", 净利润呢?"""
    if not isinstance(previous, CalculationTrace):
        return None
    for after, declared, link in _links():
        if link.calculator != last.name or after is last:
            continue
        filling = fill(reading, after)
        direct = filling.fills.pop(declared.name, None)
        said = {name: read for name, read in filling.fills.items() if read.bond >= CLOSE}
        asked = cue_score(reading, after) > 0 or _named(reading, after)
        own = fill(reading, last)
        if any(read.bond >= CLOSE for read in own.fills.values()) or (direct and direct.bond >= CLOSE):
            continue
        if not said and not (asked and not reading.figures):
            continue
        if any(f.required and f is not declared and f.name not in filling.fills for f in after.fields):
            continue
        filling.refusal = None
        request = build(reading, after, filling, language, supplied=declared.name)
        feed = Feed(field=declared.name, output=link.output, sign=link.sign)
        return request.model_copy(update={"earlier": previous, "feed": feed})
    return None


def _named(reading: Reading, target: Calculator[Any]) -> bool:
    """Whether a short question says an output of the calculator, or half of a cue phrase (净利润呢? and EPS?)."""
    if max(output_likeness(reading.text, target).values(), default=0.0) > 0:
        return True
    parts = [part for phrase in (*target.cues.zh, *target.cues.en) for part in phrase.split(" & ")]
    return any(len(part) >= 3 and reading.has(part) for part in parts)


def _own_business(reading: Reading, others: list[Calculator[Any]]) -> bool:
    """Whether another calculator is meant and has what it needs."""
    for other in others:
        filling = fill(reading, other)
        if filling.fills and all(not f.required or f.name in filling.fills or f.quotes for f in other.fields):
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


def _preferred(last: Calculator[Any], known: Mapping[str, tuple[JsonValue, Origin]]) -> dict[str, float]:
    """Inputs that the thread set come first, and of an old and a new value the new one."""
    preferred = {name: 0.3 for name, (_, origin) in known.items() if origin.kind == "carried"}
    for _, second in pairs(last):
        preferred[second] = preferred.get(second, 0.0) + 0.1
    return preferred


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
            if filling.fills[name].bond >= CLOSE or (name in known and not doubled):
                continue
            del filling.fills[name]
        elif figure in filling.unused:
            filling.unused.remove(figure)
        else:
            continue
        filling.relative.append(figure)
