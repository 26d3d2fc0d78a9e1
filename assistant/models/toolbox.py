"""What a chat model may call: find a calculator, calculate, search the debate, read a turn. The same for all questions.

The calculators' schemas stay out of the prompt: ``find_calculator`` hands over those that fit, so that what stands
before the question never changes and services keep it read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from assistant.calculation import with_places
from assistant.calculators.registry import calculators
from assistant.calculators.trace import CalculationTrace
from assistant.errors import CalculatorInputError
from assistant.models import prompts
from assistant.models.inputs import Given, origins
from assistant.models.output import Calculate, read
from assistant.models.trouble import ModelOutputError
from corpus.errors import UnknownReferenceError
from index.search import PassageIndex
from index.types import Filters

_MOST_CALCULATIONS, _MOST_CALLS = 6, 12
_FOUND, _HITS = 3, 12
_LONGEST = 12_000  # characters of a reply


def _function(name: str, told: str, properties: dict[str, Any], required: Sequence[str]) -> dict[str, Any]:
    schema = {"type": "object", "properties": properties, "required": list(required)}
    return {"type": "function", "function": {"name": name, "description": told, "parameters": schema}}


_TEXT = {"type": "string"}
TOOLS: tuple[dict[str, Any], ...] = (
    _function(
        "find_calculator",
        "The calculators that may answer a question about numbers, with the schemas of their inputs.",
        {"question": {**_TEXT, "description": "What is to be computed, in the user's words with their figures."}},
        ("question",),
    ),
    _function(
        "calculate",
        "Run a calculator that find_calculator named. Leave out inputs that nobody gave and that have a default.",
        {
            "name": _TEXT,
            "arguments": {"type": "object", "description": "Inputs by name, as its schema says."},
            "sources": {
                "type": "object",
                "additionalProperties": _TEXT,
                "description": 'For each input, where it comes from: "user" or a sentence id.',
            },
        },
        ("name", "arguments"),
    ),
    _function(
        "search",
        "Sentences of the debate that come nearest to some words.",
        {"words": _TEXT, "speaker": {**_TEXT, "description": "Only this speaker's; empty: anybody's."}},
        ("words",),
    ),
    _function("read_turn", "All sentences of a turn.", {"turn": {**_TEXT, "description": "t12"}}, ("turn",)),
)


class Toolbox:
    """The tools over one question; keeps what was calculated.

    Attributes:
        done: calculations, [c1] first; those that the rules propose before those that the model has run.
        refusal: why the last calculation was refused.
        given: what inputs may come from, and which sentences may be cited.
    """

    def __init__(self, index: PassageIndex, given: Given, proposed: Sequence[CalculationTrace] = ()) -> None:
        self.index, self.given = index, given
        self.done = [*proposed]
        self.refusal: CalculatorInputError | None = None
        self._calls = self._run = 0

    def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """What a call comes to, for the model to read; a refusal is a sentence too."""
        self._calls += 1
        if self._calls > _MOST_CALLS:
            return "Refused: too many calls; answer now."
        does = {
            "find_calculator": self._find,
            "calculate": self._calculate,
            "search": self._search,
            "read_turn": self._turn,
        }.get(name)
        return does(arguments)[:_LONGEST] if does is not None else "Refused: there is no such function."

    def _find(self, arguments: Mapping[str, Any]) -> str:
        from assistant.numeric.figured import Figured
        from assistant.numeric.heard import hear
        from assistant.tools import json_schema

        kinds = hear(Figured(str(arguments.get("question", ""))[:2_000])).kinds
        names = [name for name in sorted(kinds, key=lambda kind: -kinds[kind]) if name in calculators()][:_FOUND]
        found = []
        for name in names:
            schema = _compact(json_schema(calculators()[name]))
            found.append({"name": name, "what": schema.pop("description", ""), "inputs": schema})
        written = [json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in found]
        while len(written) > 1 and sum(map(len, written)) > _LONGEST // 2:
            written.pop()  # rather fewer of them than a schema that is cut off
        return "\n".join(written)

    def _calculate(self, arguments: Mapping[str, Any]) -> str:
        from assistant.tools import as_langchain_tool

        call = _as_calculation(arguments)
        if call is None or call.name not in calculators():
            return "Refused: there is no such calculator; ask find_calculator."
        if self._run >= _MOST_CALCULATIONS:
            return "Refused: too many calculations; answer now."
        self._run += 1
        checked = origins(self.given, call.sources)
        given: dict[str, JsonValue] = {name: value for name, value in call.arguments.items() if value is not None}
        try:
            checked(call.name, given)  # asked here as well, to keep the refusal for the reader
        except CalculatorInputError as refusal:
            self.refusal = refusal
        try:
            tool = as_langchain_tool(calculators()[call.name], checked)
            message = tool.invoke({"name": call.name, "args": given, "id": "1", "type": "tool_call"})
        except (ValueError, TypeError):
            return "Refused: the arguments do not fit the schema."
        if not isinstance(message.artifact, CalculationTrace):
            return str(message.content)
        self.done.append(with_places(message.artifact, self.index.transcript))
        return f"[c{len(self.done)}] {told(message.artifact)}"

    def _search(self, arguments: Mapping[str, Any]) -> str:
        from corpus.speakers import find_speakers

        words = str(arguments.get("words", ""))[:500]
        if not any(c.isalnum() for c in words):
            return "Refused: say what to look for."
        transcript = self.index.transcript
        wanted = find_speakers(str(arguments.get("speaker", "")), transcript.speakers)
        hits = self.index.search(words, _HITS, Filters(speaker_ids=tuple(s.id for s in wanted)))
        return self._shown([hit.id for hit in hits])

    def _turn(self, arguments: Mapping[str, Any]) -> str:
        try:
            turn = self.index.transcript.turn(str(arguments.get("turn", "")).strip().lower().partition(".")[0])
        except UnknownReferenceError:
            return "Refused: there is no such turn."
        return self._shown([s.id for s in self.index.transcript.sentences_of(turn.id)])

    def _shown(self, ids: Sequence[str]) -> str:
        """The sentences, which may be cited from now on."""
        if not ids:
            return "Nothing comes near."
        self.given = Given(
            self.given.questions, self.given.transcript, self.given.shown | frozenset(ids), self.given.earlier
        )
        return prompts.numbered(self.index.transcript, ids, self.index.notes)


def told(trace: CalculationTrace) -> str:
    """A calculation in few words: what it comes to, every result, every input."""
    numbers = [o for o in trace.outputs if isinstance(o.value, int | float)]
    results = "; ".join(f"{o.name} = {o.value:g} {o.unit}".rstrip() for o in numbers)
    inputs = "; ".join(f"{a.name} = {a.value} {a.unit} ({a.origin.kind})" for a in trace.arguments)
    return f"{trace.summary.en} Results: {results}. Inputs: {inputs}."


def _compact(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without titles and the like, which tell a model nothing."""
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "title" and isinstance(value, str):
            continue
        made[key] = _compact(value) if isinstance(value, dict) else value
    return made


def _as_calculation(arguments: Mapping[str, Any]) -> Calculate | None:
    sources = arguments.get("sources")
    if not isinstance(sources, dict) or not all(isinstance(v, str) for v in sources.values()):
        sources = {}
    inputs = arguments.get("arguments")
    if not isinstance(inputs, dict):
        return None
    try:
        return read(
            Calculate,
            {"name": arguments.get("name"), "arguments": inputs, "sources": {str(k): v for k, v in sources.items()}},
        )
    except ModelOutputError:
        return None
