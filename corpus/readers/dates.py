"""Dates as people write them → ``YYYY-MM-DD``; a date that may be two different days is no date.

Knows numbers (year first, or decided by a number above 12), written months in the languages of ``lexicon/months.txt``,
Chinese, Japanese and Korean dates, Japanese eras. A date without its year is none.

    >>> date_of("Tue, 4 March 2025, 14:00"), date_of("2025年5月4日 下午 2:00"), date_of("04/03/2025")
    ('2025-03-04', '2025-05-04', '')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925}
_DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0"}

_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([-/.])(\d{1,2})\2(\d{1,2})|(\d\d)(\d\d))(?!\d)")
_EAST_ASIAN = re.compile(r"(?<!\d)(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日号號일]")
_ERA = re.compile(r"(令和|平成|昭和)\s?(元|\d{1,2})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_HAN_NUMBERS = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号號]"
)


def date_of(text: str, day_first: bool = False) -> str:
    """The first date in a text, or "" where there is none or where it may be two different days.

    Args:
        text: a line or so.
        day_first: whether the language of the text puts the day before the month in "4/3/2025".
    """
    text = unicodedata.normalize("NFKC", text)
    found = [(at, day) for at, _, day in _dates_in(text, day_first)]
    return min(found)[1] if found else ""


def is_date(text: str) -> bool:
    """Whether a line is little else than a date: a weekday, a time of day or a duration may stand beside it."""
    text = unicodedata.normalize("NFKC", text)
    for start, end, _ in _dates_in(text, True):
        rest = re.findall(r"[^\W\d_]+", text[:start] + " " + text[end:])
        if len(rest) <= 6 and sum(map(len, rest)) <= 24:
            return True
    return False


def _dates_in(text: str, day_first: bool) -> Iterator[tuple[int, int, str]]:
    """Start, end and day of each date; a day that cannot be told is ""."""
    for match in _YEAR_FIRST.finditer(text):
        yield from _dated(match, match[1], match[3] or match[5], match[4] or match[6])
    for match in _EAST_ASIAN.finditer(text):
        yield from _dated(match, *match.groups())
    for match in _ERA.finditer(text):
        yield from _dated(match, _ERAS[match[1]] + int(match[2].replace("元", "1")), match[3], match[4])
    for match in _HAN_NUMBERS.finditer(text):
        year = "".join(_DIGITS[digit] for digit in match[1])
        yield from _dated(match, year, _han_number(match[2]), _han_number(match[3]))
    for match in _YEAR_LAST.finditer(text):
        first, second = int(match[1]), int(match[3])
        if second > 12:
            yield from _dated(match, match[4], first, second)
        elif day_first or first > 12 or first == second:
            yield from _dated(match, match[4], second, first)
        else:
            yield match.start(), match.end(), ""
    months, day_month, month_day = _written()
    for match in day_month.finditer(text):
        yield from _dated(match, match[3], months[match[2].casefold()], match[1])
    for match in month_day.finditer(text):
        yield from _dated(match, match[3], months[match[1].casefold()], match[2])


def _dated(match: re.Match[str], year: str | int, month: str | int, day: str | int) -> Iterator[tuple[int, int, str]]:
    try:
        yield match.start(), match.end(), date(int(year), int(month), int(day)).isoformat()
    except ValueError:  # the 31st of February is no date
        return


def _han_number(text: str) -> int:
    """十一 → 11, 二十三 → 23, 五 → 5."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(_DIGITS[digit] for digit in text))
    return 10 * int(_DIGITS.get(tens, "1")) + int(_DIGITS.get(ones, "0"))


@lru_cache(maxsize=1)
def _written() -> tuple[dict[str, int], re.Pattern[str], re.Pattern[str]]:
    """Name of a month → its number; patterns of "4 March 2025" and "March 4, 2025"."""
    months: dict[str, int] = {}
    lines = (Path(__file__).parent / "lexicon" / "months.txt").read_text(encoding="utf-8").split("\n")
    for line in lines:
        if line and line[0] != "#":
            months.update({name: number for number, name in enumerate(line.split()[1:], start=1)})
    names = "|".join(sorted(months, key=len, reverse=True))
    after = r"\.?,?[\s-]{1,3}(?:del?\s)?(\d{4})(?!\d)"
    no_range = r"(?<!\d)(?<!\d[-–/])(?<!\d\s[-–]\s)"  # of "3-4 March" neither is the day
    day_month = rf"{no_range}(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s-]{{1,3}}(?:of\s|de\s)?({names}){after}"
    month_day = rf"(?<!\w)({names})\.?[\s-]{{1,3}}(\d{{1,2}})(?:st|nd|rd|th)?,?[\s-]{{1,3}}(\d{{4}})(?!\d)"
    return months, re.compile(day_month, re.IGNORECASE), re.compile(month_day, re.IGNORECASE)
