"""Found sentences → the ones that answer, and how sure we are. Pure.

Near is not enough: a sentence is kept when it scores close to the best one, at most a few a question, fewer for
questions that have one answer. ``confidence`` is a logistic model of the features below, fitted on questions whose
answers are known (``evals.calibrate``).
"""

from __future__ import annotations

import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from assistant.reading.details import holds, values_in
from assistant.reading.message import without_names
from assistant.reading.read import Reading
from assistant.types import Intent, Sureness
from corpus.annotations import Annotations, SentenceNote
from corpus.normalize import fold_text
from corpus.outsiders import outsiders
from corpus.types import Frozen, Sentence, Transcript
from index.search import Aim, Legs, PassageIndex
from index.tokens import content_words
from index.types import Hit

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.&-]*[A-Za-z0-9]")
_NUMBER = re.compile(r"\d|[一二三四五六七八九十百千万亿两半几]+[个倍年成万亿]")


# What a host's sentence counts as a position, in a turn that asks, and what the question itself does.
_LEADS_UP, _ASKED = 0.35, 0.1
_NEAR = 0.5  # cosine above which nearness says no more about whether a subject is foreign


class Policy(Frozen):
    """How much is said. Decided by measurement on the development split."""

    mass: float = Field(default=0.9, description="Sentences are added until they hold this much of the probability …")
    keep: float = Field(default=0.04, description="… or one is less likely than this share of the best …")
    most: int = Field(default=5, description="… or there are this many.")
    most_each: int = Field(default=3, description="Most sentences of each speaker when several are compared.")
    keep_each: float = Field(
        default=0.02, description="A speaker nobody asked for is heard from this share of the best."
    )
    keep_noted: float = Field(default=0.002, description="… or from this share, if noted to take a stand on the topic.")
    keep_turn: float = Field(default=0.1, description="A host's turn is quoted from this share of the likeliest one.")
    sure_from: float = Field(default=0.7, description="Below, what is found is called the closest, no answer.")
    answer_from: float = Field(default=0.4, description="Abstain below this confidence.")
    certain_from: float = Field(default=0.93, description="From here it is called sure: right in 98 of 100 on record.")
    likely_from: float = Field(default=0.6, description="From here it is called likely, unsure below.")

    def word(self, confidence: float) -> Sureness:
        """How sure we are, in a word."""
        if confidence >= self.certain_from:
            return "sure"
        return "likely" if confidence >= self.likely_from else "unsure"


def policy_for(aim: Aim) -> Policy:
    """How much is said of a debate with notes, or of one that nobody annotated, where finding is less sure."""
    if aim == "annotated":
        return Policy()
    # No confidence tells questions written to miss narrowly from those that are answered: nothing is called sure.
    return Policy(most=3, most_each=2, keep=0.1, answer_from=0.15, sure_from=0.55, certain_from=2.0, likely_from=0.8)


class Confidence(Frozen):
    """A fitted logistic model: P(answered) = 1 / (1 + e^−(bias + Σ weight·feature))."""

    bias: float
    weights: dict[str, float]

    def of(self, features: dict[str, float]) -> float:
        """Probability that the best sentences answer the question."""
        total = self.bias + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@lru_cache(maxsize=4)
def fitted_confidence(aim: Aim) -> Confidence:
    """The model fitted for debates with notes ("annotated"), without ("plain"), or searched quickly ("instant")."""
    fitted = json.loads((Path(__file__).parent / "confidence.json").read_text(encoding="utf-8"))
    return Confidence.model_validate(fitted[aim])


class Retrieval(NamedTuple):
    """What was found for a reading."""

    hits: list[Hit]  # under the speaker filter, best first
    everybody: list[Hit]  # without it, best first
    legs: Legs  # under the filter
    open_legs: Legs  # without it


def features(index: PassageIndex, found: Retrieval, reading: Reading) -> dict[str, float]:
    """What tells an answered question from one that is not; each about 0 to 1.

    Ranks say nothing here (something is always first), so these are cosines, shares and ratios.
    """
    question = reading.understanding.question  # as typed, because capitals tell names
    legs, hits = found.legs, found.hits
    if not hits:
        return {"nothing": 1.0}
    best = {name: float(scores[legs.allowed].max(initial=0.0)) for name, scores in legs.scores.items()}
    anybody = found.open_legs
    whole = {name: float(scores[anybody.allowed].max(initial=0.0)) for name, scores in anybody.scores.items()}
    top = index.row(hits[0].id)
    agreeing = [name for name, score in best.items() if score and float(legs.scores[name][top]) >= 0.9 * score]
    words = [t for t in legs.terms if len(t) > 1]
    unseen = [t for t in words if not index.knows(t)]
    characters = [t for t in legs.terms if len(t) == 1 and t >= "\u3400"]
    texts = [index.transcript.sentence(h.id).text + " " + index.notes.note(h.id).gloss for h in hits[:3]]
    topics = topics_of(found.everybody, index.notes)[:2]
    typed = without_names(question, index.transcript.speakers, fold=False)
    anywhere, here = index.familiarity(legs), index.familiarity(legs, [hit.id for hit in hits[:3]])
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
        **_details(reading, texts),
        "filtered": float(filtered),
        "ratio_question": ratio("dense:question"),
        "ratio_text": ratio("dense:text"),
        "ratio_lexical": ratio("lexical:question"),
        "ratio_turn": ratio("lexical:turn"),
        "off_topic": float(filtered and bool(topics) and not own_topics & set(topics[:1])),
        "silent": float(filtered and bool(topics) and not _stands_on(index, legs, topics[0])),
        **_left_open(legs),
        "strangest": 1.0 - float(anywhere.min(initial=1.0)),
        "strange": 1.0 - float(anywhere.mean()) if len(anywhere) else 0.0,
        "astray": 1.0 - float(here.mean()) if len(here) else 0.0,
        "most_astray": 1.0 - float(here.min(initial=1.0)),
        "unknown_name": float(_has_unknown_name(index, typed)),
        "short": float(len(legs.terms) <= 3),
        "outsider": float(_asks_an_outsider(index, typed)),
        **_standings(index, found),
        "far": max(0.0, _NEAR - max(best.get("dense:text", 0.0), best.get("dense:gloss", 0.0))),
        "broad": float(reading.understanding.intent in ("comparison", "overview")),
    }


def _details(reading: Reading, texts: Sequence[str]) -> dict[str, float]:
    """Whether the best finds hold the detail that is asked for, and the figures that the question names."""
    detail, numbers = reading.detail, values_in(reading.topic)
    return {
        "no_detail": float(not any(holds(text, detail, reading.topic) for text in texts)),
        "asks_detail": float(detail != "none"),
        "asks_name": float(detail == "name"),
        "other_numbers": len(numbers - frozenset().union(*map(values_in, texts))) / (len(numbers) or 1),
    }


def _left_open(legs: Legs) -> dict[str, float]:
    """How near the question comes to those that the debate is known to leave open."""
    nearest, answered = legs.nearest_open, legs.nearest_answered
    return {
        "left_open": nearest[0] if nearest else 0.0,
        "left_open_margin": answered[0] - nearest[0] if nearest else 0.0,
        "left_open_share": _share_of_nearest(nearest, answered),
        "left_open_lexical": legs.lexical_open,
    }


def _standings(index: PassageIndex, found: Retrieval) -> dict[str, float]:
    """How far the best unit stands out in each leg, in tens of deviations: it means the same for any encoder."""
    legs = found.legs
    told = (("peak_text", "dense:text"), ("peak_window", "dense:window"), ("peak_wide", "dense:wide"))
    more = (("peak_words", "words:text"), ("peak_lexical", "lexical:wide"))
    return {
        name: float(index.standing(legs, leg)[legs.allowed].max(initial=0.0)) / 10
        for name, leg in (*told, *more)
        if leg in legs.scores
    }


def _stands_on(index: PassageIndex, legs: Legs, topic: str) -> bool:
    """Whether any speaker that the filter lets through is noted to have spoken on a topic."""
    return any(index.notes.stance(speaker, topic) is not None for speaker in index.speakers_in(legs))


def _asks_an_outsider(index: PassageIndex, question: str) -> bool:
    """Whether a question wants the view of somebody whose name occurs nowhere in the debate or its notes."""
    names = outsiders(question, index.transcript)
    return bool(names) and not any(index.names(word) for word in content_words(names[0]))


def _has_unknown_name(index: PassageIndex, question: str) -> bool:
    """Whether a question holds a Latin name that occurs nowhere, not even misspelt.

    In a Chinese question every Latin word is a name; in an English one capitals tell, except in first place.
    """
    words = list(_LATIN.finditer(question))
    if any("\u3400" <= c <= "\u9fff" for c in question):
        names = [w[0] for w in words if len(w[0]) > 2]
    else:
        names = [
            w[0] for w in words if len(w[0]) > 2 and (w[0][1:] != w[0][1:].lower() or (w.start() and w[0][0].isupper()))
        ]
    return any(
        not index.knows_word(name) and not get_close_matches(fold_text(name), index.latin_words, n=1, cutoff=0.84)
        for name in names
    )


def _share_of_nearest(these: Sequence[float], those: Sequence[float], k: int = 8) -> float:
    """Share of the k nearest of both lists together that stand in the first; 0 when that is empty."""
    merged = sorted([(c, 1) for c in these] + [(c, 0) for c in those], reverse=True)[:k]
    return sum(mark for _, mark in merged) / len(merged) if merged else 0.0


def is_question(sentence: Sentence, note: SentenceNote) -> bool:
    """Whether a sentence asks something."""
    return note.mode == "asks" or sentence.text.endswith(("?", "？"))


def asked_by_hosts(hits: Sequence[Hit], policy: Policy, transcript: Transcript, notes: Annotations) -> list[Hit]:
    """What hosts asked: of the turns that hold most of what was found, the chosen hits and every question.

    A host leads up to a question; the preamble alone is not what they asked, nor is a question of another turn.
    """
    turns: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        turns[transcript.sentence(hit.id).turn_id].append(hit)
    weights = {turn: sum(hit.score for hit in own) for turn, own in turns.items()}
    chosen: list[Hit] = []
    for turn, own in turns.items():
        if weights[turn] >= policy.keep_turn * max(weights.values()):
            said = select(own, policy)
            asked = (hit for hit in own if is_question(transcript.sentence(hit.id), notes.note(hit.id)))
            chosen += [*said, *(hit for hit in asked if hit not in said)]
    return chosen[: policy.most]


def boosted(hits: Sequence[Hit], intent: Intent, transcript: Transcript, notes: Annotations) -> list[Hit]:
    """Hits re-ranked for what the intent wants: figures hold numbers, hosts ask, positions are no questions."""

    def weight(hit: Hit) -> float:
        sentence, note = transcript.sentence(hit.id), notes.note(hit.id)
        host = transcript.speaker_of(sentence.turn_id).is_host
        asks = is_question(sentence, note)
        if intent == "host_question":
            return 1.15 if asks else 1.0
        weight = 0.8 if asks else 1.0
        if host and intent in ("position", "comparison", "overview"):
            # What leads up to a question is no answer to it.
            leads_up = any(is_question(s, notes.note(s.id)) for s in transcript.sentences_of(sentence.turn_id))
            weight *= (_ASKED if asks else _LEADS_UP) if leads_up else 0.85
        if intent == "figure" and _NUMBER.search(sentence.text):
            weight *= 1.15
        return weight

    scored = sorted(((h.score * weight(h), -h.rank, h) for h in hits), key=lambda t: (-t[0], -t[1]))
    return [h._replace(score=min(1.0, s), rank=r) for r, (s, _, h) in enumerate(scored, start=1)]


def select(hits: Sequence[Hit], policy: Policy, most: int | None = None) -> list[Hit]:
    """The hits that answer: as few as hold most of the probability. ``hits`` best first; so is the result."""
    chosen: list[Hit] = []
    wanted = policy.mass * sum(hit.score for hit in hits)
    for hit in hits[: most or policy.most]:
        if chosen and (hit.score < policy.keep * hits[0].score or sum(h.score for h in chosen) >= wanted):
            break
        chosen.append(hit)
    return chosen


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
