"""Answer → the blocks that every door shows, in their order: lead, lines, notes, table, silence, calculations.

A writer matches over the kinds; it decides how a block looks and never what is in it.

    for block in blocks(answer):
        match block:
            case Lead(text): ...
            case Line(speaker, stance, text, quotes): ...
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from assistant.calculators.trace import CalculationTrace
from assistant.types import Answer, Claim, Shape, Statement, Table
from assistant.wording import attribution, checked, checks, pick, stance_mark
from corpus.annotations import Language, StanceKind
from corpus.types import Quote


class Trouble(NamedTuple):
    """Why the configured model did not answer."""

    text: str


class Altered(NamedTuple):
    """What of a kept answer no longer matches the transcript."""

    problems: tuple[str, ...]


class Unsaved(NamedTuple):
    """Why an answer is not on record."""

    why: str


class Lead(NamedTuple):
    """The opening sentence, ours."""

    text: str


class Line(NamedTuple):
    """One speaker: where they stand, our summary, the quotes that say so, the best first."""

    speaker: str | None  # None where the line is about several
    stance: StanceKind | None
    text: str
    quotes: tuple[Quote, ...]
    status: str = ""  # how a model's words were judged
    withdrawn: str = ""  # a model's words that the quotes contradict, in place of ``text``
    doubtful: bool = False  # whether a reader of prose is told the status: not where the quotes simply carry it


class Prose(NamedTuple):
    """A line of a chat model's prose: its sentences, each with the quotes that it rests on."""

    shape: Shape
    sentences: tuple[Line, ...]


class Grid(NamedTuple):
    """The lines as a table; it stands for them."""

    table: Table


class Note(NamedTuple):
    """A sentence of ours below the lines: who is silent, what was not said."""

    text: str


class Silence(NamedTuple):
    """That there is no answer, who did speak, and the nearest words."""

    message: str
    spoke: tuple[str, ...]
    nearest: tuple[Quote, ...]


class Calculated(NamedTuple):
    """A calculation."""

    trace: CalculationTrace


class Also(NamedTuple):
    """Quotes that belong to no line."""

    quotes: tuple[Quote, ...]


Block = Altered | Unsaved | Trouble | Lead | Line | Prose | Grid | Note | Silence | Calculated | Also


def blocks(answer: Answer) -> Iterator[Block]:
    """The blocks of an answer, in the order in which they are read."""
    if answer.altered:
        yield Altered(answer.altered)
    if answer.unsaved:
        yield Unsaved(answer.unsaved)
    if answer.trouble:
        yield Trouble(answer.trouble)
    if answer.lead:
        yield Lead(answer.lead)
    if answer.table is not None:
        yield Grid(answer.table)
    shown: set[int] = set()
    for block, claims in itertools.groupby(answer.claims, key=lambda claim: claim.block):
        lines = []
        for claim in claims:
            quotes = tuple(answer.quotes[at] for at in claim.quotes)
            status = checked(claim, answer.language)
            doubtful = bool(status) and claim.verdict != "supported"
            lines.append(Line(claim.speaker, claim.stance, claim.text, quotes, status, claim.withdrawn, doubtful))
            shown |= set(claim.quotes)
            shape = claim.shape
        if block is None:
            yield from lines
        else:
            yield Prose(shape, tuple(lines))
    rest = tuple(quote for at, quote in enumerate(answer.quotes) if at not in shown)
    if rest:
        yield Also(rest)
    for note in answer.notes:
        yield Note(note.text)
    if told := checks(answer):
        yield Note(told)
    if answer.abstention is not None:
        silence = answer.abstention
        yield Silence(silence.message, silence.spoke, silence.nearest)
    for trace in answer.calculations:
        yield Calculated(trace)


def own_statements(answer: Answer) -> list[Statement]:
    """Every sentence of ours in an answer, in order, with what each was derived from."""
    told = [Statement(text=answer.lead, basis=answer.basis)] if answer.lead else []
    told += [Statement(text=claim.text, basis=claim.basis) for claim in answer.claims if claim.text]
    told += answer.notes
    if answer.abstention is not None:
        told.append(Statement(text=answer.abstention.message))
    for trace in answer.calculations:
        if (summary := trace.summary[answer.language]) and summary != answer.lead:
            told.append(Statement(text=summary, basis=(f"calculation:{trace.calculator}",)))
    return told


def _cell(line: Line) -> str:
    said = line.withdrawn or line.text
    return f"{said} ({line.status})" if said and line.status else said


def table_of(claims: Sequence[Claim], quotes: Sequence[Quote], language: Language) -> Table | None:
    """Claims as a table: speaker, where they stand, our summary, in their words; None without claims."""
    lines = [
        Line(c.speaker, c.stance, c.text, tuple(quotes[at] for at in c.quotes), checked(c, language), c.withdrawn)
        for c in claims
    ]
    if not lines:
        return None
    heads = (("发言人", "Speaker"), ("立场", "Stance"), ("我们的概括", "Our summary"), ("原话", "In their words"))
    rows = []
    for line in lines:
        first = line.quotes[0] if line.quotes else None
        words = f"“{first.text}” — {attribution(first, language)}" if first is not None else ""
        if first is not None and language == "en" and first.gloss:
            words += f" [{first.gloss}]"
        rows.append((line.speaker or "", stance_mark(line.stance, language), _cell(line), words))
    used = [at for at in range(4) if any(row[at] for row in rows)]
    return Table(
        columns=tuple(pick(heads[at], language) for at in used),
        rows=tuple(tuple(row[at] for at in used) for row in rows),
    )
