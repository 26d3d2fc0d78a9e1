"""Numeric questions without a model: understood from wording and declarations, then calculated, asked back or refused.

`understand_numeric` returns None for a question that asks what was said. Every input is the reader's words, carried
from the thread, a quote of the debate or a labelled default. The rules are about language; what a calculator is about
stands in its declaration alone.

    request = understand_numeric("一批300亿美元的机器本来按5年折旧,第三年初改成7年,当年利润多出多少?", None, "zh")
    answer_numeric(request).value("delta_dep")    # -2.4
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import JsonValue

from assistant.calculators.declaration import Bilingual, Language
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.errors import CalculatorInputError
from assistant.numeric import asked
from assistant.numeric.bonds import Reading
from assistant.numeric.request import Clarification, Feed, NumericRequest, Refusal, build, refused, take_quote

__all__ = ["Clarification", "Feed", "NumericRequest", "Refusal", "answer_numeric", "calculate", "understand_numeric"]


def understand_numeric(
    question: str, previous: CalculationTrace | NumericRequest | None, language: Language
) -> NumericRequest | None:
    """The calculation a question asks for, None when it asks for none.

    Args:
        question: as typed, Chinese or English, either script.
        previous: the thread's last request, or its trace; only a request remembers what it was built on, which output
            it was asked for, and what it asked back.
        language: of the sentences to be written.
    """
    reading = Reading(question)
    if (not reading.figures and previous is None and not asked.commanded(reading)) or asked.dismissed(reading):
        return None
    from assistant.numeric import carryover, recognition  # the calculators load here, and only for such questions

    if previous is not None:
        followed = carryover.follow(reading, previous, language)
        if followed is not None:
            return followed
    best = next((c for c in recognition.candidates(reading) if asked.is_business(c)), None)
    if best is None or not asked.asks_to_calculate(reading, best):
        return None
    if asked.yes_or_no(reading) and not asked.states_all(best):
        return None
    chained = carryover.chain(reading, best.calculator, language)
    return chained or build(reading, best.calculator, best.filling, language)


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
                return refused(request.calculator, error, request.language)
            if not take_quote(needed, request.question, given, sources):
                return _ask(request, (error.field,))
    return _ask(request, request.missing)


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
