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
from assistant.numeric.slots import CLOSE, Filling, fill

_WORD = re.compile(r"[a-z][a-z&/-]+|[一-鿿]+")
_STOP = frozenset(
    ("the", "and", "of", "to", "in", "is", "at", "for", "what", "how", "much", "many", "if", "does", "do", "with", "it",
     "that", "from", "on", "by", "are", "be", "an", "would", "will", "多少", "如果", "美元", "什么", "怎么")
)  # fmt: skip


# Rob 说的这两个数, "Ethan's figures", "those lives": the debate's own figures are meant as inputs.
_BORROWS = re.compile(
    r"(?:说|提|讲|给|提出)(?:过|到|出)?的|这(?:两|几|三|些)个?(?:数|年限)|那(?:两|几|些)个?(?:数|年限)|的(?:数字|说法|口径|估计)|"
    r"(?<![a-z])(?:those|these|his|her|their|'s|same) "
    r"(?:figures?|numbers?|lives|life|estimates?|range|sources)(?![a-z])|"
    r"[a-z]'s (?:figures?|numbers?|estimates?|range|\d)|(?<![a-z])using [a-z]+'s"
)


@dataclass(frozen=True)
class Candidate:
    """A calculator and how well the question suits it.

    Attributes:
        cue: by its cue phrases, 0 when none occurs.
        likeness: by words in common, 0 to 1.
        borrows: whether the question asks to use the debate's own figures, so that quotes may fill what is open.
    """

    calculator: Calculator[Any]
    filling: Filling
    cue: float
    likeness: float
    borrows: bool = False

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
        return 2 * math.tanh(self.cue / 2) + 2.5 * self.likeness + fit + 1.2 * told - odd - 0.5 * open_


def candidates(reading: Reading) -> list[Candidate]:
    """Calculators that a question may concern, best first; none that its declaration excludes."""
    found = []
    likeness = _likeness(reading.text)
    lent = bool(_BORROWS.search(reading.text))
    for calculator in calculators().values():
        if any(reading.has(phrase) for phrase in calculator.cues.not_with):
            continue
        cue = cue_score(reading, calculator)
        if cue or likeness[calculator.name] >= 0.08:
            found.append(Candidate(calculator, fill(reading, calculator), cue, likeness[calculator.name], lent))
    return sorted(found, key=lambda candidate: -candidate.score)


def cue_score(reading: Reading, calculator: Calculator[Any]) -> float:
    """The most telling cue phrase that occurs, and a little for each further one."""
    scores = sorted(
        (specificity(p) for p in (*calculator.cues.zh, *calculator.cues.en) if reading.has(p)), reverse=True
    )
    return scores[0] + 0.25 * sum(scores[1:3]) if scores else 0.0


def terms(text: str) -> Counter[str]:
    """English words (stem-like prefixes) and Chinese bigrams of a normalized text."""
    out: Counter[str] = Counter()
    for word in _WORD.findall(text):
        if word[0].isascii():
            out[word[:6]] += word not in _STOP
        else:
            out.update(pair for i in range(len(word) - 1) if (pair := word[i : i + 2]) not in _STOP)
    return +out


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
