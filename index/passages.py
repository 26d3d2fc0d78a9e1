"""Transcript and notes → what is indexed. No passage crosses a turn."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.annotations import Annotations
from corpus.quotes import sentence_times
from corpus.types import Sentence, Transcript, Turn
from index.types import Passage

FINDABLE = ("title", "lead", "highlight")


def make_passages(transcript: Transcript, notes: Annotations) -> tuple[Passage, ...]:
    """Everything to be indexed, in order: sentences with their glosses, questions, editorial pieces."""
    made: list[Passage] = []
    times = dict(zip((s.id for s in transcript.sentences), sentence_times(transcript), strict=True))
    for turn in transcript.turns:
        sentences = transcript.sentences_of(turn.id)
        for sentence in sentences:
            made.append(_passage("text", turn, (sentence,), sentence.text, times))
            gloss = notes.note(sentence.id).gloss
            if gloss:
                made.append(_passage("gloss", turn, (sentence,), gloss, times))
    for number, question in enumerate(notes.questions):
        turn = transcript.turn(transcript.sentence(question.sentences[0]).turn_id)
        run = tuple(transcript.sentence(i) for i in question.sentences)
        made.append(_passage("question", turn, run, question.text, times, f"|{number}"))
    for number, text in enumerate(notes.unanswered):
        made.append(
            Passage(id=f"open|{number}", view="unanswered", kind="speech", sentence_ids=(), embedding_text=text)
        )
    for piece in transcript.editorials:
        if piece.kind in FINDABLE:
            made.append(
                Passage(
                    id=f"{piece.id}|text",
                    view="text",
                    kind="editorial",
                    sentence_ids=(),
                    editorial_id=piece.id,
                    embedding_text=piece.text,
                )
            )
    return tuple(made)


def _passage(
    view: str, turn: Turn, run: tuple[Sentence, ...], text: str, times: Mapping[str, float | None], suffix: str = ""
) -> Passage:
    last = f"-{run[-1].number}" if len(run) > 1 else ""
    return Passage.model_validate(
        {
            "id": f"{run[0].id}{last}|{view}{suffix}",
            "view": view,
            "kind": "speech",
            "sentence_ids": tuple(s.id for s in run),
            "turn_id": turn.id,
            "speaker_id": turn.speaker_id,
            "section": turn.section,
            "seconds": times[run[0].id],
            "embedding_text": text,
        }
    )
