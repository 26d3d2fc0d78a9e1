"""What an evaluation talks about: cases, predictions, scores and reports.

Knows shapes only. A value that could not be scored is None, never zero; ``Score.why`` then says why.

    >>> Score(measure="quote_recall", value=None, why="the case names no quotes").scored
    False
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, JsonValue, model_validator

from corpus.types import Frozen

Kind = Literal[
    "position", "who_said", "figure", "comparison", "overview", "host_question", "false_premise", "numeric",
    "unanswerable",
]  # fmt: skip
Language = Literal["zh", "en"]
Split = Literal["dev", "test"]
Suite = Literal["singles", "conversations", "numeric"]
Silence = Literal["speaker_silent", "topic_absent", "detail_absent", "outsider", "small_talk", "injection"]
Tag = Literal["keywords", "long", "colloquial", "paraphrase", "typo", "traditional", "mixed", "nickname", "formal"]

KINDS: tuple[Kind, ...] = (
    "position", "who_said", "figure", "comparison", "overview", "host_question", "false_premise", "numeric",
    "unanswerable",
)  # fmt: skip
SUITES: tuple[Suite, ...] = ("singles", "conversations", "numeric")


class SpokenQuote(Frozen):
    """Words and who is said to have spoken them; a claim until ``evals.ground`` has looked."""

    speaker: str = Field(description="Canonical name, as the transcript labels the turns.")
    quote: str


class Need(Frozen):
    """One thing a good answer quotes; met when any one of its alternatives is."""

    any: tuple[SpokenQuote, ...] = Field(min_length=1)


class ExpectedCalculation(Frozen):
    """A calculation a good answer makes."""

    calculator: str
    arguments: dict[str, JsonValue] = Field(description="In each field's own unit; arguments left out may default.")
    outputs: dict[str, JsonValue] = Field(description="The outputs that are asked for, in their own units.")
    tolerance: float = Field(default=0.005, gt=0, lt=1, description="Relative, on each number of ``outputs``.")


class Refusal(Frozen):
    """Why a calculation that is asked for cannot be made."""

    field: str | None
    kind: str


class CaseTurn(Frozen):
    """One question and what a good answer to it holds."""

    question: str = Field(min_length=1)
    rewrite: str | None = Field(default=None, description="The same question, understandable without the thread.")
    kind: Kind
    gold: tuple[Need, ...] = ()
    acceptable: tuple[SpokenQuote, ...] = Field(default=(), description="Fine beside the answer; never a miss.")
    facts: tuple[tuple[str, ...], ...] = Field(default=(), description="Each fact by its equivalent spellings.")
    unanswerable: Silence | None = None
    calculations: tuple[ExpectedCalculation, ...] = ()
    refusal: Refusal | None = None

    @model_validator(mode="after")
    def _consistent(self) -> CaseTurn:
        if (self.kind == "unanswerable") != (self.unanswerable is not None):
            raise ValueError("kind is 'unanswerable' exactly when unanswerable is not null")
        if self.unanswerable and (self.gold or self.facts or self.calculations or self.refusal):
            raise ValueError("an unanswerable question has no gold, no facts and no calculations")
        if self.refusal and self.calculations:
            raise ValueError("a calculation that must be refused has no expected calculations")
        if not self.unanswerable and not self.refusal and not self.gold and not self.calculations:
            raise ValueError("an answerable question needs gold quotes or calculations")
        if any(not fact for fact in self.facts):
            raise ValueError("a fact needs at least one spelling")
        return self


class Case(Frozen):
    """A single question, or a conversation of several turns."""

    id: str = Field(min_length=1)
    language: Language
    split: Split
    suite: Suite
    tags: tuple[Tag, ...] = ()
    turns: tuple[CaseTurn, ...] = Field(min_length=1)

    @property
    def conversation(self) -> bool:
        """Whether it has more than one turn."""
        return len(self.turns) > 1


class PredictedCalculation(Frozen):
    """A calculation that a system reports."""

    calculator: str
    arguments: dict[str, JsonValue]
    outputs: dict[str, JsonValue]


class Prediction(Frozen):
    """What a system said to one question, in the words every system can be compared by."""

    abstained: bool
    quotes: tuple[SpokenQuote, ...] = ()
    shown: tuple[SpokenQuote, ...] = Field(
        default=(), description="Shown beside the answer: nearest quotes of an abstention, inputs of a calculation."
    )
    answer: str = ""
    lead: str = Field(default="", description="The opening sentence, the system's own.")
    own: tuple[str, ...] = Field(default=(), description="Every sentence that is the system's own, in order.")
    plan: dict[str, Any] | None = Field(default=None, description="What was asked, as understood; None: not told.")
    headline: dict[str, Any] | None = Field(default=None, description="Number asked for: value, unit, text.")
    calculations: tuple[PredictedCalculation, ...] = ()
    latency_ms: float = Field(ge=0)
    confidence: float | None = Field(default=None, description="Probability that the debate answers; None: not given.")
    evidence: tuple[str, ...] = Field(default=(), description="Sentence ids considered, best first; () : not told.")
    cost_usd: float | None = Field(default=None, description="None when no model was paid for.")
    error: str | None = Field(default=None, description="Why there is no answer at all.")


class Record(Frozen):
    """The predictions for one case: as asked in one thread, and each rewriting in a thread of its own."""

    case_id: str
    fingerprint: str = Field(description="Hash of the questions; a changed case is asked again.")
    asked: tuple[Prediction, ...]
    rewritten: tuple[Prediction | None, ...] = Field(description="One per turn; None where nothing needs rewriting.")


class Score(Frozen):
    """One measure of one answer. ``value`` None means it could not be scored."""

    measure: str
    value: float | None
    weight: float = Field(default=1.0, gt=0, description="How many things the value is the mean of (quotes, needs, …).")
    why: str = ""

    @property
    def scored(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


class ScoredTurn(Frozen):
    """All scores of one answer, with what groups it."""

    case_id: str
    turn: int = Field(description="From 1.")
    question: str
    kind: Kind
    language: Language
    split: Split
    suite: Suite
    tags: tuple[Tag, ...]
    conversation: bool
    scores: dict[str, Score]


class Aggregate(Frozen):
    """One measure over one group of answers, with its 95 % interval."""

    measure: str
    group: dict[str, str] = Field(description="Such as {'split': 'test', 'language': 'zh'}; {} is everything.")
    value: float | None
    low: float | None = None
    high: float | None = None
    scored: int = Field(description="Answers with a value.")
    unscored: int = Field(description="Answers without one.")


class ReliabilityBin(Frozen):
    """Answers of similar confidence: what was promised and what came true."""

    low: float
    high: float
    n: int
    confidence: float = Field(description="Mean confidence.")
    answerable: float = Field(description="Share that the debate does answer.")


class Report(Frozen):
    """A whole run, scored."""

    config: str
    revision: str
    transcript_sha256: str
    started: str = Field(description="ISO 8601, UTC.")
    machine: str
    opening_s: float | None = Field(description="Seconds to open the system, its index included; None: not measured.")
    memory_mb: float | None = Field(description="Peak resident memory of the process that answered, in MB.")
    unavailable: str | None = Field(default=None, description="Why the system could not run; then nothing is scored.")
    aggregates: tuple[Aggregate, ...] = ()
    reliability: dict[str, tuple[ReliabilityBin, ...]] = Field(default_factory=dict, description="By split.")
    turns: tuple[ScoredTurn, ...] = ()

    def find(self, measure: str, **group: str) -> Aggregate | None:
        """The aggregate of exactly that group, or None."""
        return next((a for a in self.aggregates if a.measure == measure and a.group == group), None)
