"""Inputs that are more than one number, from the figures that were found for them: year series, named amounts, flows.

>>> _edges(Figured("NVIDIA、OpenAI、Oracle 三家各1000亿互相循环"))
[('NVIDIA', 'OpenAI', 100.0), ('OpenAI', 'Oracle', 100.0), ('Oracle', 'NVIDIA', 100.0)]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pydantic import JsonValue

from assistant.calculators.declaration import InputField
from assistant.numeric.figured import Figured
from corpus.normalize import fold_text


@dataclass(frozen=True)
class Fill:
    """One input's value as read from the question, the words it was read from, and what had to be assumed."""

    value: JsonValue
    read: str
    assumed: str = ""


def series(figured: Figured, declared: InputField, numbers: Sequence[int], values: Sequence[float]) -> Fill | None:
    """Values by year: the years of the question, one to one or all to all; one year changes the default path there."""
    calendar = [
        year
        for placed in figured.figures
        if placed.quantity.family == "year"
        for year in range(int(placed.quantity.low), int(placed.quantity.high) + 1)
    ]
    calendar = list(dict.fromkeys(calendar))
    if len(calendar) > len(values) > 1:
        calendar = calendar[: len(values)]  # the last year is the one that is asked about
    if not values or not calendar:
        return None
    by_year: dict[str, JsonValue]
    if len(values) == len(calendar):
        by_year = {str(year): value for year, value in zip(calendar, values, strict=True)}
    elif len(values) == 1:
        first, last = min(calendar), max(calendar)
        lasting = len(calendar) == 2 and _LASTING.search(figured.text)
        by_year = dict.fromkeys(map(str, range(first, last + 1) if lasting else calendar), values[0])
    else:
        return None
    default = declared.default if isinstance(declared.default, dict) and len(by_year) == 1 else {}
    whole: dict[str, JsonValue] = {**{str(year): value for year, value in default.items()}, **by_year}
    assumed = "其余年份用默认路径 / other years as in the default path" if default else ""
    return Fill(whole, _words(figured, numbers), assumed)


_LASTING = re.compile(r"一直|直到|年起|(?<![a-z])(?:through|until|onwards?|from)(?![a-z])")


def amounts(
    figured: Figured, declared: InputField, numbers: Sequence[int], values: Sequence[float], last: JsonValue = None
) -> Fill | None:
    """Named sums: each figure with the words before it, else after it; in a follow-up laid over the last ones."""
    named: dict[str, JsonValue] = dict(last) if isinstance(last, dict) else {}
    for at, (number, value) in enumerate(zip(numbers, values, strict=True), start=1):
        named[_named(figured, declared, number, named) or f"#{at}"] = value
    return Fill(named, _words(figured, numbers)) if values else None


_NAME_EDGE = re.compile(
    r"[,，。;；:：、?？!()（）]|\.(?!\d)|(?<![a-z])(?:and|plus|with|里|其中)(?![a-z])|(?:里|其中|和|加上|以及|还有)"
)
_WORDS_AROUND = (
    r"(?:(?<![a-z])(?:of|in|from|is|are|at|by|about|the|an?|for|to|only|gives?|provides?|brings?|raises?|comes?|suppl(?:y|ies)"
    r"|covers?)(?![a-z])|[是有约为占的出只再 ])+"
)
_AROUND_NAME = re.compile(rf"^{_WORDS_AROUND}|{_WORDS_AROUND}$")


def _named(figured: Figured, declared: InputField, number: int, known: dict[str, JsonValue]) -> str:
    """The name of one sum: one that the thread has, the declaration's, else the reader's own."""
    figure = figured.figures[number]
    left = figured.figures[number - 1].end if number else 0
    right = figured.figures[number + 1].start if number + 1 < len(figured.figures) else len(figured.text)
    chunks = (
        _NAME_EDGE.split(figured.text[left : figure.start])[-1],
        _NAME_EDGE.split(figured.text[figure.end : right])[0],
    )
    for chunk in chunks:
        for key in known:
            if fold_text(key) in chunk:
                return key
        for key, words in declared.slot.option_cues.items():
            if any(fold_text(word) in chunk for word in words):
                return key
    return next((bare for chunk in chunks if (bare := _AROUND_NAME.sub("", chunk).strip())), "")


def _words(figured: Figured, numbers: Sequence[int]) -> str:
    """The reader's words from the first of some figures through the last."""
    placed = [figured.figures[number].quantity for number in numbers]
    return figured.question[min(q.start for q in placed) : max(q.end for q in placed)]


_PARTY = (
    r"[A-Z][A-Za-z]{2,}(?:\.[a-z]+)?|(?<![A-Za-z])[B-Z](?![A-Za-z])"
    r"|(?<![A-Za-z])A(?= ?[^A-Za-z ]| (?:to|pays?|gives?|invests?|buys?|sends?|puts?|lends?|owes?) )"
    r"|英伟达|甲骨文|微软|谷歌|亚马逊|软银"
)
_CHINESE_NAMES = {"英伟达": "NVIDIA", "甲骨文": "Oracle"}
_NOT_PARTY = frozenset(
    ("If", "What", "How", "The", "When", "Which", "Suppose", "Assume", "GPU", "GPUs", "Capex", "And", "With", "Does",
     "Would", "USD", "Each", "Say", "Between", "Among", "External", "Outside", "Only", "Total", "Now")
)  # fmt: skip
_AMOUNT_AFTER = 40  # characters in which an edge names its sum


def flows(figured: Figured, declared: InputField) -> tuple[Fill, list[int]] | None:
    """Payments between named parties, under the names that the debate's own figures use; and the figures they used."""
    known = {str(party).lower(): str(party) for party in _parties_quoted(declared)}
    known |= {name: english for name, english in _CHINESE_NAMES.items() if english.lower() in known}
    edges = [(known.get(a.lower(), a), known.get(b.lower(), b), amount) for a, b, amount in _edges(figured)]
    if not edges:
        return None
    amounts_ = {amount for *_, amount in edges}
    used = [number for number, value in _sums(figured) if value in amounts_]
    value: JsonValue = [[payer, payee, amount] for payer, payee, amount in edges]
    return Fill(value, _words(figured, used)), used


def _sums(figured: Figured) -> list[tuple[int, float]]:
    """(number of the figure, USD bn) of every single sum of money."""
    return [
        (number, placed.quantity.value / 1e9)
        for number, placed in enumerate(figured.figures)
        if placed.quantity.family == "money" and not placed.quantity.is_range
    ]


def _parties_quoted(declared: InputField) -> list[object]:
    edges = [edge for quoted in declared.quotes if isinstance(quoted.value, list) for edge in quoted.value]
    return [party for edge in edges if isinstance(edge, list) for party in edge[:2]]


def _edges(figured: Figured) -> list[tuple[str, str, float]]:
    """(payer, payee, USD bn): stated one by one, or a ring when all pass on the same sum."""
    question = figured.question
    parties = [m for m in re.finditer(_PARTY, question) if m[0] not in _NOT_PARTY]
    sums = [(figured.figures[number].quantity.start, value) for number, value in _sums(figured)]
    if len({m[0] for m in parties}) < 2 or not sums:
        return []
    edges = []
    for payer, payee in pairwise(parties):
        between = question[payer.end() : payee.start()]
        stop = next((m.start() for m in parties if m.start() > payee.start()), len(question))
        inside = [s for at, s in sums if payer.end() <= at < payee.start()]
        after = [s for at, s in sums if payee.end() <= at < min(stop, payee.end() + _AMOUNT_AFTER)]
        pays = _PAYS.search(between) and not re.search(r"[,，。;；]", between)
        if payer[0] != payee[0] and pays and (inside or after or len(sums) == 1):
            edges.append((payer[0], payee[0], (inside or after or [sums[0][1]])[0]))
    if edges:
        return edges
    ring = list(dict.fromkeys(m[0] for m in parties))
    return [(payer, ring[(i + 1) % len(ring)], sums[0][1]) for i, payer in enumerate(ring)]


_PAYS = re.compile(
    r"给|投|付|向|买|采购|下单|支付|到|pays?|gives?|invests?|buys?|orders?|puts?|sends?|spends?|to(?![a-z])|→|->",
    re.IGNORECASE,
)
