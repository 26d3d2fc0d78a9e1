"""Where the model's settings come from, what they may not hold, and that keys stay where they are."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from assistant import Assistant
from assistant.errors import ModelConfigurationError
from assistant.models.chat import open_model
from assistant.models.meter import DEADLINE, FIRST, IDLE, Meter
from assistant.models.settings import ModelSettings, settings_from
from assistant.models.trouble import ModelOutputError, trouble_of
from assistant.redaction import redacted
from assistant.tests.conftest import KEY


def test_defaults_wait_for_the_first_word_and_for_each_piece() -> None:
    settings = settings_from("openai:gpt-x", {})
    assert settings == ModelSettings(provider="openai", model="gpt-x") and settings is not None
    assert (settings.first, settings.idle, settings.deadline) == (FIRST, IDLE, DEADLINE) == (30.0, 20.0, 120.0)
    assert (settings.context, settings.form, settings.price) == ("auto", "auto", None)


def test_the_argument_wins_over_the_environment_and_none_is_none() -> None:
    environment = {"DEBATE_MODEL": "ollama:qwen3", "DEBATE_MODEL_DEADLINE": "5", "DEBATE_MODEL_PRICE": "0.25, 2"}
    from_it = settings_from(None, environment)
    assert from_it is not None and (from_it.name, from_it.deadline, from_it.price) == ("ollama:qwen3", 5.0, (0.25, 2.0))
    named = settings_from("google:gemini-x", environment)
    assert named is not None and named.provider == "google_genai"
    for none in ("none", "", "embedded", "NONE"):
        assert settings_from(none, environment) is None


@pytest.mark.parametrize(
    ("spec", "environment"),
    [
        ("gpt-x", {}),
        (KEY, {}),
        (f"openai:{KEY}", {}),
        ("openai:gpt x", {}),
        ("openai:gpt-x", {"DEBATE_MODEL_BASE_URL": f"https://user:{KEY}@example.org/v1"}),
        ("openai:gpt-x", {"DEBATE_MODEL_BASE_URL": "file:///etc/passwd"}),
        ("openai:gpt-x", {"DEBATE_MODEL_BASE_URL": "http://[::1"}),
        ("openai:gpt-x", {"DEBATE_MODEL_DEADLINE": "forever"}),
        ("openai:gpt-x", {"DEBATE_MODEL_DEADLINE": "-1"}),
        ("openai:gpt-x", {"DEBATE_MODEL_DEADLINE": "nan"}),
        ("openai:gpt-x", {"DEBATE_MODEL_CONTEXT": "some"}),
        ("openai:gpt-x", {"DEBATE_MODEL_FORM": "xml"}),
        ("openai:gpt-x", {"DEBATE_MODEL_PRICE": "cheap"}),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence_without_the_key(spec: str, environment: dict[str, str]) -> None:
    with pytest.raises(ModelConfigurationError) as refused:
        settings_from(spec, {**environment, "OPENAI_API_KEY": KEY})
    assert KEY not in str(refused.value) and "must be" in str(refused.value)


def test_a_missing_package_and_a_missing_key_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ModelConfigurationError, match="LangChain's package for groq"):
        open_model("groq:some-model")
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(ModelConfigurationError, match="ANTHROPIC_API_KEY"):
        open_model("anthropic:some-model")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("DEBATE_MODEL_BASE_URL", raising=False)
    with pytest.raises(ModelConfigurationError, match="OPENAI_API_KEY"):
        open_model("openai:gpt-x")
    with pytest.raises(ModelConfigurationError, match="provider"):
        open_model("nobody:x")


def test_an_open_langchain_model_will_do(embedded: Assistant) -> None:
    draft = '{"claims": [{"speaker": "Ethan Xu", "sentences": ["t12.4"], "text": "Old chips are still used."}]}'
    chat = GenericFakeChatModel(messages=iter([AIMessage(draft)] * 3))
    with Assistant.open(save=False, light=True, model=chat) as assistant:
        got = assistant.ask("芯片能用几年?")
    assert got.answerer == "langchain:GenericFakeChatModel", got.trouble
    assert got.claims[0].text == "Old chips are still used." and got.quotes[0].sentence_ids == ("t12.4",)
    assert got.usage is not None and got.usage.input_tokens is None  # it does not count


def test_keys_are_masked_in_whatever_is_written() -> None:
    environment = {"MY_SERVICE_TOKEN": "abcd-efgh-ijkl", "PATH": "/usr/bin", "SHORT_KEY": "abc"}
    text = f"token abcd-efgh-ijkl, key {KEY}, https://me:pass@host/x, Bearer abc.def.ghi-jkl, abc /usr/bin"
    masked = redacted(text, environment)
    assert masked == "token [secret], key [secret], https://[secret]@host/x, Bearer [secret], abc /usr/bin"


def test_trouble_never_repeats_what_a_library_said() -> None:
    class APIStatusError(Exception):
        status_code = 401

    for error in (APIStatusError(KEY), ConnectionError(KEY), ValueError(KEY), TimeoutError(KEY), RuntimeError(KEY)):
        trouble = trouble_of(error)
        assert KEY not in str(trouble) + trouble.sentence("zh") + trouble.sentence("en") + repr(trouble)


def test_a_meter_stops_what_is_spent() -> None:
    meter = Meter(60.0, output=10)
    part = meter.part(0.0)
    with pytest.raises(ModelOutputError, match="in time"):
        part.check()
    meter.check()
    meter.spend_output(6)
    with pytest.raises(ModelOutputError, match="limit"):
        meter.part(1.0, 100).spend_output(6)


def test_a_cold_question_imports_no_model_library() -> None:
    code = (
        "import sys; from assistant import Assistant\n"
        "Assistant.open(save=False, light=True).ask('GPU 能用几年?')\n"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('langchain', 'langchain_core', 'langgraph', 'openai', 'opentelemetry', 'httpx', 'pydantic_settings')])"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DEBATE_")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[]"
