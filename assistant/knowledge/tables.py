"""Everything that an answer about one debate is derived from, in one place.

tables = Tables(index)
tables.topic_of(hits)          # (Topic, share of what was found that is filed under it)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.knowledge.exchanges import Reply, replies
from assistant.knowledge.kept import kept
from assistant.knowledge.topics import Topic, derived_topics, noted_topics, representative
from corpus.annotations import Stance
from corpus.store import Store
from corpus.types import Speaker
from index.search import PassageIndex
from index.types import Hit

_READ = 8  # hits that tell a topic
_NEAR = 12  # hits among which nobody can be called silent …
_TRACE, _TRACE_UNNOTED = 0.02, 0.3  # … that score this share of the best; without notes likelihoods are flatter


class Tables:
    """The tables of one debate. Built when first asked for; nothing in them is written by a model."""

    def __init__(self, index: PassageIndex, store: Store | None = None) -> None:
        self.index, self.store = index, store
        self.transcript, self.notes = index.transcript, index.notes
        self.noted = bool(index.notes.topics)
        self.guests = tuple(s for s in index.transcript.speakers if not s.is_host and s.is_known)

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """Noted topics, else derived ones, in the order in which they first come up."""
        if self.noted:
            return noted_topics(self.transcript, self.notes)
        return self._derived(None)

    @cached_property
    def propositions(self) -> tuple[tuple[Topic, ...], NDArray[np.float32]]:
        """Topics with a proposition; unit rows of their propositions and names, shape (n_topics, 4, dimension)."""
        kept = tuple(t for t in self.topics if t.proposition_zh or t.proposition_en)
        texts = [x or t.id for t in kept for x in (t.proposition_zh, t.proposition_en, t.zh, t.en)]
        if not kept:
            return kept, np.zeros((0, 4, 1), dtype=np.float32)
        return kept, self.index.encoder.encode(texts, query=True).reshape(len(kept), 4, -1)

    def clusters(self, count: int) -> tuple[Topic, ...]:
        """So many derived topics."""
        return self._derived(count)

    def _derived(self, count: int | None) -> tuple[Topic, ...]:
        def derive() -> tuple[Topic, ...]:
            return derived_topics(self.transcript, self.index.sentence_vectors, count)

        return kept(self.store, self.transcript.sha256, self.index.encoder.name, count, derive)

    def said_on(self, topic: Topic, most: int) -> dict[str, list[str]]:
        """Guest's id → ids of the sentences that stand best for what they said on a topic, in the order of the cast."""
        told = {speaker.id: self.passages(speaker, topic, most) for speaker in self.guests}
        return {speaker: ids for speaker, ids in told.items() if ids}

    @cached_property
    def replies(self) -> list[Reply]:
        """Where somebody says that they agree or object, in order of speech."""
        return replies(self.transcript)

    def around(self, reply: Reply) -> list[str]:
        """Ids of the sentences of a reply's turn and of the turn that it replies to."""
        turns = {self.transcript.sentence(i).turn_id for i in (*reply.ids, *reply.to_ids)}
        return [s.id for turn in turns for s in self.transcript.sentences_of(turn)]

    def topic_of(self, hits: Sequence[Hit]) -> tuple[Topic, float] | None:
        """The noted topic that most of what was found is filed under, and its share; None without notes or finds."""
        weights: dict[str, float] = defaultdict(float)
        for hit in hits[:_READ]:
            filed = self.notes.note(hit.id).topics
            for topic in filed:
                weights[topic] += hit.score / len(filed)
        total = sum(hit.score for hit in hits[:_READ])
        if not weights or not total:
            return None
        best = max(weights, key=lambda t: weights[t])
        return next(t for t in self.topics if t.id == best), weights[best] / total

    def stances(self, topic: str, speakers: Iterable[Speaker] = ()) -> list[Stance]:
        """Where these speakers (all guests when none is given) stand on a noted topic, in order of the cast."""
        found = [self.notes.stance(speaker.name, topic) for speaker in speakers or self.guests]
        return [stance for stance in found if stance is not None and not self.relayed(stance)]

    def relayed(self, stance: Stance) -> bool:
        """Whether all that a stance rests on is relayed: then it is somebody else's."""
        return bool(stance.sentences) and all(self.notes.note(i).mode == "relays" for i in stance.sentences)

    def stances_of(self, speaker: Speaker) -> list[Stance]:
        """Where somebody stands, in the order in which the topics come up."""
        found = [self.notes.stance(speaker.name, topic.id) for topic in self.topics]
        return [stance for stance in found if stance is not None]

    def silent(self, topic: Topic, speakers: Iterable[Speaker] = (), found: Sequence[Hit] = ()) -> list[Speaker]:
        """Who takes no side on a noted topic, has no sentence filed under it, and was not asked about it.

        Args:
            found: what was found for the question, best first; whoever is among the best is not silent either.
        """
        near = [*topic.sentences, *(hit.id for hit in self.near(found))]
        spoke = {self.transcript.speaker_of(self.transcript.sentence(i).turn_id).id for i in near}
        asked = {self.transcript.sentence(i).turn_id for i in topic.sentences if self._asks(i)}
        following = [self.transcript.next_turn(turn) for turn in asked]
        spoke |= {turn.speaker_id for turn in following if turn is not None}
        return [
            speaker
            for speaker in speakers or self.guests
            if speaker.id not in spoke and self.notes.stance(speaker.name, topic.id) is None
        ]

    def near(self, found: Sequence[Hit]) -> list[Hit]:
        """Of what was found, best first, what weighs enough that its speaker cannot be called silent."""
        least = _TRACE if self.noted else _TRACE_UNNOTED
        return [hit for hit in found[:_NEAR] if hit.score >= least * found[0].score]

    def _asks(self, sentence_id: str) -> bool:
        asked = self.transcript.sentence(sentence_id).text.endswith(("?", "？"))
        return asked or self.notes.note(sentence_id).mode == "asks"

    def standing_for(self, ids: Sequence[str], most: int) -> list[str]:
        """The sentences that stand best for all of these, in order of speech."""
        rows = [self.transcript.position(i) for i in ids]
        chosen = representative(rows, self.index.sentence_vectors, self.transcript, most)
        return [self.transcript.sentences[at].id for at in sorted(chosen)]

    def saying(self, ids: Sequence[str], text: str, most: int) -> list[str]:
        """The sentences among these that come nearest to some words of ours, in order of speech."""
        rows = self.index.encoder.encode(
            [text, *(self.notes.note(i).gloss or self.transcript.sentence(i).text for i in ids)]
        )
        order = np.argsort(-(rows[1:] @ rows[0]), kind="stable")[:most]
        return sorted((ids[at] for at in order), key=self.transcript.position)

    def passages(self, speaker: Speaker | None, topic: Topic | None, most: int) -> list[str]:
        """Ids of the sentences that stand best for what somebody said on a topic, in order of speech."""
        filed = None if topic is None else set(topic.sentences)
        ids = [
            sentence.id
            for sentence in self.transcript.sentences
            if (filed is None or sentence.id in filed)
            and (speaker is None or self.transcript.turn(sentence.turn_id).speaker_id == speaker.id)
            and not sentence.text.endswith(("?", "？"))
        ]
        return self.standing_for(ids, most)
