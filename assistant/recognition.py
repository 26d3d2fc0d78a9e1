"""Which calculator a question is the business of, judged by the declarations: cue phrases, words in common, figures that fit.

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
from assistant.cues import Reading, specificity
from assistant.numerals import normalized
from assistant.slots import CLOSE, Filling, fill

_WORD = re.compile(r"[a-z][a-z&/-]+|[一-鿿]+")
_STOP = frozenset(
    ("the", "and", "of", "to", "in", "is", "at", "for", "what", "how", "much", "many", "if", "does", "do", "with", "it", "that",
     "from", "on", "by", "are", "be", "an", "would", "will", "多少", "如果", "美元", "什么", "怎么")
)  # fmt: skip


@dataclass(frozen=True)
class Candidate:
    """A calculator and how well the question suits it: by its cue phrases, by words in common, and in all."""

    calculator: Calculator[Any]
    filling: Filling
    cue: float
    likeness: float

    @property
    def score(self) -> float:
        """Cues count most; figures without a place and required inputs left open count against."""
        open_ = sum(f.required and f.name not in self.filling.fills for f in self.calculator.fields)
        stray = sum(figure.quantity.family not in ("plain", "year", "count") for figure in self.filling.unused)
        said = [f for f in self.filling.fills.values() if f.bond >= CLOSE]
        fit = 0.35 * len(said) + 0.15 * (len(self.filling.fills) - len(said))
        return self.cue + 2.5 * self.likeness + fit - 0.45 * stray - 0.3 * open_


def candidates(reading: Reading) -> list[Candidate]:
    """Calculators that a question may concern, best first; none that its declaration excludes."""
    found = []
    likeness = _likeness(reading.text)
    for calculator in calculators().values():
        if any(reading.has(phrase) for phrase in calculator.cues.not_with):
            continue
        cue = cue_score(reading, calculator)
        if cue or likeness[calculator.name] >= 0.25:
            found.append(Candidate(calculator, fill(reading, calculator), cue, likeness[calculator.name]))
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
    """Share of the question's known words, weighted by rarity, that each declaration has; 0 to 1."""
    words, rarity = _vocabulary()
    asked = {word: rarity[word] for word in terms(text) if word in rarity}
    total = sum(asked.values()) or 1.0
    return {name: sum(w for word, w in asked.items() if word in own) / total for name, own in words.items()}
