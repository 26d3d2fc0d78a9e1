"""The configured chat model: how it is opened, and one call to it within the question's means.

chat = open_model("openai:gpt-5-mini")
chat.ask(messages, chat.meter())    # an AIMessage, or ModelOutputError saying of which kind the trouble was
"""

from __future__ import annotations

import atexit
import contextvars
import json
import os
import queue
import random
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelConfigurationError
from assistant.logs import record
from assistant.models.meter import Cancellation, Meter
from assistant.models.output import text_of
from assistant.models.settings import WINDOW, ModelSettings, settings_from
from assistant.models.transport import Call, calling, limited_transport
from assistant.models.trouble import ModelOutputError, trouble_of
from assistant.tracing import span

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage


EXTRAS = {"openai": "openai"}
WIRED = ("anthropic", "google_genai", "ollama")  # spoken to without a package of theirs, see ``wires``
CITING = ("anthropic",)  # whose service makes the debate citable; its pointers come back as our marks
_TRIES = 3
_BACK_OFF = 0.4  # seconds before the second try, doubled for the third
#: Characters of the arguments of all calls in a message. LangChain tries to mend what is no JSON, in quadratic time.
MAX_ARGUMENTS = 8_192
_WORKERS = threading.BoundedSemaphore(64)
_live: dict[threading.Thread, Call] = {}


class ChatModel:
    """One opened chat model. Thread-safe."""

    def __init__(self, chat: BaseChatModel, settings: ModelSettings) -> None:
        self.chat, self.settings = chat, settings

    @classmethod
    def of(cls, model: BaseChatModel) -> ChatModel:
        """A LangChain chat model that the caller has opened; the remaining settings come from the environment."""
        named = str(getattr(model, "model_name", None) or getattr(model, "model", None) or type(model).__name__)
        settings = settings_from(f"langchain:{re.sub(r'[^A-Za-z0-9._/:-]+', '-', named)[:100] or 'model'}")
        assert settings is not None
        return cls(model, settings)

    @property
    def name(self) -> str:
        """ "provider:model"."""
        return self.settings.name

    @property
    def window(self) -> int:
        """How many tokens the model takes: as set, as its library knows, or what nearly every model takes."""
        if self.settings.window is not None:
            return self.settings.window
        profile = getattr(self.chat, "profile", None)
        tokens = profile.get("max_input_tokens") if isinstance(profile, Mapping) else None
        return tokens if isinstance(tokens, int) and tokens > 0 else WINDOW

    def meter(self, cancellation: Cancellation | None = None, seconds: float | None = None) -> Meter:
        """A new question's means."""
        settings = self.settings
        return Meter(
            seconds or settings.deadline, cancellation=cancellation, price=settings.price,
            first=settings.first, idle=settings.idle,
        )  # fmt: skip

    def ask(
        self,
        messages: Sequence[BaseMessage],
        meter: Meter,
        tools: Sequence[dict[str, Any]] = (),
        purpose: str = "draft",
    ) -> AIMessage:
        """One message from the model: the end of ``stream``, with its arguments and errors."""
        *_, message = self.stream(messages, meter, tools, purpose)
        assert not isinstance(message, str)
        return message

    def stream(
        self,
        messages: Sequence[BaseMessage],
        meter: Meter,
        tools: Sequence[dict[str, Any]] = (),
        purpose: str = "draft",
        *,
        shape: dict[str, Any] | None = None,
    ) -> Iterator[str | AIMessage]:
        """The model's text as it comes, in pieces, and at last the whole message.

        Transient failures are tried again, with a growing pause or the one the service asks for, while time remains and
        nothing has come. Leaving the iterator early ends the call.

        Args:
            tools: JSON-schema functions that the model may call.
            shape: JSON schema to which services that can are made to keep.

        Raises:
            ModelOutputError: No message within the meter's means; says of which kind the trouble was.
        """
        for attempt in range(1, _TRIES + 1):
            begun = time.perf_counter()
            kind, came = "ok", False
            try:
                for piece in self._once(messages, meter, tools, shape, purpose):
                    came = True
                    yield piece
                return
            except ModelOutputError as error:
                kind = error.kind
                pause = error.retry_after if error.retry_after is not None else _BACK_OFF * 2 ** (attempt - 1)
                pause *= random.uniform(1.0, 1.25)
                if came or not error.retryable or attempt == _TRIES or pause >= meter.left():
                    raise
            except GeneratorExit:
                kind = "left"
                raise
            finally:
                ms = round((time.perf_counter() - begun) * 1000, 1)
                record("model_call", model=self.name, purpose=purpose, attempt=attempt, outcome=kind, ms=ms)
            _pause(pause, meter)
        raise AssertionError("the last try returns or raises")

    def _once(
        self,
        messages: Sequence[BaseMessage],
        meter: Meter,
        tools: Sequence[dict[str, Any]],
        shape: dict[str, Any] | None,
        purpose: str,
    ) -> Iterator[str | AIMessage]:
        """One try, in a thread of its own: whatever the provider's library does, we are back when the time is over."""
        meter.check()
        if not _WORKERS.acquire(blocking=False):
            raise ModelOutputError("down")  # too many calls hang on a service that never ends them
        arrived: queue.SimpleQueue[str | AIMessage | ModelOutputError] = queue.SimpleQueue()
        call = Call(meter)

        def work() -> None:
            try:
                with calling(call), span("model", model=self.name, purpose=purpose):
                    arrived.put(self._stream(messages, meter, tools, shape, arrived.put))
            except BaseException as error:
                arrived.put(trouble_of(error))
            finally:
                _WORKERS.release()
                _live.pop(threading.current_thread(), None)

        meter.begin()
        meter.cancellation.on_cancel(lambda: arrived.put(ModelOutputError("cancelled")))
        meter.cancellation.on_cancel(call.cut)
        worker = threading.Thread(target=contextvars.copy_context().run, args=(work,), name="chat-model", daemon=True)
        _live[worker] = call
        worker.start()
        try:
            while True:
                try:
                    item = arrived.get(timeout=max(0.01, meter.left()))
                except queue.Empty:
                    if meter.left() > 0.0:
                        continue  # something was heard meanwhile, though no text
                    raise ModelOutputError("slow") from None
                if isinstance(item, ModelOutputError):
                    # Without its cause: a foreign error's text may hold what must not be shown.
                    raise item from None
                if not isinstance(item, str):
                    meter.count_call(item.usage_metadata)
                    yield item
                    return
                yield item
        finally:
            meter.rest()
            call.cut()

    def _stream(
        self,
        messages: Sequence[BaseMessage],
        meter: Meter,
        tools: Sequence[dict[str, Any]],
        shape: dict[str, Any] | None,
        tell: Callable[[str], None],
    ) -> AIMessage:
        from langchain_core.messages import AIMessageChunk

        chat: Any = self.chat.bind_tools(list(tools)) if tools else self.chat
        constrained = constraint(self.settings, shape) if shape is not None else {}
        chunks: list[AIMessageChunk] = []
        arguments = 0
        for chunk in chat.stream(list(messages), **constrained):
            meter.check()
            meter.heard()
            if not isinstance(chunk, AIMessageChunk):
                raise ModelOutputError("garbage")
            meter.spend_output(_size(chunk))
            arguments += sum(len(piece.get("args") or "") for piece in chunk.tool_call_chunks)
            if arguments > MAX_ARGUMENTS:
                raise ModelOutputError("too_long")
            chunks.append(chunk)
            if text := text_of(chunk):
                tell(text)
        if not chunks:
            raise ModelOutputError("garbage")
        return message_of(chunks)


@atexit.register
def _let_go(seconds: float = 2.0) -> None:
    """End the calls that are open: a process that ends before their threads may be aborted by a library."""
    ends = time.monotonic() + seconds
    for worker, call in tuple(_live.items()):
        call.cut()
        worker.join(max(0.0, ends - time.monotonic()))


def constraint(settings: ModelSettings, shape: dict[str, Any]) -> dict[str, Any]:
    """How a provider is told to keep to a JSON schema: by grammar where it can (OpenAI, vLLM, llama.cpp, Ollama)."""
    if settings.provider == "openai":
        named = {"name": "answer", "schema": shape}
        return {"response_format": {"type": "json_schema", "json_schema": named}}
    if settings.provider in WIRED:
        return {"shape": shape}
    return {}


def open_model(model: str | BaseChatModel | None = None) -> ChatModel | None:
    """The chat model of a setting, of the environment (when left out), or around one that is already open.

    Raises:
        ModelConfigurationError: The setting, the provider's package or the key is missing or wrong.
    """
    if model is not None and not isinstance(model, str):
        return ChatModel.of(model)
    settings = settings_from(model)
    if settings is None:
        return None
    try:
        if settings.provider in WIRED:
            from assistant.models.wires import wired

            return ChatModel(wired(settings), settings)
        from langchain.chat_models import init_chat_model

        chat = init_chat_model(settings.model, model_provider=settings.provider, **_options(settings))
    except ModelConfigurationError:
        raise
    except ImportError:
        extra = EXTRAS.get(settings.provider)
        what = f"'debate-assistant[{extra}]'" if extra else f"LangChain's package for {settings.provider}"
        raise ModelConfigurationError(
            f"The provider {settings.provider} is not installed; pip install {what}."
        ) from None
    except Exception as error:
        # The library's own words may repeat a key, so only the class of its complaint is told.
        raise ModelConfigurationError(
            f"The model {settings.name} cannot be opened ({type(error).__name__}); see that the provider exists and "
            f"that its key is set in the environment, such as {settings.provider.split('_')[0].upper()}_API_KEY."
        ) from None
    return ChatModel(chat, settings)


def _options(settings: ModelSettings) -> dict[str, Any]:
    """What the provider's class is opened with: no retries and no redirects of its own, the deadline at the latest."""
    options: dict[str, Any] = {}
    if settings.base_url is not None:
        options["base_url"] = settings.base_url
    if settings.provider == "openai":
        import openai

        library = next(
            c.__module__.split(".")[0] for c in openai.DefaultHttpxClient.__mro__ if c.__module__.startswith("httpx")
        )
        client = openai.DefaultHttpxClient(transport=limited_transport(sys.modules[library]), follow_redirects=False)
        options |= {"http_client": client, "stream_usage": True, "max_retries": 0, "timeout": settings.deadline}
        if settings.base_url is not None:
            options["use_responses_api"] = False
            if not os.environ.get("OPENAI_API_KEY"):
                options["api_key"] = "none"  # the library insists; local servers do not
        if settings.effort:
            options["reasoning_effort"] = settings.effort
    else:
        options |= {"max_retries": 1, "timeout": settings.deadline}
    return options


def message_of(chunks: Sequence[AIMessageChunk]) -> AIMessage:
    """The whole message of a stream.

    Calls are put together and read here, strictly: the library mends JSON that was cut off, and what was meant after
    the cut is anybody's guess.
    """
    from langchain_core.messages import AIMessage

    calls: dict[object, dict[str, str]] = {}
    bare = []
    for number, chunk in enumerate(chunks):
        for place, piece in enumerate(chunk.tool_call_chunks):
            index = piece.get("index")
            key = (number, place) if index is None else index
            call = calls.setdefault(key, {"name": "", "id": "", "args": ""})
            for part in call:
                call[part] += str(piece.get(part) or "")
        bare.append(chunk.model_copy(update={"tool_call_chunks": [], "tool_calls": [], "invalid_tool_calls": []}))
    whole: Any = bare[0] + bare[1:] if len(bare) > 1 else bare[0]
    good, bad = [], []
    for call in calls.values():
        arguments = _arguments(call["args"])
        if arguments is None:
            bad.append({"name": call["name"], "id": call["id"], "args": call["args"], "error": "not a JSON object"})
        else:
            good.append({"name": call["name"], "id": call["id"], "args": arguments})
    return AIMessage(
        content=whole.content,
        additional_kwargs=whole.additional_kwargs,
        tool_calls=good,
        invalid_tool_calls=bad,
        usage_metadata=whole.usage_metadata,
    )


def _arguments(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _size(chunk: Any) -> int:
    """Bytes that a chunk adds: text, reasoning, and arguments of tool calls."""
    content = chunk.content if isinstance(chunk.content, str) else str(chunk.content)
    size = len(content.encode("utf-8", "replace")) + 1
    for call in chunk.tool_call_chunks:
        size += len((call.get("args") or "").encode("utf-8", "replace")) + len(call.get("name") or "")
    return size


def _pause(seconds: float, meter: Meter) -> None:
    woken = threading.Event()
    meter.cancellation.on_cancel(woken.set)
    woken.wait(min(seconds, meter.left()))
    meter.check()
