"""The outcomes as a table: shares by language or family, groups of paraphrases, prompts that ask for words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Literal, NamedTuple

from evals.numbers.ask import Judged
from evals.numbers.items import Prompt
from evals.numbers.judge import OUTCOMES, Shown

By = Literal["family", "language"]
_HEAD = ("", "turns", "right", "right or asked", "silently wrong", "follow-ups right", "words", "spurious",
         "asked back", "ms")  # fmt: skip


class Figures(NamedTuple):
    """What a set of turns comes to; shares from 0 to 1, nan where there is nothing to count.

    Attributes:
        turns: that ask for a number and can be scored; the next four are shares of them.
        follow_ups: right, of those that are not the first of their item.
        words: turns that ask for words; the next two are shares of them.
        spurious: answered by a number.
        asked_back: answered by a question, or a refusal, about a calculation.
        ms: median of reading.
    """

    turns: int
    right: float
    right_or_asked: float
    wrong: float
    follow_ups: float
    words: int
    spurious: float
    asked_back: float
    ms: float


def figures(judged: Sequence[Judged]) -> Figures:
    """Counts and shares of some turns."""
    numbers = [j for j in judged if j.turn.asks_number and j.outcome != "unscored"]
    words = [j for j in judged if not j.turn.asks_number]
    times = [j.ms for j in judged if not math.isnan(j.ms)]
    return Figures(
        len(numbers),
        _share(j.outcome == "right" for j in numbers),
        _share(j.outcome in ("right", "asked") for j in numbers),
        _share(j.outcome == "wrong" for j in numbers),
        _share(j.outcome == "right" for j in numbers if j.number),
        len(words),
        _share(j.outcome == "spurious" for j in words),
        _share(j.outcome in ("asked", "refused") for j in words),
        median(times) if times else math.nan,
    )


def groups(judged: Sequence[Judged]) -> dict[str, bool]:
    """Whether every turn of every member of a group is right, by group."""
    found: dict[str, bool] = {}
    for j in judged:
        if j.item.group:
            found[j.item.group] = found.get(j.item.group, True) and j.outcome == "right"
    return found


def table(judged: Sequence[Judged], by: By = "language") -> str:
    """Markdown: all of them, then by language or family, then what became of the turns."""
    rows: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        rows[j.item.language if by == "language" else j.item.family].append(j)
    lines = [f"| {' | '.join(_HEAD)} |", f"|---|{'---:|' * (len(_HEAD) - 1)}", _row("all", judged)]
    lines += [_row(name, rows[name]) for name in sorted(rows)]
    counted = Counter(j.outcome for j in judged)
    told = [f"{counted[outcome]} {outcome}" for outcome in OUTCOMES if counted[outcome]]
    lines += ["", f"Turns: {', '.join(told)}."]
    if held := groups(judged):
        lines.append(f"Groups of paraphrases all right: {sum(held.values())} of {len(held)}.")
    return "\n".join(lines)


def _row(name: str, judged: Sequence[Judged]) -> str:
    f = figures(judged)
    shares = [_percent(s) for s in (f.right, f.right_or_asked, f.wrong, f.follow_ups)]
    of_words = [_percent(f.spurious), _percent(f.asked_back)]
    ms = "–" if math.isnan(f.ms) else f"{f.ms:.1f}"
    return f"| {name} | {f.turns} | {' | '.join(shares)} | {f.words} | {' | '.join(of_words)} | {ms} |"


def prompts_table(answered: Iterable[tuple[Prompt, Shown]]) -> str:
    """Markdown: prompts with figures that ask for words, by where they come from."""
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for prompt, shown in answered:
        kinds[prompt.source][shown.kind] += 1
        kinds["all"][shown.kind] += 1
    lines = ["| prompts with figures that ask for words | prompts | spurious | asked back |", "|---|---:|---:|---:|"]
    for source in sorted(kinds, key=lambda name: (name != "all", name)):
        whole = kinds[source].total()
        back = kinds[source]["asked"] + kinds[source]["refused"]
        lines.append(f"| {source} | {whole} | {_percent(kinds[source]['done'] / whole)} | {_percent(back / whole)} |")
    return "\n".join(lines)


def misses(judged: Iterable[Judged]) -> Iterator[str]:
    """A line for every turn that is not as it should be: question, what was expected, what was read and shown."""
    for j in judged:
        if j.outcome in ("right", "quoted", "unscored"):
            continue
        unit = j.turn.unit if isinstance(j.turn.unit, str) else ", ".join(j.turn.unit)
        wanted = f"{', '.join(map(str, j.turn.values))} {unit}".strip() if j.turn.values else j.turn.expect
        yield (
            f"{j.item.id}.{j.number} [{j.outcome}] {j.turn.question}\n"
            f"    wanted {wanted} ({j.turn.tool}); read {j.shown.read or 'nothing'}; "
            f"shown {' '.join(j.shown.texts[:1])[:200] or 'nothing'}"
        )


def prompt_misses(answered: Iterable[tuple[Prompt, Shown]]) -> Iterator[str]:
    """A line for every prompt that was taken for a calculation."""
    for prompt, shown in answered:
        if shown.kind != "none":
            outcome = "spurious" if shown.kind == "done" else shown.kind
            yield f"{prompt.source} [{outcome}] {prompt.question}\n    read {shown.read}"


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else math.nan


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"
