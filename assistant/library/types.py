"""What an answer from several debates is: an answer from each that has one, in the order of one ranking over all."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, computed_field

from assistant.plan import Plan
from assistant.types import AbstentionReason, Answer, Intent, Sureness, Table
from corpus.annotations import Language
from corpus.types import Frozen, Quote

#: find: what was said; over_time: the same by date; first: the earliest; figures: what holds a number; about: the list
#: of debates; talk: nothing was looked for.
Manner = Literal["find", "over_time", "first", "figures", "about", "talk"]


class Card(Frozen):
    """A debate as an answer names it."""

    id: str = Field(description="By which the library knows it.", examples=["7f83b165"])
    title: str = Field(examples=["The harbour toll"])
    date: str = Field(description="YYYY-MM-DD; empty where it is not known.", examples=["2025-03-04"])
    sha256: str = Field(description="Of the file's bytes.")

    def label(self, language: Language) -> str:
        """Title and date."""
        undated = "日期不详" if language == "zh" else "no date"
        return f"{self.title} ({self.date or undated})"


class Part(Frozen):
    """What one debate says to the question; every quote equals its slice of that debate's transcript."""

    debate: Card
    answer: Answer
    score: float = Field(description="Of its best sentence in the ranking over all debates, 0 to 1.")


class Found(Frozen):
    """A sentence that was found, in the ranking over all debates."""

    debate: Card
    quote: Quote
    score: float = Field(description="Share of the ranking over all sentences of all debates, 0 to 1.")
    rank: int = Field(description="From 1.")


class LibraryAnswer(Frozen):
    """An answer from several debates."""

    question: str
    standalone: str = Field(description="The same, understandable without the thread.")
    language: Language
    intent: Intent
    manner: Manner = "find"
    scope: tuple[Card, ...] = Field(description="The debates that were asked.")
    lead: str = Field(default="", description="Opening sentence, ours.")
    table: Table | None = Field(default=None, description="By date, where that is what was asked.")
    parts: tuple[Part, ...] = Field(default=(), description="Best first; by date where change or order was asked.")
    silent: tuple[Card, ...] = Field(default=(), description="Debates in which nothing close was found.")
    further: tuple[Card, ...] = Field(default=(), description="Debates with something close, but less so.")
    absent: tuple[Card, ...] = Field(default=(), description="Debates in which whoever was asked about does not speak.")
    notes: tuple[str, ...] = Field(default=(), description="What we add: silence, who was taken for one person.")
    reason: AbstentionReason | None = Field(default=None, description="Why there is no answer; None where there is.")
    nearest: tuple[Found, ...] = Field(default=(), description="Without an answer, the nearest words.")
    people: tuple[str, ...] = Field(default=(), description="Ids of the persons asked about.")
    topic: str = ""
    plan: Plan | None = None
    confidence: float = Field(default=0.0, ge=0.0, le=1.0)
    sureness: Sureness = "unsure"
    thread: str | None = None
    altered: tuple[str, ...] = Field(default=(), description="What of a kept answer no longer matches.")
    unsaved: str | None = None
    timings_ms: dict[str, float] = Field(default_factory=dict)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def abstained(self) -> bool:
        """Whether no debate answers."""
        return self.reason is not None

    @property
    def quotes(self) -> tuple[tuple[Card, Quote], ...]:
        """Every quote with its debate, in order."""
        return tuple((part.debate, quote) for part in self.parts for quote in part.answer.quotes)

    @property
    def text(self) -> str:
        """The whole answer as plain text."""
        from assistant.library.wording import plain_text

        return plain_text(self)
