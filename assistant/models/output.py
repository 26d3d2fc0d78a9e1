"""What a chat model hands back as JSON, read strictly: a draft, a rewritten question, a call to a calculator. Pure.

    parse(Drafted, '{"claims": [{"speaker": "Ann Lee", "sentences": ["t2.1"], "text": "…"}]}')

Nothing is
guessed: an unknown field, a number for a word or an object that is cut off is a ModelOutputError ("garbage").
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from assistant.models.trouble import ModelOutputError

Reason = Literal[
    "speaker_silent", "topic_absent", "detail_absent", "out_of_scope", "small_talk", "needs_context", "refused_input"
]
SentenceId = Annotated[str, Field(max_length=24)]
MOST_CLAIMS = 12


class Wire(BaseModel):
    """Strict: no unknown fields, no "5" for 5."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class DraftedClaim(Wire):
    """One sentence of the answer."""

    speaker: str = Field(default="", max_length=120, description="Whose sentences they are; may be left out.")
    sentences: list[SentenceId] = Field(max_length=24, description="Ids of the sentences that carry it, the fewest.")
    text: str = Field(max_length=2000, description="One sentence of your own; no quotation marks, no direct speech.")


class Drafted(Wire):
    """The answer, as claims that name sentence ids."""

    lead: str = Field(default="", max_length=1000, description="A heading, or empty.")
    claims: list[DraftedClaim] = Field(default=[], max_length=MOST_CLAIMS)
    abstain: Reason | None = Field(default=None, description="Why the debate does not answer the question; else null.")
    nearest: list[SentenceId] = Field(default=[], max_length=24, description="When abstaining: ids that come nearest.")


class Silent(Wire):
    """That the debate does not answer, why, and what comes nearest."""

    abstain: Reason
    nearest: list[SentenceId] = Field(default=[], max_length=24)


class Rewritten(Wire):
    """The question as it stands alone, and whose words are wanted."""

    question: str = Field(min_length=1, max_length=1000)
    speakers: list[Annotated[str, Field(max_length=120)]] = Field(default=[], max_length=12)


class Calculate(Wire):
    """A call to a calculator."""

    name: str = Field(max_length=80)
    arguments: dict[str, JsonValue] = Field(max_length=60)
    sources: dict[str, str] = Field(default={}, max_length=60)


W = TypeVar("W", bound=Wire)
_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n?(?P<body>.*?)\n?\s*```\s*\Z", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)


def function(name: str, shape: type[Wire]) -> dict[str, Any]:
    """A wire type as a function that a model may call."""
    schema = shape.model_json_schema()
    return {"type": "function", "function": {"name": name, "description": shape.__doc__ or name, "parameters": schema}}


def parse(shape: type[W], text: str) -> W:
    """One JSON object that is the whole text, in a code fence or not, reasoning before it left out.

    Raises:
        ModelOutputError: "garbage".
    """
    text = _THOUGHT.sub("", text)
    fenced = _FENCE.match(text)
    try:
        return read(shape, json.loads(fenced["body"] if fenced else text))
    except (ValueError, RecursionError):
        raise ModelOutputError("garbage") from None


def read(shape: type[W], value: object) -> W:
    """A decoded object as a wire type.

    Raises:
        ModelOutputError: "garbage".
    """
    try:
        return shape.model_validate(value)
    except (ValidationError, RecursionError):
        raise ModelOutputError("garbage") from None


def text_of(message: Any) -> str:
    """The text of a message, its blocks joined."""
    content = message.content
    if isinstance(content, str):
        return content
    return "".join(b["text"] for b in content if isinstance(b, dict) and isinstance(b.get("text"), str))
