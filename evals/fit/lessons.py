"""Written debates → what the reader learns from: pairs of a question (or claim) and a passage, with what they are to each other.

For each question its golds are answers; near misses named by the writer, the sentences that look closest, and a few from
anywhere are not. Claims go with the sentences they are about, and with those alone. Sealed debates are never used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from evals.written import Asked, Written
from index.types import Vectors

ANSWERS, SUPPORTS = 0, 1  # the reader's heads
HARD, ANYWHERE = 5, 1  # passages a question that do not answer it: those that look closest, and others

Embed = Callable[[Sequence[str], bool], Vectors]  # (texts, whether they are questions) → unit rows


class Lesson(NamedTuple):
    """One pair and its label, 0 to 1."""

    head: int
    question: str
    passage: str
    label: float
    weight: float = 1.0


def passage_text(speaker: str, before: str, sentence: str, after: str) -> str:
    """What the reader sees of a sentence: who says it and what stands beside it; the sentence between marks."""
    return f"{speaker}: {before[-60:]} « {sentence} » {after[:60]}"


def lessons_of(debate: Written, embed: Embed, rng: random.Random) -> list[Lesson]:
    """The lessons of one debate, in order."""
    ids, texts, passages = _sentences(debate)
    place = {identifier: at for at, identifier in enumerate(ids)}
    near = embed([a.question for a in debate.asked], True) @ embed(texts, False).T
    lessons: list[Lesson] = []
    for asked, scores in zip(debate.asked, near, strict=True):
        lessons += _of_question(asked, scores, place, passages, rng)
    for claim in debate.claimed:
        quoted = " ".join(debate.sentence(i) for i in claim.sentences)
        holds = float(claim.kind == "faithful")
        lessons.append(Lesson(SUPPORTS, claim.claim, f"{claim.speaker}: « {quoted} »", holds, 1.0))
    return lessons


def _sentences(debate: Written) -> tuple[list[str], list[str], list[str]]:
    ids, texts, passages = [], [], []
    for number, (speaker, said) in enumerate(debate.turns, start=1):
        for at, sentence in enumerate(said):
            before = said[at - 1] if at else ""
            after = said[at + 1] if at + 1 < len(said) else ""
            ids.append(f"t{number}.{at + 1}")
            texts.append(sentence)
            passages.append(passage_text(speaker, before, sentence, after))
    return ids, texts, passages


def _of_question(
    asked: Asked, scores: Vectors, place: dict[str, int], passages: Sequence[str], rng: random.Random
) -> list[Lesson]:
    golds = [place[i] for i in asked.sentences] if asked.kind not in ("miss", "open") else []
    lessons = [Lesson(ANSWERS, asked.question, passages[at], 1.0, 2.0) for at in golds]
    wrong = [place[i] for i in asked.sentences] if asked.kind == "miss" else []
    beside = {at + step for at in golds for step in (-1, 1)}  # may well be part of the answer: not taught as wrong
    order = [int(at) for at in np.argsort(-scores) if at not in golds and at not in wrong and at not in beside]
    wrong += order[:HARD]
    wrong += rng.sample(order[HARD:], min(ANYWHERE, len(order[HARD:])))
    lessons += [Lesson(ANSWERS, asked.question, passages[at], 0.0, 2.0 if n < 2 else 1.0) for n, at in enumerate(wrong)]
    return lessons
