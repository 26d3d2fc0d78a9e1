"""The debate for agents, over the Model Context Protocol: `/mcp` (Streamable HTTP) and `debate mcp` (stdio).

Eight tools: ask, search_quotes, list_transcripts, read_turn, read_report, compare_speakers, verify_quote, calculate;
``ask`` and ``search_quotes`` go over debates of the library where ``transcripts`` names some. Each returns text
to read and the same as structured data. The tools only read, except that ``ask`` keeps a thread.

Over HTTP a bearer's threads are its token's. A caller without a token gets a thread whose id carries a secret of its
own, so that whoever holds the id, and nobody else, can go on with it; clients of this protocol keep no cookies.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import (
    PARSE_ERROR,
    BlobResourceContents,
    CallToolResult,
    EmbeddedResource,
    ErrorData,
    JSONRPCError,
    TextContent,
    ToolAnnotations,
)
from pydantic import BaseModel, ConfigDict, Field, JsonValue, RootModel

from assistant import Answer, Assistant
from assistant.api import LOCAL_OWNER
from assistant.calculators.registry import calculators
from assistant.calculators.trace import CalculationTrace
from assistant.events import Event, Sketch, Writing
from assistant.library.types import Card, LibraryAnswer
from assistant.models.meter import Cancellation
from assistant.wording import calculation_lines
from corpus.annotations import Stance
from corpus.errors import DebateError, QuoteNotFoundError, UnknownReferenceError
from corpus.quotes import locate_quote, quote_sentences
from corpus.readers.report import ReadingReport, report_of
from corpus.speakers import resolve_speaker
from corpus.types import Quote
from index.types import Filters
from ui.access import owner_of_token
from ui.footnotes import library_markdown, markdown
from ui.limits import AnswerQueue
from ui.rest.calculators import calculate as run_calculator
from ui.rest.debate import SentenceOut, TurnOut, turn_out
from ui.rest.presence import lane_after
from ui.rest.transcripts import TranscriptSummary, summary
from ui.sheet import File, SheetFormat, sheet_file

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

T = TypeVar("T")
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_ASKS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_CAPABILITY = re.compile(r"^([0-9a-f]{32})-(.{1,64})\Z")
_NEAREST = 3

Speakers = Annotated[
    list[str], Field(max_length=20, description="Only these may be quoted: names, given names or descriptions.")
]


Transcripts = Annotated[
    list[str],
    Field(
        max_length=200,
        description="Debates of the library to ask together, by id or title (see list_transcripts), or `all`; empty: "
        "the one debate that is served.",
    ),
]


class FoundQuote(BaseModel):
    """A sentence that a search found."""

    model_config = ConfigDict(extra="forbid")

    rank: int = Field(description="From 1.")
    score: float = Field(description="0 to 1, higher is better.")
    quote: Quote
    debate: Card | None = Field(default=None, description="Which debate of the library; None for the one served.")


class Found(BaseModel):
    """What a search found, best first."""

    model_config = ConfigDict(extra="forbid")

    results: list[FoundQuote]


class Turns(BaseModel):
    """Turns in order of speech."""

    model_config = ConfigDict(extra="forbid")

    turns: list[TurnOut]


class Side(BaseModel):
    """One speaker's part of a comparison."""

    model_config = ConfigDict(extra="forbid")

    speaker: str
    silent: bool = Field(description="Whether the speaker did not speak on it.")
    quotes: list[Quote]
    stances: list[Stance] = Field(description="Our notes on where the speaker stands, on the topics of the quotes.")


class Comparison(BaseModel):
    """Speakers side by side."""

    model_config = ConfigDict(extra="forbid")

    question: str
    sides: list[Side]


class QuoteCheck(BaseModel):
    """Whether somebody said these words."""

    model_config = ConfigDict(extra="forbid")

    verbatim: bool = Field(description="Whether the words stand in the transcript, said by the speaker named, if any.")
    said: list[Quote] = Field(description="The sentences in which they stand, by whomever.")
    speaker_matches: bool | None = Field(description="Whether the speaker named said them; None when none was named.")
    nearest: list[Quote] = Field(description="The nearest sentences when they stand nowhere.")


class Answered(RootModel[Answer | LibraryAnswer]):
    """An answer from the debate that is served, or from several of the library."""

    model_config = ConfigDict(json_schema_extra={"type": "object"})  # the protocol knows objects alone


class Listed(BaseModel):
    """What is in the library, by date."""

    model_config = ConfigDict(extra="forbid")

    transcripts: list[TranscriptSummary]


class Door:
    """What the tools share: the assistant, the line in which their work waits, and look-ups."""

    def __init__(self, assistant: Assistant, queue: AnswerQueue) -> None:
        self.assistant, self.debate, self._queue = assistant, assistant.debate, queue

    async def done(self, work: Callable[[], T], cancellation: Cancellation | None = None) -> T:
        """The result of ``work``. Raises ToolError with the sentence of an error of ours."""
        try:
            return await self._queue.run(work, cancellation=cancellation)
        except DebateError as error:
            raise ToolError(str(error)) from error

    def is_over_many(self, thread: str, owner: str) -> bool:
        """Whether a thread is about several debates. Raises UnknownThreadError."""
        return self.assistant.store.thread(thread, owner).sha256.startswith("library:")

    async def answered(
        self, work: Callable[[], Iterator[Event]], ctx: Context[Any, Any], cancellation: Cancellation
    ) -> Answer:
        """The answer at the end of the steps; each is reported as progress. Errors as ``done``."""
        at = 0
        answer: object = None
        try:
            async for event in self._queue.stream(work, then=lane_after, cancellation=cancellation):
                answer = event.data
                if told := _progress(event):
                    at += 1
                    await ctx.report_progress(at, message=told)
        except DebateError as error:
            raise ToolError(str(error)) from error
        assert isinstance(answer, Answer)
        return answer

    def quote(self, sentence_id: str) -> Quote:
        """One sentence as a quote."""
        return quote_sentences(self.debate.transcript, (sentence_id,), self.debate.notes)

    def filters(self, speakers: list[str]) -> Filters:
        """The filter for speakers by name. Raises UnknownSpeakerError."""
        everybody = self.debate.transcript.speakers
        ids = tuple(dict.fromkeys(s.id for name in speakers for s in resolve_speaker(name, everybody)))
        return Filters(speaker_ids=ids)


def _progress(event: Event) -> str:
    """A step as one line for whoever waits; empty for those that tell nothing yet."""
    data = event.data
    if isinstance(data, Sketch):
        quotes = [quote for claim in data.claims for quote in claim.quotes]
        return "\n".join(f"“{quote.text}” — {quote.speaker}" for quote in quotes)
    if isinstance(data, Writing):
        return data.claim.text if data.done else ""
    return ""


def build_server(assistant: Assistant, queue: AnswerQueue) -> MCPServer[Any]:
    """The server over one assistant; transports are the caller's business."""
    transcript = assistant.debate.transcript
    names = ", ".join(speaker.name for speaker in transcript.speakers)
    server: MCPServer[Any] = MCPServer(
        "debate",
        title="Debate assistant",
        instructions=f"Answers about one debate, {transcript.title}, by {names}. Quotes are verbatim and attributed; "
        "cite them with their sentence ids and never alter them. Silence is an answer.",
        version=_version(),
        log_level="WARNING",
    )
    door = Door(assistant, queue)
    for add in (
        _add_asking,
        _add_searching,
        _add_listing,
        _add_reading,
        _add_comparing,
        _add_checking,
        _add_calculating,
    ):
        add(server, door)
    return server


def _add_asking(server: MCPServer[Any], door: Door) -> None:
    assistant = door.assistant

    @server.tool(annotations=_ASKS, title="Ask the debate")
    async def ask(
        question: Annotated[str, Field(description="Chinese or English, up to 4,000 characters.")],
        ctx: Context[Any, Any],
        thread: Annotated[str | None, Field(description="`thread` of an earlier answer, to follow up on it.")] = None,
        speakers: Speakers = [],  # noqa: B006 (the schema shows it; it is never changed)
        transcripts: Transcripts = [],  # noqa: B006
    ) -> Annotated[CallToolResult, Answered]:
        """Answer a question with verbatim quotes in footnotes; follow-ups by `thread`."""
        owner, secret, known = _owner(ctx, thread)
        stop = Cancellation()
        if transcripts or (known is not None and await door.done(lambda: door.is_over_many(known, owner))):
            if speakers:
                raise ToolError("Over several debates name people in the question; leave speakers out.")
            many = await door.done(
                lambda: assistant.library.ask(
                    question, transcripts or None, known, owner=owner, create=False, cancellation=stop
                ),
                cancellation=stop,
            )
            if secret:
                many = many.model_copy(update={"thread": f"{secret}-{many.thread}"})
            return _result(f"{library_markdown(many)}\nthread: {many.thread}", many)
        answer = await door.answered(
            lambda: assistant.stream(question, known, speakers, owner=owner, create=False, cancellation=stop), ctx, stop
        )
        if secret:
            answer = answer.model_copy(update={"thread": f"{secret}-{answer.thread}"})
        return _result(f"{markdown(answer)}\nthread: {answer.thread}", answer)


def _add_searching(server: MCPServer[Any], door: Door) -> None:
    @server.tool(annotations=_READS, title="Search the quotes")
    async def search_quotes(
        query: Annotated[str, Field(min_length=1, max_length=4_000, description="What to look for.")],
        k: Annotated[int, Field(ge=1, le=50, description="At most so many.")] = 8,
        speakers: Speakers = [],  # noqa: B006
        transcripts: Transcripts = [],  # noqa: B006
    ) -> Annotated[CallToolResult, Found]:
        """The sentences that match best, verbatim, with speaker, sentence id and span; one ranking over debates."""
        if transcripts:
            if speakers:
                raise ToolError("Over several debates put the name into the query; leave speakers out.")
            many = await door.done(lambda: door.assistant.library.search(query, transcripts, k))
            rows = [FoundQuote(rank=f.rank, score=f.score, quote=f.quote, debate=f.debate) for f in many]
            lines = [f"{_line(f.quote)} {f.debate.label('en')} {f.debate.id}" for f in many]
            return _result("\n".join(lines) or "Nothing matches.", Found(results=rows))
        hits = await door.done(lambda: door.assistant.index.search(query, k, door.filters(speakers)))
        found = Found(results=[FoundQuote(rank=h.rank, score=h.score, quote=door.quote(h.id)) for h in hits])
        return _result("\n".join(_line(item.quote) for item in found.results) or "Nothing matches.", found)


def _add_listing(server: MCPServer[Any], door: Door) -> None:
    @server.tool(annotations=_READS, title="List the library")
    async def list_transcripts() -> Annotated[CallToolResult, Listed]:
        """The debates that can be named in `transcripts`, by date."""
        found = await door.done(lambda: door.assistant.library.debates)
        text = "\n".join(f"{d.id} {d.label}" for d in found) or "The library is empty."
        return _result(text, Listed(transcripts=[summary(d) for d in found]))


def _add_reading(server: MCPServer[Any], door: Door) -> None:
    transcript = door.debate.transcript

    @server.tool(annotations=_READS, title="Read a turn")
    async def read_turn(
        turn: Annotated[str, Field(description="t12, or a sentence of it, t12.4.")],
        context: Annotated[int, Field(ge=0, le=10, description="Turns before and after.")] = 0,
    ) -> Annotated[CallToolResult, Turns]:
        """A turn as spoken, sentence by sentence, with our English gloss as data."""
        try:
            middle = transcript.turn(turn.strip().lower().partition(".")[0])
        except UnknownReferenceError as error:
            raise ToolError(str(error)) from error
        around = [turn_out(t, door.debate) for t in transcript.turns if abs(t.number - middle.number) <= context]
        text = "\n\n".join(
            f"{t.speaker} ({t.id})\n" + "\n".join(f"[{_place(s)}] {s.text}" for s in t.sentences) for t in around
        )
        return _result(text, Turns(turns=around))

    @server.tool(annotations=_READS, title="How the transcript was read")
    async def read_report() -> Annotated[CallToolResult, ReadingReport]:
        """Form of the file, who speaks how much, and what may have been read wrong, with its line."""
        report = report_of(transcript)
        people = [f"{s.name}{' (host)' if s.host else ''}: {s.turns} turns, {s.share:.0%}" for s in report.speakers]
        doubts = [f"line {doubt.line}: {doubt.why}" for doubt in report.doubts]
        head = f"{report.form}; {report.turns} turns, {report.attributed:.1%} of the words attributed."
        return _result("\n".join([head, *people, *(doubts or ["No doubts."])]), report)


def _add_comparing(server: MCPServer[Any], door: Door) -> None:
    assistant, everybody = door.assistant, door.debate.transcript.speakers

    @server.tool(annotations=_READS, title="Compare speakers")
    async def compare_speakers(
        question: Annotated[str, Field(description="What they are compared on.")],
        speakers: Annotated[list[str], Field(min_length=2, max_length=8, description="Who.")],
    ) -> Annotated[CallToolResult, Comparison]:
        """What each of them said on it, side by side; silence included."""

        def sides() -> list[Side]:  # quotes alone: no chat model is needed
            people = dict.fromkeys(s for name in speakers for s in resolve_speaker(name, everybody))
            answered = assistant.answer
            return [_side(assistant, answered(question, speakers=[s.name], by_model=False), s.name) for s in people]

        comparison = Comparison(question=question, sides=await door.done(sides))
        text = "\n\n".join(
            f"{side.speaker}: " + ("nothing was found on this." if side.silent else "")
            + "".join(f"\n{_line(q)}" for q in side.quotes)
            for side in comparison.sides
        )  # fmt: skip
        return _result(text, comparison)


def _add_checking(server: MCPServer[Any], door: Door) -> None:
    @server.tool(annotations=_READS, title="Verify a quote")
    async def verify_quote(
        text: Annotated[str, Field(min_length=1, max_length=4_000, description="The words, in the original Chinese.")],
        speaker: Annotated[str | None, Field(max_length=120, description="Who is said to have said them.")] = None,
    ) -> Annotated[CallToolResult, QuoteCheck]:
        """Whether these very words were said, and by whom; white space and typographic marks are forgiven."""
        check = await door.done(lambda: check_quote(door.assistant, text, speaker))
        verdict = "These words were said:" if check.said else "These words were not said. Nearest:"
        if check.said and check.speaker_matches is False:
            verdict = f"These words were said, but not by {speaker}:"
        return _result("\n".join([verdict, *(_line(q) for q in check.said or check.nearest)]), check)


def _add_calculating(server: MCPServer[Any], door: Door) -> None:
    @server.tool(
        annotations=_READS,
        title="Calculate",
        description="Run one of the debate's models; every input is shown with where it came from. A refusal names the "
        "input and its range. Calculators and their inputs (* required):\n" + _catalogue(),
    )
    async def calculate(
        calculator: Annotated[str, Field(description="Name of the calculator.")],
        arguments: Annotated[dict[str, JsonValue], Field(description="Values by input, in the input's unit.")],
        units: Annotated[dict[str, str], Field(description="Other units, by input: {'cost': 'USD mn'}.")] = {},  # noqa: B006
        file: Annotated[
            SheetFormat | None, Field(description="Also as a file: a workbook with live formulas, or CSV.")
        ] = None,
    ) -> Annotated[CallToolResult, CalculationTrace]:
        trace = await door.done(lambda: run_calculator(calculator, arguments, units))
        result = _result("\n".join(calculation_lines(trace, "en")), trace)
        if file is not None:
            result.content.append(_attached(await door.done(lambda: sheet_file(trace, file, "en", door.debate))))
        return result


def check_quote(assistant: Assistant, text: str, speaker: str | None) -> QuoteCheck:
    """Where words stand in the transcript, and whether the one named said them.

    Raises:
        UnknownSpeakerError: The name matches nobody.
    """
    transcript, notes = assistant.debate.transcript, assistant.debate.notes
    named = None if speaker is None else {s.id for s in resolve_speaker(speaker, transcript.speakers)}
    said = []
    for turn in transcript.turns:
        try:
            start, end = locate_quote(text.strip().strip('“”"「」'), turn, transcript)
        except QuoteNotFoundError:
            continue
        ids = [s.id for s in transcript.sentences_of(turn.id) if s.start < end and start < s.end]
        said.append(quote_sentences(transcript, ids, notes))
    matches = None if named is None else any(q.speaker_id in named for q in said)
    nearest = [] if said else [h.id for h in assistant.index.search(text, _NEAREST)]
    return QuoteCheck(
        verbatim=bool(said) and matches is not False,
        said=said,
        speaker_matches=matches,
        nearest=[quote_sentences(transcript, (i,), notes) for i in nearest],
    )


def mount(app: FastAPI, assistant: Assistant, queue: AnswerQueue) -> StreamableHTTPSessionManager:
    """Add ``/mcp`` to an application; its ``run()`` must surround the application's life.

    Stateless: each request stands alone, so nothing is held for clients that went away. Host and Origin are the
    guard's business.
    """
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.routing import Route

    server = build_server(assistant, queue)
    guarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = server.streamable_http_app(
        streamable_http_path="/mcp", json_response=True, stateless_http=True, transport_security=guarded
    )
    app.router.routes.extend(route for route in inner.routes if isinstance(route, Route))
    return server.session_manager


def serve_stdio(assistant: Assistant) -> None:
    """`debate mcp`: speak the protocol on standard input and output until it closes."""
    import asyncio

    queue = AnswerQueue()
    try:
        asyncio.run(_speak(build_server(assistant, queue)))
    finally:
        queue.close()


async def _speak(server: MCPServer[Any]) -> None:
    """The library's own loop, which passes over lines that are no message; those are answered -32700 here."""
    import anyio
    from mcp.server.stdio import stdio_server
    from mcp.shared.message import SessionMessage

    why = ErrorData(code=PARSE_ERROR, message="This line is no JSON-RPC message; send one message a line, in UTF-8.")
    refusal = SessionMessage(JSONRPCError(jsonrpc="2.0", id=None, error=why))
    async with stdio_server() as (incoming, outgoing):
        hand, messages = anyio.create_memory_object_stream[SessionMessage | Exception](0)

        async def sort() -> None:
            async with hand:
                async for message in incoming:
                    if isinstance(message, Exception):
                        await outgoing.send(refusal)
                    else:
                        await hand.send(message)

        lowlevel = server._lowlevel_server
        async with anyio.create_task_group() as group:
            group.start_soon(sort)
            await lowlevel.run(messages, outgoing, lowlevel.create_initialization_options())


def _owner(ctx: Context[Any, Any], thread: str | None) -> tuple[str, str, str | None]:
    """(Owner, secret that goes into the thread's id, the id on record) of a call.

    Raises:
        ToolError: A thread without its secret.
    """
    request = ctx.request_context.request
    if request is None:  # stdio: whoever started the process
        return LOCAL_OWNER, "", thread
    owner: str = request.scope.get("state", {}).get("owner", "")
    if owner.startswith("token:"):
        return owner, "", thread
    if thread is None:
        secret = secrets.token_hex(16)
        return owner_of_token(secret), secret, None
    match = _CAPABILITY.match(thread)
    if match is None:
        raise ToolError(f"There is no thread {thread[:80]!r}; pass the `thread` of an earlier answer as it was given.")
    return owner_of_token(match[1]), match[1], match[2]


def _side(assistant: Assistant, answer: Answer, name: str) -> Side:
    notes = assistant.debate.notes
    quotes = [q for q in answer.quotes if q.speaker == name]
    topics = {topic for q in quotes for i in q.sentence_ids for topic in notes.note(i).topics}
    stances = [s for s in notes.stances if s.speaker == name and s.topic in topics]
    return Side(speaker=name, silent=not quotes, quotes=quotes, stances=stances)


def _place(sentence: SentenceOut) -> str:
    return f"{sentence.id} {sentence.time}" if sentence.time else sentence.id


def _line(quote: Quote) -> str:
    said = f", relaying {quote.originator}" if quote.mode == "relays" else ", asking" if quote.mode == "asks" else ""
    time = f" {quote.time}" if quote.time else ""
    return f"“{quote.text}” — {quote.speaker}{said} [{' '.join(quote.sentence_ids)}{time}]"


def _result(text: str, data: BaseModel) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=_plain(data))


def _attached(file: File) -> EmbeddedResource:
    """A file as the protocol carries one: bytes in base64 under an address of its own."""
    content = base64.b64encode(file.content).decode()
    blob = BlobResourceContents(uri=f"file:///{file.name}", mime_type=file.media_type, blob=content)
    return EmbeddedResource(type="resource", resource=blob)


def _plain(data: BaseModel) -> dict[str, Any]:
    # A computed field is no part of a model's input schema, by which the protocol checks what is sent.
    document = data.model_dump(mode="json", exclude=set(type(data).model_computed_fields))
    for part in document["parts"] if isinstance(data, LibraryAnswer) else ():
        part["answer"].pop("abstained")
    return document


def _catalogue() -> str:
    lines = []
    for calculator in calculators().values():
        inputs = [f"{f.name}{'*' * f.required}{f' [{f.unit}]' if f.unit else ''}" for f in calculator.fields]
        lines.append(f"- {calculator.name}: {calculator.title.en}. {', '.join(inputs)}")
    return "\n".join(lines)


def _version() -> str:
    from importlib.metadata import version

    return version("debate-assistant")
