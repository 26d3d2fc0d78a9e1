"""An answer's lines: a speaker each, where they stand, our words, one best quote in sight and the rest folded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.types import Answer, Claim
from assistant.wording import checked
from corpus.types import Quote
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, text
from ui.web.rendering.quotes import card, chip

STANCES = {
    "supports": ("▲", "赞成", "supports"),
    "opposes": ("▼", "反对", "opposes"),
    "mixed": ("◆", "两面", "mixed"),
    "questions": ("?", "提问", "asks"),
}


def badge(stance: str) -> str:
    """Where somebody stands: a sign and a word."""
    sign, zh, en = STANCES[stance]
    return f'<span class="stance {stance}">{sign} {both(zh, en)}</span>'


def lines(answer: Answer, cast: Cast) -> str:
    """Every claim and every quote, each quote once, under whoever said it."""
    made = [*_claimed(answer, cast), *_also(answer, cast)]
    return f'<ul class="claims">{"".join(made)}</ul>' if made else ""


def _claimed(answer: Answer, cast: Cast) -> Iterator[str]:
    """Claims that follow one another about the same speaker share a line; others keep their order."""
    seen: set[int] = set()
    for speaker, group in groupby(answer.claims, key=lambda claim: claim.speaker):
        claims = list(group)
        cited = [n for n in dict.fromkeys(n for claim in claims for n in claim.quotes) if n not in seen]
        seen.update(cited)
        stance = next((claim.stance for claim in claims if claim.stance), None)
        told = "".join(_told(claim, answer, cast) for claim in claims)
        if told or cited:
            yield _line(speaker, stance, told, cited, answer, cast)


def _also(answer: Answer, cast: Cast) -> Iterator[str]:
    cited = {n for claim in answer.claims for n in claim.quotes}
    rest = [n for n in range(len(answer.quotes)) if n not in cited]
    for speaker in dict.fromkeys(answer.quotes[n].speaker for n in rest):
        yield _line(speaker, None, "", [n for n in rest if answer.quotes[n].speaker == speaker], answer, cast)


def _told(claim: Claim, answer: Answer, cast: Cast) -> str:
    chips = "".join(chip(answer.quotes[n], n + 1, cast) for n in claim.quotes)
    told = f"<del>{text(claim.withdrawn)}</del>" if claim.withdrawn else text(claim.text)
    status = checked(claim, answer.language)
    mark = f' <small class="verdict" data-verdict="{claim.verdict}">{text(status)}</small>' if status else ""
    return f'<p class="told">{told} {chips}{mark}</p>' if told else ""


def _line(speaker: str | None, stance: str | None, told: str, cited: Sequence[int], answer: Answer, cast: Cast) -> str:
    quotes = [(n, answer.quotes[n]) for n in cited]
    head = ""
    if speaker:
        role = cast.role(speaker)
        aside = f'<span class="role">{role}</span>' if role else ""
        stands = badge(stance) if stance else ""
        head = f"<header>{cast.avatar(speaker)}{cast.name(speaker)}{stands}{aside}</header>"
    # Of several speakers in one line each keeps a name of their own on the card.
    shown = [card(quote, cast, number=n + 1, feedback=True, under=quote.speaker == speaker) for n, quote in quotes]
    best = max(range(len(quotes)), key=lambda at: _worth(quotes[at][1]), default=0)
    first, rest = shown[best : best + 1], shown[:best] + shown[best + 1 :]
    more = ""
    if rest:
        label = both(f"另有 {len(rest)} 句原话", f"{len(rest)} more quote{'s' * (len(rest) > 1)}")
        more = f'<details class="rest"><summary>{label}</summary>{"".join(rest)}</details>'
    return f'<li class="line {cast.css(speaker)}">{head}{told}{"".join(first)}{more}</li>'


def _worth(quote: Quote) -> tuple[bool, bool]:
    """What makes a quote the one to show: own words before relayed and asked ones, a sentence before a shred."""
    return quote.mode == "own", len(quote.text) >= 12
