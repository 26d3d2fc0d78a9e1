"""The debate that ships, indexed once, and assistants whose chat model is a scripted endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from assistant import Assistant
from assistant.models.chat import open_model
from assistant.testing import Script, ScriptedEndpoint
from corpus.store import Store

KEY = "sk-canary-2f8c1d7e9b6a4035"

Scripted = Callable[..., tuple[Assistant, ScriptedEndpoint]]


@pytest.fixture(scope="session")
def embedded() -> Iterator[Assistant]:
    """No chat model, nothing saved."""
    with Assistant.open(save=False, light=True, model="none") as assistant:
        yield assistant


@pytest.fixture
def scripted(embedded: Assistant, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """Makes an assistant whose model is an endpoint with that script; settings as DEBATE_MODEL_… in lower case."""
    with ExitStack() as stack:

        def make(script: str | Script, **settings: str) -> tuple[Assistant, ScriptedEndpoint]:
            endpoint = stack.enter_context(ScriptedEndpoint(script))
            monkeypatch.setenv("OPENAI_API_KEY", KEY)
            for name, value in endpoint.environment().items():
                monkeypatch.setenv(name, value)
            for name, value in settings.items():
                monkeypatch.setenv(f"DEBATE_MODEL_{name.upper()}", value)
            assistant = Assistant(embedded.debate, embedded.index, Store.in_memory(), model=open_model(), light=True)
            return stack.enter_context(assistant), endpoint

        yield make
