"""Notes on a transcript by a chat model: its subjects, each stretch of it, each speaker; checked, resumable.

    annotate(Path("panel.txt"), open_model("openai:gpt-5-mini"))    # writes panel.annotations.json

After every step what is done is put beside the transcript (``<name>.annotations.part.json``), so that a run that was
stopped goes on where it was. Items that do not hold against the words are dropped and counted.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import Field, JsonValue, ValidationError

from assistant.logs import record
from assistant.models import prompts
from assistant.models.annotation_output import (
    NotedBatch,
    NotedStances,
    NotedTopics,
    kept_batch,
    kept_stances,
    kept_topics,
)
from assistant.models.chat import ChatModel
from assistant.models.meter import MAX_OUTPUT, Cancellation, Meter
from assistant.models.output import Wire, function, parse, read, text_of
from assistant.models.trouble import ModelOutputError
from assistant.types import Usage
from corpus.annotations import Annotations, Figure, Question, SentenceNote, Stance, Topic, check_annotations
from corpus.errors import AnnotationError
from corpus.parse import load_transcript
from corpus.types import Frozen, Transcript

_BATCH = 12  # sentences a step; a turn is not split over two unless it is longer
_SECONDS = 90.0  # a step; nobody waits for an answer here
_MOST_SHOWN = 60_000  # characters of the transcript from which the subjects are told

Progress = Callable[[int, int], None]
S = TypeVar("S", bound=Wire)


class AnnotationReport(Frozen):
    """What came of it."""

    path: Path
    sentences: int
    questions: int
    stances: int
    figures: int
    dropped: int = Field(description="Items that did not hold against the words.")
    skipped: int = Field(description="Steps for which the model gave nothing usable; run again to fill them.")
    usage: Usage | None


class _Done(Frozen):
    """What is done so far."""

    sha256: str
    topics: tuple[Topic, ...] = ()
    sentences: dict[str, SentenceNote] = Field(default_factory=dict)
    figures: tuple[Figure, ...] = ()
    questions: tuple[Question, ...] = ()
    stances: tuple[Stance, ...] = ()
    steps: tuple[str, ...] = ()
    dropped: int = 0


def annotate(
    path: Path,
    model: ChatModel,
    *,
    force: bool = False,
    progress: Progress | None = None,
    cancellation: Cancellation | None = None,
) -> AnnotationReport:
    """Write notes on a transcript beside it.

    Args:
        force: replace notes that are there already.
        progress: called with (steps done, steps in all).

    Raises:
        TranscriptParseError: The file is no transcript.
        AnnotationError: There are notes already, or the file cannot be written.
        ModelOutputError: The model cannot be reached any more; what was done is kept.
    """
    transcript = load_transcript(path)
    target, part = path.with_name(f"{path.stem}.annotations.json"), path.with_name(f"{path.stem}.annotations.part.json")
    done = _resumed(part, transcript)
    if target.exists() and not force and not done.steps:
        raise AnnotationError(f"There are notes already in {target.name}; give --force to replace them.")
    return _Run(transcript, model, part, done, progress, cancellation or Cancellation()).to(target)


class _Run:
    """One run over one transcript."""

    def __init__(
        self,
        transcript: Transcript,
        model: ChatModel,
        part: Path,
        done: _Done,
        progress: Progress | None,
        cancellation: Cancellation,
    ) -> None:
        self.transcript, self.model, self.part, self.done = transcript, model, part, done
        self.progress = progress or (lambda done, total: None)
        self.by_tool = model.settings.form != "json"
        # A whole debate, not one question: days, and as much output as its steps may have.
        self.meter = Meter(7 * 86_400.0, sys.maxsize, cancellation, price=model.settings.price)
        self.skipped = 0

    def to(self, target: Path) -> AnnotationReport:
        """Do every step that is not done, then write the notes."""
        batches = list(_batches(self.transcript))
        speakers = [s for s in self.transcript.speakers if not s.is_host]
        total = 1 + len(batches) + len(speakers)
        steps = [("topics", self._topics)]
        steps += [(f"sentences:{ids[0]}-{ids[-1]}", lambda ids=ids: self._batch(ids)) for ids in batches]  # type: ignore[misc]
        steps += [(f"stances:{s.id}", lambda s=s: self._stances(s.id)) for s in speakers]  # type: ignore[misc]
        for number, (name, step) in enumerate(steps):
            self.progress(number, total)
            if name not in self.done.steps:
                try:
                    added = step()
                except ModelOutputError as trouble:
                    if trouble.kind not in ("garbage", "too_long"):
                        raise
                    record("annotation_step_skipped", step=name, kind=trouble.kind)
                    self.skipped += 1
                    continue
                self.done = added.model_copy(update={"steps": (*added.steps, name)})
                _write(self.part, self.done.model_dump(mode="json"))
        self.progress(total, total)
        notes = self._notes()
        check_annotations(notes, self.transcript)
        _write(target, notes.model_dump(mode="json", exclude_defaults=True))
        if not self.skipped:
            self.part.unlink(missing_ok=True)
        return AnnotationReport(
            path=target, sentences=len(notes.sentences), questions=len(notes.questions), stances=len(notes.stances),
            figures=len(notes.figures), dropped=self.done.dropped, skipped=self.skipped, usage=self.meter.usage(),
        )  # fmt: skip

    def _notes(self) -> Annotations:
        done = self.done
        return Annotations(
            transcript_sha256=done.sha256, topics=done.topics, sentences=done.sentences, questions=done.questions,
            stances=done.stances, figures=done.figures,
        )  # fmt: skip

    def _topics(self) -> _Done:
        ids, size = [], 0
        for sentence in self.transcript.sentences:
            size += len(sentence.text)
            if size > _MOST_SHOWN:
                break
            ids.append(sentence.id)
        noted = self._ask(NotedTopics, prompts.TOPICS, ids)
        topics = kept_topics(noted)
        if not topics:
            raise ModelOutputError("garbage")
        return self.done.model_copy(
            update={"topics": topics, "dropped": self.done.dropped + len(noted.topics) - len(topics)}
        )

    def _batch(self, ids: Sequence[str]) -> _Done:
        topics = [t.id for t in self.done.topics]
        noted = self._ask(NotedBatch, prompts.NOTES, ids, topics=", ".join(topics) or "(none)")
        kept = kept_batch(noted, ids, topics, self.transcript)
        return self.done.model_copy(
            update={
                "sentences": self.done.sentences | kept.sentences,
                "figures": (*self.done.figures, *kept.figures),
                "questions": (*self.done.questions, *kept.questions),
                "dropped": self.done.dropped + kept.dropped,
            }
        )

    def _stances(self, speaker_id: str) -> _Done:
        speaker = self.transcript.speaker(speaker_id)
        ids = [s.id for s in self.transcript.sentences if self.transcript.speaker_of(s.turn_id) == speaker]
        listed = "; ".join(f"{t.id} ({t.proposition_en or t.en})" for t in self.done.topics)
        if not listed:
            return self.done
        noted = self._ask(NotedStances, prompts.STANCES, ids, topics=listed, speaker=speaker.name)
        kept = kept_stances(noted, speaker, [t.id for t in self.done.topics], self.transcript)
        dropped = self.done.dropped + len(noted.stances) - len(kept)
        return self.done.model_copy(update={"stances": (*self.done.stances, *kept), "dropped": dropped})

    def _ask(self, shape: type[S], prompt: str, ids: Sequence[str], **words: str) -> S:
        """One step's notes; asked for once more when they are not of the form."""
        from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

        shown = prompts.numbered(self.transcript, ids, Annotations())
        for attempt in range(3):
            form = prompts.NOTING_BY_TOOL
            if not self.by_tool:
                form = prompts.NOTING_BY_TEXT + json.dumps(shape.model_json_schema(), ensure_ascii=False)
            told = prompt.format(form=form, **{name: prompts.plain(text) for name, text in words.items()})
            messages: list[BaseMessage] = [SystemMessage(told), HumanMessage(shown)]
            tools = [function("notes", shape)] if self.by_tool else []
            meter = self.meter.part(_SECONDS, MAX_OUTPUT)
            try:
                message = self.model.ask(messages, meter, tools, purpose="annotate")
                if message.tool_calls:
                    return read(shape, message.tool_calls[0]["args"])
                return parse(shape, text_of(message))
            except ModelOutputError as trouble:
                if trouble.kind == "bad_request" and self.by_tool:
                    self.by_tool = False
                elif trouble.kind != "garbage" or attempt == 2:
                    raise
        raise ModelOutputError("garbage")


def _batches(transcript: Transcript) -> Iterator[list[str]]:
    """Sentence ids in order, whole turns together as far as they fit."""
    batch: list[str] = []
    for turn in transcript.turns:
        ids = [s.id for s in transcript.sentences_of(turn.id)]
        if batch and len(batch) + len(ids) > _BATCH:
            yield batch
            batch = []
        batch += ids
        while len(batch) > _BATCH:
            yield batch[:_BATCH]
            batch = batch[_BATCH:]
    if batch:
        yield batch


def _resumed(part: Path, transcript: Transcript) -> _Done:
    """What an earlier run did; nothing when it was about another version of the file."""
    try:
        done = _Done.model_validate_json(part.read_text(encoding="utf-8"))
    except (OSError, ValidationError, ValueError):
        done = _Done(sha256="")
    return done if done.sha256 == transcript.sha256 else _Done(sha256=transcript.sha256)


def _write(path: Path, value: JsonValue) -> None:
    """All or nothing: what is there is replaced in one step."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise AnnotationError(f"Cannot write {path} ({error.strerror}); see that its folder can be written.") from error
