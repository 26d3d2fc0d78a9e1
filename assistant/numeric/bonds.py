"""Where a declaration's cue words stand in a question, and how closely a figure belongs to them.

Text work on the normalized search copy; no calculator is named here. A cue of a letter or two ("to", 到) binds only a
figure right beside it; a longer one ("gross margin", 残值) also across a few words, hardly across a comma or another
figure.

    >>> reading = Reading("tax rate 21%, discount rate 8%")
    >>> [round(bond(reading, figure, ("tax rate",)), 2) for figure in reading.figures]
    [0.95, 0.01]
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from assistant.numeric.idioms import plain
from assistant.numeric.numerals import normalized
from assistant.numeric.quantities import Quantity, read_quantities
from assistant.numeric.spelling import corrected
from corpus.normalize import Folded, fold_text

REACH = 48  # characters from a figure within which its cues are looked for

_BREAK = re.compile(r"[,，。;；:：、!?？()（）]|\.(?!\d)")
_AND = re.compile(r" (?:and|but|while|plus) |和|及|并|而|且")
_NEXT_PHRASE = re.compile(r" (?:with|at|on|against|versus|vs|using|when|if) ")  # 2% with inflation at …
_FILLER = re.compile(
    r"[是为约的了在至成少只就达大概要会将有共总以个=\"'“”$¥€£]| +"
    r"|(?<![a-z])(?:of|is|are|at|the|an?|about|around|by|only|be|was|its|s|for|us|roughly|now|just|that|this|those|these|such|our|their|my|still)(?![a-z])"
)
_LEADS = re.compile(r"(?:^|[a-z] )(?:to|from|at|of|over|by|into|and|until|since|between|in)$|[到至成为从由按]$")
_ASKED_FOR = re.compile(r"(?:how (?:much|many)|what(?:'s| is| are)?(?: the)?|多少|什么) ?$")
_GENITIVE = re.compile(r"([a-z]{4,}) of ([a-z]{4,})")
_VERB = re.compile(r"([a-z]*(?:rn|nd|nt|st|ok|ow|ch|ld|ay|ell))(?:s|ed|ing)")  # earns, earned and earning are one cue
_FUNCTION_WORDS = frozenset(
    ("to", "from", "at", "in", "is", "for", "over", "of", "was", "and", "by", "a", "an", "or", "as", "into", "on",
     "with", "now", "year", "years", "a year")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure and its span in the normalized text; `half` is "low" or "high" for one end of a range."""

    quantity: Quantity
    start: int
    end: int
    half: str = ""

    @property
    def value(self) -> float:
        """The figure in its own unit: the end that `half` names, else the middle."""
        if self.half:
            return self.quantity.low if self.half == "low" else self.quantity.high
        return self.quantity.value


_CORRECTION = re.compile(
    r"[\W_]*(?:sorry|no,? wait|wait,? no|i mean[t]?|make that|or rather|correction|scratch that|"
    r"哦?不对|说错了|更正一?下?)"
    r"[\W_]*(?:no|it's|应该是|是)?[\W_]*"
)


def _corrects(text: str, said: Placed, meant: Placed) -> bool:
    """Whether a figure takes back the one before it: a tenth of a trillion ... sorry, ten billion."""
    near = said.quantity.family == meant.quantity.family and meant.start - said.end <= REACH
    return near and bool(_CORRECTION.fullmatch(text, said.end, meant.start))


@dataclass(frozen=True)
class Reading:
    """A question made ready: its search copy and its figures in order."""

    question: str

    @cached_property
    def _folded(self) -> Folded:
        return plain(corrected(normalized(self.question)))

    @property
    def text(self) -> str:
        """The normalized search copy; every span here counts its code points."""
        return self._folded.text

    @cached_property
    def figures(self) -> tuple[Placed, ...]:
        """The figures, placed in `text`."""
        quantities = read_quantities(self.question)
        origin = self._folded.origin if quantities else ()  # a question without figures needs no declarations
        placed = [Placed(q, bisect_left(origin, q.start), bisect_left(origin, q.end)) for q in quantities]
        taken_back = {a.start for a, b in pairwise(placed) if _corrects(self.text, a, b)}
        return tuple(figure for figure in placed if figure.start not in taken_back)

    def has(self, phrase: str) -> bool:
        """Whether a cue phrase occurs; "a & b" needs every part, in any order."""
        return all(pattern.search(self.text) for pattern in _parts(phrase))

    def spans(self, cue: str) -> tuple[tuple[int, int], ...]:
        """Every occurrence of a one-part cue."""
        return spans(self.text, cue)


@lru_cache(maxsize=8192)
def _pattern(cue: str) -> re.Pattern[str]:
    """A cue as a pattern: Latin words from a word's beginning (short ones whole), Chinese anywhere."""
    bare = fold_text(cue).strip()
    escaped = re.sub(r"(?<![a-z])years?(?![a-z])", "(?:years?|yrs?)", re.escape(bare))
    escaped = re.sub(r"(?<![a-z])li(?:fe|ves)(?![a-z])", "li(?:fe|ves)", escaped).replace(r"\ ", "[ -]")
    if turned := _GENITIVE.fullmatch(bare):  # the cost of debt is the debt cost
        escaped = rf"(?:{escaped}|{turned[2]}s? {turned[1]}s?)"
    elif stem := _VERB.fullmatch(bare):
        escaped = re.escape(stem[1]).replace(r"\ ", "[ -]") + "(?:s|ed|ing)"
    if re.match(r"[a-z]", bare):
        escaped = r"(?<![a-z])" + escaped
    if re.search(r"[a-z]$", bare):
        if len(bare) <= 2 or bare in _FUNCTION_WORDS:
            escaped += r"(?![a-z])"
        elif len(bare) <= 4:
            escaped += r"(?:s|d|ed|ing)?(?![a-z])"
    return re.compile(escaped)


@lru_cache(maxsize=32768)
def spans(text: str, cue: str) -> tuple[tuple[int, int], ...]:
    """Every occurrence of a one-part cue in a normalized text."""
    return tuple(match.span() for match in _pattern(cue).finditer(text))


@lru_cache(maxsize=8192)
def _parts(phrase: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(part) for part in phrase.split(" & "))


def weight(cue: str) -> float:
    """How much a cue tells: 0.45 for a single character or a preposition, up to 1 for a phrase."""
    bare = cue.strip()
    if bare.isascii():
        return 0.45 if bare.lower() in _FUNCTION_WORDS else min(1.0, 0.6 + 0.05 * len(bare))
    return min(1.0, 0.45 + 0.2 * (len(bare) - 1))


def specificity(phrase: str) -> float:
    """How much a recognition phrase tells: the sum over its parts, longer parts more."""
    parts = [part.strip() for part in phrase.split(" & ")]
    return sum(weight(part) * (1 + math.log(1 + len(part) / (4 if part.isascii() else 2))) for part in parts)


def bond(reading: Reading, figure: Placed, cues: Iterable[str], covers: Sequence[tuple[int, int]] = ()) -> float:
    """How closely a figure belongs to the best of some cues: 0 (not at all) to about 1.

    Args:
        covers: spans of other inputs' words; a cue inside a longer one is not said (the 按 of 改按, the "cost" of
            "cost of capital").
    """
    return max((_bond(reading, figure, cue, covers) for cue in cues), default=0.0)


def _bond(reading: Reading, figure: Placed, cue: str, covers: Sequence[tuple[int, int]]) -> float:
    strong, leads = weight(cue), bool(_LEADS.search(cue.strip().lower()))
    best = 0.0
    for start, end in reading.spans(cue):
        if any(left <= start and end <= right and right - left > end - start for left, right in covers):
            continue
        if leads and start >= figure.end:
            continue  # "falls to" speaks of what follows it
        if _ASKED_FOR.search(reading.text, max(0, start - 16), start):
            continue  # "how much revenue": what is asked for, not what is given
        if (
            cue.isascii()
            and not (start < figure.end and end > figure.start)
            and _inside_another(reading, figure, start)
        ):
            continue  # the "years in" of "3 years into a 6-year life" is said of the 3
        if end > figure.start - REACH and start < figure.end + REACH:
            best = max(best, strong * _nearness(reading, figure, start, end, short=strong < 0.5))
    return best


def _inside_another(reading: Reading, figure: Placed, start: int) -> bool:
    """Whether a cue begins among the words of another figure."""
    return any(other.start <= start < other.end for other in reading.figures if other.start != figure.start)


_JOINED = re.compile(r" ?(?:and|和|、) ?")


def _without(reading: Reading, figures: Sequence[Placed], left: int, right: int) -> str:
    """The text between two places, leaving out figures."""
    pieces, at = [], left
    for figure in figures:
        pieces.append(reading.text[at : figure.start])
        at = figure.end
    return "".join([*pieces, reading.text[at:right]]).lstrip()


_SEPARATE = re.compile(r"[,，、]| and |和|及|并")


def _says_the_last(reading: Reading, figure: Placed, start: int) -> bool:
    """Whether a cue at `start` stands right after another figure, whose word it then is."""
    return any(
        other.end <= start and reading.text[other.end : start] in ("", " ", "-", "的")
        for other in reading.figures
        if other.start != figure.start
    )


def _nearness(reading: Reading, figure: Placed, start: int, end: int, short: bool) -> float:
    if start < figure.end and end > figure.start:
        return 0.75  # 亿股, per GW: the figure's own words, which all inputs of its unit share
    before = end <= figure.start
    left, right = (end, figure.start) if before else (figure.end, start)
    between = [other for other in reading.figures if left <= other.start < right and other.start != figure.start]
    joined = before and between and _JOINED.fullmatch(_without(reading, between, left, right))
    gap = "" if joined else reading.text[left:right]  # at 21% and 8%: what is said of the first is said of both
    factor = 1.0 if before else 1.1 if gap == "的" else 0.97 if not gap.strip(" -") else 0.9
    if _BREAK.search(gap):
        factor *= 0.12
    elif _AND.search(gap) or (not before and _NEXT_PHRASE.search(gap)):
        factor *= 0.5
    if between and not joined:
        factor *= 0.3
    if before and gap and _SEPARATE.search(gap) and _says_the_last(reading, figure, start):
        factor *= 0.25  # at 21% tax and 8%: the tax is said
    rest, fillers = _FILLER.subn("", gap)
    distance = len(rest) / 3 if rest.isascii() else float(len(rest))
    distance += 0.2 * fillers
    if distance > (1.0 if short else 10.0):
        return 0.0
    touching = 1.25 if short and not gap.strip(" 的") else 1.0  # 三成税, 按5年, 25%的税
    return touching * factor / (1 + distance / 4)
