"""An answer while it is made: the steps; with a chat model, its sentences as they come over what was said.

making = Making(cast)
making.add(event)      # each event of a stream
making.html()          # what the page shows now
"""

from __future__ import annotations

from assistant.events import Event, GroundedClaim, Sketch, Writing
from assistant.types import Claim, Understanding
from assistant.wording import named
from corpus.types import Quote
from ui.web.rendering.answer import progress_message
from ui.web.rendering.cast import Cast
from ui.web.rendering.markup import both, flat
from ui.web.rendering.quotes import cards
from ui.web.rendering.written import written
from ui.words import LANGUAGES, Language, word


class Making:
    """What is known so far of one answer."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._steps: list[tuple[str, str]] = [("理解问题…", "Reading the question…")]
        self._language: Language = "en"
        self._said: list[Quote] = []
        self._sentences: dict[tuple[int | None, int], Claim] = {}
        self._quotes: list[Quote] = []

    def add(self, event: Event) -> None:
        """Take a step in."""
        data = event.data
        if isinstance(data, Understanding):
            self._language = data.language
        if isinstance(data, Sketch):
            self._said = [*dict.fromkeys(quote for claim in data.claims for quote in claim.quotes)]
            self._steps.append(("模型正在写…", "The model is writing…"))
        elif isinstance(data, Writing):
            self._quotes += [quote for quote in data.quotes if quote not in self._quotes]
            numbers = tuple(self._quotes.index(quote) for quote in data.quotes)
            claim = data.claim.model_copy(update={"quotes": numbers})
            self._sentences[data.claim.block, data.part] = claim
        else:
            self._steps.append(_step(event))

    def html(self) -> str:
        """The steps, the model's prose, the quotes that were found."""
        parts = [progress_message(tuple(self._steps))]
        claims = [claim for claim in self._sentences.values() if claim.text or claim.withdrawn]
        if claims:
            parts.append(written(claims, self._quotes, self._cast, self._language))
        if self._said:
            zh, en = (word("sketch", language) for language in LANGUAGES)
            parts.append(f"<h3>{both(zh, en)}</h3>{cards(self._said, self._cast)}")
        body = "".join(parts)
        return flat(f'<div class="answer making" lang="{self._language}">{body}</div>') if len(parts) > 1 else body


def _step(event: Event) -> tuple[str, str]:
    data = event.data
    if isinstance(data, Understanding):
        return f"理解为:{data.standalone}", f"Understood as: {data.standalone}"
    if isinstance(data, GroundedClaim):
        zh, en = (named(data.claim.speaker or "…", language) for language in LANGUAGES)
        return f"核对引文:{zh}", f"Checking quotes: {en}"
    if isinstance(data, tuple):
        return f"检索到 {len(data)} 句候选", f"Found {len(data)} candidate sentences"
    return "计算…", "Computing…"
