"""The questions of ``dev.jsonl`` and ``sealed.jsonl``, read and checked; and prompts with figures that ask for words.

Knows the form (README.md beside the files tells it), nothing of what answers. Nobody looks at a sealed question while
mending: listings show the development split only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field, ValidationError, model_validator

from corpus.types import Frozen
from evals.casebook import load_cases
from evals.errors import CaseError, LineError
from evals.jsonl import read_lines
from evals.numbers.units import known
from evals.types import Language
from evals.written import all_written

FOLDER = Path(__file__).parent
Split = Literal["dev", "sealed", "all"]
Expect = Literal["value", "ask", "either", "quote"]
# Not as the product reads figures: the set must not change with what it measures.
_FIGURE = re.compile(
    r"\d|[二两三四五六七八九十百千万亿]|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|"
    r"fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion|half|third|quarter|dozen|twice)\b",
    re.IGNORECASE,
)


class NumberTurn(Frozen):
    """One question and what it should come to.

    Attributes:
        expect: "value" a number; "ask" one question back; "either" of the two; "quote" words, no calculation.
        values: what is asked for, in the order asked; empty where there is no number to compare with.
        unit: of every value, or one a value; as the calculators write units, and a few more (README.md).
        tolerance: relative; of a nought 0.005 absolute.
        sign_free: the words carry the direction, sizes are compared.
        accept: other values that are right as well, each a whole answer, in the same unit or in per cent.
        tool: the calculation that gives it; "plain" arithmetic, "none".
    """

    question: str = Field(min_length=1)
    expect: Expect
    values: tuple[float | str, ...] = ()
    unit: str | tuple[str, ...] = ""
    tolerance: float = Field(default=0.01, gt=0, lt=1)
    sign_free: bool = False
    accept: tuple[tuple[float | str, ...], ...] = ()
    tool: str = ""
    note: str = ""

    @property
    def units(self) -> tuple[str, ...]:
        """The unit of each value."""
        return (self.unit,) * len(self.values) if isinstance(self.unit, str) else self.unit

    @property
    def asks_number(self) -> bool:
        """Whether a calculation, or a question back for one, is the answer."""
        return self.expect != "quote"

    @model_validator(mode="after")
    def _consistent(self) -> NumberTurn:
        if self.values and self.expect in ("quote", "ask"):
            raise ValueError(f"a turn that expects {self.expect!r} has no values")
        if len(self.units) != len(self.values):
            raise ValueError("unit names one unit, or one for each value")
        unknown = [unit for unit in self.units if not known(unit)]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no unit that can be compared")
        if self.accept and not self.values:
            raise ValueError("what else is accepted needs values that it stands for")
        return self


class NumberItem(Frozen):
    """A conversation, or a single question; the members of a ``group`` ask the same in other words."""

    id: str = Field(min_length=1)
    family: str = Field(min_length=1)
    language: Language
    group: str = ""
    turns: tuple[NumberTurn, ...] = Field(min_length=1)


class Prompt(NamedTuple):
    """A question with figures in it that asks what was said."""

    source: str  # "cases" or "written debates"
    language: Language
    question: str


def load_items(split: Split = "dev", folder: Path = FOLDER) -> tuple[NumberItem, ...]:
    """The questions of a split, in the order of the files.

    Raises:
        EvaluationError: A file cannot be read.
        LineError: A line has not the form; names the field.
        CaseError: Two share an id.
    """
    items: list[NumberItem] = []
    for name in ("dev", "sealed") if split == "all" else (split,):
        path = folder / f"{name}.jsonl"
        for line, value in read_lines(path):
            try:
                items.append(NumberItem.model_validate(value))
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(str(part) for part in first["loc"]) or "the question"
                what = first["msg"].removeprefix("Value error, ")
                raise LineError(path, line, f"{place}: {what}.") from error
    doubled = [identifier for identifier, n in Counter(item.id for item in items).items() if n > 1]
    if doubled:
        raise CaseError(f"Several questions share the id {doubled[0]!r}; give each its own.")
    return tuple(items)


def worded_prompts(split: Split = "dev") -> Iterator[Prompt]:
    """Questions that open a conversation, have a figure, and ask for words: of the cases and of the written debates.

    The cases' test split and the debates' sealed fifth count as sealed.
    """
    for case in load_cases():
        turn = case.turns[0]
        sealed = case.split == "test"
        words = turn.kind != "numeric" and not turn.calculations and turn.refusal is None
        if words and _within(split, sealed) and _FIGURE.search(turn.question):
            yield Prompt("cases", case.language, turn.question)
    for debate in all_written():
        for asked in debate.asked:
            if _within(split, debate.sealed) and _FIGURE.search(asked.question):
                yield Prompt("written debates", "zh" if asked.language == "zh" else "en", asked.question)


def _within(split: Split, sealed: bool) -> bool:
    return split == "all" or sealed == (split == "sealed")
