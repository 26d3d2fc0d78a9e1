"""Which result of a calculator a question asks for: by the words and the unit of the clause that asks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from typing import Any

from assistant.calculators.declaration import Calculator, Output
from assistant.numeric.bonds import Reading, spans, weight

_WORD = re.compile(r"[a-z][a-z&/-]+|[一-鿿]+")
_STOP = frozenset(
    ("the", "and", "of", "to", "in", "is", "at", "for", "what", "how", "much", "many", "if", "does", "do", "with", "it",
     "that", "from", "on", "by", "are", "be", "an", "would", "will", "多少", "如果", "美元", "什么", "怎么")
)  # fmt: skip
ASKED_UNITS = (
    (re.compile(r"多少钱|多少亿|多少美元|多少资金|how much (?:money|capex|cash|capital)"), ("USD bn", "USD")),
    (re.compile(r"几年|多少年|多久|how (?:many years|long)"), ("years",)),
    (re.compile(r"几成|百分之几|百分之多少|多大比例|占比|比例|what (?:share|percent\w*|fraction)"), ("fraction", "%")),
    (re.compile(r"多少(?:个)?(?:吉瓦|gw)|几个?(?:吉瓦|gw)|how many (?:gw|gigawatts)"), ("GW",)),
)
CLAUSE = re.compile(r"[,，。;；:：?？!]| [-–—] |(?<![a-z])(?:if|when|assuming)(?![a-z])")
ASKING = re.compile(r"多少|几|什么|哪|怎|(?<![a-z])(?:how|what|which|when)(?![a-z])")


def terms(text: str) -> Counter[str]:
    """English words (stem-like prefixes) and Chinese bigrams of a normalized text."""
    out: Counter[str] = Counter()
    for word in _WORD.findall(text):
        if word[0].isascii():
            out[word[:6]] += word not in _STOP
        else:
            out.update(pair for i in range(len(word) - 1) if (pair := word[i : i + 2]) not in _STOP)
    return +out


def labels_of(output: Output) -> tuple[str, str]:
    """An output's name in both languages, without what stands in brackets."""
    return output.label.zh.split("(")[0], output.label.en.split("(")[0].lower()


def asked_as(output: Output) -> tuple[str, ...]:
    """The words by which an output is asked for."""
    return (*output.cues.zh, *output.cues.en)


def output_likeness(clause: str, calculator: Calculator[Any]) -> dict[str, float]:
    """How far a clause says each output's label: the share of words that no other output's label has."""
    asked = terms(clause)
    own = {o.name: [terms(label) for label in labels_of(o)] for o in calculator.outputs}
    likeness = {}
    for name, labels in own.items():
        others = {word for other, theirs in own.items() if other != name for words in theirs for word in words}
        shares = []
        for words in labels:
            telling = [word for word in words if word not in others]
            if telling:
                shares.append(sum(asked[w] > 0 for w in telling) / len(telling) * min(1.0, (1 + len(telling)) / 4))
        share = max(shares, default=0.0)
        likeness[name] = share if share >= 0.3 else 0.0
    return likeness


def asking_clause(text: str) -> str:
    """The clause with the question word, else the one with the question mark, else the last (…, 20% tax: DSCR)."""
    clauses = [clause for clause in CLAUSE.split(text) if clause.strip()]
    marked = [clause for part in re.findall(r"[^?？]*(?=[?？])", text) for clause in CLAUSE.split(part)[-1:] if clause]
    return next((c for c in reversed(clauses) if ASKING.search(c)), (marked or clauses or [text])[-1])


def asks_output(reading: Reading, calculator: Calculator[Any]) -> bool:
    """Whether the asking clause names a result of the calculator."""
    clause = asking_clause(reading.text)
    if max(output_likeness(clause, calculator).values(), default=0.0) >= 0.5:
        return True
    return any(spans(clause, cue) for output in calculator.outputs for cue in asked_as(output))


def asks_unit(reading: Reading, calculator: Calculator[Any]) -> bool | None:
    """Whether the calculator has a result of the unit that is asked for (how long, how many GW), None if none is."""
    clause = asking_clause(reading.text)
    for units, meant in ASKED_UNITS[1:]:  # money is what most calculators give
        if units.search(clause):
            return any(output.unit in meant for output in calculator.outputs)
    return None


def wanted(reading: Reading, calculator: Calculator[Any], given: Container[str] = ()) -> str:
    """The output that the question names, else the headline."""
    clause = asking_clause(reading.text)
    likeness = output_likeness(clause, calculator)
    parts = set(calculator.headline.split("_"))
    best = calculator.headline, 0.0
    for output in calculator.outputs:
        if output.name in given:
            continue
        named = labels_of(output)
        score = likeness[output.name]
        score += 0.5 * any(units.search(clause) and output.unit in meant for units, meant in ASKED_UNITS)
        score += max((0.6 + 0.3 * weight(cue) for cue in asked_as(output) if spans(clause, cue)), default=0.0)
        score += 0.5 * any(re.search(re.escape(label) + "(?:是|为|有|要|会是)?(?:多少|几)", clause) for label in named)
        score += 0.45 if output.name == calculator.headline else 0.05 * len(parts & set(output.name.split("_")))
        score -= 0.4 * (output.unit == "" and output.name != calculator.headline)
        if score > best[1] + 1e-9:
            best = output.name, score
    return best[0]
