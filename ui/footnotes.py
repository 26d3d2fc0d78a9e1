"""Answer → Markdown with footnotes, for chat clients: our words with numbers, then each quote, who said it and where.

    - **Ethan Xu** [^1]

    [^1]: “我甚至在会议上听到谷歌公开说,他们7年前的TPU至今仍满负荷运转。” — Ethan Xu, relaying Google · t12.4

Pure. Quotes are numbered from 1 in the order in which they are first cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from assistant.library.types import LibraryAnswer
from assistant.types import Answer, Claim
from assistant.wording import calculation_lines, checked, checks, named
from corpus.quotes import spans_of
from corpus.types import Quote, Span
from ui.citation import is_foreign, moment, relation, sentence_range, speaker_of
from ui.export import escape, markdown_table
from ui.words import Language, word


class Citation(BaseModel):
    """A footnote as data: everything that is needed to check it."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(description="Of the footnote, from 1.")
    sentence_ids: list[str]
    turn_id: str
    speaker: str
    mode: str
    originator: str | None
    start: int = Field(description="Code points into the transcript file, half-open span.")
    end: int
    spans: list[Span] = Field(description="The pieces in which the words stand, in order; joined, they are the words.")
    seconds: float | None = Field(description="When it begins in the recording, where the file tells it.")
    time: str | None = Field(description='The same as it is shown: "0:39".')
    link: str | None = Field(description="The recording at that moment, where the file names one.")
    text: str = Field(description="The words, verbatim.")
    transcript_sha256: str


def cited(answer: Answer) -> list[Quote]:
    """The quotes of an answer in the order of their footnotes; an abstaining answer's are the nearest words."""
    order = [answer.quotes[at] for claim in answer.claims for at in claim.quotes] + list(answer.quotes)
    order += list(answer.abstention.nearest) if answer.abstention else []
    return list(dict.fromkeys(order))


def citations(answer: Answer) -> list[Citation]:
    """The footnotes as data."""
    return [
        Citation(
            number=number, sentence_ids=list(q.sentence_ids), turn_id=q.turn_id, speaker=q.speaker, mode=q.mode,
            originator=q.originator, start=q.start, end=q.end, spans=list(spans_of(q)), seconds=q.seconds, time=q.time,
            link=q.link, text=q.text, transcript_sha256=answer.transcript_sha256,
        )
        for number, q in enumerate(cited(answer), start=1)
    ]  # fmt: skip


def library_citations(answer: LibraryAnswer) -> list[Citation]:
    """The footnotes of an answer from several debates, each with its own transcript's hash."""
    told = [(card, quote) for card, quote in answer.quotes] or [(f.debate, f.quote) for f in answer.nearest]
    return [
        Citation(
            number=number, sentence_ids=list(q.sentence_ids), turn_id=q.turn_id, speaker=q.speaker, mode=q.mode,
            originator=q.originator, start=q.start, end=q.end, spans=list(spans_of(q)), seconds=q.seconds, time=q.time,
            link=q.link, text=q.text, transcript_sha256=card.sha256,
        )
        for number, (card, q) in enumerate(told, start=1)
    ]  # fmt: skip


def library_markdown(answer: LibraryAnswer) -> str:
    """An answer from several debates; every footnote names its debate and date."""
    language, rows = answer.language, list[str]()
    if answer.altered:
        rows.append(f"**{escape(word('altered', language, why='; '.join(answer.altered)))}**\n\n")
    if answer.unsaved:
        rows.append(f"*{escape(word('not_kept', language, why=answer.unsaved))}*\n\n")
    rows.append(f"{escape(answer.lead)}\n\n")
    if answer.table is not None:
        rows.append(markdown_table(answer.table.columns, answer.table.rows))
    told = [*answer.quotes] or [(f.debate, f.quote) for f in answer.nearest]
    for number, (card, quote) in enumerate(told, start=1):
        rows.append(f"- **{escape(named(quote.speaker, language))}**, {escape(card.label(language))} [^{number}]\n")
    rows += [f"\n{escape(note)}\n" for note in answer.notes]
    for part in answer.parts:
        for trace in part.answer.calculations:
            first, *more = calculation_lines(trace, language)
            rows.append(f"\n**{escape(first.strip())}**\n\n" + "".join(f"- {escape(r.strip(' ·'))}\n" for r in more))
    for number, (card, quote) in enumerate(told, start=1):
        where = f"{escape(card.label(language))} `{card.id}`"
        words = f"“{escape(quote.text)}” — {escape(speaker_of(quote, language))}, {where}"
        note = f"{words} · {sentence_range(quote.sentence_ids)}{moment(quote)}".replace("\n", " ")
        rows.append(("\n" if number == 1 else "") + f"[^{number}]: {note}\n")
    return "".join(rows)


def markdown(answer: Answer) -> str:
    """The whole answer."""
    return "".join(markdown_pieces(answer))


def quoted(quote: Quote, language: Language) -> str:
    """A quotation that stands by itself: the words, who said them and where."""
    said = relation(quote, language)
    who = speaker_of(quote, language) + (f", {said}" if said else "")
    return f"> “{escape(quote.text)}” — {escape(who)} · {sentence_range(quote.sentence_ids)}{moment(quote)}\n\n"


def markdown_pieces(answer: Answer, *, after_prose: bool = False) -> Iterator[str]:
    """The answer in pieces that may be sent one by one: paragraphs, claims, footnotes. Never empty.

    Args:
        after_prose: what a chat model wrote was sent already, as ``Prose`` puts it.
    """
    language, quotes = answer.language, cited(answer)
    numbers = {quote: number for number, quote in enumerate(quotes, start=1)}
    if answer.altered:
        yield f"**{escape(word('altered', language, why='; '.join(answer.altered)))}**\n\n"
    if answer.unsaved:
        yield f"*{escape(word('not_kept', language, why=answer.unsaved))}*\n\n"
    if answer.trouble:
        yield f"*{escape(word('trouble', language, why=answer.trouble))}*\n\n"
    if answer.abstention is not None:
        yield f"{escape(answer.abstention.message)}\n\n"
    if answer.lead:
        yield f"{escape(answer.lead)}\n\n"
    if answer.table is not None:
        yield markdown_table(answer.table.columns, answer.table.rows)
    used: set[int] = set()
    if not after_prose:
        yield from _prose(answer, numbers)
    for claim in answer.claims:
        if claim.block is not None:
            used.update(numbers[answer.quotes[at]] for at in claim.quotes)
            continue
        marks = [numbers[answer.quotes[at]] for at in claim.quotes]
        used.update(marks)
        who = f"**{escape(named(claim.speaker, language))}**" if claim.speaker else ""
        words = ": ".join(part for part in (who, escape(claim.text)) if part)
        yield f"- {words} {_marks(marks)}".rstrip() + "\n"
    rest = [number for number in numbers.values() if number not in used]
    if rest:
        label = word("nearest" if answer.abstention else "also", language)
        yield f"- {escape(label)} {_marks(rest)}\n"
    for note in answer.notes:
        yield f"\n{escape(note.text)}\n\n"
    for trace in answer.calculations:
        first, *more = calculation_lines(trace, language)
        yield f"\n**{escape(first.strip())}**\n\n" + "".join(f"- {escape(row.strip(' ·'))}\n" for row in more)
    if told := checks(answer):
        yield f"\n*{escape(told)}*\n"
    for number, quote in enumerate(quotes, start=1):
        yield ("\n" if number == 1 else "") + f"[^{number}]: {_footnote(quote, answer)}\n"


def _prose(answer: Answer, numbers: Mapping[Quote, int]) -> Iterator[str]:
    """A chat model's prose, line by line; each sentence is followed by its footnotes."""
    prose = Prose(answer.language)
    for claim in answer.claims:
        if claim.block is not None:
            yield prose.sentence(claim, [numbers[answer.quotes[at]] for at in claim.quotes])
    yield prose.end()


class Prose:
    """Sentences of a chat model's prose → Markdown, one by one, as they come."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._block: int | None = None
        self._row = self._head = False

    def sentence(self, claim: Claim, marks: Sequence[int]) -> str:
        """What is to be added for a sentence; nothing where it has neither words nor quotes."""
        said = f"~~{escape(claim.withdrawn)}~~" if claim.withdrawn else escape(claim.text)
        status = checked(claim, self._language) if said and claim.verdict != "supported" else ""
        parts = [said, f"*({escape(status)})*" if status else "", _marks([*marks])]
        told = " ".join(part for part in parts if part)
        if not told:
            return ""
        opened = self._opened(claim)
        if claim.shape == "row":
            return opened + f"| {told.replace(chr(92) + '|', '|')} |" + self._rule(told)
        return opened + (f"**{told}**" if claim.shape == "heading" else told)

    def end(self) -> str:
        """What closes the prose."""
        return "\n\n" if self._block is not None else ""

    def _opened(self, claim: Claim) -> str:
        """What stands before a sentence: a space in its line, or what begins a new line."""
        if claim.block == self._block:
            return " "
        first, self._block = self._block is None, claim.block
        row, self._row = self._row, claim.shape == "row"
        self._head = claim.shape == "row" and not row
        gap = "" if first else "\n" if row and self._row else "\n\n"
        return gap + ("- " if claim.shape == "bullet" else "")

    def _rule(self, told: str) -> str:
        """Below the first row of a table."""
        return "\n|" + "---|" * (told.count("\\|") + 1) if self._head else ""


def _marks(numbers: list[int]) -> str:
    return " ".join(f"[^{number}]" for number in numbers)


def _footnote(quote: Quote, answer: Answer) -> str:
    said = relation(quote, answer.language)
    who = speaker_of(quote, answer.language) + (f", {said}" if said else "")
    note = f"“{escape(quote.text)}” — {escape(who)} · {sentence_range(quote.sentence_ids)}{moment(quote)}"
    if is_foreign(quote, answer.language):
        note += f" \\[{word('gloss', answer.language)}: {escape(quote.gloss or '')}\\]"
    return note.replace("\n", " ")
