"""What a debate speaks of: noted topics, or clusters of sentences that are spoken near each other in meaning.

A derived topic has a label of its most telling words and knows its sentences; it has no proposition, and nobody takes a
side on it. Pure but for scikit-learn, which is imported where a debate without notes is first summed up.

Sources: Grootendorst, "BERTopic" (class-based TF-IDF), 2022; Carbonell & Goldstein, "The Use of MMR", SIGIR 1998.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from corpus.annotations import Annotations, Language
from corpus.annotations import Topic as NotedTopic
from corpus.types import Transcript
from index.tokens import content_words

_PER_TOPIC = 14  # sentences of a derived topic, about
_FEWEST, _MOST = 2, 10  # derived topics
_LABEL = 3  # words of a derived label
_DIVERSITY = 0.35  # how much a passage that says the same counts against it
_SHORT, _LONG = 40, 320  # characters of a sentence that can stand for others


class Topic(NamedTuple):
    """A subject and the sentences filed under it, in order of speech."""

    id: str
    zh: str
    en: str
    sentences: tuple[str, ...]
    noted: bool
    proposition_zh: str = ""
    proposition_en: str = ""

    def name(self, language: Language) -> str:
        """What it is called."""
        return self.zh if language == "zh" else self.en

    def proposition(self, language: Language) -> str:
        """What stances on it are about; empty for a derived topic."""
        return self.proposition_zh if language == "zh" else self.proposition_en


def noted_topics(transcript: Transcript, notes: Annotations) -> tuple[Topic, ...]:
    """The topics that the notes tell, in the order in which they first come up."""
    filed: dict[str, list[str]] = {topic.id: [] for topic in notes.topics}
    for sentence in transcript.sentences:
        for topic in notes.note(sentence.id).topics:
            filed[topic].append(sentence.id)
    made = [_noted(topic, tuple(filed[topic.id])) for topic in notes.topics if filed[topic.id]]
    return tuple(sorted(made, key=lambda topic: transcript.position(topic.sentences[0])))


def _noted(topic: NotedTopic, sentences: tuple[str, ...]) -> Topic:
    return Topic(topic.id, topic.zh, topic.en, sentences, True, topic.proposition_zh, topic.proposition_en)


def derived_topics(
    transcript: Transcript, vectors: NDArray[np.float32], wanted: int | None = None
) -> tuple[Topic, ...]:
    """Clusters of the sentences that say something, in the order in which they first come up.

    Args:
        vectors: unit rows of the sentences, shape (n_sentences, dimension).
        wanted: how many; by the length of the debate when left out, fewer where it has not as many sentences.
    """
    kept = [at for at, sentence in enumerate(transcript.sentences) if is_telling(sentence.text)]
    if not kept:
        return ()
    count = max(1, min(wanted or min(_MOST, max(_FEWEST, round(len(kept) / _PER_TOPIC))), len(kept)))
    labels = _clusters(_in_context(vectors)[kept], count)
    groups: dict[int, list[int]] = {}
    for at, label in zip(kept, labels, strict=True):
        groups.setdefault(label, []).append(at)
    ordered = sorted(groups.values())
    words = [_words(transcript, rows) for rows in ordered]
    named = [_label(held, words) for held in words]
    return tuple(
        Topic(f"d{n}", "、".join(name), ", ".join(name), tuple(transcript.sentences[at].id for at in rows), False)
        for n, (rows, name) in enumerate(zip(ordered, named, strict=True), start=1)
    )


def is_telling(text: str) -> bool:
    """Whether a sentence says something by itself: no question, more than a word or two."""
    letters = sum(2 if "\u3400" <= c <= "\u9fff" else 1 for c in text if c.isalnum())
    return letters >= _SHORT / 2 and not text.endswith(("?", "？"))


def representative(rows: Sequence[int], vectors: NDArray[np.float32], transcript: Transcript, most: int) -> list[int]:
    """The rows that stand best for all of them and repeat each other least, best first (maximal marginal relevance)."""
    if not rows:
        return []
    own = vectors[list(rows)]
    centre = own.mean(axis=0)
    likeness = own @ (centre / max(float(np.linalg.norm(centre)), 1e-9))
    likeness = likeness * np.array([_fullness(transcript.sentences[at].text) for at in rows])
    between = own @ own.T
    chosen: list[int] = []
    while len(chosen) < min(most, len(rows)):
        repeats = between[:, chosen].max(axis=1) if chosen else np.zeros(len(rows))
        value = (1 - _DIVERSITY) * likeness - _DIVERSITY * repeats
        value[chosen] = -np.inf
        chosen.append(int(value.argmax()))
    return [rows[at] for at in chosen]


def _fullness(text: str) -> float:
    """How much of a statement a sentence's length lets one expect, 0 to 1; very long ones count a little less."""
    length = sum(2 if "\u3400" <= c <= "\u9fff" else 1 for c in text)
    return min(1.0, length / (2 * _SHORT)) * (1.0 if length <= _LONG else 0.9)


def _in_context(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row with half of its neighbours', as unit rows: what is spoken together belongs together."""
    around = vectors.copy()
    around[1:] += 0.5 * vectors[:-1]
    around[:-1] += 0.5 * vectors[1:]
    unit: NDArray[np.float32] = around / np.maximum(np.linalg.norm(around, axis=1, keepdims=True), 1e-9)
    return unit


def _clusters(vectors: NDArray[np.float32], count: int) -> list[int]:
    from sklearn.cluster import KMeans

    return [int(label) for label in KMeans(count, n_init=4, random_state=0).fit_predict(vectors)]


def _words(transcript: Transcript, rows: Sequence[int]) -> Counter[str]:
    names = {word for speaker in transcript.speakers for word in content_words(f"{speaker.name} {speaker.role}")}
    held: Counter[str] = Counter()
    for at in rows:
        held.update(w for w in content_words(transcript.sentences[at].text) if w not in names and not w[0].isdigit())
    return held


def _label(held: Counter[str], every: Sequence[Counter[str]]) -> list[str]:
    """The words that tell a cluster from the others: class-based TF-IDF."""
    total = sum(every, Counter[str]())
    average = total.total() / len(every)
    weights = {word: times * math.log(1 + average / total[word]) for word, times in held.items() if times > 1}
    return sorted(weights, key=lambda word: (-weights[word], word))[:_LABEL] or list(held)[:1]
