"""Where each input of a calculation that a chat model asks for comes from; one from nowhere is refused. Pure.

The model says where ("user", or a sentence id); that is checked, and looked for when it did not say. A value stands
when it is a figure of the user's own questions, of an earlier calculation of the thread, of a sentence the model named,
of the declaration's own quotes, or the declared default.

    >>> from assistant.calculators.registry import calculator
    >>> given = Given(questions=("If they are written off over 4 years?",))
    >>> field = calculator("useful_life_change").field("new_life")
    >>> origin_of(field, 4.0, "", given).kind
    'user'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from assistant.calculators.declaration import InputField, numbers_in
from assistant.calculators.registry import calculator
from assistant.calculators.trace import CalculationTrace, Origin
from assistant.errors import CalculatorInputError
from assistant.numeric.quantities import Quantity, read_quantities
from corpus.normalize import fold_text
from corpus.types import Transcript

_SAME = 1e-9  # relative


@dataclass(frozen=True)
class Given:
    """What inputs may come from.

    Attributes:
        questions: the user's own words, the latest last.
        transcript: whose sentences may supply figures, and `shown` their ids; None when there are none.
        earlier: calculations of the thread.
    """

    questions: Sequence[str]
    transcript: Transcript | None = None
    shown: frozenset[str] = frozenset()
    earlier: Sequence[CalculationTrace] = field(default=())


def origins(given: Given, sources: Mapping[str, str]) -> Callable[[str, Mapping[str, JsonValue]], dict[str, Origin]]:
    """A checker as ``assistant.tools`` wants it, for one call with the model's own account of its sources."""

    def origins_of(name: str, arguments: Mapping[str, JsonValue]) -> dict[str, Origin]:
        declared = {f.name: f for f in calculator(name).fields}
        return {
            key: origin_of(declared[key], value, sources.get(key, ""), given)
            for key, value in arguments.items()
            if key in declared and value is not None
        }

    return origins_of


def origin_of(declared: InputField, value: JsonValue, said: str, given: Given) -> Origin:
    """Where one input comes from.

    Args:
        said: where the model says it comes from: "user", "default", a sentence id, or nothing.

    Raises:
        CalculatorInputError: It comes from nowhere.
    """
    if not declared.required and value == declared.default:
        return Origin(kind="default", source=declared.source)
    if declared.kind in ("choice", "flag"):
        return _worded(declared, value, given)
    named = _sentence(said, given)
    if named is not None and (read := _read(named[1], declared, value)) is not None:
        assert given.transcript is not None
        turn = given.transcript.sentence(named[0]).turn_id
        return Origin(
            kind="quote",
            quote=named[1],
            speaker=given.transcript.speaker_of(turn).name,
            sentence_id=named[0],
            read=read,
        )
    for question in reversed(given.questions):
        if (read := _read(question, declared, value)) is not None:
            return Origin(kind="user", read=read)
    for trace in reversed(given.earlier):
        if (found := _carried(trace, declared, value, given)) is not None:
            return found
    for quoted in declared.quotes:
        if quoted.value == value:
            return Origin(kind="quote", quote=quoted.quote, speaker=quoted.speaker)
    raise CalculatorInputError(
        declared.name,
        "a figure of the user's question, of a sentence named in `sources`, or the default (leave it out)",
        "a value that stands in none of these",
        allowed_zh="用户问题里的数字、sources 所指原句里的数字,或默认值(不填即可)",
    )


def _sentence(said: str, given: Given) -> tuple[str, str] | None:
    if given.transcript is None or said not in given.shown:
        return None
    return said, given.transcript.sentence(said).text


def _worded(declared: InputField, value: JsonValue, given: Given) -> Origin:
    """A choice or a switch: by the user's words for it, never by the model's taste."""
    cues = (
        declared.slot.option_cues.get(str(value), ())
        if declared.kind == "choice"
        else (*declared.cues.zh, *declared.cues.en)
    )
    ways = (*cues, str(value).replace("_", " ")) if declared.kind == "choice" else cues
    for question in reversed(given.questions):
        folded = fold_text(question)
        for way in ways:
            if all(part.strip() and fold_text(part.strip()) in folded for part in way.split("&")):
                return Origin(kind="user", read=way)
    raise CalculatorInputError(
        declared.name, f"what the user said, or the default {declared.default}", "a choice that the user did not make",
        allowed_zh=f"用户说过的,或默认值 {declared.default}",
    )  # fmt: skip


def _read(text: str, declared: InputField, value: JsonValue) -> str | None:
    """The words of a text that give the value (every number of it); None when it does not."""
    wanted = numbers_in(value)
    if not wanted:
        return None
    found = [next((q.text for q in read_quantities(text) if _gives(q, number, declared)), None) for number in wanted]
    words = [words for words in found if words is not None]
    return "、".join(dict.fromkeys(words)) if len(words) == len(wanted) else None


#: Families without a unit of their own, and the units of inputs that they may be read as; a plain number as any.
_UNITLESS: dict[str, tuple[str, ...]] = {"year": ("", "year"), "ordinal_year": ("", "years")}


def _gives(quantity: Quantity, number: float, declared: InputField) -> bool:
    bare = quantity.family == "plain" or declared.unit in _UNITLESS.get(quantity.family, ())
    candidates = [quantity.low, quantity.high, quantity.value] if bare else []
    if quantity.family == "plain" and declared.unit == "fraction":
        candidates = [c / 100.0 for c in candidates]  # "at a tax rate of 21"
    try:
        ends = quantity.in_unit(declared.unit)
        candidates += [*ends, sum(ends) / 2.0]
    except CalculatorInputError:
        pass
    if quantity.family == "count" and declared.unit in ("", quantity.unit):
        candidates += [quantity.low, quantity.high]
    return any(_same(abs(candidate), abs(number)) for candidate in candidates)


def _carried(trace: CalculationTrace, declared: InputField, value: JsonValue, given: Given) -> Origin | None:
    """From an earlier calculation: an input as it was, a result, or an input scaled as the latest question says."""
    for argument in trace.arguments:
        if argument.unit == declared.unit and argument.value == value:
            return Origin(kind="carried", read=argument.origin.read, source=f"{trace.calculator}.{argument.name}")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    for result in trace.outputs:
        if (
            result.unit == declared.unit
            and isinstance(result.value, int | float)
            and _same(abs(result.value), abs(value))
        ):
            return Origin(kind="carried", source=f"{trace.calculator}.{result.name}")
    scales = (
        [q for q in read_quantities(given.questions[-1]) if q.family in ("fraction", "multiple")]
        if given.questions
        else []
    )
    for argument in trace.arguments:
        base = argument.value
        if argument.name != declared.name or isinstance(base, bool) or not isinstance(base, int | float):
            continue
        for scale in scales:
            share = scale.value if scale.family == "multiple" else scale.in_unit("fraction")[0]
            if any(_same(base * factor, value) for factor in (share, 1.0 + share, 1.0 - share)):
                return Origin(kind="user", read=scale.text, source=f"{base:g} → {value:g}")
    return None


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * max(abs(one), abs(other), 1e-300)
