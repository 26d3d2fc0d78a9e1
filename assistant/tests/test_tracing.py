"""Spans of the steps: one trace a question, no words in them, and nothing at all unless somebody wants it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from assistant import tracing

TRACED = """
import json
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
exporter, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
from assistant import Assistant
for light in (True, False):
    with Assistant.open(save=False, light=light, model="none") as assistant:
        assistant.ask("What is secretword worth?")
spans = exporter.get_finished_spans()
told = [(s.name, s.context.trace_id, s.parent and s.parent.span_id, s.context.span_id, s.to_json()) for s in spans]
print(json.dumps(told))
"""


def test_a_question_is_one_trace_of_its_steps() -> None:
    pytest.importorskip("opentelemetry.sdk.trace")
    done = subprocess.run(
        [sys.executable, "-c", TRACED], capture_output=True, text=True, check=True, env=_environment()
    )
    spans = json.loads(done.stdout)
    steps = ["understand", "retrieve", "draft", "ground", "answer"]
    assert [name for name, *_ in spans] == [f"debate.{name}" for name in (*steps, "ask")] * 2
    assert len({trace for _, trace, *_ in spans}) == 2
    for start in (0, 6):
        root = spans[start + 5][3]
        assert all(parent == root for _, _, parent, *_ in spans[start : start + 5])
    assert "secretword" not in done.stdout


def test_an_error_is_told_by_its_class_alone() -> None:
    code = TRACED.split("from assistant import Assistant")[0] + (
        "from assistant.tracing import span\n"
        "try:\n    with span('draft'): raise ValueError('secretword')\nexcept ValueError: pass\n"
        "print(exporter.get_finished_spans()[0].to_json())"
    )
    pytest.importorskip("opentelemetry.sdk.trace")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert '"error.type": "ValueError"' in done.stdout and "secretword" not in done.stdout


def test_without_a_wish_nothing_is_set_up() -> None:
    assert not tracing.set_up({}) and not tracing.set_up({"OTEL_TRACES_EXPORTER": "none"})


def test_a_users_langsmith_setting_is_kept_and_ours_is_off() -> None:
    from assistant import environment

    theirs = {"LANGSMITH_TRACING": "true"}
    environment.apply(theirs)
    assert theirs["LANGSMITH_TRACING"] == "true"
    ours: dict[str, str] = {}
    environment.apply(ours)
    assert ours["LANGSMITH_TRACING"] == "false"


def _environment() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("DEBATE_", "OTEL_"))}
