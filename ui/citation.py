"""How a quote is cited, the same at every door: its place and time, its speaker, whether it needs a gloss.

>>> sentence_range(["t12.4", "t12.5"])
't12.4–5'
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote as percent

from assistant.wording import named
from corpus.types import Quote
from ui.words import Language, word


def sentence_range(sentence_ids: Sequence[str]) -> str:
    """Adjacent sentence ids as one reference: "t12.4", "t12.4–6"."""
    if len(sentence_ids) < 2:
        return "".join(sentence_ids)
    return f"{sentence_ids[0]}–{sentence_ids[-1].rpartition('.')[2]}"


def speaker_of(quote: Quote, language: Language) -> str:
    """Who said it, or that nobody knows."""
    return named(quote.speaker, language)


def moment(quote: Quote) -> str:
    """ " · 0:39", the time as Markdown, a link where the file names the recording; "" where it tells no time."""
    if quote.time is None:
        return ""
    return f" · [{quote.time}]({safe_link(quote.link)})" if quote.link else f" · {quote.time}"


def safe_link(link: str) -> str:
    """An address without the characters that would end it in Markdown."""
    return percent(link, safe=":/?#@!$&'*+,;=%~._-")


def relation(quote: Quote, language: Language) -> str:
    """What the speaker does with the words beyond saying them: "relaying Jason Furman", "asking", or ""."""
    if quote.mode == "relays" and quote.originator:
        return word("relaying", language, who=quote.originator_in(language))
    return word("asks", language) if quote.mode == "asks" else ""


def is_foreign(quote: Quote, language: Language) -> bool:
    """Whether a reader of an answer in that language needs our gloss."""
    return language == "en" and bool(quote.gloss)
