"""Reading the cases of ``evals/cases/*.jsonl`` and checking them against the transcript.

Knows the file format (one single question or one conversation a line; README.md beside the cases tells it) and nothing
of any system that answers them. Single questions become conversations of one turn.

    python -m evals check
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.errors import CaseError, EvaluationError, LineError
from evals.ground import Ground
from evals.jsonl import read_lines
from evals.types import SUITES, Case, SpokenQuote, Suite

CASES = Path(__file__).parent / "cases"
_TURN_FIELDS = ("question", "rewrite", "kind", "gold", "acceptable", "facts", "unanswerable", "calculations", "refusal")


def load_cases(folder: Path = CASES, suites: Iterable[str] = SUITES) -> tuple[Case, ...]:
    """The cases of some suites, in the order of the files. A file's suite is its name up to the first dot.

    Raises:
        EvaluationError: A suite is unknown, has no files, or a file cannot be read.
        LineError: A line is not a case.
        CaseError: Two cases share an id.
    """
    cases: list[Case] = []
    for suite in suites:
        if suite not in SUITES:
            raise EvaluationError(f"There is no suite {suite!r}; choose among {', '.join(SUITES)}.")
        paths = sorted(folder.glob(f"{suite}.*.jsonl"))
        if not paths:
            raise EvaluationError(f"The suite {suite!r} has no files {suite}.*.jsonl in {folder}.")
        for path in paths:
            cases.extend(parse_case(path, line, value, suite) for line, value in read_lines(path))
    doubled = [identifier for identifier, n in Counter(case.id for case in cases).items() if n > 1]
    if doubled:
        raise CaseError(f"Several cases share the id {doubled[0]!r}; give every case its own.")
    return tuple(cases)


def parse_case(path: Path, line: int, value: dict[str, Any], suite: Suite) -> Case:
    """One line of a case file → Case.

    Raises:
        LineError: It does not have the format; names the field.
    """
    fields = dict(value)
    if "turns" not in fields:
        fields["turns"] = [{name: fields.pop(name) for name in _TURN_FIELDS if name in fields}]
    try:
        return Case(suite=suite, **fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LineError(path, line, f"{place or 'the case'}: {first['msg'].removeprefix('Value error, ')}.") from error
    except TypeError as error:
        raise LineError(path, line, f"not a case: {error}.") from error


def check_cases(cases: Iterable[Case], ground: Ground) -> list[str]:
    """What is wrong with the cases, one sentence each: quotes that do not stand, word for word, in a turn of the named
    speaker; rewritings that are missing after a conversation's first turn; shares of the test split that are off.
    """
    problems: list[str] = []
    splits: Counter[tuple[str, str]] = Counter()
    for case in cases:
        splits[case.suite, case.split] += 1
        for number, turn in enumerate(case.turns, start=1):
            place = f"{case.id} turn {number}" if case.conversation else case.id
            if number > 1 and not turn.rewrite:
                problems.append(f"{place}: has no rewrite.")
            for name, quote in _quotes(turn.gold, turn.acceptable):
                if not ground.spans(quote.speaker, quote.quote):
                    start = quote.quote[:30]
                    problems.append(f"{place}: the {name} quote {start!r} is not in a turn of {quote.speaker}.")
    for suite in {suite for suite, _ in splits}:
        test, dev = splits[suite, "test"], splits[suite, "dev"]
        if not 0.28 <= test / (test + dev) <= 0.38:
            problems.append(f"{suite}: {test} of {test + dev} cases are in the test split; it should be a third.")
    return problems


def _quotes(gold: Iterable[Any], acceptable: Iterable[SpokenQuote]) -> Iterator[tuple[str, SpokenQuote]]:
    for need in gold:
        for quote in need.any:
            yield "gold", quote
    for quote in acceptable:
        yield "acceptable", quote
