"""`/v1/models` and `/v1/chat/completions`: the debate behind the protocol that existing chat clients speak.

    client = OpenAI(base_url="http://127.0.0.1:8000/v1", api_key="anything")
    done = client.chat.completions.create(model="debate", messages=[{"role": "user", "content": "Is AI a bubble?"}])
    done.choices[0].message.content            # Markdown, with footnotes that hold the quotes
    done.model_extra["debate"]["citations"]    # the extension: the footnotes as data, and the whole answer

Stateless, as the protocol is: earlier user messages are read again, nothing is stored. System prompts, tools, sampling
parameters and what the assistant is said to have said are taken politely and change nothing: no message can make it
quote what was not said. Errors carry OpenAI's ``error`` object inside the problem.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from starlette.responses import Response

from assistant import Answer, Assistant
from assistant.errors import QuestionError
from assistant.events import Event, Sketch, Writing
from assistant.library.types import LibraryAnswer
from assistant.models.meter import Cancellation
from assistant.questions import checked_question
from assistant.types import Understanding
from corpus.errors import DebateError
from corpus.types import Quote
from ui.errors import UsageError
from ui.footnotes import (
    Citation,
    Prose,
    citations,
    library_citations,
    library_markdown,
    markdown_pieces,
    quoted,
)  # fmt: skip
from ui.limits import AnswerQueue
from ui.rest.examples import ANSWER
from ui.rest.fields import SpeakerName, WholeNumber, event_schema
from ui.rest.heartbeat import with_heartbeats
from ui.rest.metrics import Metrics
from ui.rest.presence import lane_after, leaving
from ui.rest.problems import kind_of, printable
from ui.words import Language, word

MODEL = "debate"
_EARLIER = 6  # user messages before the last that a question is read in the light of
_KEPT = 256  # conversations whose answers are remembered, so that a long chat is not answered again from its start


class _In(BaseModel):
    # Clients send many parameters that mean nothing here; they are taken and left alone.
    model_config = ConfigDict(extra="allow", strict=True)


class TextPart(_In):
    """A part of a message; parts without text, such as images, are passed over."""

    type: str = Field(max_length=40, examples=["text"])
    text: str | None = Field(default=None, examples=["Is AI a bubble?"])


class ChatMessage(_In):
    """A message of the conversation; only the user's are read."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(examples=["user"])
    content: str | Annotated[list[TextPart], Field(max_length=100)] | None = Field(
        default=None, examples=["Rob 怎么看 GPU 折旧?"]
    )


class StreamOptions(_In):
    """How to stream."""

    include_usage: bool | None = Field(default=None, description="Send a last chunk with the usage.", examples=[False])


class ChatRequest(_In):
    """A chat completion request."""

    model_config = ConfigDict(
        extra="allow",
        strict=True,
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "Rob 怎么看 GPU 折旧?"}]}]
        },
    )

    model: str = Field(
        max_length=200,
        description=f"`{MODEL}`: the debate served here; `{MODEL}/all` or `{MODEL}/ID`: the library, or one of it.",
        examples=[MODEL],
    )
    messages: list[ChatMessage] = Field(
        min_length=1,
        max_length=1_000,
        description="The last user message is the question; the few before it are its context.",
        examples=[[{"role": "user", "content": "Rob 怎么看 GPU 折旧?"}]],
    )
    n: WholeNumber | None = Field(
        default=None, description="Choices; there is one answer, so anything but 1 is refused."
    )
    max_tokens: JsonValue = Field(default=None, description="Not heeded; `debate.not_heeded` says so.")
    stream: bool | None = Field(default=None, examples=[False])
    stream_options: StreamOptions | None = Field(default=None, examples=[None])
    speakers: list[SpeakerName] = Field(
        default=[], max_length=20, description="Extension: only these may be quoted.", examples=[["Rob Li"]]
    )


class AnswerMessage(BaseModel):
    """What is answered."""

    role: Literal["assistant"] = "assistant"
    content: str = Field(description="Markdown; the quotes are its footnotes.", examples=["- **Ethan Xu** [^1]\n…"])
    refusal: None = None


class Choice(BaseModel):
    """The one choice."""

    index: Literal[0] = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Tokens of the configured chat model; none for the embedded answerer, which asks no model."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0


class Extension(BaseModel):
    """What the protocol has no place for: the footnotes as data, and the whole verifiable answer."""

    citations: list[Citation]
    answer: Answer | LibraryAnswer
    not_heeded: list[str] = Field(
        default=[], description="Parameters that were sent and change nothing here.", examples=[["max_tokens"]]
    )


class ChatCompletion(BaseModel):
    """A chat completion, with the extension ``debate``."""

    id: str = Field(examples=["chatcmpl-5f0c2b"])
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(description="Seconds since 1970.", examples=[1795000000])
    model: str = Field(default=MODEL, examples=[MODEL])
    choices: list[Choice]
    usage: Usage = Usage()
    debate: Extension


class ModelCard(BaseModel):
    """A model."""

    id: str = Field(default=MODEL, examples=[MODEL])
    object: Literal["model"] = "model"
    created: int = Field(default=1763164800, description="Seconds since 1970.", examples=[1763164800])
    owned_by: str = Field(default="debate-assistant", examples=["debate-assistant"])


class ModelList(BaseModel):
    """All models: the debate served here, the library, each debate of it."""

    object: Literal["list"] = "list"
    data: list[ModelCard] = [ModelCard()]


class Conversations:
    """Answers to the earlier questions of conversations, by what was asked: the same questions, the same answers."""

    def __init__(self, assistant: Assistant, kept: int = _KEPT) -> None:
        self._assistant = assistant
        self._kept = kept
        self._answers: OrderedDict[bytes, tuple[Answer, ...]] = OrderedDict()
        self._lock = threading.Lock()

    def answering(
        self, questions: Sequence[str], speakers: Sequence[str], cancellation: Cancellation | None = None
    ) -> Iterator[Event]:
        """The steps of the answer to the last question in the light of those before it, the answer last.

        Earlier questions whose answers are not remembered are answered by the rules: nobody reads those answers.

        Raises:
            QuestionError: The last question cannot be asked.
            UnknownSpeakerError: A name in ``speakers`` matches nobody.
        """
        *before, question = questions
        earlier: tuple[Answer, ...] = ()
        for at in range(1, len(before) + 1):
            known = self._look_up(before[:at])
            if known is None:
                known = (*earlier, self._assistant.answer(before[at - 1], earlier, by_model=False))
                self._keep(before[:at], known)
            earlier = known
        for event in self._assistant.answering(question, earlier, speakers, cancellation=cancellation):
            if isinstance(event.data, Answer) and not speakers:
                self._keep(questions, (*earlier, event.data))
            yield event

    def _look_up(self, questions: Sequence[str]) -> tuple[Answer, ...] | None:
        with self._lock:
            found = self._answers.get(_key(questions))
            if found is not None:
                self._answers.move_to_end(_key(questions))
            return found

    def _keep(self, questions: Sequence[str], answers: tuple[Answer, ...]) -> None:
        with self._lock:
            self._answers[_key(questions)] = answers
            while len(self._answers) > self._kept:
                self._answers.popitem(last=False)


def _key(questions: Sequence[str]) -> bytes:
    return hashlib.sha256(json.dumps(list(questions)).encode()).digest()


def questions_of(messages: Sequence[ChatMessage]) -> list[str]:
    """What the user asked, oldest first: the last question and the few before it that can be asked.

    Raises:
        QuestionError: There is none, or the last one cannot be asked.
    """
    asked = [_text(message) for message in messages if message.role == "user"]
    if not asked:
        raise QuestionError("There is no message of the user; send one with the role user and a question in it.")
    last = checked_question(asked[-1])
    before = []
    for text in asked[-1 - _EARLIER : -1]:
        try:
            before.append(checked_question(text))
        except QuestionError:  # a thanks emoji or a pasted document of long ago is no reason to refuse today's question
            continue
    return [*before, last]


def not_heeded(asked: ChatRequest) -> list[str]:
    """The parameters that were sent and change nothing here, in order of the alphabet, at most twenty."""
    sent = {name for name, value in (asked.model_extra or {}).items() if value is not None}
    sent |= {"max_tokens"} if asked.max_tokens is not None else set()
    return sorted(printable(name)[:60] for name in sent)[:20]


def _text(message: ChatMessage) -> str:
    if isinstance(message.content, list):
        return "\n".join(part.text for part in message.content if part.text)
    return message.content or ""


def _completed() -> dict[str, Any]:
    """A completion and its stream, for the schema."""
    shown = Answer.model_validate({k: v for k, v in ANSWER.items() if k != "abstained"})
    identifier = "chatcmpl-5f0c2b"
    return {
        "description": "A completion; with `stream` chunks as server-sent events, `debate` in the last.",
        "content": {
            "application/json": {"example": _completion(shown, identifier).model_dump(mode="json")},
            "text/event-stream": {
                "schema": event_schema("A chunk, or [DONE]."),
                "example": "".join(Chunks(identifier).of(Event("answer", shown))),
            },
        },
    }


def router(assistant: Assistant, *, queue: AnswerQueue, metrics: Metrics) -> APIRouter:
    """The OpenAI-compatible routes."""
    routes = APIRouter(prefix="/v1", tags=["openai"])
    conversations = Conversations(assistant)
    _add_models(routes, assistant, queue)

    @routes.post(
        "/chat/completions",
        summary="Chat, in OpenAI's protocol",
        response_model=ChatCompletion,
        responses={200: _completed()},
    )
    async def complete(asked: ChatRequest, request: Request) -> Response:
        """Stateless; `tools`, system prompts and sampling parameters change nothing."""
        within = await queue.read(lambda: _within(assistant, asked.model))
        _check(asked, within)
        questions = questions_of(asked.messages)
        unheeded = not_heeded(asked)
        cancellation = Cancellation()
        if within is not None:
            many = await queue.run(
                lambda: _of_library(assistant, questions, within, cancellation),
                cancellation=cancellation,
                gone=leaving(request),
            )
            return _whole(many, asked, unheeded)
        identifier = f"chatcmpl-{secrets.token_hex(12)}"
        more: dict[str, Any] = {"then": lane_after, "cancellation": cancellation, "gone": leaving(request)}

        def steps() -> Iterator[Event]:
            return conversations.answering(questions, asked.speakers, cancellation)

        if asked.stream:
            usage = bool(asked.stream_options and asked.stream_options.include_usage)
            events = queue.stream(steps, **more)
            first = await anext(events)  # what refuses a question does so before the stream has begun
            body = _streamed(
                first, events, Chunks(identifier, usage=usage, unheeded=unheeded, model=asked.model), metrics
            )
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            return StreamingResponse(with_heartbeats(body), media_type="text/event-stream", headers=headers)
        answer = (await queue.last(steps, **more)).data
        assert isinstance(answer, Answer)
        metrics.count(answer)
        return Response(
            _completion(answer, identifier, unheeded, asked.model).model_dump_json().encode(),
            media_type="application/json",
        )

    return routes


def _check(asked: ChatRequest, within: Sequence[str] | None) -> None:
    """Refuse what cannot be done. Raises QuestionError, UsageError."""
    if asked.n not in (None, 1):
        raise QuestionError("There is one answer to a question; leave n out, or send n = 1.")
    if within is not None and asked.speakers:
        raise UsageError("Over debates of the library name people in the question; leave speakers out.")


def _add_models(routes: APIRouter, assistant: Assistant, queue: AnswerQueue) -> None:
    @routes.get("/models", summary="Models")
    async def list_models() -> ModelList:
        """`debate`; with a library also `debate/all` and one for each debate of it."""
        kept = await queue.read(lambda: assistant.library.debates)
        names = [f"{MODEL}/{name}" for name in (["all"] if kept else []) + [d.id for d in kept]]
        return ModelList(data=[ModelCard(), *(ModelCard(id=name) for name in names)])

    @routes.get("/models/{model:path}", summary="One model")
    async def read_model(
        model: Annotated[str, Path(description="Name of a model.", examples=[MODEL])],
    ) -> ModelCard:
        """`debate`, `debate/all`, or `debate/` with the id of a debate of the library."""
        await queue.read(lambda: _within(assistant, model))
        return ModelCard(id=model)


def _within(assistant: Assistant, model: str) -> list[str] | None:
    """The debates of the library that a model stands for; None for the debate served here.

    Raises:
        UsageError: There is no such model.
    """
    if model == MODEL:
        return None
    name = model.removeprefix(f"{MODEL}/")
    kept = {d.id for d in assistant.library.debates}
    if name == model or (name != "all" and name not in kept) or not kept:
        raise UsageError(f"There is no model {model[:60]!r}; GET /v1/models lists them.")
    return [name]


def _whole(answer: LibraryAnswer, asked: ChatRequest, unheeded: Sequence[str]) -> Response:
    """An answer over several debates, as a stream or at once."""
    identifier = f"chatcmpl-{secrets.token_hex(12)}"
    if not asked.stream:
        told = _completion(answer, identifier, unheeded, asked.model)
        return Response(told.model_dump_json().encode(), media_type="application/json")
    usage = bool(asked.stream_options and asked.stream_options.include_usage)
    chunks = Chunks(identifier, usage=usage, unheeded=unheeded, model=asked.model)

    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks.whole(answer):
            yield chunk.encode()

    return StreamingResponse(body(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def _of_library(
    assistant: Assistant, questions: Sequence[str], within: Sequence[str], stop: Cancellation
) -> LibraryAnswer:
    """The answer to the last question; the few before it are answered again, which takes milliseconds each."""
    earlier: list[LibraryAnswer] = []
    for question in questions:
        earlier.append(assistant.library.answer(question, within, earlier, stop))
    return earlier[-1]


def _completion(
    answer: Answer | LibraryAnswer, identifier: str, unheeded: Sequence[str] = (), model: str = MODEL
) -> ChatCompletion:
    return ChatCompletion(
        id=identifier,
        created=int(time.time()),
        model=model,
        choices=[Choice(message=AnswerMessage(content="".join(_pieces(answer))))],
        usage=_usage(answer),
        debate=_extension(answer, unheeded),
    )


def _pieces(answer: Answer | LibraryAnswer) -> list[str]:
    return [library_markdown(answer)] if isinstance(answer, LibraryAnswer) else [*markdown_pieces(answer)]


def _extension(answer: Answer | LibraryAnswer, unheeded: Sequence[str]) -> Extension:
    cited = library_citations(answer) if isinstance(answer, LibraryAnswer) else citations(answer)
    return Extension(citations=cited, answer=answer, not_heeded=list(unheeded))


def _usage(answer: Answer | LibraryAnswer) -> Usage:
    spent = answer.usage if isinstance(answer, Answer) else None
    if spent is None:
        return Usage()
    asked, said = spent.input_tokens or 0, spent.output_tokens or 0
    return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)


class Chunks:
    """Steps of an answer → chunks of the protocol.

    What was said comes first, as quotations; then what a chat model writes, sentence by sentence with its footnotes; at
    last the footnotes and how the sentences were judged. Without a model the answer comes as a whole, in pieces.
    """

    def __init__(
        self, identifier: str, *, usage: bool = False, unheeded: Sequence[str] = (), model: str = MODEL
    ) -> None:
        self._common = {
            "id": identifier, "object": "chat.completion.chunk", "created": int(time.time()), "model": model,
        }  # fmt: skip
        self._usage, self._unheeded = usage, unheeded
        self._begun = False
        self._prose: Prose | None = None
        self._numbers: dict[Quote, int] = {}
        self._language: Language = "en"

    def of(self, event: Event) -> Iterator[str]:
        """The chunks of a step; none for most."""
        if not self._begun:
            self._begun = True
            yield self._chunk({"role": "assistant", "content": ""})
        data = event.data
        if isinstance(data, Understanding):
            self._language = data.language
        elif isinstance(data, Sketch):
            if told := "".join(quoted(quote, self._language) for claim in data.claims for quote in claim.quotes):
                yield self._chunk({"content": f"*{word('sketch', self._language)}:*\n\n{told}"})
        elif isinstance(data, Writing) and data.done:
            if piece := self._written(data):
                yield self._chunk({"content": piece})
        elif isinstance(data, Answer):
            yield from self._end(data)

    def whole(self, answer: LibraryAnswer) -> Iterator[str]:
        """The chunks of an answer over several debates, which no chat model writes."""
        yield self._chunk({"role": "assistant", "content": ""})
        for piece in _pieces(answer):
            yield self._chunk({"content": piece})
        yield from self._finished(answer)

    def failed(self, problem: dict[str, Any]) -> Iterator[str]:
        """The chunks for what went wrong after the stream had begun."""
        yield f"data: {json.dumps({'error': problem}, ensure_ascii=False)}\n\n"
        yield "data: [DONE]\n\n"

    def _written(self, sentence: Writing) -> str:
        if self._prose is None:
            self._prose = Prose(self._language)
        marks = [self._numbers.setdefault(quote, len(self._numbers) + 1) for quote in sentence.quotes]
        return self._prose.sentence(sentence.claim, marks)

    def _end(self, answer: Answer) -> Iterator[str]:
        written = self._prose is not None and any(claim.block is not None for claim in answer.claims)
        if self._prose is not None:
            yield self._chunk({"content": self._prose.end()})
        for piece in markdown_pieces(answer, after_prose=written):
            yield self._chunk({"content": piece})
        yield from self._finished(answer)

    def _finished(self, answer: Answer | LibraryAnswer) -> Iterator[str]:
        yield self._chunk({}, "stop", debate=_extension(answer, self._unheeded).model_dump(mode="json"))
        if self._usage:
            last = {**self._common, "choices": [], "usage": _usage(answer).model_dump()}
            yield f"data: {json.dumps(last)}\n\n"
        yield "data: [DONE]\n\n"

    def _chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return f"data: {json.dumps({**self._common, 'choices': [choice], **more}, ensure_ascii=False)}\n\n"


async def _streamed(first: Event, rest: AsyncIterator[Event], chunks: Chunks, metrics: Metrics) -> AsyncIterator[bytes]:
    for chunk in chunks.of(first):
        yield chunk.encode()
    try:
        async for event in rest:
            if isinstance(event.data, Answer):
                metrics.count(event.data)
            for chunk in chunks.of(event):
                yield chunk.encode()
    except DebateError as error:
        kind = kind_of(error)
        for chunk in chunks.failed({"message": str(error), "type": kind.slug, "code": kind.slug, "param": None}):
            yield chunk.encode()
