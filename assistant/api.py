"""The front door: open a debate, ask it.

from assistant import Assistant

with Assistant.open() as assistant:
    answer = assistant.ask("Rob 怎么看 GPU 折旧?")
    print(answer.quotes[0].speaker, answer.quotes[0].text)
    print(assistant.ask("那 Ethan 呢?", thread=answer.thread).text)
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from assistant import environment, logs, tracing
from assistant.breaker import Breaker
from assistant.errors import QuestionCancelledError
from assistant.events import Event, GroundedClaim, Sketch
from assistant.grounding import Grounded
from assistant.knowledge.tables import Tables
from assistant.models.meter import Cancellation, Meter
from assistant.models.trouble import ModelOutputError
from assistant.questions import checked_question
from assistant.stored import VERSION, from_record, to_record
from assistant.types import Answer
from corpus.errors import StoreError, UnknownThreadError
from corpus.library import Debate, open_debate
from corpus.speakers import resolve_speaker
from corpus.store import Message, Store

environment.apply()

from assistant.graph import Pipeline, State, evidence  # noqa: E402
from index.build import open_chroma, record  # noqa: E402
from index.chroma import Progress  # noqa: E402
from index.errors import ChromaIndexError, EncoderError  # noqa: E402
from index.finding import Finding, open_finding  # noqa: E402
from index.search import PassageIndex  # noqa: E402

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.library.library import Library
    from assistant.models.chat import ChatModel

LOCAL_OWNER = "local"
Encoding = Literal["before", "beside", "later"]
_MEMORY = 12  # answers of a thread that a question is read in the light of


class Assistant:
    """One open debate. Thread-safe; use it as a context manager or call ``close``."""

    def __init__(
        self,
        debate: Debate,
        index: PassageIndex,
        store: Store,
        *,
        model: ChatModel | None = None,
        light: bool = False,
    ) -> None:
        self.debate, self.index, self.store, self.model = debate, index, store, model
        self.unsaved: str | None = None  # why what this assistant keeps ends with it; told with every answer
        self._breaker = Breaker()
        self._graph: Any = None if light else True  # compiled where the index is taken into use
        self._use(index)
        self._closing = threading.Event()
        self._background: threading.Thread | None = None

    @classmethod
    def open(
        cls,
        path: Path | str | None = None,
        *,
        data: Path | str | None = None,
        encoder: str | None = None,
        model: str | BaseChatModel | None = None,
        save: bool = True,
        background: bool = False,
        encode: Encoding = "before",
        light: bool = False,
        progress: Progress | None = None,
    ) -> Assistant:
        """Open a debate.

        Args:
            path: transcript file; the debate that ships when left out.
            data: data folder; ``DEBATE_HOME`` or the platform's when left out.
            encoder: sentence-transformers model, by hub name or path; the one that ships when left out.
            model: chat model that drafts answers, "provider:model" or one of LangChain's; ``DEBATE_MODEL`` when left
                out, none with "none". Keys come from the environment alone.
            save: keep vectors and conversations in the data folder; otherwise nothing is written anywhere.
            background: fill and probe the Chroma cache in a thread of its own, and switch to it when it is good; until
                then, and in short-lived programs, an exact scan answers the same.
            encode: whether a large new debate is encoded before the first answer, beside the answers, which a quick
                index gives until then, or not at all: one program may be too short-lived for it.
            progress: called with (done, total) while the texts of a new debate are encoded.
            light: for one-shot programs: run the graph's steps without importing langgraph.

        Raises:
            DebateError: The transcript, the data folder or the encoder cannot be used; says which and what to do.
        """
        logs.set_up()
        tracing.set_up()
        chat = _open_model(model)
        store = Store.open(Path(data) if data is not None else None) if save else Store.in_memory()
        try:
            debate = open_debate(Path(path) if path is not None else None, store)
            if save:
                record(store, debate)
            finding = open_finding(debate, encoder, store)
            quickly = encode != "before" and finding.is_long(debate, store)
            index = finding.quick(debate, store) if quickly else finding.whole(debate, store, progress)
            assistant = cls(debate, index, store, model=chat, light=light)
        except BaseException:
            store.close()
            raise
        encoding = finding if quickly and encode == "beside" else None
        if quickly:
            assistant.index_state = "quick index"
        if encoding is not None or (background and save and not quickly):
            assistant._start(encoding, chroma=background and save)
        return assistant

    @cached_property
    def library(self) -> Library:
        """The debates that were imported into the same data folder."""
        from assistant.library.library import Library

        return Library(self.store)

    @property
    def drafts_by_model(self) -> bool:
        """Whether a chat model would be asked now: one is configured, and it has not just failed again and again."""
        return self.model is not None and self._breaker.trouble() is None

    def close(self) -> None:
        """Give the data folder back."""
        self._closing.set()
        if "library" in self.__dict__:
            self.library.close()
        if self._background is not None:
            self._background.join()
        self.store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(
        self,
        question: str,
        thread: str | None = None,
        speakers: Sequence[str] = (),
        *,
        owner: str = LOCAL_OWNER,
        create: bool = True,
        instead_of: int | None = None,
        by_model: bool = True,
        cancellation: Cancellation | None = None,
    ) -> Answer:
        """Answer a question.

        Args:
            question: Chinese or English, up to 4,000 characters.
            thread: conversation to go on with; None starts one. The thread's id is ``Answer.thread``.
            speakers: only these may be quoted; names, given names or descriptions.
            owner: whose thread it is; others never see it.
            create: whether an unknown thread is started under that id, or refused.
            instead_of: position, from 1, of an earlier question of the thread that this one is asked instead of. It
                starts a branch: what stood there stays on record, and is shown until this answer is on record too.
            by_model: whether a configured chat model drafts; otherwise the embedded rules alone do.
            cancellation: a switch by which another thread may stop it.

        Raises:
            QuestionCancelledError: It was stopped; nothing was saved.
            QuestionError: The question is empty, too long or not text.
            UnknownSpeakerError: A name in ``speakers`` matches nobody.
            UnknownThreadError: ``thread`` is unknown (with ``create=False``) or somebody else's.
        """
        for event in self.stream(
            question,
            thread,
            speakers,
            owner=owner,
            create=create,
            instead_of=instead_of,
            by_model=by_model,
            cancellation=cancellation,
        ):
            if event.kind == "answer":
                assert isinstance(event.data, Answer)
                return event.data
        raise AssertionError("a stream ends with its answer")

    def stream(
        self,
        question: str,
        thread: str | None = None,
        speakers: Sequence[str] = (),
        *,
        owner: str = LOCAL_OWNER,
        create: bool = True,
        instead_of: int | None = None,
        by_model: bool = True,
        cancellation: Cancellation | None = None,
    ) -> Iterator[Event]:
        """The steps of an answer as they are done, the answer last; arguments and errors as ``ask``."""
        question = checked_question(question)
        before = self._before(thread, owner, create)
        after = None
        if instead_of is not None:
            before = [message for message in before if message.position < instead_of]
            after = before[-1].number if before else 0
        earlier = [from_record(message, self.debate, thread) for message in before[-_MEMORY:]]
        for event in self._answering(question, earlier, speakers, cancellation, by_model):
            if not isinstance(event.data, Answer):
                yield event
                continue
            yield Event("answer", self._saved(event.data, thread, question, owner, create, after))

    def _saved(
        self, answer: Answer, thread: str | None, question: str, owner: str, create: bool, after: int | None
    ) -> Answer:
        """The answer with its thread; when it cannot be put on record it is given all the same, and says so."""
        try:
            saved = self.store.add_message(
                thread,
                question,
                to_record(answer),
                owner=owner,
                sha256=self.debate.transcript.sha256,
                create=create,
                after=after,
                version=VERSION,
            )
        except UnknownThreadError:
            raise
        except StoreError as error:
            logs.record("unsaved", logging.WARNING, why=str(error))
            return answer.model_copy(update={"thread": thread, "unsaved": str(error)})
        return answer.model_copy(update={"thread": saved, "unsaved": self.unsaved})

    def answer(
        self,
        question: str,
        earlier: Sequence[Answer] = (),
        speakers: Sequence[str] = (),
        *,
        by_model: bool = True,
        cancellation: Cancellation | None = None,
    ) -> Answer:
        """Answer in the light of earlier answers that the caller keeps, oldest first; nothing is stored.

        Raises:
            QuestionError: The question is empty, too long or not text.
            UnknownSpeakerError: A name in ``speakers`` matches nobody.
        """
        *_, last = self.answering(question, earlier, speakers, by_model=by_model, cancellation=cancellation)
        assert isinstance(last.data, Answer)
        return last.data

    def answering(
        self,
        question: str,
        earlier: Sequence[Answer] = (),
        speakers: Sequence[str] = (),
        *,
        by_model: bool = True,
        cancellation: Cancellation | None = None,
    ) -> Iterator[Event]:
        """The steps of ``answer`` as they are done, the answer last; arguments and errors as there."""
        yield from self._answering(checked_question(question), earlier[-_MEMORY:], speakers, cancellation, by_model)

    async def aask(self, question: str, thread: str | None = None, speakers: Sequence[str] = (), **more: Any) -> Answer:
        """``ask`` without blocking the event loop; cancelling the task stops the chat model too."""
        cancellation = more.setdefault("cancellation", Cancellation())
        try:
            return await asyncio.to_thread(self.ask, question, thread, speakers, **more)
        except asyncio.CancelledError:
            cancellation.cancel()
            raise

    async def astream(
        self, question: str, thread: str | None = None, speakers: Sequence[str] = (), **more: Any
    ) -> AsyncIterator[Event]:
        """``stream`` without blocking the event loop; leaving it early stops the chat model too."""
        cancellation = more.setdefault("cancellation", Cancellation())
        events = self.stream(question, thread, speakers, **more)
        done = object()
        try:
            while (event := await asyncio.to_thread(next, events, done)) is not done:
                assert isinstance(event, Event)
                yield event
        except (asyncio.CancelledError, GeneratorExit):
            cancellation.cancel()
            raise

    def thread(self, thread: str, *, owner: str = LOCAL_OWNER) -> list[Answer]:
        """The answers of a thread, oldest first, each quote made anew. Raises UnknownThreadError."""
        return [from_record(message, self.debate, thread) for message in self.store.messages(thread, owner)]

    def rebuild_index(self, progress: Progress | None = None) -> None:
        """Fill a new Chroma generation now and switch to it. Raises ChromaIndexError."""
        self._use_chroma(rebuild=True, progress=progress)

    def _answering(
        self,
        question: str,
        earlier: Sequence[Answer],
        speakers: Sequence[str],
        cancellation: Cancellation | None = None,
        by_model: bool = True,
    ) -> Iterator[Event]:
        """The steps of an answer, the answer last, not yet in any thread."""
        wanted = tuple(
            dict.fromkeys(s.id for n in speakers for s in resolve_speaker(n, self.debate.transcript.speakers))
        )
        state: State = {"question": question, "thread": earlier, "speaker_ids": wanted}
        with logs.request() as identifier:
            state["request"] = identifier
        state["trace"] = trace = tracing.Trace(request=identifier)
        state["meter"] = meter = self.model.meter(cancellation) if self.model else Meter(cancellation=cancellation)
        if by_model and (resting := self._breaker.trouble()) is not None:
            by_model, meter.trouble = False, resting
        try:
            for step in self._run(state, by_model):
                state.update(step)
                if cancellation is not None and cancellation.cancelled:
                    raise QuestionCancelledError("The question was cancelled; nothing was saved.")
                yield from self._events(step)
        except ModelOutputError as trouble:  # only "cancelled" comes this far
            raise QuestionCancelledError("The question was cancelled; nothing was saved.") from trouble
        finally:
            trace.end()
        self._breaker.note(meter.trouble, by_model and (meter.trouble is not None or meter.usage() is not None))
        answer = state["answer"].model_copy(update={"timings_ms": state.get("timings_ms", {})})
        logs.answered(identifier, answer)
        yield Event("answer", answer)

    def _run(self, state: State, by_model: bool) -> Iterator[State]:
        """What each step of the graph adds, in order."""
        if not by_model:
            yield from self._rules.run(state)
            return
        if self._graph is None or self.model is not None:  # a model's sentences are told as they come
            yield from self.pipeline.run(state)
            return
        for update in self._graph.stream(state, stream_mode="updates"):
            yield from update.values()

    def _before(self, thread: str | None, owner: str, create: bool) -> list[Message]:
        """The messages of the thread's branch that is shown."""
        if thread is None:
            return []
        if create and not any(t.id == thread for t in self.store.threads(owner)):
            return []
        return self.store.messages(thread, owner)

    def _events(self, step: State) -> Iterator[Event]:
        if "reading" in step:
            yield Event("understood", step["reading"].understanding)
        if "found" in step:
            yield Event("retrieved", evidence(step["found"].hits[:8], self.debate.transcript))
        if "sketch" in step:
            yield Event("sketch", Sketch(tuple(_with_quotes(step["sketch"]))))
        if "writing" in step:
            yield Event("writing", step["writing"])
        if "grounded" in step:
            for claim in _with_quotes(step["grounded"]):
                yield Event("claim", claim)
        if "answer" in step:
            for calculation in step["answer"].calculations:
                yield Event("calculation", calculation)

    def _start(self, encoding: Finding | None, *, chroma: bool) -> None:
        """Make the index better in a thread of its own: encode the debate whole, then fill and probe Chroma."""

        def build() -> None:
            try:
                if encoding is not None:
                    self._use(encoding.whole(self.debate, self.store, self._encoded, self._closing.is_set))
                if chroma:
                    self.index_state = "building"
                    self._use_chroma(progress=self._filled)
            except InterruptedError:
                return  # closed meanwhile; whoever comes next goes on from what was encoded
            except (ChromaIndexError, EncoderError) as error:
                self.index_state = f"exact scan ({error})"

        self._background = threading.Thread(target=build, name="index", daemon=True)
        self._background.start()

    def _filled(self, done: int, total: int) -> None:
        if self._closing.is_set():
            raise InterruptedError("the assistant is being closed")

    def _encoded(self, done: int, total: int) -> None:
        self.index_state = f"quick index ({done} of {total} texts encoded)"

    @property
    def tables(self) -> Tables:
        """What answers are derived from: topics, where people stand, who said what on what; noted or derived."""
        return self.pipeline.rules.tables

    def _use(self, index: PassageIndex) -> None:
        """Answer from another index of the same debate; questions under way end on the one they began with."""
        pipeline = self._rules = Pipeline(index, store=self.store)
        if self.model is not None:
            from assistant.models.answerer import ModelAnswerer

            pipeline = Pipeline(index, model=ModelAnswerer(index, self.model))
        graph = pipeline.compile() if self._graph is not None and self.model is None else None
        self.index, self.pipeline, self._graph, self.index_state = index, pipeline, graph, "exact scan"

    def _use_chroma(self, rebuild: bool = False, progress: Progress | None = None) -> None:
        index = self.index
        index.dense = open_chroma(
            self.store, index.passages, index.vectors, index.encoder, rebuild=rebuild, progress=progress
        )
        self.index_state = "chroma"


def _with_quotes(grounded: Grounded) -> Iterator[GroundedClaim]:
    for claim in grounded.claims:
        yield GroundedClaim(claim, tuple(grounded.quotes[n] for n in claim.quotes))


def _open_model(model: str | BaseChatModel | None) -> ChatModel | None:
    """The chat model that is wanted; without one LangChain is not even imported."""
    if model is None and not os.environ.get("DEBATE_MODEL"):
        return None
    from assistant.models.chat import open_model

    return open_model(model)
