"""What became of a turn: one outcome, from what was shown and what was expected.

A single number is right where the number that is led with has it, in its unit; several where each stands in the lead,
the table or the results of the calculation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.numeric.quantities import Quantity, read_quantities
from evals.numbers.items import NumberTurn
from evals.numbers.units import in_unit, known

Outcome = Literal["right", "asked", "misread", "refused", "quoted", "wrong", "spurious", "missed", "unscored", "failed"]
OUTCOMES: dict[Outcome, str] = {
    "right": "the number asked for, or one question back where that is right",
    "asked": "one right question back where the number could be had",
    "misread": "asked back whether it is read right, and it is not",
    "refused": "refused in a sentence",
    "quoted": "words asked for, no calculation made",
    "wrong": "silently: a number other than asked",
    "spurious": "a number where words were asked for",
    "missed": "no calculation where one was asked for",
    "unscored": "there is no value to compare with",
    "failed": "it raised an error",
}
_NOUGHT = 0.005  # how near a nought must be met, in its unit
_ROUNDED = 6e-4  # what four digits of a sentence are off by

Number = tuple[float, str]  # value and unit


class Shown(NamedTuple):
    """What a reader gets to see for a question.

    Attributes:
        kind: a calculation; one that asks if it is read right; a question back; a refusal; no calculation; an error.
        headline: the number led with; None where the result is no number.
        typed: the results of the calculations, numbers with their units.
        words: results that are words, and yes or no by name.
        texts: the lead, then the cells of the table; for other kinds the sentence shown.
        read: the calculation as understood, for listings.
    """

    kind: Literal["done", "tentative", "asked", "refused", "none", "failed"]
    headline: Number | None = None
    typed: tuple[Number, ...] = ()
    words: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    read: str = ""


def judge(turn: NumberTurn, shown: Shown) -> Outcome:
    """The outcome of one turn."""
    if shown.kind == "failed":
        return "failed"
    if turn.expect == "quote":
        by_kind: dict[str, Outcome] = {"none": "quoted", "done": "spurious", "tentative": "asked", "asked": "asked"}
        return by_kind.get(shown.kind, "refused")
    if shown.kind == "asked":
        return "asked" if turn.expect == "value" else "right"
    if shown.kind == "refused":
        return "refused"
    if shown.kind == "none":
        return "unscored" if turn.expect == "either" and not turn.values else "missed"
    sure = shown.kind == "done"
    if turn.expect == "ask":
        return "wrong" if sure else "misread"
    if not turn.values:
        return "unscored"
    if states(turn, shown):
        return "right" if sure else "asked"
    return "wrong" if sure else "misread"


def states(turn: NumberTurn, shown: Shown) -> bool:
    """Whether a calculation states what a turn asks for, or something else that is accepted."""
    if _holds(turn.values, turn.units, turn, shown):
        return True
    units = {*turn.units, "%"}
    return any(_holds(other, (unit,) * len(other), turn, shown) for other in turn.accept for unit in units)


def _holds(values: Sequence[float | str], units: Sequence[str], turn: NumberTurn, shown: Shown) -> bool:
    single = len(values) == 1
    if single and shown.headline is not None:
        pool, written, free = [shown.headline], list[Number](), turn.sign_free
    else:  # of several the words carry the directions
        pool, written, free = _results(shown), list(_figures(shown.texts)), True
    for value, unit in zip(values, units, strict=True):
        if isinstance(value, str):
            if not _said(value, shown):
                return False
        elif not any(
            _close(value, number, unit, tolerance, free)
            for numbers, tolerance in ((pool, turn.tolerance), (written, max(turn.tolerance, _ROUNDED)))
            for number in numbers
        ):
            return False
    return True


def _results(shown: Shown) -> list[Number]:
    return [*shown.typed, *([shown.headline] if shown.headline is not None else [])]


def _close(expected: float, number: Number, unit: str, tolerance: float, free: bool) -> bool:
    found = in_unit(*number, unit)
    if found is None:
        return False
    if free:
        expected, found = abs(expected), abs(found)
    return abs(expected - found) <= (abs(expected) * tolerance if expected else _NOUGHT)


def _said(word: str, shown: Shown) -> bool:
    """Whether a word is a result, or stands in the lead by itself."""
    alone = re.compile(rf"(?<![a-z]){re.escape(word.lower())}(?![a-z])")
    return word.lower() in (w.lower() for w in shown.words) or any(alone.search(t.lower()) for t in shown.texts[:1])


def _figures(texts: Iterable[str]) -> Iterator[Number]:
    for text in texts:
        for figure in read_quantities(text):
            for value in {figure.low, figure.high}:
                yield value, _unit(figure)


def _unit(figure: Quantity) -> str:
    if figure.currency is not None and figure.currency != "USD":
        return figure.unit.replace("USD", figure.currency)
    if figure.family == "money" and figure.currency is None:
        return "number"
    return figure.unit if figure.unit and known(figure.unit) else "number"


def results_of(traces: Sequence[CalculationTrace]) -> tuple[tuple[Number, ...], tuple[str, ...]]:
    """(the numbers of calculations with their units; results that are words: of one that holds "yes" and its name)."""
    numbers: list[Number] = []
    words: list[str] = []
    for trace in traces:
        for result in trace.outputs:
            if isinstance(result.value, bool):
                words += ["yes", result.name] if result.value else ["no", f"not {result.name}"]
            elif isinstance(result.value, str):
                words.append(result.value)
            else:
                numbers += [(number, result.unit) for number in _flat(result.value)]
    return tuple(numbers), tuple(words)


def _flat(value: object) -> Iterator[float]:
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _flat(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _flat(inner)
