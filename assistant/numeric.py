"""Numeric questions without a model: which calculator, which inputs from where, what is still missing.

`understand_numeric` returns None for a question that asks what was said; `answer_numeric` runs the calculation, asks back
or refuses. Every input is the user's words, carried from the thread, a quote of the debate or a labelled default. The
rules are about language; what a calculator is about stands in its declaration alone.

    request = understand_numeric("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?", None, "zh")
    answer_numeric(request).value("delta_dep")    # -2.4
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pydantic import Field, JsonValue

from assistant.calculators.declaration import Bilingual, Calculator, Frozen, InputField, Language, Output
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.compounds import Fill
from assistant.cues import Placed, Reading, bond
from assistant.errors import CalculatorInputError
from assistant.slots import CLOSE, Filling, cues_of

if TYPE_CHECKING:
    from assistant.recognition import Candidate


class Refusal(Frozen):
    """A question that cannot be computed as put: `message` names the input, its range and what was read."""

    calculator: str
    field: str
    allowed: str
    read: str
    message: str = Field(description="One sentence in the question's language.")


class Clarification(Frozen):
    """What is still needed before anything can be computed."""

    calculator: str
    missing: tuple[str, ...] = Field(description="Names of the inputs asked for.")
    message: str = Field(description="One sentence in the question's language.")


class Feed(Frozen):
    """An input that an earlier calculation supplies: `sign` × its output."""

    field: str
    output: str
    sign: int


class NumericRequest(Frozen):
    """A calculation as understood; `arguments` are in the inputs' own units.

    Attributes:
        wanted: the output the question asks for.
        missing: required inputs that nobody gave and nothing may stand in for.
        other_end: values at the upper end of ranges given for single inputs.
        first: the calculation to run before this one, and `feed` what it supplies.
        earlier: a finished calculation of the thread that supplies `feed` instead.
    """

    question: str
    language: Language
    calculator: str
    arguments: dict[str, JsonValue]
    origins: dict[str, Origin]
    wanted: str
    missing: tuple[str, ...] = ()
    other_end: dict[str, JsonValue] = Field(default_factory=dict)
    first: NumericRequest | None = None
    earlier: CalculationTrace | None = None
    feed: Feed | None = None
    refusal: Refusal | None = None


# Yes or no is no figure …
_YES_NO = re.compile(
    r"(?<!成立)(?<!够)(?<!减值)(?<!覆盖)吗[?？!。 ]*$|^(?:is|are|was|were|does|do|did|has|have|can|could|should)(?![a-z])(?!.*(?:how|what|which))"
)
# … unless something is supposed, which asks for a calculation.
_WHAT_IF = re.compile(
    r"如果|假如|假设|假定|要是|若|倘若|设想|改成|改为|换成|换作|提前|的话|按.{1,20}(?:算|折旧|摊)|算一下|算算|帮我算|计算|测算|估算|代入|"
    r"(?<![a-z])(?:if|suppos\w*|assum\w*|what if|say|given|let's say|imagine|were|instead|calculate|compute|work out|"
    r"run|model|would)(?![a-z])"
)
_HOW_MUCH = re.compile(
    r"多少|几(?!乎|家|位|十|百|千|万|亿)|多大|多高|多久|多长|哪一?年|什么阶段|哪个阶段|够|覆盖|(?<![a-z])(?:how (?!come)|what(?!'s going)|"
    r"which|when)(?![a-z])"
)
_ATTRIBUTIVE = re.compile(r"(?:说|提|讲|报|给|预计|估计|提出|提到|引用|声称|披露|算)(?:过|到|出)?的")
_REPORTED = re.compile(
    r"说(?!明|不定|法|白)|提到|提过|讲(?!座)|认为|觉得|表示|指出|声称|引用|预测|怎么看|谈到|聊|主张|承认|原话|节目|辩论|嘉宾|直播|"
    r"(?<![a-z])(?:said|says|did \w+ say|does \w+ say|claim\w*|mention\w*|argu\w*|think|thinks|thought|believ\w*|according to|"
    r"quot\w*|cit(?:e|es|ed)|predict\w*|expect(?:s|ed)?|told|stated?|debate|panel|guests?|speakers?)(?![a-z])"
)
_NO_CALCULATION = re.compile(
    r"为什么|为何|为啥|谁|哪位|哪些人|什么意思|是什么意思|原因|(?<![a-z])(?:why|who|whose|whom|how come|what did|what does \w+ mean)(?![a-z])"
)
_YEARLY = re.compile(r"每一?年|年折旧|一年|(?<![a-z])(?:annual|a year|per year|each year|yearly)(?![a-z])")


def understand_numeric(
    question: str, previous: CalculationTrace | NumericRequest | None, language: Language
) -> NumericRequest | None:
    """The calculation a question asks for, None when it asks for none.

    Args:
        question: as typed, Chinese or English, either script.
        previous: the calculation the thread is about, or the request that was asked back.
        language: of the sentences to be written.
    """
    reading = Reading(question)
    text = reading.text
    if _NO_CALCULATION.search(text) and not _WHAT_IF.search(text):
        return None
    if not reading.figures and previous is None:
        return None
    from assistant import carryover, recognition  # the calculators load here, and only for such questions

    if previous is not None:
        followed = carryover.follow(reading, previous, language)
        if followed is not None:
            return followed
    if _YES_NO.search(text) and not _WHAT_IF.search(text):
        return None
    best = next((c for c in recognition.candidates(reading) if c.cue or _whole(c)), None)
    if best is None or not _asks_to_calculate(reading, best.calculator, best.filling):
        return None
    chained = carryover.chain(reading, best.calculator, language)
    return chained or build(reading, best.calculator, best.filling, language)


def _whole(candidate: Candidate) -> bool:
    """Whether a question without a cue phrase still speaks the calculator's words and gives all it needs."""
    filling, fields = candidate.filling, candidate.calculator.fields
    open_ = any(f.required and f.name not in filling.fills for f in fields)
    stray = any(figure.quantity.family not in ("count", "plain", "year") for figure in filling.unused)
    said = [read for read in filling.fills.values() if read.bond >= CLOSE]
    enough = len(filling.fills) >= 2 or (candidate.likeness >= 0.6 and len(said) == 1)
    return candidate.likeness >= 0.4 and not open_ and not stray and enough and bool(filling.fills)


def _asks_to_calculate(reading: Reading, calculator: Calculator[Any], filling: Filling) -> bool:
    """Tells a what-if with figures of its own from a question about what was said."""
    text = _ATTRIBUTIVE.sub(" ", reading.text)
    supposing = bool(_WHAT_IF.search(text))
    given = [name for name in filling.fills if calculator.field(name).kind not in ("choice", "flag")]
    given += [figure.quantity.text for figure in filling.relative]
    if filling.refusal is not None:
        return supposing or bool(given) or not _REPORTED.search(text)
    open_ = [f for f in calculator.fields if f.required and f.name not in filling.fills and not _index(f)]
    if not given:
        return False
    if _REPORTED.search(text):
        return supposing or (not open_ and len(given) >= 2)
    if supposing or len(given) >= 2:
        return True
    echoed = any(
        filling.fills[name].value == quoted.value
        for name in given if name in filling.fills
        for quoted in calculator.field(name).quotes
    )  # fmt: skip
    named = max(output_likeness(_asking_clause(reading.text), calculator).values(), default=0.0) >= 0.6
    return not open_ and bool(_HOW_MUCH.search(text)) and (named or not echoed)


def build(
    reading: Reading,
    calculator: Calculator[Any],
    filling: Filling,
    language: Language,
    known: Mapping[str, tuple[JsonValue, Origin]] = MappingProxyType({}),
    supplied: str = "",
) -> NumericRequest:
    """The request from what was read, what is known from the thread, quotes and defaults, in that order.

    Args:
        known: values and origins by input name from the thread.
        supplied: an input that an earlier calculation will supply.
    """
    arguments: dict[str, JsonValue] = {}
    origins: dict[str, Origin] = {}
    other_end: dict[str, JsonValue] = {}
    for name, (value, origin) in known.items():
        arguments[name], origins[name] = value, origin
    for name, read in filling.fills.items():
        arguments[name], origins[name] = read.value, _said(read)
        if read.to is not None:
            other_end[name] = read.to
    for figure in filling.relative:
        _change(reading, calculator, figure, arguments, origins)
    missing = []
    for declared in calculator.fields:
        if declared.required and declared.name not in arguments and declared.name != supplied:
            if _index(declared):
                arguments[declared.name] = 1
                origins[declared.name] = Origin(kind="default", source="first year / 首年")
            elif not _quoted(declared, arguments, origins):
                missing.append(declared.name)
    refusal = None
    if filling.refusal is not None:
        refusal = _refused(calculator.name, filling.refusal, language)
    return NumericRequest(
        question=reading.question,
        language=language,
        calculator=calculator.name,
        arguments=arguments,
        origins=origins,
        wanted=wanted(reading, calculator, filling.fills),
        missing=tuple(missing),
        other_end=other_end,
        refusal=refusal,
    )


def _said(read: Fill) -> Origin:
    return Origin(kind="user", read=read.read, source=read.assumed)


def _index(declared: InputField) -> bool:
    """An input that counts years from 1 (第几年): the first when none is said."""
    return declared.kind == "integer" and declared.unit == "" and declared.slot.at_least == 1


def _quoted(declared: InputField, arguments: dict[str, JsonValue], origins: dict[str, Origin]) -> bool:
    """Takes the debate's own figure for an input, as such."""
    if not declared.quotes:
        return False
    figure = declared.quotes[0]
    arguments[declared.name] = figure.value
    origins[declared.name] = Origin(kind="quote", quote=figure.quote, speaker=figure.speaker)
    return True


def _change(
    reading: Reading,
    calculator: Calculator[Any],
    figure: Placed,
    arguments: dict[str, JsonValue],
    origins: dict[str, Origin],
) -> None:
    """Applies "half", 翻倍, 减少20% or +50 bps to the input it is said of, as known so far."""
    quantity = figure.quantity
    numbers = [f for f in calculator.fields if f.kind in ("number", "integer")]
    fractions = [f for f in numbers if f.unit == "fraction"]
    pool = fractions if quantity.family == "points" else [f for f in numbers if f not in fractions] or numbers
    bonds = {f.name: bond(reading, figure, cues_of(f)) for f in pool}
    target = max(pool, key=lambda f: (bonds[f.name], _prominence(f, origins)), default=None)
    if target is None:
        return
    base = arguments.get(target.name, target.quotes[0].value if target.quotes else target.default)
    if isinstance(base, bool) or not isinstance(base, int | float):
        return
    if quantity.family == "points":
        step = quantity.in_unit("fraction")[0]
        value = base + (step if quantity.direction >= 0 or step < 0 else -step)
    elif quantity.family == "multiple":
        value = base * quantity.value
    else:
        share = quantity.in_unit("fraction")[0]
        value = base * (1 + share) if quantity.direction else base * share
    arguments[target.name] = int(value) if target.kind == "integer" and float(value).is_integer() else value
    origins[target.name] = Origin(kind="user", read=quantity.text, source=f"{base:g} → {value:g}")


def _prominence(declared: InputField, origins: Mapping[str, Origin]) -> tuple[bool, bool]:
    """The user's own inputs first, amounts before years."""
    return (declared.name in origins and origins[declared.name].kind in ("user", "carried"), declared.unit != "years")


def wanted(reading: Reading, calculator: Calculator[Any], given: Container[str] = ()) -> str:
    """The output that the question names, else the headline."""
    clause = _asking_clause(reading.text)
    likeness = output_likeness(clause, calculator)
    parts = set(calculator.headline.split("_"))
    best = calculator.headline, 0.0
    for output in calculator.outputs:
        if output.name in given:
            continue
        labels = _labels(output)
        score = likeness[output.name]
        score += 0.5 * any(units.search(clause) and output.unit in meant for units, meant in _ASKED_UNITS)
        score += 0.8 * any(words.search(clause) and words.search(" ".join(labels)) for words in _SAME)
        score += 1.0 * any(part in _SYMBOLS and reading.has(part) for part in output.name.split("_"))
        score += 0.5 * any(re.search(re.escape(label) + "(?:是|为|有|要|会是)?(?:多少|几)", clause) for label in labels)
        score += 0.45 if output.name == calculator.headline else 0.05 * len(parts & set(output.name.split("_")))
        score -= 0.4 * (output.unit == "" and output.name != calculator.headline)
        if score > best[1] + 1e-9:
            best = output.name, score
    return best[0]


def _labels(output: Output) -> tuple[str, str]:
    return output.label.zh.split("(")[0], output.label.en.split("(")[0].lower()


def output_likeness(clause: str, calculator: Calculator[Any]) -> dict[str, float]:
    """How far a clause says each output's label: the share of words that no other output's label has."""
    from assistant.recognition import terms

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


_SYMBOLS = frozenset(("eps", "dscr", "irr", "nbv", "pv", "dtl", "lcoe", "phi"))
_ASKED_UNITS = (
    (re.compile(r"多少钱|多少亿|多少美元|多少资金|how much (?:money|capex|cash|capital)"), ("USD bn", "USD")),
    (re.compile(r"几年|多少年|多久|how (?:many years|long)"), ("years",)),
    (re.compile(r"几成|百分之几|百分之多少|多大比例|占比|比例|what (?:share|percent\w*|fraction)"), ("fraction", "%")),
    (re.compile(r"多少(?:个)?(?:吉瓦|gw)|几个?(?:吉瓦|gw)|how many (?:gw|gigawatts)"), ("GW",)),
)
# words that ask for an output by another name than its label's
_SAME = (
    re.compile(r"去掉|剔除|除去|扣除|扣掉|其余|(?<![a-z])(?:without|excluding|ex-|less the|the rest|of the rest)"),
    re.compile(r"掉|跌|回撤|降幅|(?<![a-z])(?:falls?|drops?|declines?|drawdown)(?![a-z])"),
)
_CLAUSE = re.compile(r"[,，。;；:：?？!]|(?<![a-z])(?:if|when|assuming)(?![a-z])")
_ASKING = re.compile(r"多少|几|什么|哪|怎|(?<![a-z])(?:how|what|which|when)(?![a-z])")


def _asking_clause(text: str) -> str:
    """The clause with the question word; the whole text when none has one."""
    clauses = [clause for clause in _CLAUSE.split(text) if clause and _ASKING.search(clause)]
    return clauses[-1] if clauses else text


def answer_numeric(request: NumericRequest) -> CalculationTrace | Clarification | Refusal:
    """The calculation that answers a request, or what is missing, or why it is refused."""
    done = calculate(request)
    return done[0] if isinstance(done, tuple) else done


def calculate(request: NumericRequest) -> tuple[CalculationTrace, ...] | Clarification | Refusal:
    """All calculations of a request: the answer first, then the other end of a range, then what it was built on."""
    if request.refusal is not None:
        return request.refusal
    arguments, origins = dict(request.arguments), dict(request.origins)
    steps: tuple[CalculationTrace, ...] = ()
    if request.feed is not None:
        if request.first is not None:
            before = calculate(request.first)
            if not isinstance(before, tuple):
                return before
            steps = before
        source = steps[0] if steps else request.earlier
        if source is not None:
            arguments[request.feed.field] = request.feed.sign * float(source.value(request.feed.output))
            origins[request.feed.field] = Origin(kind="carried", source=f"{source.calculator}.{request.feed.output}")
    if request.missing:
        return _ask(request, request.missing)
    done = _run(request, arguments, origins)
    if not isinstance(done, CalculationTrace):
        return done
    upper = _run(request, {**arguments, **request.other_end}, origins) if request.other_end else None
    if upper is not None and not isinstance(upper, CalculationTrace):
        return upper
    return (done, *((upper,) if upper else ()), *steps)


def _run(
    request: NumericRequest, arguments: Mapping[str, JsonValue], origins: Mapping[str, Origin]
) -> CalculationTrace | Clarification | Refusal:
    """Runs once; an optional input that turns out to be needed is taken from a quote or asked for."""
    from assistant.calculators.registry import calculator

    given, sources = dict(arguments), dict(origins)
    for _ in calculator(request.calculator).fields:
        try:
            return run(request.calculator, given, sources)
        except CalculatorInputError as error:
            fields = {f.name: f for f in calculator(request.calculator).fields}
            needed = fields.get(error.field)
            if error.read != "nothing" or needed is None or error.field in given:
                return _refused(request.calculator, error, request.language)
            if not _quoted(needed, given, sources):
                return _ask(request, (error.field,))
    return _ask(request, request.missing)


def _refused(name: str, error: CalculatorInputError, language: Language) -> Refusal:
    return Refusal(
        calculator=name,
        field=error.field,
        allowed=error.allowed if language == "en" else error.allowed_zh,
        read=error.read,
        message=error.sentence(language),
    )


def _ask(request: NumericRequest, names: tuple[str, ...]) -> Clarification:
    """Asks for inputs by their labels, with unit and range."""
    from assistant.calculators.registry import calculator

    declared = calculator(request.calculator)
    fields = [declared.field(name) for name in names]
    wording = Bilingual(
        zh=f"要算“{declared.title.zh}”还缺:"
        + "、".join(f"{f.label.zh}({f.allowed.zh})" for f in fields)
        + "。请补上。",
        en=f"{declared.title.en} still needs " + "; ".join(f"{f.label.en} ({f.allowed.en})" for f in fields) + ".",
    )
    return Clarification(calculator=declared.name, missing=names, message=wording[request.language])
