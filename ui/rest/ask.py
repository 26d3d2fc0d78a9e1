"""`POST /v1/ask`: a question, its answer; or, streamed, the steps as they are done.

curl -s localhost:8000/v1/ask -H 'Content-Type: application/json' -d '{"question": "Rob 怎么看 GPU 折旧?"}'
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from assistant import Answer, Assistant
from assistant.events import Event, GroundedClaim, Sketch, Writing
from assistant.library.types import LibraryAnswer
from assistant.models.meter import Cancellation
from assistant.questions import MAX_CHARACTERS
from corpus.errors import DebateError
from ui.errors import UsageError
from ui.limits import AnswerQueue
from ui.rest.examples import ANSWER, STREAM
from ui.rest.fields import MessageNumber, Question, SpeakerName, ThreadId, event_schema
from ui.rest.heartbeat import with_heartbeats
from ui.rest.metrics import Metrics
from ui.rest.presence import lane_after, leaving
from ui.rest.problems import kind_of, printable
from ui.rest.threads import belongs_here
from ui.rest.transcripts import DebateName

_EVENTS = event_schema(
    "What was understood; the evidence; what the rules would quote; a sentence that a chat model writes; a claim with "
    "its quotes; a calculation; the answer; or a problem.",
    "understood", "retrieved", "sketch", "writing", "claim", "calculation", "answer", "error",
)  # fmt: skip

_ANSWERED: dict[str, Any] = {
    "description": "The answer; with `stream` the events `understood`, `retrieved`, `claim`…, `calculation`…, "
    "`answer`, or `error` with a problem as its data. Where a chat model writes, `sketch` tells before it what the "
    "rules would quote, and `writing`… its sentences: one that is not `done` grows with the next of the same block and "
    "part. A comment is sent whenever nothing else was. Over several debates the only event is `answer`.",
    "content": {
        "application/json": {"example": ANSWER},
        "text/event-stream": {"schema": _EVENTS, "example": STREAM},
    },
}


class AskRequest(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        regex_engine="python-re",
        json_schema_extra={
            "examples": [
                {"question": "Rob 怎么看 GPU 折旧?"},
                {"question": "Where do they disagree on depreciation?", "speakers": ["Rob Li", "Bruce Liu"]},
            ]
        },
    )

    question: Question = Field(
        description=f"Chinese or English, 1 to {MAX_CHARACTERS:,} characters with a letter or digit among them.",
        examples=["Rob 怎么看 GPU 折旧?"],
    )
    thread: ThreadId | None = Field(
        default=None, description="Conversation to go on with; left out, a new one is started.", examples=[None]
    )
    speakers: list[SpeakerName] = Field(
        default=[],
        max_length=20,
        description="Only these may be quoted: names, given names or descriptions.",
        examples=[["Rob Li"]],
    )
    transcripts: list[DebateName] | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Debates of the library to ask together, by id or title, or `all`; left out, the one served here. "
        "A thread keeps the debates that it began with.",
        examples=[None],
    )
    instead_of: MessageNumber | None = Field(
        default=None,
        description="Place, from 1, of an earlier question of the thread that this one is asked instead of; the old "
        "answer stays, on a branch of its own.",
        examples=[None],
    )
    model: bool = Field(
        default=True,
        description="Whether a configured chat model may draft; false: the built-in rules alone.",
        examples=[True],
    )
    stream: bool = Field(default=False, description="Answer with server-sent events.", examples=[False])


def router(assistant: Assistant, *, queue: AnswerQueue, metrics: Metrics) -> APIRouter:
    """The route ``/v1/ask``."""
    routes = APIRouter(prefix="/v1", tags=["ask"])

    @routes.post(
        "/ask",
        summary="Ask the debate",
        response_model=Answer | LibraryAnswer,
        responses={200: _ANSWERED},
    )
    async def ask(asked: AskRequest, request: Request) -> Response:
        """Every quote equals its slice of the transcript; silence is an answer too (`abstention`)."""
        owner: str = request.state.owner
        cancellation = Cancellation()

        def steps() -> Iterator[Event]:
            if asked.thread is not None:
                belongs_here(assistant, asked.thread, owner)
            elif asked.instead_of is not None:
                raise UsageError("instead_of names a question of a thread; there is none without a thread.")
            yield from assistant.stream(
                asked.question,
                asked.thread,
                asked.speakers,
                owner=owner,
                create=False,
                instead_of=asked.instead_of,
                by_model=asked.model,
                cancellation=cancellation,
            )

        if await queue.read(lambda: _over_many(assistant, asked, owner)):
            return await _asked_of_many(assistant, asked, owner, queue, leaving(request))

        if asked.stream:
            events = queue.stream(steps, then=lane_after, cancellation=cancellation, gone=leaving(request))
            first = await anext(events)  # what refuses a question does so before the stream has begun
            return StreamingResponse(
                with_heartbeats(_sse(first, events, metrics)),
                media_type="text/event-stream",
                headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            )

        last = await queue.last(steps, then=lane_after, cancellation=cancellation, gone=leaving(request))
        assert isinstance(last.data, Answer)
        metrics.count(last.data)
        body = last.data.model_dump_json().encode()
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    return routes


def _over_many(assistant: Assistant, asked: AskRequest, owner: str) -> bool:
    """Whether several debates are asked: they are named, or the thread is about several."""
    if asked.transcripts is None:
        return asked.thread is not None and assistant.store.thread(asked.thread, owner).sha256.startswith("library:")
    if asked.speakers or asked.instead_of is not None:
        raise UsageError("Over several debates name people in the question; speakers and instead_of are for one.")
    return True


async def _asked_of_many(
    assistant: Assistant, asked: AskRequest, owner: str, queue: AnswerQueue, gone: Callable[[], Awaitable[None]]
) -> Response:
    """The answer from several debates, whole or as the one event of a stream; the rules answer, no model."""
    stop = Cancellation()

    def whole() -> bytes:
        answer = assistant.library.ask(
            asked.question, asked.transcripts, asked.thread, owner=owner, create=False, cancellation=stop
        )
        return answer.model_dump_json().encode()

    body = await queue.run(whole, cancellation=stop, gone=gone)
    if asked.stream:
        body = b"event: answer\ndata: " + body + b"\n\n"
    media = "text/event-stream" if asked.stream else "application/json"
    return Response(body, media_type=media, headers={"Cache-Control": "no-store"})


async def _sse(first: Event, rest: AsyncIterator[Event], metrics: Metrics) -> AsyncIterator[bytes]:
    yield event_bytes(first)
    try:
        async for event in rest:
            if isinstance(event.data, Answer):
                metrics.count(event.data)
            yield event_bytes(event)
    except DebateError as error:
        kind = kind_of(error)
        data = {"type": f"urn:debate:{kind.slug}", "title": kind.title, "status": kind.status, "detail": str(error)}
        yield f"event: error\ndata: {json.dumps(data)}\n\n".encode()


def event_bytes(event: Event) -> bytes:
    """One server-sent event: its kind, and its data as one line of JSON."""
    return f"event: {event.kind}\ndata: {_data(event)}\n\n".encode()


def _data(event: Event) -> str:
    data: Any = event.data
    if isinstance(data, BaseModel):
        return data.model_dump_json()
    plain: Any
    if isinstance(data, GroundedClaim):
        plain = _claim(data)
    elif isinstance(data, Sketch):
        plain = [_claim(claim) for claim in data.claims]
    elif isinstance(data, Writing):
        plain = {**_claim(GroundedClaim(data.claim, data.quotes)), "part": data.part, "done": data.done}
    else:
        plain = [item.model_dump(mode="json") for item in data]
    return printable(json.dumps(plain, ensure_ascii=False, separators=(",", ":")))


def _claim(grounded: GroundedClaim) -> dict[str, Any]:
    quotes = [quote.model_dump(mode="json") for quote in grounded.quotes]
    return {"claim": grounded.claim.model_dump(mode="json"), "quotes": quotes}
