"""A slow chat model behind the HTTP doors: what was said comes first, nobody else waits, leaving ends the call."""

from __future__ import annotations

import asyncio
import json
import statistics
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mcp import Client

from assistant import Assistant
from assistant.models.chat import open_model
from assistant.models.meter import Cancellation
from assistant.testing import Reply, Request, ScriptedEndpoint
from corpus.store import Store
from ui.limits import AnswerQueue
from ui.mcp_server import build_server
from ui.rest.app import create_api
from ui.rest.heartbeat import BEAT, with_heartbeats
from ui.rest.testing import running
from ui.web.conversation import Conversations

ASKED = "Rob 怎么看 GPU 折旧?"
EMBEDDED = "Rob 怎么看折旧年限?"
WAIT_S = 0.5  # before each piece of the paced model's answer


class Slow:
    """A model whose pace a test sets."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, request: Request) -> Reply:
        speakers = {speaker: identifier for identifier, speaker in reversed(request.sentences)}
        (first, one), (second, two) = [*speakers.items()][-2:]
        text = f"[{one}] {request.told(one, first)}\n[{two}] {request.told(two, second)}"
        return Reply(text=text, fault="paced", seconds=self.seconds)


@pytest.fixture(scope="module")
def served(assistant: Assistant) -> Iterator[tuple[str, Slow, ScriptedEndpoint]]:
    """(address of a real server with MCP, its model's pace, the model's endpoint)."""
    slow = Slow()
    with ScriptedEndpoint(slow) as endpoint, pytest.MonkeyPatch.context() as patch:
        for name, value in endpoint.environment(OPENAI_API_KEY="sk-none", DEBATE_MODEL_PRICE="1,10").items():
            patch.setenv(name, value)
        writing = Assistant(assistant.debate, assistant.index, Store.in_memory(), model=open_model(), light=True)
        with writing, running(create_api(writing)) as base:
            httpx.post(f"{base}/v1/ask", json={"question": ASKED}, timeout=60)  # its libraries are loaded now
            yield base, slow, endpoint


def gone(endpoint: ScriptedEndpoint, within: float = 20.0) -> bool:
    """Whether every call has ended within so many seconds."""
    until = time.monotonic() + within
    while endpoint.open and time.monotonic() < until:
        time.sleep(0.01)
    return endpoint.open == 0


def events(response: httpx.Response) -> Iterator[tuple[str, Any, float]]:
    """(kind, data, seconds on the clock) of server-sent events."""
    kind = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: ") and line != "data: [DONE]":
            yield kind, json.loads(line.removeprefix("data: ")), time.monotonic()


def test_what_was_said_comes_at_once_then_sentences_then_verdicts(served: tuple[str, Slow, ScriptedEndpoint]) -> None:
    base, slow, _ = served
    slow.seconds = WAIT_S
    begun = time.monotonic()
    with httpx.stream("POST", f"{base}/v1/ask", json={"question": ASKED, "stream": True}, timeout=60) as response:
        told = list(events(response))
    kinds = list(dict.fromkeys(kind for kind, _, _ in told))
    assert kinds == ["understood", "retrieved", "sketch", "writing", "claim", "answer"]
    at = {kind: when - begun for kind, _, when in reversed(told)}  # the first of each
    assert at["sketch"] < WAIT_S < at["writing"] < at["claim"]
    assert any(quote["text"] for claim in next(d for k, d, _ in told if k == "sketch") for quote in claim["quotes"])
    done = [data for kind, data, _ in told if kind == "writing" and data["done"]]
    assert len(done) == 2 and all(data["claim"]["verdict"] and data["quotes"] for data in done)
    assert done[0]["claim"]["text"] and told[-1][1]["answerer"] == "openai:scripted"


def test_openais_protocol_streams_as_well_and_names_the_model(served: tuple[str, Slow, ScriptedEndpoint]) -> None:
    base, slow, _ = served
    slow.seconds = WAIT_S
    body = {"model": "debate", "stream": True, "messages": [{"role": "user", "content": ASKED}]}
    begun = time.monotonic()
    with httpx.stream("POST", f"{base}/v1/chat/completions", json=body, timeout=60) as response:
        told = [(data, when - begun) for _, data, when in events(response)]
    pieces = [(d["choices"][0]["delta"].get("content") or "", when) for d, when in told if d["choices"]]
    first = next((text, when) for text, when in pieces if text)
    assert "> “" in first[0] and first[1] < WAIT_S  # quotations, before the model has said a word
    whole = "".join(text for text, _ in pieces)
    assert whole.index("> “") < whole.index("[^1]") < whole.index("openai:scripted") < whole.index("[^1]:")
    assert "1,000 + 100" in whole and "$0.0020" in whole
    assert told[-1][0]["debate"]["answer"]["answerer"] == "openai:scripted"


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
@pytest.mark.parametrize("stream", [True, False])
def test_a_closed_connection_ends_the_call(path: str, stream: bool, served: tuple[str, Slow, ScriptedEndpoint]) -> None:
    base, slow, endpoint = served
    slow.seconds = 30.0
    asked: dict[str, Any] = {"question": ASKED, "stream": stream}
    if path != "/v1/ask":
        asked = {"model": "debate", "stream": stream, "messages": [{"role": "user", "content": ASKED}]}

    async def leave() -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            asking = asyncio.ensure_future(client.post(base + path, json=asked))
            until = time.monotonic() + 10.0
            while not endpoint.open and time.monotonic() < until:
                await asyncio.sleep(0.01)
            assert endpoint.open
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    asyncio.run(leave())
    assert gone(endpoint)


def test_embedded_answers_do_not_wait_while_eight_questions_are_with_the_model(
    served: tuple[str, Slow, ScriptedEndpoint],
) -> None:
    base, slow, endpoint = served
    slow.seconds = 30.0

    def median(question: str, **more: Any) -> float:
        spent = []
        for _ in range(7):
            begun = time.perf_counter()
            answered = httpx.post(f"{base}/v1/ask", json={"question": question, **more}, timeout=30).json()
            spent.append(time.perf_counter() - begun)
            assert answered["answerer"] == "embedded"
        return statistics.median(spent)

    asked: dict[str, dict[str, Any]] = {"hello": {}, EMBEDDED: {"model": False}}
    idle = {question: median(question, **more) for question, more in asked.items()}
    stop = threading.Event()

    async def busy() -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            calls = [client.post(f"{base}/v1/ask", json={"question": f"{ASKED} {n}"}) for n in range(8)]
            waiting = [asyncio.ensure_future(call) for call in calls]
            while not stop.is_set():
                await asyncio.sleep(0.02)
            for call in waiting:
                call.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    asking = threading.Thread(target=lambda: asyncio.run(busy()))
    asking.start()
    try:
        until = time.monotonic() + 20.0
        while endpoint.open < 8 and time.monotonic() < until:
            time.sleep(0.02)
        assert endpoint.open == 8
        for question, more in asked.items():
            assert median(question, **more) < 4.0 * idle[question] + 0.05, question
    finally:
        stop.set()
        asking.join()
    assert gone(endpoint, 2.0)


def test_a_silent_stream_shows_that_it_is_alive() -> None:
    async def scenario() -> list[bytes]:
        async def items() -> Any:
            yield b"a"
            await asyncio.sleep(0.12)
            yield b"b"

        return [item async for item in with_heartbeats(items(), seconds=0.05)]

    assert asyncio.run(scenario()) == [b"a", BEAT, BEAT, b"b"]


@pytest.fixture
def writing(assistant: Assistant, served: tuple[str, Slow, ScriptedEndpoint]) -> Iterator[Assistant]:
    """An assistant with the same model, without a server."""
    with Assistant(assistant.debate, assistant.index, Store.in_memory(), model=open_model(), light=True) as opened:
        yield opened


def test_mcp_reports_what_was_said_and_each_sentence_as_progress(
    writing: Assistant, served: tuple[str, Slow, ScriptedEndpoint]
) -> None:
    served[1].seconds = 0.0

    async def scenario() -> list[str]:
        told: list[str] = []

        async def heard(progress: float, total: float | None, message: str | None) -> None:
            told.append(message or "")

        async with Client(build_server(writing, AnswerQueue())) as client:
            await client.call_tool("ask", {"question": ASKED}, progress_callback=heard)
        return told

    told = asyncio.run(scenario())
    assert told[0].startswith("“") and len(told) == 3


def test_closing_a_stream_in_python_ends_the_call(
    writing: Assistant, served: tuple[str, Slow, ScriptedEndpoint]
) -> None:
    _, slow, endpoint = served
    slow.seconds = 0.4
    steps = writing.stream(ASKED)
    assert next(step for step in steps if step.kind == "writing").data
    slow.seconds = 30.0
    steps.close()  # type: ignore[attr-defined]
    assert gone(endpoint)

    async def leave() -> None:
        async for step in writing.astream(ASKED):
            if step.kind == "sketch":
                waiting = step
                break
        assert waiting.data

    asyncio.run(leave())
    assert gone(endpoint)


def test_the_page_shows_what_was_said_then_the_prose_and_stop_ends_the_call(
    writing: Assistant, served: tuple[str, Slow, ScriptedEndpoint]
) -> None:
    _, slow, endpoint = served
    slow.seconds = 0.3
    talks = Conversations(writing, AnswerQueue())
    shown = [view.messages[-1]["content"] for view in talks.ask(ASKED, "", [], "local")]
    said = next(n for n, html in enumerate(shown) if "What was said" in html)
    wrote = next(n for n, html in enumerate(shown) if 'class="prose"' in html)
    assert said < wrote < len(shown) and "openai:scripted" in shown[-1] and "data-share" not in shown[-1]
    slow.seconds = 30.0
    stop = Cancellation()
    threading.Timer(1.0, stop.cancel).start()
    *_, last = talks.ask(ASKED, "", [], "local", stop=stop)
    assert last.done and gone(endpoint)
