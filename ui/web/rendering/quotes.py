"""Quotes as numbered chips and as cards, coloured by speaker, with whose claim it is."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import Quote
from ui.citation import sentence_range, speaker_of
from ui.web.rendering.cast import Cast, place
from ui.web.rendering.markup import both, keeper, labelled, text
from ui.words import LANGUAGES


def chip(quote: Quote, number: int, cast: Cast) -> str:
    """The number that leads to the very words in the transcript."""
    zh, en = (f"{speaker_of(quote, language)}, #{quote.turn_id[1:]}" for language in LANGUAGES)
    return (
        f'<a class="chip {cast.css(quote.speaker)}" href="{place(quote)}" '
        f"{labelled(f'引文 {number},{zh},在文稿中查看', f'Quote {number}, {en}, show in the transcript')}>{number}</a>"
    )


def moment(quote: Quote) -> str:
    """When it was said, a link to the recording at that moment where the file names one; "" where it tells no time."""
    if quote.time is None:
        return ""
    if quote.link is None:
        return f'<span class="time">{text(quote.time)}</span>'
    return (
        f'<a class="time" href="{text(quote.link)}" target="_blank" rel="noopener noreferrer" '
        f"{labelled(f'录音 {quote.time}', f'Recording at {quote.time}')}>{text(quote.time)}</a>"
    )


def relation(quote: Quote) -> str:
    """ "relaying Jason Furman" or "asking", in both languages; nothing for the speaker's own claim."""
    if quote.mode == "relays" and quote.originator:
        called = quote.originator_in("zh")
        return f'<span class="relay">{both(f"转述 {called}", f"relaying {quote.originator}")}</span>'
    if quote.mode == "asks":
        return f'<span class="relay">{both("提问", "asking")}</span>'
    return ""


def card(
    quote: Quote,
    cast: Cast,
    *,
    number: int | None = None,
    feedback: bool = False,
    under: bool = False,
    keeps: bool = True,
) -> str:
    """One quotation: who, where, whose claim, the words in serif, our gloss under them, and what one can say of it.

    Args:
        under: whether it stands under its speaker's name already.
        keeps: whether it can be collected into the memo.
    """
    marker = chip(quote, number, cast) if number is not None else ""
    where = (
        f'<a class="at" href="{place(quote)}" {labelled("在文稿中查看", "Show in the transcript")}>'
        f"#{quote.turn_id[1:]}</a>"
    )
    who = "" if under else f"{cast.avatar(quote.speaker)}{cast.name(quote.speaker)}"
    role = "" if under else f'<span class="role">{cast.role(quote.speaker)}</span>'
    translation = ""
    if quote.gloss:
        translation = (
            f'<p class="gloss" lang="en">{text(quote.gloss)} '
            f"<small>({both('我们的英译,非原话', 'our translation, not a quote')})</small></p>"
        )
    verdicts = _verdicts() if feedback else ""
    return (
        f'<figure class="card {cast.css(quote.speaker)}" data-sentences="{text(" ".join(quote.sentence_ids))}" '
        f'data-place="{place(quote)}" data-speaker="{text(quote.speaker)}">'
        f"<figcaption>{who}{marker}{where}{moment(quote)}{relation(quote)}{role}{keeper() if keeps else ''}{verdicts}</figcaption>"
        f'<blockquote lang="{text(cast.language)}" class="words" title="{text(sentence_range(quote.sentence_ids))}">'
        f'<span class="mark-open">“</span><q>{text(quote.text)}</q><span class="mark-close">”</span></blockquote>'
        f"{translation}</figure>"
    )


def cards(quotes: Sequence[Quote], cast: Cast, *, feedback: bool = False) -> str:
    """Cards numbered from 1."""
    made = (card(q, cast, number=n, feedback=feedback) for n, q in enumerate(quotes, start=1))
    return f'<div class="cards">{"".join(made)}</div>'


def _verdicts() -> str:
    """What one can say of a quote, behind one small button."""
    said = (
        ("right_quote", "✓", "引文正确", "Right quote"),
        ("wrong_quote", "✗", "引文不对", "Wrong quote"),
        ("wrong_speaker", "✗", "说话人不对", "Wrong speaker"),
    )
    made = "".join(
        f'<button type="button" data-do="verdict" data-verdict="{verdict}">{sign} {both(zh, en)}</button>'
        for verdict, sign, zh, en in said
    )
    return (
        f'<details class="menu verdicts"><summary {labelled("这句引文对吗?", "Is this quote right?")}>⋯</summary>'
        f"<div>{made}</div></details>"
    )
