"""What passes through the conversation: what a draft claims, and what we vouch for.

``Draft`` and ``Answer`` are two types so that unchecked words cannot reach a screen. A draft names sentence ids; only
``assistant.grounding`` turns it into an answer.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, computed_field

from assistant.calculators.trace import CalculationTrace
from assistant.numeric.plan import NumericPlan
from assistant.plan import Plan
from corpus.annotations import Language, StanceKind
from corpus.types import Frozen, Quote

Intent = Literal[
    "position",
    "who_said",
    "figure",
    "comparison",
    "overview",
    "host_question",
    "numeric",
    "about",
    "small_talk",
    "out_of_scope",
]
Sureness = Literal["sure", "likely", "unsure"]
AbstentionReason = Literal[
    "speaker_silent", "topic_absent", "detail_absent", "out_of_scope", "small_talk", "needs_context", "refused_input"
]


#: What the check of a sentence against its quotes came to; "unchecked": the quotes are verified, the wording is not.
Verdict = Literal["supported", "partly", "contradicted", "unsupported", "unchecked"]
#: How the line of a model's prose is set in which a sentence stands.
Shape = Literal["paragraph", "bullet", "heading", "row"]
#: What a sentence rests on: sentences of the debate; a calculation; nothing, as it only joins others ("In short:");
#: nothing, as it is what the model knows besides.
Rests = Literal["quotes", "calculation", "frame", "background"]


class Understanding(Frozen):
    """What a question asks, once the thread is taken into account."""

    question: str = Field(description="As typed.")
    standalone: str = Field(description="The same question, understandable without the thread.")
    language: Language
    intent: Intent
    speaker_ids: tuple[str, ...] = Field(default=(), description="Whose words may answer; empty: anybody's.")
    follow_up: bool = Field(default=False, description="Whether the thread was needed to understand it.")


class Rejected(Frozen):
    """A claim of the draft that grounding did not let through."""

    text: str = Field(description="Which claim: its speaker and sentence ids. Refused words are not repeated.")
    why: str


class Statement(Frozen):
    """A sentence of ours, and what it was derived from."""

    text: str
    basis: tuple[str, ...] = Field(
        default=(),
        description='Rows of tables ("stance:fees:Ann Lee") and sentence ids; empty: it claims nothing.',
    )


class Table(Frozen):
    """Rows of ours and of quotes, for a reader who wants a table."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = Field(description="Cells that are quoted words stand in “…”.")


class Headline(Frozen):
    """The number that was asked for."""

    value: float
    unit: str = Field(description="As the calculators write it: USD bn, fraction, years, GW, USD bn/quarter.")
    text: str = Field(description="Value and unit as a sentence states them, in the question's language.")


class DraftClaim(Frozen):
    """One statement of a draft: our frame around sentences named by id."""

    text: str
    sentence_ids: tuple[str, ...]
    speaker_id: str | None = None
    stance: StanceKind | None = Field(default=None, description="Where the speaker stands, where that is on record.")
    basis: tuple[str, ...] = Field(default=(), description="As ``Statement.basis``, of the text.")
    block: int | None = Field(default=None, description="Line of a model's prose, from 0; None for a list of claims.")
    shape: Shape = "paragraph"
    rests: Rests = "quotes"


class DraftAbstention(Frozen):
    """Why a draft claims nothing; the nearest sentences by id."""

    reason: AbstentionReason
    message: str
    spoke: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


class Draft(Frozen):
    """What the answerer claims, unchecked."""

    lead: str = ""
    basis: tuple[str, ...] = Field(default=(), description="As ``Statement.basis``, of the lead.")
    claims: tuple[DraftClaim, ...] = ()
    notes: tuple[Statement, ...] = Field(default=(), description="What we add: who is silent, what was not said.")
    table: Table | None = None
    headline: Headline | None = None
    abstention: DraftAbstention | None = None
    confidence: float = 0.0
    calculations: tuple[CalculationTrace, ...] = Field(default=(), description="What the drafter had calculated.")
    author: str = Field(default="embedded", description="Who drafted it: embedded, or a model's name.")
    refused: tuple[Rejected, ...] = Field(
        default=(), description="Claims given up before; counted, never shown as ours."
    )
    repaired: int = Field(default=0, description="How many of the claims a second round put right.")


class Claim(Frozen):
    """A statement of ours about one speaker, and the quotes that carry it."""

    text: str = Field(description="Our words; never quoted ones.")
    speaker: str | None = Field(default=None, description="Canonical name of who is spoken of.")
    quotes: tuple[int, ...] = Field(default=(), description="Indices into Answer.quotes, from 0.")
    stance: StanceKind | None = Field(default=None, description="Where the speaker stands, where that is on record.")
    basis: tuple[str, ...] = Field(default=(), description="As ``Statement.basis``, of the text.")
    verdict: Verdict | None = Field(
        default=None, description="How a chat model's words were judged; None for words that code derived."
    )
    why: str = Field(default="", description="One sentence: why they were judged so.")
    withdrawn: str = Field(
        default="", description="Words of a model that its quotes contradict: shown as withdrawn, never as ours."
    )
    block: int | None = Field(
        default=None, description="Line of a chat model's prose, from 0; sentences of one line stand together."
    )
    shape: Shape = Field(default="paragraph", description="How that line is set.")
    rests: Rests = Field(default="quotes", description="What the words rest on.")


class Abstention(Frozen):
    """Why there is no answer, who did speak, and what came nearest."""

    reason: AbstentionReason
    message: str = Field(description="One or two sentences in the question's language.")
    spoke: tuple[str, ...] = Field(default=(), description="Canonical names of those who did speak on it.")
    nearest: tuple[Quote, ...] = ()


class Evidence(Frozen):
    """A sentence that was considered."""

    sentence_id: str
    speaker: str
    score: float = Field(description="Fused score, 0 to 1, higher is better.")
    rank: int = Field(description="From 1.")
    lexical: float
    dense: float


class Usage(Frozen):
    """What the chat model cost."""

    calls: int = Field(description="Requests that were answered.")
    input_tokens: int | None = Field(default=None, description="As the service reported; None when it did not.")
    output_tokens: int | None = Field(default=None, description="As the service reported; None when it did not.")
    cached_tokens: int | None = Field(
        default=None, description="Of the input, what the service had kept; None when it did not say."
    )
    cost_usd: float | None = Field(default=None, description="By the price that was configured; None without one.")


class Trust(Frozen):
    """How a draft fared against the transcript. ``proposed == verified + stripped + dropped``."""

    proposed: int = Field(default=0, description="Claims drafted.")
    verified: int = Field(default=0, description="Let through as they were.")
    repaired: int = Field(default=0, description="Of those verified, how many a second round put right.")
    stripped: int = Field(default=0, description="Whose quotes stand while our words about them were refused.")
    dropped: int = Field(default=0, description="Refused with their quotes.")


class Answer(Frozen):
    """What we vouch for. Every quote equals its slice of the transcript with that hash."""

    question: str
    standalone: str
    language: Language
    script: Literal["simplified", "traditional"] = Field(default="simplified", description="Of our own Chinese.")
    intent: Intent
    speaker_ids: tuple[str, ...] = Field(default=(), description="Whose words were looked for; empty: anybody's.")
    topic: str = Field(default="", description="The subject that a follow-up would carry over.")
    plan: Plan | None = Field(default=None, description="What was asked, as understood; None in old conversations.")
    lead: str = Field(default="", description="Opening sentence, ours.")
    basis: tuple[str, ...] = Field(default=(), description="As ``Statement.basis``, of the lead.")
    claims: tuple[Claim, ...] = ()
    notes: tuple[Statement, ...] = Field(default=(), description="What we add below: who is silent, what is not said.")
    table: Table | None = Field(default=None, description="The same as a table, where one was asked for.")
    headline: Headline | None = Field(default=None, description="The number asked for, where one was calculated.")
    quotes: tuple[Quote, ...] = ()
    abstention: Abstention | None = None
    confidence: float = Field(default=0.0, ge=0.0, le=1.0, description="Calibrated probability that this is answered.")
    sureness: Sureness = Field(default="unsure", description="The same in a word; sure is right in 97 of 100 or more.")
    evidence: tuple[Evidence, ...] = Field(default=(), description="Best first.")
    calculations: tuple[CalculationTrace, ...] = ()
    numeric: NumericPlan | None = Field(default=None, description="The calculation as understood, for follow-ups.")
    rejected: tuple[Rejected, ...] = ()
    trust: Trust = Trust()
    follow_ups: tuple[str, ...] = Field(default=(), description="Questions one might ask next.")
    thread: str | None = None
    altered: tuple[str, ...] = Field(
        default=(), description="What of a kept answer no longer matches the transcript; none in a new one."
    )
    unsaved: str | None = Field(default=None, description="Why the answer is not on record, where it should be.")
    transcript_id: str
    transcript_sha256: str
    answerer: str = Field(default="embedded", description="Who drafted it: embedded, or a model's name.")
    trouble: str | None = Field(default=None, description="Why the configured model did not draft it.")
    usage: Usage | None = Field(default=None, description="What the configured model cost; None when none was called.")
    timings_ms: dict[str, float] = Field(default_factory=dict, description="Milliseconds by step.")

    @computed_field  # type: ignore[prop-decorator]
    @property
    def abstained(self) -> bool:
        """Whether the debate does not answer the question."""
        return self.abstention is not None

    @property
    def text(self) -> str:
        """The whole answer as plain text, quotes included."""
        from assistant.wording import plain_text

        return plain_text(self)
