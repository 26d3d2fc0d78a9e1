"""What a question to many debates says beyond the matter: by date, who was first, every figure; and of which date.

>>> asked("Did Ann change her mind on the toll?").manner, asked("What was said in March 2025 about tolls?").dates
('over_time', ('2025-03',))
>>> asked("What was said in March 2025 about tolls?").rest
'What was said about tolls?'
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.knowledge.senses import means
from assistant.library.types import Card, Manner
from corpus.normalize import fold_text
from corpus.readers.dates import date_of

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
           "december")  # fmt: skip
_NAMES = "|".join((*_MONTHS, *(m[:3] for m in _MONTHS), "sept"))
# A stretch of the calendar as a question to many debates names it. A year alone counts where a debate is of that year.
_DAY = re.compile(
    rf"\b(?:on |of )?(?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?(?:{_NAMES})\.?,? \d{{4}}|(?:{_NAMES})\.? \d{{1,2}}"
    rf"(?:st|nd|rd|th)?,? \d{{4}}|\d{{4}}-\d\d-\d\d)\b|"
    r"[在于]?\d{4}年\d{1,2}月\d{1,2}[日号](?:的?(?:会|辩论|那场|那次))?",
    re.IGNORECASE,
)
_MONTH = re.compile(
    rf"\b(?:in|during|of|from|since)? ?(?P<m>{_NAMES})\.?(?: of)? (?P<y>\d{{4}})\b|"
    r"\b(?P<y2>\d{4})-(?P<n>\d\d)\b(?!-)|[在于]?(?P<y3>\d{4})年(?P<n2>\d{1,2})月(?:份)?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:in|during|back in) (?P<y>(?:19|20)\d\d)\b|[在于](?P<y2>(?:19|20)\d\d)年(?!\d)", re.IGNORECASE)
_BARE_MONTH = re.compile(
    rf"\b(?:in|during|of|from) (?P<m>{'|'.join(m for m in _MONTHS)})\b(?! \d)|[在于](?P<n>1[0-2]|[1-9])月(?:份)?(?!\d)",
    re.IGNORECASE,
)


class Asked(NamedTuple):
    """A question to many debates, taken apart."""

    manner: Manner
    dates: tuple[str, ...]  # beginnings of YYYY-MM-DD, or "-MM-" for a month of any year; none: any time
    surely: bool  # whether the dates can mean nothing else: a day, or a month of a year
    rest: str  # the question without its dates


def asked(question: str) -> Asked:
    """Take a question apart."""
    manner: Manner = next((m for m in _MANNERS if means(question, "many", m)), "find")
    for pattern, surely in ((_DAY, True), (_MONTH, True), (_YEAR, False), (_BARE_MONTH, False)):
        matches = list(pattern.finditer(question))
        dates = tuple(dict.fromkeys(d for m in matches if (d := _date(m, pattern))))
        if dates:
            rest = " ".join(pattern.sub(" ", question).split())
            return Asked(manner, dates, surely, re.sub(r"\s+([?,.;!])", r"\1", rest))
    return Asked(manner, (), False, question)


_MANNERS: tuple[Manner, ...] = ("over_time", "first", "figures")


def _date(match: re.Match[str], pattern: re.Pattern[str]) -> str:
    if pattern is _DAY:
        return date_of(match[0])
    groups = match.groupdict()
    year = groups.get("y") or groups.get("y2") or groups.get("y3") or ""
    if pattern is _YEAR:
        return f"{year}-"
    name = (groups.get("m") or "").casefold()
    number = _MONTHS.index(next(m for m in _MONTHS if m.startswith(name[:3]))) + 1 if name else 0
    number = number or int(groups.get("n") or groups.get("n2") or 0)
    return f"{year}-{number:02d}" if year else f"-{number:02d}-"


def of_dates(cards: Sequence[Card], wanted: Asked) -> list[Card]:
    """The debates of the dates that are asked for."""
    return [card for card in cards if any(_fits(card.date, date) for date in wanted.dates)]


def _fits(date: str, wanted: str) -> bool:
    return bool(date) and (wanted in date if wanted.startswith("-") else date.startswith(wanted))


def of_titles(cards: Sequence[Card], question: str) -> list[Card]:
    """The debates whose whole title stands in the question; empty where none does."""
    text = fold_text(question)
    return [c for c in cards if len(c.title) > (3 if not c.title.isascii() else 8) and fold_text(c.title) in text]
