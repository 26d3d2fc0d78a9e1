"""Answer → lines for a terminal or a pipe, in the question's language. Pure; ``ui.layout`` prints them.

Verbatim words stand in curly quotes, with initials, speaker, originator and turn; our own words and our translations
never do, and the translations are marked as ours.

    print_answer(answer, debate.transcript.speakers, sys.stdout)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from assistant import document
from assistant.types import Answer, Claim, Shape
from assistant.wording import checked, named
from corpus.types import Quote, Speaker
from ui.calculation import calculation_lines
from ui.citation import is_foreign, relation, sentence_range
from ui.layout import Line, Piece, has_light_ground, line, print_lines, visible
from ui.palette import hues, initials
from ui.words import Language, word

_DIM = "dim"
_RAIL = "▎"


class Cast:
    """How each speaker of a debate is marked."""

    def __init__(self, speakers: Sequence[Speaker], *, light: bool = False) -> None:
        """Args: light: whether the terminal's ground is light."""
        self._initials = initials(speakers)
        self._hues = {name: hue.light if light else hue.dark for name, hue in hues(speakers).items()}

    def style(self, name: str) -> str:
        """A speaker's colour; none for somebody who does not speak in this debate."""
        return self._hues.get(name, "")

    def tag(self, name: str, language: Language = "en") -> Piece:
        """Initials and name, in colour; that nobody knows, where nobody does."""
        letters, shown = self._initials.get(name, ""), named(name, language)
        text = f"{letters} {shown}" if letters and letters != name else shown
        return Piece(visible(text), f"bold {self.style(name)}".strip())


def answer_lines(answer: Answer, cast: Cast) -> Iterator[Line]:
    """The whole answer."""
    language, shown, heading = answer.language, set[Quote](), None
    for block in document.blocks(answer):
        match block:
            case document.Altered(problems):
                yield line(Piece(visible(word("altered", language, why="; ".join(problems))), "bold red"))
            case document.Unsaved(why):
                yield line(Piece(visible(word("not_kept", language, why=why)), "yellow"))
            case document.Trouble(text):
                yield line(Piece(visible(word("trouble", language, why=text)), "yellow"))
            case document.Lead(text):
                yield line(Piece(visible(text), "bold"))
            case document.Grid(table):
                for row in (table.columns, *table.rows):
                    yield line(visible(" | ".join(row)))
            case document.Prose(shape, sentences):
                yield from _prose(shape, sentences, cast, language, shown)
            case document.Line() if answer.table is None:
                yield from _line(block, cast, language, shown, heading)
                heading = block.speaker
            case document.Also(quotes):
                yield line()
                yield line(Piece(word("also", language), _DIM))
                for quote in quotes:
                    yield from quote_lines(quote, cast, language)
            case document.Note(text):
                yield line()
                yield line(visible(text))
            case document.Silence():
                yield from _silence_lines(block, cast, language)
            case document.Calculated(trace):
                yield line()
                yield from calculation_lines(trace, language)
    yield from _closing_lines(answer)


def _line(
    block: document.Line, cast: Cast, language: Language, shown: set[Quote], heading: str | None
) -> Iterator[Line]:
    """A speaker's name where it changes, our words, the quotes; one seen before is only pointed at."""
    if block.speaker and block.speaker != heading:
        yield line()
        yield line(cast.tag(block.speaker, language))
    if block.withdrawn:
        yield line(Piece(visible(block.withdrawn), "strike dim"), prefix=["  "])
    elif block.text:
        yield line(visible(block.text), prefix=["  "])
    if block.status:
        yield line(Piece(visible(block.status), _DIM), prefix=["  "])
    for quote in block.quotes:
        if quote in shown:
            again = word("seen", language, ref=sentence_range(quote.sentence_ids))
            yield line(Piece(again, _DIM), prefix=["  "])
        else:
            yield from quote_lines(quote, cast, language)
        shown.add(quote)


def _prose(
    shape: Shape, sentences: Sequence[document.Line], cast: Cast, language: Language, shown: set[Quote]
) -> Iterator[Line]:
    """A line of a model's prose, what is doubtful marked, then the quotes that were not shown before."""
    pieces: list[Piece] = []
    for one in sentences:
        said, style = one.withdrawn or one.text, "strike dim" if one.withdrawn else "bold" if shape == "heading" else ""
        if said:
            pieces += [Piece(" ")] if pieces else []
            pieces.append(Piece(visible(said), style))
            pieces += [Piece(visible(f" ({one.status})"), _DIM)] if one.doubtful else []
    if pieces:
        yield line()
        yield line(*([Piece("• ")] if shape == "bullet" else []), *pieces)
    for quote in dict.fromkeys(quote for one in sentences for quote in one.quotes):
        if quote not in shown:
            yield from quote_lines(quote, cast, language)
            shown.add(quote)


def quote_lines(quote: Quote, cast: Cast, language: Language) -> Iterator[Line]:
    """The words, who said them and where, and our gloss where it is needed."""
    prefix = (Piece("  "), Piece(f"{_RAIL} ", cast.style(quote.speaker)))
    yield line(f"“{visible(quote.text)}”", prefix=prefix)
    said = relation(quote, language)
    yield line(
        cast.tag(quote.speaker, language),
        Piece(visible(f" {said}") if said else "", "italic"),
        Piece(f" · {sentence_range(quote.sentence_ids)}" + (f" · {quote.time}" if quote.time else ""), _DIM),
        prefix=prefix,
    )
    if is_foreign(quote, language):
        yield line(Piece(visible(f"[{word('gloss', language)}] {quote.gloss}"), "dim italic"), prefix=prefix)


def _silence_lines(silence: document.Silence, cast: Cast, language: Language) -> Iterator[Line]:
    yield line(Piece(visible(silence.message), "bold"))
    unnamed = [name for name in silence.spoke if name not in silence.message]
    if unnamed:
        names = [piece for name in unnamed for piece in (Piece("  "), cast.tag(name, language))]
        yield line(f"{word('spoke', language)}:", *names)
    if silence.nearest:
        yield line()
        yield line(Piece(f"{word('nearest', language)}:", _DIM))
        for quote in silence.nearest:
            yield from quote_lines(quote, cast, language)


def prose_lines(claim: Claim, cast: Cast, language: Language) -> Iterator[Line]:
    """A sentence of a chat model as it comes: its words, how they were judged, and which sentences it cites."""
    status = checked(claim, language)
    doubtful = bool(status) and claim.verdict != "supported"
    one = document.Line(claim.speaker, None, claim.text, (), status, claim.withdrawn, doubtful)
    yield from _prose(claim.shape, (one,), cast, language, set())


def closing_lines(answer: Answer, cast: Cast) -> Iterator[Line]:
    """What follows prose that was printed as it came: its quotes, calculations, notes and how it was judged."""
    language = answer.language
    if answer.quotes:
        yield line()
        for quote in answer.quotes:
            yield from quote_lines(quote, cast, language)
    for block in document.blocks(answer):
        match block:
            case document.Unsaved(why):
                yield line(Piece(visible(word("not_kept", language, why=why)), "yellow"))
            case document.Note(text):
                yield line()
                yield line(visible(text))
            case document.Calculated(trace):
                yield line()
                yield from calculation_lines(trace, language)
    yield from _closing_lines(answer)


def _closing_lines(answer: Answer) -> Iterator[Line]:
    language = answer.language
    if answer.rejected:
        yield line()
        yield line(Piece(word("dropped", language, count=len(answer.rejected)), _DIM))
    if answer.follow_ups:
        yield line()
        yield line(Piece(f"{word('next', language)}:", _DIM))
        for question in answer.follow_ups:
            yield line(Piece(visible(question), _DIM), prefix=["  · "])
    # How sure the search is says nothing of what a model wrote.
    if answer.abstention is None and not answer.calculations and answer.answerer == "embedded":
        yield line()
        yield line(Piece(word("confidence", language, value=f"{answer.confidence:.0%}"), _DIM))


def print_answer(answer: Answer, speakers: Sequence[Speaker], stream: TextIO) -> None:
    """Print an answer: coloured in a terminal that shows colour, plain and unwrapped in a pipe."""
    print_lines(answer_lines(answer, Cast(speakers, light=has_light_ground())), stream)
