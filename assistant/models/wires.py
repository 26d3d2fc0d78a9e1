"""The protocols of Anthropic, Google and Ollama: one request body each, and its stream read back. Over plain HTTP.

Each is a LangChain chat model, so that the rest of the code meets one kind. They send what LangChain's own packages do
not, or not alike: Anthropic's citations over a document of one block a sentence, kept in its cache; the window that
Ollama would otherwise cut to 4k tokens; JSON schemas as grammar. Requests are pinned by captures in the tests.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.base import LanguageModelInput
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    SystemMessage,
    ToolMessage,
    UsageMetadata,
)
from langchain_core.messages.tool import ToolCallChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable

from assistant.errors import ModelConfigurationError
from assistant.models.settings import ModelSettings
from assistant.models.transport import limited_transport
from assistant.models.trouble import ModelOutputError

_MOST_OUTPUT = 8_192  # tokens; Anthropic wants a number
_SENTENCE = re.compile(r"(t\d+\.\d+)(?: (\(relaying [^)]*\)))? (.+)")
_TURN = re.compile(r"\[(t\d+)\] (.+)")
Json = dict[str, Any]


class StatusError(Exception):
    """The service answered with a status of failure; ``trouble`` reads the attributes."""

    def __init__(self, response: httpx.Response) -> None:
        self.status_code, self.response = response.status_code, response
        self.code: str | None = None
        try:
            error = json.loads(response.read()[:4_096]).get("error")
            self.code = error.get("code") or error.get("type") if isinstance(error, dict) else None
        except (ValueError, AttributeError, httpx.HTTPError):
            self.code = None
        super().__init__(f"HTTP {response.status_code}")


class Wire(BaseChatModel):
    """A chat model over HTTP."""

    settings: ModelSettings
    key: str = ""
    client: Any = None

    key_names: ClassVar[tuple[str, ...]] = ()
    address: ClassVar[str] = ""

    @property
    def _llm_type(self) -> str:
        return f"wire-{self.settings.provider}"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        """Functions of OpenAI's form."""
        return self.bind(tools=list(tools), **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: Any = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **more: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **more))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: Any = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **more: Any,
    ) -> Iterator[ChatGenerationChunk]:
        body = self.body(messages, more.get("tools") or (), more.get("shape"))
        with self.client.stream("POST", self.url(), json=body, headers=self.headers()) as response:
            if response.status_code >= 400:
                raise StatusError(response)
            for chunk in self.chunks(self.events(response)):
                yield ChatGenerationChunk(message=chunk)

    def base(self) -> str:
        """The address of the service, without a slash at its end."""
        return (self.settings.base_url or self.address).rstrip("/")

    def events(self, response: httpx.Response) -> Iterator[Json]:
        """The JSON objects of a stream: server-sent events, or lines."""
        for line in response.iter_lines():
            data = line.removeprefix("data:").strip() if line.startswith("data:") else line.strip()
            if data.startswith("{"):
                yield json.loads(data)

    def url(self) -> str:
        """Where requests go."""
        raise NotImplementedError

    def headers(self) -> dict[str, str]:
        """The headers beside the usual ones."""
        return {}

    def body(self, messages: Sequence[BaseMessage], tools: Sequence[Json], shape: Json | None) -> Json:
        """The request."""
        raise NotImplementedError

    def chunks(self, events: Iterator[Json]) -> Iterator[AIMessageChunk]:
        """The stream, read."""
        raise NotImplementedError


class Anthropic(Wire):
    """Messages with citations: the debate is a document, a block a sentence; its pointers come back as our marks."""

    key_names: ClassVar[tuple[str, ...]] = ("ANTHROPIC_API_KEY",)
    address: ClassVar[str] = "https://api.anthropic.com"
    _ids: list[str] = []  # noqa: RUF012 (pydantic's private attribute: each model has its own)

    def url(self) -> str:
        """Where requests go."""
        return f"{self.base()}/v1/messages"

    def headers(self) -> dict[str, str]:
        """Key and version."""
        return {"x-api-key": self.key, "anthropic-version": "2023-06-01"}

    def body(self, messages: Sequence[BaseMessage], tools: Sequence[Json], shape: Json | None) -> Json:
        """Tools, system, document: all kept in the cache up to its end; then the thread and the question."""
        kept = {"cache_control": {"type": "ephemeral"}}
        made: Json = {"model": self.settings.model, "max_tokens": _MOST_OUTPUT, "stream": True}
        system = [{"type": "text", "text": str(m.content)} for m in messages if isinstance(m, SystemMessage)]
        if system:
            made["system"] = [*system[:-1], {**system[-1], **kept}]
        if tools:
            made["tools"] = [
                {"name": f["name"], "description": f["description"], "input_schema": f["parameters"]}
                for f in (tool["function"] for tool in tools)
            ]
        if shape is not None:
            made["output_config"] = {"format": {"type": "json_schema", "schema": shape}}
        if self.settings.effort:
            made.setdefault("output_config", {})["effort"] = self.settings.effort
        said: list[Json] = []
        for message in messages:
            if isinstance(message, SystemMessage):
                continue
            role = "assistant" if isinstance(message, AIMessage) else "user"
            content = self._content(message, kept, cited=shape is None)
            if said and said[-1]["role"] == role:
                said[-1]["content"] += content
            else:
                said.append({"role": role, "content": content})
        return {**made, "messages": said}

    def _content(self, message: BaseMessage, kept: Json, *, cited: bool) -> list[Json]:
        text = str(message.content)
        if isinstance(message, ToolMessage):
            return [{"type": "tool_result", "tool_use_id": message.tool_call_id, "content": text}]
        if isinstance(message, AIMessage):
            calls = [
                {"type": "tool_use", "id": c["id"], "name": c["name"], "input": c["args"]} for c in message.tool_calls
            ]
            return [*([{"type": "text", "text": text}] if text else []), *calls]
        length = message.additional_kwargs.get("debate", 0)
        if not length:
            return [{"type": "text", "text": text}]
        debate, rest = text[:length], text[length:].strip()
        if not cited:
            return [{"type": "text", "text": debate, **kept}, {"type": "text", "text": rest}]
        blocks = [*_sentences(debate)]
        object.__setattr__(self, "_ids", [identifier for identifier, _ in blocks])
        source = {"type": "content", "content": [{"type": "text", "text": words} for _, words in blocks]}
        document = {"type": "document", "source": source, "title": "The debate", "citations": {"enabled": True}, **kept}
        return [document, {"type": "text", "text": rest}]

    def chunks(self, events: Iterator[Json]) -> Iterator[AIMessageChunk]:
        """Text with marks before what they carry, calls, usage."""
        spent = made = cached = 0
        text, marks, told = "", list[str](), False
        for event in events:
            kind = event.get("type")
            if kind == "error":
                raise ModelOutputError("server_error")
            if kind == "message_start":
                usage = event["message"].get("usage", {})
                cached = usage.get("cache_read_input_tokens") or 0
                spent = usage.get("input_tokens", 0) + cached + (usage.get("cache_creation_input_tokens") or 0)
            elif kind == "content_block_start":
                text, marks, told = "", [], False
                block = event["content_block"]
                if block["type"] == "tool_use":
                    yield _call(event["index"], block["name"], block["id"], "")
            elif kind == "content_block_delta":
                delta = event["delta"]
                if delta["type"] == "input_json_delta":
                    yield _call(event["index"], None, None, delta["partial_json"])
                elif delta["type"] == "citations_delta":
                    marks += self._cited(delta["citation"])
                elif delta["type"] == "text_delta":
                    text += delta["text"]
                    if told or marks:
                        yield AIMessageChunk(content=_marked(marks, text))
                        text, marks, told = "", [], True
                else:
                    yield AIMessageChunk(content="")  # thinking: it is alive
            elif kind == "content_block_stop" and (text or marks):
                yield AIMessageChunk(content=_marked(marks, text))
                text, marks = "", []
            elif kind == "message_delta":
                made = event.get("usage", {}).get("output_tokens", made)
        yield AIMessageChunk(content="", usage_metadata=_usage(spent, made, cached))

    def _cited(self, citation: Mapping[str, Any]) -> list[str]:
        first, last = citation.get("start_block_index"), citation.get("end_block_index")
        if not isinstance(first, int) or not isinstance(last, int):
            return []
        return self._ids[first:last]


class Google(Wire):
    """Gemini's generateContent."""

    key_names: ClassVar[tuple[str, ...]] = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
    address: ClassVar[str] = "https://generativelanguage.googleapis.com"

    def url(self) -> str:
        """Where requests go."""
        return f"{self.base()}/v1beta/models/{self.settings.model}:streamGenerateContent?alt=sse"

    def headers(self) -> dict[str, str]:
        """The key."""
        return {"x-goog-api-key": self.key}

    def body(self, messages: Sequence[BaseMessage], tools: Sequence[Json], shape: Json | None) -> Json:
        """System, contents, functions, and the schema of the answer where there is one."""
        made: Json = {}
        system = [{"text": str(m.content)} for m in messages if isinstance(m, SystemMessage)]
        if system:
            made["systemInstruction"] = {"parts": system}
        names = {c["id"]: c["name"] for m in messages if isinstance(m, AIMessage) for c in m.tool_calls}
        contents: list[Json] = []
        for message in messages:
            if isinstance(message, SystemMessage):
                continue
            role = "user"
            parts: list[Json] = [{"text": str(message.content)}]
            if isinstance(message, AIMessage):
                role, parts = "model", message.additional_kwargs.get("parts") or parts
            elif isinstance(message, ToolMessage):
                reply = {"name": names.get(message.tool_call_id, ""), "response": {"result": str(message.content)}}
                parts = [{"functionResponse": reply}]
            if contents and contents[-1]["role"] == role:
                contents[-1]["parts"] += parts
            else:
                contents.append({"role": role, "parts": [*parts]})
        made["contents"] = contents
        if tools:
            functions = [
                {"name": f["name"], "description": f["description"], "parametersJsonSchema": f["parameters"]}
                for f in (tool["function"] for tool in tools)
            ]
            made["tools"] = [{"functionDeclarations": functions}]
        settings: Json = {}
        if shape is not None:
            settings |= {"responseMimeType": "application/json", "responseJsonSchema": shape}
        if self.settings.effort:
            settings["thinkingConfig"] = {"thinkingLevel": self.settings.effort}
        return {**made, **({"generationConfig": settings} if settings else {})}

    def chunks(self, events: Iterator[Json]) -> Iterator[AIMessageChunk]:
        """Text, calls, usage; thoughts are passed over, their signatures kept for the next request."""
        number = 0
        usage: Json = {}
        for event in events:
            usage = event.get("usageMetadata") or usage
            for candidate in event.get("candidates") or ():
                parts = (candidate.get("content") or {}).get("parts") or ()
                for part in parts:
                    kept = {"parts": [part]}
                    if "functionCall" in part:
                        wanted = part["functionCall"]
                        chunk = _call(number, wanted["name"], f"call_{number}", json.dumps(wanted.get("args") or {}))
                        number += 1
                        yield chunk.model_copy(update={"additional_kwargs": kept})
                    else:
                        text = "" if part.get("thought") else str(part.get("text") or "")
                        yield AIMessageChunk(content=text, additional_kwargs=kept)
        made = (usage.get("candidatesTokenCount") or 0) + (usage.get("thoughtsTokenCount") or 0)
        spent, cached = usage.get("promptTokenCount") or 0, usage.get("cachedContentTokenCount") or 0
        yield AIMessageChunk(content="", usage_metadata=_usage(spent, made, cached) if usage else None)


class Ollama(Wire):
    """Ollama's chat; it is told the window, or it silently drops what does not fit into 4k tokens."""

    address: ClassVar[str] = "http://127.0.0.1:11434"

    def url(self) -> str:
        """Where requests go."""
        return f"{self.base()}/api/chat"

    def body(self, messages: Sequence[BaseMessage], tools: Sequence[Json], shape: Json | None) -> Json:
        """Messages, functions, the window, the schema of the answer where there is one."""
        names = {c["id"]: c["name"] for m in messages if isinstance(m, AIMessage) for c in m.tool_calls}
        said: list[Json] = []
        for message in messages:
            content = str(message.content)
            if isinstance(message, SystemMessage):
                said.append({"role": "system", "content": content})
            elif isinstance(message, ToolMessage):
                said.append({"role": "tool", "content": content, "tool_name": names.get(message.tool_call_id, "")})
            elif isinstance(message, AIMessage):
                calls = [{"function": {"name": c["name"], "arguments": c["args"]}} for c in message.tool_calls]
                said.append({"role": "assistant", "content": content, **({"tool_calls": calls} if calls else {})})
            else:
                said.append({"role": "user", "content": content})
        window = self.settings.window or 16_384
        made: Json = {
            "model": self.settings.model, "messages": said, "stream": True, "options": {"num_ctx": window},
        }  # fmt: skip
        if tools:
            made["tools"] = list(tools)
        if shape is not None:
            made["format"] = shape
        if self.settings.effort:
            made["think"] = self.settings.effort
        return made

    def chunks(self, events: Iterator[Json]) -> Iterator[AIMessageChunk]:
        """Text, calls, usage."""
        number = 0
        for event in events:
            if event.get("error"):
                raise ModelOutputError("server_error")
            message = event.get("message") or {}
            for call in message.get("tool_calls") or ():
                wanted = call["function"]
                yield _call(number, wanted["name"], f"call_{number}", json.dumps(wanted.get("arguments") or {}))
                number += 1
            usage = None
            if event.get("done"):
                usage = _usage(event.get("prompt_eval_count") or 0, event.get("eval_count") or 0)
            yield AIMessageChunk(content=message.get("content") or "", usage_metadata=usage)


WIRES: Mapping[str, type[Wire]] = {"anthropic": Anthropic, "google_genai": Google, "ollama": Ollama}


def wired(settings: ModelSettings) -> Wire:
    """The model of a provider in ``WIRES``.

    Raises:
        ModelConfigurationError: Its key is not set.
    """
    kind = WIRES[settings.provider]
    key = next((value for name in kind.key_names if (value := os.environ.get(name, "").strip())), "")
    if kind.key_names and not key and settings.base_url is None:
        raise ModelConfigurationError(
            f"The model {settings.name} cannot be opened: set {' or '.join(kind.key_names)} in the environment."
        )
    client = httpx.Client(transport=limited_transport(httpx), follow_redirects=False, timeout=settings.deadline)
    return kind(settings=settings, key=key, client=client)


def _sentences(debate: str) -> Iterator[tuple[str, str]]:
    """The lines of a numbered debate as (id, "speaker: words")."""
    speaker = ""
    for line in debate.split("\n"):
        if head := _TURN.fullmatch(line):
            speaker = head[2]
        elif match := _SENTENCE.fullmatch(line):
            yield match[1], f"{' '.join(filter(None, (speaker, match[2])))}: {match[3]}"


def _marked(marks: Sequence[str], text: str) -> str:
    return f"[{', '.join(dict.fromkeys(marks))}] {text}" if marks else text


def _call(index: int, name: str | None, identifier: str | None, arguments: str) -> AIMessageChunk:
    piece = ToolCallChunk(name=name, args=arguments, id=identifier, index=index, type="tool_call_chunk")
    return AIMessageChunk(content="", tool_call_chunks=[piece])


def _usage(spent: int, made: int, cached: int = 0) -> UsageMetadata:
    usage = UsageMetadata(input_tokens=spent, output_tokens=made, total_tokens=spent + made)
    if cached:
        usage["input_token_details"] = {"cache_read": cached}
    return usage
