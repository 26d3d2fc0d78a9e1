"""Question → numeric plan: heard by linear models, bound by the declarations, laid over the thread's last plan.

`understand_numeric` returns None for a question that asks what was said. Every input is the reader's words, carried
from the thread, a quote of the debate or a labelled default; every figure of the question has a place or is told as
unused; nothing the reader stated is rewritten.

    plan = understand_numeric("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?", None, "zh")
    work(plan).asked.value    # -2.4
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from assistant.calculators.declaration import Calculator, InputField, Language
from assistant.calculators.registry import calculators
from assistant.calculators.trace import Origin
from assistant.calculators.units import same_dimension
from assistant.errors import CalculatorInputError
from assistant.numeric import compounds
from assistant.numeric.binding import Bound, bind, reads_as, resolved
from assistant.numeric.figured import EVEN, NIL, PER, Figured, family
from assistant.numeric.heard import NONE, Heard, asked_features, asked_score, fields_of, hear
from assistant.numeric.plan import Feed, NumericPlan
from assistant.numeric.units_asked import CURRENCIES, currency_of, units_asked
from assistant.numeric.work import Done, refused, work

_TRIED = 4  # kinds of calculation that are bound and compared
_OVER = 2.2  # what a figure without a place costs, in log-odds
_LOOSE = 0.5  # … when it is a year, an ordinal or a count
_OPEN = 1.6  # what a required input that nobody gives costs
_CAP = 2.5  # what one figure can be worth
_FAMILIAR = 0.35  # how probable the thread's own calculation is at least, where the words say no other
_BRIEFLY = 0.6  # … in a message of a figure and at most _BRIEF words
_BRIEF = 5
_OTHER_UNIT = 3.0  # what it costs that the amounts would change from gigawatts to dollars
_FEEDS = -0.3  # log-odds of going on from the last result, against changing what gave it
_KEEPS = 0.8  # what an input of the thread is worth to a figure of a follow-up
_ALSO = 0.3  # log-odds from which a further result is asked for as well
_SURE = 0.55  # the share of the best reading among all from which it is not asked back

_BORROWS = re.compile(
    r"(?:说|提|讲|给|提出)(?:过|到|出)?的|的(?:数字|说法|口径|估计)|"
    r"(?<![a-z])(?:those|these|his|her|their|'s|same) (?:figures?|numbers?|lives|life|estimates?|range)(?![a-z])|"
    r"[a-z]'s (?:figures?|numbers?|estimates?|range|\d)|(?<![a-z])using [a-z]+'s"
)
_YES = re.compile(
    r"\W*(?:yes|yep|yeah|right|correct|exactly|ok(?:ay)?|sure|please do|go ahead|that's it|that is right|"
    r"对的?|是的?|没错|正确|好的?|可以|就是|嗯)(?:[\s,，.。!！]*(?:please|thanks|go ahead|谢谢|算吧|吧|呀|啊))?\W*"
)
_THEN = re.compile(r"再|又|然后|接着|(?<![a-z])(?:then|followed by|again|further|after that|another)(?![a-z])")
_LAST_YEAR = re.compile(
    r"最后一年|最末一年|末年|(?<![a-z])(?:final[ -]year|(?:the|its|their|that|very) last year)(?!s|"
    r" of (?:the )?(?:decade|century))"
)
_MACRS_YEARS = 6  # five-year property by the half-year convention


@dataclass
class Tried:
    """One way to read a question."""

    calculator: Calculator[Any]
    bound: Bound
    score: float = 0.0
    last: NumericPlan | None = None  # what it edits
    source: NumericPlan | None = None  # what feeds it
    feed: Feed | None = None
    read: dict[str, compounds.Fill] = field(default_factory=dict)  # inputs that are more than a number


def understand_numeric(question: str, previous: NumericPlan | None, language: Language) -> NumericPlan | None:
    """The calculation a question asks for, None when it asks for none.

    Args:
        question: as typed, Chinese or English, either script.
        previous: the thread's last plan.
        language: of the sentences to be written.
    """
    figured = Figured(question)
    if previous is not None and previous.doubt and _YES.fullmatch(figured.text):
        return previous.model_copy(update={"doubt": False, "language": language})
    if not figured.figures and previous is None and len(figured.tokens) < 4:
        return None
    heard = hear(figured)
    tried = _fresh(figured, heard, previous)
    if previous is not None:
        tried += _following(figured, heard, previous)
    none = math.log(max(heard.kinds.get(NONE, 0.0), 1e-6))
    best = max(tried, key=lambda t: t.score, default=None)
    if best is None or best.score < none or not _founded(best, figured, heard):
        return None
    return _plan(best, figured, language, _doubtful(best, tried, none))


def _founded(best: Tried, figured: Figured, heard: Heard) -> bool:
    """Whether a reading stands on anything: a figure that was given, or a thread, or an order to simulate."""
    if best.last is not None or best.bound.figures or best.read:
        return True
    required = any(f.required for f in best.calculator.fields)
    return not required and heard.kinds.get(best.calculator.name, 0.0) > 0.8


def _doubtful(best: Tried, tried: Sequence[Tried], none: float) -> bool:
    """Whether another reading, or none, is nearly as likely."""
    weights = [math.exp(t.score - best.score) for t in tried if t is not best and t.calculator is not best.calculator]
    weights.append(math.exp(none - best.score))
    return 1.0 / (1.0 + sum(weights)) < _SURE


# ── ways to read it ──


def _fresh(figured: Figured, heard: Heard, previous: NumericPlan | None) -> list[Tried]:
    """The likeliest kinds of calculation, each with what the question gives it; fed by the last where it leans."""
    ranked = sorted((k for k in heard.kinds if k != NONE), key=lambda k: -heard.kinds[k])[:_TRIED]
    found = []
    for name in ranked:
        declared = calculators()[name]
        tried = Tried(declared, bind(figured, declared))
        _read_compounds(figured, tried)
        tried.score = math.log(max(heard.kinds[name], 1e-6)) + _worth(figured, tried)
        if previous is not None:
            alone = tried.score + math.log(max(1.0 - heard.leans, 1e-3))
            fed = _fed(figured, declared, previous)
            if fed is not None:
                fed.score = _FEEDS + math.log(max(heard.kinds[name], 1e-6)) + _worth(figured, fed)
                fed.score += math.log(max(heard.leans, 1e-3))
                found.append(fed)
            tried.score = alone
        found.append(tried)
    return found


def _following(figured: Figured, heard: Heard, previous: NumericPlan) -> list[Tried]:
    """The last calculation with something changed, and what it was built on with something changed."""
    found = []
    for last, upstream in ((previous, False), (previous.first, True)):
        if last is None:
            continue
        declared = calculators()[last.calculator]
        known = tuple(last.arguments)
        preferred = _preferred(figured, last, declared)
        unit = str(last.arguments.get("unit", ""))
        skipped = _pointed(figured, last, {f.name: f for f in declared.fields})
        tried = Tried(declared, bind(figured, declared, preferred, known, unit=unit, skip=tuple(skipped)), last=last)
        _read_compounds(figured, tried)
        others = max((p for kind, p in heard.kinds.items() if kind != last.calculator), default=0.0)
        words = sum(token.figure < 0 and token.text.isalnum() for token in figured.tokens)
        least = _BRIEFLY if words <= _BRIEF and figured.figures else _FAMILIAR * (1.0 - others)
        familiar = max(heard.kinds.get(last.calculator, 0.0), least)
        changed = unit and tried.bound.unit != unit and not same_dimension(tried.bound.unit, unit)
        tried.score = math.log(familiar) + math.log(max(heard.leans, 1e-3)) + _worth(figured, tried)
        tried.score -= _OTHER_UNIT if changed else 0.0
        if not figured.figures:
            asked = (asked_score(figured, asked_features(figured), declared, o) for o in declared.outputs)
            tried.score += min(2.0, max(-1.0, max(asked)))
        if upstream:
            tried.source = previous
            tried.score -= 0.5
            if not tried.bound.figures:
                continue
        found.append(tried)
    return found


def _preferred(figured: Figured, last: NumericPlan, declared: Calculator[Any]) -> dict[str, float]:
    """What the thread gave a value comes first: an aim, what the reader gave, what is of the size of the new figure."""
    preferred = {name: _KEEPS for name in last.arguments}
    preferred |= {name: 2 * _KEEPS for name in last.target}
    fields = {f.name: f for f in declared.fields}
    for name, value in last.arguments.items():
        told = name in last.origins and last.origins[name].kind in ("user", "carried")
        if not told or isinstance(value, bool) or not isinstance(value, int | float) or name not in fields:
            continue
        for placed in figured.figures:
            read = reads_as(placed, fields[name], str(last.arguments.get("unit", "")))
            if read is None or read.mode != "value" or placed.quantity.unit in (EVEN, NIL):
                continue
            if value and 0.2 <= abs(read.values[0] / value) <= 5:
                preferred[name] = 2 * _KEEPS
    pointed = _pointed(figured, last, fields)
    for name in pointed.values():
        preferred[name] = preferred.get(name, 0.0) + 3.0
    return preferred


def _pointed(figured: Figured, last: NumericPlan, fields: Mapping[str, InputField]) -> dict[int, str]:
    """Figures that name an input by its present value beside a new one: the 400 of "400 to 500", of "5 instead of 400"."""
    found: dict[int, str] = {}
    for number, placed in enumerate(figured.figures):
        alike = [p for p in figured.figures if p is not placed and family(p) == family(placed)]
        if not alike or not _MOVED.search(figured.text):
            continue
        for name, value in last.arguments.items():
            read = reads_as(placed, fields[name], str(last.arguments.get("unit", ""))) if name in fields else None
            if (
                read is not None
                and read.mode == "value"
                and read.values[0] == value
                and len(found) < len(figured.figures) - 1
            ):
                found[number] = name
                break
    return found


_MOVED = re.compile(r"改|换|变|→|->|不是|而不是|(?<![a-z])(?:to|not|instead of|rather than)(?![a-z])")


def _fed(figured: Figured, declared: Calculator[Any], previous: NumericPlan) -> Tried | None:
    """A calculation whose open input is the last one's result."""
    if declared.name == previous.calculator or previous.missing:
        return None
    bound = bind(figured, declared)
    open_ = [f for f in declared.fields if f.required and f.name not in bound.figures and not is_index(f)]
    for taking in open_:
        for link in taking.links:
            if link.calculator == previous.calculator and len(open_) == 1:
                feed = Feed(field=taking.name, output=link.output, sign=link.sign)
                return Tried(declared, bound, source=previous, feed=feed)
    amounts = [f for f in open_ if f.unit.startswith("@") or f.unit == "any"]
    if not declared.plain or len(open_) != 1 or not amounts:
        return None
    unit = _result_unit(previous)
    if unit is None or (
        bound.figures and bound.unit not in ("", "number", unit) and not same_dimension(bound.unit, unit)
    ):
        return None
    if amounts[0].unit == "any":
        feed = Feed(field=amounts[0].name, output="")
        return Tried(declared, bound, source=previous, feed=feed)
    again = bind(figured, declared, unit=unit)
    again.unit = unit
    if amounts[0].name in again.figures:
        return None
    return Tried(declared, again, source=previous, feed=Feed(field=amounts[0].name, output=""))


def _result_unit(previous: NumericPlan) -> str | None:
    """The unit of the last result, None where it is no number."""
    done = work(previous)
    return done.asked.unit.split("/q")[0].split("/m")[0] if isinstance(done, Done) and done.asked is not None else None


def _read_compounds(figured: Figured, tried: Tried) -> None:
    """Inputs that are more than a number, and options by their words; the figures that went into them have their place."""
    bound = tried.bound
    last = tried.last.arguments if tried.last is not None else {}
    for declared in tried.calculator.fields:
        numbers = bound.figures.get(declared.name, [])
        values = [bound.readings[number].values[0] for number in numbers]
        found = None
        if declared.kind == "series":
            found = compounds.series(figured, declared, numbers, values)
        elif declared.kind == "amounts":
            found = compounds.amounts(figured, declared, numbers, values, last.get(declared.name))
        elif declared.kind == "flows" and (told := compounds.flows(figured, declared)) is not None:
            found, numbers = told
            bound.over = [number for number in bound.over if number not in numbers]
            bound.figures = {
                n: kept for n, all_ in bound.figures.items() if (kept := [x for x in all_ if x not in numbers])
            }
        elif declared.slot.option_cues or declared.kind == "flag":
            found = _option(figured.text, declared)
        if found is not None:
            tried.read[declared.name] = found
            bound.figures.pop(declared.name, None)
        elif declared.kind in ("series", "amounts") and numbers:
            bound.over += bound.figures.pop(declared.name)
        if declared.kind == "series" and found is not None:
            bound.over = [n for n in bound.over if figured.figures[n].quantity.family != "year"]
            for name, years in bound.figures.items():  # of the years the last is the one asked about
                if figured.figures[years[0]].quantity.family == "year":
                    bound.figures[name] = years[-1:]


def _option(text: str, declared: InputField) -> compounds.Fill | None:
    """The option whose own word begins first in the question, the longest of those."""
    if declared.kind == "flag":
        words = (*declared.cues.zh, *declared.cues.en)
        return next((compounds.Fill(True, w) for w in words if w.lower() in text), None)
    found = [
        (match.start(), -len(word), option, word)
        for option, words in declared.slot.option_cues.items()
        for word in words
        if (match := re.search(_bounded(word), text))
    ]
    if not found:
        return None
    first = min(found)
    finer = [item for item in found if item[2] != first[2] and item[2].startswith(first[2])]
    _, _, option, word = min([*finer, first], key=lambda item: item not in finer)
    value: JsonValue = option if declared.kind == "choice" else float(option)
    return compounds.Fill(int(float(option)) if declared.kind == "integer" else value, word)


def _bounded(word: str) -> str:
    word = re.escape(word.lower()).replace(r"\ ", "[ -]")
    return rf"(?<![a-z]){word}(?:s|d|ed|ing)?(?![a-z])" if word[:1].isascii() else word


def _worth(figured: Figured, tried: Tried) -> float:
    """How well a question's figures suit a calculation, in log-odds."""
    bound = tried.bound
    worth = min(bound.score, _CAP * len(bound.readings)) / max(1.0, len(figured.figures) ** 0.5)
    for number in bound.over:
        quantity = figured.figures[number].quantity
        if quantity.unit == NIL:
            continue
        loose = quantity.family in ("year", "ordinal_year", "count")
        worth -= _LOOSE if loose else _OVER
    given = set(bound.figures) | set(tried.read) | set(tried.last.arguments if tried.last else ())
    solvable = any(name in {o.name for o in tried.calculator.outputs} for name in bound.figures)
    open_ = [f for f in tried.calculator.fields if f.required and f.name not in given and not is_index(f)]
    lent = [f for f in open_ if f.quotes and _BORROWS.search(figured.text)]
    fed = 1 if tried.feed is not None else 0
    worth += 0.5 * len(tried.read)
    return worth - _OPEN * max(0, len(open_) - len(lent) - fed - (1 if solvable else 0))


def is_index(declared: InputField) -> bool:
    """An input that counts years from 1 (第几年): the first when none is said."""
    return declared.kind == "integer" and declared.unit == "" and declared.slot.at_least == 1


# ── the plan of one reading ──


def _plan(best: Tried, figured: Figured, language: Language, doubt: bool) -> NumericPlan:
    """The plan of the reading that was chosen; a change to what fed the last plan is carried through."""
    last, declared = best.last, best.calculator
    plan = NumericPlan(
        question=figured.question, language=language, calculator=declared.name,
        currency=best.bound.currency or (last.currency if last is not None else "") if _one_currency(best) else "",
        per=next((per for per, words in PER if words.search(figured.text)), ""),
        unused=tuple(figured.figures[n].quantity.text for n in best.bound.over if _informs(figured, n)),
    )  # fmt: skip
    plan = _filled(plan, best, figured)
    plan = _with_units(plan, best, figured)
    plan = _with_twins(plan, best, figured)
    plan = _with_asked(plan, best, figured)
    plan = _with_open(plan, best, figured)
    if best.feed is not None:
        plan = plan.model_copy(update={"first": best.source, "feed": best.feed})
    elif best.source is not None and last is not None:  # what fed the last plan is changed
        upstream = plan.model_copy(update={"asked": last.asked})
        return best.source.model_copy(update={"question": figured.question, "first": upstream})
    elif last is not None and last.feed is not None and last.feed.field not in plan.origins:
        plan = plan.model_copy(update={"first": last.first, "feed": last.feed,
                                       "missing": tuple(m for m in plan.missing if m != last.feed.field)})  # fmt: skip
    return plan.model_copy(update={"doubt": doubt and plan.refusal is None and not plan.missing})


def _informs(figured: Figured, number: int) -> bool:
    """Whether a figure that found no place is told: not a count of things, not a year of the calendar."""
    quantity = figured.figures[number].quantity
    return quantity.family not in ("count", "ordinal_year", "year") and quantity.unit not in (EVEN, NIL)


def _one_currency(best: Tried) -> bool:
    """Whether nothing but the reader's money goes into a calculation, so that its currency is only a name."""
    given = set(best.bound.figures) | set(best.read) | set(best.last.arguments if best.last else ())
    if any(f.unit.startswith("@") for f in best.calculator.fields):
        return False  # such amounts carry their unit
    lent = [f for f in best.calculator.fields if f.unit.startswith("USD") and f.name not in given]
    return all(f.default in (None, 0.0) and not (f.required and f.quotes) for f in lent)


def _filled(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """Inputs, targets and values to compare from the figures; what the thread had stays."""
    last, declared = best.last, best.calculator
    arguments: dict[str, JsonValue] = dict(last.arguments) if last is not None else {}
    origins = {n: _carried(o) for n, o in last.origins.items()} if last is not None else {}
    versus: dict[str, tuple[float, ...]] = {}
    target: dict[str, float] = dict(last.target) if last is not None and last.op == "solve" else {}
    outputs = {o.name for o in declared.outputs} - {f.name for f in declared.fields}
    unresolved: list[str] = []
    if "unit" in declared.inputs.model_fields and best.bound.unit:
        arguments["unit"] = best.bound.unit
    for name, read in best.read.items():
        arguments[name], origins[name] = read.value, Origin(kind="user", read=read.read, source=read.assumed)
    plainly_first = sorted(
        best.bound.figures, key=lambda n: best.bound.readings[best.bound.figures[n][0]].mode != "value"
    )
    for name in plainly_first:
        numbers = best.bound.figures[name]
        if name in outputs:
            target[name] = best.bound.readings[numbers[0]].values[0]
            continue
        values, words = _values(name, numbers, best, figured, arguments)
        if not values:
            unresolved.append(name)
            continue
        kind = declared.field(name).kind
        if kind == "list":
            arguments[name] = list(values)
        elif len(values) > 1 and declared.plain and _THEN.search(figured.text):
            arguments[name] = math.prod(1.0 + value for value in values) - 1.0  # first up a tenth, then down a fifth
        elif len(values) > 1:
            versus[name] = values
            arguments[name] = _whole(values[0], kind)
        else:
            arguments[name] = _whole(values[0], kind)
        assumed = best.bound.readings[numbers[0]].assumed
        origins[name] = Origin(kind="user", read=words, source=assumed)
    if last is not None and last.op == "compare" and not versus and best.bound.figures:
        versus = {n: v for n, v in last.versus.items() if n not in best.bound.figures}
    _years_between(declared, best, figured, arguments, origins)
    op = "solve" if target else "compare" if versus else "compute"
    refusal = None
    try:
        _consistent(declared, arguments, best, figured)
    except CalculatorInputError as error:
        refusal = refused(plan, error)
    return plan.model_copy(
        update={"arguments": arguments, "origins": origins, "versus": versus, "target": target, "op": op,
                "missing": tuple(unresolved), "refusal": refusal}
    )  # fmt: skip


def _years_between(
    declared: Calculator[Any],
    best: Tried,
    figured: Figured,
    arguments: dict[str, JsonValue],
    origins: dict[str, Origin],
) -> None:
    """Years of plain growth said by two calendar years: from 2023 to 2028."""
    fields = {f.name: f for f in declared.fields}
    years = [n for n in best.bound.over if figured.figures[n].quantity.family == "year"]
    if not declared.plain or "periods" not in fields or "first_year" in fields or "periods" in arguments or not years:
        return
    ends = [end for n in years for end in (figured.figures[n].quantity.low, figured.figures[n].quantity.high)]
    if max(ends) > min(ends):
        arguments["periods"] = max(ends) - min(ends)
        origins["periods"] = Origin(kind="user", read=f"{min(ends):.0f}–{max(ends):.0f}")
        best.bound.over = [n for n in best.bound.over if n not in years]


def _values(
    name: str, numbers: Sequence[int], best: Tried, figured: Figured, arguments: Mapping[str, JsonValue]
) -> tuple[tuple[float, ...], str]:
    """What the figures of one input come to, with the words they were read from; nothing where the base is unknown."""
    declared = best.calculator.field(name)
    present = arguments.get(name)
    if present is None:
        present = declared.quotes[0].value if declared.quotes else declared.default
    whole = arguments.get(declared.slot.of) if declared.slot.of else next(
        (arguments[f.name] for f in best.calculator.fields
         if f.required and f.name != name and f.name in arguments and same_dimension(f.unit, declared.unit)), None
    )  # fmt: skip
    values: list[float] = []
    for number in numbers:
        read = best.bound.readings[number]
        for value in read.values:
            one = resolved(read.__class__((value,), read.mode, read.assumed), present, whole)
            if one is None:
                return (), ""
            values.append(one)
    first, last = figured.figures[numbers[0]].quantity, figured.figures[numbers[-1]].quantity
    return tuple(dict.fromkeys(values)) if declared.kind != "list" else tuple(values), figured.question[
        first.start : last.end
    ]


def _with_units(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """The unit that is asked for: of a conversion its target, else the one in which the result is shown."""
    asked = units_asked(figured)
    if "to" not in best.calculator.inputs.model_fields:
        return plan.model_copy(update={"shown": asked[-1]}) if asked else plan
    unit = str(plan.arguments.get("unit", ""))
    money = bool(currency_of(unit))
    others = [u for u in asked if u != unit and (currency_of(u) != currency_of(unit) if money else True)]
    others = others or [u for u in asked if u != unit and ("/" in u) == ("/" in unit)]
    told = [str(plan.arguments["to"])] if "to" in plan.arguments else []
    to = (others or told or [""])[-1]
    if to in CURRENCIES and unit.endswith(" bn"):
        to += " bn"
    if not to and "rate" in plan.arguments and currency_of(unit):
        to = ("CNY" if currency_of(unit) == "USD" else "USD") + unit[3:]
    return plan.model_copy(update={"arguments": {**plan.arguments, "to": to}}) if to else plan


_ONE_END = re.compile(r"上限|下限|最[高低多少]|上端|下端|(?<![a-z])(?:low|high|upper|lower|top|bottom)(?![a-z])")


def _with_twins(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """The low and the high end of one thing: a range is both, and so is one figure unless it is said of one end."""
    arguments, origins, versus = dict(plan.arguments), dict(plan.origins), dict(plan.versus)
    names = {f.name for f in best.calculator.fields}
    for low in names:
        high = low.replace("low", "high")
        told = [n for n in (low, high) if n in best.bound.figures]
        if high == low or high not in names or len(told) != 1 or _ONE_END.search(figured.text):
            continue
        values = versus.pop(told[0], ())
        value = arguments.get(told[0])
        ends = (min(values), max(values)) if len(values) == 2 else (value, value)
        for name, end in zip((low, high), ends, strict=True):
            if end is not None:
                arguments[name], origins[name] = end, origins.get(told[0], Origin(kind="user"))
        if (
            len(best.bound.readings)
            and best.bound.readings[best.bound.figures[told[0]][0]].mode == "change"
            and best.last
        ):
            factor = best.bound.readings[best.bound.figures[told[0]][0]].values[0]
            for name in (low, high):
                before = best.last.arguments.get(name)
                if isinstance(before, int | float):
                    arguments[name] = before * factor
    op = plan.op if versus or plan.op != "compare" else "compute"
    return plan.model_copy(update={"arguments": arguments, "origins": origins, "versus": versus, "op": op,
                                   "missing": tuple(m for m in plan.missing if m not in arguments)})  # fmt: skip


def _whole(value: float, kind: str) -> JsonValue:
    return int(value) if kind == "integer" and float(value).is_integer() else value


def _consistent(declared: Calculator[Any], arguments: Mapping[str, JsonValue], best: Tried, figured: Figured) -> None:
    """Each stated value lies in its range, in a unit that is its input's.

    Raises:
        CalculatorInputError: one does not.
    """
    for name in best.bound.figures:
        field_ = {f.name: f for f in declared.fields}.get(name)
        value = arguments.get(name)
        if field_ is None or isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if not field_.slot.admits(float(value)):
            words = figured.figures[best.bound.figures[name][0]].quantity.text
            raise CalculatorInputError(name, field_.allowed.en, words, allowed_zh=field_.allowed.zh)


def _with_asked(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """What is asked for: a result, or with a target the input that is to be solved for."""
    declared, last = best.calculator, best.last
    found = asked_features(figured)
    scores = {f.name: asked_score(figured, found, declared, f) for f in (*declared.fields, *declared.outputs)}
    given = set(best.bound.figures) | set(best.read)
    outputs = {o.name for o in declared.outputs}
    inputs = {
        f.name for f in declared.fields if f.kind in ("number", "integer") and f.unit not in ("", "draws")
    } - given
    inputs -= {f.name for f in declared.fields if f.slot.complement}
    if plan.target:
        open_ = [f.name for f in declared.fields if f.required and f.name not in plan.arguments]
        pool = {n: scores[n] for n in inputs if not open_ or n in open_}
        if last is not None and last.op == "solve" and last.asked in pool:
            pool[last.asked] += 2.0
        if pool:
            asked = max(pool, key=lambda n: pool[n])
            kept = {n: v for n, v in plan.arguments.items() if n != asked}
            return plan.model_copy(update={"asked": asked, "arguments": kept})
        plan = plan.model_copy(update={"target": {}, "op": "compute"})
    results = {n: scores[n] for n in outputs if n in scores and n not in given}
    kept_one = last.asked if last is not None and last.asked in results else ""
    firmly = 1.5 if best.bound.figures or best.read or plan.per else 0.0
    if kept_one and max(results.values()) < results[kept_one] + firmly:
        return plan.model_copy(update={"asked": kept_one})
    asked = max(results, key=lambda n: results[n], default=declared.headline)
    also = [o.name for o in declared.outputs if o.name in results and o.name != asked]
    also = [n for n in also if results[n] > max(_ALSO, results[asked] - 1.0)]
    return plan.model_copy(update={"asked": asked, "also": tuple(also)})


def _with_open(plan: NumericPlan, best: Tried, figured: Figured) -> NumericPlan:
    """What is still open: the first year of a schedule, the debate's own figure where it is meant, or to be asked for."""
    arguments, origins = dict(plan.arguments), dict(plan.origins)
    missing = list(plan.missing)
    for declared in best.calculator.fields:
        if not declared.required or declared.name in (*arguments, *missing):
            continue
        if plan.op == "solve" and declared.name == plan.asked:
            continue
        if best.feed is not None and declared.name == best.feed.field:
            continue
        if is_index(declared) and not _LAST_YEAR.search(figured.text):
            arguments[declared.name] = 1
            origins[declared.name] = Origin(kind="default", source="first year / 首年")
        elif not take_quote(declared, figured.text, arguments, origins):
            missing.append(declared.name)
    _take_last_year(best.calculator, figured, arguments, origins)
    missing = [name for name in missing if name not in arguments]
    return plan.model_copy(update={"arguments": arguments, "origins": origins, "missing": tuple(missing)})


def _take_last_year(
    declared: Calculator[Any], figured: Figured, arguments: dict[str, JsonValue], origins: dict[str, Origin]
) -> None:
    """最后一年 and "the last year" of a schedule: its life, rounded up."""
    said = _LAST_YEAR.search(figured.text)
    life = _MACRS_YEARS if str(arguments.get("method")).startswith("MACRS") else arguments.get("life")
    if said and isinstance(life, int | float):
        for field_ in declared.fields:
            if is_index(field_):
                arguments[field_.name] = math.ceil(life)
                origins[field_.name] = Origin(kind="user", read=said[0])


def take_quote(
    declared: InputField, question: str, arguments: dict[str, JsonValue], origins: dict[str, Origin]
) -> bool:
    """Takes the debate's own figure for an input, as such."""
    if not declared.quotes:
        return False
    named = [q for q in declared.quotes if _names(question, q.speaker) or _names(question, q.originator)]
    figure = (named or list(declared.quotes))[0]
    arguments[declared.name] = figure.value
    origins[declared.name] = Origin(kind="quote", quote=figure.quote, speaker=figure.speaker)
    return True


def _names(question: str, person: str) -> bool:
    """Whether a question names somebody, by any part of the name."""
    return any(len(part) > 1 and part.lower() in question for part in person.split())


def _carried(origin: Origin) -> Origin:
    if origin.kind == "user":
        return Origin(kind="carried", read=origin.read, source=origin.source)
    return origin.model_copy(update={"unit": None})
