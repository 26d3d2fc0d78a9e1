"""A scripted endpoint that speaks the OpenAI chat-completions protocol on 127.0.0.1, well or badly.

    with ScriptedEndpoint("good") as endpoint:
        settings = {"DEBATE_MODEL": "openai:scripted", "DEBATE_MODEL_BASE_URL": endpoint.url}

A script is a function from the request to a ``Reply``; ``SCRIPTS`` holds one for each way in which endpoints and models
fail. It reads the prompt as a model would (sentence ids, speakers), so its drafts fit any debate.
"""

from __future__ import annotations

import json
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal

Fault = Literal["", "paced", "slow", "silent", "drip", "reset", "cut", "endless", "endless_call", "late_headers"]
CANARY = "The moon is made of cheese"
CANARY_ZH = "月亮是奶酪做的"


@dataclass(frozen=True)
class Request:
    """One request as received, and what a model would read in it."""

    body: Mapping[str, Any]
    authorization: str
    number: int  # from 1

    @property
    def tools(self) -> tuple[str, ...]:
        """Names of the functions offered."""
        return tuple(t["function"]["name"] for t in self.body.get("tools", ()))

    @property
    def text(self) -> str:
        """Everything said to the model so far."""
        return "\n".join(str(m.get("content") or "") for m in self.body["messages"])

    @property
    def wants_json(self) -> bool:
        """Whether the answer is to be one JSON object."""
        return "One JSON object and nothing else" in self.text

    @property
    def rewrites(self) -> bool:
        """Whether a question is to be put so that it stands alone."""
        return self.text.startswith("A question continues a conversation")

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """(sentence id, speaker's name) of the numbered sentences, in order."""
        found, speaker = [], ""
        for line in self.text.split("\n"):
            if head := re.fullmatch(r"\[(t\d+)\] (.+)", line):
                speaker = head[2]
            elif (match := re.match(r"(t\d+\.\d+) ", line)) and speaker:
                found.append((match[1], speaker))
        return found

    def told(self, identifier: str, speaker: str) -> str:
        """A sentence about a sentence: who speaks, and a few of its words."""
        line = re.search(rf"^{re.escape(identifier)} (?:\(relaying [^)]*\) )?(.+)$", self.text, re.MULTILINE)
        words = max(re.findall(r"[\u3400-\u9fff]{2,10}|[A-Za-z]+(?: [A-Za-z]+){1,6}", line[1] if line else ""), key=len)
        return f"{speaker}谈到的是{words}。" if not words.isascii() else f"{speaker} speaks about {words}."

    def of_each_speaker(self, most: int = 2) -> list[tuple[str, str]]:
        """The first sentence of each of the first ``most`` speakers; of those asked about or named, if it says so."""
        asked = re.search(r"^(?:Asked about|It names): (.+)\. (?:Only|Whoever)", self.text, re.MULTILINE)
        first: dict[str, str] = {}
        for identifier, speaker in self.sentences:
            if asked is None or speaker in asked[1]:
                first.setdefault(speaker, identifier)
        return [(identifier, speaker) for speaker, identifier in first.items()][:most]


@dataclass(frozen=True)
class Reply:
    """What the endpoint answers: a message with text or calls, or a status; and how it fails on the way."""

    text: str = ""
    calls: Sequence[tuple[str, str]] = ()  # function name, arguments as JSON
    usage: tuple[int, int] | None = (1000, 100)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None  # instead of a message
    fault: Fault = ""
    seconds: float = 0.0  # how long "slow" waits, and "paced" before each piece


Script = Callable[[Request], Reply]


def answer(request: Request, draft: Mapping[str, Any]) -> Reply:
    """A draft in the form that is asked for: prose with marks before each sentence, or JSON."""
    if request.wants_json:
        return Reply(text=json.dumps(draft, ensure_ascii=False))
    if draft.get("abstain") and not draft.get("claims"):
        return Reply(text=f"SILENCE: {draft['abstain']} [{', '.join(draft.get('nearest', ()))}]")
    lines = [draft["lead"]] if draft.get("lead") else []
    lines += [f"[{', '.join(c['sentences'])}] {c['text']}" for c in draft.get("claims", ())]
    return Reply(text="\n".join(lines))


def claim(speaker: str, sentences: Sequence[str], text: str) -> dict[str, Any]:
    """One claim of a draft."""
    return {"speaker": speaker, "sentences": list(sentences), "text": text}


def _good(request: Request) -> Reply:
    if request.rewrites:
        question = request.text.rsplit("The question: ", 1)[1]
        return Reply(text=json.dumps({"question": question, "speakers": []}, ensure_ascii=False))
    claims = [claim(speaker, [i], request.told(i, speaker)) for i, speaker in request.of_each_speaker()]
    return answer(request, {"lead": "The debate has this to say.", "claims": claims})


def _invented(request: Request) -> Reply:
    claims = [claim(s, [i], f"{s} said “{CANARY}”.") for i, s in request.of_each_speaker()]
    claims.append(claim(request.sentences[0][1], ["t999.1"], CANARY))
    return answer(request, {"lead": f"As they put it, 「{CANARY_ZH}」", "claims": claims})


def _wrong_speakers(request: Request) -> Reply:
    (one, first), (two, second) = request.of_each_speaker(2)
    claims = [
        claim(second, [one], "This is the point made."),
        claim(first, [one, two], "Both say so."),
        claim(first, [one], f"{second} holds the same."),
        claim("Nobody Known", [one], "This is the point made."),
    ]
    return answer(request, {"claims": claims})


def _echo_key(request: Request) -> Reply:
    (identifier, speaker), *_ = request.of_each_speaker(1)
    said = f"The key is {request.authorization.removeprefix('Bearer ')}"
    return answer(request, {"lead": said, "claims": [claim(speaker, [identifier], said)]})


def _flaky(request: Request) -> Reply:
    return Reply(status=500, body='{"error": {"message": "try again"}}') if request.number == 1 else _good(request)


def _without_tools(request: Request) -> Reply:
    if request.body.get("tools"):
        return Reply(status=400, body='{"error": {"message": "tools are not supported"}}')
    return Reply(text=f"<think>so… [t1.1] perhaps.</think>\n{_good(request).text}")


def _repairs(request: Request) -> Reply:
    return _good(request) if request.number > 1 else _invented(request)


def _error(status: int, kind: str, **headers: str) -> Script:
    def script(request: Request) -> Reply:
        # Services do repeat keys in their errors.
        error = {"message": f"no: {request.authorization}", "type": kind, "code": kind}
        return Reply(status=status, headers=headers, body=json.dumps({"error": error}))

    return script


SCRIPTS: dict[str, Script] = {
    "good": _good,
    "slow": lambda r: Reply(fault="slow", seconds=60.0),
    "silent": lambda r: Reply(fault="silent"),
    "late_headers": lambda r: Reply(fault="late_headers"),
    "drip": lambda r: Reply(fault="drip"),
    "500": _error(500, "server_error"),
    "429": _error(429, "rate_limit_exceeded"),
    "429_later": _error(429, "rate_limit_exceeded", **{"Retry-After": "3000"}),
    "quota": _error(429, "insufficient_quota"),
    "401": _error(401, "invalid_api_key"),
    "404": _error(404, "model_not_found"),
    "reset": lambda r: Reply(fault="reset"),
    "cut": lambda r: Reply(text="x" * 500, fault="cut"),
    "truncated_json": lambda r: Reply(text='{"lead": "", "claims": [{"speaker": "'),
    "invalid_call": lambda r: Reply(calls=[("rm_rf", '{"path": "/"}'), ("calculate", "[1, 2")]),
    "invented_quotes": _invented,
    "wrong_speakers": _wrong_speakers,
    "endless": lambda r: Reply(fault="endless"),
    "endless_call": lambda r: Reply(fault="endless_call"),
    "wrong_schema": lambda r: Reply(text=json.dumps({"claims": [{"quote": CANARY, "who": 7}], "extra": True})),
    "prose": lambda r: Reply(text=f"Certainly! Rob Li said: “{CANARY}”."),
    "html": lambda r: Reply(body="<html>login</html>", headers={"Content-Type": "text/html"}),
    "empty": lambda r: Reply(),
    "deep": lambda r: Reply(text="[" * 5_000),
    "redirect": lambda r: Reply(status=307, headers={"Location": "/v1/elsewhere/chat/completions"}, body=""),
    "compressed": lambda r: Reply(headers={"Content-Encoding": "gzip"}, body="x"),
    "echo_key": _echo_key,
    "flaky": _flaky,
    "repairs": _repairs,
    "without_tools": _without_tools,
}


class ScriptedEndpoint:
    """The endpoint, running while the block lasts. ``requests`` are those received, in order; ``open`` counts the calls
    that are being answered: one whose caller has hung up is over."""

    def __init__(self, script: str | Script = "good") -> None:
        self.script: Script = SCRIPTS[script] if isinstance(script, str) else script
        self.requests: list[Request] = []
        self.paths: list[str] = []
        self.stopped = threading.Event()
        self.open = 0
        self._counting = threading.Lock()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", "0"))))
                request = Request(body, self.headers.get("Authorization", ""), len(endpoint.requests) + 1)
                endpoint.requests.append(request)
                endpoint.paths.append(self.path)
                endpoint._count(1)
                try:
                    with suppress(OSError):  # the client may leave at any time
                        _send(self, request, endpoint.script(request), endpoint.stopped)
                finally:
                    endpoint._count(-1)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def _count(self, by: int) -> None:
        with self._counting:
            self.open += by

    @property
    def url(self) -> str:
        """Base address of the protocol."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def environment(self, **more: str) -> dict[str, str]:
        """The variables that configure this endpoint as the model."""
        return {"DEBATE_MODEL": "openai:scripted", "DEBATE_MODEL_BASE_URL": self.url, **more}

    def __enter__(self) -> ScriptedEndpoint:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self._server.shutdown()
        self._server.server_close()


def _send(handler: BaseHTTPRequestHandler, request: Request, reply: Reply, stopped: threading.Event) -> None:
    handler.close_connection = True
    connection: socket.socket = handler.connection
    if reply.fault == "reset":
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        return
    if reply.fault in ("slow", "silent"):
        _wait(connection, reply.seconds or 60.0, stopped)
    if reply.fault == "late_headers":
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        for n in range(10_000):
            connection.sendall(b"X" if n % 50 else b"X: 1\r\n")
            if stopped.wait(0.05):
                return
    streaming = bool(request.body.get("stream")) and reply.body is None and reply.status == 200
    body = b"" if streaming else (reply.body if reply.body is not None else json.dumps(_whole(reply))).encode()
    headers = {"Content-Type": "text/event-stream" if streaming else "application/json", **reply.headers}
    handler.send_response(reply.status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    if not streaming:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    if not streaming:
        handler.wfile.write(body)
        return
    for event in _events(reply):
        handler.wfile.write(event)
        if reply.fault == "drip" and stopped.wait(0.02):
            return
        if reply.fault == "paced":
            _wait(connection, reply.seconds, stopped)
        if stopped.is_set():
            return


def _wait(connection: socket.socket, seconds: float, stopped: threading.Event) -> None:
    """Wait, but not for a caller who has hung up: ConnectionError."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not stopped.is_set():
        ready, _, _ = select.select([connection], [], [], min(left, 0.02))
        if ready and not connection.recv(1, socket.MSG_PEEK):
            raise ConnectionError("the caller has hung up")


def _events(reply: Reply) -> Iterator[bytes]:
    """The stream: the message in pieces, the reason it ends, what it cost."""
    if reply.fault == "drip":
        while True:
            yield b":"  # a comment that never ends
    yield _event({"role": "assistant", "content": ""})
    while reply.fault == "endless":
        yield _event({"content": "and so on " * 20})
    for index, (name, arguments) in enumerate(
        reply.calls or ([("calculate", "")] if reply.fault == "endless_call" else [])
    ):
        call = {"index": index, "id": f"call_{index}", "type": "function", "function": {"name": name, "arguments": ""}}
        yield _event({"tool_calls": [call]})
        while reply.fault == "endless_call":
            yield _event({"tool_calls": [{"index": index, "function": {"arguments": " " * 200}}]})
        for at in range(0, len(arguments), 40):
            yield _event({"tool_calls": [{"index": index, "function": {"arguments": arguments[at : at + 40]}}]})
    for at in range(0, len(reply.text), 40):
        yield _event({"content": reply.text[at : at + 40]})
        if reply.fault == "cut" and at > 100:
            return
    yield _event({}, "tool_calls" if reply.calls else "stop")
    if reply.usage is not None:
        yield _data({**_head(), "object": "chat.completion.chunk", "choices": [], "usage": _usage(reply)})
    yield b"data: [DONE]\n\n"


def _event(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _data({**_head(), "object": "chat.completion.chunk", "choices": [choice]})


def _data(value: Mapping[str, Any]) -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _whole(reply: Reply) -> dict[str, Any]:
    calls = [
        {"id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": arguments}}
        for n, (name, arguments) in enumerate(reply.calls)
    ]
    message = {"role": "assistant", "content": reply.text, **({"tool_calls": calls} if calls else {})}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
    return {**_head(), "object": "chat.completion", "choices": [choice], "usage": _usage(reply)}


def _head() -> dict[str, Any]:
    return {"id": "chatcmpl-1", "created": int(time.time()), "model": "scripted"}


def _usage(reply: Reply) -> dict[str, int] | None:
    if reply.usage is None:
        return None
    spent, made = reply.usage
    return {"prompt_tokens": spent, "completion_tokens": made, "total_tokens": spent + made}
