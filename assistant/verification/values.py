"""Whether the figures of a claim are those of its evidence: the same, rounded, or reckoned from two of them. Pure.

>>> strays("It fell by about a third.", ["We went from 30 to 20."])
()
>>> strays("Four hundred milligrams.", ["Forty milligrams of powder."])
('Four hundred',)
"""

from __future__ import annotations

import contextlib
import itertools
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.numeric.quantities import Quantity, read_quantities
from assistant.verification.lexicon import holds
from corpus.normalize import fold_text

_NEAR = 0.02  # relative: the same figure, rounded a little
_ROUND = 0.13  # "over ten" for 11.3, "more than seventy" for 73
_SPLIT = re.compile(r"[^\d.]+")
_DIGIT = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_UNIT = {"十": 10.0, "百": 100.0, "千": 1000.0}
_HAN = re.compile(r"[零〇一二两三四五六七八九十百千万亿]+")
_NAMES = (
    "second two twice double", "third three triple thrice", "fourth four", "fifth five", "sixth six", "seventh seven",
    "eighth eight", "ninth nine", "tenth ten", "eleventh eleven", "twelfth twelve dozen",
)  # fmt: skip
_WORDS = {word: n for n, names in enumerate(_NAMES, start=2) for word in names.split()}
_WORDED = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_CLOCK = re.compile(r"\d:\d\d|点.{1,4}分|o'clock|[ap]\.?m\.?\b")
_FROM_TO = re.compile(r"\b(?:from|to|into|than|against|until|at)\b|从|由|到|至|成|比|为|→")


class Figure(NamedTuple):
    """One value of a text: a percentage as a fraction, everything else as written."""

    text: str
    value: float
    share: bool  # a fraction or percentage
    family: str
    start: int


@lru_cache(maxsize=8192)
def figures(text: str) -> tuple[Figure, ...]:
    """The values of a text in their order; a range gives both ends, "one" and "once" give none."""
    found = []
    for quantity in read_quantities(text):
        share = quantity.family in ("fraction", "points")
        ends = (quantity.low, quantity.high) if quantity.is_range else (quantity.low,)
        for end in ends:
            value = abs(float(end))
            value = value / 100.0 if share and quantity.unit == "%" else value
            if share or value > 1 or _digit(quantity):
                found.append(Figure(quantity.text, value, share, quantity.family, quantity.start))
    return tuple(found)


def _digit(quantity: Quantity) -> bool:
    return any(c.isdigit() for c in quantity.text)


def strays(claim: str, texts: Sequence[str], around: Sequence[str] = ()) -> tuple[str, ...]:
    """The figures of a claim, as written, that are neither in the texts nor to be had from them."""
    theirs = [*dict.fromkeys(v for text in texts for v in values(text))]
    near = [v for text in around for v in values(text)]
    return tuple(
        dict.fromkeys(f.text for f in figures(claim) if not _small(f) and not stands(f, theirs, near, claim, texts))
    )


def _small(figure: Figure) -> bool:
    """A count of what is listed ("two reasons", 两点), or a part in words ("half", 一半): a summary's own."""
    digit = any(c.isdigit() for c in figure.text)
    return not digit and (holds(figure.text, "shares") or (figure.value <= 3 and not figure.share))


@lru_cache(maxsize=8192)
def values(text: str) -> tuple[float, ...]:
    """Every value that a text may be read to hold, numerals without a unit and digits within words included."""
    found = [f.value for f in figures(text)]
    folded = fold_text(text)
    for piece in _SPLIT.split(folded):
        if piece.strip("."):
            with contextlib.suppress(ValueError):
                found.append(float(piece.strip(".")))
    found += [float(_WORDS[m[0]]) for m in _WORDED.finditer(folded)]
    found += [v for m in _HAN.finditer(folded) for v in _han(m[0])]
    return tuple(dict.fromkeys(found))


def _han(run: str) -> list[float]:
    """What a run of Chinese numerals may mean: 一百二 is 120 and 102, 五八零 580."""
    if all(c in _DIGIT for c in run):
        return [float("".join(str(_DIGIT[c]) for c in run)), *(float(_DIGIT[c]) for c in run)]
    total = section = number = 0.0
    unit = 1.0
    for c in run:
        if c in _DIGIT:
            number = number * 10 + _DIGIT[c] if number and unit == 1.0 else float(_DIGIT[c])
        elif c in _UNIT:
            unit = _UNIT[c]
            section += (number or 1.0) * unit
            number = 0.0
        else:
            unit = 10_000.0 if c == "万" else 100_000_000.0
            total = (total + section + number) * unit
            section = number = 0.0
    return list({total + section + number, total + section + number * unit / 10})


def stands(figure: Figure, theirs: Sequence[float], near: Sequence[float], claim: str, texts: Sequence[str]) -> bool:
    """Whether a value is one of these, one of them rounded, or reckoned from two of them."""
    value = figure.value
    exact = figure.family in ("year", "ordinal_year") or 1900 <= value <= 2100
    if any(_same(value, v, 1e-9 if exact else _NEAR) for v in (*theirs, *near)):
        return True
    if exact:
        return any(_same(value % 100, v, 1e-9) for v in theirs)
    loose = holds(claim[max(0, figure.start - 12) : figure.start + len(figure.text) + 4], "loosely")
    if figure.family in ("hours", "count") and any(_CLOCK.search(text) for text in texts):
        return True  # a time between two times of day: not reckoned here
    if any(_same(value, v, _ROUND) for v in theirs if loose):
        return True
    scales = (1e3, 1e4, 1e6, 1e8, 1e9) if not figure.share else (100.0,)
    if any(_same(value * s, v, 1e-6) or _same(value, v * s, 1e-6) for s in scales for v in theirs if v < 1e4):
        return True  # thousands left unsaid; 45 for 45%
    tolerance = 0.08 if loose or figure.share else 0.005
    said = [*dict.fromkeys(f.value for text in texts for f in figures(text))]
    for a, b in itertools.permutations(said[:12], 2):
        if not b:
            continue
        reckoned = [a / b, abs(a - b) / b, 1 - a] if figure.share else [a + b, abs(a - b), a * b, a / b]
        if any(_same(value, r, tolerance) for r in reckoned):
            return True
    return False


def turned(claim: str, texts: Sequence[str]) -> bool:
    """Whether two figures of a kind stand the other way round in the claim than in a text: from 6 to 4 for 4 to 6."""
    for one, other in itertools.pairwise(figures(claim)):
        between = claim[max(0, one.start - 8) : other.start]
        alike = one.family == other.family or "plain" in (one.family, other.family)
        if not alike or one.value == other.value or not _FROM_TO.search(between):
            continue
        for text in texts:
            theirs = [f.value for f in figures(text)]
            once = theirs.count(one.value) == theirs.count(other.value) == 1
            if once and theirs.index(one.value) > theirs.index(other.value):
                return True
    return False


def _same(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))
