"""An answer in the terminal while it is made: what was said at once, then a chat model's sentences as they come.

    answer = follow(assistant.stream(question), debate.transcript.speakers, out)

Without a chat model nothing is printed before the answer. Ctrl-C, or leaving early, ends the call to the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TextIO

from assistant.events import Event, Sketch, Writing
from assistant.types import Answer, Understanding
from corpus.types import Speaker
from ui.cli.terminal import Cast, closing_lines, print_answer, prose_lines, quote_lines
from ui.layout import Line, Piece, has_light_ground, line, print_lines
from ui.words import Language, word


def follow(events: Iterator[Event], speakers: Sequence[Speaker], out: TextIO) -> Answer:
    """Print an answer as it is made, and return it. Raises what the stream raises."""
    cast = Cast(speakers, light=has_light_ground())
    language: Language = "en"
    answer: Answer | None = None
    written = False
    # A generator: closed on the way out, whatever happens, it ends the call that is open.
    with closing(events) as steps:  # type: ignore[type-var]
        for event in steps:
            data = event.data
            if isinstance(data, Understanding):
                language = data.language
            elif isinstance(data, Sketch):
                _print(_said(data, cast, language), out)
            elif isinstance(data, Writing) and data.done:
                written = True
                _print(prose_lines(data.claim, cast, language), out)
            elif isinstance(data, Answer):
                answer = data
    assert answer is not None, "a stream ends with its answer"
    if written and any(claim.block is not None for claim in answer.claims):
        _print(closing_lines(answer, cast), out)
    else:
        print_answer(answer, speakers, out)
    return answer


def _said(sketch: Sketch, cast: Cast, language: Language) -> Iterator[Line]:
    quotes = dict.fromkeys(quote for claim in sketch.claims for quote in claim.quotes)
    if quotes:
        yield line(Piece(f"{word('sketch', language)}:", "dim"))
        for quote in quotes:
            yield from quote_lines(quote, cast, language)


def _print(lines: Iterator[Line], out: TextIO) -> None:
    print_lines(lines, out)
    out.flush()
