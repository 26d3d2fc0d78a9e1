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
from typing import Any

from pydantic import JsonValue

from assistant.calculators.declaration import Calculator, InputField, Language
from assistant.calculators.registry import calculators
from assistant.calculators.units import same_dimension
from assistant.numeric import compounds
from assistant.numeric.binding import bind, reads_as
from assistant.numeric.doubt import sure, weights
from assistant.numeric.figured import EVEN, NIL, PER, Figured, family
from assistant.numeric.filling import Tried, is_index, plan_of
from assistant.numeric.heard import NONE, Heard, asked_features, asked_score, hear
from assistant.numeric.on_screen import from_quotes
from assistant.numeric.plan import Feed, NumericPlan
from assistant.numeric.units_asked import shown_as, units_asked
from assistant.numeric.work import Done, work
from corpus.types import Quote

_TRIED = 4  # kinds of calculation that are bound and compared
_OVER = 2.2  # what a figure without a place costs, in log-odds
_LOOSE = 0.5  # … when it is a year, an ordinal or a count
_OPEN = 1.0  # what a required input that nobody gives costs
_CAP = 2.5  # what one figure can be worth
_FAMILIAR = 0.35  # how probable the thread's own calculation is at least, where the words say no other
_BRIEFLY = 0.6  # … in a message of a figure and at most _BRIEF words
_BRIEF = 4
_OTHER_UNIT = 3.0  # what it costs that the amounts would change from gigawatts to dollars
_FEEDS = -0.3  # log-odds of going on from the last result, against changing what gave it
_SURELY = 0.8  # at most: whether a message leans on the thread is told by what it lacks as well
_HALF_READ = 0.4  # how sure a first question must be read to be asked back or refused, and not searched for
_PRICED = 3.0  # log-odds of times, where the last result is in what the figure is a price of
_UNFED = 2.0  # what it costs to leave open what the last result would fill
_RESTATED = 6.0  # log-odds of meaning the last result, in a message that only says in what unit
_KEEPS = 0.4  # what an input of the thread is worth to a figure of a follow-up

_BORROWS = re.compile(
    r"(?:说|提|讲|给|提出)(?:过|到|出)?的|的(?:数字|说法|口径|估计)|"
    r"(?<![a-z])(?:those|these|his|her|their|'s|same) (?:figures?|numbers?|lives|life|estimates?|range)(?![a-z])|"
    r"[a-z]'s (?:figures?|numbers?|estimates?|range|\d)|(?<![a-z])using [a-z]+'s"
)
_YES = re.compile(
    r"\W*(?:yes|yep|yeah|right|correct|exactly|ok(?:ay)?|sure|please do|go ahead|that's it|that is right|"
    r"对的?|是的?|没错|正确|好的?|可以|就是|嗯)(?:[\s,，.。!！]*(?:please|thanks|go ahead|谢谢|算吧|吧|呀|啊))?\W*"
)


def understand_numeric(
    question: str, previous: NumericPlan | None, language: Language, shown: Sequence[Quote] = ()
) -> NumericPlan | None:
    """The calculation a question asks for, None when it asks for none.

    Args:
        question: as typed, Chinese or English, either script.
        previous: the thread's last plan.
        language: of the sentences to be written.
        shown: the quotes of the last answer, where it was one of words.
    """
    figured = Figured(question)
    if previous is not None and previous.doubt and _YES.fullmatch(figured.text):
        return previous.model_copy(update={"doubt": False, "language": language})
    read = reading(figured, previous, language, shown)
    if read is None:
        return None
    plan, telling = read
    probability = sure(telling)
    unfinished = bool(plan.missing) or plan.refusal is not None
    least = _HALF_READ if unfinished else weights().words_below
    if plan.first is None and previous is None and probability < least:
        return None  # as likely a question for words
    return plan.model_copy(update={"sure": probability, "doubt": probability < weights().threshold})


def reading(
    figured: Figured, previous: NumericPlan | None, language: Language, shown: Sequence[Quote] = ()
) -> tuple[NumericPlan, list[float]] | None:
    """The best reading of a question, however doubtful, and what tells how sure it is (``doubt.FEATURES``)."""
    if not figured.figures and previous is None and len(figured.tokens) < 4:
        return None
    heard = hear(figured)
    tried = _fresh(figured, heard, previous)
    if previous is not None:
        tried += _following(figured, heard, previous)
    if heard.leans > 0.5:
        _take_from_screen(tried, shown)
    none = math.log(max(heard.kinds.get(NONE, 0.0), 1e-6))
    best = max(tried, key=lambda t: t.score, default=None)
    if best is None or best.score < none or not _founded(best, figured, heard):
        return None
    plan = plan_of(best, figured, language)
    if best.last is not None and _same(plan, best.last):
        return None  # it asks nothing of the calculation
    return plan, _telling(best, tried, none, heard, plan, figured, previous)


def _same(plan: NumericPlan, last: NumericPlan) -> bool:
    """Whether nothing is changed and nothing else is asked for."""
    return all(
        getattr(plan, name) == getattr(last, name)
        for name in ("calculator", "arguments", "versus", "target", "asked", "also", "per", "shown", "unused")
    )


def _founded(best: Tried, figured: Figured, heard: Heard) -> bool:
    """Whether a reading stands on anything: a figure that was given, or a thread, or an order to simulate."""
    if best.last is not None or best.feed is not None or best.bound.figures or best.read:
        return True
    required = any(f.required for f in best.calculator.fields)
    return not required and heard.kinds.get(best.calculator.name, 0.0) > 0.8


def _telling(
    best: Tried, tried: Sequence[Tried], none: float, heard: Heard, plan: NumericPlan, figured: Figured,
    previous: NumericPlan | None,
) -> list[float]:  # fmt: skip
    """The features of ``doubt``, in its order."""
    second = max((t.score for t in tried if t.calculator is not best.calculator), default=best.score - 6.0)
    worths = [min(5.0, max(-3.0, w)) for w in best.bound.worths.values()] or [0.0]
    found = asked_features(figured)
    scores = [asked_score(figured, found, best.calculator, o, set(plan.arguments)) for o in best.calculator.outputs]
    results = sorted(scores, reverse=True)
    fields = [f for f in best.calculator.fields if f.kind in ("number", "integer")]
    lent = [f for f in fields if f.default not in (None, 0.0) and f.name not in plan.arguments]
    bare = sum(p.quantity.family == "plain" and p.quantity.unit not in (EVEN, NIL) for p in figured.figures)
    return [
        min(6.0, best.score - second),
        min(6.0, best.score - none),
        0.0 if best.last is not None else math.log(max(heard.kinds.get(best.calculator.name, 0.0), 1e-3)),
        float(best.last is not None),
        float(best.feed is not None),
        float(plan.op == "solve"),
        float(plan.op == "compare"),
        min(worths),
        sum(worths) / len(worths),
        float(len(plan.unused)),
        float(bare),
        min(4.0, results[0] - results[1]) if len(results) > 1 else 4.0,
        len(lent) / max(1, len(fields)),
        float(min(8, len(figured.figures))),
        previous.sure if previous is not None and (best.last is not None or best.source is not None) else 1.0,
        float(len(plan.missing)),
        float(len(figured.tokens) <= _BRIEF),
    ]


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
            leans = min(_SURELY, max(1.0 - _SURELY, heard.leans))
            alone = tried.score + math.log(1.0 - leans)
            fed = _fed(figured, declared, previous)
            if fed is not None:
                own = {f.unit for f in calculators()[previous.calculator].fields}
                priced = "/" in fed.bound.unit and fed.bound.unit not in own
                alone -= _UNFED
                fed.score = _FEEDS + math.log(max(heard.kinds[name], 1e-6)) + _worth(figured, fed)
                fed.score += math.log(leans)
                fed.score += _PRICED if priced and any(f.unit == "any" for f in declared.fields) else 0.0
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
        words = sum(0.5 + 0.5 * t.text.isascii() for t in figured.tokens if t.figure < 0 and t.text.isalnum())
        least = _BRIEFLY if words <= _BRIEF and figured.figures else _FAMILIAR * (1.0 - others)
        familiar = max(heard.kinds.get(last.calculator, 0.0), least)
        changed = unit and tried.bound.unit != unit and not same_dimension(tried.bound.unit, unit)
        leans = min(_SURELY, max(1.0 - _SURELY, heard.leans))
        tried.score = math.log(familiar) + math.log(leans) + _worth(figured, tried)
        tried.score += _RESTATED if not figured.figures and _restates(figured, last) else 0.0
        tried.score -= _OTHER_UNIT if changed else 0.0
        if not figured.figures:
            asked = [asked_score(figured, asked_features(figured), declared, o, known) for o in declared.outputs]
            tried.score += min(2.0, max(-1.0, max(asked)))
        if upstream:
            tried.source = previous
            tried.score -= 0.5
            if not tried.bound.figures:
                continue
        found.append(tried)
    return found


def _restates(figured: Figured, last: NumericPlan) -> bool:
    """Whether a message without figures asks for the last result by the quarter or in another of its units."""
    if any(words.search(figured.text) for _, words in PER):
        return True
    unit = _result_unit(last)
    wanted = units_asked(figured)
    return unit is not None and any(unit == other or shown_as(1.0, unit, other) is not None for other in wanted)


def _preferred(figured: Figured, last: NumericPlan, declared: Calculator[Any]) -> dict[str, float]:
    """What the thread gave a value comes first: an aim, what the reader gave, what is of the size of the new figure."""
    preferred = dict.fromkeys(last.arguments, _KEEPS)
    preferred |= dict.fromkeys(last.target, 2 * _KEEPS)
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
    """Figures that name an input by its present value beside a new one: the 4 of "4 to 5", of "5 instead of 4"."""
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
    if unit is not None and amounts[0].unit == "any":
        if not _counts(unit, bound.unit):
            return None
        return Tried(declared, bound, source=previous, feed=Feed(field=amounts[0].name, output=""))
    if unit is None or (
        bound.figures and bound.unit not in ("", "number", unit) and not same_dimension(bound.unit, unit)
    ):
        return None
    again = bind(figured, declared, unit=unit)
    again.unit = unit
    if amounts[0].name in again.figures:
        return None
    return Tried(declared, again, source=previous, feed=Feed(field=amounts[0].name, output=""))


def _counts(unit: str, each: str) -> bool:
    """Whether a result is a number of what a price or an amount is of: GW for $bn/GW, else a bare count."""
    _, per, of = each.partition("/")
    return same_dimension(unit, of) if per else unit in ("number", "multiple", "", "years")


def _take_from_screen(tried: Sequence[Tried], shown: Sequence[Quote]) -> None:
    """Fill what is open by a quote on the screen, where nothing else does."""
    for one in tried:
        given = set(one.bound.figures) | set(one.read)
        open_ = [f for f in one.calculator.fields if f.required and f.name not in given and not is_index(f)]
        if shown and one.last is None and one.feed is None:
            one.lent = from_quotes(one.calculator, open_, one.bound.unit, shown)
            one.score += _OPEN if one.lent is not None else 0.0


def _result_unit(previous: NumericPlan) -> str | None:
    """The unit of the last result, None where it is no number."""
    done = work(previous)
    return done.asked.unit.split("/q")[0].split("/m")[0] if isinstance(done, Done) and done.asked is not None else None


def _read_compounds(figured: Figured, tried: Tried) -> None:
    """Inputs that are more than a number, and options by their words; figures that went into them have their place."""
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
    to = tried.calculator.inputs.model_fields.get("to")
    worth -= 0.0 if to is None or units_asked(figured) or "rate" in given else _OPEN
    still_open = max(0, len(open_) - len(lent) - fed - (1 if solvable else 0))
    return float(worth + 0.5 * len(tried.read) - _OPEN * still_open)
