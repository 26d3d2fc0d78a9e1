"""Which calculator a question is the business of: judged by cue phrases, words in common and figures that fit.

Candidates come back best first with what the question gives to each. Whether the question asks for a calculation at all
is `numeric`'s matter.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from assistant.calculators.declaration import Calculator
from assistant.calculators.registry import calculators
from assistant.numeric.bonds import Reading, specificity
from assistant.numeric.numerals import normalized
from assistant.numeric.outputs import asks_output, asks_unit, terms
from assistant.numeric.slots import CLOSE, Filling, fill

# Rob 说的这两个数, "Ethan's figures", "those lives": the debate's own figures are meant as inputs.
_BORROWS = re.compile(
    r"(?:说|提|讲|给|提出)(?:过|到|出)?的|这(?:两|几|三|些)个?(?:数|年限)|那(?:两|几|些)个?(?:数|年限)|的(?:数字|说法|口径|估计)|"
    r"(?<![a-z])(?:those|these|his|her|their|'s|same) "
    r"(?:figures?|numbers?|lives|life|estimates?|range|sources)(?![a-z])|"
    r"[a-z]'s (?:figures?|numbers?|estimates?|range|\d)|(?<![a-z])using [a-z]+'s"
)


_FACTUAL = frozenset(("如果", "what if"))  # a table of what happened says so, and answers no supposition at all
_SUPPOSED = re.compile(
    r"如果|假如|要是|假设|假定|倘若|(?<![a-z])(?:if|suppos\w*|imagine|would have|would've|(?:the|shale) model|"
    r"simulate)(?![a-z])|模型|模拟"
)


@dataclass(frozen=True)
class Candidate:
    """A calculator and how well the question suits it.

    Attributes:
        cue: by its cue phrases, 0 when none occurs.
        likeness: by words in common, 0 to 1.
        borrows: whether the question asks to use the debate's own figures, so that quotes may fill what is open.
        gives: whether a result has the unit that is asked for, None when no unit is.
        named: whether the asking clause names a result.
    """

    calculator: Calculator[Any]
    filling: Filling
    cue: float
    likeness: float
    borrows: bool = False
    gives: bool | None = None
    named: bool = False

    @property
    def score(self) -> float:
        """Cues count most; figures without a place and required inputs left open count against."""
        fields = self.calculator.fields
        lent = {f.name for f in fields if self.borrows and f.required and f.quotes} - set(self.filling.fills)
        open_ = sum(f.required and f.name not in self.filling.fills and f.name not in lent for f in fields)
        stray = sum(figure.quantity.family not in ("plain", "year", "count") for figure in self.filling.unused)
        said = [f for f in self.filling.fills.values() if f.bond >= CLOSE]
        fit = 0.35 * len(said) + 0.15 * (len(self.filling.fills) - len(said))
        inputs = [f for f in fields if f.required or f.default is not None]
        told = sum(f.name in self.filling.fills or f.name in lent for f in inputs) / max(1, len(inputs))
        odd = stray + 0.5 * (self.filling.refusal is not None)
        suits = {None: 0.0, True: 0.4, False: -0.3}[self.gives]
        return 2 * math.tanh(self.cue / 2) + 2.5 * self.likeness + fit + 1.2 * told - odd - 0.5 * open_ + suits


def candidates(reading: Reading) -> list[Candidate]:
    """Calculators that a question may concern, best first; none that its declaration excludes."""
    found = []
    likeness = _likeness(reading.text)
    lent = bool(_BORROWS.search(reading.text))
    supposed = bool(_SUPPOSED.search(reading.text))
    for calculator in calculators().values():
        barred = calculator.cues.not_with
        if any(reading.has(phrase) for phrase in barred) or (supposed and not _FACTUAL.isdisjoint(barred)):
            continue
        cue = cue_score(reading, calculator)
        if cue or likeness[calculator.name] >= 0.08:
            told = asks_unit(reading, calculator), asks_output(reading, calculator)
            found.append(Candidate(calculator, fill(reading, calculator), cue, likeness[calculator.name], lent, *told))
    return sorted(found, key=lambda candidate: -candidate.score)


def cue_score(reading: Reading, calculator: Calculator[Any]) -> float:
    """The most telling cue phrase that occurs, and a little for each further one."""
    scores = sorted(
        (specificity(p) for p in (*calculator.cues.zh, *calculator.cues.en) if reading.has(p)), reverse=True
    )
    return scores[0] + 0.25 * sum(scores[1:3]) if scores else 0.0


@cache
def _vocabulary() -> tuple[dict[str, frozenset[str]], dict[str, float]]:
    """Words of each declaration, and how rare each is among the declarations."""
    words = {}
    for calculator in calculators().values():
        texts = [
            calculator.title.zh,
            calculator.title.en,
            *calculator.examples,
            *calculator.cues.zh,
            *calculator.cues.en,
        ]
        texts += [f"{o.label.zh} {o.label.en}" for o in calculator.outputs]
        texts += [f"{f.label.zh} {f.label.en}" for f in calculator.fields]
        words[calculator.name] = frozenset(terms(normalized(" ; ".join(texts)).text))
    seen = Counter(word for own in words.values() for word in own)
    return words, {word: math.log(1 + len(words) / count) for word, count in seen.items()}


def _likeness(text: str) -> dict[str, float]:
    """Share of the question's words, weighted by rarity, that each declaration has; 0 to 1."""
    words, rarity = _vocabulary()
    asked = terms(text)
    unknown = sum(word not in rarity for word in asked)
    known = {word: rarity[word] for word in asked if word in rarity}
    total = sum(known.values()) + 0.25 * unknown * max(rarity.values())
    return {name: sum(w for word, w in known.items() if word in own) / (total or 1.0) for name, own in words.items()}
