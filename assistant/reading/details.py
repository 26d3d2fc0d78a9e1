"""Whether a text holds a detail of the kind that a question asks for. Pure.

"How many per cent?" is not answered by a sentence without a percentage, however near its subject is. What is asked for
is heard (``assistant.reading.acts``); what a text holds is read exactly.

    >>> holds("It took seven months and 4.2 million euros.", "duration"), holds("It took ages.", "duration")
    (True, False)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from assistant.numeric.measures import Family
from assistant.numeric.quantities import read_quantities
from assistant.reading.acts import Detail

_FAMILIES: Mapping[Detail, frozenset[Family]] = {
    "percent": frozenset({"fraction", "points"}),
    "money": frozenset({"money", "price"}),
    "duration": frozenset({"years", "hours", "ordinal_year"}),
    "date": frozenset({"year", "ordinal_year"}),
    "multiple": frozenset({"multiple", "fraction"}),
    "amount": frozenset({"power", "energy", "plain", "count"}),
    "number": frozenset({"count", "plain", "multiple"}),
}
# A moment of the calendar without a year.
_MOMENT = re.compile(
    r"\d+\s*[月日号]|[一二三四五六七八九十]+月|周[一二三四五六日]|季度|[上下]半年|[明后去今]年|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"\bq[1-4]\b|\bquarter\b|\b(?:next|last|this) (?:year|month|week|spring|summer|autumn|fall|winter)",
    re.IGNORECASE,
)
# Not the first word of an English sentence, whose capital tells nothing, nor an abbreviation, which names no one thing.
_NAME = re.compile(
    r"(?:(?<=[^.!?。？！:：“”\"(]\s)|(?<=[\u3400-\u9fff,，、“(（-])|^(?=[A-Za-z .&]*[\u3400-\u9fff]))"
    r"[A-Z][A-Za-z]*[a-z][A-Za-z]*|《[^》]+》"
)


def holds(text: str, detail: Detail, question: str = "") -> bool:
    """Whether a text holds a detail of that kind; a name counts only when the question does not hold it already."""
    if detail == "none":
        return True
    if detail == "name":
        return any(name.casefold() not in question.casefold() for name in _NAME.findall(text))
    if detail == "date" and _MOMENT.search(text):
        return True
    return not _FAMILIES[detail].isdisjoint(_families_in(text))


@lru_cache(maxsize=4096)
def _families_in(text: str) -> frozenset[Family]:
    return frozenset(quantity.family for quantity in read_quantities(text))


@lru_cache(maxsize=4096)
def values_in(text: str) -> frozenset[float]:
    """The figures of a text, in their base units: "1.2 billion" and "12亿" are the same."""
    return frozenset(round(value, 6) for q in read_quantities(text) for value in (abs(q.low), abs(q.high)))
