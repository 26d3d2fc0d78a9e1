"""What a numeric question comes to: a calculation, its inputs with where each came from, what is asked of it.

Kept in the thread, so that a follow-up is an edit of it.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, JsonValue, model_validator

from assistant.calculators.declaration import Frozen, Language
from assistant.calculators.trace import Origin

Per = Literal["", "quarter", "month", "day"]
Op = Literal["compute", "solve", "compare"]


class Refusal(Frozen):
    """A question that cannot be computed as put: `message` names the input, its range and what was read."""

    calculator: str
    field: str
    allowed: str
    read: str
    message: str = Field(description="One sentence in the question's language.")


class Clarification(Frozen):
    """What is still needed before anything can be computed."""

    calculator: str
    missing: tuple[str, ...] = Field(description="Names of the inputs asked for.")
    message: str = Field(description="One sentence in the question's language.")


class Feed(Frozen):
    """An input that an earlier calculation supplies: `sign` × its output."""

    field: str
    output: str
    sign: int = 1


class NumericPlan(Frozen):
    """A calculation as understood; `arguments` are in the inputs' own units.

    Attributes:
        versus: the values of an input that are to be compared; of two inputs, a table.
        target: the value that a result is to have, by output; the input `asked` is solved for.
        asked: the output, or when there is a target the input, that the question wants.
        also: further results that the question asks for.
        per: so much a quarter, of a result that is so much a year.
        shown: the unit in which the result is wanted, where the question says so.
        currency: what the money is in when it is not dollars; no rate is ever assumed.
        unused: figures of the question that found no place, as written.
        missing: required inputs that nobody gave and nothing may stand in for.
        first: the calculation to run before this one, and `feed` what it supplies.
        doubt: read with too little margin, so that it is asked back first.
    """

    question: str
    language: Language
    calculator: str
    op: Op = "compute"
    arguments: dict[str, JsonValue] = Field(default_factory=dict)
    origins: dict[str, Origin] = Field(default_factory=dict)
    versus: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    target: dict[str, float] = Field(default_factory=dict)
    asked: str = ""
    also: tuple[str, ...] = ()
    per: Per = ""
    shown: str = ""
    currency: str = ""
    unused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    first: NumericPlan | None = None
    feed: Feed | None = None
    refusal: Refusal | None = None
    sure: float = Field(default=1.0, ge=0.0, le=1.0, description="Probability that it is read right.")
    doubt: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_before(cls, data: Any) -> Any:
        """Conversations stored before plans had a result that was `wanted` and ends of ranges."""
        if not isinstance(data, dict) or "wanted" not in data:
            return data
        kept = {k: v for k, v in data.items() if k not in ("wanted", "other_end", "earlier", "feed", "first")}
        ends = {k: (data["arguments"].get(k), v) for k, v in (data.get("other_end") or {}).items()}
        return {**kept, "asked": data["wanted"], "versus": ends, "op": "compare" if ends else "compute"}
