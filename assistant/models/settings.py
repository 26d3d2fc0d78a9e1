"""Which chat model, and how it is used: from the environment, or from a name that was given.

Settings come from the environment (keys from there only). The provider's own variables (OPENAI_API_KEY, …) are read by
its library, these by us:

    DEBATE_MODEL            provider:model; "none" or unset for the embedded rules alone
    DEBATE_MODEL_BASE_URL   an endpoint that speaks the provider's protocol (vLLM, llama.cpp, a gateway)
    DEBATE_MODEL_FIRST      seconds until it begins to answer, default 30
    DEBATE_MODEL_IDLE       seconds that it may fall silent while it answers, default 20
    DEBATE_MODEL_DEADLINE   seconds for all calls of one question, default 120
    DEBATE_MODEL_CONTEXT    what it is shown: whole, retrieved, or auto (whole where it surely fits)
    DEBATE_MODEL_WINDOW     tokens that it takes; 16000 where neither this nor its library says
    DEBATE_MODEL_FORM       how it answers: prose, json (constrained, for weak models), or auto (prose)
    DEBATE_MODEL_EFFORT     how long a reasoning model thinks: minimal, low, medium or high; its own habit when unset
    DEBATE_MODEL_BACKGROUND whether it may add what is not from the debate, labelled so: off (default) or on
    DEBATE_MODEL_PRICE      USD per million input and output tokens, such as "0.25,2"; a third for cached input
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from assistant.errors import ModelConfigurationError
from assistant.models.meter import DEADLINE, FIRST, IDLE, Price
from assistant.redaction import holds_secret
from corpus.types import Frozen

Context = Literal["auto", "whole", "retrieved"]
Form = Literal["auto", "prose", "json"]
Effort = Literal["", "minimal", "low", "medium", "high"]
WINDOW = 16_000  # tokens, of a model that nobody knows

_ALIASES = {"google": "google_genai"}
_SPEC = re.compile(r"(?P<provider>[a-z][a-z0-9_]{0,40}):(?P<model>[^\s\x00-\x1f]{1,200})")


class ModelSettings(Frozen):
    """Which chat model, and how it is used."""

    provider: str = Field(description="As init_chat_model names it.")
    model: str
    base_url: str | None = None
    deadline: float = Field(default=DEADLINE, gt=0, le=600, description="Seconds for all calls of one question.")
    first: float = Field(default=FIRST, gt=0, le=600, description="Seconds until it begins to answer.")
    idle: float = Field(default=IDLE, gt=0, le=600, description="Seconds that it may fall silent.")
    window: int | None = Field(default=None, description="Tokens that it takes; None: as its library knows.")
    effort: Effort = Field(default="", description="Of a reasoning model.")
    background: bool = Field(default=False, description="Whether it may add what is not from the debate.")
    context: Context = Field(default="auto", description="What the model is shown of the transcript.")
    form: Form = Field(default="auto", description="Prose with marks, or constrained JSON.")
    price: Price | None = Field(default=None, description="USD per million tokens: input, output, cached input.")

    @property
    def name(self) -> str:
        """ "provider:model", as in ``Answer.answerer``."""
        return f"{self.provider}:{self.model}"


def settings_from(spec: str | None = None, environment: Mapping[str, str] | None = None) -> ModelSettings | None:
    """The settings of ``spec``, or of DEBATE_MODEL when left out; None when there is none (or it is "none").

    Raises:
        ModelConfigurationError: A setting cannot be used.
    """
    environment = os.environ if environment is None else environment
    spec = (environment.get("DEBATE_MODEL", "") if spec is None else spec).strip()
    if spec.casefold() in ("", "none", "embedded"):
        return None
    match = _SPEC.fullmatch(spec)
    if match is None or holds_secret(spec, environment):
        # What was typed is not repeated: it may be a key.
        raise ModelConfigurationError(
            "The model must be given as provider:model, for example openai:gpt-5-mini or ollama:qwen3; "
            "keys belong in the environment."
        )
    base_url = environment.get("DEBATE_MODEL_BASE_URL", "").strip() or None
    if base_url is not None:
        _check_address(base_url)
    return ModelSettings(
        provider=_ALIASES.get(match["provider"], match["provider"]),
        model=match["model"],
        base_url=base_url,
        deadline=_number(environment, "DEBATE_MODEL_DEADLINE", DEADLINE),
        first=_number(environment, "DEBATE_MODEL_FIRST", FIRST),
        idle=_number(environment, "DEBATE_MODEL_IDLE", IDLE),
        window=_window(environment.get("DEBATE_MODEL_WINDOW", "")),
        effort=_choice(environment, "DEBATE_MODEL_EFFORT", ("", "minimal", "low", "medium", "high")),
        background=_choice(environment, "DEBATE_MODEL_BACKGROUND", ("off", "on")) == "on",
        context=_choice(environment, "DEBATE_MODEL_CONTEXT", ("auto", "whole", "retrieved")),
        form=_choice(environment, "DEBATE_MODEL_FORM", ("auto", "prose", "json")),
        price=_price(environment.get("DEBATE_MODEL_PRICE", "")),
    )


def _check_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and not parts.password
    except ValueError:
        good = False
    if not good:
        raise ModelConfigurationError(
            "DEBATE_MODEL_BASE_URL must be an http or https address without a user name or password in it; "
            "keys belong in their own variable."
        )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name, "").strip()
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not 0.0 < value <= 600.0:
        raise ModelConfigurationError(f"{name} must be a number of seconds, above 0 and at most 600.")
    return value


def _choice(environment: Mapping[str, str], name: str, options: tuple[str, ...]) -> Any:
    value = environment.get(name, "").strip() or options[0]
    if value not in options:
        raise ModelConfigurationError(f"{name} must be one of {', '.join(filter(None, options))}.")
    return value


def _window(text: str) -> int | None:
    if not text.strip():
        return None
    if not text.strip().isascii() or not text.strip().isdigit() or not 1_000 <= int(text) <= 100_000_000:
        raise ModelConfigurationError("DEBATE_MODEL_WINDOW must be a number of tokens, at least 1000.")
    return int(text)


def _price(text: str) -> Price | None:
    if not text.strip():
        return None
    try:
        prices = [float(part) for part in text.split(",")]
    except ValueError:
        prices = []
    if len(prices) not in (2, 3) or not all(0.0 <= price < 1e6 for price in prices):
        raise ModelConfigurationError(
            "DEBATE_MODEL_PRICE must be two numbers, USD per million input and output tokens, for example 0.25,2, and "
            "for cached input a third."
        )
    return (prices[0], prices[1], prices[2]) if len(prices) == 3 else (prices[0], prices[1])
