"""Transcript and notes → what is indexed. No passage crosses a turn."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.annotations import Annotations
from corpus.quotes import sentence_times, spoken_words
from corpus.types import Sentence, Transcript, Turn
from index.types import Passage

FINDABLE = ("title", "lead", "highlight")


def make_passages(transcript: Transcript, notes: Annotations, window: int = 3) -> tuple[Passage, ...]:
    """Everything to be indexed, in order: sentences, what was asked, windows, glosses, questions, editorial pieces.

    Args:
        window: how many adjacent sentences of a turn make a window passage; windows overlap by all but one.
    """
    made: list[Passage] = []
    times = dict(zip((s.id for s in transcript.sentences), sentence_times(transcript), strict=True))
    for turn in transcript.turns:
        sentences = transcript.sentences_of(turn.id)
        for sentence in sentences:
            made.append(_passage("text", turn, (sentence,), sentence.text, times))
            gloss = notes.note(sentence.id).gloss
            if gloss:
                made.append(_passage("gloss", turn, (sentence,), gloss, times))
        asked = _question_before(transcript, turn)
        if asked and sentences:
            made.append(_passage("asked", turn, sentences, asked, times))
        for start in range(len(sentences) - window + 1 if len(sentences) > window else bool(len(sentences) > 1)):
            run = sentences[start : start + window]
            made.append(_passage("window", turn, run, spoken_words(transcript, run), times))
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


def _question_before(transcript: Transcript, turn: Turn) -> str:
    """What this turn was asked: the last turn before it, of somebody else and in its section, that asks something."""
    for number in range(turn.number - 2, max(-1, turn.number - 6), -1):
        before = transcript.turns[number]
        if before.section != turn.section:
            return ""
        if before.speaker_id == turn.speaker_id:
            continue
        asking = [s.text for s in transcript.sentences_of(before.id) if s.text.endswith(("?", "？", "?”", "？”"))]
        if asking:
            return " ".join(asking)
    return ""


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
