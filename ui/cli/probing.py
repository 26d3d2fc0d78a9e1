"""`debate doctor` and the chat model: one cheap call, and a sentence on what is wrong with the endpoint."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from assistant.errors import ModelConfigurationError
from assistant.models.trouble import ModelOutputError, TroubleKind
from ui.cli.checks import Check
from ui.session import Place

_SECONDS = 20.0
_TODO: dict[TroubleKind, str] = {
    "down": "see that it runs and that DEBATE_MODEL_BASE_URL is its address, with the path it wants (often /v1)",
    "slow": "see whether it is still loading the model, or raise DEBATE_MODEL_FIRST",
    "refused": "set the right key in the environment",
    "unknown_model": "see which models it has; the name follows the colon of DEBATE_MODEL",
    "bad_request": "see its log; another DEBATE_MODEL_FORM or DEBATE_MODEL_EFFORT may be what it takes",
    "quota": "see the account",
    "rate_limited": "wait, or see the account",
    "redirect": "set DEBATE_MODEL_BASE_URL to where it redirects, if you trust that",
    "server_error": "see its log",
    "garbage": "see that DEBATE_MODEL_BASE_URL speaks the provider's protocol",
}


def probe(place: Place) -> Iterator[Check]:
    """Whether the configured chat model answers; nothing where none is configured."""
    if place.model is None and not os.environ.get("DEBATE_MODEL", "").strip():
        return
    from assistant.models.chat import open_model

    try:
        model = open_model(place.model)
    except ModelConfigurationError as error:
        yield Check("chat model", "broken", str(error))
        return
    if model is None:
        return
    from langchain_core.messages import HumanMessage

    begun = time.monotonic()
    try:
        model.ask([HumanMessage("Answer with the word yes.")], model.meter(seconds=_SECONDS), purpose="probe")
    except ModelOutputError as trouble:
        todo = _TODO.get(trouble.kind, "see its log")
        yield Check("chat model", "broken", f"{model.name}: {trouble.sentence('en')}; {todo}")
        return
    window, form = model.window, model.settings.form
    told = f"{model.name} answers in {time.monotonic() - begun:.1f} s; window {window:,} tokens, form {form}"
    yield Check("chat model", "ok", told)
