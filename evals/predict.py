"""Answer questions the project has never seen: JSON Lines in, JSON Lines out, one line per question or turn.

In: ``{"id", "question"}`` or ``{"id", "turns": [{"id", "question"}]}``, a conversation answered in order in one
thread. Out: ``{"id", "abstained", "quotes": [{"speaker", "quote"}], "answer", "calculations": [{"calculator",
"arguments", "outputs"}], "lead", "own": [every sentence of ours], "plan", "headline": {"value", "unit", "text"} or
null, "latency_ms"}``. The whole input is checked before the first question is asked.

    python -m evals predict IN.jsonl -o OUT.jsonl
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

from evals.errors import LineError
from evals.jsonl import dump, field, identifier, read_lines
from evals.systems import System
from evals.types import Prediction


class Asked(NamedTuple):
    """One question and the name its answer goes by."""

    id: str | int
    question: str


def read_questions(path: Path) -> list[list[Asked]]:
    """The conversations of a file, in order; a single question is a conversation of one.

    Raises:
        EvaluationError: The file cannot be read.
        LineError: A line does not have the format.
    """
    return [_parse(path, line, value) for line, value in read_lines(path)]


def _parse(path: Path, line: int, value: dict[str, Any]) -> list[Asked]:
    name = identifier(path, line, value, "id")
    if "turns" not in value:
        if "question" not in value:
            raise LineError(path, line, 'has neither a "question" nor "turns"; give one of them.')
        return [Asked(name, field(path, line, value, "question"))]
    if "question" in value:
        raise LineError(path, line, 'has both a "question" and "turns"; give one of them.')
    turns = value["turns"]
    if not isinstance(turns, list) or not turns:
        raise LineError(path, line, '"turns" must be a list of at least one {"id", "question"}.')
    asked = []
    for number, turn in enumerate(turns, start=1):
        where = f"turn {number}"
        if not isinstance(turn, dict):
            raise LineError(path, line, f'{where} must be an object with "id" and "question".')
        asked.append(Asked(identifier(path, line, turn, "id", where), field(path, line, turn, "question", where)))
    return asked


def predict(
    conversations: Sequence[Sequence[Asked]], system: System, progress: Callable[[int, int], None] | None = None
) -> Iterator[tuple[dict[str, Any], Prediction]]:
    """(output line, prediction) for every question, in the order of the input.

    A question the system refuses with an error counts as abstained; ``prediction.error`` tells why.
    """
    for number, conversation in enumerate(conversations, start=1):
        predictions = system.answer([asked.question for asked in conversation])
        for asked, prediction in zip(conversation, predictions, strict=True):
            yield output_line(asked.id, prediction), prediction
        if progress is not None:
            progress(number, len(conversations))


def output_line(name: str | int, prediction: Prediction) -> dict[str, Any]:
    """A prediction in the published format."""
    return {
        "id": name,
        "abstained": prediction.abstained or prediction.error is not None,
        "quotes": [{"speaker": quote.speaker, "quote": quote.quote} for quote in prediction.quotes],
        "answer": prediction.error if prediction.error is not None else prediction.answer,
        "calculations": [
            {"calculator": made.calculator, "arguments": made.arguments, "outputs": made.outputs}
            for made in prediction.calculations
        ],
        "lead": prediction.lead,
        "own": list(prediction.own),
        "plan": prediction.plan,
        "headline": prediction.headline,
        "latency_ms": round(prediction.latency_ms, 3),
    }


def write_predictions(
    conversations: Sequence[Sequence[Asked]],
    system: System,
    file: IO[str],
    progress: Callable[[int, int], None] | None = None,
) -> list[tuple[str | int, str]]:
    """Write the output lines one by one; returns (id, reason) of the questions that the system failed on."""
    failed: list[tuple[str | int, str]] = []
    for line, prediction in predict(conversations, system, progress):
        file.write(dump(line) + "\n")
        file.flush()
        if prediction.error is not None:
            failed.append((line["id"], prediction.error))
    return failed
