"""Fit the weights: of the fusion's legs and of the confidence model.

    python -m evals fit --only weights          # writes index/fusion.json and assistant/confidence.json

Deterministic: the same questions, notes and encoder give the same numbers. Four aims, each fitted on what it is
for: "annotated", our debate with its notes, on its calibration questions and conversations and the development split of
the cases, never the test split; "plain" and "instant", debates that nobody annotated, on written ones that are not
sealed; "turns", finding turns in meetings, on meetings. Neither the written debates nor the meetings are about our
subject, and our debate takes no part in the last three.
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
from assistant.embedded import EmbeddedAnswerer
from assistant.graph import Pipeline, State
from assistant.selection import Confidence, features
from assistant.types import Answer
from corpus.library import open_debate
from corpus.types import Transcript
from evals.meetings import Meeting, known_meetings
from evals.retrieve import MeetingIndex, product_indexer
from evals.written import Written, all_written
from index.encoder import open_encoder, static_encoder
from index.search import Legs, PassageIndex
from index.types import Encoder

CALIBRATION = Path(__file__).parent.parent / "calibration" / "questions.jsonl"
CONVERSATIONS = Path(__file__).parent.parent / "calibration" / "conversations.jsonl"
CASES = Path(__file__).parent.parent / "cases"
FUSION = Path(assistant.__file__).parent.parent / "index" / "fusion.json"
CONFIDENCE = Path(assistant.__file__).parent / "confidence.json"
# What is weighed at all (`python -m evals ablation` says what each is worth).
_PLAIN = ("dense:text", "dense:window", "dense:wide", "dense:asked", "lexical:wide", "words:text")
# With readers' questions noted, glosses and words meeting words add nothing.
_NOTED = ("dense:text", "dense:window", "dense:question", "lexical:question", "lexical:turn", "lexical:wide")
_PRIORS = ("prior:asks", "prior:host", "prior:length")
_TURN_LEGS = (*_PLAIN, "context")
# Which way a feature may point, so that questions unlike any that were fitted to are not misjudged: what is found near
# cannot speak against an answer, and what is strange cannot speak for one.
_SIGNS: dict[str, tuple[float | None, float | None]] = {
    **dict.fromkeys(
        ("question", "question_top", "text", "gloss", "coverage", "coverage_top", "agreement", "score"), (0.0, None)
    ),
    **dict.fromkeys(("peak_text", "peak_window", "peak_wide", "peak_words", "peak_lexical"), (0.0, None)),
    **dict.fromkeys(
        ("unseen_latin", "unseen_share", "unseen_han", "strange", "strangest", "astray", "most_astray"), (None, 0.0)
    ),
    **dict.fromkeys(
        ("far", "unknown_name", "outsider", "no_detail", "other_numbers", "silent", "off_topic"), (None, 0.0)
    ),
    **dict.fromkeys(("left_open", "left_open_share", "left_open_lexical"), (None, 0.0)),
}
_BEST = 3  # an answer further down is found by luck
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


class Asked(NamedTuple):
    """Questions of one debate, understood and searched."""

    searched: PassageIndex
    seen: list[Seen]


def fit_fusion(asked: Iterable[Asked], names: Sequence[str], ridge: float = 1e-3) -> dict[str, float]:
    """Weights that make the answering sentences likeliest (listwise softmax, maximum likelihood, small ridge).

    Args:
        names: the legs to weigh.
    """
    rows: list[tuple[Floats, NDArray[np.bool_]]] = []
    for index, seen in asked:
        for known, state in seen:
            if not known.sentences or known.kind in ("comparison", "overview"):
                continue
            legs: Legs = state["found"].legs
            matrix = _standings(index, legs, names)
            right = np.array([unit in known.sentences for unit in index.units])
            if right[legs.allowed].any():
                rows.append((matrix[legs.allowed], right[legs.allowed]))
    return _likeliest(rows, names, ridge)


def _standings(index: PassageIndex, legs: Legs, names: Sequence[str]) -> Floats:
    """What the fusion weighs: a column a leg, shape (n_units, n_names)."""
    columns = [
        index.priors[name] if name in index.priors
        else index.standing(legs, name) if name in legs.scores
        else np.zeros(len(index.units))
        for name in names
    ]  # fmt: skip
    return np.stack(columns, axis=1).astype(np.float64)


def fit_turns(meetings: Iterable[tuple[Meeting, MeetingIndex]], ridge: float = 1e-3) -> dict[str, float]:
    """Weights that make the sentences of the answering turns likeliest."""
    rows: list[tuple[Floats, NDArray[np.bool_]]] = []
    names = list(_TURN_LEGS)
    for meeting, searched in meetings:
        index = searched.index
        turn = np.array([index.transcript.turn(s.turn_id).number - 1 for s in index.transcript.sentences])
        for asked in meeting.asked:
            right = np.isin(turn, list(asked.turns))
            if right.any():
                legs = searched.legs(asked.query)
                rows.append((_standings(index, legs, names)[: len(turn)], right))
    return _likeliest(rows, names, ridge)


def _likeliest(
    rows: Sequence[tuple[Floats, NDArray[np.bool_]]], names: Sequence[str], ridge: float
) -> dict[str, float]:
    """Weights under which the right rows have the most probability (listwise softmax); only priors may be negative."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        total, gradient = 0.0, np.zeros_like(weights)
        for matrix, right in rows:
            logits = matrix @ weights
            odds = np.exp(logits - logits.max())
            everywhere, on_right = odds / odds.sum(), odds * right / (odds * right).sum()
            total -= np.log((odds * right).sum() / odds.sum())
            gradient -= matrix.T @ (on_right - everywhere)
        return total / len(rows) + ridge * float(weights @ weights), gradient / len(rows) + 2 * ridge * weights

    bounds = [(None, None) if name in _PRIORS else (0.0, None) for name in names]
    fitted = minimize(loss, np.ones(len(names)), jac=True, method="L-BFGS-B", bounds=bounds)
    return {name: round(float(weight), 3) for name, weight in zip(names, fitted.x, strict=True)}


class Example(NamedTuple):
    """What the confidence model learns from."""

    features: dict[str, float]
    answered: bool


def examples(asked: Iterable[Asked], within: int | None = None) -> Iterator[Example]:
    """Every question as it was found, and whether it is answered.

    Args:
        within: an answer counts only if it is among so many best finds; wherever it is, when left out.
    """
    for index, seen in asked:
        for known, state in seen:
            found = features(index, state["found"], state["reading"])
            best = {hit.id for hit in state["found"].hits[:within]} if within else known.sentences
            yield Example(found, bool(known.sentences & best))


def fit_confidence(known: Iterable[Example], without: Container[str] = (), ridge: float = 4e-3) -> dict[str, Any]:
    """A logistic model of "is answered" over ``assistant.selection.features``, standardised while it is fitted.

    Args:
        without: features to leave out.
    """
    table, answered = zip(*known, strict=True)
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


def written_questions(debate: Written, transcript: Transcript) -> list[Known]:
    """A written debate's questions with the ids that the product gives their sentences."""
    known = []
    for asked in debate.asked:
        found: set[str] = set()
        if asked.kind not in ("miss", "open"):
            for identifier in asked.sentences:
                who = debate.turns[int(identifier[1:].split(".")[0]) - 1][0]
                found |= set(_covering(transcript, who, debate.sentence(identifier)))
        known.append(Known(asked.question, asked.kind, frozenset(found)))
    return known


def foreign_questions(debate: Written, other: Written, most: int = 10) -> list[Known]:
    """Questions that another debate answers, and this one does not; none that names who speaks there."""
    names = {word for name, _, _ in other.speakers for word in name.casefold().split()}
    asked = [a.question for a in other.asked if a.kind not in ("miss", "open")]
    unnamed = [q for q in asked if not any(name in q.casefold() for name in names)]
    return [Known(question, "foreign", frozenset()) for question in unnamed[:most]]


def written_indexes(encoder: Encoder) -> Iterator[Asked]:
    """Written debates but those that are sealed or looked at, searched for their questions and some of another one.

    Questions that were written to have no answer are left out: their wording betrays them (n-grams of the question
    alone tell them from the others, AUROC .87), and whatever is fitted on them learns that.
    """
    debates = [debate for debate in all_written() if not (debate.sealed or debate.looked_at)]
    for debate, other in zip(debates, debates[1:] + debates[:1], strict=True):
        transcript = debate.transcript()
        made = PassageIndex.in_memory(transcript, encoder=encoder)
        own = [known for known in written_questions(debate, transcript) if known.sentences]
        yield Asked(made, see(Pipeline(made), own + foreign_questions(debate, other)))


def tune_written(encoder: Encoder) -> tuple[dict[str, float], dict[str, Any]]:
    """Fusion and confidence for debates without notes, on written debates but those that are looked at."""
    asked = list(written_indexes(encoder))
    weights = fit_fusion(asked, (*_PLAIN, *_PRIORS)) | {"context": 2.5}
    for index, _ in asked:
        index.weights = dict(weights)
    again = [Asked(index, see(Pipeline(index), [known for known, _ in seen])) for index, seen in asked]
    return weights, fit_confidence(examples(again, within=_BEST))


def tune_ours() -> tuple[dict[str, float], dict[str, Any]]:
    """Fusion and confidence for our debate with its notes."""
    debate = open_debate()
    questions = known_questions(debate.transcript)
    made = PassageIndex.in_memory(debate.transcript, debate.notes, static_encoder())
    pipeline = Pipeline(made)
    # What is carried over from a conversation: by judgement, as no standalone question has it.
    weights = fit_fusion([Asked(made, see(pipeline, questions))], (*_NOTED, *_PRIORS)) | {"context": 2.5}
    made.weights = dict(weights)
    standing = see(pipeline, questions)
    # Threads are answered by a confidence of their own debate: fitted on single questions first, then on both.
    first = Confidence.model_validate(fit_confidence(examples([Asked(made, standing)])))
    pipeline.rules = pipeline.answerer = EmbeddedAnswerer(made, confidence=first)
    return weights, fit_confidence(examples([Asked(made, standing + see_follow_ups(pipeline))]))


def main() -> int:
    """Fit the weights and print them."""
    print(json.dumps(tune(), indent=1))
    return 0


def tune(aims: Sequence[str] = ("annotated", "instant", "plain", "turns")) -> dict[str, Any]:
    """Fit everything and write it down; returns what was written."""
    fusion = json.loads(FUSION.read_text(encoding="utf-8"))
    confidence = json.loads(CONFIDENCE.read_text(encoding="utf-8"))
    encoder = open_encoder()
    if "annotated" in aims:
        fusion["annotated"], confidence["annotated"] = tune_ours()
    if "instant" in aims:
        fusion["instant"], confidence["instant"] = tune_written(static_encoder())
    if "plain" in aims:
        fusion["plain"], confidence["plain"] = tune_written(encoder)
    if "turns" in aims:
        open_index = product_indexer(fusion["plain"])
        fusion["turns"] = fit_turns([(meeting, open_index(meeting.transcript)) for meeting in known_meetings()])
    FUSION.write_text(json.dumps(fusion, indent=1) + "\n", encoding="utf-8")
    CONFIDENCE.write_text(json.dumps(confidence, indent=1) + "\n", encoding="utf-8")
    return {"fusion": fusion, "confidence": confidence}
