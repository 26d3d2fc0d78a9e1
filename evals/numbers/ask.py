"""Asking the questions: of what reads and computes them alone, or of the whole product.

A conversation carries its last plan as the product's graph does: a turn without a calculation leaves it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple, Protocol

from assistant.graph import Pipeline, State
from assistant.numeric.plan import Clarification, NumericPlan, Refusal
from assistant.numeric.read import understand_numeric
from assistant.numeric.work import Done, work
from assistant.types import Answer
from evals.numbers.items import NumberItem, NumberTurn, Prompt
from evals.numbers.judge import Outcome, Shown, judge, results_of
from evals.types import Language

Progress = Callable[[int, int], None] | None


class Judged(NamedTuple):
    """A turn and what became of it; ``number`` counts the item's turns from 0, ``ms`` is the time of reading."""

    item: NumberItem
    number: int
    turn: NumberTurn
    shown: Shown
    outcome: Outcome
    ms: float


class Thread(Protocol):
    """One conversation."""

    def ask(self, question: str) -> tuple[Shown, float]:
        """What is shown, and the milliseconds it took to read (of the whole product: to answer)."""
        ...


class ReaderThread:
    """A conversation with the reader and the calculators alone."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self._last: NumericPlan | None = None

    def ask(self, question: str) -> tuple[Shown, float]:
        """As ``Thread.ask``."""
        begun = time.perf_counter()
        plan = understand_numeric(question, self._last, self._language)
        spent = (time.perf_counter() - begun) * 1000
        if plan is None:
            return Shown("none"), spent
        self._last = plan
        return shown_of(plan, work(plan), self._language), spent


class ProductThread:
    """A conversation with the whole product."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._answers: list[Answer] = []

    def ask(self, question: str) -> tuple[Shown, float]:
        """As ``Thread.ask``."""
        begun = time.perf_counter()
        state: State = {"question": question, "thread": tuple(self._answers)}
        for added in self._pipeline.run(state):
            state.update(added)
        self._answers.append(state["answer"])
        return shown_in(state["answer"]), (time.perf_counter() - begun) * 1000


def open_product() -> Callable[[Language], Thread]:
    """A way to begin conversations with the product on the debate that ships.

    Raises:
        DebateError: The debate or its index cannot be opened.
    """
    from corpus.library import open_debate
    from index.search import PassageIndex

    pipeline = Pipeline(PassageIndex.in_memory(open_debate().transcript))
    return lambda language: ProductThread(pipeline)


def ask_all(
    items: Iterable[NumberItem], begin: Callable[[Language], Thread] = ReaderThread, progress: Progress = None
) -> list[Judged]:
    """Every turn of every item, each item in a conversation of its own. An error is an outcome, not the end."""
    items, found = tuple(items), list[Judged]()
    for done, item in enumerate(items, start=1):
        thread = begin(item.language)
        for number, turn in enumerate(item.turns):
            shown, ms = _asked(thread, turn.question)
            found.append(Judged(item, number, turn, shown, judge(turn, shown), ms))
        if progress is not None:
            progress(done, len(items))
    return found


def ask_prompts(prompts: Iterable[Prompt]) -> Iterator[tuple[Prompt, Shown]]:
    """Each prompt in a conversation of its own, as the reader takes it."""
    for prompt in prompts:
        yield prompt, _asked(ReaderThread(prompt.language), prompt.question)[0]


def _asked(thread: Thread, question: str) -> tuple[Shown, float]:
    try:
        return thread.ask(question)
    except Exception as error:  # a crash is a result to be measured and listed
        return Shown("failed", texts=(f"{type(error).__name__}: {error}",)), float("nan")


def shown_of(plan: NumericPlan, done: Done | Clarification | Refusal, language: Language) -> Shown:
    """A finished plan as it is shown."""
    read = _read(plan)
    if isinstance(done, Clarification):
        return Shown("asked", texts=(done.message,), read=read)
    if isinstance(done, Refusal):
        return Shown("refused", texts=(done.message,), read=read)
    typed, words = results_of(done.traces)
    cells = (cell[language] for row in ((*done.columns,), *done.rows) for cell in row)
    headline = (done.asked.value, done.asked.unit) if done.asked is not None else None
    return Shown("tentative" if done.tentative else "done", headline, typed, words, (done.lead[language], *cells), read)


def shown_in(answer: Answer) -> Shown:
    """An answer of the product."""
    if answer.numeric is None:
        return Shown("none", texts=(answer.lead,))
    read = _read(answer.numeric)
    if answer.abstention is not None:
        refused = answer.abstention.reason == "refused_input"
        return Shown("refused" if refused else "asked", texts=(answer.abstention.message,), read=read)
    typed, words = results_of(answer.calculations)
    cells = (cell for row in (answer.table.columns, *answer.table.rows) for cell in row) if answer.table else ()
    headline = (answer.headline.value, answer.headline.unit) if answer.headline is not None else None
    kind: Literal["done", "tentative"] = "tentative" if answer.numeric.doubt else "done"
    return Shown(kind, headline, typed, words, (answer.lead, *cells), read)


def _read(plan: NumericPlan) -> str:
    given = {k: v for k, v in plan.arguments.items() if k not in plan.origins or plan.origins[k].kind != "default"}
    told = ", ".join(f"{name}={value}" for name, value in (given | dict(plan.versus) | dict(plan.target)).items())
    return f"{plan.op} {plan.calculator}({told}) → {plan.asked}"
