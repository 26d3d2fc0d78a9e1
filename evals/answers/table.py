"""Asking the product the suite of answers, and the table of how it did.

Three columns: our debate with its notes, without them, and written debates, which nobody annotated. Misses are listed
of the development part alone.
"""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from assistant import Assistant
from assistant.graph import Pipeline, State
from assistant.types import Answer
from corpus.annotations import Annotations
from corpus.library import DEFAULT
from evals.answers.book import FAMILIES, FAMILY, FAR, OURS, Item, Turn, transcript_of
from evals.answers.score import MEASURES, Judged, judge
from evals.ground import Ground
from index.encoder import open_encoder
from index.search import PassageIndex
from index.types import Encoder

COLUMNS = ("ours", "without notes", "foreign")
_MEMORY = 12  # answers of a thread that a question is read in the light of, as at the front door
Progress = Callable[[int, int], None]


class Outcome(NamedTuple):
    """What became of one turn."""

    column: str
    item: Item
    turn: Turn
    answer: Answer
    judged: Judged
    timings_ms: Mapping[str, float]


def run(items: Sequence[Item], columns: Iterable[str] = COLUMNS, progress: Progress | None = None) -> list[Outcome]:
    """Every item asked in the columns that it belongs to; a conversation in a thread of its own."""
    wanted = [(column, item) for column in columns for item in items if (item.debate == OURS) == (column != "foreign")]
    wanted.sort(key=lambda pair: (COLUMNS.index(pair[0]), pair[1].debate))
    outcomes: list[Outcome] = []
    opened: tuple[str, str] | None = None
    for done, (column, item) in enumerate(wanted, start=1):
        if opened != (column, item.debate):
            opened = (column, item.debate)
            pipeline = _open(column, item.debate)
            _ask(pipeline, "?", [])  # what is built when first asked for is built
            ground, notes = Ground(pipeline.index.transcript), pipeline.index.notes
        outcomes += _answered(column, item, pipeline, ground, notes)
        if progress is not None:
            progress(done, len(wanted))
    return outcomes


def _answered(column: str, item: Item, pipeline: Pipeline, ground: Ground, notes: Annotations) -> Iterator[Outcome]:
    thread: list[Answer] = []
    for turn in item.turns:
        answer, timings = _ask(pipeline, turn.question, thread)
        before = thread[-1] if thread else None
        yield Outcome(column, item, turn, answer, judge(turn, answer, before, ground, item.debate, notes), timings)
        thread.append(answer)


def _ask(pipeline: Pipeline, question: str, thread: Sequence[Answer]) -> tuple[Answer, Mapping[str, float]]:
    state: State = {"question": question, "thread": thread[-_MEMORY:]}
    for added in pipeline.run(state):
        state.update(added)
    return state["answer"], state.get("timings_ms", {})


def _open(column: str, debate: str) -> Pipeline:
    if column == "foreign":
        return Pipeline(_foreign_index(debate))
    if column == "ours":
        with Assistant.open(save=False, light=True) as assistant:
            return assistant.pipeline
    with _copy() as path, Assistant.open(path, save=False, light=True) as assistant:
        return assistant.pipeline


@contextmanager
def _copy() -> Iterator[Path]:
    """Our transcript where no notes lie beside it."""
    with tempfile.TemporaryDirectory(prefix="debate-evaluation-") as folder:
        copy = Path(folder) / DEFAULT.name
        copy.write_bytes(DEFAULT.read_bytes())
        yield copy


@cache
def _encoder() -> Encoder:
    return open_encoder()


def _foreign_index(debate: str) -> PassageIndex:
    return PassageIndex.in_memory(transcript_of(debate), encoder=_encoder())


def table(outcomes: Sequence[Outcome], by: str = "family") -> str:
    """Share of good turns by kind or family and column, with numbers; then what holds across kinds."""
    columns = [column for column in COLUMNS if any(o.column == column for o in outcomes)]
    lines = [f"| | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name, chosen in _groups(outcomes, by):
        lines.append(_row(name, chosen, columns, _good))
    if by == "measure":
        for measure in MEASURES:
            lines.append(_row(measure, outcomes, columns, partial(_holds, measure)))
    lines.append(_row("all", outcomes, columns, _good))
    lines.append(_row(f"all, overlap < {FAR}", [o for o in outcomes if o.item.overlap < FAR], columns, _good))
    lines.append(_cells("false own sentences", outcomes, columns, _false))
    lines.append(_cells("conversations good to the end", outcomes, columns, _whole))
    lines.append(_cells("search, ms (median)", outcomes, columns, lambda some: _time(some, search=True)))
    lines.append(_cells("reading to grounding, ms (median)", outcomes, columns, lambda some: _time(some, search=False)))
    return "\n".join(lines)


def _groups(outcomes: Sequence[Outcome], by: str) -> Iterator[tuple[str, list[Outcome]]]:
    if by == "measure":
        return
    for family in FAMILIES:
        of_family = [o for o in outcomes if _family(o) == family]
        if by == "family":
            yield family, of_family
            continue
        for kind in dict.fromkeys(sorted(o.turn.kind for o in of_family)):
            yield f"{family}: {kind}", [o for o in of_family if o.turn.kind == kind]


def _family(outcome: Outcome) -> str:
    """Every turn but the first of a conversation is a follow-up."""
    return FAMILY[outcome.turn.kind] if outcome.turn is outcome.item.turns[0] else "follow-ups"


def _good(outcome: Outcome) -> bool:
    return outcome.judged.good


def _holds(measure: str, outcome: Outcome) -> bool:
    return not outcome.judged.faults[measure]


def _row(name: str, some: Sequence[Outcome], columns: Sequence[str], holds: Callable[[Outcome], bool]) -> str:
    def share(chosen: Sequence[Outcome]) -> str:
        return f"{sum(map(holds, chosen)) / len(chosen):.2f} ({len(chosen)})" if chosen else "–"

    return _cells(name, some, columns, share)


def _cells(name: str, some: Sequence[Outcome], columns: Sequence[str], tell: Callable[[Sequence[Outcome]], str]) -> str:
    return f"| {name} | {' | '.join(tell([o for o in some if o.column == column]) for column in columns)} |"


def _false(some: Sequence[Outcome]) -> str:
    wrong = sum(len({text for text, _ in o.judged.false}) for o in some)
    return f"{wrong} of {sum(o.judged.sentences for o in some)}"


def _whole(some: Sequence[Outcome]) -> str:
    by_item: dict[str, list[bool]] = defaultdict(list)
    for outcome in some:
        if outcome.item.conversation:
            by_item[outcome.item.id].append(outcome.judged.good)
    return f"{sum(all(turns) for turns in by_item.values())} of {len(by_item)}"


def _time(some: Sequence[Outcome], *, search: bool) -> str:
    spent = [sum(ms for step, ms in o.timings_ms.items() if (step == "retrieve") == search) for o in some]
    return f"{statistics.median(spent):.1f}" if spent else "–"


def misses(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Each turn of the development part that is not good, with what is wrong and the whole answer."""
    for outcome in outcomes:
        if outcome.judged.good or outcome.item.split != "dev":
            continue
        number = outcome.item.turns.index(outcome.turn) + 1
        place = f"{outcome.item.id} turn {number}" if outcome.item.conversation else outcome.item.id
        yield f"\n## {place} ({outcome.column}, {outcome.item.debate}, {outcome.turn.kind})\n{outcome.turn.question}"
        for measure, told in outcome.judged.faults.items():
            yield from (f"  ! {measure}: {fault}" for fault in told)
        yield "\n".join(f"  | {line}" for line in outcome.answer.text.splitlines())
