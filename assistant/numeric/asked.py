"""Whether a question asks for a calculation, and which result of it.

Rules about wording in Chinese and English: supposing ("if", 改成) asks for one, reporting ("said", 认为) asks what was
said, and figures of the reader's own tell them apart. Which output is meant follows from the words of the clause that
asks.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from assistant.calculators.declaration import Calculator, InputField
from assistant.calculators.registry import calculators
from assistant.numeric.bonds import Reading
from assistant.numeric.outputs import ASKING, CLAUSE, asked_as, asking_clause, asks_output, output_likeness
from assistant.numeric.recognition import Candidate
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
_COMMANDED = re.compile(
    r"计算|算一下|算算|测算|模拟|反推|倒推|隐含|(?<![a-z])(?:calculate|compute|work out|simulate|back out|"
    r"back[ -]solve|"
    r"default assumptions|impl(?:y|ies|ied))(?![a-z])"
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


_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    "nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|half|a (?:half|third|quarter)"
)
_NUMBER = rf"(?:\d[\d,.]*%?|(?:{_WORDS})(?:(?:[ -]| and )(?:{_WORDS}))*|[零一二两三四五六七八九十百千万]+)"
_OPERATION = (
    r"(?: ?[*×÷+^=] ?| ?x ?(?=\d)| [-/] | ?(?:加上?|减去?|乘以?|除以?|的) ?| (?:times|plus|minus|"
    r"multiplied by|divided by|"
    r"over|percent of|per cent of|of|to the power of|squared|cubed) ?)"
)
_ARITHMETIC = re.compile(
    r"^\W*(?:(?:so|and|hey|ok|please|请问|帮我|麻烦)\W*)?(?:(?:what(?:'s| is| are|s)?|how much (?:is|are)|calculate|"
    r"compute|"
    r"work out|can you (?:calculate|compute)|算一?下|计算|算算)\W*)?(?:the )?"
    rf"(?:(?:square|cube) root of {_NUMBER}|{_NUMBER}(?:{_OPERATION}{_NUMBER}?)+)"
    r" ?(?:=|equals?|等于(?:几|多少)|是(?:几|多少)|得(?:几|多少)|的平方根?是多少|多少|几)?\W*$"
)


def dismissed(reading: Reading) -> bool:
    """Whether the wording alone rules a calculation out: why, plain arithmetic, or who with nothing supposed."""
    if _EXPLAIN.search(reading.text) or _ARITHMETIC.search(reading.text):
        return True
    return not _WHAT_IF.search(reading.text) and bool(_NO_CALCULATION.search(reading.text))


def commanded(reading: Reading) -> bool:
    """Whether the wording orders a calculation, figures or none: work out, simulate, 反推, what life is implied."""
    return bool(_COMMANDED.search(reading.text)) and not names_guest(reading)


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
    due = {1: 0.6 if said else 0.75, 2: 0.35 if said else 0.4, 3: 0.2}.get(count, 0.1)
    return likeness >= (0.7 * due if said and (candidate.gives or candidate.named) else due)


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
    open_ = _open(candidate)
    if not given:  # the defaults will do where a calculation is ordered and nothing has to be given
        return candidate.cue > 0 and not open_ and commanded(reading) and not _REPORTED.search(text)
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


def points_at_output(reading: Reading, calculator: Calculator[Any]) -> bool:
    """Whether a question of a few words says which result it wants: 净利润呢? what's the DSCR, 去掉IT呢."""
    if len(reading.text) > (60 if reading.text.isascii() else 20) or names_guest(reading):
        return False
    if max(output_likeness(reading.text, calculator).values(), default=0.0) >= 0.5:
        return True
    return any(reading.has(cue) for output in calculator.outputs for cue in asked_as(output))


def asks_for(reading: Reading) -> bool:
    """Whether a clause asks for something by itself: "what's the DSCR at 8%?", 有70亿股,EPS呢, not 利率8%呢."""
    clauses = [clause for clause in CLAUSE.split(reading.text) if clause.strip()]
    alone = len(clauses) > 1 and not any(char.isdigit() for char in clauses[-1])
    return alone or bool(ASKING.search(reading.text))


@cache
def _guests() -> re.Pattern[str]:
    """Everyone whose figures the declarations quote, by any part of the name."""
    speakers = {q.speaker for c in calculators().values() for f in c.fields for q in f.quotes}
    parts = {part.lower() for speaker in speakers for part in speaker.split() if len(part) > 1}
    return re.compile("|".join(rf"(?<![a-z]){re.escape(part)}(?![a-z])" for part in sorted(parts)))


def names_guest(reading: Reading) -> bool:
    """Whether a guest is named, so that the question is about what was said."""
    return bool(_guests().search(reading.text))
