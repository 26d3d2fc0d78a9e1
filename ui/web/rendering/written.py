"""A chat model's prose as HTML: its lines, each sentence with the chips of its quotes, coloured by how it was judged.

Pure. Used for the finished answer and, while it is written, for what there is of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from assistant.types import Claim
from assistant.wording import checked
from corpus.types import Quote
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import text
from ui.web.rendering.quotes import chip
from ui.words import Language

_TAGS = {"paragraph": "p", "heading": "h4", "bullet": "li", "row": "tr"}
_AROUND = {"bullet": ('<ul class="said">', "</ul>"), "row": ('<div class="scroll"><table>', "</table></div>")}


def written(claims: Sequence[Claim], quotes: Sequence[Quote], cast: Cast, language: Language) -> str:
    """The lines of prose; lists and tables as such."""
    parts = []
    lines = [
        (line[0].shape, line) for _, group in itertools.groupby(claims, key=lambda c: c.block) if (line := [*group])
    ]
    for shape, group in itertools.groupby(lines, key=lambda line: line[0]):
        made = [_line(shape, line, quotes, cast, language) for _, line in group]
        before, after = _AROUND.get(shape, ("", ""))
        if any(made):
            parts.append(before + "".join(made) + after)
    return f'<div class="prose">{"".join(parts)}</div>' if parts else ""


def _line(shape: str, claims: Sequence[Claim], quotes: Sequence[Quote], cast: Cast, language: Language) -> str:
    told = " ".join(filter(None, (_sentence(claim, quotes, cast, language, shape) for claim in claims)))
    return f"<{_TAGS[shape]}>{told}</{_TAGS[shape]}>" if told else ""


def _sentence(claim: Claim, quotes: Sequence[Quote], cast: Cast, language: Language, shape: str) -> str:
    chips = "".join(chip(quotes[n], n + 1, cast) for n in claim.quotes)
    words = claim.withdrawn or claim.text
    if not words and not chips:
        return ""
    status = checked(claim, language) if words else ""
    verdict = claim.verdict or claim.rests
    doubtful = status and claim.verdict != "supported"
    mark = f' <small class="verdict" data-verdict="{verdict}">{text(status)}</small>' if doubtful else ""
    if shape == "row":
        cells = [f"<td>{text(cell.strip())}</td>" for cell in words.split("|")]
        cells[-1] = cells[-1].removesuffix("</td>") + f" {chips}{mark}</td>"
        return "".join(cells)
    told = f"<del>{text(words)}</del>" if claim.withdrawn else text(words)
    return f'<span class="sentence" data-verdict="{verdict}">{told} {chips}</span>{mark}'
