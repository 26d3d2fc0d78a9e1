"""Found sentences → the ones that answer, and how sure we are. Pure.

Near is not enough: a sentence is kept when it scores close to the best one, at most a few a question, fewer for
questions that have one answer. ``confidence`` is a logistic model of the features below, fitted on questions whose
answers are known (``evals.calibrate``).
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from assistant.answer_types import asked_detail, holds_detail
from assistant.types import Intent
from corpus.annotations import Annotations
from corpus.types import Frozen, Transcript
from index.search import Legs, PassageIndex
from index.types import Hit

_NUMBER = re.compile(r"\d|[一二三四五六七八九十百千万亿两半几]+[个倍年成万亿]")


class Policy(Frozen):
    """How much is said. Decided by measurement on the development split."""

    keep: float = Field(default=0.72, description="A sentence is kept from this share of the best score on.")
    keep_each: float = Field(default=0.55, description="The same within one speaker, when several are asked about.")
    most: dict[str, int] = Field(
        default={"position": 3, "who_said": 2, "figure": 2, "host_question": 3, "comparison": 2, "overview": 2},
        description="Most sentences: in all, or of each speaker for comparison and overview.",
    )
    answer_from: float = Field(default=0.5, description="Abstain below this confidence.")
    silence: float = Field(default=0.6, description="A speaker below this share of the others' best score is silent.")


class Confidence(Frozen):
    """A fitted logistic model: P(answered) = 1 / (1 + e^−(bias + Σ weight·feature))."""

    bias: float
    weights: dict[str, float]

    def of(self, features: dict[str, float]) -> float:
        """Probability that the best sentences answer the question."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=1)
def shipped_confidence() -> Confidence:
    """The fitted model that ships."""
    return Confidence.model_validate_json((Path(__file__).parent / "confidence.json").read_text(encoding="utf-8"))


class Retrieval(NamedTuple):
    """What was found for a reading."""

    hits: list[Hit]  # under the speaker filter, best first
    everybody: list[Hit]  # without it, best first
    legs: Legs  # under the filter
    open_legs: Legs  # without it


def features(index: PassageIndex, found: Retrieval, question: str) -> dict[str, float]:
    """What tells an answered question from one that is not; each about 0 to 1.

    Ranks say nothing here (something is always first), so these are cosines, shares and ratios.
    """
    legs, hits = found.legs, found.hits
    if not hits:
        return {"nothing": 1.0}
    best = {name: float(scores[legs.allowed].max(initial=0.0)) for name, scores in legs.scores.items()}
    whole = {name: float(scores[found.open_legs.allowed].max(initial=0.0)) for name, scores in found.open_legs.scores.items()}
    top = index.row(hits[0].id)
    agreeing = [name for name, score in best.items() if score and float(legs.scores[name][top]) >= 0.9 * score]
    words = [t for t in legs.terms if len(t) > 1]
    unseen = [t for t in words if not index.knows(t)]
    characters = [t for t in legs.terms if len(t) == 1 and t >= "\u3400"]
    detail = asked_detail(question)
    texts = [index.transcript.sentence(h.id).text + " " + index.notes.note(h.id).gloss for h in hits[:3]]
    topics = topics_of(found.everybody, index.notes)[:2]
    own_topics = set(topics_of(hits, index.notes)[:3])

    def ratio(name: str) -> float:
        return best.get(name, 0.0) / whole[name] if whole.get(name) else 1.0

    filtered = found.legs is not found.open_legs
    return {
        "question": best.get("dense:question", 0.0),
        "text": best.get("dense:text", 0.0),
        "gloss": best.get("dense:gloss", 0.0),
        "question_top": float(legs.scores["dense:question"][top]) if "dense:question" in legs.scores else 0.0,
        "coverage": float(legs.coverage[legs.allowed].max(initial=0.0)),
        "coverage_top": hits[0].lexical,
        "agreement": len(agreeing) / max(1, len(best)),
        "score": hits[0].score,
        "unseen_latin": 1.0 if any(t.isascii() and not t[0].isdigit() for t in unseen) else 0.0,
        "unseen_share": len(unseen) / (len(words) or 1),
        "unseen_han": sum(1 for t in characters if not index.knows(t)) / (len(characters) or 1),
        "no_detail": float(detail is not None and not any(holds_detail(t, detail) for t in texts)),
        "asks_detail": float(detail is not None),
        "filtered": float(filtered),
        "ratio_question": ratio("dense:question"),
        "ratio_text": ratio("dense:text"),
        "ratio_lexical": ratio("lexical:question"),
        "ratio_turn": ratio("lexical:turn"),
        "off_topic": float(filtered and bool(topics) and not own_topics & set(topics[:1])),
        "left_open": legs.nearest_open[0] if legs.nearest_open else 0.0,
        "left_open_margin": (legs.nearest_answered[0] - legs.nearest_open[0]) if legs.nearest_open else 0.0,
        "left_open_share": _share_of_nearest(legs.nearest_open, legs.nearest_answered),
        "left_open_lexical": legs.lexical_open,
        "strangest": 1.0 - min(legs.familiarity, default=1.0),
        "strange": 1.0 - sum(legs.familiarity) / len(legs.familiarity) if legs.familiarity else 0.0,
        "short": float(len(legs.terms) <= 3),
    }


def _share_of_nearest(these: Sequence[float], those: Sequence[float], k: int = 8) -> float:
    """Share of the k nearest of both lists together that stand in the first; 0 when that is empty."""
    merged = sorted([(c, 1) for c in these] + [(c, 0) for c in those], reverse=True)[:k]
    return sum(mark for _, mark in merged) / len(merged) if merged else 0.0


def boosted(hits: Sequence[Hit], intent: Intent, transcript: Transcript, notes: Annotations) -> list[Hit]:
    """Hits re-ranked for what the intent wants: figures hold numbers, host's questions ask, positions are not questions."""

    def weight(hit: Hit) -> float:
        sentence, note = transcript.sentence(hit.id), notes.note(hit.id)
        host = transcript.speaker_of(sentence.turn_id).is_host
        asks = note.mode == "asks" or sentence.text.endswith(("?", "？"))
        if intent == "host_question":
            return 1.15 if asks else 1.0
        weight = 0.8 if asks else 1.0
        if host and intent in ("position", "comparison", "overview"):
            weight *= 0.85
        if intent == "figure" and _NUMBER.search(sentence.text):
            weight *= 1.15
        return weight

    scored = sorted(((h.score * weight(h), -h.rank, h) for h in hits), key=lambda t: (-t[0], -t[1]))
    return [h.model_copy(update={"score": min(1.0, s), "rank": r}) for r, (s, _, h) in enumerate(scored, start=1)]


def select(hits: Sequence[Hit], most: int, keep: float) -> list[Hit]:
    """The best hit and those that come close to it, at most ``most``."""
    if not hits:
        return []
    floor = hits[0].score * keep
    return [h for h in hits[:most] if h.score >= floor]


def by_speaker(hits: Iterable[Hit], transcript: Transcript) -> dict[str, list[Hit]]:
    """Speaker id → that speaker's hits, best first, speakers in order of their best hit."""
    grouped: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        grouped[transcript.speaker_of(transcript.sentence(hit.id).turn_id).id].append(hit)
    return dict(grouped)


def topics_of(hits: Sequence[Hit], notes: Annotations, most: int = 8) -> list[str]:
    """The topics that the best hits are filed under, heaviest first."""
    weights: dict[str, float] = defaultdict(float)
    for hit in hits[:most]:
        topics = notes.note(hit.id).topics
        for topic in topics:
            weights[topic] += hit.score / len(topics)
    return sorted(weights, key=lambda t: -weights[t])
