"""A question made ready to be read for numbers: its search copy, its figures in order, its tokens.

A figure is one token, named by its family, so that what is learned of one value holds for all. What is said for
breaking even is a figure too: it is the value at which a result turns.

    >>> [token.text for token in Figured("NPV of $10bn at 9%?").tokens]
    ['npv', 'of', '<money>', 'at', '<fraction>', '?']
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from assistant.numeric.numerals import normalized
from assistant.numeric.plan import Per
from assistant.numeric.quantities import Quantity, read_quantities
from corpus.normalize import Folded

MOST_FIGURES = 40  # more are a table, not a question; reading stays linear
EVEN = "even"  # the unit of what breaks even
NIL = "nil"  # the unit of what is said to be nothing, or to stay as it is

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+(?:['’][^\W\d_]+)?|\d+(?:[.,]\d+)*|[^\s\w]")
_EVEN = re.compile(
    r"盈亏(?:平衡|相抵)|保本|打平|回本|不亏|(?:不)?(?:赚)?不赔|持平(?=才)|"
    r"(?<![a-z])break(?:s|ing)?[ -]?even|breakeven|pays? (?:for itself|back)|not lose money"
)
_NIL = re.compile(
    r"不变|持平|零增长|没有|不计|不要|不考虑|去掉|取消|归零|零(?=[\u4e00-\u9fff])|无(?=残值|利息|税)|"
    r"(?<![a-z])(?:no(?!,| *(?:,|$|wait|i |that|it|you|but))|zero|nil|without(?: any| the)?|flat(?! out)|unchanged|"
    r"nothing)(?![a-z])"
)
_QUARTER = re.compile(
    r"(?:每|一)个?季度?|按季|(?<![a-z])(?:per|(?<!up )(?<!by )(?<!down )(?<!fell )(?<!rose )(?<!cut )(?<!lost )a|each|"
    r"every) quarter(?![a-z]| (?:of|more|less|off|higher|lower))|quarterly"
)
PER: tuple[tuple[Per, re.Pattern[str]], ...] = (
    ("quarter", _QUARTER),
    ("month", re.compile(r"(?:每|一)个?月(?!份)|按月|(?<![a-z])(?:per|a|each|every) month(?![a-z])|monthly")),
    ("day", re.compile(r"每天|一天|(?<![a-z])(?:per|a|each|every) day(?![a-z])|daily")),
)
_CORRECTION = re.compile(
    r"[\W_]*(?:sorry|no,? wait|wait,? no|i mean[t]?|make that|or rather|correction|scratch that|"
    r"哦?不对|说错了|更正一?下?)[\W_]*(?:no|it's|应该是|是)?[\W_]*"
)
_REACH = 48
_SHARED = ("fraction", "years", "money", "power", "energy", "price", "multiple")
_NOT = re.compile(r"\s*,?\s*(?:instead of|rather than|not|而?不是)\s*")
_LISTED = re.compile(r"[\s,，、/]*(?:(?:and|or|vs\.?|versus|和|或者?|还是|与)(?![a-z]))?[\s,，、/$]*")
_LEADING = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure and its span in the search copy, half-open."""

    quantity: Quantity
    start: int
    end: int


class Token(NamedTuple):
    """A word, a Chinese character, a mark, or a whole figure; `figure` is its place among the figures, else −1."""

    text: str
    start: int
    end: int
    figure: int


@dataclass(frozen=True)
class Figured:
    """A question, its figures and its tokens."""

    question: str

    @cached_property
    def _folded(self) -> Folded:
        return normalized(self.question)

    @property
    def text(self) -> str:
        """The search copy: lower case, simplified, half width."""
        return self._folded.text

    @cached_property
    def figures(self) -> tuple[Placed, ...]:
        """The figures in order, those taken back left out; at most MOST_FIGURES."""
        origin = self._folded.origin
        placed = [
            Placed(q, bisect_left(origin, q.start), bisect_left(origin, q.end)) for q in read_quantities(self.question)
        ]
        rates = [match.span() for _, words in PER for match in words.finditer(self.text)]
        placed = [p for p in placed if not any(a <= p.start and p.end <= b for a, b in rates)]
        for pattern, unit in ((_EVEN, EVEN), (_NIL, NIL)):
            for match in pattern.finditer(self.text):
                if not any(p.start < match.end() and match.start() < p.end for p in placed):
                    start = origin[match.start()]
                    words = self.question[start : origin[match.end() - 1] + 1]
                    said = Quantity(words, start, start + len(words), 0.0, 0.0, "plain", unit)
                    placed.append(Placed(said, *match.span()))
        placed.sort(key=lambda p: p.start)
        placed = self._sharing_units(placed)
        back = {a.start for a, b in pairwise(placed) if self._takes_back(a, b)}
        return tuple(p for p in placed if p.start not in back)[:MOST_FIGURES]

    def _sharing_units(self, placed: list[Placed]) -> list[Placed]:
        """Bare numbers of a list with the unit of the one that ends it: 6, 8 and 10 %; 20, 30 or 40 billion."""
        for at in range(1, len(placed)):  # 4 years instead of 3
            said, bare = placed[at - 1], placed[at]
            if self._shares(bare, said) and _NOT.fullmatch(self.text, said.end, bare.start):
                placed[at] = self._in_unit_of(bare, said.quantity)
        for at in range(len(placed) - 2, -1, -1):
            bare, after = placed[at], placed[at + 1]
            written = _LEADING.match(after.quantity.text.lstrip("$¥€£"))
            if written and self._shares(bare, after) and _LISTED.fullmatch(self.text, bare.end, after.start):
                placed[at] = self._in_unit_of(bare, after.quantity)
        return placed

    @staticmethod
    def _shares(bare: Placed, other: Placed) -> bool:
        plain = bare.quantity.family == "plain" and bare.quantity.unit not in (EVEN, NIL)
        return plain and other.quantity.family in _SHARED

    @staticmethod
    def _in_unit_of(bare: Placed, other: Quantity) -> Placed:
        """A bare number in another figure's unit: as much of it as one of that figure's written units is."""
        written = _LEADING.match(other.text.lstrip("$¥€£"))
        number = float(written[0].replace(",", "")) if written else other.value
        factor = abs(other.low) / number if number else 1.0
        said = bare.quantity
        meant = replace(
            other, text=said.text, start=said.start, end=said.end, low=said.low * factor, high=said.high * factor,
            direction=0,
        )  # fmt: skip
        return Placed(meant, bare.start, bare.end)

    def _takes_back(self, said: Placed, meant: Placed) -> bool:
        near = said.quantity.family == meant.quantity.family and meant.start - said.end <= _REACH
        return near and bool(_CORRECTION.fullmatch(self.text, said.end, meant.start))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens in order, figures whole."""
        return tuple(self._tokens())

    def _tokens(self) -> Iterator[Token]:
        at = 0
        for number, figure in enumerate(self.figures):
            yield from self._words(at, figure.start)
            yield Token(f"<{family(figure)}>", figure.start, figure.end, number)
            at = figure.end
        yield from self._words(at, len(self.text))

    def _words(self, start: int, end: int) -> Iterator[Token]:
        for match in _TOKEN.finditer(self.text, start, end):
            yield Token("<n>" if match[0][0].isdigit() else match[0], *match.span(), -1)


def family(figure: Placed) -> str:
    """What a figure measures, in one word: the families of quantities, "even", "half" and "times" for worded ones."""
    quantity = figure.quantity
    if quantity.unit in (EVEN, NIL):
        return quantity.unit
    if quantity.family == "years" and quantity.unit != "years":
        return quantity.unit
    if quantity.family == "price":
        return quantity.unit.replace("USD", "price")
    return quantity.family
