"""How well many debates are asked at once: a small library of ten, in two languages, with people who come back.

    python -m evals library                 # the part that may be looked at
    python -m evals library --sealed        # every third question; look once
    python -m evals library --misses        # what went wrong, of the first part alone

A question is right when a sentence that answers is quoted (or, where none does, when nothing is; or when it is asked
back which of two people is meant), complete when every debate that answers is quoted with one. Wrong debate, person and
date count answers that quote a debate, a speaker or a date that the question excludes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TextIO

from pydantic import BaseModel, ConfigDict

from assistant.library.library import Library
from assistant.library.types import LibraryAnswer
from corpus.library import debate_on_record

FOLDER = Path(__file__).parent
_COLUMNS = ("questions", "right", "complete", "false silence", "wrong debate", "wrong person", "wrong date", "altered")


class Item(BaseModel):
    """A question of the set."""

    model_config = ConfigDict(extra="forbid")

    id: str
    language: Literal["zh", "en"]
    kind: str
    question: str
    quotes: list[tuple[str, str]]  # (file, words of a sentence that answers)
    debates: list[str] | None = None  # the only files that may be quoted
    people: list[str] | None = None  # the only speakers that may be quoted
    then: str | None = None  # what was asked before it
    ends: Literal["silence", "which"] | None = None  # what is to come instead of quotes


class Judged(NamedTuple):
    """What became of a question."""

    item: Item
    right: bool
    complete: bool
    silent: bool  # nothing was quoted though something answers
    wrong_debate: bool
    wrong_person: bool
    wrong_date: bool
    altered: bool  # a quote that is not its slice of the transcript
    told: str


def items(name: str) -> list[Item]:
    """The questions of a part, "dev" or "sealed"."""
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").split("\n")
    return [Item.model_validate_json(line) for line in lines if line]


def open_small() -> tuple[Library, dict[str, str]]:
    """The library of ten, which leaves nothing behind; hash → name of its file without suffix."""
    library = Library.open(save=False)
    files = sorted((FOLDER / "debates").glob("*.txt"))
    return library, {library.add(path)[0].sha256: path.stem for path in files}


def judge(item: Item, library: Library, files: dict[str, str]) -> Judged:
    """Ask a question and look at the answer."""
    earlier = [library.answer(item.then)] if item.then else []
    answer = library.answer(item.question, earlier=earlier)
    said = [(files[card.sha256], quote) for card, quote in answer.quotes]
    held = {
        (file, words) for file, words in item.quotes for where, quote in said if file == where and words in quote.text
    }
    wanted = {file for file, _ in item.quotes if item.debates is None or file in item.debates}
    if item.ends is None:
        right, complete = bool(held), {file for file, _ in held} >= wanted
    else:
        right = complete = _ends(answer) == item.ends
    strays = item.debates is not None and any(file not in item.debates for file, _ in said)
    return Judged(
        item,
        right,
        complete,
        item.ends is None and not said,
        wrong_debate=strays and item.kind != "date",
        wrong_person=item.people is not None and any(q.speaker not in item.people for _, q in said),
        wrong_date=strays and item.kind == "date",
        altered=any(
            debate_on_record(library.store, card.sha256).transcript.words(quote) != quote.text
            for card, quote in answer.quotes
        ),
        told=answer.text,
    )


def _ends(answer: LibraryAnswer) -> str | None:
    if answer.reason is None:
        return None
    return "which" if answer.reason == "needs_context" else "silence"


def row(judged: Sequence[Judged]) -> list[float]:
    """One row of the table, in the order of its columns: counts, and shares of the questions."""
    count = len(judged)
    return [
        count,
        sum(j.right for j in judged) / count,
        sum(j.complete for j in judged) / count,
        *(sum(getattr(j, name) for j in judged)
          for name in ("silent", "wrong_debate", "wrong_person", "wrong_date", "altered")),
    ]  # fmt: skip


def print_library(out: TextIO, *, sealed: bool = False, misses: bool = False) -> int:
    """Measure and print the table; 1 where a wrong debate, person or date was quoted, or a quote was altered."""
    library, files = open_small()
    with library:
        judged = [judge(item, library, files) for item in items("sealed" if sealed else "dev")]
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.item.kind].append(one)
        groups["English" if one.item.language == "en" else "Chinese"].append(one)
    out.write(f"{len(files)} debates, {'sealed' if sealed else 'development'} questions\n\n")
    out.write(f"| | {' | '.join(_COLUMNS)} |\n|---|{'---:|' * len(_COLUMNS)}\n")
    for name, group in [*sorted(groups.items()), ("all", judged)]:
        count, right, complete, *wrong = row(group)
        cells = [f"{count:.0f}", f"{right:.2f}", f"{complete:.2f}", *(f"{value:.0f}" for value in wrong)]
        out.write(f"| {name} | {' | '.join(cells)} |\n")
    if misses and not sealed:
        for one in judged:
            bad = one.wrong_debate or one.wrong_person or one.wrong_date or one.altered
            if bad or not (one.right and one.complete):
                out.write(f"\n{one.item.id} {one.item.kind}: {json.dumps(one.item.question, ensure_ascii=False)}\n")
                out.write("".join(f"    {line}\n" for line in one.told.split("\n")))
    wrong_at_all = any(j.wrong_debate or j.wrong_person or j.wrong_date or j.altered for j in judged)
    return 1 if wrong_at_all else 0
