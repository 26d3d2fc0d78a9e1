"""What the Calculate tab computes: starting values, a base case, a what-if; from typed text to rendered results.

Knows the declarations and the rendering; no gradio. Everything typed comes from a browser and is refused in one
sentence when it cannot be used.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from assistant.calculators.declaration import Calculator
from assistant.calculators.registry import calculator, calculators
from assistant.calculators.trace import CalculationTrace, Origin, run
from assistant.errors import CalculatorInputError
from corpus.library import Debate
from ui.inputs import parse_value
from ui.web.rendering.addresses import of_panel
from ui.web.rendering.cast import Cast
from ui.web.rendering.panel import Start, chooser, form, refusal, results, typed
from ui.web.rendering.wording import EXAMPLE
from ui.words import Language

FIRST = "depreciation_schedule"
_MAX_TYPED = 2_000  # characters of one input


@cache
def starts(name: str) -> Mapping[str, Start]:
    """What each input of a calculator holds at first.

    Raises:
        CalculatorInputError: There is no such calculator.
    """
    declared = calculator(name)
    example = _example(declared)
    made: dict[str, Start] = {}
    for field in declared.fields:
        if field.default is not None:
            made[field.name] = Start(typed(field.default))
        elif field.required and field.quotes:
            made[field.name] = Start(typed(field.quotes[0].value), "取自辩论", "from the debate")
        elif field.name in example:
            made[field.name] = Start(typed(example[field.name]), *EXAMPLE)
    return made


def opening(name: str, debate: Debate, cast: Cast, what_if: Mapping[str, str], base: Mapping[str, str]) -> str:
    """Chooser and form, with what a link brought along in place of the starting values."""
    declared = calculator(name)
    known = {f.name for f in declared.fields}
    values = dict(starts(name))
    values.update({key: Start(text[:_MAX_TYPED]) for key, text in base.items() if key in known})
    return chooser(calculators(), name) + form(declared, values, what_if, debate, cast)


def compute(
    name: str, base: Mapping[str, str], what_if: Mapping[str, str], debate: Debate, cast: Cast, language: Language
) -> str:
    """Both cases, rendered; a refusal as one sentence."""
    try:
        declared = calculator(name)
        first = _run(declared, base)
        changed = {key: text for key, text in what_if.items() if text.strip()}
        second = _run(declared, {**base, **changed}) if changed else None
    except CalculatorInputError as error:
        return refusal(str(error), getattr(error, "field", ""), language)
    files = of_panel(name, {**base, **changed}, language)
    return results(first, second, debate, cast, language, files=files)


def computed(name: str, texts: Mapping[str, str]) -> CalculationTrace:
    """What the panel computes from what is typed.

    Raises:
        CalculatorInputError: No such calculator, or an input it cannot use.
    """
    return _run(calculator(name), texts)


def question(name: str, values: Mapping[str, str], language: Language) -> str:
    """A question for the chat that names the calculation and its inputs."""
    declared = calculator(name)
    given = []
    for field in declared.fields:
        text = values.get(field.name, "").strip()
        if text and text != typed(field.default):
            given.append(f"{field.label[language]} {text}{' ' + field.unit if field.unit else ''}")
    what = declared.output(declared.headline).label[language]
    if language == "zh":
        return (
            f"{declared.title.zh}:如果{','.join(given[:6])},{what}是多少?"
            if given
            else f"{declared.title.zh}:{what}是多少?"
        )
    return f"{declared.title.en}: with {', '.join(given[:6])}, what is the {what}?" if given else f"What is the {what}?"


def _run(declared: Calculator[Any], texts: Mapping[str, str]) -> CalculationTrace:
    values: dict[str, object] = {}
    origins: dict[str, Origin] = {}
    begun = starts(declared.name)
    for field in declared.fields:
        text = str(texts.get(field.name, ""))[:_MAX_TYPED].strip()
        if not text or (field.default is not None and text == begun[field.name].typed):
            continue
        values[field.name], unit = parse_value(field, text)
        begun_with = begun.get(field.name)
        if begun_with is not None and begun_with.source_zh == EXAMPLE[0] and text == begun_with.typed:
            origins[field.name] = Origin(kind="default", source=" / ".join(EXAMPLE), unit=unit)
            continue
        quoted = next((q for q in field.quotes if typed(q.value) == text), None)
        origins[field.name] = (
            Origin(kind="quote", quote=quoted.quote, speaker=quoted.speaker)
            if quoted is not None
            else Origin(kind="user", read=text, unit=unit)
        )
    return run(declared.name, values, origins)


def _example(declared: Calculator[Any]) -> Mapping[str, Any]:
    """The inputs of a calculator's example question, as the assistant reads it; else of its worked example."""
    from assistant.calculators.worked_examples import worked_examples
    from assistant.numeric.read import understand_numeric

    read: Mapping[str, Any] = next((e.arguments for e in worked_examples() if e.calculator == declared.name), {})
    for question_text in declared.examples:
        language: Language = "en" if question_text.isascii() else "zh"
        request = understand_numeric(question_text, None, language)
        if request is not None and request.calculator == declared.name:
            if not request.missing:
                return request.arguments
            read = read or request.arguments
    return read
