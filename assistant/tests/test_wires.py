"""What each provider is sent, held against recorded requests, and how its stream is read; over loopback.

After a change on purpose: ``RECORD=1 pytest assistant/tests/test_wires.py`` writes them anew; read the difference.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from assistant.models.chat import ChatModel, open_model
from assistant.models.output import Silent
from assistant.models.toolbox import TOOLS

RECORDED = Path(__file__).parent / "cases" / "requests"
DEBATE = "=== s ===\n[t1] Ann Lee\nt1.1 The port is full.\nt1.2 (relaying Bo Chen) Fees will rise.\n=== e ==="
CALL = {"id": "call_0", "name": "read_turn", "args": {"turn": "t1"}}
MESSAGES: list[BaseMessage] = [
    SystemMessage("The rules."),
    HumanMessage(f"{DEBATE}\n\nThe question: Is it full?", additional_kwargs={"debate": len(DEBATE)}),
    AIMessage("", tool_calls=[CALL], additional_kwargs={"parts": [{"functionCall": {"name": "read_turn", "args": {"turn": "t1"}}, "thoughtSignature": "sig"}]}),  # noqa: E501
    ToolMessage("t1.1 The port is full.", tool_call_id="call_0"),
]  # fmt: skip


def sse(*events: dict[str, Any]) -> bytes:
    return b"".join(f"event: x\ndata: {json.dumps(event)}\n\n".encode() for event in events)


def openai(*deltas: dict[str, Any]) -> bytes:
    chunks = [
        {
            "id": "1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "delta": d, "finish_reason": None}],
        }
        for d in deltas
    ]
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 7,
        "total_tokens": 107,
        "prompt_tokens_details": {"cached_tokens": 90},
    }
    last = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
    return sse(*chunks, last) + b"data: [DONE]\n\n"


ANTHROPIC = sse(
    {"type": "message_start", "message": {"usage": {"input_tokens": 10, "cache_read_input_tokens": 90}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "It is "}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "full."}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "citations_delta", "citation": {"type": "content_block_location", "document_index": 0, "start_block_index": 0, "end_block_index": 2}}},  # noqa: E501
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 7}},
    {"type": "message_stop"},
)  # fmt: skip
GOOGLE = sse(
    {"candidates": [{"content": {"parts": [{"text": "thinking", "thought": True}]}}]},
    {"candidates": [{"content": {"parts": [{"text": "[t1.1] It is full."}]}}]},
    {"candidates": [{"content": {"parts": []}}], "usageMetadata": {"promptTokenCount": 100, "candidatesTokenCount": 4, "thoughtsTokenCount": 3, "cachedContentTokenCount": 90}},  # noqa: E501
)  # fmt: skip
OLLAMA = b"".join(
    json.dumps(line).encode() + b"\n"
    for line in (
        {"message": {"role": "assistant", "content": "[t1.1] It is "}, "done": False},
        {"message": {"role": "assistant", "content": "full."}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "prompt_eval_count": 100, "eval_count": 7},
    )
)
OPENAI = openai({"role": "assistant", "content": "[t1.1] It is "}, {"content": "full."})
#: name → model, path, what the service answers, further settings, whether the answer is constrained JSON
CASES: dict[str, tuple[str, str, bytes, dict[str, str], bool]] = {
    "openai": ("openai:gpt-x", "/chat/completions", OPENAI, {}, False),
    "openai-reasoning": ("openai:o-x", "/chat/completions", OPENAI, {"EFFORT": "low"}, False),
    "vllm-llamacpp-json": ("openai:local", "/chat/completions", OPENAI, {"FORM": "json"}, True),
    "anthropic": ("anthropic:claude-x", "/v1/messages", ANTHROPIC, {}, False),
    "anthropic-json": ("anthropic:claude-x", "/v1/messages", ANTHROPIC, {"EFFORT": "low"}, True),
    "google": ("google:gemini-x", "/v1beta/models/gemini-x:streamGenerateContent?alt=sse", GOOGLE, {}, False),
    "google-json": ("google:gemini-x", "/v1beta/models/gemini-x:streamGenerateContent?alt=sse", GOOGLE, {"EFFORT": "low"}, True),  # noqa: E501
    "ollama": ("ollama:qwen-x", "/api/chat", OLLAMA, {}, False),
    "ollama-json": ("ollama:qwen-x", "/api/chat", OLLAMA, {"WINDOW": "32768"}, True),
}  # fmt: skip


@contextmanager
def service(answer: bytes) -> Iterator[tuple[str, list[tuple[str, dict[str, str], Any]]]]:
    """(address, requests received as path, headers, body) of a server that answers every request alike."""
    received: list[tuple[str, dict[str, str], Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", received
    finally:
        server.shutdown()
        server.server_close()


def opened(monkeypatch: pytest.MonkeyPatch, spec: str, address: str, **settings: str) -> ChatModel:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(name, "the-key-of-the-test")
    monkeypatch.setenv("DEBATE_MODEL_BASE_URL", address)
    for name, value in settings.items():
        monkeypatch.setenv(f"DEBATE_MODEL_{name}", value)
    model = open_model(spec)
    assert model is not None
    return model


@pytest.mark.parametrize("name", CASES)
def test_the_request_is_the_recorded_one_and_its_stream_is_read(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, path, answer, settings, as_json = CASES[name]
    with service(answer) as (address, received):
        model = opened(monkeypatch, spec, address, **settings)
        shape = Silent.model_json_schema() if as_json else None
        *pieces, message = model.stream(MESSAGES, model.meter(), () if as_json else TOOLS[3:], shape=shape)
    (sent_to, headers, body), *others = received
    assert sent_to == path and not others
    assert "the-key-of-the-test" in str(headers) or name.startswith("ollama")
    recorded = RECORDED / f"{name}.json"
    written = json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("RECORD"):
        recorded.write_text(written, encoding="utf-8")
    assert written == recorded.read_text(encoding="utf-8")
    cited = "[t1.1, t1.2] " if name == "anthropic" else "" if name == "anthropic-json" else "[t1.1] "
    assert "".join(map(str, pieces)) == f"{cited}It is full." and not isinstance(message, str)
    usage = message.usage_metadata
    assert usage is not None and (usage["input_tokens"], usage["output_tokens"]) == (100, 7)
    cached = usage.get("input_token_details", {}).get("cache_read") if not name.startswith("ollama") else 90
    assert cached == 90


CALLING = {
    "openai": openai({"tool_calls": [{"index": 0, "id": "call_0", "type": "function", "function": {"name": "read_turn", "arguments": '{"turn": "t1"}'}}]}),  # noqa: E501
    "anthropic": sse(
        {"type": "message_start", "message": {"usage": {}}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "id": "call_0", "name": "read_turn"}},  # noqa: E501
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '{"turn": '}},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": '"t1"}'}},
        {"type": "content_block_stop", "index": 0},
    ),
    "google": sse({"candidates": [{"content": {"parts": [{"functionCall": {"name": "read_turn", "args": {"turn": "t1"}}, "thoughtSignature": "sig"}]}}]}),  # noqa: E501
    "ollama": json.dumps({"message": {"tool_calls": [{"function": {"name": "read_turn", "arguments": {"turn": "t1"}}}]}, "done": True}).encode() + b"\n",  # noqa: E501
}  # fmt: skip


@pytest.mark.parametrize("name", CALLING)
def test_calls_are_read_from_every_stream(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with service(CALLING[name]) as (address, _):
        model = opened(monkeypatch, CASES[name][0], address)
        message = model.ask(MESSAGES[:2], model.meter(), TOOLS)
    (call,) = message.tool_calls
    assert (call["name"], call["args"], call["id"]) == ("read_turn", {"turn": "t1"}, "call_0")
    if name == "google":  # its signature goes back with the call
        assert message.additional_kwargs["parts"][0]["thoughtSignature"] == "sig"
