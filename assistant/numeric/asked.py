"""Whether a question asks for a calculation, and which result of it.

Rules about wording in Chinese and English: supposing ("if", 改成) asks for one, reporting ("said", 认为) asks what was
said, and figures of the reader's own tell them apart. Which output is meant follows from the words of the clause that
asks.
"""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache
from typing import Any

from assistant.calculators.declaration import Calculator, InputField, Output
from assistant.calculators.registry import calculators
from assistant.numeric.bonds import Reading, spans, weight
from assistant.numeric.recognition import Candidate, terms
from assistant.numeric.slots import CLOSE

SMALLEST_USD_BN = 1e-3  # below a million dollars nothing here is about capex

# Yes or no is no figure …
_YES_NO = re.compile(
    r"(?<!成立)(?<!够)(?<!减值)(?<!覆盖)吗[?？!。 ]*$"
    r"|^(?:is|are|was|were|does|do|did|has|have|can|could|should)(?![a-z])(?!.*(?:how|what|which))"
)
# … unless something is supposed, which asks for a calculation.
_WHAT_IF = re.compile(
    r"如果|假如|假设|假定|要是|若|倘若|设想|改成|改为|改按|换成|换作|提前|的话|按.{1,20}(?:算|折旧|摊)|算一下|算算|帮我算|计算|测算|"
    r"估算|代入|"
    r"(?<![a-z])(?:if|suppos\w*|assum\w*|what if|say(?= \W?\d)|given|let's say|imagine|were|instead|"
    r"calculate|compute|work out|"
    r"run|model|would)(?![a-z])"
)
_HOW_MUCH = re.compile(
    r"多少|几(?!乎|家|位|十|百|千|万|亿)|多大|多高|多久|多长|哪一?年|什么阶段|哪个阶段|够|覆盖|"
    r"(?<![a-z])(?:how(?! come)|what(?!'s going)|which|when)(?![a-z])"
)
_ATTRIBUTIVE = re.compile(r"(?:说|提|讲|报|给|预计|估计|提出|提到|引用|声称|披露|算)(?:过|到|出)?的")
_REPORTED = re.compile(
    r"说(?!明|不定|法|白)|提到|提过|讲(?!座)|认为|觉得|表示|指出|声称|引用|预测|怎么看|谈到|聊|主张|承认|原话|节目|辩论|嘉宾|直播|"
    r"(?<![a-z])(?:said|says|did \w+ say|does \w+ say|claim\w*|mention\w*|argu\w*|think|thinks|thought|believ\w*|"
    r"according to|quot\w*|cit(?:e|es|ed)|predict\w*|expects|told|states|stated|debate|panel|guests?|speakers?)"
    r"(?![a-z])"
)
_EXPLAIN = re.compile(
    r"为什么|为何|为啥|意味着什么|说明(?:了)?什么|什么意思|原因|(?<![a-z])(?:why|how come|what does \w+ mean)(?![a-z])"
)
_NO_CALCULATION = re.compile(
    r"谁|哪位|哪些人|怎么算(?:出来)?的|怎么来的|什么依据|"
    r"(?<![a-z])(?:whom|what did|how did (?:they|he|she|you|we|it))(?![a-z])"
    r"|(?:^|[.?!;:] )(?:and |so |but )?(?:who|whose)(?![a-z])"
)


def dismissed(reading: Reading) -> bool:
    """Whether the wording alone rules a calculation out: why, or who with nothing supposed."""
    if _EXPLAIN.search(reading.text):
        return True
    return not _WHAT_IF.search(reading.text) and bool(_NO_CALCULATION.search(reading.text))


def yes_or_no(reading: Reading) -> bool:
    """Whether a question only wants a yes or a no."""
    return bool(_YES_NO.search(reading.text)) and not _WHAT_IF.search(reading.text)


def is_index(declared: InputField) -> bool:
    """An input that counts years from 1 (第几年): the first when none is said."""
    return declared.kind == "integer" and declared.unit == "" and declared.slot.at_least == 1


def is_business(candidate: Candidate) -> bool:
    """Whether a question is a calculator's: it has its cue phrase, or speaks its words and gives all that it needs.

    The more inputs are given, and none left over, the fewer words need to agree.
    """
    if candidate.cue:
        return True
    calculator, filling, likeness = candidate.calculator, candidate.filling, candidate.likeness
    said = [read for read in filling.fills.values() if read.bond >= CLOSE]
    if _open(candidate):
        return likeness >= 0.5 and len(said) >= 2
    stray = any(figure.quantity.family not in ("count", "plain", "year") for figure in filling.unused)
    tiny = any(
        calculator.field(name).unit == "USD bn" and isinstance(read.value, float) and 0 < read.value < SMALLEST_USD_BN
        for name, read in filling.fills.items()
    )
    if stray or tiny or not filling.fills:
        return False
    lent = [f for f in calculator.fields if f.required and f.quotes and f.name not in filling.fills]
    count = len(filling.fills) + (len(lent) if candidate.borrows else 0)
    return likeness >= {1: 0.6 if said else 0.75, 2: 0.35 if said else 0.4, 3: 0.2}.get(count, 0.1)


def _open(candidate: Candidate) -> list[InputField]:
    """Required inputs that the question leaves open; quotes close them when it asks to use them."""
    return [
        f
        for f in candidate.calculator.fields
        if f.required
        and f.name not in candidate.filling.fills
        and not is_index(f)
        and not (candidate.borrows and f.quotes)
    ]


def states_all(candidate: Candidate) -> bool:
    """Whether a question gives all that the calculator needs, and more than one input: "is it impaired?" with three."""
    needed = [candidate.filling.fills.get(f.name) for f in candidate.calculator.fields if f.required]
    return len(needed) > 1 and all(read is not None and read.bond >= CLOSE for read in needed)


def asks_to_calculate(reading: Reading, candidate: Candidate) -> bool:
    """Tells a what-if with figures of its own from a question about what was said."""
    calculator, filling = candidate.calculator, candidate.filling
    text = _ATTRIBUTIVE.sub(" ", reading.text)
    supposing = bool(_WHAT_IF.search(text)) or candidate.borrows
    given = [name for name in filling.fills if calculator.field(name).kind not in ("choice", "flag")]
    given += [figure.quantity.text for figure in filling.relative]
    if filling.refusal is not None:
        return supposing or bool(given) or not _REPORTED.search(text)
    if not given:
        return False
    open_ = _open(candidate)
    if names_guest(reading):
        return supposing or (not open_ and len(given) >= 2 and asks_output(reading, calculator))
    if _REPORTED.search(text):
        return supposing or (not open_ and len(given) >= 2)
    if supposing or len(given) >= 2:
        return True
    echoed = any(
        filling.fills[name].value == quoted.value
        for name in given if name in filling.fills
        for quoted in calculator.field(name).quotes
    )  # fmt: skip
    named = max(output_likeness(asking_clause(reading.text), calculator).values(), default=0.0) >= 0.6
    told = candidate.cue > 0 and any(read.bond >= CLOSE for read in filling.fills.values())
    return not open_ and (bool(_HOW_MUCH.search(text)) or told) and (named or not echoed)


def wanted(reading: Reading, calculator: Calculator[Any], given: Container[str] = ()) -> str:
    """The output that the question names, else the headline."""
    clause = asking_clause(reading.text)
    likeness = output_likeness(clause, calculator)
    parts = set(calculator.headline.split("_"))
    best = calculator.headline, 0.0
    for output in calculator.outputs:
        if output.name in given:
            continue
        labels = _labels(output)
        score = likeness[output.name]
        score += 0.5 * any(units.search(clause) and output.unit in meant for units, meant in _ASKED_UNITS)
        score += max((0.6 + 0.3 * weight(cue) for cue in _asked_as(output) if spans(clause, cue)), default=0.0)
        score += 0.5 * any(re.search(re.escape(label) + "(?:是|为|有|要|会是)?(?:多少|几)", clause) for label in labels)
        score += 0.45 if output.name == calculator.headline else 0.05 * len(parts & set(output.name.split("_")))
        score -= 0.4 * (output.unit == "" and output.name != calculator.headline)
        if score > best[1] + 1e-9:
            best = output.name, score
    return best[0]


def _labels(output: Output) -> tuple[str, str]:
    return output.label.zh.split("(")[0], output.label.en.split("(")[0].lower()


def _asked_as(output: Output) -> tuple[str, ...]:
    return (*output.cues.zh, *output.cues.en)


def output_likeness(clause: str, calculator: Calculator[Any]) -> dict[str, float]:
    """How far a clause says each output's label: the share of words that no other output's label has."""
    asked = terms(clause)
    own = {o.name: [terms(label) for label in _labels(o)] for o in calculator.outputs}
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


_ASKED_UNITS = (
    (re.compile(r"多少钱|多少亿|多少美元|多少资金|how much (?:money|capex|cash|capital)"), ("USD bn", "USD")),
    (re.compile(r"几年|多少年|多久|how (?:many years|long)"), ("years",)),
    (re.compile(r"几成|百分之几|百分之多少|多大比例|占比|比例|what (?:share|percent\w*|fraction)"), ("fraction", "%")),
    (re.compile(r"多少(?:个)?(?:吉瓦|gw)|几个?(?:吉瓦|gw)|how many (?:gw|gigawatts)"), ("GW",)),
)
_CLAUSE = re.compile(r"[,，。;；:：?？!]| [-–—] |(?<![a-z])(?:if|when|assuming)(?![a-z])")
_ASKING = re.compile(r"多少|几|什么|哪|怎|(?<![a-z])(?:how|what|which|when)(?![a-z])")


def asks_output(reading: Reading, calculator: Calculator[Any]) -> bool:
    """Whether the asking clause names a result of the calculator."""
    clause = asking_clause(reading.text)
    if max(output_likeness(clause, calculator).values(), default=0.0) >= 0.5:
        return True
    return any(spans(clause, cue) for output in calculator.outputs for cue in _asked_as(output))


def points_at_output(reading: Reading, calculator: Calculator[Any]) -> bool:
    """Whether a question of a few words says which result it wants: 净利润呢? what's the DSCR, 去掉IT呢."""
    if len(reading.text) > (60 if reading.text.isascii() else 20) or names_guest(reading):
        return False
    if max(output_likeness(reading.text, calculator).values(), default=0.0) >= 0.5:
        return True
    return any(reading.has(cue) for output in calculator.outputs for cue in _asked_as(output))


def asks_for(reading: Reading) -> bool:
    """Whether a clause asks for something by itself: "what's the DSCR at 8%?", 有70亿股,EPS呢, not 利率8%呢."""
    clauses = [clause for clause in _CLAUSE.split(reading.text) if clause.strip()]
    alone = len(clauses) > 1 and not any(char.isdigit() for char in clauses[-1])
    return alone or bool(_ASKING.search(reading.text))


def asking_clause(text: str) -> str:
    """The clause with the question word, else the one with the question mark, else the last (…, 20% tax: DSCR)."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    marked = [clause for part in re.findall(r"[^?？]*(?=[?？])", text) for clause in _CLAUSE.split(part)[-1:] if clause]
    return next((c for c in reversed(clauses) if _ASKING.search(c)), (marked or clauses or [text])[-1])


@cache
def _guests() -> re.Pattern[str]:
    """Everyone whose figures the declarations quote, by any part of the name."""
    speakers = {q.speaker for c in calculators().values() for f in c.fields for q in f.quotes}
    parts = {part.lower() for speaker in speakers for part in speaker.split() if len(part) > 1}
    return re.compile("|".join(rf"(?<![a-z]){re.escape(part)}(?![a-z])" for part in sorted(parts)))


def names_guest(reading: Reading) -> bool:
    """Whether a guest is named, so that the question is about what was said."""
    return bool(_guests().search(reading.text))
