"""Fit what is fitted: the fusion's weights and the confidence model.

    python -m evals tune          # writes index/fusion.json and assistant/confidence.json

Learns from the calibration questions and conversations and the development split of the cases; never sees the test
split. Deterministic: the same questions, notes and encoder give the same numbers. Fitted once with the notes on our
debate and once without them ("plain"), because a debate that nobody annotated has fewer legs to stand on; and for
finding turns in meetings ("turns"), on meetings that are not the debate.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

import assistant
import index
from assistant.embedded import EmbeddedAnswerer
from assistant.graph import Pipeline, State
from assistant.selection import Confidence, features
from assistant.types import Answer
from corpus.annotations import Annotations
from corpus.library import open_debate
from corpus.types import Transcript
from evals.meetings import Meeting, known_meetings
from evals.retrieve import MeetingIndex, product_indexer
from index.search import Legs, PassageIndex

CALIBRATION = Path(__file__).parent / "calibration" / "questions.jsonl"
CONVERSATIONS = Path(__file__).parent / "calibration" / "conversations.jsonl"
CASES = Path(__file__).parent / "cases"
FUSION = Path(index.__file__).parent / "fusion.json"
CONFIDENCE = Path(assistant.__file__).parent / "confidence.json"
# Of debates without notes ours is one only, and the encoder knows its words: these weights are by hand, between what
# did well on it and what `python -m evals meetings` favours (reciprocal rank .63 there, against .58 by the weights that
# ours alone would have).
_PLAIN = {
    "dense:asked": 4.0, "dense:near": 2.0, "dense:text": 10.0, "dense:window": 2.0,
    "lexical:near": 1.0, "lexical:text": 0.5, "lexical:turn": 0.5, "words:text": 9.0,
}  # fmt: skip
# With readers' questions noted, words meeting words and the turns beside add nothing (`python -m evals ablation`).
_NOTED = (
    "dense:asked", "dense:gloss", "dense:question", "dense:text", "dense:window",
    "lexical:gloss", "lexical:question", "lexical:text", "lexical:turn",
)  # fmt: skip
_TURN_LEGS = (*_PLAIN, "context")
# Which way a feature may point, so that questions unlike any that were fitted to are not misjudged: what is found near
# cannot speak against an answer, and what is strange cannot speak for one.
_SIGNS: dict[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(
        ("question", "question_top", "text", "gloss", "coverage", "coverage_top", "agreement", "score"), (0.0, None)
    ),
    **dict.fromkeys(
        ("unseen_latin", "unseen_share", "unseen_han", "strange", "strangest", "astray", "most_astray"), (None, 0.0)
    ),
    **dict.fromkeys(
        ("far", "unknown_name", "outsider", "no_detail", "other_numbers", "silent", "off_topic"), (None, 0.0)
    ),
    **dict.fromkeys(("left_open", "left_open_share", "left_open_lexical"), (None, 0.0)),
}
_NOT_SEARCHED = ("small_talk", "out_of_scope", "numeric")

Floats = NDArray[np.float64]


class Known(NamedTuple):
    """A question and the sentences that answer it; none when the debate does not."""

    question: str
    kind: str
    sentences: frozenset[str]


def known_questions(transcript: Transcript) -> list[Known]:
    """The calibration questions and the development cases."""
    return calibration_questions() + development_questions(transcript)


def calibration_questions() -> list[Known]:
    """Questions that were written to be fitted to."""
    known = []
    for row in _rows(CALIBRATION):
        answered = [] if row["unanswerable"] else row["sentences"]
        known.append(Known(row["question"], row["unanswerable"] or row["kind"], frozenset(answered)))
    return known


def development_questions(transcript: Transcript) -> list[Known]:
    """The development split of the cases, conversations by their standalone rewritings."""
    known = []
    for path in sorted(CASES.glob("*.jsonl")):
        for row in _rows(path):
            if row["split"] != "dev":
                continue
            for turn in row.get("turns", [row]):
                if turn.get("kind") == "numeric" or "calculations" in turn:
                    continue
                found = {i for need in turn["gold"] for quote in need["any"] for i in _covering(transcript, **quote)}
                kind = turn.get("unanswerable") or turn.get("kind") or row.get("kind", "")
                known.append(Known(turn.get("rewrite", turn["question"]), kind, frozenset(found)))
    return known


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _covering(transcript: Transcript, speaker: str, quote: str) -> Iterator[str]:
    for turn in transcript.turns:
        if transcript.speaker(turn.speaker_id).name == speaker:
            at = transcript.raw.find(quote, turn.start, turn.end)
            if at >= 0:
                yield from (s.id for s in transcript.sentences_of(turn.id) if s.start < at + len(quote) and at < s.end)


class Seen(NamedTuple):
    """A question after understanding and retrieval."""

    known: Known
    state: State


def see(pipeline: Pipeline, questions: Iterable[Known]) -> list[Seen]:
    """Understand and retrieve every question that is searched for at all."""
    seen = []
    for known in questions:
        state: State = {"question": known.question}
        state.update(pipeline.understand(state))
        if state["reading"].understanding.intent not in _NOT_SEARCHED:
            state.update(pipeline.retrieve(state))
            seen.append(Seen(known, state))
    return seen


def see_follow_ups(pipeline: Pipeline) -> list[Seen]:
    """Every follow-up of the calibration conversations, asked in its thread."""
    seen = []
    for row in _rows(CONVERSATIONS):
        thread: list[Answer] = []
        for turn in row["turns"]:
            state: State = {"question": turn["question"], "thread": tuple(thread)}
            for added in pipeline.run(state):
                state.update(added)
            understood = state["reading"].understanding
            if thread and understood.intent not in _NOT_SEARCHED:
                answered = frozenset(turn["sentences"])
                seen.append(Seen(Known(understood.question, turn["unanswerable"] or turn["kind"], answered), state))
            thread.append(state["answer"])
    return seen


def fit_fusion(
    index: PassageIndex, seen: Iterable[Seen], without: Container[str] = (), ridge: float = 1e-3
) -> dict[str, float]:
    """Weights that make the answering sentences likeliest (listwise softmax, maximum likelihood, small ridge).

    Args:
        without: legs to leave out.
    """
    rows: list[tuple[Floats, NDArray[np.bool_]]] = []
    names: list[str] = []
    for known, state in seen:
        if not known.sentences or known.kind in ("comparison", "overview"):
            continue
        legs: Legs = state["found"].legs
        names = names or [name for name in sorted(legs.scores) if name not in without]
        empty = np.zeros(len(index.units))
        matrix = np.stack([legs.scores.get(name, empty) for name in names], axis=1).astype(np.float64)
        right = np.array([unit in known.sentences for unit in index.units])
        keep = legs.allowed & (matrix > 0).any(axis=1)
        if right[keep].any():
            rows.append((matrix[keep], right[keep]))

    return _likeliest(rows, names, ridge)


def fit_turns(meetings: Iterable[tuple[Meeting, MeetingIndex]], ridge: float = 1e-3) -> dict[str, float]:
    """Weights that make the sentences of the answering turns likeliest."""
    rows: list[tuple[Floats, NDArray[np.bool_]]] = []
    names = list(_TURN_LEGS)
    for meeting, searched in meetings:
        index = searched.index
        turn = np.array([index.transcript.turn(s.turn_id).number - 1 for s in index.transcript.sentences])
        empty = np.zeros(len(index.units))
        for asked in meeting.asked:
            right = np.isin(turn, list(asked.turns))
            if right.any():
                legs = searched.legs(asked.query)
                matrix = np.stack([legs.scores.get(name, empty) for name in names], axis=1).astype(np.float64)
                rows.append((matrix[: len(turn)], right))
    return _likeliest(rows, names, ridge)


def _likeliest(
    rows: Sequence[tuple[Floats, NDArray[np.bool_]]], names: Sequence[str], ridge: float
) -> dict[str, float]:
    """Weights, none below zero, under which the right rows have the most probability (listwise softmax)."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros_like(weights)
        for matrix, right in rows:
            logits = matrix @ weights
            odds = np.exp(logits - logits.max())
            everywhere, on_right = odds / odds.sum(), odds * right / (odds * right).sum()
            total -= np.log((odds * right).sum() / odds.sum())
            gradient -= matrix.T @ (on_right - everywhere)
        return total / len(rows) + ridge * float(weights @ weights), gradient / len(rows) + 2 * ridge * weights

    fitted = minimize(loss, np.ones(len(names)), jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(names))
    return {name: round(float(weight), 3) for name, weight in zip(names, fitted.x, strict=True)}


def fit_confidence(
    index: PassageIndex, seen: Iterable[Seen], without: Container[str] = (), ridge: float = 4e-3
) -> dict[str, Any]:
    """A logistic model of "is answered" over ``assistant.selection.features``, standardised while it is fitted.

    Args:
        without: features to leave out.
    """
    table, answered = [], []
    for known, state in seen:
        table.append(features(index, state["found"], state["reading"].topic, known.question))
        answered.append(bool(known.sentences))
    names = sorted(name for name in {name for row in table for name in row} - {"nothing"} if name not in without)
    raw = np.array([[row.get(name, 0.0) for name in names] for row in table])
    label = np.array(answered, dtype=np.float64)
    mean, scale = raw.mean(axis=0), raw.std(axis=0)
    names = [name for name, width in zip(names, scale, strict=True) if width > 1e-9]
    used = scale > 1e-9
    matrix, mean, scale = (raw[:, used] - mean[used]) / scale[used], mean[used], scale[used]

    def loss(parameters: Floats) -> tuple[float, Floats]:
        bias, weights = parameters[0], parameters[1:]
        logits = matrix @ weights + bias
        wrong = 1 / (1 + np.exp(-logits)) - label
        value = np.mean(np.logaddexp(0, logits) - label * logits) + ridge * float(weights @ weights)
        return float(value), np.concatenate([[wrong.mean()], matrix.T @ wrong / len(label) + 2 * ridge * weights])

    bounds = [(None, None), *((_SIGNS.get(name, (None, None))) for name in names)]
    fitted = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    weights = fitted[1:] / scale
    bias = float(fitted[0] - (weights * mean).sum())
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return {"bias": round(bias, 4), "weights": {**rounded, "nothing": -30.0}}


def tune() -> dict[str, Any]:
    """Fit everything and write it down; returns what was written."""
    debate = open_debate()
    questions = known_questions(debate.transcript)
    fusion: dict[str, Any] = {}
    confidence: dict[str, Any] = {}
    for name, notes in (("annotated", debate.notes), ("plain", Annotations())):
        made = PassageIndex.in_memory(debate.transcript, notes)
        pipeline = Pipeline(made)
        made.weights = dict.fromkeys(_NOTED, 1.0)  # what is weighed at all; what is not costs no time either
        fusion[name] = fit_fusion(made, see(pipeline, questions)) if name == "annotated" else dict(_PLAIN)
        # What is carried over from a conversation: by judgement, as no standalone question has it.
        fusion[name]["context"] = 2.5
        made.weights = dict(fusion[name])
        standing = see(pipeline, questions)
        # Threads are answered by a confidence of their own debate: fitted on single questions first, then on both.
        first = Confidence.model_validate(fit_confidence(made, standing))
        pipeline.rules = pipeline.answerer = EmbeddedAnswerer(made, confidence=first)
        confidence[name] = fit_confidence(made, standing + see_follow_ups(pipeline))
    open_index = product_indexer(_PLAIN)
    fusion["turns"] = fit_turns([(meeting, open_index(meeting.transcript)) for meeting in known_meetings()])
    FUSION.write_text(json.dumps(fusion, indent=1) + "\n", encoding="utf-8")
    CONFIDENCE.write_text(json.dumps(confidence, indent=1) + "\n", encoding="utf-8")
    return {"fusion": fusion, "confidence": confidence}
