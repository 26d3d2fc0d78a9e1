"""Inputs that are more than one number, read from a question: lists, year series, named amounts, flows between parties.

>>> from assistant.numeric.bonds import Reading
>>> _edges(Reading("NVIDIA、OpenAI、Oracle 三家各1000亿互相循环"))
[('NVIDIA', 'OpenAI', 100.0), ('OpenAI', 'Oracle', 100.0), ('Oracle', 'NVIDIA', 100.0)]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pydantic import JsonValue

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.units import convert, same_dimension
from assistant.numeric.bonds import Placed, Reading, bond
from corpus.normalize import fold_text


@dataclass(frozen=True)
class Fill:
    """One input's value as read from the question.

    Attributes:
        value: in the input's unit.
        read: the words it was read from.
        bond: how closely they belong to the input, 0 to 1.
        assumed: what had to be assumed to read them, "" for nothing.
        to: the other end when a range was given for one input.
    """

    value: JsonValue
    read: str
    bond: float = 1.0
    assumed: str = ""
    to: float | None = None


@dataclass(frozen=True)
class Found:
    """A compound value and the figures that went into it."""

    fill: Fill
    used: tuple[Placed, ...]


def read(
    reading: Reading, declared: InputField, calculator: Calculator[Any], figures: Sequence[Placed]
) -> Found | None:
    """The value of one compound input, None when the question gives none."""
    if declared.kind == "list":
        return _list(reading, declared, calculator, figures)
    if declared.kind == "series":
        return _series(reading, declared, calculator, figures)
    if declared.kind == "amounts":
        return _amounts(reading, declared, calculator, figures)
    words = " ".join(cue for f in calculator.fields for cue in (*f.cues.en, f.label.en))
    return _flows(reading, declared, figures, frozenset(words.lower().split()))


def _cues(declared: InputField) -> tuple[str, ...]:
    return (*declared.cues.zh, *declared.cues.en)


def _stated(figure: Placed, unit: str, name: str) -> float | None:
    """The figure in a unit, the "per …" of a price being understood."""
    quantity = figure.quantity
    if quantity.currency not in (None, "USD") or quantity.is_range or quantity.family in ("year", "ordinal_year"):
        return None
    if quantity.family == "plain":
        return figure.value if unit in ("number", "") else None
    if same_dimension(quantity.unit, unit):
        return convert(figure.value, quantity.unit, unit, field=name)
    if quantity.family == "money" and unit.startswith("USD/"):
        return figure.value
    return None


def _list(
    reading: Reading, declared: InputField, calculator: Calculator[Any], figures: Sequence[Placed]
) -> Found | None:
    """The longest run of at least two figures of the list's unit, one of them near the list's words or all alike."""
    best: list[Placed] = []
    run: list[Placed] = []
    for figure in figures:
        near = not run or figure.start - run[-1].end <= 12
        if _stated(figure, declared.unit, declared.name) is None:
            run = []
        else:
            alike = not run or run[-1].quantity.unit.split("/")[0] == figure.quantity.unit.split("/")[0]
            run = [*run, figure] if near and alike else [figure]
        best = run if len(run) > len(best) else best
    rivals = [f for f in calculator.fields if f.kind == "number" and same_dimension(f.unit, declared.unit)]
    if len(best) < 2:
        return None
    told = max(bond(reading, figure, _cues(declared)) for figure in best)
    rival = max((bond(reading, figure, _cues(f)) for f in rivals for figure in best), default=0.0)
    contested = bool(rivals) and (rival >= 0.3 or len(best) < 3)
    if told < 0.3 and (contested or declared.unit == "number"):
        return None
    values: list[JsonValue] = [_stated(figure, declared.unit, declared.name) for figure in best]
    words = reading.question[best[0].quantity.start : best[-1].quantity.end]
    return Found(Fill(values, words), tuple(best))


_SENTENCE = re.compile(
    r",(?! (?:and )?\d)|[，。;；:：?？!]|\.(?= )|(?<![a-z])(?:if|assuming|suppose|given)(?![a-z])|如果|假如|"
    r"假设|要是|若"
)


_LASTING = re.compile(r"一直|直到|年起|(?<![a-z])(?:through|until|onwards?)(?![a-z])")


def _series(
    reading: Reading, declared: InputField, calculator: Calculator[Any], figures: Sequence[Placed]
) -> Found | None:
    """Values by year: figures near the series' words and the years of their clause, one to one or all to all.

    One year given changes the declared default path there; several are the whole path.
    """
    values: dict[str, JsonValue] = {}
    used: list[Placed] = []
    sole = not any(f.kind == "number" and f.unit.startswith("USD") for f in calculator.fields)
    for start, end in _clauses(reading.text):
        here = [f for f in figures if start <= f.start < end]
        sums = [(f, stated) for f in here if (stated := _stated(f, declared.unit, declared.name)) is not None]
        years = [f for f in here if f.quantity.family == "year" or (f.quantity.unit == "" and 1990 <= f.value <= 2100)]
        calendar = [year for f in years for year in range(int(f.quantity.low), int(f.quantity.high) + 1)]
        told = any(bond(reading, f, _cues(declared)) >= 0.25 for f, _ in sums)
        if not sums or not calendar or not (told or sole or (used and len(sums) == len(calendar))):
            continue
        if len(sums) == len(calendar):
            values |= {str(year): stated for year, (_, stated) in zip(calendar, sums, strict=True)}
        elif len(sums) == 1:
            if len(calendar) == 2 and _LASTING.search(reading.text, start, end):  # 2013年起60美元一直到2016年
                calendar = list(range(min(calendar), max(calendar) + 1))
            values |= dict.fromkeys(map(str, calendar), sums[0][1])
        else:
            continue
        used += [f for f, _ in sums] + years
    if not values and (found := _apart(reading, declared, figures)):
        values, used = found
    if not values:
        return None
    default = declared.default if isinstance(declared.default, dict) and len(values) == 1 else {}
    whole: dict[str, JsonValue] = {**{str(year): value for year, value in default.items()}, **values}
    first, last = min(f.quantity.start for f in used), max(f.quantity.end for f in used)
    assumed = "其余年份用默认路径 / other years as in the default path" if default else ""
    return Found(Fill(whole, reading.question[first:last], assumed=assumed), tuple(dict.fromkeys(used)))


def _apart(
    reading: Reading, declared: InputField, figures: Sequence[Placed]
) -> tuple[dict[str, JsonValue], list[Placed]] | None:
    """One value said of the series in one clause and one year in another: had oil stayed at $95, how many in 2015?"""
    sums = [(f, stated) for f in figures if (stated := _stated(f, declared.unit, declared.name)) is not None]
    years = [f for f in figures if f.quantity.family == "year" and not f.quantity.is_range]
    if len(sums) != 1 or len(years) != 1 or bond(reading, sums[0][0], _cues(declared)) < 0.3:
        return None
    return {f"{years[0].value:.0f}": sums[0][1]}, [sums[0][0], years[0]]


def _clauses(text: str) -> list[tuple[int, int]]:
    edges = [0, *(m.start() for m in _SENTENCE.finditer(text)), len(text)]
    return list(pairwise(edges))


_NAME_EDGE = re.compile(
    r"[,，。;；:：、?？!()（）]|\.(?!\d)|(?<![a-z])(?:and|plus|with|里|其中)(?![a-z])|(?:里|其中|和|加上|以及|还有)"
)
_WORDS_AROUND = (
    r"(?:(?<![a-z])(?:of|in|from|is|are|at|by|about|the|an?|for|to|gives?|provides?|brings?|raises?|comes?|suppl(?:y|ies)"
    r"|covers?)(?![a-z])|[是有约为占的出 ])+"
)
_AROUND_NAME = re.compile(rf"^{_WORDS_AROUND}|{_WORDS_AROUND}$")


def _amounts(
    reading: Reading, declared: InputField, calculator: Calculator[Any], figures: Sequence[Placed]
) -> Found | None:
    """Named sums: each figure with the words before it, else after it, but for those said of a plain input."""
    sums = [(f, stated) for f in figures if (stated := _stated(f, declared.unit, declared.name)) is not None]
    rivals = [f for f in calculator.fields if f.kind == "number" and same_dimension(f.unit, declared.unit)]
    whole = max(
        sums, key=lambda item: (max((bond(reading, item[0], _cues(r)) for r in rivals), default=0.0) >= 0.3, item[1])
    )[0] if sums and rivals else None  # fmt: skip
    values: dict[str, JsonValue] = {}
    used: list[Placed] = []
    for figure, stated in sums:
        if figure is whole:
            continue
        name = _named(reading, declared, figure, figures)
        if name:
            values[name] = stated
            used.append(figure)
    if not values:
        return None
    words = reading.question[used[0].quantity.start : used[-1].quantity.end]
    return Found(Fill(values, words), tuple(used))


def _named(reading: Reading, declared: InputField, figure: Placed, figures: Sequence[Placed]) -> str:
    """The name of one sum: the declaration's when one of its words is there, else the user's own."""
    left = max((f.end for f in figures if f.end <= figure.start), default=0)
    right = min((f.start for f in figures if f.start >= figure.end), default=len(reading.text))
    chunks = (
        _NAME_EDGE.split(reading.text[left : figure.start])[-1],
        _NAME_EDGE.split(reading.text[figure.end : right])[0],
    )
    told = [chunk for chunk in chunks if any(cue in chunk for cue in _cues(declared))]
    for chunk in told or chunks:
        for key, words in declared.slot.option_cues.items():
            if any(fold_text(word) in chunk for word in words):
                return key
        bare = _AROUND_NAME.sub("", chunk).strip()
        if bare:
            return bare
    return ""


_PARTY = (
    r"[A-Z][A-Za-z]{2,}(?:\.[a-z]+)?|(?<![A-Za-z])[B-Z](?![A-Za-z])"
    r"|(?<![A-Za-z])A(?= ?[^A-Za-z ]| (?:pays?|gives?|invests?|buys?|sends?|puts?|lends?|owes?) )"
    r"|英伟达|甲骨文|微软|谷歌|亚马逊|软银"
)
_CHINESE_NAMES = {"英伟达": "NVIDIA", "甲骨文": "Oracle"}
_NOT_PARTY = frozenset(
    ("If", "What", "How", "The", "When", "Which", "Suppose", "Assume", "GPU", "GPUs", "Capex", "And", "With", "Does",
     "Would", "USD", "Each", "Say", "Between", "Among")
)  # fmt: skip
_AMOUNT_AFTER = 40  # characters in which an edge names its sum


def _flows(reading: Reading, declared: InputField, figures: Sequence[Placed], words: frozenset[str]) -> Found | None:
    """Payments between named parties, under the names that the debate's own figures use for them.

    Args:
        words: of the declaration; capitalised at the head of a sentence they are no party's name.
    """
    known = {str(party).lower(): str(party) for party in _parties_quoted(declared)}
    known |= {name: english for name, english in _CHINESE_NAMES.items() if english.lower() in known}
    edges = [(known.get(a.lower(), a), known.get(b.lower(), b), amount) for a, b, amount in _edges(reading, words)]
    if not edges:
        return None
    amounts = {amount for *_, amount in edges}
    used = tuple(
        f for f in figures if (stated := _stated(f, "USD bn", "internal")) is not None and stated in amounts
    )  # fmt: skip
    first, last = min(f.quantity.start for f in used), max(f.quantity.end for f in used)
    value: JsonValue = [[payer, payee, amount] for payer, payee, amount in edges]
    return Found(Fill(value, reading.question[first:last]), used[: max(1, len(edges))])


def _parties_quoted(declared: InputField) -> list[object]:
    flows = [edge for quoted in declared.quotes if isinstance(quoted.value, list) for edge in quoted.value]
    return [party for edge in flows if isinstance(edge, list) for party in edge[:2]]


def _edges(reading: Reading, words: frozenset[str] = frozenset()) -> list[tuple[str, str, float]]:
    """(payer, payee, USD bn): stated one by one, or a ring when all pass on the same sum."""
    question = reading.question
    found = re.finditer(_PARTY, question)
    parties = [m for m in found if m[0] not in _NOT_PARTY and m[0].lower() not in words]
    sums = [(f, s) for f in reading.figures if (s := _stated(f, "USD bn", "internal")) is not None]
    if len({m[0] for m in parties}) < 2 or not sums:
        return []
    edges = []
    for payer, payee in pairwise(parties):
        between = question[payer.end() : payee.start()]
        stop = next((m.start() for m in parties if m.start() > payee.start()), len(question))
        inside = [s for f, s in sums if payer.end() <= f.quantity.start < payee.start()]
        after = [s for f, s in sums if payee.end() <= f.quantity.start < min(stop, payee.end() + _AMOUNT_AFTER)]
        if (
            payer[0] != payee[0]
            and _PAYS.search(between)
            and not re.search(r"[,，。;；]", between)
            and (inside or after)
        ):
            edges.append((payer[0], payee[0], (inside or after)[0]))
    if edges:
        return edges
    ring = list(dict.fromkeys(m[0] for m in parties))
    return [(payer, ring[(i + 1) % len(ring)], sums[0][1]) for i, payer in enumerate(ring)]


_PAYS = re.compile(
    r"给|投|付|向|买|采购|下单|支付|pays?|gives?|invests?|buys?|orders?|puts?|sends?|spends?|to(?![a-z])|→|->",
    re.IGNORECASE,
)
