"""The front door: open a debate, ask it.

    from assistant import Assistant

    with Assistant.open() as assistant:
        answer = assistant.ask("Rob 怎么看 GPU 折旧?")
        print(answer.quotes[0].speaker, answer.quotes[0].text)
        print(assistant.ask("那 Ethan 呢?", thread=answer.thread).text)
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from assistant import environment
from assistant.errors import QuestionError
from assistant.events import Event, GroundedClaim
from assistant.types import Answer, Evidence
from corpus.library import Debate, open_debate
from corpus.speakers import resolve_speaker
from corpus.store import Store

environment.apply()

from assistant.graph import Pipeline, State  # noqa: E402
from index.build import open_chroma, record  # noqa: E402
from index.encoder import open_encoder  # noqa: E402
from index.errors import ChromaIndexError  # noqa: E402
from index.search import PassageIndex  # noqa: E402

MAX_QUESTION = 4_000  # characters
LOCAL_OWNER = "local"
_MEMORY = 12  # answers of a thread that a question is read in the light of


class Assistant:
    """One open debate. Thread-safe; use it as a context manager or call ``close``."""

    def __init__(self, debate: Debate, index: PassageIndex, store: Store, *, light: bool = False) -> None:
        self.debate, self.index, self.store = debate, index, store
        self.pipeline = Pipeline(index)
        self.index_state = "exact scan"
        self._graph = None if light else self.pipeline.compile()
        self._background: threading.Thread | None = None

    @classmethod
    def open(
        cls,
        path: Path | str | None = None,
        *,
        data: Path | str | None = None,
        encoder: str | None = None,
        save: bool = True,
        background: bool = False,
        light: bool = False,
    ) -> Assistant:
        """Open a debate.

        Args:
            path: transcript file; the debate that ships when left out.
            data: data folder; ``DEBATE_HOME`` or the platform's when left out.
            encoder: sentence-transformers model, by hub name or path; the one that ships when left out.
            save: keep vectors and conversations in the data folder; otherwise nothing is written anywhere.
            background: fill and probe the Chroma cache in a thread of its own, and switch to it when it is good; until
                then, and in short-lived programs, an exact scan answers the same.
            light: for one-shot programs: run the graph's steps without importing langgraph.

        Raises:
            DebateError: The transcript, the data folder or the encoder cannot be used; says which and what to do.
        """
        debate = open_debate(Path(path) if path is not None else None)
        chosen = open_encoder(encoder)
        store = Store.open(Path(data) if data is not None else None) if save else Store.in_memory()
        try:
            if save:
                source = debate.source.read_bytes() if debate.source is not None else None
                record(store, debate.transcript, debate.notes, source)
            index = PassageIndex.open(debate.transcript, debate.notes, chosen, store)
            assistant = cls(debate, index, store, light=light)
        except BaseException:
            store.close()
            raise
        if background and save:
            assistant._start_chroma()
        return assistant

    def close(self) -> None:
        """Give the data folder back."""
        if self._background is not None:
            self._background.join()
        self.store.close()

    def __enter__(self) -> Assistant:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def ask(
        self,
        question: str,
        thread: str | None = None,
        speakers: Sequence[str] = (),
        *,
        owner: str = LOCAL_OWNER,
        create: bool = True,
    ) -> Answer:
        """Answer a question.

        Args:
            question: Chinese or English, up to 4,000 characters.
            thread: conversation to go on with; None starts one. The thread's id is ``Answer.thread``.
            speakers: only these may be quoted; names, given names or descriptions.
            owner: whose thread it is; others never see it.
            create: whether an unknown thread is started under that id, or refused.

        Raises:
            QuestionError: The question is empty, too long or not text.
            UnknownSpeakerError: A name in ``speakers`` matches nobody.
            UnknownThreadError: ``thread`` is unknown (with ``create=False``) or somebody else's.
        """
        for event in self.stream(question, thread, speakers, owner=owner, create=create):
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
    ) -> Iterator[Event]:
        """The steps of an answer as they are done, the answer last; arguments and errors as ``ask``."""
        question = check_question(question)
        wanted = tuple(dict.fromkeys(s.id for n in speakers for s in resolve_speaker(n, self.debate.transcript.speakers)))
        earlier = self._earlier(thread, owner, create)
        state: State = {"question": question, "thread": earlier, "speaker_ids": wanted}
        for step in self._run(state):
            state.update(step)
            yield from self._events(step)
        answer = state["answer"].model_copy(update={"timings_ms": state.get("timings_ms", {})})
        saved = self.store.add_message(
            thread,
            question,
            answer.model_dump_json(exclude={"abstained"}),
            owner=owner,
            sha256=self.debate.transcript.sha256,
            create=create,
        )
        yield Event("answer", answer.model_copy(update={"thread": saved}))

    async def aask(self, question: str, thread: str | None = None, speakers: Sequence[str] = (), **more: Any) -> Answer:
        """``ask`` without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, thread, speakers, **more)

    async def astream(
        self, question: str, thread: str | None = None, speakers: Sequence[str] = (), **more: Any
    ) -> AsyncIterator[Event]:
        """``stream`` without blocking the event loop."""
        events = self.stream(question, thread, speakers, **more)
        done = object()
        while (event := await asyncio.to_thread(next, events, done)) is not done:
            assert isinstance(event, Event)
            yield event

    def thread(self, thread: str, *, owner: str = LOCAL_OWNER) -> list[Answer]:
        """The answers of a thread, oldest first. Raises UnknownThreadError."""
        return [
            Answer.model_validate_json(m.answer).model_copy(update={"thread": thread})
            for m in self.store.messages(thread, owner)
        ]

    def rebuild_index(self, progress: Any = None) -> None:
        """Fill a new Chroma generation now and switch to it. Raises ChromaIndexError."""
        self._use_chroma(rebuild=True, progress=progress)

    def _run(self, state: State) -> Iterator[State]:
        """What each step of the graph adds, in order."""
        if self._graph is None:
            yield from self.pipeline.run(state)
            return
        for update in self._graph.stream(state, stream_mode="updates"):
            yield from update.values()

    def _earlier(self, thread: str | None, owner: str, create: bool) -> list[Answer]:
        if thread is None:
            return []
        if create and not any(t.id == thread for t in self.store.threads(owner)):
            return []
        return self.thread(thread, owner=owner)[-_MEMORY:]

    def _events(self, step: State) -> Iterator[Event]:
        if "reading" in step:
            yield Event("understood", step["reading"].understanding)
        if "found" in step:
            transcript = self.debate.transcript
            yield Event(
                "retrieved",
                tuple(
                    Evidence(
                        sentence_id=h.id,
                        speaker=transcript.speaker_of(transcript.sentence(h.id).turn_id).name,
                        score=h.score,
                        rank=h.rank,
                        lexical=h.lexical,
                        dense=h.dense,
                    )
                    for h in step["found"].hits[:8]
                ),
            )
        if "grounded" in step:
            grounded = step["grounded"]
            for claim in grounded.claims:
                yield Event("claim", GroundedClaim(claim, tuple(grounded.quotes[n] for n in claim.quotes)))

    def _start_chroma(self) -> None:
        self.index_state = "building"

        def build() -> None:
            try:
                self._use_chroma()
            except ChromaIndexError as error:
                self.index_state = f"exact scan ({error})"

        self._background = threading.Thread(target=build, name="chroma", daemon=True)
        self._background.start()

    def _use_chroma(self, rebuild: bool = False, progress: Any = None) -> None:
        index = self.index
        index.dense = open_chroma(
            self.store, index.passages, index.vectors, index.encoder, rebuild=rebuild, progress=progress
        )
        self.index_state = "chroma"


def check_question(question: str) -> str:
    """The question without surrounding white space. Raises QuestionError when it cannot be asked."""
    question = question.strip()
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question is empty; ask something, for example: Rob 怎么看 GPU 折旧?")
    if len(question) > MAX_QUESTION:
        raise QuestionError(f"The question has {len(question):,} characters; ask in at most {MAX_QUESTION:,}.")
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("The question is not valid text (it holds half a character); type it again.")
    return question
