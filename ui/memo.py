"""A memo: quotes, figures and calculations that a reader collected, with the reader's own words between them.

Items name sentence ids and inputs; the words come from the transcript and the numbers from the calculators, anew, when
the memo is written. It has the form of an export, so that `debate verify` reads it back.

    write(Memo("Depreciation", (Note("Two views."), Quoted(("t12.4",)))), debate, "en")
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from assistant.calculators.trace import CalculationTrace
from corpus.errors import DebateError
from corpus.library import Debate
from corpus.quotes import quote_sentences
from corpus.types import Quote
from ui.errors import UsageError
from ui.export import MAKER, calculation_rows, checksum_line, escape, notes_hash, quote_block
from ui.palette import initials
from ui.words import Language, word

MOST = 200  # items of a memo
LONGEST = 8_000  # characters of a note


class Note(NamedTuple):
    """The reader's own words."""

    text: str


class Quoted(NamedTuple):
    """Adjacent sentences, by id; what a figure among them is, where it was collected as one."""

    ids: tuple[str, ...]
    label: str = ""


class Computed(NamedTuple):
    """A calculation."""

    trace: CalculationTrace


Item = Note | Quoted | Computed


class Memo(NamedTuple):
    """What is written, in its order."""

    title: str
    items: tuple[Item, ...]


def quoted(item: Quoted, debate: Debate) -> Quote:
    """The words of an item. Raises DebateError where the debate has no such sentences."""
    return quote_sentences(debate.transcript, item.ids, debate.notes)


def write(memo: Memo, debate: Debate, language: Language) -> str:
    """The memo as Markdown with one line at its end by which it is verified.

    Raises:
        UsageError: There is nothing in it.
        DebateError: It quotes what the debate does not have.
    """
    if not memo.items:
        raise UsageError("The memo is empty; collect a quote first.")
    body = "\n".join(_rows(memo, debate, language)).rstrip("\n") + "\n"
    return f"{body}\n{checksum_line(body, language)}\n"


def _rows(memo: Memo, debate: Debate, language: Language) -> Iterator[str]:
    transcript, tags = debate.transcript, initials(debate.transcript.speakers)
    title = escape(" ".join((memo.title or word("memo", language)).split()))
    source = escape(" ".join(transcript.title.split()))
    yield from (f"# {title}", "")
    facts = [f"{word('transcript', language)}: {source} · SHA-256 `{transcript.sha256}`"]
    facts.append(f"{word('notes_hash', language)}: SHA-256 `{notes_hash(debate)}`")
    yield from (" · ".join([*facts, word("exported", language, maker=MAKER)]), "", f"*{word('legend', language)}*", "")
    for item in memo.items:
        if isinstance(item, Note):
            for paragraph in item.text.split("\n"):
                if paragraph.strip():
                    yield from (escape(" ".join(paragraph.split())), "")
        elif isinstance(item, Quoted):
            if item.label:
                yield from (f"**{escape(' '.join(item.label.split()))}**", "")
            yield from quote_block(quoted(item, debate), transcript.sha256, tags, language)
        else:
            yield from calculation_rows(item.trace, debate, tags, language)


def items_of(said: Sequence[Any], debate: Debate, traces: Mapping[int, CalculationTrace]) -> tuple[Item, ...]:
    """A page's list of items, checked; ``traces``: the calculations among them, by place.

    Raises:
        UsageError: There are too many, or one is of no form that is known.
        DebateError: One quotes what the debate does not have.
    """
    if len(said) > MOST:
        raise UsageError(f"A memo holds up to {MOST} items; take some out.")
    made: list[Item] = []
    for at, one in enumerate(said):
        kind = one.get("kind") if isinstance(one, Mapping) else None
        if kind == "note":
            made.append(Note(str(one.get("text", ""))[:LONGEST]))
        elif kind == "quote":
            item = Quoted(tuple(str(one.get("ids", "")).split()), str(one.get("label", ""))[:300])
            quoted(item, debate)
            made.append(item)
        elif kind == "calculation" and at in traces:
            made.append(Computed(traces[at]))
        else:
            raise DebateError(f"Item {at + 1} of the memo cannot be read any more; take it out.")
    return tuple(made)
